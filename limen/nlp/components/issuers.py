"""Who issued a document, or the rule that it reports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from spacy.tokens import Doc

from limen.domain.document import Issuer
from limen.domain.entity import Entity, EntityLabel
from limen.nlp.language_data import load_grammar

_NEAR = 80
_SIGNATURE_LINES = 6
_EDGE = " \t　*_#|>-,，、."

Body = tuple[int, int]


class Issuers:
    """Sets `doc._.issued_by`: the bodies in the order of the text, each once. Runs after the entities are found."""

    def __init__(self, code: str) -> None:
        """Compile the patterns of a language. Raises `FileNotFoundError` if it has none."""
        grammar = load_grammar(code, "issuers")
        self._head: int = grammar["head"]
        self._tail: int = grammar["tail"]
        self._body, self._before, self._after, self._joined = (
            re.compile(grammar[name]) for name in ("body", "before", "after", "joined")
        )

    def __call__(self, doc: Doc) -> Doc:
        """Set the issuers of one text."""
        doc._.issued_by = self.find(doc._.folded, doc._.entities, title=doc._.folded_title)
        return doc

    def find(self, text: str, entities: Sequence[Entity] = (), *, title: str = "") -> tuple[Issuer, ...]:
        """Return the issuers that a folded text names: by a verb of issuing, under a label, in its title or signature.

        `entities` are those of the text: a regulator among them has a canonical id, any other body only its name.
        """
        known = {
            (entity.evidence.start, entity.evidence.end): entity.canonical
            for entity in entities
            if entity.label is EntityLabel.REGULATOR
        }
        bodies = self._bodies(text, known)
        chosen = {body for body in bodies if self._issues(text, body)} | self._signed(text, bodies)
        for first, second in reversed(tuple(pairwise(bodies))):
            if second in chosen and self._joined.match(text[first[1] : second[0]]):
                chosen.add(first)
        found = {text[start:end].strip(): _canonical((start, end), known) for start, end in sorted(chosen)}
        for name in self._titled(title):
            found.setdefault(
                name, next((canonical for body, canonical in known.items() if text[slice(*body)] == name), None)
            )
        return _distinct([Issuer(name=name, canonical=canonical) for name, canonical in found.items()])

    def _bodies(self, text: str, known: dict[Body, str]) -> list[Body]:
        """Return the stretches of the head and the tail that name a body, longest first where they overlap."""
        places = [(0, min(len(text), self._head)), (max(0, len(text) - self._tail), len(text))]
        spans = {match.span() for low, high in places for match in self._body.finditer(text, low, high)}
        spans |= {body for body in known if any(low <= body[0] and body[1] <= high for low, high in places)}
        kept: list[Body] = []
        for start, end in sorted(spans, key=lambda body: (body[0] - body[1], body[0])):
            if all(end <= low or high <= start for low, high in kept):
                kept.append((start, end))
        return sorted(kept)

    def _issues(self, text: str, body: Body) -> bool:
        start, end = body
        before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
        return bool(self._before.search(before) or self._after.match(after))

    def _signed(self, text: str, bodies: Sequence[Body]) -> set[Body]:
        """Return the bodies that fill one of the last lines."""
        signed: set[Body] = set()
        end = len(text.rstrip())
        for _ in range(_SIGNATURE_LINES):
            start = text.rfind("\n", 0, end) + 1
            inside = [body for body in bodies if start <= body[0] and body[1] <= end]
            rest = text[start:end]
            for low, high in inside:
                rest = rest.replace(text[low:high], "")
            if start > 0 and inside and not rest.strip(_EDGE):
                signed |= set(inside)
            if start == 0:
                break
            end = len(text[: start - 1].rstrip())
        return signed

    def _titled(self, title: str) -> list[str]:
        return [match.group().strip() for match in self._body.finditer(title) if self._issues(title, match.span())]


def _canonical(body: Body, known: dict[Body, str]) -> str | None:
    """Return the id of the regulator that a body is, or whose name it holds."""
    return next((known[each] for each in sorted(known) if body[0] <= each[0] and each[1] <= body[1]), None)


def _distinct(issuers: Sequence[Issuer]) -> tuple[Issuer, ...]:
    """Return the issuers without those that are named a second time, in full or by another name."""
    kept: list[Issuer] = []
    for issuer in issuers:
        same = (
            each.name == issuer.name or (each.canonical is not None and each.canonical == issuer.canonical)
            for each in kept
        )
        if not any(same):
            kept.append(issuer)
    return tuple(kept)
