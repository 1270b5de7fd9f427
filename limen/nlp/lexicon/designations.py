"""Names of rules and standards that follow a form: GB 38031-2025, Regulation (EU) 2023/1542, 公告2024年第14号, 《…办法》."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from limen.domain.entity import EntityLabel
from limen.nlp.occurrences import Expressions

_DASHES = re.compile("[-—]+")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Designation:
    """A name of a form at [start, end) of the folded text, with its canonical spelling."""

    start: int
    end: int
    label: EntityLabel
    canonical: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    label: EntityLabel
    pattern: re.Pattern[str]
    canonical: str | None
    strip: re.Pattern[str] | None

    def spell(self, match: re.Match[str]) -> str:
        """Return the canonical spelling of a match of `pattern`: its groups in `canonical`, or as found with single blanks."""
        if self.canonical is None:
            return _BLANKS.sub(" ", match.group())
        groups = {name: _DASHES.sub("-", value or "") for name, value in match.groupdict().items()}
        if self.strip is not None:
            groups = {name: self.strip.sub("", value) or value for name, value in groups.items()}
        return self.canonical.format(**groups)


def find_designations(text: str) -> Iterator[Designation]:
    """Yield the designations of a folded text; they may overlap."""
    found = _patterns().over(text)
    for number, form in enumerate(_forms()):
        for match in found.every(number):
            yield Designation(start=match.start(), end=match.end(), label=form.label, canonical=form.spell(match))


@cache
def _patterns() -> Expressions:
    return Expressions(form.pattern for form in _forms())


@cache
def _forms() -> tuple[_Form, ...]:
    content = files("limen.nlp").joinpath("lexicon", "designations.toml").read_text(encoding="utf-8")
    return tuple(
        _Form(
            label=EntityLabel(record["label"]),
            pattern=re.compile(record["pattern"], re.ASCII),
            canonical=record.get("canonical"),
            strip=re.compile(record["strip"]) if "strip" in record else None,
        )
        for record in tomllib.loads(content)["designation"]
    )
