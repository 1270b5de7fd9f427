"""Ties a requirement to the date from which it holds or until which it must be met."""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention
from limen.nlp.segments import Segments
from limen.nlp.structure import Span, Structure

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
        self._released = re.compile(grammar.get("released", "(?!)"), flags)
        self._after_gap = re.compile(grammar["after_gap"], flags)
        self._limiting = re.compile(grammar["limiting"], flags)
        self._in_order = re.compile(grammar["in_order"], flags)

    def __call__(self, doc: Doc) -> Doc:
        """Tie the dates of one text."""
        text: str = doc._.folded
        segments: Segments = doc._.segments
        mentions: list[Mention] = doc._.mentions
        phrases = self._phrases(text) if any(mention.is_requirement for mention in mentions) else []
        for index, mention in enumerate(mentions):
            if not mention.is_requirement:
                continue
            if mention.in_table:
                mention.by = self._of_cell(doc._.structure, phrases, mention)
                continue
            start, end = segments.sentence(mention.start)
            limit = mentions[index + 1].start if index + 1 < len(mentions) else end
            mention.by = self._nearest(text, phrases, mention, (start, min(end, max(limit, mention.end))))
            mention.by = mention.by or self._of_lead_in(doc._.structure, phrases, mention)
        self._pair(doc, phrases)
        return doc

    def _of_lead_in(self, structure: Structure, phrases: list[DatePhrase], mention: Mention) -> str | None:
        """Return the only date of the block that introduces the list a number stands in, if it is one to be met."""
        block = structure.block_at(mention.start)
        if block is None or block.lead_in is None:
            return None
        lead_in = structure.blocks[block.lead_in].body
        return _only(phrases, lead_in) if self._limiting.search(structure.text, *lead_in) else None

    @staticmethod
    def _of_cell(structure: Structure, phrases: list[DatePhrase], mention: Mention) -> str | None:
        """Return the only date of the nearest head over a cell, or the date that is the whole of its row's label."""
        cell = structure.block_at(mention.start)
        if cell is None or cell.table is None:
            return None
        for head in reversed(structure.heads(cell)):
            found = _only(phrases, structure.blocks[head].body)
            if found is not None:
                return found
        table = structure.tables[cell.table]
        row = cell.row - len(table.header)
        if not 0 <= row < len(table.rows) or cell.column == 0:
            return None
        label = structure.blocks[table.rows[row][0]].body
        named = _within(phrases, *label)
        return named[0].by if named and (named[0].start, named[0].end) == label else None

    def _pair(self, doc: Doc, phrases: list[DatePhrase]) -> None:
        """Give as many numbers as dates, the dates first, theirs in order: "by 2030 and 2035 6 and 15 %, respectively"."""
        for match in self._in_order.finditer(doc._.folded):
            start, end = doc._.segments.sentence(match.start())
            named = _within(phrases, start, end)
            rules = [mention for mention in doc._.mentions if mention.is_requirement and start <= mention.start < end]
            if len(named) == len(rules) > 1 and named[-1].end <= rules[0].start:
                for mention, phrase in zip(rules, named, strict=True):
                    mention.by = phrase.by

    def _phrases(self, text: str) -> list[DatePhrase]:
        found = []
        for match in self._dated(text):
            before = text[max(0, match.start() - 24) : match.start()]
            is_blocked = self._blocked_before.search(before) and not self._released.match(text, match.end())
            if is_blocked or self._blocked.match(text, match.end()):
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
        month = parts.get("month") or parts.get("iso_month")
        if month is None:
            return year
        number = self._months[month.lower()] if month.lower() in self._months else int(month)
        if not 1 <= number <= 12:
            return None
        day = parts.get("day") or parts.get("day_after") or parts.get("iso_day")
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


def _within(phrases: list[DatePhrase], start: int, end: int) -> list[DatePhrase]:
    low, high = (bisect_left(phrases, place, key=lambda phrase: phrase.start) for place in (start, end))
    return phrases[low:high]


def _only(phrases: list[DatePhrase], span: Span) -> str | None:
    """Return the date of a span that holds exactly one."""
    dates = {phrase.by for phrase in _within(phrases, *span)}
    return dates.pop() if len(dates) == 1 else None
