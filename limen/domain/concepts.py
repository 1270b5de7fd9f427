"""What tells the subjects of one metric apart, in any language: cell and pack, new plant and existing plant, cobalt and lead."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from limen.domain.entity import Entity, EntityLabel
from limen.domain.requirement import Requirement
from limen.domain.similarity import tokens
from limen.domain.words import WordList, expression

MATERIAL, PRODUCT, NUMBER = "material", "product", "number"
"""The groups that are no words of `concepts.toml`: canonical ids of the lexicon, and bare numbers ("over 300 MW")."""

_OPEN = frozenset({PRODUCT})
"""Groups whose members do not exclude one another: a traction battery is a battery."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_HYPHENS = re.compile(r"[-‐‑–]")

Concepts = Mapping[str, frozenset[str]]
"""What a subject is, by group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thesaurus:
    """The concepts with their words, and the words by which the press hedges; see `concepts.toml`."""

    pattern: re.Pattern[str]
    meanings: tuple[tuple[tuple[str, str], ...], ...]
    """For each group of `pattern`, the concepts that it stands for, each with the group that it belongs to."""
    anticipation: WordList
    rounding: WordList


@cache
def thesaurus() -> Thesaurus:
    """Return the words shipped with Limen."""
    data = tomllib.loads(files("limen.domain").joinpath("concepts.toml").read_text(encoding="utf-8"))
    group_of = {record["id"]: record["group"] for record in data["concept"]}
    entries = [
        (word, tuple((group_of[each], each) for each in (record["id"], *record.get("also", ()))))
        for record in data["concept"]
        for word in record["words"]
    ]
    entries.sort(key=lambda entry: len(entry[0]), reverse=True)
    return Thesaurus(
        pattern=re.compile("|".join(f"({expression(word)})" for word, _ in entries)),
        meanings=tuple(meaning for _, meaning in entries),
        anticipation=WordList.of(data["anticipation"]["words"]),
        rounding=WordList.of(data["rounding"]["words"]),
    )


def concepts_of(requirement: Requirement, entities: Iterable[Entity]) -> Concepts:
    """Return what a requirement is put on, by the words of its subject, metric and condition.

    `entities` are those of the text it was read from. A group about which these words say nothing is looked for in the
    headings above the requirement.
    """
    return _concepts((requirement.subject, requirement.metric, requirement.condition), requirement.section, entities)


def subject_concepts(requirement: Requirement, entities: Iterable[Entity]) -> Concepts:
    """Return the same without the words of the metric: what is measured in something is not what it is put on."""
    return _concepts((requirement.subject, requirement.condition), requirement.section, entities)


def says_no_more(subject: str) -> bool:
    """Tell whether a subject has no words but those of its concepts: "companies", and not "grid companies"."""
    return not tokens(thesaurus().pattern.sub(" ", _level(subject)))


def exclude_one_another(first: Concepts, second: Concepts) -> bool:
    """Tell whether two subjects cannot be one: both are something of one group, and not the same."""
    return any(first[group].isdisjoint(second[group]) for group in (first.keys() & second.keys()) - _OPEN)


def shared(first: Concepts, second: Concepts) -> int:
    """Return in how many groups two subjects are the same."""
    return sum(not first[group].isdisjoint(second[group]) for group in first.keys() & second.keys())


def covers(general: Concepts, special: Concepts) -> bool:
    """Tell whether all that `special` is said to be is also said of `general`, and something is said of both."""
    said = special.keys() - _OPEN
    agreed = all(not special[group].isdisjoint(general.get(group, frozenset())) for group in said)
    return agreed and shared(general, special) > 0


def _concepts(words: Iterable[str | None], section: str | None, entities: Iterable[Entity]) -> Concepts:
    own = " ".join(filter(None, words))
    found = dict(_found(_level(own)))
    for group, members in _found(_level(section or "")):
        found.setdefault(group, members)
    for label, group in ((EntityLabel.MATERIAL, MATERIAL), (EntityLabel.PRODUCT, PRODUCT)):
        names = {(each.canonical, each.evidence.quote) for each in entities if each.label is label}
        named = frozenset(canonical for canonical, name in names if _names(name.casefold()).occurs(own))
        if named:
            found[group] = named
    numbers = frozenset(_NUMBER.findall(own))
    if numbers:
        found[NUMBER] = numbers
    return found


@lru_cache(maxsize=4096)
def _names(name: str) -> WordList:
    return WordList.of([name])


def _level(text: str) -> str:
    return _HYPHENS.sub(" ", text.casefold())


@lru_cache(maxsize=65536)
def _found(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    known = thesaurus()
    found: dict[str, set[str]] = {}
    for match in known.pattern.finditer(text):
        assert match.lastindex is not None
        for group, concept in known.meanings[match.lastindex - 1]:
            found.setdefault(group, set()).add(concept)
    return tuple((group, frozenset(members)) for group, members in found.items())
