"""GOV.UK's search and content: consultations that open, close and have an outcome under one address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from limen.crawler.pages.answer import Item, address_of, items_of, moment_of, part_of, read_answer, text_of, texts_of
from limen.crawler.pages.attachments import EXTENSIONS, find_attachments
from limen.crawler.pages.canonical import absolute_url
from limen.crawler.pages.deadline import plausible
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.query import with_query
from limen.crawler.source_rules import Detail
from limen.domain.snapshot import Attachment, Hints
from limen.domain.source import DocumentClass

FIELDS = ("title", "link", "public_timestamp", "content_store_document_type")
PAGE_SIZE = 100

_STATES = {
    "consultation": ("unopened", DocumentClass.DRAFT),
    "open_consultation": ("open", DocumentClass.DRAFT),
    "closed_consultation": ("closed", DocumentClass.DRAFT),
    # what was decided is told there; the rule itself is made elsewhere
    "consultation_outcome": ("outcome", DocumentClass.NOTICE),
    "call_for_evidence": ("unopened", DocumentClass.NOTICE),
    "open_call_for_evidence": ("open", DocumentClass.NOTICE),
    "closed_call_for_evidence": ("closed", DocumentClass.NOTICE),
    "call_for_evidence_outcome": ("outcome", DocumentClass.NOTICE),
}
_FILES_AS_HTML = ("featured_attachments", "documents", "final_outcome_documents", "public_feedback_documents")
"""Fields of older pages: HTML of boxes, each with its links. Newer pages name files by id there and list them apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Pages in the order of the search, and the number of the result to go on from; None after the last."""

    entries: tuple[Entry, ...]
    next_start: int | None


def search_url(entry: str, query: Mapping[str, str | Sequence[str]], *, start: int = 0) -> str:
    """Return the address of a search from result number `start` on, what changed last first."""
    asked = {"order": "-public_timestamp", "count": str(PAGE_SIZE), **query}
    return with_query(with_query(entry, asked), {"fields": FIELDS, "start": str(start)})


def read_search(body: bytes, *, url: str, zone: str, start: int = 0) -> SearchPage:
    """Return the pages that one answer lists, each with the address of its content; those of other hosts are left out.

    The mark of a version is the time of the last change that the public was told of, with the state: a page that closes
    is looked at once more.

    Raises:
        PageError: it is no answer of the search.
    """
    answer = read_answer(body, url=url, key="results")
    results = items_of(answer, "results")
    entries = (_entry(item, url=url, zone=zone) for item in results)
    total, following = answer.get("total"), start + len(results)
    more = bool(results) and isinstance(total, int) and following < total
    return SearchPage(
        entries=tuple(entry for entry in entries if entry is not None), next_start=following if more else None
    )


def read_facts(body: bytes, *, url: str, zone: str) -> Hints:
    """Return what a content item says of itself.

    `published` is its first publication. A deadline years away, or before the day of opening, is none.

    Raises:
        PageError: the bytes are no content item.
    """
    item = read_answer(body, url=url, key="details", kind=dict)
    details = part_of(item, "details")
    opened, closes = (moment_of(details, key, zone=zone) for key in ("opening_date", "closing_date"))
    first = moment_of(item, "first_published_at", zone=zone) or moment_of(details, "first_public_at", zone=zone)
    status, document_class = _STATES.get(text_of(item, "document_type") or "", (None, None))
    return Hints(
        title=text_of(item, "title"),
        published=first or moment_of(item, "public_updated_at", zone=zone),
        comment_deadline=plausible(closes, opened=opened),
        document_class=document_class,
        opened=opened,
        status="withdrawn" if part_of(item, "withdrawn_notice") else status,
    )


def merge(listed: Hints, facts: Hints) -> Hints:
    """Return the hints of the search with what the content itself says in their place."""
    return replace(
        listed,
        title=facts.title or listed.title,
        published=facts.published or listed.published,
        comment_deadline=facts.comment_deadline,
        document_class=facts.document_class or listed.document_class,
        opened=facts.opened,
        status=facts.status or listed.status,
    )


def find_files(body: bytes, *, url: str, rules: Detail) -> tuple[Attachment, ...]:
    """Return the documents that a content item carries, HTML ones among them: the proposal itself often stands only there.

    Raises:
        PageError: the bytes are no content item.
    """
    if not rules.attachments:
        return ()
    details = part_of(read_answer(body, url=url, key="details", kind=dict), "details")
    found: dict[str, Attachment] = {}
    for each in (*_listed(details, url=url, rules=rules), *_in_boxes(details, url=url, rules=rules)):
        found.setdefault(each.url, each)
    return tuple(found.values())


def _entry(item: Item, *, url: str, zone: str) -> Entry | None:
    link = text_of(item, "link")
    if link is None or not link.startswith("/") or link.startswith("//"):
        return None
    content, page = absolute_url(url, f"/api/content{link}"), absolute_url(url, link)
    if content is None or page is None:
        return None
    kind, changed = text_of(item, "content_store_document_type"), text_of(item, "public_timestamp")
    status, document_class = _STATES.get(kind or "", (None, None))
    return Entry(
        url=content,
        document_url=page,
        revision=" ".join(filter(None, (changed, kind))) if changed else None,
        hints=Hints(
            title=text_of(item, "title"),
            published=moment_of(item, "public_timestamp", zone=zone),
            document_class=document_class,
            status=status,
        ),
    )


def _listed(details: Item, *, url: str, rules: Detail) -> Iterator[Attachment]:
    for each in items_of(details, "attachments"):
        address = address_of(each, "url", url=url)
        if address is None:
            continue
        name = unquote(urlsplit(address).path.rsplit("/", 1)[-1])
        is_text = text_of(each, "attachment_type") == "html" or name.lower().endswith(EXTENSIONS)
        label = text_of(each, "title") or name
        if is_text and not any(word in label or word in name for word in rules.skip_attachments):
            yield Attachment(url=address, label=label)


def _in_boxes(details: Item, *, url: str, rules: Detail) -> Iterator[Attachment]:
    boxes = [box for key in _FILES_AS_HTML for box in texts_of(details, key) if "<" in box]
    if boxes:
        yield from find_attachments("\n".join(boxes), url=url, rules=rules)
