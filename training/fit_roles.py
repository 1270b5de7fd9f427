"""Fits the model that tells requirements from other numbers and gives them their operators.

    python -m training.fit_roles CODE [--held-out PASSAGES.jsonl ...] [--dry-run] PASSAGES.jsonl ...

Fits to the case tables of the unit tests as well, and writes `limen/nlp/languages/CODE/roles.json`. Two logistic
regressions with a penalty on large weights: is a number a requirement, and which operator has it if so. A file that is held
out is scored with the model and not fitted to.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

import limen.nlp
from limen.domain.threshold import Comparator
from limen.nlp.components.roles import ENOUGH, written_operator
from limen.nlp.pipeline import build_pipeline, prepare
from limen.nlp.roles.features import NumberFeatures
from limen.nlp.roles.model import OPERATORS, RoleModel
from tests.eval.corpus import AnnotatedPassage, read_passages
from training.alignment import align
from training.cases import read_cases

RARE = 3
"""Examples in which a feature must hold to get a weight."""
STRENGTH = 0.2
"""Inverse of the penalty on large weights; chosen by leaving out one file after the other."""
SMALLEST = 0.02
CASES = Path(__file__).parents[1] / "tests" / "unit" / "nlp" / "cases"
CASE_WEIGHT = 2
"""How many times the case tables count: each stands for a rule of the guide."""


@dataclass(frozen=True, slots=True)
class Example:
    """A number: its features, whether it is a range, the operator written beside it, the annotated one (None: no requirement)."""

    features: frozenset[str]
    is_range: bool
    written: Comparator | None
    op: str | None
    is_doubtful: bool


def main() -> None:
    """Fit, write and score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("code")
    parser.add_argument("passages", type=Path, nargs="+")
    parser.add_argument("--held-out", type=Path, action="append", default=[])
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    arguments = parser.parse_args()
    reader = ExampleReader(arguments.code)
    examples = [example for path in arguments.passages for example in reader.examples(read_passages(path))]
    examples += list(reader.examples(read_cases(CASES))) * CASE_WEIGHT
    record = fit(examples)
    model = RoleModel.of_record(record)
    for path in arguments.held_out:
        print(f"{path.stem}: {accuracy(model, list(reader.examples(read_passages(path))))}")
    if not arguments.dry_run:
        target = Path(limen.nlp.__file__).parent / "languages" / arguments.code / "roles.json"
        target.write_text(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


class ExampleReader:
    """Runs the rules over passages as far as the roles, and takes their numbers as examples."""

    def __init__(self, code: str) -> None:
        self._code, self._features = code, NumberFeatures(code)
        self._pipeline = build_pipeline(code, until="roles")

    def examples(self, passages: Iterable[AnnotatedPassage]) -> Iterable[Example]:
        """Yield an example for each number of the passages in the reader's language."""
        for passage in passages:
            if passage.language != self._code:
                continue
            doc = prepare(self._pipeline, passage.text, title=passage.title)
            for _, component in self._pipeline.pipeline:
                doc = component(doc)
            alignment = align(passage, doc._.mentions)
            for index, (mention, features) in enumerate(zip(doc._.mentions, self._features.of(doc), strict=True)):
                number = alignment.requirement_of.get(index)
                yield Example(
                    features=frozenset(features),
                    is_range=mention.op is Comparator.BETWEEN,
                    written=written_operator(mention),
                    op=None if number is None else passage.requirements[number]["op"],
                    is_doubtful=index in alignment.doubtful,
                )


def fit(examples: Sequence[Example]) -> dict[str, Any]:
    """Return the record of a model: the operators, a row of weights for each feature, and the intercepts."""
    taught = [example for example in examples if not example.is_doubtful]
    counts = Counter(name for example in taught for name in example.features)
    columns = {name: number for number, name in enumerate(sorted(name for name, n in counts.items() if n >= RARE))}
    matrix = _matrix(taught, columns)
    first = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=500)
    first.fit(matrix, [example.op is not None for example in taught])
    chosen = [index for index, example in enumerate(taught) if example.op is not None and not example.is_range]
    second = LogisticRegression(C=STRENGTH, max_iter=1000)
    second.fit(matrix[chosen], [taught[index].op for index in chosen])
    place = {op: number for number, op in enumerate(second.classes_)}
    order = [place[op.value] for op in OPERATORS]
    weights: NDArray[np.float64] = np.vstack((first.coef_, second.coef_[order])).T
    return {
        "operators": [op.value for op in OPERATORS],
        "intercepts": [round(float(each), 3) for each in (*first.intercept_, *second.intercept_[order])],
        "features": {
            name: [round(float(weight), 3) for weight in weights[column]]
            for name, column in columns.items()
            if np.abs(weights[column]).max() >= SMALLEST
        },
    }


def accuracy(model: RoleModel, examples: Sequence[Example]) -> dict[str, float]:
    """Return the share of numbers judged right, and of requirements without a range that have the right operator."""
    judged = [
        (example, model.judge(example.features, written=example.written))
        for example in examples
        if not example.is_doubtful
    ]
    roles = [(judgement.certainty >= ENOUGH) == (example.op is not None) for example, judgement in judged]
    operators = [
        judgement.op.value == example.op for example, judgement in judged if example.op and not example.is_range
    ]
    return {"role": round(float(np.mean(roles)), 4), "operator": round(float(np.mean(operators)), 4)}


def _matrix(examples: Sequence[Example], columns: dict[str, int]) -> csr_matrix:
    held = [sorted(columns[name] for name in example.features if name in columns) for example in examples]
    starts = np.cumsum([0, *map(len, held)], dtype=np.int32)
    indices = np.array([column for row in held for column in row], dtype=np.int32)
    return csr_matrix((np.ones(len(indices)), indices, starts), shape=(len(examples), len(columns)))


if __name__ == "__main__":
    main()
