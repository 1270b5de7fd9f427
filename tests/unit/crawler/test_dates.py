"""Dates as publishers write them. A date that can be read in two ways is not read."""

from __future__ import annotations

import pytest

from limen.crawler.pages.dates import from_epoch_ms, parse_date, parse_range_end, parse_timestamp


def iso(text: str, *, zone: str = "Asia/Shanghai", formats: tuple[str, ...] = ()) -> str | None:
    moment = parse_date(text, zone=zone, formats=formats)
    return moment and moment.isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-09-14", "2026-09-14T00:00:00+08:00"),
        ("[2026/9/4]", "2026-09-04T00:00:00+08:00"),
        ("发布时间：2026年9月14日 20:26", "2026-09-14T20:26:00+08:00"),
        ("２０２６年９月１４日", "2026-09-14T00:00:00+08:00"),
        ("二〇二六年九月三日", "2026-09-03T00:00:00+08:00"),
        ("二○二六年十一月二十三日", "2026-11-23T00:00:00+08:00"),
        ("二〇二六年十月三十一日", "2026-10-31T00:00:00+08:00"),
        ("2026年13月3日", None),
        ("2026-02-30", None),
        ("3/9/2026", None),
        ("112026-09-14", None),
        ("0001-01-01", None),
        ("", None),
    ],
)
def test_dates_of_a_list(text: str, expected: str | None) -> None:
    assert iso(text) == expected


def test_a_format_that_the_source_names_goes_first() -> None:
    assert iso("03/09/2026", formats=("%d/%m/%Y",)) == "2026-09-03T00:00:00+08:00"
    assert iso("31/12/9999", formats=("%d/%m/%Y",)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-09T15:00:Z", "2026-06-09T15:00:00+00:00"),
        ("2026-06-09T15:00:30.5+02:00", "2026-06-09T15:00:30.500000+02:00"),
        ("2026-06-09", "2026-06-09T00:00:00+09:00"),
        ("2026-06-09 15:00:00", "2026-06-09T15:00:00+09:00"),
        ("Wed, 08 May 2024 09:00:00 +0200", "2024-05-08T09:00:00+02:00"),
        ("Wed, 08 May 2024 09:00 EST", "2024-05-08T09:00:00-05:00"),
        ("May 8, 2024", "2024-05-08T00:00:00+09:00"),
        ("08/05/2024 10:00", None),
        ("Wednesday", None),
        ("10:30", None),
        ("May", None),
        ("2024", None),
        ("99999999999999999999", None),
        ("Wed, 99 May 2024 09:00:00 +0200", None),
        ("2026-02-30T10:00:00Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59Z", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", None),
    ],
)
def test_timestamps_of_a_feed(text: str, expected: str | None) -> None:
    moment = parse_timestamp(text, zone="Asia/Tokyo")
    assert (moment and moment.isoformat()) == expected


def test_other_forms() -> None:
    end = parse_range_end("时间为2026年9月4日至2026年10月4日", zone="Asia/Shanghai")
    assert end is not None
    assert end.isoformat() == "2026-10-04T00:00:00+08:00"
    assert parse_range_end("长期", zone="Asia/Shanghai") is None
    assert from_epoch_ms("9" * 30) is None
    assert from_epoch_ms("-62135596800000") is None, "the year 1, by which .NET says that there is none"
    assert from_epoch_ms("253402300799999") is None
