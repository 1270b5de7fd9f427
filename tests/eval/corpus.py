"""The annotated corpora: passages with their requirements, and pairs of versions with their changes.

What the fields mean is in `docs/requirements.md`. `dev-*.jsonl` and `pairs/` are the corpora the product was specified with;
`more-pairs/` and `held-pairs/` are by other authors, `en.jsonl` and `zh.jsonl` are our own. Where the checkout stands beside a
`shared/gold` folder, its files are read as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
SHARED = HERE.parents[2] / "shared" / "gold"

PAIRS = ("pairs", "more-pairs", "held-pairs")
"""The corpora of version pairs. Nothing was ever chosen by a look at `held-pairs`."""

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedPassage:
    """A passage and what a reader should find in it; requirements in the form of the `limen extract` contract."""

    id: str
    language: str
    title: str
    text: str
    stage: str
    comment_deadline: str | None
    requirements: tuple[Record, ...]
    traps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPair:
    """Two versions of a document and the changes between them."""

    name: str
    language: str
    old: str
    new: str
    changes: tuple[Record, ...]


def passage_files() -> tuple[Path, ...]:
    """Return the files of passages: ours, then those of the shared folder that are not among ours."""
    shared = sorted(SHARED.glob("train-*.jsonl")) if SHARED.is_dir() else []
    return (*sorted(CORPUS.glob("*.jsonl")), *shared)


def read_passages(path: Path) -> Iterator[AnnotatedPassage]:
    """Yield the passages of a file; numbers are `Decimal`."""
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            record = json.loads(line, parse_float=Decimal, parse_int=Decimal)
            yield AnnotatedPassage(
                id=record["id"],
                language=record["lang"],
                title=record["title"] or "",
                text=record["text"],
                stage=record["stage"],
                comment_deadline=record.get("comment_deadline"),
                requirements=tuple(record["requirements"]),
                traps=tuple(record.get("traps", ())),
            )


def read_pairs(name: str = "pairs") -> Iterator[VersionPair]:
    """Yield the version pairs of a corpus (one of `PAIRS`) in the order of their folders."""
    for folder in sorted(path.parent for path in (CORPUS / name).glob("*/expected.json")):
        expected = json.loads(
            (folder / "expected.json").read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal
        )
        yield VersionPair(
            name=folder.name,
            language=expected["lang"],
            old=(folder / "old.md").read_text(encoding="utf-8"),
            new=(folder / "new.md").read_text(encoding="utf-8"),
            changes=tuple(expected["changes"]),
        )
