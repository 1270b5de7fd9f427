"""How a sentence was rewritten."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limen.domain.change import Change, ChangeKind, Direction
from limen.domain.redline import Mark, Run, redline, redline_of
from tests.unit.domain.making import within

KEPT, DELETED, INSERTED = Mark.KEPT, Mark.DELETED, Mark.INSERTED


@pytest.mark.parametrize(
    ("old", "new", "runs"),
    [
        (
            "cells of at least 160 Wh/kg",
            "cells of at least 165 Wh/kg",
            [(KEPT, "cells of at least "), (DELETED, "160"), (INSERTED, "165"), (KEPT, " Wh/kg")],
        ),
        (
            "研发费用不低于3%",
            "研发费用不得低于3.5%",
            [(KEPT, "研发费用不"), (INSERTED, "得"), (KEPT, "低于"), (DELETED, "3"), (INSERTED, "3.5"), (KEPT, "%")],
        ),
        ("may pay a fee", "shall bear costs", [(DELETED, "may pay a fee"), (INSERTED, "shall bear costs")]),
        ("", "new", [(INSERTED, "new")]),
        ("same", "same", [(KEPT, "same")]),
        ("", "", []),
    ],
)
def test_words_are_marked(old: str, new: str, runs: list[tuple[Mark, str]]) -> None:
    assert redline(old, new) == tuple(Run(*run) for run in runs)


@given(st.text(alphabet="ab 1,.限值\n"), st.text(alphabet="ab 1,.限值\n"))
def test_both_texts_can_be_read_off(old: str, new: str) -> None:
    runs = redline(old, new)
    assert "".join(run.text for run in runs if run.mark is not INSERTED) == old
    assert "".join(run.text for run in runs if run.mark is not DELETED) == new
    assert all(first.mark is not second.mark for first, second in pairwise(runs))


def test_a_change_shows_the_sentences_of_its_sides() -> None:
    old_text = "Scope. Cells store at least 160 Wh/kg. Annex."
    new_text = "Cells store at least 165 Wh/kg."
    change = Change(
        kind=ChangeKind.VALUE,
        direction=Direction.TIGHTENED,
        old=within(old_text, "at least 160 Wh/kg", ">= 160 Wh/kg", "energy density", "cells"),
        new=within(new_text, "at least 165 Wh/kg", ">= 165 Wh/kg", "energy density", "cells"),
    )
    assert redline_of(change, old_text=old_text, new_text=new_text) == (
        Run(KEPT, "Cells store at least "),
        Run(DELETED, "160"),
        Run(INSERTED, "165"),
        Run(KEPT, " Wh/kg"),
    )
