"""Takes the column of old values beside the new ones out of a table: "Present limit", "Proposed limit"; 现行, 拟定."""

from __future__ import annotations

from bisect import bisect_left

from spacy.tokens import Doc

from limen.nlp.components.previous import restated, same_kind
from limen.nlp.former_words import former_words
from limen.nlp.mention import Mention
from limen.nlp.old_columns import OldColumns
from limen.nlp.table_context import Cell, TableContext


class FormerColumns:
    """Sets `previous` of the new values and drops the mentions of the old ones; an old value that stays is kept."""

    def __init__(self, code: str) -> None:
        self._words, self._columns = former_words(code), OldColumns(code)

    def __call__(self, doc: Doc) -> Doc:
        """Read the tables of one text."""
        mentions: list[Mention] = doc._.mentions
        dropped: set[int] = set()
        for table in doc._.structure.tables:
            context = TableContext(doc._.structure, table)
            if not context.is_readable:
                continue
            for column, news in self._columns.of(context).items():
                for row in context.rows:
                    dropped.update(map(id, self._settle(row, column, news, mentions)))
        doc._.mentions = [mention for mention in mentions if id(mention) not in dropped]
        return doc

    def _settle(self, row: list[Cell], column: int, news: tuple[int, ...], mentions: list[Mention]) -> list[Mention]:
        """Give a row's new values their old one, and return the mentions that are out of force."""
        if column >= len(row):
            return []
        cells = [row[new] for new in news if new < len(row)]
        if not cells or all(self._words.unchanged.search(cell.text) for cell in cells):
            return []
        old = _within(mentions, row[column])
        for cell in cells:
            new = _within(mentions, cell)
            if len(old) == len(new) == 1 and _fits(new[0], old[0]):
                new[0].previous = restated(new[0], old[0])
        return old


def _within(mentions: list[Mention], cell: Cell) -> list[Mention]:
    low, high = (bisect_left(mentions, place, key=_start_of) for place in (cell.start, max(cell.end, cell.start + 1)))
    return mentions[low:high]


def _start_of(mention: Mention) -> int:
    return mention.start


def _fits(new: Mention, old: Mention) -> bool:
    return (
        new.unit is not None
        and old.value_max is None
        and new.previous is None
        and (old.unit is None or same_kind(new.unit, old.unit))
    )
