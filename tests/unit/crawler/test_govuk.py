"""GOV.UK: one address from the opening to the outcome, dates that cannot be, files in the content."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from scrapy.http import TextResponse

from limen.crawler.errors import PageError
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.govuk import find_files, merge, read_facts, read_search, search_url
from limen.crawler.source_rules import Detail
from limen.crawler.spiders.govuk import GovUkSpider
from limen.domain.snapshot import Hints
from limen.domain.source import DocumentClass
from tests.unit.crawler.spider_stage import Stage

API = "https://www.gov.uk/api/search.json"
CONTENT = "https://www.gov.uk/api/content/government/consultations/battery-rules"
ZONE = "Europe/London"


def result(**fields: Any) -> dict[str, Any]:
    return {
        "title": "Battery rules",
        "link": "/government/consultations/battery-rules",
        "public_timestamp": "2026-05-07T09:30:00Z",
        "content_store_document_type": "open_consultation",
        "index": "government",
        "_id": "/government/consultations/battery-rules",
        **fields,
    }


def content(**fields: Any) -> dict[str, Any]:
    details = {
        "body": '<div class="govspeak"><p>Cells must hold at least 165 Wh/kg.</p></div>',
        "opening_date": "2026-05-07T09:30:00+01:00",
        "closing_date": "2026-07-30T23:45:00+01:00",
        "first_public_at": "2026-05-07T09:30:00+01:00",
        "change_history": [{"public_timestamp": "2026-05-07T09:30:00+01:00", "note": "First published."}],
        **fields.pop("details", {}),
    }
    return {
        "base_path": "/government/consultations/battery-rules",
        "content_id": "00000000-0000-0000-0000-000000000000",
        "title": "Battery rules",
        "description": "What cells must hold.",
        "document_type": "open_consultation",
        "schema_name": "consultation",
        "first_published_at": "2026-05-07T09:30:00+01:00",
        "public_updated_at": "2026-05-07T09:30:00+01:00",
        "updated_at": "2026-06-01T03:00:00Z",
        "withdrawn_notice": {},
        "details": details,
        **fields,
    }


def listed(**fields: Any) -> Entry:
    body = json.dumps({"results": [result(**fields)], "total": 1, "start": 0}).encode()
    [entry] = read_search(body, url=API, zone=ZONE).entries
    return entry


def facts(**fields: Any) -> Hints:
    return read_facts(json.dumps(content(**fields)).encode(), url=CONTENT, zone=ZONE)


def test_a_consultation_in_the_search() -> None:
    entry = listed()
    assert entry.url == CONTENT
    assert entry.document_url == "https://www.gov.uk/government/consultations/battery-rules"
    assert entry.revision == "2026-05-07T09:30:00Z open_consultation"
    assert entry.hints.published is not None
    assert entry.hints.published.isoformat() == "2026-05-07T10:30:00+01:00"
    assert (entry.hints.title, entry.hints.status) == ("Battery rules", "open")
    assert entry.hints.document_class is DocumentClass.DRAFT


def test_a_consultation_stays_one_document_while_its_state_changes() -> None:
    states = ("consultation", "open_consultation", "closed_consultation", "consultation_outcome")
    entries = [listed(content_store_document_type=each) for each in states]
    assert [each.hints.status for each in entries] == ["unopened", "open", "closed", "outcome"]
    assert len({(each.url, each.document_url) for each in entries}) == 1
    assert len({each.revision for each in entries}) == 4
    assert entries[-1].hints.document_class is DocumentClass.NOTICE


def test_results_of_other_hosts_and_broken_ones_are_left_out() -> None:
    links = ("https://consult.example/x", "//evil.example/x", "", None, 7)
    body = json.dumps({"results": [*(result(link=each) for each in links), None, result()], "total": 7})
    assert read_search(body.encode(), url=API, zone=ZONE).entries == (listed(),)


def test_without_a_time_of_change_there_is_no_mark() -> None:
    assert listed(public_timestamp=None).revision is None


@pytest.mark.parametrize(
    ("count", "total", "start", "following"),
    [(100, 250, 0, 100), (100, 250, 100, 200), (50, 250, 200, None), (0, 250, 100, None), (1, None, 0, None)],
)
def test_pages_of_a_search(count: int, total: int | None, start: int, following: int | None) -> None:
    body = json.dumps({"results": [result()] * count, "total": total}).encode()
    assert read_search(body, url=API, zone=ZONE, start=start).next_start == following


def test_the_search_asks_for_its_fields() -> None:
    url = search_url(API, {"filter_organisations": ("one", "two")}, start=100)
    asked = parse_qsl(urlsplit(url).query)
    assert [value for name, value in asked if name == "filter_organisations"] == ["one", "two"]
    assert ("fields", "public_timestamp") in asked
    assert dict(asked) | {"start": "100", "count": "100", "order": "-public_timestamp"} == dict(asked)


def test_what_the_content_says() -> None:
    hints = facts()
    assert hints.comment_deadline is not None
    assert hints.comment_deadline.isoformat() == "2026-07-30T23:45:00+01:00"
    assert hints.opened is not None
    assert hints.opened.isoformat() == "2026-05-07T09:30:00+01:00"
    assert hints.published == hints.opened
    assert (hints.status, hints.document_class) == ("open", DocumentClass.DRAFT)


def test_the_time_of_republishing_counts_for_nothing() -> None:
    assert facts(updated_at="2030-01-01T00:00:00Z") == facts()
    assert facts(first_published_at=None, details={"first_public_at": None}).published == facts().published
    early = facts(first_published_at=None, public_updated_at="2026-06-01T09:00:00Z")
    assert early.published == facts().published


@pytest.mark.parametrize(
    "details",
    [
        {"closing_date": "2216-07-30T23:45:00+01:00"},
        {"closing_date": "2036-07-30T23:45:00+01:00"},
        {"closing_date": "2026-04-30T23:45:00+01:00"},
        {"closing_date": "in summer"},
        {"closing_date": None},
        {"opening_date": "2200-10-05T14:00:00+01:00", "closing_date": "2210-10-31T17:00:00+01:00"},
    ],
)
def test_what_is_no_deadline(details: dict[str, Any]) -> None:
    assert facts(details=details).comment_deadline is None


def test_an_opening_that_is_never_is_none() -> None:
    assert facts(details={"opening_date": "2200-10-05T14:00:00+01:00"}).opened is None


def test_states_of_a_content_item() -> None:
    assert facts(document_type="consultation_outcome").document_class is DocumentClass.NOTICE
    assert facts(document_type="closed_call_for_evidence").status == "closed"
    withdrawn = {"explanation": "<p>Replaced.</p>", "withdrawn_at": "2026-06-01T09:00:00Z"}
    assert facts(withdrawn_notice=withdrawn).status == "withdrawn"
    assert facts(withdrawn_notice=None).status == "open"
    notice = facts(document_type="notice", details={"opening_date": None, "closing_date": None})
    assert (notice.status, notice.document_class, notice.comment_deadline) == (None, None, None)


def test_the_content_goes_before_the_search() -> None:
    merged = merge(listed(content_store_document_type=None).hints, facts(title="Battery rules 2026"))
    assert (merged.title, merged.status) == ("Battery rules 2026", "open")
    assert merged.comment_deadline == facts().comment_deadline
    assert merged.published == facts().published


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"<html>", "HTML page"),
        (b'{"details": []}', "no 'details'"),
        (b'{"error": "Unexpected parameters: filters"}', "Unexpected parameters: filters"),
    ],
)
def test_what_is_no_answer(body: bytes, words: str) -> None:
    for read in (read_search, read_facts):
        with pytest.raises(PageError, match=words.replace("details", "results" if read is read_search else "details")):
            read(body, url=API, zone=ZONE)


def test_files_of_the_content() -> None:
    assets = "https://assets.publishing.example/media/1"
    details = {
        "attachments": [
            {"attachment_type": "file", "id": "a.pdf", "title": "The proposal", "url": f"{assets}/a.pdf"},
            {"attachment_type": "html", "title": "In HTML", "url": "/government/consultations/battery-rules/proposal"},
            {"attachment_type": "file", "title": "Picture", "url": f"{assets}/a.png"},
            {"attachment_type": "external", "title": "Form", "url": "https://forms.example/"},
            {"attachment_type": "file", "title": "Response form", "url": f"{assets}/form.docx"},
            {"title": "nothing"},
            "text",
        ],
        "featured_attachments": ["a.pdf"],
        "final_outcome_documents": [
            f'<section><h2><a href="{assets}/b.pdf">Response</a></h2><a href="{assets}/a.pdf">again</a></section>'
        ],
    }
    body = json.dumps(content(details=details)).encode()
    rules = Detail(skip_attachments=("Response form",))
    assert [(each.label, each.url.rsplit("/", 1)[-1]) for each in find_files(body, url=CONTENT, rules=rules)] == [
        ("The proposal", "a.pdf"),
        ("In HTML", "proposal"),
        ("Response", "b.pdf"),
    ]
    assert find_files(body, url=CONTENT, rules=Detail(attachments=False)) == ()


def on_stage() -> Stage:
    table = {"kind": "govuk", "entry": [API], "timezone": ZONE, "query": {"filter_organisations": ["one"]}}
    return Stage(GovUkSpider, table)


def test_the_spider_goes_through_the_results() -> None:
    stage = on_stage()
    [first] = stage.first()
    assert 422 in first.meta["handle_httpstatus_list"]
    [second] = stage.answer(first, {"results": [result()], "total": 2})
    assert dict(parse_qsl(urlsplit(second.url).query))["start"] == "1"
    assert stage.answer(second, {"results": [result(link="/other")], "total": 2}) == []
    assert [urlsplit(each.url).path for each in stage.taken] == [
        "/api/content/government/consultations/battery-rules",
        "/api/content/other",
    ]
    with pytest.raises(PageError, match="Unexpected parameters"):
        stage.answer(first, {"error": "Unexpected parameters: filters"}, status=422)


def test_the_spider_reads_the_hints_of_a_page() -> None:
    spider = on_stage().spider
    body = json.dumps(content()).encode()
    page = TextResponse(CONTENT, body=body)
    hints = spider.page_hints(page, listed().hints)
    assert hints.comment_deadline == facts().comment_deadline
    assert spider.page_attachments(page) == ()
    broken = TextResponse(CONTENT, body=b"<html>sorry</html>")
    assert spider.page_hints(broken, listed().hints) == listed().hints
    assert spider.page_attachments(broken) == ()
