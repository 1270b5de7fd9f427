"""Classes of words that tell what part a number plays ("shall", "grew", "comments are due"), each with where it must stand."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from spacy.tokens import Doc

from limen.domain.sighting import QuantityRole
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention

_SIDE = 300
"""Code points before and after a mention that the cues of these scopes look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCue:
    """Words that speak for or against a role, within `scope`: near, clause, sentence, line, title, text and others."""

    name: str
    pattern: re.Pattern[str]
    scope: str
    role: QuantityRole


class CueReader:
    """The cues of a language."""

    def __init__(self, code: str) -> None:
        self.cues = [
            RoleCue(
                name=entry["name"],
                pattern=re.compile(entry["pattern"], re.IGNORECASE),
                scope=entry["scope"],
                role=QuantityRole(entry["role"]),
            )
            for entry in load_grammar(code, "roles")["cue"]
        ]
        self._of_scope: defaultdict[str, list[RoleCue]] = defaultdict(list)
        for cue in self.cues:
            self._of_scope[cue.scope].append(cue)

    def over(self, doc: Doc) -> CuesOfText:
        """Return the cues that hold in a text, to be asked for its mentions."""
        return CuesOfText(self._of_scope, doc)


class CuesOfText:
    """The cues of one text. What holds for a stretch is found once: the numbers of a sentence share most of them."""

    def __init__(self, of_scope: dict[str, list[RoleCue]], doc: Doc) -> None:
        self._of_scope, self._doc = of_scope, doc
        self._held: dict[tuple[str, int, int], frozenset[str]] = {}
        whole = [cue.name for cue in of_scope.get("text", ()) if cue.pattern.search(doc._.folded)]
        titled = [cue.name for cue in of_scope.get("title", ()) if cue.pattern.search(doc._.folded_title)]
        self._everywhere = frozenset((*whole, *titled))

    def of(self, mention: Mention) -> set[str]:
        """Return the names of the cues that hold for a mention."""
        found = set(self._everywhere)
        for scope, (low, high) in self._scopes(mention).items():
            names = self._held.get((scope, low, high))
            if names is None:
                stretch = self._doc._.folded[low:high]
                names = frozenset(cue.name for cue in self._of_scope.get(scope, ()) if cue.pattern.search(stretch))
                self._held[scope, low, high] = names
            found |= names
        return found

    def _scopes(self, mention: Mention) -> dict[str, tuple[int, int]]:
        text, segments = self._doc._.folded, self._doc._.segments
        low, high = segments.sentence(mention.start)
        return {
            "clause": segments.clause(mention.start),
            "sentence": (low, high),
            "line": segments.line(mention.start),
            "near": (max(low, mention.start - 40), min(len(text), mention.end + 20)),
            "before": (max(low, mention.start - _SIDE), mention.start),
            "just_before": (max(low, mention.start - 24), mention.start),
            "just_after": (mention.end, min(len(text), mention.end + 24)),
            "heading": heading_over(text, mention.start),
            "after": (mention.end, min(high, mention.end + _SIDE)),
        }


def heading_over(text: str, position: int) -> tuple[int, int]:
    """Return the nearest heading above a position, or an empty stretch."""
    mark = text.rfind("\n#", 0, position)
    if mark < 0:
        if not text.startswith("#"):
            return (0, 0)
        mark = -1
    end = text.find("\n", mark + 1)
    return (mark + 1, len(text) if end < 0 else end)
