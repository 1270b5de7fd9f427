"""How the sentence around a changed requirement was rewritten, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from limen.domain.change import Change
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


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of words with one mark."""

    mark: Mark
    text: str


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


def _clause(requirement: Requirement | None, text: str) -> str:
    return "" if requirement is None else clause_around(text, requirement.evidence)
