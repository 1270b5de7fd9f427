"""Links the mentions of a text to their metrics and subjects, in the order of the text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from limen.nlp.language_data import load_grammar
from limen.nlp.linking.alternatives import Alternative, Alternatives, Field
from limen.nlp.linking.case import Case, Name, dimension_of, place_in, text_around
from limen.nlp.linking.consensus import LIKELY, Candidate, agreed, content_words
from limen.nlp.linking.context import Contexts, Segment, is_label
from limen.nlp.linking.features import Trait, WordFeatures, own_features, shared_features
from limen.nlp.linking.known import known_metrics, unit_dimensions
from limen.nlp.linking.naming import Naming, clean
from limen.nlp.linking.ranker import NEVER, Ranker, WordScores
from limen.nlp.linking.relation import metric_features
from limen.nlp.linking.scope import Scopes
from limen.nlp.linking.spans import Spans
from limen.nlp.linking.words import word_reader
from limen.nlp.mention import Mention
from limen.nlp.structure import Structure

_NEAR = frozenset({"before", "after", "earlier1", "label1"})
ENOUGH: dict[Field, float] = {"metric": 0.6, "subject": 0.5}
"""The F1 of words from which on two names are taken for the same."""
_ROW_LABELS = frozenset({"row0", "row1", "row2", "row3"})
_LONGEST_LABEL = 10
"""Words of a label that is a name rather than a sentence."""
Known = list[tuple[int, int, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its structure and title. `quoted` is the text itself, the structure's may be its folded form."""

    structure: Structure
    quoted: str
    title: str


class Linker:
    """Chooses metric and subject for the mentions of a language."""

    def __init__(self, code: str, weights: Mapping[str, Mapping[str, float]]) -> None:
        self._reader, self._known = word_reader(code), known_metrics(code)
        self._alternatives, self._naming = Alternatives(code, self._known), Naming(code)
        self._joint: str = load_grammar(code, "chunks")["naming"]["joint"]
        self._scopes = Scopes(code, self._reader)
        self._rankers: dict[Field, Ranker] = {
            "metric": Ranker(weights["metric"]), "subject": Ranker(weights["subject"])
        }  # fmt: skip

    def link(self, text: Text, mentions: Iterable[Mention]) -> list[Case]:
        """Return a case for each mention, with metric and subject chosen. Mentions come in the order of the text."""
        reading = TextReading(self, text)
        history: list[Case] = []
        for mention in mentions:
            case, features = reading.case(mention)
            for field in ("metric", "subject"):
                self.choose(case, field, history, reading.scores(features, case, self._rankers[field], field))
            self.widen(case, text)
            self.complete(case)
            history.append(case)
        return history

    def choose(self, case: Case, field: Field, history: Sequence[Case], words: WordScores) -> None:
        """Set the best name for a field of a case."""
        ranker = self._rankers[field]
        alternatives = self._alternatives.of(case, history, field)
        scores = np.concatenate((ranker.spans(case.spans, words), ranker.alternatives(alternatives)))
        scores[self.ruled_out(case, field, alternatives)] = NEVER
        order = [int(number) for number in np.argsort(-scores, kind="stable")[:LIKELY] if scores[number] > NEVER]
        if not order:
            return
        names = [self.name(case, field, alternatives, number) for number in order]
        candidates = [
            Candidate(
                name.text, float(scores[number]), None if name.span is None else case.spans.segment_of[name.span[0]]
            )
            for name, number in zip(names, order, strict=True)
        ]
        chosen = [names[number] for number in agreed(candidates, enough=ENOUGH[field])]
        self.set(case, field, chosen[0] if len(chosen) == 1 else self._joined(*chosen))

    def word_scores(
        self, case: Case, own: Sequence[WordFeatures], shared: Sequence[WordFeatures], field: Field
    ) -> WordScores:
        """Return the scores of all words of a case from the features of its segments."""
        ranker = self._rankers[field]
        parts = [ranker.words(one) + ranker.words(other) for one, other in zip(own, shared, strict=True)]
        words = WordScores.joined(parts)
        return words if field == "metric" else words + ranker.words(metric_features(case))

    def widen(self, case: Case, text: Text) -> None:
        """Add to the subject of a case what introduces it."""
        case.subject.text = self._scopes.widened(case, text.structure, text.quoted) or case.subject.text

    def complete(self, case: Case) -> None:
        """Add the label of a table's row to a case whose names leave out all labels: all rows would say the same.

        It belongs to the metric where the lexicon knows it as one that the unit measures (a substance), else to the subject.
        """
        rows = [
            each
            for each in case.spans.segments
            if each.place in _ROW_LABELS and is_label(each.words) and len(each.words) <= _LONGEST_LABEL
        ]
        told = content_words(case.metric.text) | content_words(case.subject.text)
        labels = [clean(row.text[row.words[0].start : row.words[-1].end]) for row in rows]
        if not labels or any(told & content_words(label) for label in labels) or not content_words(labels[-1]):
            return
        measured = unit_dimensions(case.mention.unit)
        is_metric = any(each & measured for _, _, each in self.known_in(rows[-1]))
        name = case.metric if is_metric else case.subject
        name.text = f"{labels[-1]}{self._joint}{name.text}" if name.text else labels[-1]

    def alternatives(self, case: Case, history: Sequence[Case], field: Field) -> list[Alternative]:
        """Return the alternatives to the spans of a case, in the order in which they follow the spans."""
        return self._alternatives.of(case, history, field)

    def name(self, case: Case, field: Field, alternatives: Sequence[Alternative], number: int) -> Name:
        """Return candidate number `number` for a field of a case: spans first, alternatives after them."""
        count = len(case.spans)
        if number >= count:
            chosen = alternatives[number - count]
            return Name(chosen.text, chosen.origin)
        span = (int(case.spans.first[number]), int(case.spans.last[number]))
        return Name(self.span_text(case, field, *span), "span", span)

    def _joined(self, first: Name, second: Name) -> Name:
        """Return the union of two names as one, the one further from the number before the other."""
        assert first.span is not None
        assert second.span is not None
        inner, outer = sorted((first, second), key=lambda name: name.span or ())
        return Name(f"{outer.text}{self._joint}{inner.text}", "span", inner.span)

    @staticmethod
    def set(case: Case, field: Field, name: Name) -> None:
        """Give a field of a case its name."""
        if field == "metric":
            case.metric = name
        else:
            case.subject = name

    def span_text(self, case: Case, field: Field, first: int, last: int) -> str:
        """Return the name that a span gives a field."""
        stretch = case.spans.text(first, last)
        if field == "subject":
            return clean(stretch)
        return self._naming.metric(case, stretch, case.quote)

    def ruled_out(self, case: Case, field: Field, alternatives: Sequence[Alternative]) -> NDArray[np.bool_]:
        """Tell which candidates cannot be: a subject that shares words with its metric."""
        spans, metric = case.spans, case.metric
        if field == "metric" or metric.text is None:
            return np.zeros(len(spans) + len(alternatives), dtype=np.bool_)
        told = metric.text.lower()
        same = [alternative.text is not None and alternative.text.lower() == told for alternative in alternatives]
        overlapping = np.zeros(len(spans), dtype=np.bool_)
        if metric.span is not None:
            overlapping = (spans.first <= metric.span[1]) & (spans.last >= metric.span[0])
        return np.concatenate((overlapping, np.array(same, dtype=np.bool_)))

    def known_in(self, segment: Segment) -> Known:
        """Return the metrics of the lexicon that a segment names."""
        return self._known.find(segment.words)

    def contexts(self, text: Text) -> Contexts:
        """Return the segments around the numbers of a text."""
        return Contexts(text.structure, text=text.quoted, title=text.title, reader=self._reader)


class TextReading:
    """What is read once for all mentions of a text: words, the metrics they name, features and scores of segments."""

    def __init__(self, linker: Linker, text: Text) -> None:
        self._linker, self._text = linker, text
        self._contexts = linker.contexts(text)
        self._shared: dict[tuple[str, str, int, int], tuple[WordFeatures, Known]] = {}
        self._scores: dict[tuple[str, str, int, int, str], WordScores] = {}

    def case(self, mention: Mention) -> tuple[Case, list[WordFeatures]]:
        """Return the case of a mention, and for each segment the features that depend on the mention."""
        segments = self._contexts.of(mention)
        trait = Trait.of(mention, dimension_of(mention.unit))
        features, fitting, fitting_near = [], False, False
        for segment in segments:
            known = self.shared(segment)[1]
            features.append(own_features(segment, trait, known))
            if any(measured & trait.measured for _, _, measured in known):
                fitting = True
                fitting_near = fitting_near or segment.place in _NEAR
        sentence, clause, block_index, sentence_text = place_in(self._text.structure, mention.start)
        before = next((segment.words for segment in segments if segment.place == "before"), ())
        case = Case(
            mention=mention,
            spans=Spans.of(segments),
            dimension=trait.dimension,
            quote=self._text.quoted[mention.quote_start : mention.quote_end],
            sentence_text=sentence_text,
            around=text_around(self._text.structure, block_index, mention.start, self._text.title),
            sentence=sentence,
            clause=clause,
            block_index=block_index,
            block=None if block_index is None else self._text.structure.blocks[block_index],
            nouns_before=sum(word.kind in ("noun", "act") for word in before),
            fitting=fitting,
            fitting_near=fitting_near,
        )
        return case, features

    def shared(self, segment: Segment) -> tuple[WordFeatures, Known]:
        """Return the features of a segment that hold for every mention, and the metrics it names."""
        key = self._key(segment)
        found = self._shared.get(key)
        if found is None:
            found = self._shared[key] = (shared_features(segment), self._linker.known_in(segment))
        return found

    def scores(self, own: Sequence[WordFeatures], case: Case, ranker: Ranker, field: Field) -> WordScores:
        """Return the scores of all words of a case."""
        parts = []
        for segment, features in zip(case.spans.segments, own, strict=True):
            key = (*self._key(segment), field)
            shared = self._scores.get(key)
            if shared is None:
                shared = self._scores[key] = ranker.words(self.shared(segment)[0])
            parts.append(shared + ranker.words(features))
        words = WordScores.joined(parts)
        return words if field == "metric" else words + ranker.words(metric_features(case))

    def _key(self, segment: Segment) -> tuple[str, str, int, int]:
        # The title, and a label put together from two cells, have offsets of their own.
        source = "" if segment.text is self._text.quoted else segment.text
        return segment.place, source, segment.words[0].start, segment.words[-1].end
