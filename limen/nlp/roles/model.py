"""The fitted model: whether a number is a requirement, and which operator holds for it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from limen.domain.threshold import Comparator

OPERATORS = tuple(each for each in Comparator if each is not Comparator.BETWEEN)
"""What the model chooses among; a range is recognised by its two numbers."""
_TRUST = 1.0
"""What a written operator has in advance of the others, in logits; chosen on held-out passages."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How likely a number is a requirement, from 0 to 1, and the likeliest operator if it is one."""

    certainty: float
    op: Comparator


class RoleModel:
    """Linear weights: a row for each feature; the first column is for "is a requirement", one for each operator follows.

    `intercepts` holds what is added in each column.
    """

    def __init__(self, features: Mapping[str, Iterable[float]], intercepts: Iterable[float]) -> None:
        self._rows = {name: number for number, name in enumerate(features)}
        width = 1 + len(OPERATORS)
        self._weights: NDArray[np.float32] = np.array([*features.values()], dtype=np.float32).reshape(-1, width)
        self._intercepts: NDArray[np.float32] = np.array([*intercepts], dtype=np.float32)

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> RoleModel:
        """Read what `training/fit_roles.py` writes."""
        if record["operators"] != [each.value for each in OPERATORS]:
            raise ValueError(f"the model was fitted for other operators: {record['operators']}")
        return cls(record["features"], record["intercepts"])

    def judge(self, features: Iterable[str], *, written: Comparator | None = None) -> Judgement:
        """Return what the model makes of a number with these features; each counts once.

        `written` is the operator that words beside the number say: only strong signs speak against it.
        """
        rows = [row for name in set(features) if (row := self._rows.get(name)) is not None]
        scores = self._intercepts + self._weights[sorted(rows)].sum(axis=0, dtype=np.float32)
        if written in OPERATORS:
            scores[1 + OPERATORS.index(written)] += _TRUST
        return Judgement(1 / (1 + math.exp(-float(scores[0]))), OPERATORS[int(scores[1:].argmax())])

    def weight(self, feature: str) -> float:
        """Return the weight of a feature for "is a requirement"; 0 for an unknown one."""
        row = self._rows.get(feature)
        return 0.0 if row is None else float(self._weights[row, 0])


@cache
def load_model(code: str) -> RoleModel:
    """Return the model of a language. Raises `FileNotFoundError` if it has none."""
    path = files("limen.nlp").joinpath("languages", code, "roles.json")
    return RoleModel.of_record(json.loads(path.read_text(encoding="utf-8")))
