"""Gives the numbers in tables the units and operators that their heads, row labels and captions state."""

from __future__ import annotations

import re
from bisect import bisect_left
from decimal import Decimal

from spacy.tokens import Doc

from limen.domain.threshold import Comparator
from limen.nlp.comparator_cues import cue_finder
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention
from limen.nlp.stated_unit import StatedUnit, stated_unit
from limen.nlp.tables import Cell, Table, read_tables

_LONGEST_HEAD = 300
_ONE = Decimal(1)


class Tables:
    """Sets `unit` and `op` of mentions in table cells, and marks each with `in_table`."""

    def __init__(self, code: str) -> None:
        self._code = code
        self._cues = cue_finder(code)
        grammar = load_grammar(code, "tables")
        self._skipped = re.compile(grammar["skipped_column"], re.IGNORECASE)
        self._measured = re.compile(grammar["measured_column"], re.IGNORECASE)
        self._plain = re.compile(grammar["dimensionless"], re.IGNORECASE)
        self._lower = re.compile(grammar["minimum"], re.IGNORECASE)
        self._upper = re.compile(grammar["maximum"], re.IGNORECASE)
        self._rate = re.compile(grammar["set_value"], re.IGNORECASE)

    def __call__(self, doc: Doc) -> Doc:
        """Read the tables of one text."""
        mentions: list[Mention] = doc._.mentions
        starts = [mention.start for mention in mentions]
        for table in read_tables(doc._.folded):
            for row in (table.header, *table.rows):
                for column, cell in enumerate(row):
                    low, high = bisect_left(starts, cell.start), bisect_left(starts, max(cell.end, cell.start + 1))
                    for mention in mentions[low:high]:
                        mention.label = row is table.header or (column == 0 and len(row) > 1)
                        self._settle(doc._.folded_title, table, row, column, cell, mention)
        return doc

    def _settle(
        self, title: str, table: Table, row: tuple[Cell, ...], column: int, cell: Cell, mention: Mention
    ) -> None:
        head = table.header[column].text if column < len(table.header) else ""
        mention.in_table = True
        if self._measured.search(head):
            mention.measured = True
            return
        own_unit = mention.unit is not None
        if not own_unit and (column == 0 or self._skipped.search(head) or not _is_figure(cell, mention)):
            return
        labels = [other.text for index, other in enumerate(row[:column]) if index != column]
        stated = None if own_unit else self._unit(title, table, head, labels, row)
        if stated is not None:
            _scale(mention, stated)
        if mention.op is None or mention.weak:
            op = self._op([head, *reversed(labels)]) or self._op([*table.captions, title])
            if op is not None:
                mention.op, mention.inherited, mention.weak = op, True, True
            if not own_unit and (op is None or mention.unit is None):
                mention.unit = mention.unit if op is not None else None

    def _unit(self, title: str, table: Table, head: str, labels: list[str], row: tuple[Cell, ...]) -> StatedUnit | None:
        nearby = " ".join((*labels, head))
        stated = stated_unit(self._code, head)
        if stated is None:
            others = [cell.text for cell in row if cell.text and not any(sign.isdigit() for sign in cell.text[:3])]
            for text in [*reversed(labels), *others]:
                stated = stated or stated_unit(self._code, text)
        if stated is None and self._plain.search(nearby):
            return StatedUnit(name="dimensionless", scale=_ONE)
        for text in (*table.captions, title):
            stated = stated or stated_unit(self._code, text)
        return stated

    def _op(self, texts: list[str]) -> Comparator | None:
        for text in texts:
            cues = [cue for cue in self._cues.before(text[:_LONGEST_HEAD]) if not cue.time_only and not cue.weak]
            # "≤5 t" in a head is a band that picks the column, no operator of its numbers.
            cues = [cue for cue in cues if not text[cue.end :].lstrip()[:1].isdigit()]
            if cues and cues[-1].op is not Comparator.EQUAL:
                return cues[-1].op
            if self._lower.search(text):
                return Comparator.AT_LEAST
            if self._upper.search(text):
                return Comparator.AT_MOST
            if self._rate.search(text):
                return Comparator.EQUAL
        return None


def _is_figure(cell: Cell, mention: Mention) -> bool:
    """Tell whether the number fills its cell, a sign, a footnote mark and brackets aside."""
    rest = cell.text[: mention.start - cell.start] + cell.text[mention.end - cell.start :]
    if (
        mention.op is not None
        and not mention.weak
        and mention.cue_start is not None
        and mention.cue_start >= cell.start
    ):
        return True
    return re.fullmatch(r"[\s<>=≤≥*†‡±+()（）]*(?:\[\w{1,2}\]|\(\w{1,2}\)|[ᵃᵇᶜ¹²³])?\s*", rest) is not None


def _scale(mention: Mention, stated: StatedUnit) -> None:
    mention.unit, mention.note = stated.name, stated.note
    mention.value *= stated.scale
    if mention.value_max is not None:
        mention.value_max *= stated.scale
