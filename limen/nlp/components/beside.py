"""Names what a number measures by the words beside it: "30 m apart" is a distance, "at most 12 consignments" consignments."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention

_BEFORE = 40
_COUNTED = frozenset({"piece", "person"})
_WORD = re.compile(r"[a-z]+")


class Beside:
    """Corrects `metric` where the adjective beside a length or weight, or the noun that is counted, says another."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "chunks")
        self._names = frozenset(entry["metric"] for entry in grammar["side"])
        self._sides: list[tuple[str, re.Pattern[str], re.Pattern[str]]] = [
            (
                entry["metric"],
                re.compile(rf"(?:{entry['before']})[^.;:\n\d]*$", re.IGNORECASE),
                re.compile(rf"(?: or \w+)? (?:{entry['after']})\b", re.IGNORECASE),
            )
            for entry in grammar["side"]
        ]
        self._measures = frozenset(grammar["counted"]["measures"])
        self._content = re.compile(grammar["counted"]["content"])

    def __call__(self, doc: Doc) -> Doc:
        """Correct the names of one text."""
        text: str = doc._.folded
        ends = {numeral.end for numeral in doc._.numerals}
        for mention in doc._.mentions:
            if mention.metric is None:
                continue
            if mention.metric.lower() in self._names:
                mention.metric = self._side(text, mention) or mention.metric
            elif mention.unit in _COUNTED and not mention.in_table and not mention.frequency:
                mention.metric = self._counted(text, ends, mention) or mention.metric
        return doc

    def _side(self, text: str, mention: Mention) -> str | None:
        """Return the side that the adjective right before or behind the number names, or None."""
        before = text[max(0, mention.start - _BEFORE) : mention.start]
        for metric, in_front, behind in self._sides:
            if in_front.search(before) or behind.match(text, mention.end):
                return metric
        return None

    def _counted(self, text: str, ends: set[int], mention: Mention) -> str | None:
        """Return the noun that is counted with what qualifies it, or None where the metric has a word of it already."""
        start = max((end for end in ends if mention.start < end <= mention.unit_start), default=None)
        if start is None or mention.unit_start == mention.unit_end:
            return None
        name = text[start : mention.unit_end].strip()
        if name.lower() in self._measures:
            content = self._content.match(text, mention.unit_end)
            if content is None:
                return None
            name = str(content["name"])
        assert mention.metric is not None
        return None if _stems(name) & _stems(mention.metric) or not _stems(name) else name


def _stems(name: str) -> set[str]:
    """Return the words of a name without the mark of the plural."""
    return {word.rstrip("s") for word in _WORD.findall(name.lower())}
