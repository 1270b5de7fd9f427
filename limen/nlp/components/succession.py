"""Which documents a document replaces, and which it puts out of force."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc

from limen.nlp.language_data import load_grammar

_LONGEST = 200_000
"""Code points that are looked at: a law repeals in its last article, but no megabyte of text is a law."""
_EDGE = ' "“”*_,，'


class Succession:
    """Sets `doc._.replaces` and `doc._.repeals`: titles or numbers as printed, in order, each once."""

    def __init__(self, code: str) -> None:
        """Compile the patterns of a language. Raises `FileNotFoundError` if it has none."""
        grammar = load_grammar(code, "succession")
        name: str = grammar["name"]
        self._active, self._passive = (
            [
                (entry["relation"], re.compile(entry["pattern"].replace("{name}", f"(?P<name>{name})")))
                for entry in grammar[voice]
            ]
            for voice in ("active", "passive")
        )
        self._following = re.compile(f"{grammar['joined']}(?P<name>{name})")
        self._preceding = re.compile(f"(?P<name>{name}){grammar['joined']}$")

    def __call__(self, doc: Doc) -> Doc:
        """Set the relations of one text."""
        doc._.replaces, doc._.repeals = self.find(doc._.folded, printed=doc.text)
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
        for relation, pattern in self._active:
            for match in pattern.finditer(text):
                following: re.Match[str] | None = match
                while following is not None:
                    yield relation, *following.span("name")
                    following = self._following.match(text, following.end("name"))
        for relation, pattern in self._passive:
            for match in pattern.finditer(text):
                preceding: re.Match[str] | None = match
                while preceding is not None:
                    yield relation, *preceding.span("name")
                    preceding = self._preceding.search(
                        text, max(0, preceding.start("name") - 160), preceding.start("name")
                    )
