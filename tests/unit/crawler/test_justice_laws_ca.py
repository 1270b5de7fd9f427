"""Consolidations of Justice Laws: names, pages, and the date since which a text stands."""

from __future__ import annotations

import pytest

from limen.crawler.errors import PageError
from limen.crawler.pages.justice_laws import read_law_hints, watched_law
from limen.domain.snapshot import Hints

BASE = "https://laws-lois.justice.gc.ca/eng/XML/"
MIRROR = "https://mirror.example/laws-lois-xml/main/eng/regulations"


@pytest.mark.parametrize(
    ("name", "base", "language", "url", "page", "references"),
    [
        ("SOR-2002-222", BASE, "en", f"{BASE}SOR-2002-222.xml", "eng/regulations/SOR-2002-222/", ("SOR/2002-222",)),
        ("SOR-89-202", MIRROR, "en", f"{MIRROR}/SOR-89-202.xml", "eng/regulations/SOR-89-202/", ("SOR/89-202",)),
        ("SI-2019-21", BASE, "en", f"{BASE}SI-2019-21.xml", "eng/regulations/SI-2019-21/", ("SI/2019-21",)),
        ("F-14", BASE, "en", f"{BASE}F-14.xml", "eng/acts/F-14/", ()),
        ("C-15.31", BASE, "en", f"{BASE}C-15.31.xml", "eng/acts/C-15.31/", ()),
        ("C.R.C.,_c._1035", BASE, "en", f"{BASE}C.R.C.%2C_c._1035.xml", "eng/regulations/C.R.C.%2C_c._1035/", ()),
        ("DORS-2002-222", BASE, "fr", f"{BASE}DORS-2002-222.xml", "fra/reglements/DORS-2002-222/", ("DORS/2002-222",)),
        ("F-14", BASE, "fr", f"{BASE}F-14.xml", "fra/lois/F-14/", ()),
    ],
)
def test_watched_texts(name: str, base: str, language: str, url: str, page: str, references: tuple[str, ...]) -> None:
    found = watched_law(name, base=base, language=language)
    assert (found.url, found.document_url) == (url, f"https://laws-lois.justice.gc.ca/{page}")
    assert found.hints.references == references


def consolidation(root: str, *, attributes: str, titles: str) -> bytes:
    return (
        f'\ufeff<?xml version="1.0" encoding="utf-8"?><{root} {attributes} xmlns:lims="http://justice.gc.ca/lims">'
        f"<Identification>{titles}</Identification><Body><Section><Label>1</Label><Text>Words.</Text></Section></Body></{root}>"
    ).encode()


def test_a_regulation_at_a_point_in_time() -> None:
    body = consolidation(
        "Regulation",
        attributes='lims:pit-date="2021-06-01" lims:lastAmendedDate="2021-05-30" lims:current-date="2021-06-03"',
        titles="<InstrumentNumber>SOR/2099-1</InstrumentNumber><LongTitle>Sample <Emphasis>Effluent</Emphasis> Rules</LongTitle>",
    )
    found = read_law_hints(body, url=BASE, hints=Hints(references=("SOR/2099-1",)), zone="America/Toronto")
    assert found.title == "Sample Effluent Rules"
    assert found.published is not None
    assert found.published.isoformat() == "2021-06-01T00:00:00-04:00"
    assert found.references == ("SOR/2099-1",)


def test_an_act_is_known_by_its_short_title() -> None:
    body = consolidation(
        "Statute",
        attributes='lims:lastAmendedDate="2019-08-28"',
        titles="<LongTitle>An Act respecting samples</LongTitle><ShortTitle>Sample Act</ShortTitle>",
    )
    found = read_law_hints(body, url=BASE, hints=Hints(), zone="America/Toronto")
    assert found.title == "Sample Act"
    assert found.published is not None
    assert found.published.date().isoformat() == "2019-08-28"


@pytest.mark.parametrize(
    "body", [b"", b"<!DOCTYPE html><html><body>We couldn't find it</body></html>", b"<ActsRegsList/>"]
)
def test_what_is_no_consolidation(body: bytes) -> None:
    with pytest.raises(PageError, match="expected a consolidated regulation or act"):
        read_law_hints(body, url=BASE, hints=Hints(), zone="America/Toronto")
