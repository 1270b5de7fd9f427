"""Decides the part each number plays, by the words around it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from spacy.tokens import Doc

from limen.domain.sighting import QuantityRole
from limen.nlp.dimensions import unit_kinds
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention

Held = dict[tuple[str, int, int], frozenset[str]]
"""Names of the cues that hold, by scope and stretch: the numbers of a sentence share most of them."""

SIDE = 300
"""Code points before and after a mention that the cues of these scopes look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCue:
    """Words that speak for or against a role, within `scope`: near, clause, sentence, line, title or text."""

    name: str
    pattern: re.Pattern[str]
    scope: str
    weight: float
    role: QuantityRole


class Roles:
    """Sets `role` of each mention: the weights of all cues are added up, and above nought it is a requirement."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "roles")
        self._cues = [
            RoleCue(
                name=entry["name"],
                pattern=re.compile(entry["pattern"], re.IGNORECASE),
                scope=entry["scope"],
                weight=entry["weight"],
                role=QuantityRole(entry["role"]),
            )
            for entry in grammar["cue"]
        ]
        self._of_scope: defaultdict[str, list[RoleCue]] = defaultdict(list)
        for cue in self._cues:
            self._of_scope[cue.scope].append(cue)
        self._bias: float = grammar["bias"]
        self._own: dict[str, float] = grammar["own"]

    def __call__(self, doc: Doc) -> Doc:
        """Settle the roles of one text."""
        text_cues = {cue.name for cue in self._cues if cue.scope == "text" and cue.pattern.search(doc._.folded)}
        text_cues |= {cue.name for cue in self._cues if cue.scope == "title" and cue.pattern.search(doc._.folded_title)}
        doc._.text_cues = text_cues
        held: Held = {}
        for mention in doc._.mentions:
            total, best = self._bias, (0.0, QuantityRole.OTHER)
            features = self.features(doc, mention, held)
            for cue in self._cues:
                if cue.name in features:
                    total += cue.weight
                    if cue.role is not QuantityRole.REQUIREMENT and cue.weight < best[0]:
                        best = (cue.weight, cue.role)
            total += sum(weight for name, weight in self._own.items() if name in features)
            mention.role = QuantityRole.REQUIREMENT if total > 0 else best[1]
        return doc

    def features(self, doc: Doc, mention: Mention, held: Held) -> set[str]:
        """Return the names of all cues that hold for a mention. `held` keeps what holds for a stretch of this text."""
        text, segments = doc._.folded, doc._.segments
        scopes = {
            "clause": segments.clause(mention.start),
            "sentence": segments.sentence(mention.start),
            "line": segments.line(mention.start),
        }
        sentence_start, sentence_end = scopes["sentence"]
        scopes["near"] = (max(sentence_start, mention.start - 40), min(len(text), mention.end + 20))
        scopes["before"] = (max(sentence_start, mention.start - SIDE), mention.start)
        scopes["just_before"] = (max(sentence_start, mention.start - 24), mention.start)
        scopes["just_after"] = (mention.end, min(len(text), mention.end + 24))
        scopes["heading"] = _heading(text, mention.start)
        scopes["after"] = (mention.end, min(sentence_end, mention.end + SIDE))
        found: set[str] = set()
        for scope, (low, high) in scopes.items():
            names = held.get((scope, low, high))
            if names is None:
                stretch = text[low:high]
                names = frozenset(cue.name for cue in self._of_scope[scope] if cue.pattern.search(stretch) is not None)
                held[scope, low, high] = names
            found |= names
        text_cues: set[str] = doc._.text_cues
        return found | text_cues | _own_features(mention)


def _heading(text: str, position: int) -> tuple[int, int]:
    """Return the nearest heading above a position, or an empty stretch."""
    mark = text.rfind("\n#", 0, position)
    if mark < 0:
        if not text.startswith("#"):
            return (0, 0)
        mark = -1
    end = text.find("\n", mark + 1)
    return (mark + 1, len(text) if end < 0 else end)


def _own_features(mention: Mention) -> set[str]:
    found = set()
    if mention.op is None:
        found.add("no_op")
    elif mention.weak:
        found.add("inherited_op" if mention.inherited else "weak_op")
    else:
        found.add("strong_op")
    if mention.op is not None:
        found.add(f"op_{mention.op.value}")
    if mention.in_table:
        found.add("measured_column" if mention.measured else "in_table" if mention.op is not None else "table_no_op")
    for kind in unit_kinds(mention.unit) - {"any"}:
        found.add(f"kind_{kind}")
        if mention.op is None:
            found.add(f"kind_{kind}_no_op")
    if mention.sign:
        found.add("sign_op")
    if mention.label:
        found.add("label_cell")
    if mention.frequency:
        found.add("frequency")
    if mention.attributive:
        found.add("attributive")
    if mention.previous is not None:
        found.add("previous")
    return found
