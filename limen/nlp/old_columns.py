"""Tells the columns of a table that hold old values from those that hold the new ones."""

from __future__ import annotations

import re
from collections.abc import Mapping

from limen.nlp.former_words import former_words
from limen.nlp.table_context import TableContext

_WORD = re.compile(r"\w+")


class OldColumns:
    """Finds the columns of old values by the heads of a table."""

    def __init__(self, code: str) -> None:
        self._words = former_words(code)

    def of(self, table: TableContext) -> Mapping[int, tuple[int, ...]]:
        """Return the columns of new values for each column of old ones; a column without any is not listed.

        New columns are those whose heads say so; else the first of several dates; else those whose heads repeat what the
        old head measures ("TWA", "Former TWA"); else the only other column of figures.
        """
        if not table.head_rows:
            return {}
        columns = range(1, max(len(row) for row in table.head_rows))
        heads = {column: table.head(column).strip(" *_") for column in columns}
        old = {column for column in columns if self._words.old_column.search(heads[column])}
        is_present = not old
        if is_present:
            old = {column for column in columns if self._words.present_column.search(heads[column])}
        others = [column for column in columns if column not in old]
        figures = [column for column in others if column not in table.label_columns]
        stated = tuple(column for column in others if self._words.new_column.search(heads[column]))
        stated = stated or tuple(column for column in figures if self._words.phase.search(heads[column]))[:1]
        found = {}
        for column in old:
            new = stated or (() if is_present else self._twins(heads, column, figures))
            if new or len(figures) == 1:
                found[column] = new or tuple(figures)
        return found

    def _twins(self, heads: Mapping[int, str], old: int, others: list[int]) -> tuple[int, ...]:
        words = set(_WORD.findall(self._words.old_word.sub("", heads[old]).lower()))
        return tuple(column for column in others if words and words <= set(_WORD.findall(heads[column].lower())))
