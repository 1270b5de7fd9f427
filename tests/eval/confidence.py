"""Measures what the reasons and the confidence of requirements are worth on annotated passages.

    python -m tests.eval.confidence FILE.jsonl [FILE.jsonl ...]

Prints the share of true requirements among those with each reason, then in each band of confidence: the numbers behind
`limen/nlp/confidence.toml` and behind the choice of `[extraction] review_below`.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from limen.domain.record import requirement_record
from limen.domain.requirement import Requirement
from limen.nlp.extraction import Extractor
from tests.eval.corpus import read_passages
from tests.eval.score import match

BANDS = 10


def main(paths: Iterable[Path]) -> None:
    """Read, count and print."""
    reasons: defaultdict[str, list[bool]] = defaultdict(list)
    bands: defaultdict[int, list[bool]] = defaultdict(list)
    for requirement, is_true in judged(paths):
        for reason in requirement.reasons:
            reasons[reason.value].append(is_true)
        bands[min(int(requirement.confidence * BANDS), BANDS - 1)].append(is_true)
    for name in sorted(reasons):
        sys.stdout.write(line(name, reasons[name]))
    for band in sorted(bands):
        sys.stdout.write(line(f"from {band / BANDS:.1f}", bands[band]))


def judged(paths: Iterable[Path]) -> Iterator[tuple[Requirement, bool]]:
    """Yield every requirement that is found, and whether operator, value and unit are those of an annotated one."""
    extractor = Extractor()
    for passage in (passage for path in paths for passage in read_passages(path)):
        reading = extractor.read(passage.text, language=passage.language, title=passage.title)
        records = [requirement_record(requirement) for requirement in reading.requirements]
        true = {id(found) for _, found in match(passage.requirements, records).pairs}
        for requirement, record in zip(reading.requirements, records, strict=True):
            yield requirement, id(record) in true


def line(name: str, verdicts: list[bool]) -> str:
    """Return one line of the report."""
    return f"{name:20} {len(verdicts):6} {sum(verdicts) / len(verdicts):7.1%}\n"


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
