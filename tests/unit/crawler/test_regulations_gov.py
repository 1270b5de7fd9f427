"""regulations.gov: days of the east written in UTC, records that cannot be, the twentieth page."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from limen.crawler.errors import PageError
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.regulations_gov import read_record, read_search, search_url
from limen.crawler.spiders.regulations_gov import RegulationsGovSpider
from limen.domain.source import DocumentClass
from tests.unit.crawler.spider_stage import NOW, Stage

API = "https://api.regulations.gov/v4/documents"
RECORD = f"{API}/MSHA-2023-0001-1310"
FILES = "https://downloads.regulations.gov/MSHA-2023-0001-1310"
ZONE = "America/New_York"


def item(number: str = "MSHA-2023-0001-1310", **attributes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "documents",
        "attributes": {
            "documentType": "Proposed Rule",
            "lastModifiedDate": "2023-08-24T01:01:41Z",
            "highlightedContent": "",
            "frDocNum": "2023-14199",
            "withdrawn": False,
            "agencyId": "MSHA",
            "commentEndDate": "2023-09-12T03:59:59Z",
            "title": "Dust in Mines",
            "postedDate": "2023-07-26T04:00:00Z",
            "docketId": "MSHA-2023-0001",
            "subtype": None,
            "commentStartDate": "2023-07-26T04:00:00Z",
            "openForComment": True,
            "objectId": "0900006485d4c9a6",
            **attributes,
        },
        "links": {"self": f"https://elsewhere.example/v4/documents/{number}"},
    }


def page(*items: Any, last: bool = True) -> dict[str, Any]:
    return {"data": list(items), "meta": {"lastPage": last, "pageSize": 250, "aggregations": {}}}


def record(*formats: Any, included: Any = None, **attributes: Any) -> dict[str, Any]:
    files = [{"fileUrl": f"{FILES}/content.{form}", "format": form, "size": 7} for form in formats]
    data = item(**attributes, fileFormats=files or None, modifyDate="2023-08-24T01:01:41Z")
    return {"data": data} | ({"included": included} if included else {})


def read(**attributes: Any) -> Entry:
    [listed] = read_search(json.dumps(page(item(**attributes))).encode(), url=API, zone=ZONE).listed
    return listed.entry


def read_one(table: dict[str, Any]) -> Entry | None:
    return read_record(json.dumps(table).encode(), url=RECORD, zone=ZONE, revision="now")


def test_a_proposal_with_its_days_in_the_east() -> None:
    entry = read()
    assert entry.document_url == "https://www.regulations.gov/document/MSHA-2023-0001-1310"
    assert entry.revision == "2023-08-24T01:01:41Z"
    hints = entry.hints
    assert hints.comment_deadline is not None
    assert hints.comment_deadline.isoformat() == "2023-09-11T23:59:59-04:00"
    assert hints.published is not None
    assert hints.published.isoformat() == "2023-07-26T00:00:00-04:00"
    assert hints.opened == hints.published
    assert hints.references == ("Docket MSHA-2023-0001", "FR Doc. 2023-14199")
    assert (hints.document_class, hints.status) == (DocumentClass.DRAFT, "open")


def test_winter_time() -> None:
    closes = read(commentStartDate="2022-01-03T05:00:00Z", commentEndDate="2022-02-12T04:59:59Z").hints.comment_deadline
    assert closes is not None
    assert closes.isoformat() == "2022-02-11T23:59:59-05:00"


def test_a_last_day_without_its_time() -> None:
    closes = read(commentEndDate="2023-09-11T04:00:00Z").hints.comment_deadline
    assert closes is not None
    assert closes.isoformat() == "2023-09-11T23:59:59-04:00"


@pytest.mark.parametrize(
    "attributes",
    [
        {"commentEndDate": "2023-07-14T03:59:59Z"},  # before it begins
        {"commentEndDate": "1992-03-03T04:59:59Z", "commentStartDate": None},  # of a paper posted thirty years later
        {"commentEndDate": "2923-09-12T03:59:59Z"},
        {"commentEndDate": "soon"},
        {"commentEndDate": None},
        {"commentEndDate": 7},
    ],
)
def test_what_is_no_deadline(attributes: dict[str, Any]) -> None:
    assert read(**attributes).hints.comment_deadline is None


@pytest.mark.parametrize(
    ("attributes", "status"),
    [
        ({"withdrawn": True}, "withdrawn"),
        ({"openForComment": False}, "closed"),
        ({"openForComment": False, "commentEndDate": None}, None),
    ],
)
def test_states(attributes: dict[str, Any], status: str | None) -> None:
    assert read(**attributes).hints.status == status


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("Rule", DocumentClass.FINAL),
        ("Notice", DocumentClass.NOTICE),
        ("Supporting & Related Material", DocumentClass.COMMENTARY),
        ("Other", None),
        (None, None),
    ],
)
def test_classes(kind: str | None, expected: DocumentClass | None) -> None:
    assert read(documentType=kind).hints.document_class is expected


def test_a_box_for_what_has_no_docket_joins_nothing() -> None:
    assert read(docketId="EPA_FRDOC_0001", frDocNum="C1-2022-03173").hints.references == ("FR Doc. C1-2022-03173",)
    assert read(docketId=None, frDocNum=None).hints.references == ()
    assert read(docketId=None, frDocNum="92-945").hints.references == ("FR Doc. 92-945",)


def test_broken_items_are_left_out() -> None:
    broken: list[Any] = [None, "text", {}, {"id": None}, {"id": 7}]
    found = read_search(json.dumps(page(*broken, item(), {"id": "A-1"})).encode(), url=API, zone=ZONE)
    assert [each.record_url for each in found.listed] == [
        f"{RECORD}?include=attachments",
        f"{API}/A-1?include=attachments",
    ]


def test_the_key_goes_to_no_other_host() -> None:
    odd = read_search(json.dumps(page(item("//evil.example/x"))).encode(), url=API, zone=ZONE)
    assert odd.listed[0].record_url == f"{API}/%2F%2Fevil.example%2Fx?include=attachments"


def test_the_file_of_a_record() -> None:
    entry = read_one(record("pdf", "htm", additionalRins=["1219-AB36"]))
    assert entry is not None
    assert (entry.url, entry.revision) == (f"{FILES}/content.htm", "now")
    assert entry.document_url == "https://www.regulations.gov/document/MSHA-2023-0001-1310"
    assert entry.hints.references[0] == "RIN 1219-AB36"
    pdf = read_one(record("jpg", "pdf"))
    assert pdf is not None
    assert pdf.url == f"{FILES}/content.pdf"


def test_a_record_whose_text_is_an_attachment() -> None:
    attached = [
        None,
        {"type": "attachments", "attributes": {"fileFormats": None}},
        {
            "type": "attachments",
            "attributes": {"fileFormats": [{"fileUrl": f"{FILES}/attachment_1.pdf", "format": "pdf"}]},
        },
    ]
    entry = read_one(record(included=attached))
    assert entry is not None
    assert entry.url == f"{FILES}/attachment_1.pdf"


def test_a_record_without_a_text() -> None:
    assert read_one(record()) is None
    assert read_one(record("mp3")) is None
    assert read_one({"data": item(fileFormats=[{"fileUrl": "mailto:a@b", "format": "pdf"}, {"format": "htm"}])}) is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b'{"data": {}}', "no 'data'"),
        (
            b'{"errors": [{"status": "400", "title": "INVALID_DATE", "detail": "The date has another form"}]}',
            "status: 400; title: INVALID_DATE; detail: The date has another form",
        ),
        (b'{"error": {"code": "API_KEY_INVALID", "message": "An invalid key was given"}}', "code: API_KEY_INVALID"),
    ],
)
def test_what_is_no_list(body: bytes, words: str) -> None:
    with pytest.raises(PageError, match=words):
        read_search(body, url=API, zone=ZONE)


@pytest.mark.parametrize("body", [b'{"data": []}', b'{"data": {"attributes": {}}}', b"<html>"])
def test_what_is_no_record(body: bytes) -> None:
    with pytest.raises(PageError):
        read_record(body, url=RECORD, zone=ZONE)


def test_the_last_pages() -> None:
    more = json.dumps(page(item(), last=False)).encode()
    assert read_search(more, url=API, zone=ZONE, page=19).next_page == 20
    cut = read_search(more, url=API, zone=ZONE, page=20)
    assert cut.next_page is None
    assert cut.next_since is not None
    assert cut.next_since.isoformat() == "2023-08-23T21:01:41-04:00"
    for end in (page(item()), page(last=False), page(), {"data": []}):
        found = read_search(json.dumps(end).encode(), url=API, zone=ZONE, page=20)
        assert (found.next_page, found.next_since) == (None, None)


def test_the_time_of_the_last_change_is_asked_for_in_the_east() -> None:
    since = datetime(2023, 8, 24, 1, 1, 41, tzinfo=UTC)
    url = search_url(
        f"{API}?filter%5BagencyId%5D=MSHA", {"filter[documentType]": "Rule"}, since=since, zone=ZONE, page=3
    )
    assert dict(parse_qsl(urlsplit(url).query)) == {
        "filter[agencyId]": "MSHA",
        "filter[documentType]": "Rule",
        "filter[lastModifiedDate][ge]": "2023-08-23 21:01:41",
        "sort": "lastModifiedDate,documentId",
        "page[size]": "250",
        "page[number]": "3",
    }


def on_stage(**revisions: str) -> Stage:
    table = {"kind": "regulations_gov", "entry": [API], "canonical": {"key": r"/document/([^/?#]+)"}}
    return Stage(RegulationsGovSpider, table, revisions=revisions)


def asked(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def test_the_spider_asks_for_the_records_of_what_changed() -> None:
    stage = on_stage(**{"SAME-1": "2023-08-24T01:01:41Z", "MSHA-2023-0001-1310": "2023-07-01T00:00:00Z"})
    [first] = stage.first()
    assert first.headers[b"X-Api-Key"] == b"a key"
    assert asked(first.url)["filter[lastModifiedDate][ge]"] == "2026-02-02 19:00:00"
    [detail] = stage.answer(first, page(item("SAME-1"), item()))
    assert detail.headers[b"X-Api-Key"] == b"a key"
    assert [each.document_url for each in stage.taken] == ["https://www.regulations.gov/document/SAME-1"]
    assert stage.answer(detail, record("htm")) == []
    assert [(each.url, each.revision) for each in stage.taken[1:]] == [(f"{FILES}/content.htm", "2023-08-24T01:01:41Z")]


def test_the_record_is_asked_for_before_the_list_is_believed_too_long() -> None:
    stage = on_stage(**{"SAME-1": "2023-08-24T01:01:41Z"})
    stage.spider.recorder.seen_at = NOW - timedelta(days=4)
    [detail] = stage.answer(stage.first()[0], page(item("SAME-1")))
    assert detail.url == f"{API}/SAME-1?include=attachments"
    assert stage.taken == []


def test_what_has_no_mark_of_its_version_is_never_told_unchanged() -> None:
    stage = on_stage()
    [first] = stage.first()
    assert len(stage.answer(first, page(item(lastModifiedDate=None)))) == 1
    assert stage.taken == []


def test_the_spider_counts_records_without_a_text() -> None:
    stage = on_stage()
    [detail] = stage.answer(stage.first()[0], page(item()))
    stage.answer(detail, record())
    assert stage.taken == []
    assert stage.spider.recorder.counts == {"without_file": 1}


def test_the_spider_goes_on_behind_the_twentieth_page() -> None:
    stage = on_stage()
    [request] = stage.first()
    for number in range(2, 21):
        request = stage.answer(
            request, page(last=False) | page(item(lastModifiedDate="2026-03-01T12:00:00Z"), last=False)
        )[-1]
        assert asked(request.url)["page[number]"] == str(number)
    request = stage.answer(request, page(item(lastModifiedDate="2026-03-01T12:00:00Z"), last=False))[-1]
    assert asked(request.url)["page[number]"] == "1"
    assert asked(request.url)["filter[lastModifiedDate][ge]"] == "2026-03-01 07:00:00"
    request.meta["limen_page"] = 20  # as many again in one second: there is no way on
    following = stage.answer(request, page(item(lastModifiedDate="2026-03-01T12:00:00Z"), last=False))
    assert ["include" in each.url for each in following] == [True]


def test_the_spider_tells_why_it_was_refused() -> None:
    stage = on_stage()
    [first] = stage.first()
    with pytest.raises(PageError, match="API_KEY_INVALID"):
        stage.answer(first, {"error": {"code": "API_KEY_INVALID", "message": "no"}}, status=403)
