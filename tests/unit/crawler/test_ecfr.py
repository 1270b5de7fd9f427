"""The eCFR: one identifier over several editions, editorial ones, sections that go, days that cannot be asked for."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from scrapy import Request

from limen.crawler.errors import PageError
from limen.crawler.pages.ecfr import (
    Version,
    parse_watched,
    read_document,
    read_titles,
    read_versions,
    text_url,
    versions_url,
)
from limen.crawler.pages.entry import Entry
from limen.crawler.spiders.ecfr import EcfrSpider
from tests.unit.crawler.spider_stage import Stage

API = "https://www.ecfr.gov/api/versioner/v1/titles.json"
ZONE = "America/New_York"
PART = "title-40/part-261"


def row(identifier: str, day: str, edition: str | None = None, **fields: Any) -> dict[str, Any]:
    return {
        "date": day,
        "amendment_date": day,
        "issue_date": edition or day,
        "identifier": identifier,
        "name": f"§ {identifier}   Batteries.",
        "part": "261",
        "substantive": True,
        "removed": False,
        "subpart": None,
        "title": "40",
        "type": "section",
        **fields,
    }


def versions(*rows: Any) -> tuple[Version, ...]:
    return read_versions(json.dumps({"content_versions": rows}).encode(), url=API)


def read(*rows: Any, watch: str = PART, as_of: str = "2024-01-05", known: str | None = None) -> Entry:
    day = date.fromisoformat(as_of)
    return read_document(parse_watched(watch), versions(*rows), api=API, as_of=day, zone=ZONE, known=known)


OLD = row("261.2", "2016-12-22")
CORRECTED = row("261.2", "2016-12-22", "2022-03-15", substantive=False)
AMENDED = row("261.4", "2023-06-01")


@pytest.mark.parametrize(
    ("text", "citation", "versions_query", "human"),
    [
        (PART, "40 CFR 261", "title-40.json?part=261&page=1", "title-40/part-261"),
        (
            "title-49/section-173.185",
            "49 CFR 173.185",
            "title-49.json?part=173&section=173.185&page=1",
            "title-49/section-173.185",
        ),
        (
            "title-40/part-63/subpart-TTT",
            "40 CFR 63 Subpart TTT",
            "title-40.json?part=63&subpart=TTT&page=1",
            "title-40/part-63/subpart-TTT",
        ),
        ("title-26/section-1.45X-4", "26 CFR 1.45X-4", "title-26.json?part=1&section=1.45X-4&page=1", None),
        (
            "title-6/appendix-Appendix A to Part 27",
            "6 CFR Appendix A to Part 27",
            "title-6.json?appendix=Appendix%20A%20to%20Part%2027&page=1",
            "title-6/appendix-Appendix%20A%20to%20Part%2027",
        ),
    ],
)
def test_pieces_of_the_code(text: str, citation: str, versions_query: str, human: str | None) -> None:
    piece = parse_watched(text)
    assert piece.citation == citation
    assert versions_url(API, piece) == f"https://www.ecfr.gov/api/versioner/v1/versions/{versions_query}"
    assert piece.path == (human or text)
    number = versions_query.removesuffix("&page=1").replace(".json", ".xml", 1)
    day = date(2024, 1, 5)
    assert text_url(API, piece, on=day) == f"https://www.ecfr.gov/api/versioner/v1/full/2024-01-05/{number}"


@pytest.mark.parametrize(
    "text", ["", "40 CFR 261", "title-40", "title-40/261", "title-x/part-1", "title-40/part-", "part-261"]
)
def test_what_names_no_piece(text: str) -> None:
    with pytest.raises(PageError, match="write title-40/part-261"):
        parse_watched(text)


def test_one_document_for_a_part() -> None:
    entry = read(OLD, AMENDED)
    assert entry.url == "https://www.ecfr.gov/api/versioner/v1/full/2024-01-05/title-40.xml?part=261"
    assert entry.document_url == "https://www.ecfr.gov/current/title-40/part-261"
    assert entry.hints.references == ("40 CFR 261",)
    assert entry.hints.title == "40 CFR 261"
    assert entry.hints.published is not None
    assert entry.hints.published.isoformat() == "2023-06-01T00:00:00-04:00"
    assert entry.hints.effective_on == date(2023, 6, 1)
    assert (entry.hints.status, entry.hints.editorial) == (None, False)


def test_a_section_has_its_name() -> None:
    entry = read(OLD, CORRECTED, watch="title-40/section-261.2")
    assert entry.hints.title == "40 CFR 261.2 Batteries."


def test_an_identifier_twice_on_one_day_is_two_versions() -> None:
    once, twice = read(OLD), read(CORRECTED, OLD)
    assert once.revision == "2016-12-22 1"
    assert twice.revision == "2022-03-15 2"
    assert twice.hints.editorial
    assert twice.hints.effective_on == date(2016, 12, 22)
    assert twice.document_url == once.document_url


def test_the_same_row_on_two_pages_counts_once() -> None:
    assert read(OLD, OLD, AMENDED).revision == read(AMENDED, OLD).revision == "2023-06-01 2"


def test_an_edition_with_one_row_of_substance_is_no_editorial_one() -> None:
    assert not read(OLD, CORRECTED, row("261.9", "2022-03-15")).hints.editorial


def test_what_came_since_the_known_edition_decides() -> None:
    later = row("261.4", "2023-06-01", "2023-07-01", substantive=False)
    rows = (OLD, CORRECTED, AMENDED, later)
    assert read(*rows).hints.editorial  # nothing is known: by the newest edition
    assert not read(*rows, known="2022-03-15 2").hints.editorial  # the amendment was never fetched
    assert read(*rows, known="2023-06-01 3").hints.editorial
    assert not read(*rows, known="2023-07-01 4").hints.editorial  # nothing new
    assert read(*rows, known="of another form").hints.editorial


def test_a_row_that_comes_late_into_a_known_edition_is_not_lost() -> None:
    late = row("261.5", "2023-06-01")
    before, after = read(OLD, AMENDED), read(OLD, AMENDED, late)
    assert before.revision != after.revision
    assert not read(OLD, AMENDED, late, known=before.revision).hints.editorial


def test_only_what_is_said_to_be_editorial_is() -> None:
    assert not read(OLD, row("261.4", "2023-06-01", substantive=None)).hints.editorial


def test_nothing_after_the_day_up_to_which_the_text_is_there() -> None:
    entry = read(OLD, AMENDED, as_of="2023-05-31")
    assert entry.revision == "2016-12-22 1"
    assert "/full/2023-05-31/" in entry.url
    assert read(OLD, row("261.2", "2023-05-01", "2023-06-01"), as_of="2023-05-31").revision == "2016-12-22 1"


def test_a_section_that_goes() -> None:
    gone = row("261.2", "2023-06-01", removed=True)
    part = read(OLD, gone, row("261.3", "2016-12-22"))
    assert part.hints.status is None
    assert part.hints.title == "40 CFR 261"
    section = read(OLD, gone, watch="title-40/section-261.2")
    assert section.hints.status == "removed"
    assert "/full/2023-05-31/" in section.url  # as it was on its last day
    back = read(OLD, gone, row("261.2", "2023-09-01"), watch="title-40/section-261.2")
    assert (back.hints.status, "/full/2024-01-05/" in back.url) == (None, True)


def test_a_piece_without_versions() -> None:
    with pytest.raises(PageError, match="no versions of 40 CFR 261"):
        read()


def test_rows_that_cannot_be_read() -> None:
    broken: list[Any] = ["text", {}, row("261.2", "yesterday"), row("261.2", "2023-06-01") | {"identifier": None}]
    assert [each.identifier for each in versions(*broken, OLD)] == ["261.2"]
    with pytest.raises(PageError, match="no row has identifier"):
        versions({}, row("261.2", "yesterday"))


@pytest.mark.parametrize(
    "body", [b"", b"<html></html>", b'{"content_versions": {}}', b'{"error": "Not Acceptable"}', b"7"]
)
def test_what_is_no_answer(body: bytes) -> None:
    with pytest.raises(PageError):
        read_versions(body, url=API)
    with pytest.raises(PageError):
        read_titles(body, url=API)


TITLES = {
    "titles": [
        {"number": 35, "name": "Panama Canal", "up_to_date_as_of": None, "reserved": True},
        {"number": 40, "name": "Protection of Environment", "up_to_date_as_of": "2024-01-05", "reserved": False},
        {"number": 49, "name": "Transportation", "up_to_date_as_of": "2024-01-04", "reserved": False},
    ],
    "meta": {"date": "2024-01-05", "import_in_progress": False},
}


def on_stage(*watch: str, **revisions: str) -> Stage:
    return Stage(EcfrSpider, {"kind": "ecfr", "entry": [API], "watch": list(watch)}, revisions=revisions)


def test_days_of_titles() -> None:
    assert read_titles(json.dumps(TITLES).encode(), url=API) == {40: date(2024, 1, 5), 49: date(2024, 1, 4)}


def test_the_spider_asks_for_each_piece_and_reads_all_its_pages() -> None:
    stage = on_stage(PART, "title-49/section-173.185")
    first = stage.spider.list_request(API, callback=stage.spider.discover)
    part, section = stage.answer(first, TITLES)
    many = [row(f"261.{number}", "2016-12-22") for number in range(1000)]
    [more] = stage.answer(part, {"content_versions": many})
    assert more.url.endswith("versions/title-40.json?part=261&page=2")
    assert stage.taken == []
    assert stage.answer(more, {"content_versions": [AMENDED]}) == []
    assert stage.answer(section, {"content_versions": [row("173.185", "2020-01-01")]}) == []
    assert [each.revision for each in stage.taken] == ["2023-06-01 1001", "2020-01-01 1"]
    assert [each.url.split("/full/")[1][:10] for each in stage.taken] == ["2024-01-05", "2024-01-04"]


def test_the_spider_knows_what_was_fetched_before() -> None:
    rows = [OLD, AMENDED, row("261.4", "2023-06-01", "2023-07-01", substantive=False)]
    for known, editorial in (("2016-12-22 1", False), ("2023-06-01 2", True)):
        stage = on_stage(PART, **{"ecfr.gov/current/title-40/part-261": known})
        [request] = stage.answer(stage.spider.list_request(API, callback=stage.spider.discover), TITLES)
        stage.answer(request, {"content_versions": rows})
        assert [each.hints.editorial for each in stage.taken] == [editorial]


def test_what_cannot_be_asked_for_keeps_no_other_piece_from_it() -> None:
    stage = on_stage("title-35/part-1", "part 261", PART)
    asked: list[Request] = []
    with pytest.raises(PageError, match=r"title 35 has no text.*'part 261' names no piece"):
        stage.answer(stage.spider.list_request(API, callback=stage.spider.discover), TITLES, into=asked)
    assert [each.url.rsplit("/", 1)[-1] for each in asked] == ["title-40.json?part=261&page=1"]
