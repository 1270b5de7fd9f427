"""The Federal Register: deadlines in Eastern time, numbers that join, pages, refusals."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from limen.crawler.errors import PageError
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.federal_register import FIELDS, read_search, search_url
from limen.crawler.spiders.federal_register import FederalRegisterSpider
from limen.domain.instrument import Candidate, Instrument, JoinReason, join
from limen.domain.source import DocumentClass
from limen.nlp.components.references import References
from limen.nlp.folding import fold
from tests.unit.crawler.spider_stage import Stage

API = "https://www.federalregister.gov/api/v1/documents.json"
ZONE = "America/New_York"
SITE = "https://www.federalregister.gov/documents"


def document(number: str = "2024-02700", **fields: Any) -> dict[str, Any]:
    return {
        "title": "Limits for Smelters",
        "action": "Proposed rule.",
        "type": "Proposed Rule",
        "document_number": number,
        "html_url": f"{SITE}/2024/02/12/{number}/limits-for-smelters",
        "body_html_url": f"{SITE}/full_text/html/2024/02/12/{number}.html",
        "full_text_xml_url": f"{SITE}/full_text/xml/2024/02/12/{number}.xml",
        "pdf_url": f"https://www.govinfo.gov/content/pkg/FR-2024-02-12/pdf/{number}.pdf",
        "publication_date": "2024-02-12",
        "comments_close_on": "2024-03-13",
        "effective_on": None,
        "docket_ids": ["EPA-HQ-OAR-2020-0430", "FRL-7523-01-OAR"],
        "regulation_id_numbers": ["2060-AU37"],
        "regulations_dot_gov_info": {"document_id": "EPA-HQ-OAR-2020-0430-0001", "docket_id": "EPA-HQ-OAR-2020-0430"},
        "correction_of": None,
        "dates": None,
        "agencies": [{"raw_name": "ENVIRONMENTAL PROTECTION AGENCY"}],
        "cfr_references": [{"title": 40, "part": 63, "chapter": None, "citation_url": None}],
        **fields,
    }


def answer(*documents: Any, next_page_url: str | None = None) -> bytes:
    table = {"count": len(documents), "total_pages": 1, "results": list(documents)}
    return json.dumps(table | ({"next_page_url": next_page_url} if next_page_url else {})).encode()


def read(**fields: Any) -> Entry:
    [entry] = read_search(answer(document(**fields)), url=API, zone=ZONE).entries
    return entry


def deadline(**fields: Any) -> str | None:
    closes = read(**fields).hints.comment_deadline
    return closes and closes.isoformat()


def test_a_proposal() -> None:
    entry = read()
    assert entry.url == f"{SITE}/full_text/xml/2024/02/12/2024-02700.xml"
    assert entry.document_url == f"{SITE}/2024/02/12/2024-02700/limits-for-smelters"
    assert entry.revision == "2024-02-12"
    hints = entry.hints
    assert hints.title == "Limits for Smelters"
    assert hints.document_class is DocumentClass.DRAFT
    assert hints.published is not None
    assert hints.published.isoformat() == "2024-02-12T00:00:00-05:00"
    assert hints.references == ("RIN 2060-AU37", "Docket EPA-HQ-OAR-2020-0430", "FR Doc. 2024-02700")


def test_the_last_day_for_comments_ends_in_the_east() -> None:
    assert deadline() == "2024-03-13T23:59:59-04:00"  # summer time has begun on 10 March
    assert deadline(comments_close_on="2024-03-05") == "2024-03-05T23:59:59-05:00"


@pytest.mark.parametrize(
    ("closes", "dates"),
    [("2204-03-13", None), ("2023-03-13", None), ("soon", None), (None, None), (None, ""), ("", "To be announced.")],
)
def test_what_is_no_last_day(closes: str | None, dates: str | None) -> None:
    assert deadline(comments_close_on=closes, dates=dates) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Comments must be received on or before March 13, 2024.", "03-13"),
        ("Written comments should be submitted no later than April 12, 2024.", "04-12"),
        ("You should submit your comments not later than Friday, April 12, 2024.", "04-12"),
        (
            "Comments are due by 11:59 p.m. Eastern Time on March 13, 2024. A hearing takes place on March 1, 2024.",
            "03-13",
        ),
        ("A public meeting is held on February 20, 2024; comments close on March 13, 2024.", "03-13"),
        ("Comments due: March 13, 2024.", "03-13"),
        ("Send comments within 30 days after publication of this notice in the Federal Register.", "03-13"),
        ("Comments are accepted for sixty (60) days from the date of publication.", "04-12"),
        ("Comments on the forms by April 1, 2024, and on all else by April 12, 2024.", "04-01"),
        ("The comment period that was to end on March 5, 2024, is extended to April 12, 2024.", "04-12"),
        (
            """Comments were first due by March 5, 2024. The comment period of the proposal of January 5, 2024 (89 FR 1) is
            extended from March 5, 2024 until April 12, 2024.""",
            "04-12",
        ),
        ("The agency reopens the period; comments are taken through April 12, 2024.", "04-12"),
        ("Views must be in by April 12, 2024.", "04-12"),
    ],
)
def test_a_last_day_that_stands_only_in_the_dates(text: str, day: str) -> None:
    assert (deadline(comments_close_on=None, dates=text) or "")[:10] == f"2024-{day}"


@pytest.mark.parametrize(
    "text",
    [
        "This rule is effective on March 13, 2024.",
        "Operators must comply by March 13, 2025.",
        "The hearing will be held on March 13, 2024. Requests to speak must reach us by March 1, 2024.",
        "Comments must be received by February 30, 2024.",
        "Comments on the notice of March 1, 2024 are answered below.",
        "Comments are taken for a short time after publication.",
    ],
)
def test_dates_that_close_no_comments(text: str) -> None:
    assert deadline(comments_close_on=None, dates=text) is None


def test_the_service_goes_before_the_words() -> None:
    assert (deadline(dates="Comments by April 12, 2024.") or "")[:10] == "2024-03-13"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["EPA-R01-OAR-2023-0353; FRL–11161–02–R1"], ["EPA-R01-OAR-2023-0353"]),
        (["Docket No. FAA-2020-0686; Project Identifier AD-2020-00551-E"], ["FAA-2020-0686"]),
        (
            ["Docket Nos. PHMSA-2016-0014 and PHMSA-2016-0015 (HM-224I)"],
            ["PHMSA-2016-0014", "PHMSA-2016-0015", "HM-224I"],
        ),
        (["[Docket ID: MSHA–2023–0001]"], ["MSHA-2023-0001"]),
        (["Docket No. 240712-0189"], ["240712-0189"]),
        (["Airspace Docket No. 26-ASO-15"], ["26-ASO-15"]),
        (["A-570-135, C-570-136"], ["A-570-135", "C-570-136"]),
        (["OMB Control Number 1029-0036", "Amendment No. 25-150", "TD 10021", "13-08807", "RIN 2060-AU37"], []),
        (["EPA_FRDOC_0001"], []),
        (None, []),
        ([None, 7, ""], []),
    ],
)
def test_dockets_in_free_text(given: Any, expected: list[str]) -> None:
    references = read(docket_ids=given, regulations_dot_gov_info=None).hints.references
    assert [each.removeprefix("Docket ") for each in references if each.startswith("Docket")] == expected


def test_a_long_field_is_read_in_no_time() -> None:
    for text in ("A" * 50_000, "Docket " * 8_000, "A-1-" * 12_000):
        assert read(docket_ids=[text], regulations_dot_gov_info=None).hints.references[-1] == "FR Doc. 2024-02700"


def test_a_final_rule_joins_its_proposal_and_so_does_an_extension() -> None:
    proposal = read().hints
    final = read(
        number="2025-00120", type="Rule", docket_ids=[], regulations_dot_gov_info=[], effective_on="2025-03-01"
    ).hints
    extension = read(
        number="2024-05000",
        action="Proposed rule; extension of comment period.",
        publication_date="2024-03-08",
        comments_close_on="2024-04-12",
        regulation_id_numbers=[],
    ).hints
    assert final.document_class is DocumentClass.FINAL
    assert str(final.effective_on) == "2025-03-01"
    assert extension.document_class is DocumentClass.DRAFT
    assert extension.comment_deadline is not None
    assert proposal.comment_deadline is not None
    assert extension.comment_deadline > proposal.comment_deadline
    known = Instrument(title="x", language="en", jurisdiction="US", references=frozenset(proposal.references))
    for hints in (final, extension):
        match = join(
            Candidate(
                title="another name",
                language="en",
                jurisdiction="US",
                document_class=DocumentClass.FINAL,
                references=frozenset(hints.references),
            ),
            [known],
        )
        assert match is not None
        assert match.reason is JoinReason.REFERENCE


def test_the_numbers_are_written_as_the_reader_of_texts_writes_them() -> None:
    printed = "[Docket No. FAA–2020–0686] RIN 2120–AA64 [FR Doc. 2024–02700 Filed 2–9–24; 8:45 am]"
    listed = read(
        docket_ids=["Docket No. FAA-2020-0686"], regulation_id_numbers=["2120-AA64"], regulations_dot_gov_info={}
    )
    assert set(listed.hints.references) == set(References("en").find(fold(printed)))


def test_a_correction_names_what_it_corrects() -> None:
    original = "https://www.federalregister.gov/api/v1/documents/2024-02700.json"
    references = read(number="C1-2024-02700", correction_of=original, docket_ids=[]).hints.references
    assert references[-2:] == ("FR Doc. C1-2024-02700", "FR Doc. 2024-02700")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("Rule", DocumentClass.FINAL),
        ("Notice", DocumentClass.NOTICE),
        ("Presidential Document", DocumentClass.FINAL),
        ("Uncategorized Document", None),
        (None, None),
    ],
)
def test_classes(kind: str | None, expected: DocumentClass | None) -> None:
    assert read(type=kind).hints.document_class is expected


def test_the_best_form_of_the_text_that_is_there() -> None:
    assert read(full_text_xml_url=None).url.endswith("/full_text/html/2024/02/12/2024-02700.html")
    assert read(full_text_xml_url=None, body_html_url=None).url.endswith("/limits-for-smelters")


def test_documents_that_cannot_be_kept_are_left_out() -> None:
    broken = [
        {},
        "text",
        None,
        document(html_url=None),
        document(document_number=None),
        document(html_url="mailto:a@b"),
    ]
    assert read_search(answer(*broken, document()), url=API, zone=ZONE).entries == (read(),)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"<html><body>checking your browser</body></html>", "HTML page"),
        (b"[1, 2", "no JSON"),
        (b"[]", "no 'count'"),
        (b'{"count": 12}', "none is listed"),
        (b'{"errors": {"topics": "Trade is not a valid topic"}}', "topics: Trade is not a valid topic"),
        (b'{"status": 400, "message": "bad request"}', "bad request"),
    ],
)
def test_what_is_no_answer(body: bytes, words: str) -> None:
    with pytest.raises(PageError, match=words):
        read_search(body, url=API, zone=ZONE)


def test_a_search_without_a_hit() -> None:
    found = read_search(b'{"count": 0, "description": "nothing"}', url=API, zone=ZONE)
    assert (found.entries, found.next_url) == ((), None)


def test_the_search_asks_for_its_fields() -> None:
    url = search_url(
        f"{API}?conditions%5Bterm%5D=lithium", {"conditions[type][]": ("RULE", "PRORULE"), "per_page": "20"}
    )
    asked = parse_qsl(urlsplit(url).query)
    assert [value for name, value in asked if name == "fields[]"] == list(FIELDS)
    assert [value for name, value in asked if name == "conditions[type][]"] == ["RULE", "PRORULE"]
    assert dict(asked) | {"conditions[term]": "lithium", "per_page": "20", "order": "newest"} == dict(asked)


def test_the_spider_goes_from_page_to_page_and_hears_a_refusal() -> None:
    stage = Stage(
        FederalRegisterSpider, {"kind": "federal_register", "entry": [API], "query": {"conditions[term]": "ore"}}
    )
    [first] = stage.first()
    assert first.meta["handle_httpstatus_list"] == [400]
    [second] = stage.answer(first, json.loads(answer(document(), next_page_url=f"{API}?page=2")))
    assert second.url == f"{API}?page=2"
    assert stage.answer(second, json.loads(answer(document(number="2024-02701")))) == []
    assert [each.hints.references[-1] for each in stage.taken] == ["FR Doc. 2024-02700", "FR Doc. 2024-02701"]
    with pytest.raises(PageError, match="the service refuses: topics: unknown"):
        stage.answer(first, {"errors": {"topics": "unknown"}}, status=400)


def test_the_spider_stops_where_the_run_may_take_no_more() -> None:
    stage = Stage(FederalRegisterSpider, {"kind": "federal_register", "entry": [API]})
    type(stage.spider).may_take_more = False
    [first] = stage.first()
    assert stage.answer(first, json.loads(answer(document(), next_page_url=f"{API}?page=2"))) == []
