"""Parts and sections of the Code of Federal Regulations, by the answers of the eCFR's versioner (version 1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from limen.crawler.errors import PageError
from limen.crawler.pages.answer import FIRST_YEAR, Item, items_of, read_answer, text_of
from limen.crawler.pages.canonical import absolute_url
from limen.crawler.pages.deadline import LAST_YEAR
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.query import with_query
from limen.domain.snapshot import Hints

PAGE_SIZE = 1000
"""Rows of one answer; the service lets nobody choose."""

_LEVELS = ("subtitle", "chapter", "subchapter", "part", "subpart", "section", "appendix")
_WATCHED = re.compile(rf"title-(?P<title>\d{{1,2}})(?P<levels>(?:/(?:{'|'.join(_LEVELS)})-[^/]+)+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A piece of the code: its title, and what names it below, such as (("part", "261"),)."""

    title: int
    levels: tuple[tuple[str, str], ...]

    @property
    def citation(self) -> str:
        """The piece as lawyers cite it: `40 CFR 261`, `40 CFR 63 Subpart TTT`, `49 CFR 173.185`."""
        named = dict(self.levels)
        number = named.get("section") or named.get("appendix") or named.get("part")
        rest = [
            f"{level.title()} {name}" for level, name in self.levels if level not in ("part", "section", "appendix")
        ]
        return " ".join(filter(None, (f"{self.title} CFR", number, *rest)))

    @property
    def path(self) -> str:
        """The piece in an address: `title-40/part-261`."""
        return "/".join([f"title-{self.title}", *(f"{level}-{quote(name)}" for level, name in self.levels)])

    @property
    def conditions(self) -> dict[str, str]:
        """The piece as the service is asked for it. A section is asked for with its part."""
        named = dict(self.levels)
        if "section" in named and "part" not in named:
            named = {"part": named["section"].partition(".")[0], **named}
        return named


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A row of the versions: `identifier` as it read from `day` on, by the edition of `issue_date`."""

    identifier: str
    name: str
    day: date
    issue_date: date
    substantive: bool
    removed: bool

    @property
    def age(self) -> tuple[date, date]:
        """Order of the rows of one identifier."""
        return (self.day, self.issue_date)


def parse_watched(text: str) -> Watched:
    """Return the piece of the code that an item of `watch` names. Raises `PageError` with what to write."""
    match = _WATCHED.fullmatch(text)
    if match is None:
        raise PageError(
            f"watch: {text!r} names no piece of the code; write title-40/part-261 or title-49/section-173.185"
        )
    levels = (each.partition("-") for each in match["levels"].strip("/").split("/"))
    return Watched(title=int(match["title"]), levels=tuple((level, name) for level, _, name in levels))


def read_titles(body: bytes, *, url: str) -> Mapping[int, date]:
    """Return by title until which day the text is up to date; a later day cannot be asked for. Reserved titles have none.

    Raises:
        PageError: it is no answer of the service.
    """
    titles: dict[int, date] = {}
    for item in items_of(read_answer(body, url=url, key="titles"), "titles"):
        day, number = _day(item, "up_to_date_as_of"), item.get("number")
        if day is not None and isinstance(number, int):
            titles[number] = day
    return titles


def read_versions(body: bytes, *, url: str) -> tuple[Version, ...]:
    """Return the rows of one page, those without identifier or dates left out.

    Raises:
        PageError: it is no answer of the service, or no row can be read.
    """
    rows = items_of(read_answer(body, url=url, key="content_versions"), "content_versions")
    versions = tuple(version for row in rows if (version := _version(row)) is not None)
    if rows and not versions:
        raise PageError(f"{url}: no row has identifier, date and issue_date; the service has changed")
    return versions


def versions_url(api: str, watched: Watched, *, page: int = 1) -> str:
    """Return the address of a page of versions. `api` is the address of the service's titles."""
    return with_query(_join(api, f"versions/title-{watched.title}.json"), {**watched.conditions, "page": str(page)})


def text_url(api: str, watched: Watched, *, on: date) -> str:
    """Return the address of the text as it was on a day."""
    return with_query(_join(api, f"full/{on.isoformat()}/title-{watched.title}.xml"), watched.conditions)


def page_url(api: str, watched: Watched) -> str:
    """Return the address under which people read the text of the day: the same over all versions."""
    return _join(api, f"/current/{watched.path}")


def read_document(
    watched: Watched, versions: Sequence[Version], *, api: str, as_of: date, zone: str, known: str | None = None
) -> Entry:
    """Return a piece of the code as one document, by all rows of its versions up to `as_of`.

    Its revision changes with every edition that touched the piece. It is editorial if all rows since the revision `known`
    are; where nothing is known, if all rows of the newest edition are. A row says for an identifier, date and edition
    what it was; the newest one says whether the identifier is still there.

    Raises:
        PageError: there are no rows: no such piece exists.
    """
    rows = {(row.identifier, row.age): row for row in versions if max(row.age) <= as_of}
    if not rows:
        raise PageError(f"{api}: there are no versions of {watched.citation}; correct {watched.path!r} in watch")
    current = {row.identifier: row for row in sorted(rows.values(), key=lambda row: row.age)}
    newest = max(rows.values(), key=lambda row: (row.issue_date, row.day))
    removed = all(row.removed for row in current.values())
    # what is gone can be had as it was on the day before
    day = max(row.day for row in current.values()) - timedelta(days=1) if removed else as_of
    substantive = [row.day for row in rows.values() if row.substantive]
    return Entry(
        url=text_url(api, watched, on=day),
        document_url=page_url(api, watched),
        revision=_revision(newest.issue_date, rows.values()),
        hints=Hints(
            title=_title(watched, current),
            published=datetime.combine(newest.issue_date, datetime.min.time(), tzinfo=ZoneInfo(zone)),
            references=(watched.citation,),
            effective_on=max(substantive, default=None),
            status="removed" if removed else None,
            editorial=_is_editorial(tuple(rows.values()), known=known),
        ),
    )


def _is_editorial(rows: Sequence[Version], *, known: str | None) -> bool:
    editions = [row.issue_date for row in rows]
    seen = _day_of(known[:10]) if known is not None else None
    if known is None or seen is None:
        fresh = [row for row in rows if row.issue_date == max(editions)]
    elif _revision(seen, rows) == known:
        fresh = [row for row in rows if row.issue_date > seen]
    else:
        # rows came late into an edition that was seen: which ones, nobody says
        fresh = [row for row in rows if row.issue_date >= seen]
    return bool(fresh) and not any(row.substantive for row in fresh)


def _revision(edition: date, rows: Iterable[Version]) -> str:
    """Return the mark of an edition: its day, and how many rows there are up to it."""
    return f"{edition.isoformat()} {sum(row.issue_date <= edition for row in rows)}"


def _title(watched: Watched, current: Mapping[str, Version]) -> str:
    if len(current) == 1 and watched.levels[-1][0] in ("section", "appendix"):
        [only] = current.values()
        return f"{watched.citation} {only.name.removeprefix('§').strip().removeprefix(only.identifier).strip(' -')}".strip()
    return watched.citation


def _version(row: Item) -> Version | None:
    identifier, day, edition = text_of(row, "identifier"), _day(row, "date"), _day(row, "issue_date")
    if identifier is None or day is None or edition is None:
        return None
    return Version(
        identifier=identifier,
        name=text_of(row, "name") or "",
        day=day,
        issue_date=edition,
        # only what is said to change nothing may stay without an alert
        substantive=row.get("substantive") is not False,
        removed=row.get("removed") is True,
    )


def _day(item: Item, key: str) -> date | None:
    stated = text_of(item, key)
    return _day_of(stated) if stated else None


def _day_of(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _join(api: str, path: str) -> str:
    address = absolute_url(api, path)
    if address is None:
        raise PageError(f"{api}: {path!r} makes no address; correct watch")
    return address
