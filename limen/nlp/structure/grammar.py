"""What the languages say about the shape of texts. A text is parsed before its language matters, so all are joined."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from limen.nlp.language_data import load_grammar, supported_languages

# What a footnote under a table begins with: "*", "¹", "a)", "[1]".
_NOTE_MARK = r"\\?[*†‡§¹²³⁴⁵ᵃᵇᶜ]|\[?\^?\(?[a-e1-9]\)(?= )|\[\^?\d\]"


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureGrammar:
    """Words of all languages, lower case. `divisions` gives each word its rank, 0 the outermost."""

    divisions: dict[str, int]
    articles: frozenset[str]
    abbreviations: frozenset[str]
    note: re.Pattern[str]
    caption: re.Pattern[str]
    lead_in: re.Pattern[str]


@cache
def structure_grammar() -> StructureGrammar:
    """Return the joined grammar, compiled once."""
    tables = [load_grammar(code, "structure") for code in supported_languages()]
    notes = [word for table in tables for word in table["notes"]]
    captions = [word for table in tables for word in table["captions"]]
    lead_ins = [word for table in tables for word in table["lead_ins"]]
    return StructureGrammar(
        divisions={word: rank for table in tables for rank, words in enumerate(table["divisions"]) for word in words},
        articles=frozenset(word for table in tables for word in table["articles"]),
        abbreviations=frozenset(word for table in tables for word in table["abbreviations"]),
        note=re.compile(
            rf"[>*_ ]{{0,6}}(?:(?:{_words(notes)})[*_]{{0,3}} ?\d{{0,2}} ?[:：.．、—-]|{_NOTE_MARK})", re.IGNORECASE
        ),
        caption=re.compile(
            rf"[>*_# ]{{0,6}}(?:{_words(captions)})[ \u3000]?[A-Z]?[.\d一二三四五六七八九十]", re.IGNORECASE
        ),
        lead_in=re.compile(
            rf"(?:[:：—-]|(?:\b|(?<=[\u4e00-\u9fff]))(?:{_words(lead_ins)}))[*_ ]{{0,3}}$", re.IGNORECASE
        ),
    )


def _words(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))
