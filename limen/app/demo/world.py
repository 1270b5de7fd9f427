"""What the demo's sites serve on each of the three days: a pure function of the day and the path."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from limen.app.demo.rule_text import docx_bytes, pdf_bytes

DAYS = (1, 2, 3)

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """The answer to one path on one day. `last_modified` is the opening of the first day from which the body is the same."""

    body: bytes
    media_type: str
    last_modified: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of a list, feed or sitemap."""

    path: str
    title: str
    published: datetime
    changed: datetime
    """When its text changed last; the relaunch of a site is no change of its text."""


def opening(day: int) -> datetime:
    """Return when the day of the story begins."""
    moment: datetime = _world()["days"][day - 1]["opened"]
    return moment


def resource(path: str, *, day: int, base_url: str) -> Resource | None:
    """Return what stands at `path` on `day`, or None. `base_url` (no slash at its end) goes into absolute links.

    Raises:
        ValueError: the story has no such day.
    """
    if day not in DAYS:
        raise ValueError(f"the demo has the days 1 to 3, not {day}")
    made = _made(path, day, base_url)
    if made is None:
        return None
    body, media_type = made
    since = day
    while since > 1 and _made(path, since - 1, base_url) == made:
        since -= 1
    return Resource(body=body, media_type=media_type, last_modified=opening(since))


def paths(*, day: int) -> tuple[str, ...]:
    """Return every path that is served on the day."""
    world = _world()
    dated = [entry["path"] for kind in ("pages", "attachments") for entry in world[kind] if day in entry["days"]]
    return ("/robots.txt", *(entry["path"] for kind in ("lists", "feeds") for entry in world[kind]), *dated)


@cache
def _made(path: str, day: int, base_url: str) -> tuple[bytes, str] | None:
    if path == "/robots.txt":
        return _template("robots.txt.j2").render(base_url=base_url).encode("utf-8"), "text/plain; charset=utf-8"
    kind, entry = _find(path)
    match kind:
        case "pages" if day in entry["days"]:
            return _page(entry, day), _HTML
        case "lists":
            return _list(entry, day), _HTML
        case "feeds":
            template = _template(f"{entry['kind']}.xml.j2")
            entries = _entries(path, day)
            text = template.render(feed=entry, entries=entries, base_url=base_url, day=day, opened=opening(day))
            return text.encode("utf-8"), "application/rss+xml" if entry["kind"] == "rss" else "application/xml"
        case "attachments" if day in entry["days"]:
            text = _template(f"rules/{entry['rule']}").render(_numbers(entry["state"]))
            return (docx_bytes(text), _DOCX) if path.endswith(".docx") else (pdf_bytes(text), "application/pdf")
        case _:
            return None


def _page(page: Mapping[str, Any], day: int) -> bytes:
    column = next((entry["title"] for entry in _world()["lists"] if entry["path"] == page["list"]), "")
    return _in_layout(
        page["site"],
        day,
        title=_title(page, day),
        column=column,
        published=page["published"],
        body=f"pages/{page['body']}",
        **_numbers(day),
    )


def _list(listing: Mapping[str, Any], day: int) -> bytes:
    return _in_layout(
        listing["site"],
        day,
        title=listing["title"],
        column=listing["title"],
        published=None,
        entries=_entries(listing["path"], day),
    )


def _entries(list_path: str, day: int) -> list[Entry]:
    """Return what a list shows on the day, newest first."""
    entries = [
        Entry(path=page["path"], title=_title(page, day), published=page["published"], changed=_changed(page, day))
        for page in _world()["pages"]
        if page["list"] == list_path and day in page["days"]
    ]
    return sorted(entries, key=lambda entry: entry.published, reverse=True)


def _changed(page: Mapping[str, Any], day: int) -> datetime:
    since = day
    while since - 1 in page["days"] and _body(page, since - 1) == _body(page, day):
        since -= 1
    published: datetime = page["published"]
    return max(published, opening(since)) if since > page["days"][0] else published


def _in_layout(site: str, day: int, /, **content: object) -> bytes:
    facts = _world()["days"][day - 1]
    return _template(f"layouts/{site}-{facts['layout']}.html.j2").render(facts | content).encode("utf-8")


def _body(page: Mapping[str, Any], day: int) -> str:
    return _template(f"pages/{page['body']}").render(_numbers(day))


def _title(page: Mapping[str, Any], day: int) -> str:
    title = page["title"]
    return str(title[day - 1] if isinstance(title, list) else title)


def _numbers(day: int) -> dict[str, Any]:
    return {name: values[day - 1] for name, values in _world()["numbers"].items()} | {"day": day}


def _find(path: str) -> tuple[str, Mapping[str, Any]]:
    for kind in ("pages", "lists", "feeds", "attachments"):
        for entry in _world()[kind]:
            if entry["path"] == path:
                return kind, entry
    return "nothing", {}


@cache
def _world() -> dict[str, Any]:
    return tomllib.loads(files("limen.app.demo").joinpath("content/world.toml").read_text(encoding="utf-8"))


def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("limen.app.demo", "content"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
