"""The words by which the comparison of requirements reads meaning: kept as data beside this file, read on first use."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class WordList:
    """A list of words and phrases that is looked for in a text as a whole."""

    pattern: re.Pattern[str]

    @classmethod
    def of(cls, entries: Iterable[str]) -> WordList:
        """Return the list of `entries`. A `*` at the end of a Latin entry stands for any ending."""
        longest_first = sorted(entries, key=len, reverse=True)
        latin = "|".join(_from_its_beginning(entry) for entry in longest_first if entry.isascii())
        # what all entries need is looked for once, and not by each: a first letter, the beginning of a word
        letters = "".join(re.escape(letter) for letter in sorted({entry[0] for entry in longest_first}))
        alternatives = [rf"\b(?:{latin})"] if latin else []
        alternatives += [re.escape(entry) for entry in longest_first if not entry.isascii()]
        return cls(pattern=re.compile(f"(?=[{letters}])(?:{'|'.join(alternatives)})"))

    def __hash__(self) -> int:
        # that of a compiled pattern is reckoned anew from all of it each time
        return hash(self.pattern.pattern)

    def found(self, text: str) -> frozenset[str]:
        """Return the words of the list that occur in `text`, as they stand there in lower case; longest first, no overlaps."""
        return _found(self, text)

    def counted(self, text: str) -> Mapping[str, int]:
        """Return how often each word of the list occurs in `text`, in lower case; 0 for any other word."""
        return _counted(self, text)

    def at_end(self, text: str) -> frozenset[str]:
        """Return the word of the list that `text` ends with, blanks aside, in lower case; empty if there is none."""
        text = text.casefold().rstrip()
        return frozenset(match[0] for match in self.pattern.finditer(text) if match.end() == len(text))

    def occurs(self, text: str) -> bool:
        """Tell whether any word of the list occurs in `text`."""
        return bool(_found(self, text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """All lists of `words.toml`; see the comments there for what each one means."""

    ignored: frozenset[str]
    synonyms: Mapping[str, str]
    """For each word that has synonyms the first of them."""
    universal: WordList
    restricting: WordList
    opposed: WordList
    opposites: frozenset[frozenset[str]]
    charge: WordList
    punishment: WordList
    effort: WordList
    grant: WordList
    licence: WordList
    payout: WordList
    capped_duty: WordList
    caught: WordList
    closing: frozenset[str]
    consequence: WordList
    exemption: WordList


@cache
def words() -> Words:
    """Return the word lists shipped with Limen."""
    data = tomllib.loads(files("limen.domain").joinpath("words.toml").read_text(encoding="utf-8"))
    scope, burden = data["scope"], data["burden"]
    return Words(
        ignored=frozenset(data["ignored"]),
        synonyms={word: group[0] for group in data["synonyms"] for word in group},
        universal=WordList.of(scope["universal"]),
        restricting=WordList.of(scope["restricting"]),
        opposed=WordList.of({word for pair in scope["opposed"] for word in pair}),
        opposites=frozenset(frozenset(pair) for pair in scope["opposed"]),
        closing=frozenset(burden.pop("closing")),
        **{name: WordList.of(entries) for name, entries in burden.items()},
    )


@lru_cache(maxsize=65536)
def _found(listed: WordList, text: str) -> frozenset[str]:
    # subjects and metrics come again and again, in one document and from version to version
    return frozenset(listed.pattern.findall(text.casefold()))


@lru_cache(maxsize=8)
def _counted(listed: WordList, text: str) -> Counter[str]:
    # whole texts: asked for each of their requirements, and never again
    return Counter(listed.pattern.findall(text.casefold()))


def expression(entry: str) -> str:
    """Return the pattern of one entry of a list: Chinese anywhere, others as whole words, `*` for any ending."""
    return rf"\b{_from_its_beginning(entry)}" if entry.isascii() else re.escape(entry)


def _from_its_beginning(entry: str) -> str:
    return rf"{re.escape(entry[:-1])}\w*" if entry.endswith("*") else rf"{re.escape(entry)}\b"
