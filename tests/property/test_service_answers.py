"""Whatever a service answers, its reader gives entries or says that the answer is none."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from limen.crawler.errors import PageError
from limen.crawler.pages import ecfr, federal_register, govuk, regulations_gov
from limen.crawler.pages.comment_period import closing_moment
from limen.crawler.pages.us_numbers import dockets, fr_documents, rins
from limen.crawler.source_rules import Detail

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
ITEMS = st.recursive(
    st.dictionaries(st.sampled_from(NAMES), LEAVES, max_size=12),
    lambda inner: st.dictionaries(
        st.sampled_from(NAMES), st.one_of(LEAVES, inner, st.lists(inner, max_size=3)), max_size=12
    ),
    max_leaves=6,
)


def answer(key: str, value: Any) -> bytes:
    return json.dumps({key: value, "count": 1, "total": 5, "meta": {"lastPage": False}}).encode()


@given(st.lists(st.one_of(LEAVES, ITEMS), max_size=4), ITEMS)
@example([{"removed": True, "identifier": "1", "date": "0001-01-01", "issue_date": "2024-01-01"}], {})
def test_readers_of_services_only_complain(items: list[Any], item: dict[str, Any]) -> None:
    day = date(2024, 2, 12)
    piece = ecfr.parse_watched("title-40/part-261")
    with contextlib.suppress(PageError):
        federal_register.read_search(answer("results", items), url=URL, zone=ZONE)
    with contextlib.suppress(PageError):
        govuk.read_search(answer("results", items), url=URL, zone=ZONE)
    with contextlib.suppress(PageError):
        regulations_gov.read_search(answer("data", items), url=URL, zone=ZONE, page=20)
    with contextlib.suppress(PageError):
        regulations_gov.read_record(answer("data", item), url=URL, zone=ZONE)
    with contextlib.suppress(PageError):
        ecfr.read_titles(answer("titles", items), url=URL)
    with contextlib.suppress(PageError):
        rows = ecfr.read_versions(answer("content_versions", items), url=URL)
        ecfr.read_document(piece, rows, api=URL, as_of=day, zone=ZONE, known="2024-01-01 1")
    with contextlib.suppress(PageError):
        govuk.read_facts(json.dumps(item).encode(), url=URL, zone=ZONE)
    with contextlib.suppress(PageError):
        govuk.find_files(json.dumps(item).encode(), url=URL, rules=Detail())


@given(st.binary(max_size=60))
@example(b"[" * 100_000)
def test_readers_of_bytes_only_complain(body: bytes) -> None:
    for read in (federal_register.read_search, govuk.read_search, regulations_gov.read_search, govuk.read_facts):
        with contextlib.suppress(PageError):
            read(body, url=URL, zone=ZONE)


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
