"""Word vectors: words that are used alike lie close together, so that what was learnt of one word serves another.

`languages/<code>/vectors.npz` holds them in steps of a byte; NOTICE tells where they come from.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Vectors:
    """The vectors of a language by the stems that `WordReader` makes.

    `steps` has a row for each of `words`; times `step` it is the vector of the word.
    """

    def __init__(self, words: list[str], steps: NDArray[np.int8], step: float) -> None:
        self._rows = {word: row for row, word in enumerate(words)}
        self._steps, self._step = steps, np.float32(step)
        self._nothing = np.zeros(steps.shape[1], dtype=np.float32)

    @property
    def width(self) -> int:
        """The length of a vector."""
        return len(self._nothing)

    def of(self, form: str) -> Floats:
        """Return the vector of a word, or of the last part of a hyphenated one; zeros for one that is not known."""
        row = self._rows.get(form)
        if row is None:
            row = self._rows.get(form.rpartition("-")[2])
        return self._nothing if row is None else self._steps[row].astype(np.float32) * self._step


@cache
def load_vectors(code: str) -> Vectors:
    """Return the vectors of a language."""
    with files("limen.nlp").joinpath("languages", code, "vectors.npz").open("rb") as stream:
        held = np.load(stream)
        return Vectors(held["words"].tolist(), held["steps"], float(held["step"]))
