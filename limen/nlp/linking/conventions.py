"""Metrics that are seldom named but told by a word nearby: "pay", "within 30 days of the report"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from limen.nlp.language_data import load_grammar
from limen.nlp.occurrences import Expressions
from limen.nlp.structure import Structure

_REACH = 300


@dataclass(frozen=True, slots=True)
class Convention:
    """A metric, and whether a word that tells it stands in the number's own sentence or only around it."""

    metric: str
    in_sentence: bool


class Conventions:
    """The conventions of a language."""

    def __init__(self, code: str) -> None:
        entries = load_grammar(code, "chunks")["convention"]
        self.metrics: tuple[str, ...] = tuple(entry["metric"] for entry in entries)
        self.sought = Expressions(re.compile(entry["near"], re.IGNORECASE) for entry in entries)


class ConventionsOfText:
    """The conventions that hold in one text. What holds for a stretch is found once: numbers share headings and sentences."""

    def __init__(self, conventions: Conventions, structure: Structure, title: str) -> None:
        self._metrics, self._structure = conventions.metrics, structure
        self._found = conventions.sought.over(structure.text)
        self._in_title = frozenset(conventions.sought.over(title).all())
        self._known: dict[tuple[int, int], frozenset[int]] = {}

    def at(self, position: int) -> tuple[Convention, ...]:
        """Return the conventions for a number, in the order of the grammar."""
        in_sentence, around = self._in_sentence(position), self._around(position)
        return tuple(
            Convention(metric, number in in_sentence)
            for number, metric in enumerate(self._metrics)
            if number in in_sentence or number in around
        )

    def _in_sentence(self, position: int) -> frozenset[int]:
        """Look in the number's sentence, or the near part of a very long one."""
        sentence = self._structure.sentence_at(position)
        if sentence is None:
            return frozenset()
        start, end = sentence.span
        return self._within(max(start, position - 2 * _REACH), min(end, position + 2 * _REACH))

    def _around(self, position: int) -> frozenset[int]:
        """Look in the near part of the block, the end of its lead-in, its headings and the title."""
        structure = self._structure
        index = structure.block_index(position)
        if index is None:
            return self._in_title
        block = structure.blocks[index]
        stretches = [(max(block.start, position - _REACH), min(block.end, position + _REACH))]
        for heading in block.headings:
            start, end = structure.blocks[heading].body
            stretches.append((start, min(end, start + _REACH)))
        if block.lead_in is not None:
            start, end = structure.blocks[block.lead_in].body
            stretches.append((max(start, end - _REACH), end))
        return self._in_title.union(*(self._within(start, end) for start, end in stretches))

    def _within(self, start: int, end: int) -> frozenset[int]:
        known = self._known.get((start, end))
        if known is None:
            known = self._known[start, end] = frozenset(self._found.within(start, end))
        return known
