"""The official numbers by which a document calls itself: docket, RIN, CELEX, 公告 number, 文号, number of a standard."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc

from limen.nlp.language_data import load_grammar

_NEAR = 80


class References:
    """Sets `doc._.references`: the document's own numbers as printed, in order, each once."""

    def __init__(self, code: str) -> None:
        """Compile the patterns of a language. Raises `FileNotFoundError` if it has none."""
        grammar = load_grammar(code, "references")
        self._labelled, self._headed, self._titled = (
            tuple(
                (entry["prefix"], re.compile(entry["pattern"], re.MULTILINE | re.ASCII))
                for entry in grammar.get(place, ())
            )
            for place in ("labelled", "headed", "titled")
        )
        rules = grammar["rules"]
        self._head: int = rules["head"]
        self._foreign_before = re.compile(rules["foreign_before"])
        self._foreign_after = re.compile(rules["foreign_after"])

    def __call__(self, doc: Doc) -> Doc:
        """Set the references of one text."""
        doc._.references = self.find(doc._.folded, title=doc._.folded_title)
        return doc

    def find(self, text: str, *, title: str = "") -> tuple[str, ...]:
        """Return the own numbers of a folded text: those under a label anywhere, one of each other kind from its head.

        A number that the words around it make that of another document (根据…, "amending ...", "... is repealed") is
        left out.
        """
        head = text[: self._head]
        # a number cut in two by the end of the head is none
        head = head[: head.rfind("\n")] if len(text) > self._head and "\n" in head else head
        found = [*self._in_head(title, head), *self._under_label(text)]
        return tuple(dict.fromkeys(found))

    def _in_head(self, title: str, head: str) -> Iterator[str]:
        first_line = head.lstrip("#*_ \n").partition("\n")[0]
        for places, patterns in (((title, head), self._headed), ((title, first_line), self._titled)):
            for prefix, pattern in patterns:
                number = next((number for place in places for number in self._own(pattern, place)), None)
                if number is not None:
                    yield prefix + number

    def _own(self, pattern: re.Pattern[str], text: str) -> Iterator[str]:
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - _NEAR) : match.start()]
            after = text[match.end() : match.end() + _NEAR]
            if not self._foreign_before.search(before) and not self._foreign_after.match(after):
                yield match["number"]

    def _under_label(self, text: str) -> Iterator[str]:
        for prefix, pattern in self._labelled:
            for match in pattern.finditer(text):
                yield prefix + match["number"]
