"""One fit of the network of the linking."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from limen.nlp.linking.alternatives import FIELDS, Alternative, Field
from limen.nlp.linking.case import Case, Name
from limen.nlp.linking.channels import relations
from limen.nlp.linking.linker import ENOUGH, Linker
from limen.nlp.linking.network import ORIGINS, USUAL, Network
from limen.nlp.linking.ranker import FIRST, INSIDE, LAST, NEVER, span_scores
from limen.nlp.linking.vectors import load_vectors
from tests.eval.score import content, words_f1
from training.linking_examples import Example, Floats, Passage
from training.linking_tables import Tables
from training.network import Batch, LinkingNet, arrays, filled_up

RATE, WARMING, TOGETHER = 2e-3, 200, 4
"""Greatest step, number of steps until it is reached, passages a step."""
KEPT = 0.998
"""What is kept of the running mean of the weights in each step."""
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
        words, pooled = self.net(batch_of(examples))
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


def batch_of(examples: Sequence[Example]) -> Batch:
    """Return examples as the network takes them: a row each, as long as the longest; at least one, their rows set."""
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
