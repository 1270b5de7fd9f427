"""All stretches of words around a number that could name its metric or its subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from limen.nlp.linking.context import Segment, group_of
from limen.nlp.linking.words import Word

LONGEST = 14
"""In words."""

Indexes = NDArray[np.intp]


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
    def of(cls, segments: Sequence[Segment]) -> Spans:
        """Return all stretches of up to `LONGEST` words that begin and end in a word and stay in their segment."""
        words: list[Word] = []
        segment_of: list[int] = []
        bounds: list[tuple[int, int, int, int]] = []
        edges: dict[str, int] = {}
        lengths: dict[str, int] = {}
        for number, segment in enumerate(segments):
            base, count = len(words), len(segment.words)
            words.extend(segment.words)
            segment_of.extend([number] * count)
            ends = [k for k in range(count) if segment.words[k].ends]
            before = ["^", *(word.kind for word in segment.words)]
            after = [*(word.kind for word in segment.words[1:]), "$"]
            group = group_of(segment.place)
            known: dict[tuple[str, str], int] = {}
            reach = 0
            by_length = [
                lengths.setdefault(f"length:{segment.place}|{length}", len(lengths)) for length in range(1, LONGEST + 1)
            ]
            for i in range(count):
                while reach < len(ends) and ends[reach] < i:
                    reach += 1
                if not segment.words[i].begins:
                    continue
                for j in ends[reach : reach + LONGEST]:
                    if j - i >= LONGEST:
                        break
                    edge = known.get((before[i], after[j]))
                    if edge is None:
                        name = f"edges:{group}|{before[i]}|{after[j]}"
                        edge = known[before[i], after[j]] = edges.setdefault(name, len(edges))
                    bounds.append((base + i, base + j, by_length[j - i], edge))
        columns = np.array(bounds, dtype=np.intp).reshape(-1, 4)
        return cls(
            segments=tuple(segments),
            words=tuple(words),
            segment_of=tuple(segment_of),
            first=columns[:, 0],
            last=columns[:, 1],
            lengths=tuple(lengths),
            length_of=columns[:, 2],
            edges=tuple(edges),
            edge_of=columns[:, 3],
        )

    def __len__(self) -> int:
        return len(self.first)

    def text(self, first: int, last: int) -> str:
        """Return the letters from one word to another of the same segment."""
        return self.segments[self.segment_of[first]].text[self.words[first].start : self.words[last].end]

    def place(self, word: int) -> str:
        """Return the place of the segment in which a word stands."""
        return self.segments[self.segment_of[word]].place
