"""Fits the weights by which numbers are linked to metrics and subjects, on annotated passages.

    python -m training.fit_linking CODE PASSAGES.jsonl... [--out OUT.json] [--held-out PASSAGES.jsonl] [--epochs N]

Without `--out` the weights go where the extractor reads them, `limen/nlp/languages/CODE/linking.json`.

Passages have the form of the extraction guide. A candidate is right if its words overlap with the annotation as the
guide asks; the likelihood of the right candidates is raised by AdaGrad, passage after passage, and the weights of all
epochs are averaged. Features seen in fewer than three passages get no weight, so that nothing is learnt by heart.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import limen.nlp
from limen.domain.threshold import Comparator
from limen.nlp.linking.alternatives import Alternative, Field
from limen.nlp.linking.case import Case
from limen.nlp.linking.features import WordFeatures
from limen.nlp.linking.linker import ENOUGH, Linker, Text, TextReading
from limen.nlp.linking.ranker import NEVER
from limen.nlp.linking.relation import metric_features
from limen.nlp.mention import Mention
from limen.nlp.pipeline import build_pipeline, prepare
from tests.eval.score import content, words_f1

FIELDS: tuple[Field, ...] = ("metric", "subject")
RARE = 3
ORDERS = 3
SMALLEST = 0.04
RATE, DECAY = 0.15, 1e-4
LINKING = frozenset({"linking", "conditions", "metric_ids"})
Floats = NDArray[np.float64]
Ids = NDArray[np.intp]


@dataclass(slots=True)
class Example:
    """A case with its annotation, the ids of its features, and how well each span fits."""

    case: Case
    text: Text
    gold: Mapping[Field, Counter[str]]
    own: list[WordFeatures]
    shared: list[WordFeatures]
    fits: dict[Field, Floats] = field(default_factory=dict)
    ids: dict[Field, list[Ids]] = field(default_factory=dict)

    def names(self) -> Iterator[str]:
        """Yield all names of the features of words and lengths."""
        for features in (*self.own, *self.shared):
            for group in (features.starts, features.ends, features.inside):
                for names in group:
                    yield from names
        yield from self.case.spans.lengths
        yield from self.case.spans.edges


class Weights:
    """The weights of a field while they are fitted. Number 0 is for features that get none."""

    def __init__(self, passages: list[list[Example]]) -> None:
        seen: Counter[str] = Counter()
        for examples in passages:
            seen.update({name for example in examples for name in example.names()})
        self._common = {name for name, count in seen.items() if count >= RARE}
        self._numbers: dict[str, int] = {}
        self.values = np.zeros(1)
        self._squares = np.zeros(1)
        self._sum, self._epochs = np.zeros(1), 0

    def number(self, name: str, *, always: bool = False) -> int:
        """Return the number of a feature; features of alternatives and relations are taken `always`."""
        if not always and name not in self._common:
            return 0
        number = self._numbers.setdefault(name, len(self._numbers) + 1)
        if number >= len(self.values):
            more = np.zeros(len(self.values) + 1000)
            self.values, self._squares, self._sum = (
                np.concatenate((array, more)) for array in (self.values, self._squares, self._sum)
            )
        return number

    def matrix(self, names: list[list[str]], *, always: bool = False) -> Ids:
        """Return the numbers of each word's features, filled up with 0."""
        width = max(map(len, names), default=1)
        rows = [[self.number(name, always=always) for name in row] + [0] * (width - len(row)) for row in names]
        return np.array(rows, dtype=np.intp).reshape(len(names), width)

    def step(self, numbers: Ids, gradient: Floats, rate: float) -> None:
        """Go down a gradient given as pairs of feature and slope."""
        unique, inverse = np.unique(numbers, return_inverse=True)
        slope = np.bincount(inverse.ravel(), gradient) + DECAY * self.values[unique]
        self._squares[unique] += slope * slope
        self.values[unique] -= rate * slope / np.sqrt(self._squares[unique] + 1e-3)
        self.values[0] = 0

    def end_epoch(self) -> None:
        """Count the weights of an epoch in the average."""
        self._sum += self.values
        self._epochs += 1

    def average(self) -> dict[str, float]:
        """Return feature -> mean weight of the epochs."""
        mean = self._sum / max(self._epochs, 1)
        return {name: float(mean[number]) for name, number in self._numbers.items()}


def fit_example(
    weights: Weights, linker: Linker, example: Example, history: list[Case], field_name: Field, rate: float
) -> None:
    """Take one step for a field of an example, and choose its name."""
    case, values = example.case, weights.values
    if field_name not in example.ids:
        groups = []
        for kind in ("starts", "ends", "inside"):
            names = [
                a + b
                for own, shared in zip(example.own, example.shared, strict=True)
                for a, b in zip(getattr(own, kind), getattr(shared, kind), strict=True)
            ]
            groups.append(weights.matrix(names))
        wholes = (case.spans.lengths, case.spans.edges)
        groups += [np.array([weights.number(name) for name in whole], dtype=np.intp) for whole in wholes]
        example.ids[field_name] = groups
        values = weights.values
    starts, ends, inside, lengths, edges = example.ids[field_name]
    if field_name == "subject":
        relation = metric_features(case)
        starts, ends, inside = (
            np.concatenate((ids, weights.matrix(names, always=True)), axis=1)
            for ids, names in ((starts, relation.starts), (ends, relation.ends), (inside, relation.inside))
        )
    alternatives = linker.alternatives(case, history, field_name)
    named = [
        np.array([weights.number(name, always=True) for name in one.features], dtype=np.intp) for one in alternatives
    ]
    values = weights.values
    spans = case.spans
    passed = np.concatenate(([0.0], np.cumsum(values[inside].sum(1))))
    scores = np.concatenate(
        (
            values[starts].sum(1)[spans.first] + values[ends].sum(1)[spans.last] + passed[spans.last + 1]
            - passed[spans.first] + values[lengths][spans.length_of] + values[edges][spans.edge_of],
            [values[numbers].sum() for numbers in named],
        )
    )  # fmt: skip
    scores[linker.ruled_out(case, field_name, alternatives)] = NEVER
    if not len(scores):
        return
    target = _target(example, alternatives, field_name, scores)
    if target is not None:
        likely = np.exp(scores - scores.max())
        slope = likely / likely.sum() - target
        _descend(weights, example, [starts, ends, inside, lengths, edges], named, slope, rate)
    linker.set(case, field_name, linker.name(case, field_name, alternatives, int(scores.argmax())))


def _target(example: Example, alternatives: list[Alternative], field_name: Field, scores: Floats) -> Floats | None:
    """Return how likely each candidate should be: the right ones, the better and the more likely already the more."""
    gold = example.gold[field_name]
    others = [words_f1(gold, content(alternative.text)) for alternative in alternatives]
    fits = np.concatenate((example.fits[field_name], others))
    enough = ENOUGH[field_name]
    target: Floats = np.where(fits >= enough, (fits - enough + 0.05) ** 2, 0.0)
    target[scores <= NEVER] = 0.0
    if not target.any():
        return None
    likely = np.exp(scores - scores.max())
    target *= likely / likely.sum() + 1e-4
    shares: Floats = target / target.sum()
    return shares


def _descend(weights: Weights, example: Example, ids: list[Ids], named: list[Ids], slope: Floats, rate: float) -> None:
    spans = example.case.spans
    count, words = len(spans), len(spans.words)
    first = np.bincount(spans.first, slope[:count], words)
    last = np.bincount(spans.last, slope[:count], words)
    covered = np.cumsum(first) - np.concatenate(([0.0], np.cumsum(last)[:-1]))
    numbers: list[Ids] = []
    slopes: list[Floats] = []
    for matrix, column in zip(ids[:3], (first, last, covered), strict=True):
        numbers.append(matrix.ravel())
        slopes.append(np.repeat(column, matrix.shape[1]))
    for one, of in ((ids[3], spans.length_of), (ids[4], spans.edge_of)):
        numbers.append(one)
        slopes.append(np.bincount(of, slope[:count], len(one)).astype(np.float64))
    for one, value in zip(named, slope[count:], strict=True):
        numbers.append(one)
        slopes.append(np.full(len(one), value))
    weights.step(np.concatenate(numbers), np.concatenate(slopes), rate)


# --- annotated passages ---


def read_passages(paths: Iterable[Path], code: str, linker: Linker) -> list[list[Example]]:
    """Return the examples of each passage."""
    pipeline = build_pipeline(code)
    passages = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            doc = prepare(pipeline, record["text"], title=record["title"])
            for name, component in pipeline.pipeline:
                if name in LINKING:
                    break
                doc = component(doc)
            text = Text(structure=doc._.structure, quoted=record["text"], title=doc._.folded_title)
            reading = TextReading(linker, text)
            pairs = sorted(gold_mentions(record, doc._.mentions), key=lambda pair: pair[0].start)
            passages.append([_example(linker, reading, text, mention, gold) for mention, gold in pairs])
    return passages


def _example(linker: Linker, reading: TextReading, text: Text, mention: Mention, gold: Mapping[str, Any]) -> Example:
    case, own = reading.case(mention)
    shared = [reading.shared(segment)[0] for segment in case.spans.segments]
    names: dict[Field, Counter[str]] = {name: content(gold[name]) for name in FIELDS}
    example = Example(case=case, text=text, gold=names, own=own, shared=shared)
    spans = case.spans
    for name in FIELDS:
        fits = np.zeros(len(spans))
        if names[name]:
            for number, (first, last) in enumerate(zip(spans.first, spans.last, strict=True)):
                fits[number] = words_f1(names[name], content(linker.span_text(case, name, int(first), int(last))))
        example.fits[name] = fits
    return example


def gold_mentions(record: Mapping[str, Any], mentions: list[Mention]) -> Iterator[tuple[Mention, Mapping[str, Any]]]:
    """Yield each annotated requirement with the mention that was read at its quote, or one made from the quote."""
    used: set[int] = set()
    last = 0
    for gold in record["requirements"]:
        spots = [match.start() for match in re.finditer(re.escape(gold["quote"]), record["text"])]
        near = [
            (value_differs, spot < last, mention.start, mention, spot)
            for mention in mentions
            for spot in spots
            if id(mention) not in used
            and spot - 2 <= mention.start < spot + len(gold["quote"])
            and not (value_differs := float(mention.value) != gold["value"])
        ]
        if near:
            *_, mention, last = min(near, key=lambda entry: entry[:3])
            used.add(id(mention))
        else:
            last = next((spot for spot in spots if spot >= last), spots[0])
            mention = _made(gold, last)
        mention.op, mention.unit = Comparator(gold["op"]), gold["unit"]
        yield mention, gold


def _made(gold: Mapping[str, Any], spot: int) -> Mention:
    quote = gold["quote"]
    digits = list(re.finditer(r"\d[\d,. ]*", quote))
    start = spot + (digits[-1].start() if digits else 0)
    end = spot + len(quote)
    return Mention(
        start=start, end=end, value=Decimal(str(gold["value"])), unit_start=start, unit_end=end,
        cue_start=spot if spot < start else None, cue_end=start if spot < start else None, quote_start=spot, quote_end=end,
    )  # fmt: skip


def accuracy(linker: Linker, passages: list[list[Example]]) -> dict[str, float]:
    """Return the share of right metrics, subjects and both over passages whose mentions are given."""
    right: Counter[str] = Counter()
    total = 0
    for examples in passages:
        history: list[Case] = []
        for example in examples:
            good = {}
            for name in FIELDS:
                words = linker.word_scores(example.case, example.own, example.shared, name)
                linker.choose(example.case, name, history, words)
                if name == "subject":
                    linker.widen(example.case, example.text)
                    linker.complete(example.case)
                chosen = example.case.metric if name == "metric" else example.case.subject
                good[name] = words_f1(example.gold[name], content(chosen.text)) >= ENOUGH[name]
                right[name] += good[name]
            right["full"] += all(good.values())
            history.append(example.case)
            total += 1
    return {name: round(100 * count / max(total, 1), 1) for name, count in right.items()}


def fit(code: str, paths: list[Path], held_out: list[Path], epochs: int) -> dict[str, dict[str, float]]:
    """Return field -> feature -> weight, the mean of fits in several orders of the passages."""
    linker = Linker(code, {name: {} for name in FIELDS})
    passages = read_passages(paths, code, linker)
    fits = [_fit_once(linker, passages, epochs, seed) for seed in range(ORDERS)]
    result: dict[str, dict[str, float]] = {name: _mean([one[name] for one in fits]) for name in FIELDS}
    checked = Linker(code, result)
    for path in held_out:
        print(path.stem, accuracy(checked, read_passages([path], code, linker)), flush=True)
    return result


def _fit_once(linker: Linker, passages: list[list[Example]], epochs: int, seed: int) -> dict[Field, dict[str, float]]:
    weights = {name: Weights(passages) for name in FIELDS}
    shuffled = random.Random(seed)
    for examples in passages:
        for example in examples:
            example.ids.clear()
    for epoch in range(epochs):
        order = list(passages)
        shuffled.shuffle(order)
        for examples in order:
            history: list[Case] = []
            for example in examples:
                for name in FIELDS:
                    fit_example(weights[name], linker, example, history, name, RATE / (1 + 0.3 * epoch))
                linker.widen(example.case, example.text)
                history.append(example.case)
        for name in FIELDS:
            weights[name].end_epoch()
    return {name: weights[name].average() for name in FIELDS}


def _mean(fits: list[dict[str, float]]) -> dict[str, float]:
    total: Counter[str] = Counter()
    for one in fits:
        total.update(one)
    kept = {name: round(weight / len(fits), 3) for name, weight in sorted(total.items())}
    return {name: weight for name, weight in kept.items() if abs(weight) >= SMALLEST}


def main() -> None:
    """Fit and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("code")
    parser.add_argument("passages", type=Path, nargs="+")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--held-out", type=Path, action="append", default=[])
    parser.add_argument("--epochs", type=int, default=4)
    arguments = parser.parse_args()
    out = arguments.out or Path(limen.nlp.__file__).parent / "languages" / arguments.code / "linking.json"
    if out.suffix != ".json":
        parser.error(f"{out}: the weights are JSON; a file of passages would be overwritten")
    weights = fit(arguments.code, arguments.passages, arguments.held_out, arguments.epochs)
    out.write_text(json.dumps(weights, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
