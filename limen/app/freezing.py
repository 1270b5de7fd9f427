"""From a source's live answers to its golden: an input and what is read from it, for a person to check."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from limen.app.bootstrap import Application
from limen.crawler.errors import PageError
from limen.crawler.own_words import own_title, own_words
from limen.crawler.reading import list_as_found, page_as_found, read_list, read_page
from limen.crawler.source_spec import SourceSpec
from limen.domain.snapshot import Hints, Snapshot
from limen.store.repositories import crawl_memory, snapshots

MOST_LISTS = 2
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One golden: the answer as it will be kept, and what is read from it. `name` is its directory."""

    name: str
    suffix: str
    body: bytes
    expected: dict[str, Any]


def freeze(application: Application, spec: SourceSpec, *, as_fetched: bool) -> tuple[Case, ...]:
    """Return the goldens of what a trial has fetched: its first lists and one document's page.

    Unless `as_fetched`, the words of the answers are replaced (`limen.crawler.own_words`).
    """
    with application.store.reading() as session:
        lists = crawl_memory.lists(session, spec.id)[:MOST_LISTS]
        pages = snapshots.recheck(session, spec.id, changed_since=_BEGINNING, limit=1)
        page = snapshots.latest(session, spec.id, pages[0][1]) if pages else None
    cases = []
    for number, (url, kept) in enumerate(lists, start=1):
        answer = _Answer(
            spec=spec, body=application.blobs.get(kept.sha256), headers=kept.headers, as_fetched=as_fetched
        )
        cases.append(answer.list_case("list" if number == 1 else f"list-{number}", url=url))
    if page is not None:
        body = application.blobs.get(page.snapshot.sha256)
        answer = _Answer(spec=spec, body=body, headers=page.snapshot.headers, as_fetched=as_fetched)
        if answer.suffix is not None:
            cases.append(answer.page_case(page.snapshot))
    return tuple(cases)


class _Answer:
    """An answer on its way to a golden. `suffix` is None for what is no text."""

    def __init__(
        self, *, spec: SourceSpec, body: bytes, headers: tuple[tuple[str, str], ...], as_fetched: bool
    ) -> None:
        stated = next((value for name, value in headers if name.lower() == "content-type"), "")
        self._spec = spec
        self._as_fetched = as_fetched
        self.suffix = _suffix(stated, body)
        self._kind = stated.partition(";")[0].strip()
        self._body = body
        if not as_fetched and self.suffix is not None:
            self._body = own_words(body, content_type=stated or None, spec=spec)
            self._kind += f"; charset={spec.encoding or 'utf-8'}"
        elif as_fetched:
            self._kind = stated

    def list_case(self, name: str, *, url: str) -> Case:
        """Return the golden of a list."""
        expected: dict[str, Any] = {"url": url, "content_type": self._kind, "read": "list"}
        try:
            found = read_list(self._spec, self._body, url=url, content_type=self._kind)
            expected["found"] = list_as_found(self._spec, found)
        except PageError as error:
            expected["refused"] = str(error).removeprefix(f"{url}: ")
        return Case(name=name, suffix=self.suffix or "bin", body=self._body, expected=expected)

    def page_case(self, snapshot: Snapshot) -> Case:
        """Return the golden of a document's page."""
        url, hints = snapshot.final_url, snapshot.hints
        if hints.title is not None and not self._as_fetched:
            hints = replace(hints, title=own_title(hints.title, spec=self._spec))
        hints = Hints(title=hints.title, published=hints.published)
        listed = {"title": hints.title, "published": hints.published and hints.published.isoformat()}
        expected: dict[str, Any] = {
            "url": url,
            "content_type": self._kind,
            "read": "page",
            "listed": {key: value for key, value in listed.items() if value is not None},
        }
        found = read_page(self._spec, self._body, url=url, content_type=self._kind, hints=hints)
        expected["found"] = page_as_found(self._spec, found)
        return Case(name="page", suffix=self.suffix or "bin", body=self._body, expected=expected)


def _suffix(content_type: str, body: bytes) -> str | None:
    """Return the ending of the input's name; None for what is no text."""
    start = body[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if b"\x00" in body[:4096] or start.startswith(b"%pdf"):
        return None
    if start[:1] in (b"{", b"["):
        return "json"
    if b"<html" in start or start.startswith(b"<!doctype html") or "html" in content_type:
        return "html"
    return "xml" if start[:1] == b"<" else "txt"


def write(cases: tuple[Case, ...], directory: Path) -> tuple[Path, ...]:
    """Write goldens below a source's directory and return their paths. Raises `FileExistsError` before it writes any."""
    for case in cases:
        if (directory / case.name).exists():
            raise FileExistsError(directory / case.name)
    written = []
    for case in cases:
        place = directory / case.name
        place.mkdir(parents=True)
        (place / f"input.{case.suffix}").write_bytes(case.body)
        text = json.dumps(case.expected, ensure_ascii=False, indent=2)
        (place / "expected.json").write_text(text + "\n", encoding="utf-8")
        written.append(place)
    return tuple(written)
