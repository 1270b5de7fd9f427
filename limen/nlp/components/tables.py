"""Gives the numbers in tables the units and operators that their heads, row labels and captions state."""

from __future__ import annotations

import re
from bisect import bisect_left
from decimal import Decimal

from spacy.tokens import Doc

from limen.domain.threshold import Comparator
from limen.nlp.comparator_cues import cue_finder
from limen.nlp.language_data import load_grammar
from limen.nlp.measures import unit_reader
from limen.nlp.mention import Mention
from limen.nlp.old_columns import OldColumns
from limen.nlp.stated_unit import StatedUnit, stated_unit
from limen.nlp.table_context import Cell, TableContext

_ONE = Decimal(1)
_MARKS = re.compile(r"[\s<>=≤≥*†‡±~≈+()（）\[\]ᵃᵇᶜ¹²³\"']*(?:(?:min|max|ca)\.?)?[\s()（）*]*")
_UNIT_BEHIND = re.compile(r"(?:[ ,]*[(（\[][^()（）\[\]]{0,24}[)）\]]| ?[:：]|)?\s*$")
_DIGIT = re.compile(r"\d")
_FOOTNOTE = re.compile(r"[(（\[]?[a-z1-9*†‡][)）\]]?")


class Tables:
    """Sets `unit` and `op` of mentions in table cells, and marks each with `in_table`."""

    def __init__(self, code: str) -> None:
        self._code = code
        self._cues, self._units = cue_finder(code), unit_reader(code)
        self._old_columns = OldColumns(code)
        grammar = load_grammar(code, "tables")
        self._skipped = re.compile(grammar["skipped_column"], re.IGNORECASE)
        self._measured = re.compile(grammar["measured_column"], re.IGNORECASE)
        self._unit_column = re.compile(grammar["unit_column"], re.IGNORECASE)
        self._plain = re.compile(grammar["dimensionless"], re.IGNORECASE)
        self._counted = [(unit, re.compile(pattern, re.IGNORECASE)) for unit, pattern in grammar["counted"].items()]
        self._lower = re.compile(grammar["minimum"], re.IGNORECASE)
        self._upper = re.compile(grammar["maximum"], re.IGNORECASE)
        self._least = re.compile(grammar["least"], re.IGNORECASE)
        self._most = re.compile(grammar["most"], re.IGNORECASE)
        self._rate = re.compile(grammar["set_value"], re.IGNORECASE)
        self._values_below = re.compile(grammar["values_below"], re.IGNORECASE)

    def __call__(self, doc: Doc) -> Doc:
        """Read the tables of one text."""
        mentions: list[Mention] = doc._.mentions
        starts = [mention.start for mention in mentions]
        for table in doc._.structure.tables:
            context = TableContext(doc._.structure, table)
            if not context.is_readable:
                continue
            old = self._old_columns.of(context)
            columns: dict[int, list[Mention]] = {}
            for cells in (*context.head_rows, *context.rows):
                for cell in cells:
                    low, high = bisect_left(starts, cell.start), bisect_left(starts, max(cell.end, cell.start + 1))
                    for mention in mentions[low:high]:
                        mention.in_table = True
                        mention.label = cell.row < 0 or cell.column == 0
                    if cell.row >= 0 and low < high:
                        columns.setdefault(cell.column, []).extend(mentions[low:high])
                        self._settle(doc._.folded_title, context, cell, mentions[low:high], is_old=cell.column in old)
            for column in columns.values():
                _settle_noughts(column)
        return doc

    def _settle(self, title: str, table: TableContext, cell: Cell, mentions: list[Mention], *, is_old: bool) -> None:
        head = table.head(cell.column)
        if self._measured.search(head):
            for mention in mentions:
                mention.measured = True
            return
        is_figure = cell.column not in table.label_columns or (cell.column > 0 and self._is_figure(cell, mentions))
        skipped = not is_old and self._skipped.search(head) is not None
        labels = [head, *table.labels(cell.row, cell.column), table.section(cell.row)]
        for mention in mentions:
            own_unit = mention.unit is not None
            if not own_unit and (skipped or not is_figure or not self._is_figure(cell, mentions)):
                continue
            stated = None if own_unit else self._unit(title, table, cell, labels)
            if stated is not None:
                _scale(mention, stated)
            if mention.op is None or mention.weak:
                told = self._begun(labels) or self._extreme(labels) or self._announced(table)
                mention.labelled = told is not None
                op = told or self._op(labels) or self._op([*table.captions, title])
                if op is not None:
                    mention.op, mention.inherited, mention.weak = op, True, True

    def _unit(self, title: str, table: TableContext, cell: Cell, labels: list[str]) -> StatedUnit | None:
        """Return the unit of a bare figure: of its head, its row, what it counts, or the table's captions."""
        stated = self._unit_of_row(table, cell)
        for label in labels[1:]:
            stated = stated or stated_unit(self._code, label)
        # "pH" in a row is none of the "Limit, mg/L" over the column
        if stated is None and any(self._plain.search(label) for label in labels[1:]):
            return StatedUnit(name="dimensionless", scale=_ONE)
        stated = stated_unit(self._code, labels[0]) or stated
        if stated is not None:
            return stated
        if self._plain.search(labels[0]):
            return StatedUnit(name="dimensionless", scale=_ONE)
        for unit, pattern in self._counted:
            if any(pattern.search(label) for label in labels[:2]):
                return StatedUnit(name=unit, scale=_ONE)
        for text in (*table.captions, title):
            stated = stated or stated_unit(self._code, text)
        return stated

    def _unit_of_row(self, table: TableContext, cell: Cell) -> StatedUnit | None:
        """Return what the row's cell says in a column of units."""
        for other in table.rows[cell.row]:
            if other is not cell and other.text and self._unit_column.search(table.head(other.column)):
                text = other.text
                rate = self._units.divisor(f" {text}", 0)
                if rate is not None and (money := stated_unit(self._code, " ".join(table.captions))) is not None:
                    return StatedUnit(name=f"{money.name}/{rate[0]}", scale=money.scale)
                return stated_unit(self._code, f"({text})")
        return None

    def _begun(self, labels: list[str]) -> Comparator | None:
        """Return the comparator in which a label ends, so that the figure completes it: "More than", "by at least"."""
        for label in labels:
            said = _UNIT_BEHIND.sub("", label)
            if _DIGIT.search(said):
                continue  # "44 % and above" is whole
            for cue in self._cues.before(said):
                if cue.end == len(said) and not cue.weak and not cue.sign and cue.op is not Comparator.EQUAL:
                    return cue.op
        return None

    def _extreme(self, labels: list[str]) -> Comparator | None:
        """Return the bound that the nearest label with such a word gives its figures: minimum or maximum."""
        for label in labels:
            least, most = (_says(pattern, label) for pattern in (self._least, self._most))
            if least or most:
                return None if least and most else Comparator.AT_LEAST if least else Comparator.AT_MOST
        return None

    def _announced(self, table: TableContext) -> Comparator | None:
        """Return the bound that a line around the table gives its numbers in so many words: "shall be below the values below"."""
        for text in table.captions:
            for cue in self._cues.before(text):
                if cue.weak or cue.time_only or cue.op is Comparator.EQUAL:
                    continue
                if self._values_below.match(text, cue.end):
                    return cue.op
        return None

    def _op(self, texts: list[str]) -> Comparator | None:
        for text in texts:
            cues = [cue for cue in self._cues.before(text) if not cue.time_only and not cue.weak]
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

    @staticmethod
    def _is_figure(cell: Cell, mentions: list[Mention]) -> bool:
        """Tell whether numbers fill their cell, signs, footnote marks and brackets aside."""
        rest, position = "", cell.start
        for mention in mentions:
            start = mention.start
            if mention.cue_start is not None and cell.start <= mention.cue_start < start:
                start = mention.cue_start
            rest += cell.text[max(0, position - cell.start) : max(0, start - cell.start)] + " "
            position = max(mention.end, min(mention.cue_end or 0, cell.end))
        rest = (rest + cell.text[position - cell.start :]).strip()
        return _MARKS.fullmatch(rest) is not None or _FOOTNOTE.fullmatch(rest) is not None


def _says(pattern: re.Pattern[str], label: str) -> bool:
    """Tell whether a label says of its figures what `pattern` means, and not of a number of its own: 不超过50万吨."""
    return any(not label[match.end() :].lstrip()[:1].isdigit() for match in pattern.finditer(label))


def _settle_noughts(column: list[Mention]) -> None:
    """Give the noughts of a column the unit that all its other figures have."""
    units = {mention.unit for mention in column if mention.value != 0}
    if len(units) == 1:
        for mention in column:
            if mention.value == 0 and mention.unit is None and not mention.measured:
                mention.unit = units.copy().pop()


def _scale(mention: Mention, stated: StatedUnit) -> None:
    mention.unit, mention.note = stated.name, stated.note
    mention.value *= stated.scale
    if mention.value_max is not None:
        mention.value_max *= stated.scale
