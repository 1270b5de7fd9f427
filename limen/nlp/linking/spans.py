"""All stretches of words around a number that could name its metric or its subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from limen.nlp.linking.context import Segment, group_of
from limen.nlp.linking.words import Word

LONGEST = 14
"""In words."""

Indexes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class SegmentSpans:
    """The stretches of one segment; `length_of[i]` is the length of stretch i less one, the rest as in `Spans`."""

    segment: Segment
    first: Indexes
    last: Indexes
    length_of: Indexes
    edges: tuple[str, ...]
    edge_of: Indexes

    @classmethod
    def of(cls, segment: Segment) -> SegmentSpans:
        """Return all stretches of up to `LONGEST` words that begin and end in a word."""
        words, group = segment.words, group_of(segment.place)
        kinds = ["^", *(word.kind for word in words), "$"]
        begins = np.flatnonzero([word.begins for word in words])
        ends = np.flatnonzero([word.ends for word in words])
        length = ends[None, :] - begins[:, None]
        rows, columns = np.nonzero((length >= 0) & (length < LONGEST))
        first, last = begins[rows], ends[columns]
        numbers = {kind: number for number, kind in enumerate(dict.fromkeys(kinds))}
        names, kind_of = list(numbers), np.array([numbers[kind] for kind in kinds], dtype=np.intp)
        pair_of = kind_of[first] * len(names) + kind_of[last + 2]
        pairs = np.flatnonzero(np.bincount(pair_of))
        places = np.zeros(len(names) ** 2, dtype=np.intp)
        places[pairs] = np.arange(len(pairs))
        return cls(
            segment=segment,
            first=first,
            last=last,
            length_of=last - first,
            edges=tuple(
                f"edges:{group}|{names[before]}|{names[after]}"
                for before, after in (divmod(pair, len(names)) for pair in pairs.tolist())
            ),
            edge_of=places[pair_of],
        )


@dataclass(frozen=True, slots=True)
class Spans:
    """The stretches of one mention. Word k of `words` stands in segment `segment_of[k]`.

    Span i reaches from word `first[i]` to word `last[i]`, both within it; `length_of[i]` is the place of its length's
    feature in `lengths`, `edge_of[i]` that of the classes of the words around it in `edges`.
    """

    segments: tuple[Segment, ...]
    words: tuple[Word, ...]
    segment_of: tuple[int, ...]
    first: Indexes
    last: Indexes
    lengths: tuple[str, ...]
    length_of: Indexes
    edges: tuple[str, ...]
    edge_of: Indexes

    @classmethod
    def of(cls, parts: Sequence[SegmentSpans]) -> Spans:
        """Return the stretches of some segments together."""
        words: list[Word] = []
        segment_of: list[int] = []
        lengths: list[str] = []
        edges: list[str] = []
        columns: list[tuple[Indexes, Indexes, Indexes, Indexes]] = []
        for number, part in enumerate(parts):
            columns.append(
                (
                    part.first + len(words),
                    part.last + len(words),
                    part.length_of + len(lengths),
                    part.edge_of + len(edges),
                )
            )
            segment_of += [number] * len(part.segment.words)
            words += part.segment.words
            lengths += _lengths(part.segment.place)
            edges += part.edges
        nothing = np.zeros(0, dtype=np.intp)
        first, last, length_of, edge_of = (
            (np.concatenate(column) for column in zip(*columns, strict=True)) if columns else (nothing,) * 4
        )
        return cls(
            segments=tuple(part.segment for part in parts),
            words=tuple(words),
            segment_of=tuple(segment_of),
            first=first,
            last=last,
            lengths=tuple(lengths),
            length_of=length_of,
            edges=tuple(edges),
            edge_of=edge_of,
        )

    def __len__(self) -> int:
        return len(self.first)

    def text(self, first: int, last: int) -> str:
        """Return the letters from one word to another of the same segment."""
        return self.segments[self.segment_of[first]].text[self.words[first].start : self.words[last].end]

    def place(self, word: int) -> str:
        """Return the place of the segment in which a word stands."""
        return self.segments[self.segment_of[word]].place


@cache
def _lengths(place: str) -> tuple[str, ...]:
    return tuple(f"length:{place}|{length}" for length in range(1, LONGEST + 1))
