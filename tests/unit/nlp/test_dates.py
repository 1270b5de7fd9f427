from __future__ import annotations

from datetime import date

import pytest

from limen.nlp.dates import date_reader


@pytest.mark.parametrize(
    ("code", "text", "iso"),
    [
        ("en", "by 3 March 2027 at noon", "2027-03-03"),
        ("en", "by the 1st of June 2025", "2025-06-01"),
        ("en", "until September 30, 2026.", "2026-09-30"),
        ("en", "on 18 Aug. 2031", "2031-08-18"),
        ("en", "dated 2026-02-09", "2026-02-09"),
        ("en", "granted 12.09.2024 to", "2024-09-12"),
        ("en", "in October 2029", "2029-10"),
        ("en", "on 9 May", None),
        ("zh", "于2027年3月3日前", "2027-03-03"),
        ("zh", "2025 年 3 月 6 日", "2025-03-06"),
        ("zh", "二〇二六年十一月二十日", "2026-11-20"),
        ("zh", "二〇二六年十月十日", "2026-10-10"),
        ("zh", "自2026年7月起", "2026-07"),
        ("zh", "12月5日", None),
    ],
)
def test_reads_one_date(code: str, text: str, iso: str | None) -> None:
    (printed,) = date_reader(code).read(text)
    assert printed.iso == iso


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "31 February 2024"),
        ("en", "30.02.2024"),
        ("en", "2024-13-01"),
        ("en", "Directive 2009/148/EC"),
        ("en", "version 1.2.2024.7"),
        ("zh", "2024年13月1日"),
        ("zh", "2023年2月29日"),
        ("zh", "二〇二六年十十十月五日"),
    ],
)
def test_what_is_no_day_of_the_calendar_is_left_out(code: str, text: str) -> None:
    assert all(printed.day is None for printed in date_reader(code).read(text))


def test_offsets_hold_the_date() -> None:
    text = "From 1 May 2026 to 4 June 2026, then 7 July."
    assert [text[printed.start : printed.end] for printed in date_reader("en").read(text)] == [
        "1 May 2026",
        "4 June 2026",
        "7 July",
    ]


def test_a_day_without_a_year_takes_the_one_it_is_given() -> None:
    (printed,) = date_reader("zh").read("4月5日止")
    assert printed.on() is None
    assert printed.on(year=2025) == date(2025, 4, 5)


def test_29_february_needs_a_leap_year() -> None:
    (printed,) = date_reader("en").read("until 29 February")
    assert printed.on(year=2023) is None
    assert printed.on(year=2024) == date(2024, 2, 29)
