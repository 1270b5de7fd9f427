"""The names of regulators, places, rules, products, materials and companies: one record a thing, in all its languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from limen.domain.entity import EntityLabel


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedThing:
    """A thing with its names. `label` and `id` are None for phrases that only look like a name ("lead to")."""

    id: str | None
    label: EntityLabel | None
    names: dict[str, tuple[str, ...]]
    """Language code to names, the usual one first."""


@cache
def named_things() -> tuple[NamedThing, ...]:
    """Return every record of `lexicon/entities/*.jsonl`, read once."""
    return tuple(_read())


def _read() -> Iterator[NamedThing]:
    folder = files("limen.nlp").joinpath("lexicon", "entities")
    for path in sorted((path for path in folder.iterdir() if path.name.endswith(".jsonl")), key=lambda path: path.name):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            label = record.get("label")
            yield NamedThing(
                id=record.get("id"),
                label=None if label is None else EntityLabel(label),
                names={language: tuple(names) for language, names in record.items() if language not in ("id", "label")},
            )
