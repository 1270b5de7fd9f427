"""With what a match can begin is read off its expression."""

from __future__ import annotations

import re

import pytest

from limen.nlp.beginnings import LINE, TEXT, beginnings, required_sign


@pytest.mark.parametrize(
    ("pattern", "piece", "offsets"),
    [
        (r"\bat (?:the )?most\b", "at", (0,)),
        (r"\bat (?:the )?most\b", "attic", ()),
        (r"\blimit(?:s|ed)?\b", "limited", (0,)),
        (r"\blimit(?:s|ed)?\b", "limiting", ()),
        (r"\bpromulgat", "promulgated", (0,)),
        (r"\b(?:more|less) than\b", "less", (0,)),
        (r">=|≥", "≥", (0,)),
        (r"\d+ ?mm", "125", (0, 1, 2)),
        (r"(?<!\d)\d+ ?mm", "125", (0,)),
        (r"South Africa", "NorthSouth", (5,)),
        (r"Tasmania", "notTasmanian", (3,)),
        (r"(?<=\bR)\d", "640", (0,)),
        (r"(?<![\w-])weekly", "biweekly", ()),
        (r"\bGB5\d", "GB", (0,)),
        (r"\b[Rr]ef", "reference", (0,)),
        (r"第[一二三]条", "第", (0,)),
        (r"(?m)^# ", LINE, (0,)),
        (r"\A#", TEXT, (0,)),
        (r"(?:\bno )?\bmore\b", "more", (0,)),
        (r"(?i:\bMIN)", "minimum", (0,)),
    ],
)
def test_a_match_begins_in_a_piece(pattern: str, piece: str, offsets: tuple[int, ...]) -> None:
    begins = beginnings(re.compile(pattern))
    assert begins is not None
    assert begins.offsets(piece) == offsets


@pytest.mark.parametrize("pattern", [r"", r"\w+ed\b", r" and", r"[^a]", r".x", r"(a)?(?(1)b|c)", r"é", r"\Bx", r"a*"])
def test_some_can_begin_with_anything(pattern: str) -> None:
    assert beginnings(re.compile(pattern, re.IGNORECASE)) is None


def test_case_is_folded_only_where_the_expression_folds_it() -> None:
    exact, folded = beginnings(re.compile(r"\bMay\b")), beginnings(re.compile(r"\bMay\b", re.IGNORECASE))
    assert exact is not None
    assert folded is not None
    assert (exact.offsets("may"), folded.offsets("MAY")) == ((), (0,))


@pytest.mark.parametrize(("pattern", "sign"), [(r"\w+@\w+", "@"), (r"\w+(?:@\w+)?", None), (r"\w+@|\w+#", None)])
def test_a_sign_that_every_match_holds(pattern: str, sign: str | None) -> None:
    assert required_sign(re.compile(pattern)) == sign
