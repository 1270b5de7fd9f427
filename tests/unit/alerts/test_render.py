from __future__ import annotations

import re

import pytest
from lxml import html

from limen.alerts.event import dump
from limen.alerts.payload import Coverage, event
from limen.alerts.render import MOST_CHANGES, render
from limen.alerts.wrap import columns
from limen.domain.change import Alert
from tests.unit.alerts.builders import ADDED, LOOSENED, alert, change, requirement, with_texts


def payload(told: Alert, **options: object) -> str:
    return dump(event(told, told.changes, subscription_name="batteries", **options))  # type: ignore[arg-type]


def test_the_mail_says_everything_in_text() -> None:
    coverage = Coverage(sources_read=37, sources_due=38, unread=("cn-mee-yjzj",))
    mail = render(payload(alert(), coverage=coverage))
    assert (
        mail.subject == "[Limen] 循环寿命 tightened: 1000 -> 1500 cycles - 锂离子电池行业规范条件（2024年本） (+2 more)"
    )
    for said in (
        "3 changes for your subscription “batteries”:",
        "1. energy density of consumer cells: >= 260 -> >= 230 Wh/kg, loosened",
        "before: >= 260 Wh/kg",
        "“≥1500次”",
        "stage: draft for comment; read 2024-05-08 09:00 UTC",
        "comments until 2024-05-13",
        "in force from 2024-06-20",
        "  https://www.example.cn/art_2.html",
        "37 of 38 sources were read in this pass; not read: cn-mee-yjzj.",
        "comparison 41, versions 11 and 12",
    ):
        assert said in " ".join(mail.text.split("\n")) or said in mail.text
    assert all(columns(line) <= 76 for line in mail.text.split("\n"))


def test_the_html_is_a_readable_page_without_remote_content() -> None:
    page = html.fromstring(render(payload(alert())).html)
    assert page.get("lang") == "en"
    assert page.xpath("//meta[@name='color-scheme']/@content") == ["light dark"]
    assert not page.xpath("//img | //script | //link | //*[@src]")
    assert page.xpath("//blockquote[@lang='zh']/text()") == [
        ">=260Wh/kg",
        ">=230Wh/kg",
        "≥1000次",
        "≥1500次",
        ">=650Wh/L",
    ]
    assert page.xpath("//a/@href") == ["https://www.example.cn/art_2.html", "https://www.example.cn/art_1.html"]
    assert page.xpath("//th/@scope") == ["row"] * 6
    assert [h.get("class") for h in page.xpath("//h2[@class]")] == ["loosened", "tightened", "tightened"]
    assert "comments until 2024-05-13" in page.text_content()


def test_markup_and_scripts_of_a_page_stay_letters() -> None:
    hostile = change(
        None, requirement("5", subject="<script>alert(1)</script>", quote='≥5"><img src=x onerror=alert(1)>')
    )
    mail = render(payload(alert(hostile, instrument="</title><b>x", url="javascript:alert(1)")))
    page = html.fromstring(mail.html)
    assert not page.xpath("//script | //img | //b | //a[starts-with(@href, 'javascript')]")
    assert "</title><b>x" in page.xpath("//h1")[0].text_content()
    assert "<script>alert(1)</script>" in mail.text


def test_control_letters_of_a_page_do_not_reach_the_mail() -> None:
    hostile = change(None, requirement("5", subject="cells\x1b[31m\u202e002\x00"))
    mail = render(payload(alert(hostile, instrument="Conditions\r\nBcc: victim@example.org\x07")))
    for part in (mail.subject, mail.text, mail.html):
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", part)
    assert "\n" not in mail.subject


def test_a_link_that_is_no_address_is_shown_as_text() -> None:
    page = html.fromstring(render(payload(alert(url="http://[broken"))).html)
    assert len(page.xpath("//a")) == 1
    assert "http://[broken" in page.text_content()


def test_a_removed_side_is_said_to_be_absent() -> None:
    mail = render(payload(alert(ADDED)))
    assert "not in the text" in html.fromstring(mail.html).text_content()
    assert "1 change for your subscription" in mail.text
    assert "before:" not in mail.text.split("Now:")[0]


def test_a_very_long_list_is_cut_with_its_count() -> None:
    mail = render(payload(alert(*[LOOSENED] * (MOST_CHANGES + 7))))
    assert "... and 7 more." in mail.text
    assert "and 7 more." in mail.html
    assert f"{MOST_CHANGES}. energy density" in mail.text
    assert f"{MOST_CHANGES + 1}. energy density" not in mail.text


def test_a_test_message_says_so() -> None:
    mail = render(payload(alert(), test=True))
    assert mail.subject.startswith("[Limen] TEST: ")
    assert "This is a test of the channel" in mail.text
    assert "This is a test of the channel" in mail.html
    assert "test of the channel" not in render(payload(alert())).text


def test_the_same_payload_gives_the_same_letters() -> None:
    frozen = payload(alert())
    assert render(frozen) == render(frozen)


def test_the_redline_is_shown_in_both_parts() -> None:
    told = with_texts(alert(LOOSENED), old="Limit: >=260Wh/kg.", new="Limit: >=230Wh/kg.")
    mail = render(payload(told))
    assert "Limit: >=[-260-]{+230+}Wh/kg" in mail.text
    (line,) = html.fromstring(mail.html).xpath("//p[@class='redline']")
    assert line.get("lang") == "zh"
    assert [(each.tag, each.text) for each in line] == [("del", "260"), ("ins", "230")]
    assert line.text_content() == "Limit: >=260230Wh/kg"
    assert "redline" not in html.fromstring(render(payload(alert(LOOSENED))).html).xpath("string(//main)")


def test_markup_in_a_redline_stays_letters() -> None:
    told = with_texts(
        alert(LOOSENED), old="<b><i> >=260Wh/kg</del><img src=x>", new="<b><i> >=230Wh/kg</del><img src=x>"
    )
    mail = render(payload(told))
    (line,) = html.fromstring(mail.html).xpath("//p[@class='redline']")
    assert line.text_content() == "<b><i> >=260230Wh/kg</del><img src=x>"
    assert [each.tag for each in line.iter()] == ["p", "del", "ins"]
    assert "<b><i> >=[-260-]{+230+}Wh/kg" in mail.text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_of_a_redline_can_be_read(scheme: str) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    style = render(payload(alert())).html.split("<style>")[1].split("</style>")[0]
    light, dark = style.split("@media")
    for tag in ("del", "ins"):
        found = re.search(rf"{tag} {{ color: (#\w+); background: (#\w+);", {"light": light, "dark": dark}[scheme])
        assert found
        bright, dim = sorted(map(luminance, found.groups()), reverse=True)
        assert (bright + 0.05) / (dim + 0.05) >= 4.5


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
