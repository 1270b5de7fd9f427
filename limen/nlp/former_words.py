"""The words by which a language calls a value the old one, compiled."""

from __future__ import annotations

import re
from functools import cache

from limen.nlp.language_data import load_grammar

_PARTS = ("filler", "past", "present", "then", "now", "set", "what")


class FormerWords:
    """What `former.toml` of a language says. Each attribute is named after the entry and explained there."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "former")
        self._parts = {name: grammar[name] for name in _PARTS}
        self.marked = self._compiled(f"(?:{'|'.join(grammar['marked'])})$")
        self.pointed = self._compiled(f"(?:{grammar['pointed']})$")
        self.told = self._compiled(grammar["told"])
        self.still = self._compiled(grammar["still"])
        self.set_against = self._compiled(f"(?:{grammar['set_against']})$")
        self.closed = self._compiled(grammar["closed"])
        self.listed = self._compiled(grammar["listed"])
        self.amended = self._compiled(grammar["amended"])
        self.amending = self._compiled(grammar["amending"])
        self.old_column = self._compiled(grammar["old_column"])
        self.present_column = self._compiled(grammar["present_column"])
        self.new_column = self._compiled(grammar["new_column"])
        self.no_value = self._compiled(grammar["no_value"])
        self.phase = self._compiled(grammar["phase"])
        self.old_word = self._compiled(grammar["old_word"])
        self.unchanged = self._compiled(grammar["unchanged"])

    def _compiled(self, pattern: str) -> re.Pattern[str]:
        for name, part in self._parts.items():
            pattern = pattern.replace(f"{{{name}}}", part if name == "filler" else f"(?:{part})")
        return re.compile(pattern, re.IGNORECASE)


@cache
def former_words(code: str) -> FormerWords:
    """Return the words of a language, compiled once."""
    return FormerWords(code)
