"""Classes of words that tell what part a number plays ("shall", "grew", "comments are due"), each with where it must stand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from spacy.tokens import Doc

from limen.domain.sighting import QuantityRole
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention
from limen.nlp.occurrences import Expressions, Occurrences

_HEADING = re.compile(r"^#[^\n]*", re.MULTILINE)
_SIDE = 300
"""Code points before and after a mention that the cues of these scopes look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCue:
    """Words that speak for or against a role, within `scope`: near, clause, sentence, line, title, text and others."""

    name: str
    pattern: re.Pattern[str]
    scope: str
    role: QuantityRole


class ScopedCues:
    """The cues of one scope. The numbers that `over` finds and `named` takes are places in `cues`."""

    def __init__(self, cues: Sequence[RoleCue]) -> None:
        self._names = [cue.name for cue in cues]
        self._sought = Expressions(cue.pattern for cue in cues)

    def over(self, text: str) -> Occurrences:
        """Return where the cues may occur in a text."""
        return self._sought.over(text)

    def named(self, numbers: Iterable[int]) -> frozenset[str]:
        """Return the names of cues."""
        return frozenset(self._names[number] for number in numbers)


_NONE = ScopedCues(())


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
        scopes = dict.fromkeys(cue.scope for cue in self.cues)
        self._of_scope = {scope: ScopedCues([cue for cue in self.cues if cue.scope == scope]) for scope in scopes}

    def over(self, doc: Doc) -> CuesOfText:
        """Return the cues that hold in a text, to be asked for its mentions."""
        return CuesOfText(self._of_scope, doc)


class CuesOfText:
    """The cues of one text. What holds for a stretch is found once: the numbers of a sentence share most of them."""

    def __init__(self, of_scope: Mapping[str, ScopedCues], doc: Doc) -> None:
        self._of_scope, self._doc = of_scope, doc
        self._held: dict[tuple[str, int, int], frozenset[str]] = {}
        self._found = {scope: cues.over(doc._.folded) for scope, cues in of_scope.items()}
        whole, title = of_scope.get("text", _NONE), of_scope.get("title", _NONE)
        titled = title.over(doc._.folded_title)
        self._everywhere = whole.named(whole.over(doc._.folded).all()) | title.named(titled.all())

    def of(self, mention: Mention) -> set[str]:
        """Return the names of the cues that hold for a mention."""
        found = set(self._everywhere)
        for scope, (low, high) in self._scopes(mention).items():
            names = self._held.get((scope, low, high))
            if names is None:
                cues = self._of_scope.get(scope)
                names = frozenset() if cues is None else cues.named(self._found[scope].within(low, high))
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
    spans = _headings(text)
    index = bisect_left(spans, (position, 0))
    return spans[index - 1] if index else (0, 0)


@lru_cache(maxsize=2)
def _headings(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _HEADING.finditer(text)]
