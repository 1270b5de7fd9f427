"""Whatever a service answers, its reader gives entries or says that the answer is none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from limen.crawler.errors import PageError
from limen.crawler.pages import ecfr, federal_register, govuk, regulations_gov
from limen.crawler.pages.comment_period import closing_moment
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.us_numbers import dockets, fr_documents, rins
from limen.crawler.source_rules import Detail
from limen.domain.snapshot import Hints

ZONE = "America/New_York"
URL = "https://site.example/api/v4/documents"
NAMES = (
    *federal_register.FIELDS,
    *govuk.FIELDS,
    *(
        "id",
        "attributes",
        "links",
        "postedDate",
        "commentStartDate",
        "commentEndDate",
        "docketId",
        "frDocNum",
        "lastModifiedDate",
    ),
    *(
        "fileFormats",
        "fileUrl",
        "format",
        "withdrawn",
        "openForComment",
        "identifier",
        "name",
        "date",
        "issue_date",
        "removed",
    ),
    *("details", "opening_date", "closing_date", "attachments", "url", "documents", "number", "up_to_date_as_of"),
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.sampled_from(
        [
            "0001-01-01",
            "9999-12-31T23:59:59Z",
            "2024-02-30",
            "2024-02-12T05:00:00Z",
            "2024-02-12",
            "/a/b",
            "https://[",
            "//x:0",
            "2060-AU37",
            "Docket No. A-1",
            "pdf",
            "\ud800",
            '<a href="x.pdf">',
        ]
    ),
)
INVENTED = st.recursive(
    st.dictionaries(st.sampled_from(NAMES), LEAVES, max_size=12),
    lambda inner: st.dictionaries(
        st.sampled_from(NAMES), st.one_of(LEAVES, inner, st.lists(inner, max_size=3)), max_size=12
    ),
    max_leaves=6,
)
PARTS = {
    "title": "Limits for cells",
    "postedDate": "2024-02-12T05:00:00Z",
    "lastModifiedDate": "2024-02-12T05:00:00Z",
    "fileFormats": [{"format": "pdf", "fileUrl": "https://files.example/a.pdf"}],
    "opening_date": "2024-02-12T05:00:00Z",
    "closing_date": "2024-03-12T05:00:00Z",
    "attachments": [{"url": "https://files.example/a.pdf", "title": "Draft"}],
}
WHOLE = {
    "title": "Limits for cells",
    "document_number": "2024-00001",
    "html_url": "https://site.example/a",
    "publication_date": "2024-02-12",
    "comments_close_on": "2024-03-12",
    "link": "/a",
    "public_timestamp": "2024-02-12T05:00:00Z",
    "id": "EPA-1",
    "number": 40,
    "up_to_date_as_of": "2024-02-12",
    "identifier": "261.1",
    "name": "Purpose",
    "date": "2024-02-01",
    "issue_date": "2024-02-02",
}
"""What every reader takes for a document of its service, with PARTS as its details."""
CHANGES = st.dictionaries(st.sampled_from(NAMES), LEAVES, max_size=2)
DAMAGED = st.builds(
    lambda whole, parts: {"attributes": PARTS | parts, "details": PARTS | parts} | WHOLE | whole, CHANGES, CHANGES
)
ITEMS = st.one_of(INVENTED, DAMAGED)


def answer(key: str, value: Any) -> bytes:
    return json.dumps({key: value, "count": 1, "total": 5, "meta": {"lastPage": False}}).encode()


def said(read: Callable[..., Any], body: bytes, **options: Any) -> Any:
    """What a reader makes of an answer; None if it complains, which names the address."""
    try:
        return read(body, url=URL, **options)
    except PageError as error:
        assert URL in str(error)  # noqa: PT017
        return None


def check_entries(entries: Iterable[Entry]) -> None:
    for entry in entries:
        assert entry.url.startswith(("http://", "https://"))
        check_hints(entry.hints)


def check_hints(hints: Hints) -> None:
    assert hints.title is None or hints.title.encode().strip()
    for moment in (hints.published, hints.comment_deadline, hints.opened):
        assert moment is None or moment.tzinfo is not None


def check_code(rows: Sequence[ecfr.Version]) -> None:
    day, piece = date(2024, 2, 12), ecfr.parse_watched("title-40/part-261")
    try:
        entry = ecfr.read_document(piece, rows, api=URL, as_of=day, zone=ZONE, known="2024-01-01 1")
    except PageError:
        assert all(max(row.age) > day for row in rows)
    else:
        check_entries([entry])
        assert entry.revision


@given(st.lists(st.one_of(LEAVES, ITEMS), max_size=4), ITEMS)
@example([{"removed": True, "identifier": "1", "date": "0001-01-01", "issue_date": "2024-01-01"}], {})
def test_readers_of_services_only_complain(items: list[Any], item: dict[str, Any]) -> None:
    content = json.dumps(item).encode()
    if page := said(federal_register.read_search, answer("results", items), zone=ZONE):
        check_entries(page.entries)
    if page := said(govuk.read_search, answer("results", items), zone=ZONE):
        check_entries(page.entries)
    if page := said(regulations_gov.read_search, answer("data", items), zone=ZONE, page=20):
        check_entries(listed.entry for listed in page.listed)
    if record := said(regulations_gov.read_record, answer("data", item), zone=ZONE):
        check_entries([record])
    if titles := said(ecfr.read_titles, answer("titles", items)):
        assert {type(day) for day in titles.values()} == {date}
    if rows := said(ecfr.read_versions, answer("content_versions", items)):
        check_code(rows)
    if facts := said(govuk.read_facts, content, zone=ZONE):
        check_hints(facts)
    for file in said(govuk.find_files, content, rules=Detail()) or ():
        assert file.url.startswith(("http://", "https://"))


@given(st.binary(max_size=60))
@example(b"[" * 100_000)
def test_readers_of_bytes_only_complain(body: bytes) -> None:
    for read in (federal_register.read_search, govuk.read_search, regulations_gov.read_search, govuk.read_facts):
        assert said(read, body, zone=ZONE) is None


WORDS = st.sampled_from(
    [
        "comments",
        "by",
        "on or before",
        "March",
        "30,",
        "2024",
        "within",
        "60",
        "days after publication",
        ".",
        ";",
        "extended",
        "to",
    ]
)


@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=15).map(" ".join)))
def test_texts_of_notices(text: str) -> None:
    published = datetime(2024, 2, 12, tzinfo=UTC)
    closes = closing_moment(text, published=published, zone=ZONE)
    assert closes is None or closes > published
    for find in (rins, dockets, fr_documents):
        assert all(each == each.strip() for each in find([text]))
