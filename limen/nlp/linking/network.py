"""The fitted network that reads the words around a number and says which of them may name its metric and its subject.

Each word becomes the sum of rows of tables (see `channels`) and of its word vector; layers that look at the two
neighbours within a segment follow, then one in which all words of a number see each other. Three values for each word and
field come out: as the first, as the last and as any word of the name. `training/network.py` is the same in PyTorch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from limen.nlp.linking.alternatives import Field
from limen.nlp.linking.case import Case
from limen.nlp.linking.channels import SEAT_CHANNELS, WORD_CHANNELS, Marks, number_keys, relations
from limen.nlp.linking.vectors import load_vectors

Floats = NDArray[np.float32]
Indexes = NDArray[np.intp]
ORIGINS = ("nothing", "last", "former", "convention", "unit")
HEADS = 4
LONG = ("form", "shape", "path")
"""Tables kept as they were fitted and mixed when they are read: they take a third of the room so."""
USUAL = "usual"
"""The origin of names that were often given in training, said in the text or not."""
_AT_ONCE = 1024
"""Words of all numbers that go through the layers together: as many as the cache of a processor holds."""
_EPSILON = 1e-5
_FILE = re.compile(r"linking-\d\.npz")
Keys = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Encoded:
    """The words of some cases after all layers, one case after the other, and what the words of each say together.

    `words` has the shape (words, width), those of case i begin at row `begins[i]`; `pooled` the shape (cases, width). A case
    without words has one row of nothing.
    """

    words: Floats
    pooled: Floats
    begins: Indexes


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
        self.usual_names = tuple(names[USUAL])
        self._vectors = load_vectors(code)
        self._width = len(self._arrays["input.bias"])
        self._layers = sum(name.startswith("conv.") and name.endswith(".norm.weight") for name in arrays)
        # What attention divides by is put into its weights.
        for part in ("weight", "bias"):
            query = self._arrays[f"attend.query.{part}"] = self._arrays[f"attend.query.{part}"].copy()
            query[..., : self._width] /= np.float32(np.sqrt(self._width // HEADS))

    @property
    def width(self) -> int:
        """The number of values of a word."""
        return self._width

    def row(self, table: str, key: str) -> int:
        """Return the row of a key in a table, 0 for one that was not met in training."""
        return self._rows[table].get(key, 0)

    def word(self, keys: Keys) -> Floats:
        """Return what a word adds to its values wherever it stands, by its keys in the order of `WORD_CHANNELS`."""
        result: Floats = self._sum(WORD_CHANNELS, keys) + self._vectors.of(keys[0]) @ self._arrays["vector"]
        return result

    def seat(self, keys: Keys) -> Floats:
        """Return what a seat adds to the values of a word, by its keys in the order of `SEAT_CHANNELS`."""
        return self._sum(SEAT_CHANNELS, keys)

    def _sum(self, channels: Keys, keys: Keys) -> Floats:
        return sum(
            (self._arrays[channel][self.row(channel, key)] for channel, key in zip(channels, keys, strict=True)),
            start=np.zeros(self._width, dtype=np.float32),
        )

    def encode(self, cases: Sequence[Case], started: Floats, marked: Sequence[Marks]) -> Encoded:
        """Return the encoded words of some cases, at least one.

        `started` holds what word and seat add to each word of all cases, one after the other; `marked` the marks of each case.
        """
        parts = []
        sizes = [len(case.spans.words) for case in cases]
        begin = at = 0
        while begin < len(cases):
            end, count = begin + 1, sizes[begin]
            while end < len(cases) and count + sizes[end] <= _AT_ONCE:
                count += sizes[end]
                end += 1
            parts.append(self._encode_together(cases[begin:end], started[at : at + count], marked[begin:end]))
            begin, at = end, at + count
        words, pooled = (np.concatenate(part) for part in zip(*parts, strict=True))
        return Encoded(words, pooled, begins_of(cases))

    def _encode_together(
        self, cases: Sequence[Case], started: Floats, marked: Sequence[Marks]
    ) -> tuple[Floats, Floats]:
        begins = begins_of(cases)
        sizes = np.diff(begins)
        own = np.array(
            [self._arrays["number"][[self.row("number", key) for key in number_keys(case)]] for case in cases]
        )
        values = np.repeat(own.sum(axis=1) + self._arrays["input.bias"], sizes, axis=0)
        worded = np.repeat([bool(case.spans.words) for case in cases], sizes)
        values[worded] += started + self._arrays["mark"][np.concatenate(marked)]
        values[~worded] = 0
        values = self._normed(np.maximum(values, 0), "norm")
        lengths = [[len(segment.words) for segment in case.spans.segments] or [1] for case in cases]
        openings = np.cumsum([length for each in lengths for length in each])[:-1]
        for layer in range(self._layers):
            values = self._neighbours(values, openings, f"conv.{layer}")
        values = self._together(values, begins, "attend")
        weight: Floats = values @ self._arrays["pool"]
        weight = np.exp(weight - np.repeat(np.maximum.reduceat(weight, begins[:-1]), sizes))
        totals: Floats = np.add.reduceat(weight, begins[:-1])
        pooled: Floats = np.add.reduceat(weight[:, None] * values, begins[:-1])
        return values, pooled / totals[:, None]

    def _neighbours(self, values: Floats, openings: Indexes, name: str) -> Floats:
        """Mix each word with the one before and the one after; `openings` are the rows at which another segment begins."""
        width = self._width
        beside = np.zeros((len(values), 3 * width), dtype=np.float32)
        beside[1:, :width] = values[:-1]
        beside[openings, :width] = 0
        beside[:, width : 2 * width] = values
        beside[:-1, 2 * width :] = values[1:]
        beside[openings - 1, 2 * width :] = 0
        mixed = self._linear(beside, name)
        return self._normed(values + np.maximum(mixed[:, :width], mixed[:, width:]), f"{name}.norm")

    def _together(self, values: Floats, begins: Indexes, name: str) -> Floats:
        """Let each word of a case attend to all of its words."""
        parts = self._linear(values, f"{name}.query").reshape(len(values), 3, HEADS, -1)
        seen = np.empty((len(values), HEADS, self._width // HEADS), dtype=np.float32)
        for begin, end in pairwise(begins.tolist()):
            query, key, value = parts[begin:end].transpose(1, 2, 0, 3)
            likeness = query @ key.transpose(0, 2, 1)
            likeness -= likeness.max(axis=2, keepdims=True)
            np.exp(likeness, out=likeness)
            found = likeness @ value / likeness.sum(axis=2, keepdims=True)
            seen[begin:end] = found.transpose(1, 0, 2)
        values = self._normed(values + self._linear(seen.reshape(values.shape), f"{name}.out"), f"{name}.norm")
        inner = self._linear(np.maximum(self._linear(values, f"{name}.inner"), 0), f"{name}.outer")
        return self._normed(values + inner, f"{name}.norm2")

    def metric(self, encoded: Encoded) -> Floats:
        """Return for each word the values as first, last and any word of the metric, shape (words, 3)."""
        return self._linear(encoded.words, "metric")

    def subject(self, encoded: Encoded, cases: Sequence[Case]) -> Floats:
        """Return the same for the subject. The metrics of the cases must have been chosen."""
        beside = np.zeros(len(encoded.words), dtype=np.intp)
        for case, begin in zip(cases, encoded.begins.tolist(), strict=False):
            beside[begin : begin + len(case.spans.words)] = relations(case)
        hidden = self._linear(encoded.words + self._arrays["relation"][beside], "between")
        return self._linear(np.maximum(hidden, 0), "subject")

    def usual(self, encoded: Encoded) -> Floats:
        """Return the score of each of `usual_names` in each case, shape (cases, names)."""
        return self._linear(encoded.pooled, USUAL)[:, : len(self.usual_names)]

    def origins(self, encoded: Encoded, field: Field) -> Floats:
        """Return what speaks for each of `ORIGINS` in each case, shape (cases, origins)."""
        return self._linear(encoded.pooled, f"origin.{field}")

    def weight(self, table: str, field: Field, key: str) -> float:
        """Return the weight of a length or an edge of a name, or of a feature of an alternative."""
        return float(self._arrays[f"{table}.{field}"][self.row(table, key)])

    def keys(self, table: str) -> Iterable[str]:
        """Return the keys of a table that were met in training."""
        return self._rows[table]

    def _linear(self, values: Floats, name: str) -> Floats:
        result: Floats = values @ self._arrays[f"{name}.weight"] + self._arrays[f"{name}.bias"]
        return result

    def _normed(self, values: Floats, name: str) -> Floats:
        mean = np.full((self._width, 1), 1 / self._width, dtype=np.float32)  # a product is faster than `mean`
        values = values - values @ mean
        values /= np.sqrt((values * values) @ mean + np.float32(_EPSILON))
        values *= self._arrays[f"{name}.weight"]
        values += self._arrays[f"{name}.bias"]
        return values


def begins_of(cases: Sequence[Case]) -> Indexes:
    """Return the row at which the words of each case begin, and the number of rows. A case without words has one row."""
    return np.cumsum([0, *(max(1, len(case.spans.words)) for case in cases)])


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
