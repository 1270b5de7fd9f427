"""Ties a requirement to the date from which it holds or until which it must be met."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention
from limen.nlp.segments import Segments

_AFTER = 40
_YEAR = re.compile(r"20[1-9]\d")
_LONGEST, _BEHIND = 120, 16
"""Code points of a phrase before its year, and behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatePhrase:
    """A date with the word that ties it ("by the end of 2027") at [start, end), as `Requirement.by` writes it."""

    start: int
    end: int
    by: str


class DeadlinesBy:
    """Sets `by` of each requirement that has a date in its own sentence."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "by")
        self._months: dict[str, int] = load_grammar(code, "dates").get("months", {})
        names = "|".join(sorted(self._months, key=len, reverse=True))
        flags = re.IGNORECASE
        self._phrase = re.compile(grammar["phrase"].replace("{months}", names or "(?!)"), flags)
        self._blocked = re.compile(grammar["blocked"], flags)
        self._blocked_before = re.compile(grammar["blocked_before"] + r"$", flags)
        self._after_gap = re.compile(grammar["after_gap"], flags)

    def __call__(self, doc: Doc) -> Doc:
        """Tie the dates of one text."""
        text: str = doc._.folded
        segments: Segments = doc._.segments
        mentions: list[Mention] = doc._.mentions
        phrases = self._phrases(text) if any(mention.is_requirement for mention in mentions) else []
        for index, mention in enumerate(mentions):
            if not mention.is_requirement or mention.in_table:
                continue
            start, end = segments.sentence(mention.start)
            limit = mentions[index + 1].start if index + 1 < len(mentions) else end
            mention.by = self._nearest(text, phrases, mention, (start, min(end, max(limit, mention.end))))
        return doc

    def _phrases(self, text: str) -> list[DatePhrase]:
        found = []
        for match in self._dated(text):
            before = text[max(0, match.start() - 24) : match.start()]
            if self._blocked_before.search(before) or self._blocked.match(text, match.end()):
                continue
            by = self._iso(match)
            if by is not None:
                found.append(DatePhrase(start=match.start(), end=match.end(), by=by))
        return found

    def _dated(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the phrases of a text: each holds a year, around which alone they are looked for."""
        low = high = 0
        for year in _YEAR.finditer(text):
            if year.start() - _LONGEST > high:
                yield from self._phrase.finditer(text, low, high)
                low = year.start() - _LONGEST
            high = min(len(text), year.end() + _BEHIND)
        yield from self._phrase.finditer(text, low, high)

    def _iso(self, match: re.Match[str]) -> str | None:
        parts = match.groupdict()
        year = parts["year"]
        if parts.get("span") is not None:
            return f"{year}-{parts['span']}"
        if parts.get("year_end") is not None:
            return f"{year}-12-31"
        month = parts.get("month") or parts.get("month_first")
        if month is None:
            return year
        number = self._months[month.lower()] if month.lower() in self._months else int(month)
        if not 1 <= number <= 12:
            return None
        day = parts.get("day") or parts.get("day_after")
        if day is None:
            last = calendar.monthrange(int(year), number)[1]
            return f"{year}-{number:02}-{last}" if parts.get("month_end") else f"{year}-{number:02}"
        if not 1 <= int(day) <= calendar.monthrange(int(year), number)[1]:
            return None
        return f"{year}-{number:02}-{int(day):02}"

    def _nearest(self, text: str, phrases: list[DatePhrase], mention: Mention, span: tuple[int, int]) -> str | None:
        before: DatePhrase | None = None
        for phrase in phrases:
            if phrase.start >= span[1]:
                break
            if span[0] <= phrase.start and phrase.end <= mention.start:
                before = phrase
            elif phrase.start >= mention.end and phrase.start - mention.end <= _AFTER:
                if self._after_gap.fullmatch(text[mention.end : phrase.start]):
                    return phrase.by
                break
        return before.by if before is not None else None
