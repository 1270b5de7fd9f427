"""Names of regulators, places, rules, standards, products, materials, companies, and dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from spacy.tokens import Doc

from limen.domain.entity import Entity, EntityLabel
from limen.domain.evidence import Evidence
from limen.nlp.dates import date_reader
from limen.nlp.folding import fold
from limen.nlp.lexicon.designations import find_designations
from limen.nlp.lexicon.names import named_things
from limen.nlp.occurrences import first_piece, places
from limen.nlp.tokens import continues, tokens

# Names of these kinds are proper names: "turkey" and "chile" are food, "china" is on the table.
_PROPER = frozenset({EntityLabel.REGULATOR, EntityLabel.JURISDICTION, EntityLabel.COMPANY, EntityLabel.INSTRUMENT})
_ACRONYM = re.compile(r"(?=(?:[^A-Z]*[A-Z]){2})[A-Za-z0-9.&/-]{2,8}s?")
_SHORTEST_SHOUT = 4
# A text of any language names things in Latin letters; Chinese names stand in Chinese texts.
_EVERYWHERE = "en"


@dataclass(frozen=True, slots=True)
class _Name:
    """What a phrase means; None for one that only looks like a name."""

    name: str
    label: EntityLabel | None
    canonical: str

    @property
    def keeps_case(self) -> bool:
        """True for proper names and acronyms: they are only found as they are written here, or all in capitals."""
        return self.label in _PROPER or _ACRONYM.fullmatch(self.name) is not None


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    label: EntityLabel | None
    canonical: str


@dataclass(slots=True)
class _Branch:
    """What may follow some tokens of names, and the names that they are in full."""

    following: dict[str, _Branch] = field(default_factory=dict)
    names: list[_Name] = field(default_factory=list)


class _Phrases:
    """The names of a language as a tree of their tokens in lower case, with what each one means."""

    def __init__(self, code: str) -> None:
        self._root = _Branch()
        self._first_pieces: set[str] = set()
        self.titles: dict[str, str] = {}
        for thing in named_things():
            for language in dict.fromkeys((code, _EVERYWHERE)):
                for written in thing.names.get(language, ()):
                    self._add(_Name(name=fold(written), label=thing.label, canonical=thing.id or ""))

    def _add(self, name: _Name) -> None:
        lowered = name.name.lower()
        branch = self._root
        for token in tokens(lowered):
            branch = branch.following.setdefault(token[1], _Branch())
        branch.names.append(name)
        self._first_pieces.add(first_piece(lowered))
        if name.label is EntityLabel.INSTRUMENT:
            self.titles[lowered] = name.canonical

    def find(self, folded: str) -> Iterator[_Candidate]:
        """Yield the names in a folded text; they may overlap."""
        for start in self._starts(folded):
            branch: _Branch | None = self._root
            for token in tokens(folded, start):
                branch = branch.following.get(token[1].lower()) if branch is not None else None
                if branch is None:
                    break
                written = folded[start : token.end(1)]
                for name in branch.names:
                    if not name.keeps_case or _in_its_case(written, name.name):
                        yield _Candidate(start, token.end(1), name.label, name.canonical)
                        break

    def _starts(self, folded: str) -> Iterator[int]:
        """Yield where a token begins that may be the first of a name."""
        listed = places(folded)
        if not listed.is_complete:
            yield from (token.start() for token in tokens(folded))
            return
        for piece, positions in listed.of_piece.items():
            if piece.lower() in self._first_pieces:
                yield from (at for at in positions if at == 0 or not continues(folded, at))


@cache
def _phrases(code: str) -> _Phrases:
    return _Phrases(code)


class Entities:
    """Sets `doc._.entities`: a tuple in the order of the text, without overlap; the longest name wins.

    Names come from `lexicon/entities`, forms such as `GB 38031-2025` from `lexicon/designations.toml`, dates from the
    language's `dates.toml`. Proper names count only in their own capitals, or all in capitals as headings have them.
    """

    def __init__(self, code: str) -> None:
        """Compile the names of a language and the Latin ones."""
        self._dates = date_reader(code)
        self._names = _phrases(code)

    def __call__(self, doc: Doc) -> Doc:
        """Find the entities of one text."""
        doc._.entities = self.find(doc._.printed, doc._.folded)
        return doc

    def find(self, text: str, folded: str) -> tuple[Entity, ...]:
        """Return the entities of a text; `folded` is its folded form, of the same length."""
        candidates = [*self._names.find(folded), *self._designated(folded), *self._dated(folded)]
        return tuple(
            Entity(
                label=candidate.label,
                canonical=candidate.canonical,
                evidence=Evidence.of(text, candidate.start, candidate.end),
            )
            for candidate in _longest(candidates, len(text))
            if candidate.label is not None
        )

    def _designated(self, folded: str) -> Iterator[_Candidate]:
        for found in find_designations(folded):
            canonical = self._names.titles.get(found.canonical.lower(), found.canonical)
            yield _Candidate(found.start, found.end, found.label, canonical)

    def _dated(self, folded: str) -> Iterator[_Candidate]:
        for printed in self._dates.read(folded):
            if printed.iso is not None:
                yield _Candidate(printed.start, printed.end, EntityLabel.DATE, printed.iso)


def _in_its_case(written: str, name: str) -> bool:
    return written == name or (len(name) >= _SHORTEST_SHOUT and written == name.upper())


def _longest(candidates: Iterable[_Candidate], size: int) -> list[_Candidate]:
    """Return the candidates that no longer one, or earlier one of the same length, overlaps; in order."""
    taken = bytearray(size)
    kept = []
    for candidate in sorted(candidates, key=lambda candidate: (candidate.start - candidate.end, candidate.start)):
        stretch = slice(candidate.start, candidate.end)
        if not any(taken[stretch]):
            taken[stretch] = b"\x01" * (candidate.end - candidate.start)
            kept.append(candidate)
    return sorted(kept, key=lambda candidate: candidate.start)
