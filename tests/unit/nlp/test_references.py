from __future__ import annotations

import pytest

from limen.nlp.components.references import References
from limen.nlp.folding import fold


def references(code: str, text: str, title: str = "") -> tuple[str, ...]:
    return References(code).find(fold(text), title=fold(title))


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("[Docket No. XYZ–2027–0042] RIN 9999–AB01\n\nProposed rule.", "", ("RIN 9999-AB01", "Docket XYZ-2027-0042")),
        ("Please quote reference PIT/2027/18 in letters.", "", ("PIT/2027/18",)),
        (
            "Text.",
            "Commission Regulation (EU) 2027/901 amending Regulation (EU) 2023/1542",
            ("Regulation (EU) 2027/901",),
        ),
        ("Made under the Act.", "Mine Water Regulations, SOR/2027-101", ("SOR/2027-101",)),
        ("# ISO 99999-2:2027 Ropes\n\n1 Scope. See ISO 4309:2017.", "", ("ISO 99999-2:2027",)),
        (
            "The old order (Announcement No. 3 of 2011) is void.",
            "Announcement No. 9 of 2027",
            ("Announcement No. 9 of 2027",),
        ),
    ],
)
def test_own_numbers_in_english(text: str, title: str, expected: tuple[str, ...]) -> None:
    assert references("en", text, title) == expected


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("工业和信息化部公告\n\n2027年第5号\n\n现公告如下。", "", ("公告2027年第5号",)),
        ("正文。", "商务部公告2027年第12号", ("公告2027年第12号",)),
        ("工信部原〔2027〕33号\n\n各省主管部门：", "", ("工信部原〔2027〕33号",)),
        ("中华人民共和国国务院令\n\n第999号", "国务院令第999号", ("国务院令第999号",)),
        ("# GB 99999-2027 竖井\n\n代替GB 99999-2010。", "", ("GB 99999-2027",)),
        ("索引号：000014672/2027-00123", "", ("索引号 000014672/2027-00123",)),
    ],
)
def test_own_numbers_in_chinese(text: str, title: str, expected: tuple[str, ...]) -> None:
    assert references("zh", text, title) == expected


@pytest.mark.parametrize(
    ("code", "text", "title"),
    [
        ("en", "This order repeals Directive 2006/66/EC and follows Regulation (EU) 2023/1542.", ""),
        ("en", "Regulation (EU) 2019/1 is repealed.", ""),
        ("zh", "根据公告2021年第37号，有关企业应当备案。", ""),
        ("zh", "《锂离子电池行业规范条件（2021年本）》（公告2021年第37号）同时废止。", ""),
        ("en", "", ""),
    ],
)
def test_numbers_of_other_documents_are_not_own(code: str, text: str, title: str) -> None:
    assert references(code, text, title) == ()


def test_only_the_head_is_read_for_unlabelled_numbers() -> None:
    assert references("zh", "前言\n" * 400 + "公告2027年第5号") == ()
