"""The metrics that rules limit, by their names in each language."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Self

from limen.domain.change import Direction
from limen.domain.quantity import unit_scale
from limen.nlp.folding import fold

_CJK = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[a-zà-ÿ0-9&]+(?:\.\d+)?")
# As the base units of pint and of our own definitions are called.
_CURRENCY = re.compile(r"\b[A-Z]{3}\b")
_TIME = "second"
_SMALL_WORDS = frozenset({"of", "the", "a", "an", "in", "for", "and", "to", "on"})


class UsualBound(StrEnum):
    """On which side rules usually bound a metric; the comparator of the text decides, where there is one."""

    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric of the lexicon."""

    id: str
    """Language-independent and stable: `energy_density`."""
    units: tuple[str, ...]
    """Pint units in which it is stated; units of the same dimensions belong to it too."""
    usual_bound: UsualBound
    more: Direction
    """What a higher set value means to those who must comply: royalties tighten, quotas loosen; neutral if unknown."""
    names: Mapping[str, tuple[str, ...]]
    """Language code to names, the label first."""

    def label(self, language: str) -> str:
        """Return the name to show in a language; the id where the lexicon has none."""
        names = self.names.get(language, ())
        return names[0] if names else self.id.replace("_", " ")


class MetricLexicon:
    """Finds the metric that a text names."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        """Index metrics; where two share a name and a dimension, the earlier one has it."""
        self._metrics = {metric.id: metric for metric in metrics}
        self._kinds = {
            metric.id: frozenset(kind for unit in metric.units for kind in _kinds(unit))
            for metric in self._metrics.values()
        }
        names: defaultdict[str, list[_Name]] = defaultdict(list)
        for metric in self._metrics.values():
            for language, aliases in metric.names.items():
                names[language].extend(_Name.of(alias, metric.id) for alias in aliases)
        self._names = {language: _NameIndex.of(entries) for language, entries in names.items()}

    @classmethod
    def load(cls) -> Self:
        """Return the lexicon shipped with Limen."""
        records = tomllib.loads(files("limen.nlp").joinpath("lexicon", "metrics.toml").read_text(encoding="utf-8"))
        return cls(_metric(record) for record in records["metric"])

    def __getitem__(self, metric_id: str) -> Metric:
        """Return a metric. Raises `KeyError`."""
        return self._metrics[metric_id]

    def __len__(self) -> int:
        return len(self._metrics)

    def __iter__(self) -> Iterator[Metric]:
        return iter(self._metrics.values())

    def find(self, metric_text: str, language: str, *, unit: str | None = None) -> str | None:
        """Return the id of the metric whose longest name occurs in a text, or None.

        English names may stand in other order ("recovery of lithium" is "lithium recovery"), Chinese ones with 的 inside.
        With `unit`, only metrics of its kind are looked at: energy density in Wh/L is the volumetric one. An amount and
        the same by year are of one kind, and so is money in any currency, by whatever it is taken.

        Raises:
            UnknownUnit: the unit is not one that pint or our definitions know.
        """
        index = self._names.get(language)
        if index is None:
            return None
        kinds = None if unit is None else _kinds(unit)
        best: _Name | None = None
        for name in index.occurring(metric_text):
            if kinds is not None and kinds.isdisjoint(self._kinds[name.metric_id]):
                continue
            if best is None or name.length > best.length:
                best = name
        return None if best is None else best.metric_id


@cache
def metric_lexicon() -> MetricLexicon:
    """Return the shipped lexicon, read once."""
    return MetricLexicon.load()


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as the parts that must occur: words, or for Chinese the whole."""

    parts: tuple[str, ...]
    metric_id: str

    @classmethod
    def of(cls, alias: str, metric_id: str) -> _Name:
        """Split an alias into its telling words, or take it whole where it has none (only small words) or is Chinese."""
        return cls(_parts(alias) or (alias,), metric_id)

    @property
    def length(self) -> int:
        """Characters of the parts and one for each part: the longest of the names that occur is the most exact."""
        return sum(map(len, self.parts)) + len(self.parts)


@dataclass(frozen=True, slots=True)
class _NameIndex:
    """The names of a language, Latin ones by their first word and others by their first sign."""

    worded: Mapping[str, Sequence[_Name]]
    signed: Mapping[str, Sequence[_Name]]

    @classmethod
    def of(cls, names: Iterable[_Name]) -> _NameIndex:
        """Index names; a Chinese one has a single part, a Latin one is only sought by its first."""
        worded: defaultdict[str, list[_Name]] = defaultdict(list)
        signed: defaultdict[str, list[_Name]] = defaultdict(list)
        for name in names:
            if _CJK.search("".join(name.parts)):
                signed[name.parts[0][0]].append(name)
            else:
                worded[name.parts[0]].append(name)
        return cls(worded, signed)

    def occurring(self, text: str) -> Iterable[_Name]:
        """Yield the names that occur in a text."""
        words = dict.fromkeys(_words(text))
        for word in words:
            yield from (name for name in self.worded.get(word, ()) if all(part in words for part in name.parts))
        signs = _signs(text)
        for sign in dict.fromkeys(signs):
            yield from (name for name in self.signed.get(sign, ()) if name.parts[0] in signs)


@cache
def _kinds(unit: str) -> frozenset[str]:
    """Return what the amounts of a unit can be compared with: its dimension, and that without a rate by time."""
    dimension = unit_scale(unit).dimension
    if _CURRENCY.search(dimension):
        return frozenset({"money"})
    parts = dimension.split(" / ")
    kinds = {dimension}
    if len(parts) > 1 and parts[-1] == _TIME:
        amount = " / ".join(parts[:-1])
        kinds.add("dimensionless" if amount == "1" else amount)
    return frozenset(kinds)


def _metric(record: Mapping[str, Any]) -> Metric:
    return Metric(
        id=record["id"],
        units=tuple(record["units"]),
        usual_bound=UsualBound(record["direction"]),
        more=Direction(record.get("more", Direction.NEUTRAL)),
        names={
            language: tuple(names)
            for language, names in record.items()
            if isinstance(names, list) and language != "units"
        },
    )


def _parts(alias: str) -> tuple[str, ...]:
    return (_signs(alias),) if _CJK.search(alias) else tuple(_words(alias))


def _words(text: str) -> list[str]:
    """Return the telling words of a text, lower case and singular."""
    return [_singular(word) for word in _WORD.findall(fold(text).lower()) if word not in _SMALL_WORDS]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _signs(text: str) -> str:
    return re.sub(r"[\s的]", "", fold(text).lower())
