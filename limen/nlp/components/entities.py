"""Names of regulators, places, rules, standards, products, materials, companies, and dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from threading import Lock

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from limen.domain.entity import Entity, EntityLabel
from limen.domain.evidence import Evidence
from limen.nlp.dates import date_reader
from limen.nlp.folding import fold
from limen.nlp.lexicon.designations import find_designations
from limen.nlp.lexicon.names import named_things
from limen.nlp.tokens import LinearTokenizer

# Names of these kinds are proper names: "turkey" and "chile" are food, "china" is on the table.
_PROPER = frozenset({EntityLabel.REGULATOR, EntityLabel.JURISDICTION, EntityLabel.COMPANY, EntityLabel.INSTRUMENT})
_ACRONYM = re.compile(r"(?=(?:[^A-Z]*[A-Z]){2})[A-Za-z0-9.&/-]{2,8}s?")
_SHORTEST_SHOUT = 4
# A text of any language names things in Latin letters; Chinese names stand in Chinese texts.
_EVERYWHERE = "en"
_ANY_LANGUAGE = "xx"
"""spaCy's code for a vocabulary of no language in particular: lower case is all that is asked of it."""


@dataclass(frozen=True, slots=True)
class _Name:
    """What a phrase means; None for one that only looks like a name."""

    name: str
    label: EntityLabel | None
    canonical: str

    @property
    def keeps_case(self) -> bool:
        return self.label in _PROPER or _ACRONYM.fullmatch(self.name) is not None


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    label: EntityLabel | None
    canonical: str


class _Phrases:
    """The names of a language in one matcher, with what each one means."""

    def __init__(self, code: str) -> None:
        self._vocab = spacy.blank(_ANY_LANGUAGE).vocab
        self._lock = Lock()
        self._tokenize = LinearTokenizer(self._vocab)
        self._matcher = PhraseMatcher(self._vocab, attr="LOWER")
        self._names: dict[str, list[_Name]] = {}
        for thing in named_things():
            for language in dict.fromkeys((code, _EVERYWHERE)):
                for name in thing.names.get(language, ()):
                    entry = _Name(name=fold(name), label=thing.label, canonical=thing.id or "")
                    self._names.setdefault(entry.name.lower(), []).append(entry)
        for key in self._names:
            self._matcher.add(key, [self._tokenize(key)])
        self.titles = {
            name.name.lower(): name.canonical
            for names in self._names.values()
            for name in names
            if name.label is EntityLabel.INSTRUMENT
        }

    def find(self, folded: str) -> list[_Candidate]:
        """Return the names in a folded text; they may overlap."""
        # The words of every text would stay in the vocabulary for good otherwise; only one thread may open a zone.
        with self._lock, self._vocab.memory_zone():
            return list(self._candidates(folded))

    def _candidates(self, folded: str) -> Iterator[_Candidate]:
        doc = self._tokenize(folded)
        for key, first, behind in self._matcher(doc):
            start, end = doc[first].idx, doc[behind - 1].idx + len(doc[behind - 1])
            written = folded[start:end]
            for name in self._names[self._vocab.strings[key]]:
                if not name.keeps_case or _in_its_case(written, name.name):
                    yield _Candidate(start, end, name.label, name.canonical)
                    break


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
        doc._.entities = self.find(doc.text, doc._.folded)
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
