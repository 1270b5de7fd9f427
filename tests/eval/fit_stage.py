"""Weighs the stage cues anew on annotated passages and writes `stage_weights.toml` of a language.

    python -m tests.eval.fit_stage en FILE.jsonl [FILE.jsonl ...]

Softmax regression with a quadratic penalty, trained with numpy; the penalty keeps rare cues small. Prints the accuracy
by ten-fold cross-validation, which is what to expect of other texts, beside that on the files themselves.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

import limen.nlp
from limen.domain.document import Stage
from limen.nlp.components.comment_deadline import CommentDeadline
from limen.nlp.components.stage import StageCues
from limen.nlp.folding import fold

STAGES = (Stage.NONE, Stage.FINAL, Stage.IN_FORCE)
PENALTY = 2.0
FOLDS = 10
STEPS = 500
SMALLEST = 0.05

Matrix = npt.NDArray[np.float64]


def main(code: str, paths: Iterable[Path]) -> None:
    """Fit, report and write."""
    cues = StageCues(code)
    presence, truth = read_examples(cues, code, paths)
    groups = np.random.default_rng(0).integers(0, FOLDS, len(truth))
    guesses = np.zeros_like(truth)
    for group in range(FOLDS):
        held_out = groups == group
        weights = fit(presence[~held_out], truth[~held_out])
        guesses[held_out] = (presence[held_out] @ weights).argmax(1)
    weights = fit(presence, truth)
    sys.stdout.write(
        f"{code}: {len(truth)} texts to be weighed; cross-validated {np.mean(guesses == truth):.1%}, "
        f"on themselves {np.mean((presence @ weights).argmax(1) == truth):.1%}\n"
    )
    target = Path(limen.nlp.__file__).parent / "languages" / code / "stage_weights.toml"
    target.write_text(render(cues.names, weights), encoding="utf-8")


def read_examples(cues: StageCues, code: str, paths: Iterable[Path]) -> tuple[Matrix, npt.NDArray[np.int64]]:
    """Return presence of cues (text by cue) and the index of each text's stage, without those that need no weighing."""
    deadlines = CommentDeadline(code)
    rows: list[list[float]] = []
    truth: list[int] = []
    for line in (line for path in paths for line in path.read_text(encoding="utf-8").splitlines()):
        record = json.loads(line)
        text, title = fold(record["text"]), fold(record["title"] or "")
        if record["stage"] == Stage.DRAFT or deadlines.find(text, title=title) or cues.decide(text, title):
            continue
        present = set(cues.present(text, title, has_requirements=bool(record["requirements"])))
        rows.append([float(name in present) for name in cues.names])
        truth.append(STAGES.index(Stage(record["stage"])))
    return np.array(rows), np.array(truth)


def fit(presence: Matrix, truth: npt.NDArray[np.int64]) -> Matrix:
    """Return the weights (cue by stage) by gradient descent with per-weight step sizes (AdaGrad)."""
    weights = np.zeros((presence.shape[1], len(STAGES)))
    seen = np.full_like(weights, 1e-8)
    wanted = np.eye(len(STAGES))[truth]
    for _ in range(STEPS):
        scores = presence @ weights
        odds = np.exp(scores - scores.max(1, keepdims=True))
        gradient = presence.T @ (odds / odds.sum(1, keepdims=True) - wanted) + PENALTY * weights
        seen += gradient**2
        weights -= 0.5 * gradient / np.sqrt(seen)
    return weights


def render(names: Sequence[str], weights: Matrix) -> str:
    """Return the TOML of the weights; those that weigh next to nothing are left out."""
    lines = ["# Written by `python -m tests.eval.fit_stage`: how much each cue of stage.toml speaks for each stage."]
    for name, row in zip(names, weights, strict=True):
        kept = {stage.value: weight for stage, weight in zip(STAGES, row, strict=True) if abs(weight) >= SMALLEST}
        if kept:
            body = ", ".join(f"{stage} = {weight:.2f}" for stage, weight in kept.items())
            lines.append(f'"{name}" = {{ {body} }}')
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(sys.argv[1], [Path(name) for name in sys.argv[2:]])
