"""The Federal Register's documents, by the answers of its API (version 1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from limen.crawler.errors import PageError
from limen.crawler.pages.answer import Item, address_of, day_of, items_of, part_of, read_answer, text_of, texts_of
from limen.crawler.pages.comment_period import closing_moment
from limen.crawler.pages.deadline import end_of_day, plausible
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.query import with_query
from limen.crawler.pages.us_numbers import dockets, fr_documents, rins
from limen.domain.snapshot import Hints
from limen.domain.source import DocumentClass

FIELDS = (
    "title",
    "action",
    "type",
    "document_number",
    "html_url",
    "body_html_url",
    "full_text_xml_url",
    "pdf_url",
    "publication_date",
    "comments_close_on",
    "effective_on",
    "docket_ids",
    "regulation_id_numbers",
    "regulations_dot_gov_info",
    "correction_of",
    "dates",
    "agencies",
    "cfr_references",
)
"""Asked for by name: the service leaves out most of them otherwise, the last day for comments among them."""

_TEXTS = ("full_text_xml_url", "body_html_url", "html_url")
"""Where a document's text is, the most exact form first. Not every document has its XML."""
_CLASSES = {
    "Proposed Rule": DocumentClass.DRAFT,
    "Rule": DocumentClass.FINAL,
    "Notice": DocumentClass.NOTICE,
    "Presidential Document": DocumentClass.FINAL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Documents in the order of the service, and the address of the next page; None after the last."""

    entries: tuple[Entry, ...]
    next_url: str | None


def search_url(entry: str, query: Mapping[str, str | Sequence[str]]) -> str:
    """Return the address of a search: the newest first, with all fields that are read here."""
    return with_query(with_query(entry, {"order": "newest", "per_page": "100", **query}), {"fields[]": FIELDS})


def read_search(body: bytes, *, url: str, zone: str) -> SearchPage:
    """Return the documents of one answer; those without number or address are left out. Dates are days in `zone`.

    Raises:
        PageError: it is no answer of the service, or one that refuses a condition.
    """
    answer = read_answer(body, url=url, key="count", kind=int)
    # without a hit the service leaves the list out
    if answer["count"] and not isinstance(answer.get("results"), list):
        raise PageError(f"{url}: {answer['count']} documents are counted and none is listed; the service has changed")
    entries = (_entry(item, url=url, zone=zone) for item in items_of(answer, "results"))
    return SearchPage(
        entries=tuple(entry for entry in entries if entry is not None),
        next_url=address_of(answer, "next_page_url", url=url),
    )


def _entry(item: Item, *, url: str, zone: str) -> Entry | None:
    known_as = address_of(item, "html_url", url=url)
    text = next((address for name in _TEXTS if (address := address_of(item, name, url=url))), None)
    if text is None or known_as is None or text_of(item, "document_number") is None:
        return None
    published = day_of(item, "publication_date", zone=zone)
    effective = day_of(item, "effective_on", zone=zone)
    return Entry(
        url=text,
        document_url=known_as,
        # what was printed stays as it is; a correction is a document of its own
        revision=text_of(item, "publication_date"),
        hints=Hints(
            title=text_of(item, "title"),
            published=published,
            comment_deadline=_deadline(item, published=published, zone=zone),
            document_class=_CLASSES.get(text_of(item, "type") or ""),
            references=tuple(dict.fromkeys(_references(item))),
            effective_on=effective and effective.date(),
        ),
    )


def _deadline(item: Item, *, published: datetime | None, zone: str) -> datetime | None:
    """Return the end of the day that the service names; where it names none, of the one in the document's DATES."""
    stated = day_of(item, "comments_close_on", zone=zone)
    if stated is not None:
        return plausible(end_of_day(stated), opened=published)
    return closing_moment(text_of(item, "dates") or "", published=published, zone=zone)


def _references(item: Item) -> Iterator[str]:
    docket = part_of(item, "regulations_dot_gov_info")
    yield from rins((*texts_of(item, "regulation_id_numbers"), *texts_of(docket, "regulation_id_number")))
    yield from dockets((*texts_of(item, "docket_ids"), *texts_of(docket, "docket_id")))
    yield from fr_documents((*texts_of(item, "document_number"), *texts_of(item, "correction_of")))
