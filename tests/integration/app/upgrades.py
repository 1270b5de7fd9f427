"""Another version of the readers or of the extractor, played by changing what today's return."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from limen.app import assembly, rereading
from limen.app.stages import compare, extract, read, reprocess
from limen.domain.document import PageText, Reading
from limen.nlp.text import reader

PACKS = "Battery packs shall have an energy density of at least 120 Wh/kg."
"""A sentence that the next readers find on a page."""

Edit = Callable[[str], str]


def with_packs(text: str) -> str:
    return text.replace("The ministry will publish", f"{PACKS} The ministry will publish")


def upgrade_readers(monkeypatch: pytest.MonkeyPatch, edit: Edit, *, version: str = "next") -> None:
    """Let the next readers make the text that `edit` makes of today's."""
    today = reader.read_page

    def read_page(body: bytes, **options: Any) -> PageText:
        page = today(body, **options)
        return replace(page, text=edit(page.text))

    monkeypatch.setattr(reader, "read_page", read_page)
    for module in (compare, read, reprocess, rereading):
        monkeypatch.setattr(module, "READER_VERSION", version)


def upgrade_extractor(
    monkeypatch: pytest.MonkeyPatch, edit: Callable[[Reading], Reading], *, version: str = "next"
) -> None:
    """Let the next extractor return what `edit` makes of today's readings."""
    today = assembly._extractor()

    class Next:
        def read(self, text: str, **options: Any) -> Reading:
            return edit(today.read(text, **options))

    monkeypatch.setattr(assembly, "_extractor", Next)
    for module in (compare, extract, reprocess):
        monkeypatch.setattr(module, "EXTRACTOR_VERSION", version)
