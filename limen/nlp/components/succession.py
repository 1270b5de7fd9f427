"""Which documents a document replaces, and which it puts out of force."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc

from limen.nlp.language_data import load_grammar
from limen.nlp.occurrences import Expressions

_LONGEST = 200_000
"""Code points that are looked at: a law repeals in its last article, but no megabyte of text is a law."""
_EDGE = ' "“”*_,，'


class Succession:
    """Sets `doc._.replaces` and `doc._.repeals`: titles or numbers as printed, in order, each once."""

    def __init__(self, code: str) -> None:
        """Compile the patterns of a language. Raises `FileNotFoundError` if it has none."""
        grammar = load_grammar(code, "succession")
        name: str = grammar["name"]
        self._relations: list[tuple[str, str]] = [
            (voice, entry["relation"]) for voice in ("active", "passive") for entry in grammar[voice]
        ]
        self._sought = Expressions(
            re.compile(entry["pattern"].replace("{name}", f"(?P<name>{name})"))
            for voice in ("active", "passive")
            for entry in grammar[voice]
        )
        self._following = re.compile(f"{grammar['joined']}(?P<name>{name})")
        self._preceding = re.compile(f"(?P<name>{name}){grammar['joined']}$")

    def __call__(self, doc: Doc) -> Doc:
        """Set the relations of one text."""
        doc._.replaces, doc._.repeals = self.find(doc._.folded, printed=doc._.printed)
        return doc

    def find(self, text: str, *, printed: str | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what a folded text says that its document replaces, and what it repeals.

        `printed` is the text as it was before folding, from which names are taken; None for the folded text itself.
        """
        source = text if printed is None else printed
        found: dict[str, dict[int, str]] = {"replaces": {}, "repeals": {}}
        for relation, start, end in self._stretches(text[:_LONGEST]):
            found[relation].setdefault(start, source[start:end].strip(_EDGE))
        replaces, repeals = (
            tuple(dict.fromkeys(names[start] for start in sorted(names)))
            for names in (found["replaces"], found["repeals"])
        )
        return replaces, repeals

    def _stretches(self, text: str) -> Iterator[tuple[str, int, int]]:
        found = self._sought.over(text)
        for number, (voice, relation) in enumerate(self._relations):
            for match in found.every(number):
                named: re.Match[str] | None = match
                while named is not None:
                    yield relation, *named.span("name")
                    start, end = named.span("name")
                    if voice == "active":
                        named = self._following.match(text, end)
                    else:
                        named = self._preceding.search(text, max(0, start - 160), start)
