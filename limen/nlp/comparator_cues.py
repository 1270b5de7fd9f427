"""Finding the words and signs that give a number its operator."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from limen.domain.threshold import Comparator
from limen.nlp.folding import BOLD
from limen.nlp.language_data import load_grammar
from limen.nlp.occurrences import Expressions

_NEAR = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A comparator as written at [start, end). `gap` is how many characters may follow before its number.

    `weak` marks nouns (limit, 上限) that colour a number from some distance; a comparator beside the number wins.
    """

    start: int
    end: int
    op: Comparator
    gap: int = 0
    weak: bool = False
    time_only: bool = False
    sign: bool = False


class CueFinder:
    """Finds the comparators of a folded text, negation taken into account."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "comparators")
        self._before: list[dict[str, Any]] = grammar["before"]
        self._sought = Expressions(re.compile(entry["pattern"], re.IGNORECASE) for entry in self._before)
        self._after = [(re.compile(entry["pattern"], re.IGNORECASE), entry) for entry in grammar["after"]]
        self._negation = re.compile(grammar["negation"], re.IGNORECASE)
        self._negation_near = re.compile(grammar["negation_near"], re.IGNORECASE)
        self._verbal = re.compile(grammar["verbal_negation"], re.IGNORECASE)
        self._next_verb = re.compile(grammar["next_verb"], re.IGNORECASE)
        self._barrier = re.compile(grammar["barrier"], re.IGNORECASE)
        self._reach: int = grammar["negation_reach"]
        self._smaller_is_better = re.compile(grammar["smaller_is_better"], re.IGNORECASE)
        self._filler = re.compile(grammar["filler"], re.IGNORECASE)

    def before(self, text: str) -> list[Cue]:
        """Return all cues that stand before their number, ordered by their end."""
        found = self._sought.over(text)
        cues = [
            self._cue(text, match.start(), match.end(), entry)
            for number, entry in enumerate(self._before)
            for match in found.every(number)
        ]
        return sorted(cues, key=lambda cue: (cue.end, not cue.weak, -cue.start))

    def after(self, text: str, position: int, sentence_start: int) -> Cue | None:
        """Return the cue that begins at `position`, right behind a quantity, or None."""
        behind = position + len(BOLD) if text.startswith(BOLD, position) else position
        for pattern, entry in self._after:
            match = pattern.match(text, behind)
            if match is None or match.end() == behind:
                continue
            if entry["op"] == "better":
                smaller = self._smaller_is_better.search(text, sentence_start, position)
                op = Comparator.AT_MOST if smaller else Comparator.AT_LEAST
            else:
                op = Comparator(entry["op"])
            return Cue(start=position, end=match.end(), op=op, time_only=entry.get("unit") == "time")
        return None

    def is_filler(self, between: str) -> bool:
        """Tell whether nothing but articles and the like stands between a cue and its number."""
        return self._filler.fullmatch(between) is not None

    def _cue(self, text: str, start: int, end: int, entry: dict[str, Any]) -> Cue:
        negation_start = None
        if "compare" in entry:
            negation_start = self._negated(text, start)
            up = entry["compare"] == "up"
            if negation_start is None:
                op = Comparator.MORE_THAN if up else Comparator.LESS_THAN
            else:
                op = Comparator.AT_MOST if up else Comparator.AT_LEAST
        else:
            op = Comparator(entry["op"])
        return Cue(
            start=start if negation_start is None else negation_start,
            end=end,
            op=op,
            gap=entry.get("gap", 0),
            weak=entry.get("weak", False),
            sign=not any(letter.isalpha() for letter in text[start:end]),
            time_only=entry.get("unit") == "time",
        )

    def _negated(self, text: str, start: int) -> int | None:
        """Return where the negation of a comparison begins, or None where it is affirmed."""
        near_from = max(0, start - _NEAR)
        near = self._negation_near.search(text[near_from:start])
        if near is not None:
            return near_from + near.start()
        low = max(0, start - self._reach, text.rfind("\n", 0, start) + 1)
        for barrier in self._barrier.finditer(text, low, start):
            low = barrier.end()
        found = None
        for negation in self._negation.finditer(text, low, start):
            # "not yet mined must stay under": a verb's negation ends where the next verb begins, "no pit may" goes on.
            if self._verbal.fullmatch(negation.group()) and self._next_verb.search(text, negation.end(), start):
                continue
            found = negation.start()
        return found


@cache
def cue_finder(code: str) -> CueFinder:
    """Return the finder of a language, compiled once."""
    return CueFinder(code)
