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
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

import limen.nlp
from limen.nlp.linking.alternatives import FIELDS
from limen.nlp.linking.linker import ENOUGH, Linker
from tests.eval.corpus import read_passages
from tests.eval.score import content, words_f1
from training.linking_examples import ExampleReader, Passage
from training.linking_fit import Fit

WEIGHTS = {"spec": 3, "dev": 3, "mining": 2, "energy": 2, "rules": 2, "trade": 2}
"""How often the passages of a file count in an epoch, by what its name holds; others once."""


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
