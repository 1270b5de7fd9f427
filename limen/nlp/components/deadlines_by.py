"""Ties a requirement to the date from which it holds or until which it must be met."""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from limen.domain.threshold import Comparator
from limen.nlp.dimensions import is_fraction, is_time
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention
from limen.nlp.segments import Segments
from limen.nlp.structure import Span, Structure, Table

_YEAR = re.compile(r"20[1-9]\d")
_LONGEST, _BEHIND = 120, 16
"""Code points of a phrase before its year, and behind it."""
_AFTER = 40
_FAR_AFTER = 140
_NEXT = 16
_TIGHT = 12
_HEAD = 14
_MOST_PARTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class DatePhrase:
    """A date with the word that ties it ("by the end of 2027") at [start, end), as `Requirement.by` writes it."""

    start: int
    end: int
    by: str


@dataclass(frozen=True, slots=True)
class _Tie:
    """The date of a number, and the number's unit where the date stands behind it."""

    phrase: DatePhrase
    unit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _TableDates:
    """The date of each row of a table, by column the dates of a row above it, and the date that introduces the table."""

    rows: list[str | None]
    above: list[dict[int, str]]
    caption: str | None


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
        self._listed = re.compile(grammar["listed"], flags)
        self._goes_on = re.compile(grammar["goes_on"], flags)
        self._announced = re.compile(grammar["announced"], flags)
        self._shares = re.compile(grammar["shares"], flags)
        self._parted = re.compile(grammar["parted"], flags)
        self._given = re.compile(grammar["given"], flags)
        self._ended = re.compile(grammar["ended"], flags)
        self._met = re.compile(grammar["met"], flags)
        self._span = re.compile(grammar["span"], flags)
        self._procedure = re.compile(grammar["procedure"], flags)
        self._dated_column = re.compile(grammar["dated_column"], flags)
        self._dated_cell = re.compile(grammar["dated_cell"].replace("{months}", names or "(?!)"), flags)
        self._allotted = re.compile(grammar["allotted"], flags)

    def __call__(self, doc: Doc) -> Doc:
        """Tie the dates of one text."""
        text: str = doc._.folded
        mentions: list[Mention] = doc._.mentions
        if not any(mention.is_requirement for mention in mentions):
            return doc
        phrases = self._phrases(text, doc._.segments)
        allotted = self._of_title(doc._.folded_title)
        owned: _Tie | None = None
        known: dict[int, _TableDates] = {}
        for index, mention in enumerate(mentions):
            if not mention.is_requirement:
                continue
            if mention.in_table:
                mention.by = self._of_cell(doc._.structure, phrases, mention, known) or allotted
                continue
            start, end = doc._.segments.sentence(mention.start)
            following = [other for other in mentions[index + 1 : index + 2] if other.start < end]
            tie = self._nearest(text, phrases, mention, (start, end), following, owned)
            owned = tie if tie is not None and tie.unit is not None else owned
            mention.by = None if tie is None else tie.phrase.by
            mention.by = mention.by or self._of_sentence_head(text, doc._.segments, phrases, start)
            mention.by = mention.by or self._of_lead_in(doc._.structure, phrases, mention)
            is_share = is_fraction(mention.unit) and not self._shares.search(text, start, end)
            if mention.by is None and not is_share and self._allotted.search(text, start, end):
                mention.by = allotted
        self._share(doc)
        self._pair(doc, phrases)
        return doc

    def _of_title(self, title: str) -> str | None:
        """Return the year for which a title allots something: "Export quotas for 2027"."""
        if not self._allotted.search(title):
            return None
        years = {phrase.by for phrase in self._phrases(title, Segments.of(title))}
        return years.pop() if len(years) == 1 else None

    def _share(self, doc: Doc) -> None:
        """Give the numbers of an enumeration the date behind its last: "5 % of steel and 7 % of cement from 2029"."""
        text: str = doc._.folded
        later: Mention | None = None
        for mention in reversed(doc._.mentions):
            if not mention.is_requirement or mention.in_table:
                later = None
                continue
            joined = later is not None and self._listed.fullmatch(text[mention.end : later.start]) is not None
            if joined and later is not None and mention.by is None and mention.unit == later.unit:
                mention.by = later.by
            later = mention

    def _of_sentence_head(self, text: str, segments: Segments, phrases: list[DatePhrase], start: int) -> str | None:
        """Return the date of what a sentence or a part of one goes on from.

        That is the date at the head of the sentence of which this is a later part ("By 2030 A must ...; B must ..."), and
        the only one of the sentence before where this one takes a share of it ("Of this ...", 其中) or is announced by it.
        """
        for _ in range(_MOST_PARTS):
            if start == 0 or text[start - 1] == "\n":
                return None
            is_part = text[start - 1] in ";；"
            before, end = segments.sentence(start - 1)
            goes_on = self._goes_on.match(text, start) or self._announced.search(text, before, end)
            if not is_part and not goes_on:
                return None
            dates = _within(phrases, before, end)
            if dates:
                at_head = bool(goes_on) or dates[0].start - before <= _HEAD
                return dates[0].by if at_head and len({each.by for each in dates}) == 1 else None
            start = before
        return None

    def _of_lead_in(self, structure: Structure, phrases: list[DatePhrase], mention: Mention) -> str | None:
        """Return the only date of the block that introduces the list a number stands in, if it is one to be met."""
        index = structure.block_index(mention.start)
        if index is None:
            return None
        for item in (index, *structure.enclosing(index)):
            lead_in = structure.blocks[item].lead_in
            if lead_in is not None:
                return self._of_block(structure, phrases, structure.blocks[lead_in].body)
        return None

    def _of_block(self, structure: Structure, phrases: list[DatePhrase], body: Span) -> str | None:
        """Return the date to be met that the last sentence of a block has, or the only one of the block."""
        last = structure.sentence_at(max(body.start, body.end - 1))
        ending = body if last is None else Span(max(body.start, last.span.start), body.end)
        for span in (ending, body):
            if self._limiting.search(structure.text, *span) and not self._procedure.search(structure.text, *span):
                found = _only(phrases, span)
                if found is not None:
                    return found
        return None

    def _of_cell(
        self, structure: Structure, phrases: list[DatePhrase], mention: Mention, known: dict[int, _TableDates]
    ) -> str | None:
        """Return the date of a cell: of the nearest head over it, of its row's label or column of dates, of the row of
        dates above, or of what introduces its table."""
        cell = structure.block_at(mention.start)
        if cell is None or cell.table is None:
            return None
        own = _within(phrases, *cell.body)
        if own:
            return own[0].by if len(own) == 1 else None
        for head in reversed(structure.heads(cell)):
            found = self._of_date_cell(structure, head) or _only(phrases, structure.blocks[head].body)
            if found is not None:
                return found
        table = structure.tables[cell.table]
        row = cell.row - len(table.header)
        if not 0 <= row < len(table.rows) or cell.column == 0:
            return None
        if cell.table not in known:
            known[cell.table] = self._of_table(structure, phrases, table)
        dates = known[cell.table]
        return dates.rows[row] or dates.above[row].get(cell.column) or dates.caption

    def _of_table(self, structure: Structure, phrases: list[DatePhrase], table: Table) -> _TableDates:
        """Return the dates of a table's rows, those that a row of nothing but dates gives its columns, and its caption's."""
        above: list[dict[int, str]] = []
        current: dict[int, str] = {}
        for cells in table.rows:
            above.append(current)
            filled = [(place, index) for place, index in enumerate(cells) if place and structure.body(index).strip()]
            dates = {place: date for place, index in filled if (date := self._of_date_cell(structure, index))}
            if len(dates) == len(filled) > 1:
                current = dates
        bodies = (structure.blocks[caption].body for caption in table.captions)
        return _TableDates(
            rows=[self._of_row(structure, table, row) for row in range(len(table.rows))],
            above=above,
            caption=next((date for body in bodies if (date := self._of_block(structure, phrases, body))), None),
        )

    def _of_row(self, structure: Structure, table: Table, row: int) -> str | None:
        """Return the date that is the whole of a row's label, or that stands in its column of dates."""
        for place, index in enumerate(table.rows[row]):
            heads = [structure.body(head[place]) for head in table.header if place < len(head)]
            if place == 0 or any(self._dated_column.search(head) for head in heads):
                found = self._of_date_cell(structure, index)
                if found is not None:
                    return found
        return None

    def _of_date_cell(self, structure: Structure, index: int) -> str | None:
        """Return the date of a cell that holds nothing else; of a span of years its first."""
        match = self._dated_cell.fullmatch(structure.body(index).strip(" *_()（）"))
        return None if match is None else self._iso(match)

    def _pair(self, doc: Doc, phrases: list[DatePhrase]) -> None:
        """Give as many numbers as dates, the dates first, theirs in order: "by 2030 and 2035 6 and 15 %, respectively"."""
        for match in self._in_order.finditer(doc._.folded):
            start, end = doc._.segments.sentence(match.start())
            named = _within(phrases, start, end)
            rules = [mention for mention in doc._.mentions if mention.is_requirement and start <= mention.start < end]
            if len(named) == len(rules) > 1 and named[-1].end <= rules[0].start:
                for mention, phrase in zip(rules, named, strict=True):
                    mention.by = phrase.by

    def _phrases(self, text: str, segments: Segments) -> list[DatePhrase]:
        found: list[DatePhrase] = []
        for match in self._dated(text):
            before = text[max(0, match.start() - 24) : match.start()]
            is_blocked = self._blocked_before.search(before) and not self._released.match(text, match.end())
            if is_blocked or self._blocked.match(text, match.end()) or self._is_end(text, match):
                continue
            by = self._iso(match)
            if by is None or (found and self._closes_span(text, segments, found[-1], match)):
                continue
            found.append(DatePhrase(start=match.start(), end=match.end(), by=by))
        return found

    def _is_end(self, text: str, match: re.Match[str]) -> bool:
        """Tell whether a date is the last day of something rather than one to be met: "until the end of 2027"."""
        if self._given.match(text, match.end()):
            return False
        return self._ended.search(text[max(0, match.start() - 24) : match.start("year")]) is not None

    def _dated(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the phrases of a text: each holds a year, around which alone they are looked for."""
        low = high = 0
        for year in _YEAR.finditer(text):
            if year.start() - _LONGEST > high:
                yield from self._phrase.finditer(text, low, high)
                low = year.start() - _LONGEST
            high = min(len(text), year.end() + _BEHIND)
        yield from self._phrase.finditer(text, low, high)

    def _closes_span(self, text: str, segments: Segments, first: DatePhrase, match: re.Match[str]) -> bool:
        """Tell whether a date closes a span of years that another opens: "in 2026 and 2027", "2025-2029"."""
        if self._span.fullmatch(text[first.end : match.start("year")]) is None:
            return False
        _, end = segments.sentence(match.start())
        return self._in_order.search(text, match.end(), end) is None

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

    def _nearest(
        self,
        text: str,
        phrases: list[DatePhrase],
        mention: Mention,
        span: tuple[int, int],
        following: list[Mention],
        owned: _Tie | None,
    ) -> _Tie | None:
        """Return the date right behind a number, else the last before it in its sentence, else one its clause ends on.

        `owned` is the date behind a number before this one, which holds for no number of another kind.
        """
        limit = following[0].start if following else span[1]
        dates = _within(phrases, *span)
        before = next((each for each in reversed(dates) if each.end <= mention.start), None)
        behind = next((each for each in dates if each.start >= mention.end), None)
        if behind is not None and behind.start < limit:
            gap = text[mention.end : behind.start]
            # "63 % by 2027 and by 2030 73 %": the second date is the next number's
            is_next = bool(following) and not self._parted.search(text, behind.end, limit)
            is_tight = limit - behind.end <= _NEXT and before is not None
            if not (is_next and is_tight) and len(gap) <= _AFTER and self._after_gap.fullmatch(gap):
                return _Tie(behind, mention.unit)
            if before is None and not is_next and len(gap) <= _FAR_AFTER and self._met.match(text, behind.start):
                return _Tie(behind, mention.unit)
        if before is None or (owned is not None and before is owned.phrase and mention.unit != owned.unit):
            return None
        # "from 2027 free of tax for seven years": how long something takes does not begin to hold
        is_term = is_time(mention.unit) and mention.op is not Comparator.AT_LEAST
        return None if is_term and before.end + _TIGHT < mention.start else _Tie(before, None)


def _within(phrases: list[DatePhrase], start: int, end: int) -> list[DatePhrase]:
    low, high = (bisect_left(phrases, place, key=lambda phrase: phrase.start) for place in (start, end))
    return phrases[low:high]


def _only(phrases: list[DatePhrase], span: Span) -> str | None:
    """Return the date of a span that holds exactly one."""
    dates = {phrase.by for phrase in _within(phrases, *span)}
    return dates.pop() if len(dates) == 1 else None
