"""Fits the network by which numbers are linked to metrics and subjects, on annotated passages.

    python -m training.fit_linking CODE PASSAGES.jsonl... [--out OUT.npz] [--held-out PASSAGES.jsonl] [--epochs N] [--seed N]

Without `--out` the network goes where the extractor reads it, `limen/nlp/languages/CODE/linking-SEED.npz`: it takes the mean
of all networks there.

Passages have the form of the extraction guide. A candidate is right if its words overlap with the annotation as the guide
asks; the likelihood of the right candidates is raised. While it is fitted, the network chooses the names itself, so that it
learns to go on from its own mistakes. The weights that are kept are a running mean of those of the last steps. Passages of
the guide's own author, and those of the product's own field, count more.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

import limen.nlp
from limen.domain.threshold import Comparator
from limen.nlp.linking.alternatives import FIELDS, Alternative, Field
from limen.nlp.linking.case import Case, Name
from limen.nlp.linking.channels import number_keys, relations, seat_keys, word_keys
from limen.nlp.linking.linker import ENOUGH, Linker, Text, TextReading
from limen.nlp.linking.network import ORIGINS, USUAL, Network
from limen.nlp.linking.ranker import FIRST, INSIDE, LAST, NEVER, span_scores
from limen.nlp.linking.vectors import Vectors, load_vectors
from limen.nlp.pipeline import build_pipeline, prepare
from tests.eval.corpus import AnnotatedPassage, read_passages
from tests.eval.score import content, words_f1
from training.alignment import align
from training.network import CHANNELS, Batch, LinkingNet, arrays, filled_up

RARE = {"form": 2, "shape": 2, "path": 3, "number": 2, "length": 3, "edge": 3}
"""Passages in which a key must occur to get a row of its own, where it is more than one."""
WEIGHTS = {"spec": 3, "dev": 3, "mining": 2, "energy": 2, "rules": 2, "trade": 2}
"""How often the passages of a file count in an epoch, by what its name holds; others once."""
RATE, WARMING, TOGETHER = 2e-3, 200, 4
"""Greatest step, number of steps until it is reached, passages a step."""
KEPT = 0.998
"""What is kept of the running mean of the weights in each step."""
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


class Tables:
    """Rows of the keys that were met often enough; 0 for others. Keys of alternatives get one when they are first asked for."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        seen: dict[str, Counter[str]] = {name: Counter() for name in (*CHANNELS, "number", "length", "edge")}
        for passage in passages:
            keys: dict[str, set[str]] = {name: set() for name in seen}
            for example in passage:
                for row in _word_rows(example.case):
                    for name, key in zip(CHANNELS, row, strict=True):
                        keys[name].add(key)
                keys["number"].update(number_keys(example.case))
                keys["length"].update(example.case.spans.lengths)
                keys["edge"].update(example.case.spans.edges)
            for name, found in keys.items():
                seen[name].update(found)
        self.names = {
            name: [key for key, count in counts.items() if count >= RARE.get(name, 1)] for name, counts in seen.items()
        }
        self.names["alternative"] = []
        self.names[USUAL] = _usual_names(passages)
        self._usual = [content(name) for name in self.names[USUAL]]
        self._rows = {name: {key: row for row, key in enumerate(keys, 1)} for name, keys in self.names.items()}

    def rows(self, table: str, keys: Iterable[str]) -> Ids:
        """Return the rows of keys."""
        return np.array([self._rows[table].get(key, 0) for key in keys], dtype=np.intp)

    def alternative(self, names: Iterable[str], *, most: int) -> Ids:
        """Return the rows of an alternative's features, new ones while there is room."""
        rows = self._rows["alternative"]
        for name in names:
            if name not in rows and len(rows) + 1 < most:
                rows[name] = len(rows) + 1
                self.names["alternative"].append(name)
        return self.rows("alternative", names)

    def number(self, example: Example, vectors: Vectors) -> None:
        """Set the rows of an example."""
        case = example.case
        rows = _word_rows(case)
        example.ids = np.array(
            [[self._rows[name].get(key, 0) for name, key in zip(CHANNELS, row, strict=True)] for row in rows],
            dtype=np.intp,
        ).reshape(-1, len(CHANNELS))
        example.vectors = np.array([vectors.of(row[0]) for row in rows], dtype=np.float32).reshape(-1, vectors.width)
        example.numbers = self.rows("number", number_keys(case))
        example.usual = np.array([words_f1(example.gold["metric"], each) for each in self._usual], dtype=np.float64)
        example.lengths, example.edges = self.rows("length", case.spans.lengths), self.rows("edge", case.spans.edges)


OFTEN = 5
"""Passages, as they are counted, in which a name of a metric must be given to become a usual one."""
ALTERNATIVES = 8000
"""Room for the features of alternatives."""


class Fit:
    """One fit of a network."""

    def __init__(self, linker: Linker, code: str, passages: Sequence[Passage], *, seed: int) -> None:
        torch.manual_seed(seed)
        self._linker, self._code, self._order = linker, code, random.Random(seed)
        self._passages = [passage for passage in passages if passage]
        self.tables, self._vectors = Tables(self._passages), load_vectors(code)
        for passage in self._passages:
            for example in passage:
                self.tables.number(example, self._vectors)
        sizes = {name: len(keys) + 1 for name, keys in self.tables.names.items()}
        sizes |= {"alternative": ALTERNATIVES, USUAL: len(self.tables.names[USUAL])}
        self.net = LinkingNet(sizes, self._vectors.width)
        self.mean = torch.optim.swa_utils.AveragedModel(
            self.net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(KEPT)
        )

    def run(self, epochs: int) -> Network:
        """Go through all passages some times and return the network."""
        optimizer = torch.optim.AdamW(self.net.parameters(), lr=RATE, weight_decay=0.01)
        groups = -(-len(self._passages) // TOGETHER)
        steps = epochs * groups
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: min(1.0, (step + 1) / WARMING) * (1 - step / steps)
        )
        for epoch in range(epochs):
            self.net.train()
            self._order.shuffle(self._passages)
            loss = 0.0
            for group in range(groups):
                examples = self._passages[group * TOGETHER : (group + 1) * TOGETHER]
                loss += self._step(examples, optimizer)
                schedule.step()
                self.mean.update_parameters(self.net)
            print(f"epoch {epoch + 1}: {loss / groups:.3f}", flush=True)
        return self.network()

    def network(self) -> Network:
        """Return the mean of the last steps as the network that links."""
        return Network(
            {name: each.astype(np.float32) for name, each in self.arrays().items()}, self.tables.names, self._code
        )

    def arrays(self) -> dict[str, NDArray[np.float16]]:
        """Return the arrays of that network."""
        module = self.mean.module
        assert isinstance(module, LinkingNet)
        found = arrays(module)
        room = len(self.tables.names["alternative"]) + 1
        return {name: each[:room] if name.startswith("alternative.") else each for name, each in found.items()}

    def _step(self, passages: Sequence[Passage], optimizer: torch.optim.Optimizer) -> float:
        examples = [example for passage in passages for example in passage]
        words, pooled = self.net(_batch(examples))
        loss = 0.0
        outputs: list[torch.Tensor] = []
        slopes: list[torch.Tensor] = []
        weights = {name: np.zeros(len(each), dtype=np.float32) for name, each in self.net.weights.items()}
        for of in FIELDS:
            if of == "metric":
                values = self.net.metric(words)
            else:
                beside = filled_up([relations(example.case) for example in examples], words.shape[1])
                values = self.net.subject_values(words, beside)
            origins, usual = self.net.origin[of](pooled), self.net.usual(pooled)
            told = _Slopes(values.detach().numpy(), origins.detach().numpy(), usual.detach().numpy())
            number = 0
            for passage in passages:
                history: list[Case] = []
                for example in passage:
                    loss += self._choose(example, of, history, told, number, weights)
                    history.append(example.case)
                    number += 1
            outputs += [values, origins, usual]
            slopes += [torch.from_numpy(each) for each in (told.of_values, told.of_origins, told.of_usual)]
        optimizer.zero_grad()
        share = 1 / len(examples)
        torch.autograd.backward(outputs, [slope * share for slope in slopes])
        for name, slope in weights.items():
            self.net.weights[name].grad = torch.from_numpy(slope * share)
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        optimizer.step()
        return loss * share

    def _choose(
        self, example: Example, of: Field, history: list[Case], told: _Slopes, number: int, slopes: dict[str, Floats]
    ) -> float:
        """Choose the likeliest name of a field; add to the slopes, and return the loss."""
        case, spans, weights = example.case, example.case.spans, self.net.weights
        alternatives = self._linker.alternatives(case, history, of)
        named = [self.tables.alternative(each.features, most=ALTERNATIVES) for each in alternatives]
        origins = [ORIGINS.index(each.origin) for each in alternatives]
        lengths, edges, rest = (weights[f"{name}_{of}"].detach().numpy() for name in ("length", "edge", "alternative"))
        count, others = len(spans.words), len(spans) + len(alternatives)
        usual = self.tables.names[USUAL] if of == "metric" else []
        scores = np.concatenate(
            (
                span_scores(spans, told.values[number, :count], lengths[example.lengths], edges[example.edges]),
                [told.origins[number, origin] + rest[rows].sum() for origin, rows in zip(origins, named, strict=True)],
                told.usual[number, : len(usual)],
            )
        )
        scores[:others][self._linker.ruled_out(case, of, alternatives)] = NEVER
        if not len(scores):
            return 0.0
        loss = 0.0
        target = _target(example, alternatives, of, scores)
        if target is not None:
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            loss = float(-(target * np.log(np.maximum(likely, 1e-20))).sum())
            slope = likely - target
            own = slope[: len(spans)]
            first = np.bincount(spans.first, own, count)
            last = np.bincount(spans.last, own, count)
            told.of_values[number, :count, FIRST] += first
            told.of_values[number, :count, LAST] += last
            told.of_values[number, :count, INSIDE] += np.cumsum(first) - np.concatenate(([0.0], np.cumsum(last)[:-1]))
            np.add.at(slopes[f"length_{of}"], example.lengths[spans.length_of], own)
            np.add.at(slopes[f"edge_{of}"], example.edges[spans.edge_of], own)
            told.of_usual[number, : len(usual)] += slope[others:]
            for origin, rows, value in zip(origins, named, slope[len(spans) : others], strict=True):
                told.of_origins[number, origin] += value
                np.add.at(slopes[f"alternative_{of}"], rows, value)
        best = int(scores.argmax())
        name = Name(usual[best - others], USUAL) if best >= others else self._linker.name(case, of, alternatives, best)
        Linker.set(case, of, name)
        if of == "subject":
            self._linker.trim(case)
            self._linker.widen(case, example.text)
        return loss


class _Slopes:
    """Values of the network for a step, and what is to be sent back through it."""

    def __init__(self, values: NDArray[np.float32], origins: NDArray[np.float32], usual: NDArray[np.float32]) -> None:
        self.values, self.origins, self.usual = values, origins, usual
        self.of_values, self.of_origins, self.of_usual = (
            np.zeros_like(values),
            np.zeros_like(origins),
            np.zeros_like(usual),
        )


def _target(example: Example, alternatives: list[Alternative], of: Field, scores: Floats) -> Floats | None:
    """Return how likely each candidate should be: the right ones, the better and the more likely already the more."""
    gold = example.gold[of]
    others = [words_f1(gold, content(alternative.text)) for alternative in alternatives]
    fits = np.concatenate((example.fits[of], others, example.usual if of == "metric" else []))
    enough = ENOUGH[of]
    target: Floats = np.where(fits >= enough, (fits - enough + 0.05) ** 2, 0.0)
    target[scores <= NEVER] = 0.0
    if not target.any():
        return None
    likely = np.exp(scores - scores.max())
    target *= likely / likely.sum() + 1e-4
    shares: Floats = target / target.sum()
    return shares


def _usual_names(passages: Sequence[Passage]) -> list[str]:
    """Return the names that metrics have in many passages, each as it is most often written."""
    written: dict[tuple[str, ...], Counter[str]] = {}
    for passage in passages:
        for name in {example.metric for example in passage}:
            key = tuple(sorted(content(name).elements()))
            if key:
                written.setdefault(key, Counter())[name] += 1
    often = {key: names for key, names in written.items() if names.total() >= OFTEN}
    return sorted(names.most_common(1)[0][0] for names in often.values())


def _batch(examples: Sequence[Example]) -> Batch:
    longest = max(1, *(len(example.ids) for example in examples))
    joined = np.zeros((len(examples), longest + 1), dtype=np.float32)
    empty = np.ones((len(examples), longest), dtype=np.bool_)
    vectors = np.zeros((len(examples), longest, examples[0].vectors.shape[1]), dtype=np.float32)
    for place, example in enumerate(examples):
        count = len(example.ids)
        segment_of = np.array(example.case.spans.segment_of, dtype=np.intp)
        joined[place, 1:count] = segment_of[1:] == segment_of[:-1]
        empty[place, :count] = False
        vectors[place, :count] = example.vectors
    return Batch(
        ids=filled_up([example.ids for example in examples], longest),
        vectors=torch.from_numpy(vectors),
        marks=filled_up([example.marks for example in examples], longest),
        joined=torch.from_numpy(joined),
        empty=torch.from_numpy(empty),
        numbers=torch.from_numpy(np.stack([example.numbers for example in examples]).astype(np.int64)),
    )


def _word_rows(case: Case) -> list[tuple[str, ...]]:
    return [
        (*word_keys(word), *seat)
        for segment in case.spans.segments
        for word, seat in zip(segment.words, seat_keys(segment), strict=True)
    ]


# --- annotated passages ---


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


def accuracy(linker: Linker, passages: Iterable[Passage]) -> dict[str, float]:
    """Return the percentage of right metrics, subjects and both over the requirements found, operators given."""
    right: Counter[str] = Counter()
    total = 0
    for passage in passages:
        if not passage:
            continue
        cases = linker.link(passage[0].text, [example.case.mention for example in passage])
        for example, case in zip(passage, cases, strict=True):
            chosen = {"metric": case.metric.text, "subject": case.subject.text}
            good = {of: words_f1(example.gold[of], content(chosen[of])) >= ENOUGH[of] for of in FIELDS}
            right.update(of for of in FIELDS if good[of])
            right["full"] += all(good.values())
            total += 1
    return {name: round(100 * right[name] / max(total, 1), 1) for name in (*FIELDS, "full")}


def main() -> None:
    """Fit, write and score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("code")
    parser.add_argument("passages", type=Path, nargs="+")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--held-out", type=Path, action="append", default=[])
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    code = arguments.code
    out = arguments.out or Path(limen.nlp.__file__).parent / "languages" / code / f"linking-{arguments.seed}.npz"
    if out.suffix != ".npz":
        parser.error(f"{out}: the network is an .npz file; a file of passages would be overwritten")
    reader = ExampleReader(code)
    passages = []
    for path in arguments.passages:
        times = max((times for name, times in WEIGHTS.items() if name in path.stem), default=1)
        passages += reader.read(read_passages(path)) * times
    fit = Fit(reader.linker, code, passages, seed=arguments.seed)
    linker = Linker(code, [fit.run(arguments.epochs)])
    for path in arguments.held_out:
        print(path.stem, accuracy(linker, reader.read(read_passages(path))), flush=True)
    names = {f"names.{name}": np.array(keys) for name, keys in fit.tables.names.items()}
    np.savez_compressed(out, **fit.arrays(), **names)


if __name__ == "__main__":
    main()
