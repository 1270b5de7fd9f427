"""The fitted network that reads the words around a number and says which of them may name its metric and its subject.

Each word becomes the sum of rows of tables (see `channels`) and of its word vector; layers that look at the two
neighbours within a segment follow, then one in which all words of a number see each other. Three values for each word and
field come out: as the first, as the last and as any word of the name. `training/network.py` is the same in PyTorch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from limen.nlp.linking.alternatives import Alternative, Field
from limen.nlp.linking.case import Case
from limen.nlp.linking.channels import SEAT_CHANNELS, WORD_CHANNELS, Marks, number_keys, relations, seat_keys, word_keys
from limen.nlp.linking.context import Segment
from limen.nlp.linking.vectors import load_vectors

Floats = NDArray[np.float32]
ORIGINS = ("nothing", "last", "former", "convention", "unit")
HEADS = 4
LONG = ("form", "shape", "path")
"""Tables kept as they were fitted and mixed when they are read: they take a third of the room so."""
USUAL = "usual"
"""The origin of names that were often given in training, said in the text or not."""
_AT_ONCE = 4096
"""Words of all numbers, with those that fill up, that go through the layers together."""
_EPSILON = 1e-5
_FILE = re.compile(r"linking-\d\.npz")
_MOST_REMEMBERED = 50_000
_Keys = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Encoded:
    """The words of a number after all layers, shape (words, width), and what they say together, shape (width,)."""

    words: Floats
    pooled: Floats


class Network:
    """The tables and layers of a language."""

    def __init__(
        self, arrays: Mapping[str, NDArray[np.float32]], names: Mapping[str, Sequence[str]], code: str
    ) -> None:
        """`arrays` are named as `training/network.py` names them; `names` holds the keys of each table, row 1 on."""
        self._arrays = {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in arrays.items()}
        for name in LONG:
            self._arrays[name] = self._arrays[name] @ self._arrays.pop(f"{name}.mixing")
        self._rows = {name: {key: row for row, key in enumerate(keys, 1)} for name, keys in names.items()}
        self._usual = list(names[USUAL])
        self._vectors = load_vectors(code)
        self._width = len(self._arrays["input.bias"])
        self._of_words: dict[_Keys, Floats] = {}
        self._of_seats: dict[_Keys, Floats] = {}
        self._layers = sum(name.startswith("conv.") and name.endswith(".norm.weight") for name in arrays)

    @property
    def width(self) -> int:
        """The number of values of a word."""
        return self._width

    def row(self, table: str, key: str) -> int:
        """Return the row of a key in a table, 0 for one that was not met in training."""
        return self._rows[table].get(key, 0)

    def segment(self, segment: Segment) -> Floats:
        """Return what all numbers that see this segment start from, shape (words, width)."""
        rows = [
            self._sum(self._of_words, WORD_CHANNELS, word_keys(word)) + self._sum(self._of_seats, SEAT_CHANNELS, seat)
            for word, seat in zip(segment.words, seat_keys(segment), strict=True)
        ]
        return np.array(rows, dtype=np.float32).reshape(-1, self._width)

    def _sum(self, known: dict[_Keys, Floats], channels: _Keys, keys: _Keys) -> Floats:
        """Return the sum of the rows of keys, and of the vector of a word; worked out once for each."""
        found = known.get(keys)
        if found is None:
            found = sum(
                (self._arrays[channel][self.row(channel, key)] for channel, key in zip(channels, keys, strict=True)),
                start=np.zeros(self._width, dtype=np.float32),
            )
            if channels is WORD_CHANNELS:
                found = found + self._vectors.of(keys[0]) @ self._arrays["vector"]
            if len(known) >= _MOST_REMEMBERED:
                known.clear()
            known[keys] = found
        return found

    def encode(self, cases: Sequence[Case], started: Sequence[Floats], marked: Sequence[Marks]) -> list[Encoded]:
        """Return the encoded words of each case. `started` are its segments' values, one after the other, `marked` its marks."""
        order = sorted(range(len(cases)), key=lambda index: len(started[index]))
        found: dict[int, Encoded] = {}
        begin = 0
        while begin < len(order):
            end = begin + 1
            while end < len(order) and len(started[order[end]]) * (end + 1 - begin) <= _AT_ONCE:
                end += 1
            together = order[begin:end]
            found.update(zip(together, self._encode_together(together, cases, started, marked), strict=True))
            begin = end
        return [found[index] for index in range(len(cases))]

    def _encode_together(
        self, chosen: Sequence[int], cases: Sequence[Case], started: Sequence[Floats], marked: Sequence[Marks]
    ) -> list[Encoded]:
        longest = max(1, max(len(started[index]) for index in chosen))
        values = np.zeros((len(chosen), longest, self._width), dtype=np.float32)
        filled = np.zeros((len(chosen), longest), dtype=np.bool_)
        joined = np.zeros((len(chosen), longest + 1, 1), dtype=np.float32)
        for place, index in enumerate(chosen):
            count = len(started[index])
            own = self._arrays["input.bias"].copy()
            for key in number_keys(cases[index]):
                own += self._arrays["number"][self.row("number", key)]
            values[place, :count] = started[index] + self._arrays["mark"][marked[index]] + own
            filled[place, :count] = True
            segment_of = np.array(cases[index].spans.segment_of, dtype=np.intp)
            joined[place, 1:count, 0] = segment_of[1:] == segment_of[:-1]
        values = self._normed(np.maximum(values, 0), "norm")
        for layer in range(self._layers):
            values = self._neighbours(values, joined, f"conv.{layer}")
        values = self._together(values, filled, "attend")
        weight = values @ self._arrays["pool"] + np.where(filled, np.float32(0), np.float32(-1e9))
        weight = np.exp(weight - weight.max(axis=1, keepdims=True))
        pooled = (weight[..., None] * values).sum(axis=1) / weight.sum(axis=1)[:, None]
        return [Encoded(values[place, : len(started[index])], pooled[place]) for place, index in enumerate(chosen)]

    def _neighbours(self, values: Floats, joined: Floats, name: str) -> Floats:
        before = np.zeros_like(values)
        before[:, 1:] = values[:, :-1]
        before *= joined[:, :-1]
        after = np.zeros_like(values)
        after[:, :-1] = values[:, 1:]
        after *= joined[:, 1:]
        mixed = self._linear(np.concatenate((before, values, after), axis=2), name)
        first, second = mixed[..., : self._width], mixed[..., self._width :]
        return self._normed(values + np.maximum(first, second), f"{name}.norm")

    def _together(self, values: Floats, filled: NDArray[np.bool_], name: str) -> Floats:
        batch, count, width = values.shape
        parts = self._linear(values, f"{name}.query").reshape(batch, count, 3, HEADS, width // HEADS)
        query, key, value = parts.transpose(2, 0, 3, 1, 4)
        likeness = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(width // HEADS))
        likeness += np.where(filled, np.float32(0), np.float32(-1e9))[:, None, None, :]
        likeness = np.exp(likeness - likeness.max(axis=3, keepdims=True))
        likeness /= likeness.sum(axis=3, keepdims=True)
        seen = (likeness @ value).transpose(0, 2, 1, 3).reshape(batch, count, width)
        values = self._normed(values + self._linear(seen, f"{name}.out"), f"{name}.norm")
        inner = self._linear(np.maximum(self._linear(values, f"{name}.inner"), 0), f"{name}.outer")
        return self._normed(values + inner, f"{name}.norm2")

    def metric(self, encoded: Encoded) -> Floats:
        """Return for each word the values as first, last and any word of the metric, shape (words, 3)."""
        return self._linear(encoded.words, "metric")

    def subject(self, encoded: Encoded, case: Case) -> Floats:
        """Return the same for the subject. The metric of the case must have been chosen."""
        hidden = self._linear(encoded.words + self._arrays["relation"][relations(case)], "between")
        return self._linear(np.maximum(hidden, 0), "subject")

    def usual(self, encoded: Encoded) -> dict[str, float]:
        """Return the score of each of the names that metrics often have."""
        scores = self._linear(encoded.pooled, USUAL)
        return dict(zip(self._usual, scores[: len(self._usual)].tolist(), strict=True))

    def alternatives(self, alternatives: Sequence[Alternative], encoded: Encoded, field: Field) -> Floats:
        """Return the score of every alternative."""
        origins = self._linear(encoded.pooled, f"origin.{field}")
        weights, rows = self._arrays[f"alternative.{field}"], self._rows["alternative"]
        return np.array(
            [
                each.score
                if each.origin == USUAL
                else origins[ORIGINS.index(each.origin)]
                + sum(float(weights[rows.get(name, 0)]) for name in each.features)
                for each in alternatives
            ],
            dtype=np.float32,
        )

    def weights(self, table: str, field: Field, keys: Sequence[str]) -> Floats:
        """Return the weights of lengths or edges of names."""
        rows = self._rows[table]
        return self._arrays[f"{table}.{field}"][[rows.get(key, 0) for key in keys]]

    def _linear(self, values: Floats, name: str) -> Floats:
        result: Floats = values @ self._arrays[f"{name}.weight"] + self._arrays[f"{name}.bias"]
        return result

    def _normed(self, values: Floats, name: str) -> Floats:
        values = values - values.mean(axis=-1, keepdims=True)
        spread = np.sqrt((values * values).mean(axis=-1, keepdims=True) + np.float32(_EPSILON))
        result: Floats = values / spread * self._arrays[f"{name}.weight"] + self._arrays[f"{name}.bias"]
        return result


@cache
def load_networks(code: str) -> tuple[Network, ...]:
    """Return the networks of a language, `linking-0.npz` and on. Raises `FileNotFoundError` if it has none."""
    folder = files("limen.nlp").joinpath("languages", code)
    found = []
    for path in sorted((path for path in folder.iterdir() if _FILE.fullmatch(path.name)), key=lambda path: path.name):
        with path.open("rb") as stream:
            held = np.load(stream)
            names = {
                name.removeprefix("names."): held[name].tolist() for name in held.files if name.startswith("names.")
            }
            arrays = {name: held[name] for name in held.files if not name.startswith("names.")}
        found.append(Network(arrays, names, code))
    if not found:
        raise FileNotFoundError(f"limen/nlp/languages/{code}: there is no linking-0.npz; `make train` fits it")
    return tuple(found)
