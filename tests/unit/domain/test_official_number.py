from __future__ import annotations

import pytest

from limen.domain.official_number import OfficialNumber, Reach, numbers_in, official_number


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("公告2021年第37号", "2021年第37号公告"),
        ("公告 2021 年第 37 号", "工业和信息化部公告２０２１年第３７号"),
        ("RIN 2060-AU37", "rin 2060-au37"),
        ("Docket EPA-HQ-OAR-2021-0317", "Docket ID No. EPA-HQ-OAR-2021-0317"),
        ("CELEX 32023R1542", "Regulation (EU) 2023/1542"),
        ("CELEX 32023R1542", "CELEX 02023R1542-20240718"),
        ("CELEX 32006R1907", "Regulation (EC) No 1907/2006"),
        ("CELEX 32006L0066", "Directive 2006/66/EC"),
        ("CELEX 52020PC0798", "COM(2020) 798"),
        ("S.I. 2024 No. 123", "S.I. 2024/123"),
        ("GB 38031-2020", "GB 38031-2025"),
        ("GB/T 38031—2015", "GB 38031-2020"),
        ("ISO 9001:2008", "ISO 9001:2015"),
        ("Announcement No. 14 of 2024", "Announcement No. 14/2024"),
    ],
)
def test_one_number_in_two_prints(one: str, other: str) -> None:
    assert official_number(one) == official_number(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("公告2024年第14号", "公告2024年第15号"),
        ("公告2024年第14号", "公告2023年第14号"),
        ("Docket MSHA-2024-0001", "Docket MSHA-2024-0002"),
        ("工信部节〔2013〕42号", "工信部联节〔2013〕42号"),
        ("CELEX 32023R1542", "CELEX 32023L1542"),
        # a correction is a text of its own, not the act again
        ("CELEX 32023R1542", "CELEX 32023R1542R(01)"),
        ("IEC 62133-1:2017", "IEC 62133-2:2017"),
        ("Announcement No. 14 of 2024", "Notice No. 14 of 2024"),
    ],
)
def test_like_numbers_are_two(one: str, other: str) -> None:
    assert official_number(one) != official_number(other)


@pytest.mark.parametrize(
    ("printed", "reach"),
    [
        ("RIN 2060-AU37", Reach.UNIQUE),
        ("Docket MSHA-2024-0001", Reach.DOCKET),
        ("Docket 24-123", Reach.ISSUER),
        ("工信部节〔2013〕42号", Reach.UNIQUE),
        ("公告2024年第14号", Reach.ISSUER),
        ("工业和信息化部令第57号", Reach.ISSUER),
        ("Notice 12", Reach.BARE),
        ("第14号", Reach.BARE),
        ("GB 38031-2020", Reach.STANDARD),
        ("A-17/b", Reach.ISSUER),
    ],
)
def test_how_far_a_number_reaches(printed: str, reach: Reach) -> None:
    assert official_number(printed).reach is reach


def test_the_numbers_within_a_phrase() -> None:
    assert numbers_in("《锂电池行业规范条件（2021年本）》（公告2021年第37号）") == (
        OfficialNumber("公告 2021-37", Reach.ISSUER),
    )
    assert numbers_in("Directive 2006/66/EC and Regulation (EU) 2019/1020") == (
        OfficialNumber("celex 2019r1020", Reach.UNIQUE),
        OfficialNumber("celex 2006l0066", Reach.UNIQUE),
    )
    assert numbers_in("the Rules on tailings dams") == ()
