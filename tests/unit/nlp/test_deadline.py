from __future__ import annotations

from datetime import date

import pytest

from limen.nlp.components.comment_deadline import CommentDeadline
from limen.nlp.components.effective_date import EffectiveDate
from limen.nlp.folding import fold


def deadline(code: str, text: str, title: str = "") -> str | None:
    found = CommentDeadline(code).find(fold(text), title=fold(title))
    return None if found is None else found.isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Written comments are to reach the Mines Branch by 14 June 2027.", "2027-06-14"),
        ("**DATES:** Comments must be received on or before March 3, 2027.", "2027-03-03"),
        ("Submissions close at 5 pm on Friday, 6 August 2027.", "2027-08-06"),
        ("The consultation runs from 2 December 2026 to 10 January.", "2027-01-10"),
        ("# Consultation on pit walls\n\nClosing date: 1 July 2027", "2027-07-01"),
        ("Have your say: we want your views.\n\nDeadline for responses: 9 May 2027", "2027-05-09"),
        ("Objections may be lodged until **30 April 2027** with the clerk.", "2027-04-30"),
        (
            "The comment period was to end on April 7, 2027. We extend it: send comments by May 7, 2027.",
            "2027-05-07",
        ),
        (
            "Comments are due by May 3, 2027. Requests to speak at the hearing must be received by April 9, 2027.",
            "2027-05-03",
        ),
    ],
)
def test_english_deadlines(text: str, expected: str) -> None:
    assert deadline("en", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Operators shall comply by 1 January 2028. Comments are welcome.",
        "The rule takes effect on 1 March 2027 after 400 comments.",
        "Comments are due within 30 days of publication.",
        "The consultation closed on 4 May 2026; 31 replies came in.",
        "Comments were received until 3 May 2026.",
        "Full notice-and-comment rulemaking is not possible, since the zone must stand by 10 February 2027.",
        "",
    ],
)
def test_other_dates_are_no_deadline(text: str) -> None:
    assert deadline("en", text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("有关意见请于2027年6月14日前书面反馈我司。", "2027-06-14"),
        ("请于2027年3月31日（以邮戳为准）前将修改意见寄至矿产处。", "2027-03-31"),
        ("公开征求意见时间为2026年12月6日至2027年1月5日。", "2027-01-05"),
        ("公开征求意见期自2026年12月6日至1月5日止。", "2027-01-05"),
        ("意见反馈截止时间：二〇二七年五月十日。", "2027-05-10"),
        ("征求意见截止日期为２０２７年５月１日。", "2027-05-01"),
        ("社会各界可在2027年2月20日以前提出意见和建议。", "2027-02-20"),
    ],
)
def test_chinese_deadlines(text: str, expected: str) -> None:
    assert deadline("zh", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "本办法自2027年1月1日起施行。",
        "企业应于2027年6月30日前完成改造，并接受各方意见。",
        "请各市于6月16日前报送材料。",
        "公示期为5个工作日（2025年11月3日至11月7日），对名单没有要求。",
    ],
)
def test_other_chinese_dates_are_no_deadline(text: str) -> None:
    assert deadline("zh", text) is None


def test_the_title_may_hold_the_deadline() -> None:
    assert deadline("en", "7.1 Rails: 900 mm.", "Rails (draft for comment, closes 20 March 2027)") == "2027-03-20"


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("en", "These Regulations come into force on 1 October 2027.", date(2027, 10, 1)),
        ("en", "**Effective date:** January 8, 2028.", date(2028, 1, 8)),
        ("en", "In force since 1 March 2023.", date(2023, 3, 1)),
        ("en", "It enters into force on the day of publication.", None),
        ("en", "The mine opened on 3 May 2020.", None),
        ("zh", "本规范自2026年7月1日起施行。", date(2026, 7, 1)),
        ("zh", "（2025年7月1日起实施，现行有效）", date(2025, 7, 1)),
        ("zh", "施行日期：2028年1月1日", date(2028, 1, 1)),
        ("zh", "本公告自公布之日起施行。", None),
        ("zh", "2025年5月28日，会议召开。", None),
    ],
)
def test_effective_dates(code: str, text: str, expected: date | None) -> None:
    assert EffectiveDate(code).find(fold(text)) == expected
