"""CELEX numbers, questions to CELLAR, and what its answers name."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from limen.crawler.catalogue import load_catalogue
from limen.crawler.errors import PageError
from limen.crawler.pages.canonical import identity_of
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.eurlex import (
    acts_query,
    missing_acts,
    new_acts_query,
    query_url,
    read_acts,
    read_celex,
    read_rows,
    split_watch,
)
from limen.domain.source import DocumentClass

SERVICE = "https://publications.europa.eu/webapi/rdf/sparql"
RESOURCE = "https://publications.europa.eu/resource/celex/"
PAGE = "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:"


def answer(*rows: dict[str, str]) -> bytes:
    bindings = [{name: {"type": "literal", "value": value} for name, value in row.items()} for row in rows]
    return json.dumps({"head": {"vars": ["celex"]}, "results": {"distinct": False, "bindings": bindings}}).encode()


def read(*rows: dict[str, str]) -> tuple[Entry, ...]:
    return read_acts(read_rows(answer(*rows), url=SERVICE), service=SERVICE, zone="Europe/Brussels")


@pytest.mark.parametrize(
    ("number", "act", "day", "document_class"),
    [
        ("32023R1542", "32023R1542", None, DocumentClass.FINAL),
        ("32000L0053", "32000L0053", None, DocumentClass.FINAL),
        ("02023R1542-20240718", "32023R1542", "20240718", DocumentClass.FINAL),
        ("32023R1542R(01)", "32023R1542", None, DocumentClass.NOTICE),
        ("52020PC0798", "52020PC0798", None, DocumentClass.DRAFT),
        ("52020PC0798(01)", "52020PC0798(01)", None, DocumentClass.DRAFT),
        ("52022DC0230", "52022DC0230", None, DocumentClass.NOTICE),
        ("22024A0722", "22024A0722", None, None),
    ],
)
def test_celex_numbers(number: str, act: str, day: str | None, document_class: DocumentClass | None) -> None:
    celex = read_celex(number)
    assert celex is not None
    assert (celex.number, celex.act, celex.day, celex.document_class) == (number, act, day, document_class)
    assert celex.is_corrigendum == ("R(" in number)


@pytest.mark.parametrize("number", ["", "32023R", "12012E114", "02023R1542", "32023R1542-20240718", "2023/1542", "3R"])
def test_what_is_no_celex_number_of_an_act(number: str) -> None:
    assert read_celex(number) is None


def test_watch_names_acts_and_kinds() -> None:
    assert split_watch(("32023R1542", "3R", "52020PC0798", "5PC")) == (("32023R1542", "52020PC0798"), ("3R", "5PC"))


@pytest.mark.parametrize("item", ["Regulation (EU) 2023/1542", "02023R1542-20240718", "32023R1542R(01)", "R", ""])
def test_a_wrong_watch_says_what_to_write(item: str) -> None:
    with pytest.raises(PageError, match="write that of an act, such as 32023R1542"):
        split_watch((item,))


def test_the_question_for_watched_acts() -> None:
    query = acts_query(("32023R1542", "32024R1252"))
    assert query.count('{ "32023R1542"^^xsd:string "32024R1252"^^xsd:string }') == 3
    assert "cdm:act_consolidated_consolidates_resource_legal ?base" in query
    assert "cdm:resource_legal_corrects_resource_legal ?base" in query
    assert "<http://publications.europa.eu/resource/authority/language/ENG>" in query
    assert query.count("{") == query.count("}")


def test_the_question_for_new_acts_over_the_turn_of_a_year() -> None:
    query = new_acts_query("5PC", since=date(2026, 12, 1), until=date(2027, 1, 20), offset=500)
    assert 'FILTER(STRSTARTS(STR(?celex), "52026PC") || STRSTARTS(STR(?celex), "52027PC"))' in query
    assert 'FILTER(?date >= "2026-12-01"^^xsd:date)' in query
    assert query.endswith("ORDER BY DESC(?date) ?celex LIMIT 500 OFFSET 500")
    assert query.count("{") == query.count("}")


def test_the_address_of_a_question() -> None:
    parts = urlsplit(query_url(SERVICE, acts_query(("32023R1542",))))
    asked = parse_qs(parts.query)
    assert parts._replace(query="").geturl() == SERVICE
    assert asked["query"] == [acts_query(("32023R1542",))]
    assert asked["format"] == ["application/sparql-results+json"]


def test_an_act_without_consolidated_versions() -> None:
    title = "Commission Delegated Regulation (EU)\u00a02025/606 of 21\u00a0March 2025"
    [found] = read({"celex": "32025R0606", "date": "2025-03-21", "title": title, "inforce": "1", "force": "2025-07-24"})
    assert (found.url, found.document_url) == (f"{RESOURCE}32025R0606", f"{PAGE}32025R0606")
    assert (found.revision, dict(found.headers)["Accept-Language"]) == ("32025R0606", "en")
    assert dict(found.headers)["Accept"].startswith("text/html, text/html;type=simplified, application/xhtml+xml")
    hints = found.hints
    assert hints.title == "Commission Delegated Regulation (EU) 2025/606 of 21 March 2025"
    assert hints.published is not None
    assert hints.published.isoformat() == "2025-03-21T00:00:00+01:00"
    assert (hints.document_class, hints.references) == (DocumentClass.FINAL, ("CELEX 32025R0606",))
    assert (hints.effective_on, hints.status) == (date(2025, 7, 24), "in force")


def test_the_newest_consolidated_version_stands_for_the_act() -> None:
    rows = (
        {"celex": "32023R1542", "date": "2023-07-12", "title": "Regulation (EU) 2023/1542"},
        {"celex": "02023R1542-20240718", "date": "2024-07-18", "title": "Consolidated text: Regulation (EU) 2023/1542"},
        {"celex": "02023R1542-20250731", "date": "2025-07-31", "title": "Consolidated text: Regulation (EU) 2023/1542"},
        {"celex": "02023R1542-20230728", "date": "2023-07-28", "title": "Consolidated text: Regulation (EU) 2023/1542"},
    )
    for order in (rows, rows[::-1]):
        [found] = read(*order)
        assert (found.url, found.document_url) == (f"{RESOURCE}02023R1542-20250731", f"{PAGE}32023R1542")
        assert (found.revision, found.hints.title) == ("02023R1542-20250731", "Regulation (EU) 2023/1542")
        assert found.hints.references == ("CELEX 32023R1542",)
        assert found.hints.published is not None
        assert found.hints.published.isoformat() == "2025-07-31T00:00:00+02:00"


def test_versions_of_an_act_that_was_not_asked_for_are_left_out() -> None:
    rows = (
        {"celex": "32024R1735", "date": "2024-06-13", "title": "Net-Zero Industry Act"},
        {"celex": "02018R1724-20240629", "date": "2024-06-29", "title": "Consolidated text: another act"},
    )
    assert [each.document_url for each in read(*rows)] == [f"{PAGE}32024R1735"]


def test_a_corrigendum_is_a_document_that_names_its_act() -> None:
    act = {"celex": "32023R1542", "date": "2023-07-12", "title": "Regulation"}
    _, found = read(act, {"celex": "32023R1542R(01)", "date": "2024-02-01", "title": "Corrigendum to Regulation"})
    assert found.url == f"{RESOURCE}32023R1542R%2801%29"
    assert found.document_url == f"{PAGE}32023R1542R(01)"
    assert found.hints.references == ("CELEX 32023R1542", "CELEX 32023R1542R(01)")
    assert found.hints.document_class is DocumentClass.NOTICE


def test_several_days_of_coming_into_force_are_none() -> None:
    row = {"celex": "32024L1785", "title": "Directive"}
    [found] = read(row | {"force": "2024-08-04"}, row | {"force": "2026-07-01"})
    assert (found.hints.effective_on, found.hints.published, found.hints.status) == (None, None, None)


def test_rows_that_are_no_acts_are_left_out() -> None:
    assert read({"celex": "12012E114", "title": "Article"}, {"celex": "slip", "title": "x"}) == ()
    assert read() == ()


def test_acts_that_the_service_does_not_know() -> None:
    rows = read_rows(answer({"celex": "32023R1542"}, {"celex": "32023R1542R(01)"}), url=SERVICE)
    assert missing_acts(("32023R1542", "32099R9999"), rows) == ("32099R9999",)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"[" * 200_000, "the service says: "),
        (b"", "the service says: nothing"),
        (b"<html><body>challenge</body></html>", "the service says: <html><body>challenge"),
        (b"Virtuoso 37000 Error SP030: SPARQL compiler", "the service says: Virtuoso 37000 Error"),
        (b"{}", "no results.bindings"),
        (b"[]", "no results.bindings"),
        (b'{"results": {"bindings": null}}', "no results.bindings"),
        (b'{"boolean": true}', "no results.bindings"),
        (answer({"work": "http://x.example/1"}), "rows without a CELEX number"),
        (b'{"results": {"bindings": [7]}}', "rows without a CELEX number"),
        (b'{"results": {"bindings": [{"celex": {"value": 7}}]}}', "rows without a CELEX number"),
        (b"\xff\xfe\x00", "the service says"),
    ],
)
def test_what_is_no_answer(body: bytes, said: str) -> None:
    with pytest.raises(PageError, match=said.replace(".", r"\.")):
        read_rows(body, url=SERVICE)


def test_identities_are_celex_numbers() -> None:
    catalogue: Any = load_catalogue(())
    for source in ("eu-cellar", "eu-cellar-new"):
        rules = catalogue[source].canonical
        assert identity_of(f"{PAGE}32023R1542", rules) == "32023R1542"
        assert identity_of(f"{PAGE}32023R1542R(01)", rules) == "32023R1542R(01)"
        acts, kinds = split_watch(catalogue[source].watch)
        assert acts or kinds
