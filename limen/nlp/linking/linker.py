"""Links the mentions of a text to their metrics and subjects, in the order of the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from limen.nlp.language_data import load_grammar
from limen.nlp.linking.alternatives import FIELDS, Alternative, Alternatives, Field
from limen.nlp.linking.case import Case, Name, dimension_of
from limen.nlp.linking.channels import Marks, Trait, marks
from limen.nlp.linking.consensus import LIKELY, Candidate, agreed, content_words
from limen.nlp.linking.context import Contexts, Segment, is_label
from limen.nlp.linking.conventions import Conventions, ConventionsOfText
from limen.nlp.linking.known import known_metrics, unit_dimensions
from limen.nlp.linking.naming import Naming, clean
from limen.nlp.linking.network import Network
from limen.nlp.linking.ranker import NEVER, Ranker, Scores
from limen.nlp.linking.scope import Scopes
from limen.nlp.linking.spans import SegmentSpans, Spans
from limen.nlp.linking.words import word_reader
from limen.nlp.mention import Mention
from limen.nlp.structure import Structure

_NEAR = frozenset({"before", "after", "earlier1", "label1"})
ENOUGH: dict[Field, float] = {"metric": 0.6, "subject": 0.5}
"""The F1 of words from which on two names are taken for the same."""
_ROW_LABELS = frozenset({"row0", "row1", "row2", "row3"})
_BESIDE = ("before", "after", "earlier", "later", "sentence", "paragraph")
"""Places of names that belong to a number beside them rather than to a whole list."""
_LONGEST_OWN = 4
_LONGEST_LABEL = 10
"""Words of a label that is a name rather than a sentence."""
Known = list[tuple[int, int, frozenset[str]]]
_Key = tuple[str, str, int, int]
"""Place, text if it is not the text itself, first and last offset of a segment."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its structure and title. `quoted` is the text itself, the structure's may be its folded form."""

    structure: Structure
    quoted: str
    title: str


class Linker:
    """Chooses metric and subject for the mentions of a language. Without networks it only prepares what they are fitted to."""

    def __init__(self, code: str, networks: Sequence[Network] = ()) -> None:
        self.conventions = Conventions(code)
        self._reader, self._known = word_reader(code), known_metrics(code)
        self._alternatives, self._naming = Alternatives(code, self._known), Naming(code)
        self._joint: str = load_grammar(code, "chunks")["naming"]["joint"]
        self._scopes = Scopes(code, self._reader)
        self._ranker = Ranker(networks) if networks else None

    def link(self, text: Text, mentions: Iterable[Mention]) -> list[Case]:
        """Return a case for each mention, with metric and subject chosen. Mentions come in the order of the text.

        Raises `ValueError` for a linker without networks.
        """
        ranker, reading = self._ranker, TextReading(self, text)
        if ranker is None:
            raise ValueError("there is no network to rank with")
        cases = [reading.case(mention) for mention in mentions]
        if not cases:
            return []
        encoded = ranker.encode(cases, [reading.marks(case) for case in cases])
        usual = ranker.usual(encoded)
        for field in FIELDS:
            history: list[Case] = []
            for case, values, names in zip(cases, ranker.values(cases, field, encoded), usual, strict=True):
                alternatives = self.alternatives(case, history, field)
                if field == "metric":
                    alternatives += names
                self.choose(case, field, alternatives, ranker.scores(case, field, alternatives, values))
                if field == "subject":
                    self.trim(case)
                    self.distinguish(case, history)
                    self.widen(case, text)
                history.append(case)
        for case in cases:
            self.complete(case)
        return cases

    def choose(self, case: Case, field: Field, alternatives: Sequence[Alternative], scores: Scores) -> None:
        """Set the name for a field of a case on which the likeliest candidates agree."""
        scores = np.where(self.ruled_out(case, field, alternatives), NEVER, scores)
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
        agreement = agreed(candidates, enough=ENOUGH[field])
        chosen = [names[number] for number in agreement.chosen]
        name = chosen[0] if len(chosen) == 1 else self._joined(*chosen)
        name.certainty = agreement.certainty
        self.set(case, field, name)

    def distinguish(self, case: Case, history: Sequence[Case]) -> None:
        """Put into the subject what alone stands between a number of a series and the one before: "cells 140, packs 110".

        It takes the place of a name that stands by the other number, and goes behind one that stands over both.
        """
        label = self._own_label(case)
        if not history or label is None or history[-1].sentence is None:
            return
        earlier, subject = history[-1], case.subject
        if earlier.sentence != case.sentence or earlier.dimension != case.dimension:
            return
        name = self.span_text(case, "subject", *label)
        if content_words(name) <= content_words(case.metric.text) | content_words(subject.text):
            return
        is_over = subject.span is not None and not case.spans.place(subject.span[0]).startswith(_BESIDE)
        case.subject = Name(f"{subject.text}{self._joint}{name}" if is_over else name, "span", label, subject.certainty)

    def _own_label(self, case: Case) -> tuple[int, int] | None:
        """Return the words between a number and what stands before it, if they are a few nouns and nothing else."""
        spans, mention = case.spans, case.mention
        cue = mention.start if mention.cue_start is None else mention.cue_start
        own = [
            number
            for number, segment in enumerate(spans.segment_of)
            if spans.segments[segment].place == "before" and spans.words[number].end <= min(cue, mention.start)
        ]
        while own and not spans.words[own[0]].begins:
            own.pop(0)
        while own and not spans.words[own[-1]].ends:
            own.pop()
        is_name = 0 < len(own) <= _LONGEST_OWN and all(spans.words[number].kind == "noun" for number in own)
        return (own[0], own[-1]) if is_name else None

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
        """Tell which candidates cannot be: a subject that shares words with its metric, unless it can be cut off from it."""
        spans, metric = case.spans, case.metric
        if field == "metric" or metric.text is None:
            return np.zeros(len(spans) + len(alternatives), dtype=np.bool_)
        told = metric.text.lower()
        same = [alternative.text is not None and alternative.text.lower() == told for alternative in alternatives]
        overlapping = np.zeros(len(spans), dtype=np.bool_)
        if metric.span is not None:
            overlapping = (spans.first <= metric.span[1]) & (spans.last >= metric.span[0])
            # Only a span at one end of the metric can be cut off from it.
            first, last = metric.span
            at_an_end = ((spans.first == first) & (spans.last < last)) | ((spans.last == last) & (spans.first > first))
            for number in np.flatnonzero(at_an_end):
                span = (int(spans.first[number]), int(spans.last[number]))
                overlapping[number] = self._rest(case, metric, span) is None
        return np.concatenate((overlapping, np.array(same, dtype=np.bool_)))

    def trim(self, case: Case) -> None:
        """Cut the subject off from a metric that holds it: "factor of safety" of "the embankment"."""
        metric, subject = case.metric, case.subject
        if metric.span is not None and subject.span is not None:
            rest = self._rest(case, metric, subject.span)
            if rest is not None:
                case.metric = Name(self.span_text(case, "metric", *rest), metric.origin, rest, metric.certainty)

    def _rest(self, case: Case, metric: Name, span: tuple[int, int]) -> tuple[int, int] | None:
        """Return what is left of a metric without a span at one of its ends; None where the span is not there, or all of it."""
        assert metric.span is not None
        first, last = metric.span
        words = case.spans.words
        if span[0] == first and span[1] < last:
            first = span[1] + 1
        elif span[1] == last and span[0] > first:
            last = span[0] - 1
        else:
            return None
        while first <= last and not words[first].begins:
            first += 1
        while last >= first and not words[last].ends:
            last -= 1
        is_one = metric.text == self.span_text(case, "metric", *metric.span)
        return (first, last) if first <= last and is_one else None

    def known_in(self, segment: Segment) -> Known:
        """Return the metrics of the lexicon that a segment names."""
        return self._known.find(segment.words)

    def contexts(self, text: Text) -> Contexts:
        """Return the segments around the numbers of a text."""
        return Contexts(text.structure, text=text.quoted, title=text.title, reader=self._reader)


class TextReading:
    """What is read once for all mentions of a text: words, their stretches, and the metrics they name."""

    def __init__(self, linker: Linker, text: Text) -> None:
        self._linker, self._text = linker, text
        self._contexts = linker.contexts(text)
        self._conventions = ConventionsOfText(linker.conventions, text.structure, text.title)
        self._known: dict[_Key, Known] = {}
        self._spans: dict[_Key, SegmentSpans] = {}

    def case(self, mention: Mention) -> Case:
        """Return the case of a mention."""
        segments = self._contexts.of(mention)
        measured = unit_dimensions(mention.unit)
        fitting = [segment for segment in segments if any(each & measured for _, _, each in self._known_in(segment))]
        structure = self._text.structure
        block_index = structure.block_index(mention.start)
        before = next((segment.words for segment in segments if segment.place == "before"), ())
        return Case(
            mention=mention,
            spans=Spans.of([self._stretches(segment) for segment in segments]),
            dimension=dimension_of(mention.unit),
            quote=self._text.quoted[mention.quote_start : mention.quote_end],
            conventions=self._conventions.at(mention.start),
            sentence=structure.sentence_index(mention.start),
            clause=structure.clause_index(mention.start),
            block_index=block_index,
            block=None if block_index is None else structure.blocks[block_index],
            nouns_before=sum(word.kind in ("noun", "act") for word in before),
            fitting=bool(fitting),
            fitting_near=any(segment.place in _NEAR for segment in fitting),
        )

    def marks(self, case: Case) -> Marks:
        """Return the marks of all words of a case."""
        trait = Trait.of(case.mention)
        parts = [marks(segment, trait, self._known_in(segment)) for segment in case.spans.segments]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.intp)

    def _stretches(self, segment: Segment) -> SegmentSpans:
        key = self._key(segment)
        if key not in self._spans:
            self._spans[key] = SegmentSpans.of(segment)
        return self._spans[key]

    def _known_in(self, segment: Segment) -> Known:
        key = self._key(segment)
        if key not in self._known:
            self._known[key] = self._linker.known_in(segment)
        return self._known[key]

    def _key(self, segment: Segment) -> _Key:
        # The title, and a label put together from two cells, have offsets of their own.
        source = "" if segment.text is self._text.quoted else segment.text
        return segment.place, source, segment.words[0].start, segment.words[-1].end
