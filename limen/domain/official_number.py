"""The official numbers of rules: which of them are the same, and how far each reaches."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files


class Reach(StrEnum):
    """Among what a number picks out one rule; see `official_numbers.toml`."""

    UNIQUE = "unique"
    DOCKET = "docket"
    ISSUER = "issuer"
    BARE = "bare"
    STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class OfficialNumber:
    """A number without the accidents of its print: two numbers are the same if they are equal."""

    key: str
    reach: Reach


@lru_cache(maxsize=65536)
def official_number(printed: str) -> OfficialNumber:
    """Return a document's own number. One of an unknown kind counts as its issuer's."""
    found = numbers_in(printed)
    if found:
        return found[0]
    return OfficialNumber("".join(_levelled(printed).split()), Reach.ISSUER)


@lru_cache(maxsize=65536)
def numbers_in(phrase: str) -> tuple[OfficialNumber, ...]:
    """Return the numbers of known kinds that a phrase holds, in the order of the kinds; no place counts twice."""
    text = _levelled(phrase)
    taken: list[tuple[int, int]] = []
    found = []
    for reach, pattern, key in _kinds():
        for match in pattern.finditer(text):
            start, end = match.span()
            if all(end <= first or last <= start for first, last in taken):
                taken.append((start, end))
                groups = defaultdict(str, {name: value or "" for name, value in match.groupdict().items()})
                found.append(OfficialNumber(key.format_map(groups), reach))
    return tuple(dict.fromkeys(found))


@cache
def _kinds() -> tuple[tuple[Reach, re.Pattern[str], str], ...]:
    text = files("limen.domain").joinpath("official_numbers.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)["numbers"]
    return tuple((Reach(entry["kind"]), re.compile(entry["pattern"]), entry["key"]) for entry in entries)


def _levelled(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
