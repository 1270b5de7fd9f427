"""Decides the part each number plays, by the words around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacy.tokens import Doc

from limen.domain.sighting import QuantityRole
from limen.nlp.dimensions import unit_kinds
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention


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
        self._bias: float = grammar["bias"]
        self._own: dict[str, float] = grammar["own"]

    def __call__(self, doc: Doc) -> Doc:
        """Settle the roles of one text."""
        text_cues = {cue.name for cue in self._cues if cue.scope == "text" and cue.pattern.search(doc._.folded)}
        text_cues |= {cue.name for cue in self._cues if cue.scope == "title" and cue.pattern.search(doc._.folded_title)}
        doc._.text_cues = text_cues
        for mention in doc._.mentions:
            total, best = self._bias, (0.0, QuantityRole.OTHER)
            features = self.features(doc, mention)
            for cue in self._cues:
                if cue.name in features:
                    total += cue.weight
                    if cue.role is not QuantityRole.REQUIREMENT and cue.weight < best[0]:
                        best = (cue.weight, cue.role)
            total += sum(weight for name, weight in self._own.items() if name in features)
            mention.role = QuantityRole.REQUIREMENT if total > 0 else best[1]
        return doc

    def features(self, doc: Doc, mention: Mention) -> set[str]:
        """Return the names of all cues that hold for a mention."""
        text, segments = doc._.folded, doc._.segments
        scopes = {
            "clause": segments.clause(mention.start),
            "sentence": segments.sentence(mention.start),
            "line": segments.line(mention.start),
        }
        sentence_start, sentence_end = scopes["sentence"]
        scopes["near"] = (max(sentence_start, mention.start - 40), min(len(text), mention.end + 20))
        scopes["before"] = (sentence_start, mention.start)
        scopes["just_before"] = (max(sentence_start, mention.start - 24), mention.start)
        scopes["just_after"] = (mention.end, min(len(text), mention.end + 24))
        scopes["heading"] = _heading(text, mention.start)
        scopes["after"] = (mention.end, sentence_end)
        stretches = {scope: text[low:high] for scope, (low, high) in scopes.items()}
        found = {
            cue.name
            for cue in self._cues
            if cue.scope in stretches and cue.pattern.search(stretches[cue.scope]) is not None
        }
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
