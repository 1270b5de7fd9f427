"""Documents of American dockets, by the answers of the regulations.gov API (version 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from limen.crawler.errors import PageError
from limen.crawler.pages.answer import Item, items_of, moment_of, part_of, read_answer, text_of, texts_of
from limen.crawler.pages.canonical import absolute_url
from limen.crawler.pages.deadline import end_of_day, plausible
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.query import with_query
from limen.crawler.pages.us_numbers import dockets, fr_documents, rins
from limen.domain.snapshot import Hints
from limen.domain.source import DocumentClass

PAGE_SIZE = 250
LAST_PAGE = 20
"""The service goes no further; what follows is asked for by the time of its last change."""

_HUMAN = "https://www.regulations.gov/document/"
_CLASSES = {
    "Proposed Rule": DocumentClass.DRAFT,
    "Rule": DocumentClass.FINAL,
    "Notice": DocumentClass.NOTICE,
    # analyses and letters about a rule
    "Supporting & Related Material": DocumentClass.COMMENTARY,
}
_FORMATS = ("htm", "html", "pdf", "docx", "doc", "txt", "xlsx", "xls", "rtf")
"""Of several forms of one text the first is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A document in a list: the address of its record, and what the list says. `entry` is not to be fetched by itself."""

    record_url: str
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Documents in the order of their last change. `next_since` is where a further search starts, in the zone of the service.

    `next_page` is None after the last page, and where the service goes no further; then `next_since` says where to go on.
    """

    listed: tuple[Listed, ...]
    next_page: int | None
    next_since: datetime | None


def search_url(
    entry: str, query: Mapping[str, str | Sequence[str]], *, since: datetime, zone: str, page: int = 1
) -> str:
    """Return the address of a result page: documents that changed since a time, those changed longest ago first."""
    asked = {
        "filter[lastModifiedDate][ge]": f"{since.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}",
        "sort": "lastModifiedDate,documentId",
        "page[size]": str(PAGE_SIZE),
        "page[number]": str(page),
    }
    return with_query(with_query(entry, query), asked)


def read_search(body: bytes, *, url: str, zone: str, page: int = 1) -> SearchPage:
    """Return the documents of one answer. Its times are moments in UTC that mean days in `zone`.

    Raises:
        PageError: it is no answer of the service, or one that refuses the key or a condition.
    """
    answer = read_answer(body, url=url, key="data")
    items = items_of(answer, "data")
    listed = tuple(found for item in items if (found := _listed(item, url=url, zone=zone)) is not None)
    last = part_of(answer, "meta").get("lastPage") is not False or not items
    cut = not last and page >= LAST_PAGE
    return SearchPage(
        listed=listed,
        next_page=None if last or cut else page + 1,
        next_since=moment_of(part_of(items[-1], "attributes"), "lastModifiedDate", zone=zone) if cut else None,
    )


def read_record(body: bytes, *, url: str, zone: str, revision: str | None = None) -> Entry | None:
    """Return the document of a record, with the address of its text; None if it has no file that can hold one.

    Raises:
        PageError: it is no record of the service.
    """
    answer = read_answer(body, url=url, key="data", kind=dict)
    item = part_of(answer, "data")
    files = [*_files(part_of(item, "attributes")), *_files_of_attachments(answer)]
    address = absolute_url(url, files[0]) if files else None
    known = _entry(item, url=address or url, zone=zone, revision=revision)
    if known is None:
        raise PageError(f"{url}: the record has no id; the service has changed")
    return known if address is not None else None


def _listed(item: Item, *, url: str, zone: str) -> Listed | None:
    number = text_of(item, "id")
    # not the link in the answer: the key goes with the request, and goes to this host only
    record = absolute_url(url, f"documents/{quote(number, safe='')}") if number is not None else None
    if record is None:
        return None
    changed = text_of(part_of(item, "attributes"), "lastModifiedDate")
    entry = _entry(item, url=record, zone=zone, revision=changed)
    if entry is None:
        return None
    return Listed(record_url=with_query(record, {"include": "attachments"}), entry=entry)


def _entry(item: Item, *, url: str, zone: str, revision: str | None) -> Entry | None:
    number, attributes = text_of(item, "id"), part_of(item, "attributes")
    if number is None:
        return None
    posted, opened, closes, effective = (
        moment_of(attributes, key, zone=zone)
        for key in ("postedDate", "commentStartDate", "commentEndDate", "effectiveDate")
    )
    return Entry(
        url=url,
        document_url=_HUMAN + quote(number, safe=""),
        revision=revision or text_of(attributes, "modifyDate"),
        hints=Hints(
            title=text_of(attributes, "title"),
            published=posted,
            comment_deadline=plausible(closes and end_of_day(closes), opened=opened or posted),
            document_class=_CLASSES.get(text_of(attributes, "documentType") or ""),
            references=tuple(dict.fromkeys(_references(attributes))),
            effective_on=effective and effective.date(),
            opened=opened,
            status=_status(attributes, closes=closes),
        ),
    )


def _status(attributes: Item, *, closes: datetime | None) -> str | None:
    if attributes.get("withdrawn") is True:
        return "withdrawn"
    if attributes.get("openForComment") is True:
        return "open"
    return "closed" if closes is not None else None


def _references(attributes: Item) -> Iterator[str]:
    yield from rins((*texts_of(attributes, "rin"), *texts_of(attributes, "additionalRins")))
    yield from dockets(texts_of(attributes, "docketId"))
    yield from fr_documents(texts_of(attributes, "frDocNum"))


def _files(attributes: Item) -> list[str]:
    """Return the addresses of the forms of one text, the best first; those that hold none are left out."""
    found = [
        (_FORMATS.index(form), address)
        for each in items_of(attributes, "fileFormats")
        if (form := (text_of(each, "format") or "").lower()) in _FORMATS and (address := text_of(each, "fileUrl"))
    ]
    return [address for _, address in sorted(found)]


def _files_of_attachments(answer: Item) -> Iterator[str]:
    for each in items_of(answer, "included"):
        yield from _files(part_of(each, "attributes"))[:1]
