"""Formats that Limen recognises and cannot read: each with what a person can do."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from limen.domain.document import PageText
from limen.nlp.errors import Unreadable
from limen.nlp.text.format import Format
from limen.nlp.text.formats import suffix_of
from limen.nlp.text.raw_page import RawPage


def refuse(page: RawPage, kind: Format) -> PageText:
    """Raise `Unreadable` with the remedy for that format."""
    entry = _entries()[kind.value]
    if kind is Format.BINARY and not page.body.strip(b"\x00 \r\n\t"):
        entry = _entries()["empty"]
    suffix = suffix_of(page.name)
    raise Unreadable(page.name, entry["why"].format(suffix=suffix or "without a suffix"), entry["remedy"])


@cache
def _entries() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("limen.nlp.text").joinpath("unsupported.toml").read_text(encoding="utf-8"))
