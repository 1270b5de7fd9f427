"""How the sentence around a changed requirement was rewritten, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from limen.domain.change import Change, DocumentSide
from limen.domain.clause import clause_around
from limen.domain.requirement import Requirement

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_\u3400-\ufaff]+|\s+|.", re.DOTALL)
"""A number, a word, white space, or a single character: each Chinese one, and each mark."""
_ISLAND = re.compile(r"[\s,，、;；]*")


class Mark(StrEnum):
    """What happened to a stretch of words."""

    KEPT = "kept"
    DELETED = "deleted"
    INSERTED = "inserted"


_SIGNS = {Mark.KEPT: ("", ""), Mark.DELETED: ("[-", "-]"), Mark.INSERTED: ("{+", "+}")}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of words with one mark."""

    mark: Mark
    text: str


@lru_cache(maxsize=1000)  # each subscriber is told of the same changes
def redline(old: str, new: str) -> tuple[Run, ...]:
    """Return how `old` became `new`: what was kept and deleted makes `old`, what was kept and inserted makes `new`.

    Neighbouring runs differ in their mark, what was deleted comes before what was put in its place, and white space or a
    comma alone is not kept between two rewritten words.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces: list[tuple[Mark, str]] = []
    deleted = inserted = ""
    for tag, start, end, other_start, other_end in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        gone, come = "".join(before[start:end]), "".join(after[other_start:other_end])
        is_island = bool(deleted or inserted) and _ISLAND.fullmatch(gone) is not None
        if tag != "equal" or is_island:
            deleted, inserted = deleted + gone, inserted + come
            continue
        pieces += [(Mark.DELETED, deleted), (Mark.INSERTED, inserted), (Mark.KEPT, gone)]
        deleted = inserted = ""
    pieces += [(Mark.DELETED, deleted), (Mark.INSERTED, inserted)]
    return tuple(Run(mark, text) for mark, text in pieces if text)


def redline_of(change: Change, *, old_text: str, new_text: str) -> tuple[Run, ...]:
    """Return the redline of the sentences, list items or table rows that hold the two sides of a change.

    All is inserted where the requirement was added, all deleted where it was removed.

    Raises:
        EvidenceMismatch: a text is not the one that its side was read from.
    """
    return redline(_clause(change.old, old_text), _clause(change.new, new_text))


def redline_between(change: Change, old: DocumentSide, new: DocumentSide) -> tuple[Run, ...] | None:
    """Return the redline of a change between two documents; None where a text is not at hand."""
    if old.text is None or new.text is None:
        return None
    return redline_of(change, old_text=old.text, new_text=new.text)


def redline_record(runs: Iterable[Run]) -> list[dict[str, str]]:
    """Return the runs as they are published: `[{"mark": "kept" | "deleted" | "inserted", "text"}]`."""
    return [{"mark": run.mark.value, "text": run.text} for run in runs]


def redline_text(runs: Iterable[Run]) -> str:
    """Return the runs as plain text: what was deleted in [-...-], what was inserted in {+...+}."""
    return "".join(run.text.join(_SIGNS[run.mark]) for run in runs)


def _clause(requirement: Requirement | None, text: str) -> str:
    return "" if requirement is None else clause_around(text, requirement.evidence)
