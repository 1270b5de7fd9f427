"""Weighs the stage cues anew on annotated passages and writes `stage_weights.toml` of a language.

    python -m training.fit_stage en FILE.jsonl [FILE.jsonl ...]

Softmax regression with a quadratic penalty, trained with numpy; the penalty keeps rare cues small. Prints the accuracy
of the whole component (deadline, decisive words, weights) on each file by weights of all the other files, which is what
to expect of texts by other authors, beside that by the weights that are written. Whether a text has requirements is what
the extractor finds in it, as at work.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

import limen.nlp
from limen.domain.document import Stage
from limen.nlp.components.stage import StageCues
from limen.nlp.extraction import Extractor
from limen.nlp.folding import fold
from tests.eval.corpus import AnnotatedPassage, read_passages

STAGES = (Stage.NONE, Stage.FINAL, Stage.IN_FORCE, Stage.DRAFT)
PENALTY = 2.0
STEPS = 1000
SMALLEST = 0.02

Matrix = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts with the values of all cues (text by cue) and the index of each stage; `said` is -1 where weights decide."""

    values: Matrix
    truth: Indices
    said: Indices
    files: Indices


def main(code: str, paths: Sequence[Path]) -> None:
    """Fit, report and write."""
    cues = StageCues(code)
    examples = read_examples(cues, code, paths)
    guesses = np.zeros_like(examples.truth)
    for number, path in enumerate(paths):
        held_out = examples.files == number
        guesses[held_out] = guess(examples, fit(examples, ~held_out))[held_out]
        sys.stdout.write(f"{path.name}: {np.mean((guesses == examples.truth)[held_out]):.1%} by the other files\n")
    weights = fit(examples, np.ones(len(examples.truth), dtype=np.bool_))
    sys.stdout.write(
        f"{code}: {len(examples.truth)} texts; by the other files {np.mean(guesses == examples.truth):.1%}, "
        f"by all {np.mean(guess(examples, weights) == examples.truth):.1%}\n"
    )
    target = Path(limen.nlp.__file__).parent / "languages" / code / "stage_weights.toml"
    target.write_text(render(cues.names, weights), encoding="utf-8")


def read_examples(cues: StageCues, code: str, paths: Iterable[Path]) -> Examples:
    """Return what the cues of all passages of the language are, and which stage is said outright."""
    extractor = Extractor()
    values, truth, said, files = [], [], [], []
    for number, path in enumerate(paths):
        for passage in (each for each in read_passages(path) if each.language == code):
            found, outright = example(cues, extractor, passage)
            values.append([found.get(name, 0.0) for name in cues.names])
            truth.append(STAGES.index(Stage(passage.stage)))
            said.append(-1 if outright is None else STAGES.index(outright))
            files.append(number)
    return Examples(np.array(values), np.array(truth), np.array(said), np.array(files))


def example(cues: StageCues, extractor: Extractor, passage: AnnotatedPassage) -> tuple[dict[str, float], Stage | None]:
    """Return the values of the cues of a passage, and the stage that its deadline or its decisive words say."""
    text, title = fold(passage.text), fold(passage.title)
    reading = extractor.read(passage.text, language=passage.language, title=passage.title)
    values = cues.values(text, title, has_requirements=bool(reading.requirements))
    return values, Stage.DRAFT if reading.comment_deadline is not None else cues.decide(text, title)


def guess(examples: Examples, weights: Matrix) -> Indices:
    """Return the index of the stage of each text, as the component finds it."""
    weighed = (examples.values @ weights).argmax(1)
    return np.where(examples.said >= 0, examples.said, weighed)


def fit(examples: Examples, chosen: npt.NDArray[np.bool_]) -> Matrix:
    """Return the weights (cue by stage) by gradient descent with per-weight step sizes (AdaGrad), from the chosen texts
    that leave the decision to them."""
    chosen = chosen & (examples.said < 0)
    presence, truth = examples.values[chosen], examples.truth[chosen]
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
    lines = ["# Written by `python -m training.fit_stage`: how much each cue of stage.toml speaks for each stage."]
    for name, row in zip(names, weights, strict=True):
        kept = {stage.value: weight for stage, weight in zip(STAGES, row, strict=True) if abs(weight) >= SMALLEST}
        if kept:
            body = ", ".join(f"{stage} = {weight:.2f}" for stage, weight in kept.items())
            lines.append(f'"{name}" = {{ {body} }}')
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(sys.argv[1], [Path(name) for name in sys.argv[2:]])
