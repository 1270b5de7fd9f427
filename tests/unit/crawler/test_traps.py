"""Addresses without end, and those that only look like it."""

from __future__ import annotations

from datetime import date

import pytest

from limen.crawler.pages.traps import is_trap

TODAY = date(2026, 9, 20)
SITE = "https://ministry.example"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/x?q=" + "a" * 2000, "more than 2000"),
        ("/a/a/a/", "repeats 'a' 3 times"),
        ("/news/en/news/en/news/en/page.html", "repeats 'news/en' 3 times"),
        ("/x/images/../images".replace("..", "images") + "/p.html", "repeats 'images'"),
        ("/" + "/".join(f"d{n}" for n in range(30)), "30 directories"),
        ("/list?" + "&".join(f"f={n}" for n in range(12)), "'f' more than 10 times"),
        ("/page;jsessionid=0A1B2C?x=1", "session"),
        ("/page?PHPSESSID=abc123", "session"),
        ("/page?sid=0123456789abcdef0123", "session"),
        ("/(S(abcdefgh12345678abcd))/page.aspx", "session"),
        ("/calendar/2029/01", "year 2029"),
        ("/events/1990-05/", "year 1990"),
        ("/calendar?month=2031-07", "year 2031"),
        ("/events/list/?tribe-bar-date=2044-01-01", "year 2044"),
        ("/index.php?year=2999&month=1", "year 2999"),
        ("/archive/2199/01/", "year 2199"),
        ("/%E6%97%A5%E5%8E%86/2040-01/", "year 2040"),
    ],
)
def test_traps(path: str, said: str) -> None:
    why = is_trap(SITE + path, today=TODAY)
    assert why is not None
    assert said in why
    assert why.endswith("exclude them in the source's TOML")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/news/2026/09/20/draft.html",
        "/2005/05/05/05/note.html",
        "/1/1/1/1",
        "/en/news/en/story",
        "/a/a/page.html",
        "/ukpga/1840/3",
        "/laws/1867-03/act.html",
        "/search?year=1850",
        "/search?from=1990-01-01",
        "/events/2026/10/",
        "/events/2028-01/",
        "/calendar?date=2027-01-31",
        "/norma?idNorma=2199",
        "/art/2024/art_dfe849c6837c4a50bf3e3c30d1697710.html",
        "/notice?id=20311234567",
        "/api?fields[]=a&fields[]=b" + "".join(f"&fields[]={n}" for n in range(20)),
        "/doc?s=lithium",
        "/doc?sid=12",
        "/standards/iec-2199/12-parts",
        "http://[broken/",
    ],
)
def test_ordinary_addresses(path: str) -> None:
    url = path if "://" in path else SITE + path
    assert is_trap(url, today=TODAY) is None


def test_no_entry_of_the_catalogue_is_a_trap() -> None:
    from limen.crawler.catalogue import load_catalogue

    for spec in load_catalogue([], builtin=True).values():
        for url in (*spec.entry, spec.homepage):
            assert is_trap(url, today=TODAY) is None, url
