"""What the title of a document says about the rule it belongs to: the name of the series, and the edition."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

OPENING = 3000
"""Characters of a text in which it names the rule it is about."""

_LETTERS = re.compile(r"[^\W_]+")
_QUOTED_TITLE = re.compile(r"《([^《》\n]{4,120})》")
_HEADING = re.compile(r"^#{1,3} +(\S.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleRules:
    """How one language writes stage, edition and number around the name of a rule; see `titles.toml`."""

    quoted: re.Pattern[str]
    stage: tuple[re.Pattern[str], ...]
    edition: tuple[re.Pattern[str], ...]
    wrapping: tuple[re.Pattern[str], ...]
    nameless: re.Pattern[str]
    amending: re.Pattern[str]


@cache
def title_rules() -> Mapping[str, TitleRules]:
    """Return the rules of every language that has them, by its ISO 639-1 code."""
    data = tomllib.loads(files("limen.domain").joinpath("titles.toml").read_text(encoding="utf-8"))
    return {language: _rules(rules) for language, rules in data["languages"].items()}


@lru_cache(maxsize=65536)
def series_key(title: str, language: str) -> str:
    """Return the name under which all stages and editions of a rule are one, in lower case and without punctuation.

    The key of `电池行业规范条件（2021年本）` is also that of a call for comments on `《电池行业规范条件（2024年本）》`.
    Empty for a title that names no rule ("Notice No. 14 of 2024"). A language without rules is only levelled in case
    and width.
    """
    text = _levelled(title)
    rules = title_rules().get(language)
    if rules is None:
        return _letters(text)
    named = rules.quoted.search(text)
    name = named[1] if named else text
    for pattern in (*rules.stage, *rules.edition, *rules.wrapping):
        shorter = pattern.sub(" ", name).strip()
        name = shorter if _LETTERS.search(shorter) else name
    return "" if rules.nameless.search(name) else _letters(name)


def rule_title(title: str, text: str, language: str) -> str:
    """Return the title by which a document names its rule.

    That is the title quoted in the document's own title (a call for comments on 《...》), else its own title, unless that
    names no rule ("Notice No. 14 of 2024"): then the first title quoted or the first heading at the beginning of the
    text.
    """
    opening = text[:OPENING]
    own = (*_QUOTED_TITLE.findall(title), title)
    candidates = (*own, *_QUOTED_TITLE.findall(opening), *_HEADING.findall(opening))
    return next((each for each in candidates if series_key(each, language)), title)


def level_title(text: str) -> str:
    """Return a text as `series_key` writes names, so that a key can be looked for in it."""
    return _letters(_levelled(text))


def edition(title: str, language: str) -> str | None:
    """Return the edition that a title states (`2024`, `1.2`, `second`), or None."""
    rules = title_rules().get(language)
    if rules is None:
        return None
    text = _levelled(title)
    for pattern in rules.stage:
        text = pattern.sub(" ", text).strip()
    found = (pattern.search(text) for pattern in rules.edition)
    return next((match[1].lower() for match in found if match), None)


def is_amending(title: str, language: str) -> bool:
    """Tell whether a text, by its title, only says what changes in a rule: what it leaves out stands on."""
    rules = title_rules().get(language)
    return rules is not None and rules.amending.search(_levelled(title)) is not None


def _rules(data: Mapping[str, Any]) -> TitleRules:
    def compiled(name: str) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(pattern, re.IGNORECASE) for pattern in data[name])

    return TitleRules(
        quoted=re.compile(data["quoted"]),
        stage=compiled("stage"),
        edition=compiled("edition"),
        wrapping=compiled("wrapping"),
        nameless=re.compile(data["nameless"], re.IGNORECASE),
        amending=re.compile(data["amending"], re.IGNORECASE),
    )


def _levelled(title: str) -> str:
    return unicodedata.normalize("NFKC", title).strip()


def _letters(text: str) -> str:
    return " ".join(_LETTERS.findall(text.casefold()))
