"""Annotated passages as examples for the linking: each number that is a requirement, with what its names should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from limen.domain.threshold import Comparator
from limen.nlp.linking.alternatives import FIELDS, Field
from limen.nlp.linking.case import Case
from limen.nlp.linking.linker import Linker, Text, TextReading
from limen.nlp.pipeline import build_pipeline, prepare
from tests.eval.corpus import AnnotatedPassage
from tests.eval.score import content, words_f1
from training.alignment import align
from training.network import CHANNELS

Floats = NDArray[np.float64]
Ids = NDArray[np.intp]


@dataclass(slots=True)
class Example:
    """A case with its annotation, how well each span fits it, and the rows of its words."""

    case: Case
    text: Text
    gold: dict[Field, Counter[str]]
    metric: str
    """The annotated name of the metric."""
    marks: Ids
    fits: dict[Field, Floats]
    ids: Ids = field(default_factory=lambda: np.zeros((0, len(CHANNELS)), dtype=np.intp))
    vectors: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    numbers: Ids = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    lengths: Ids = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    usual: Floats = field(default_factory=lambda: np.zeros(0))
    """How well each of the usual names fits the metric."""
    edges: Ids = field(default_factory=lambda: np.zeros(0, dtype=np.intp))


Passage = list[Example]


class ExampleReader:
    """Runs the rules over passages as far as the linking, and takes the numbers that are requirements as examples."""

    def __init__(self, code: str) -> None:
        self.linker = Linker(code)
        self._pipeline = build_pipeline(code, until="linking")

    def read(self, passages: Iterable[AnnotatedPassage]) -> list[Passage]:
        """Return the examples of each passage, in the order of the text."""
        return [self._passage(passage) for passage in passages]

    def _passage(self, passage: AnnotatedPassage) -> Passage:
        doc = prepare(self._pipeline, passage.text, title=passage.title)
        for _, component in self._pipeline.pipeline:
            doc = component(doc)
        text = Text(structure=doc._.structure, quoted=passage.text, title=doc._.folded_title)
        reading = TextReading(self.linker, text)
        found = []
        for index, number in align(passage, doc._.mentions).requirement_of.items():
            mention, wanted = doc._.mentions[index], passage.requirements[number]
            mention.op, mention.unit = Comparator(wanted["op"]), wanted["unit"]
            case = reading.case(mention)
            gold: dict[Field, Counter[str]] = {of: content(wanted[of]) for of in FIELDS}
            fits = {of: self._fits(case, of, gold[of]) for of in FIELDS}
            found.append(
                Example(
                    case=case,
                    text=text,
                    gold=gold,
                    metric=wanted["metric"].lower(),
                    marks=reading.marks(case),
                    fits=fits,
                )
            )
        return sorted(found, key=lambda example: example.case.mention.start)

    def _fits(self, case: Case, of: Field, gold: Counter[str]) -> Floats:
        spans = case.spans
        if not gold:
            return np.zeros(len(spans))
        names = (
            self.linker.span_text(case, of, int(first), int(last))
            for first, last in zip(spans.first, spans.last, strict=True)
        )
        return np.array([words_f1(gold, content(name)) for name in names], dtype=np.float64)
