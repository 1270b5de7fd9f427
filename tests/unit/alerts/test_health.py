"""The message that tells of a source's turn: event, mail, recipients."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html

from limen.alerts.email import message_for
from limen.alerts.event import dump, load
from limen.alerts.health import deliveries_for, event, headline
from limen.alerts.payload import Coverage
from limen.alerts.render import Mail, render
from limen.alerts.wrap import columns
from limen.domain.delivery import ChannelKind, DeliveryState
from limen.domain.health import HealthState, Turn
from limen.domain.source import Source
from tests.unit.alerts.builders import NOW, alert, ids

SOURCE: Source = alert(source_id="cn-mee-yjzj").source
FAILING = Turn(
    at=NOW,
    before=HealthState.HEALTHY,
    after=HealthState.FAILING,
    reasons=(
        "no list could be read, nothing came of 3 runs in a row: the site may be down; see limen issue list",
        "nothing new for 9 days where something comes every 2 days: open the list by hand",
    ),
)
RECOVERED = Turn(
    at=NOW, before=HealthState.DEAD, after=HealthState.HEALTHY, reasons=("the last run listed 12 documents",)
)
PROMOTED = replace(RECOVERED, before=HealthState.PROBE)
LAST_NEW = datetime(2024, 6, 10, 8, tzinfo=UTC)
COVERAGE = Coverage(sources_read=37, sources_due=38, unread=("cn-mee-yjzj",))


def mail(turn: Turn = FAILING, source: Source = SOURCE) -> Mail:
    return render(dump(event(source, turn, last_new_at=LAST_NEW, coverage=COVERAGE)))


def test_the_event_holds_the_turn_and_the_source() -> None:
    told = json.loads(dump(event(SOURCE, FAILING, last_new_at=LAST_NEW, coverage=COVERAGE)))
    assert (told["type"], told["version"], told["timestamp"]) == ("source.health", 1, "2024-06-19T02:30:00Z")
    data = told["data"]
    assert data["headline"] == "cn-mee-yjzj is failing: no list could be read, nothing came of 3 runs in a row"
    assert (data["source"]["id"], data["source"]["jurisdiction"]) == ("cn-mee-yjzj", "CN")
    assert (data["before"], data["after"]) == ("healthy", "failing")
    assert (data["since"], data["last_new_at"]) == ("2024-06-19T02:30:00Z", "2024-06-10T08:00:00Z")
    assert data["reasons"] == list(FAILING.reasons)
    assert data["coverage"] == {"sources_read": 37, "sources_due": 38, "unread": ["cn-mee-yjzj"]}


def test_the_event_survives_the_way() -> None:
    payload = dump(event(SOURCE, FAILING, last_new_at=LAST_NEW))
    assert dump(load(payload)) == payload
    assert json.loads(payload)["data"]["coverage"] is None


def test_a_source_that_never_brought_anything_has_no_last_document() -> None:
    payload = dump(event(SOURCE, FAILING, last_new_at=None))
    assert json.loads(payload)["data"]["last_new_at"] is None
    told = render(payload)
    assert "last new document: none so far" in told.text
    assert "<td>none so far</td>" in told.html


def test_an_event_of_an_unknown_type_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'source\.moved'"):
        load('{"type": "source.moved", "version": 1}')


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        (FAILING, "cn-x is failing: no list could be read, nothing came of 3 runs in a row"),
        (RECOVERED, "cn-x is healthy again: the last run listed 12 documents"),
        (PROMOTED, "cn-x is healthy: the last run listed 12 documents"),
    ],
)
def test_the_headline(turn: Turn, said: str) -> None:
    assert headline("cn-x", turn) == said


def test_the_mail_says_everything_in_text() -> None:
    told = mail()
    assert told.subject == "[Limen] cn-mee-yjzj is failing: no list could be read, nothing came of 3 runs in a row"
    text = " ".join(told.text.split())
    for said in (
        "cn-mee-yjzj is failing.",
        "工信部 意见征集, 工业和信息化部 (CN)",
        *FAILING.reasons,
        "Nothing that it publishes is seen until this is mended.",
        "turned: 2024-06-19 02:30 UTC; it was healthy before",
        "last new document: 2024-06-10 08:00 UTC",
        "37 of 38 sources were read in this pass; not read: cn-mee-yjzj.",
        "limen source health cn-mee-yjzj",
    ):
        assert said in text
    assert all(columns(line) <= 76 for line in told.text.split("\n"))


@pytest.mark.parametrize("state", [state for state in HealthState if state is not HealthState.FAILING])
def test_every_state_is_explained(state: HealthState) -> None:
    told = mail(replace(FAILING, after=state))
    assert f"cn-mee-yjzj is {state.value}" in told.text
    assert html.fromstring(told.html).xpath("//h1/text()") == [f"cn-mee-yjzj is {state.value}"]


def test_the_html_is_a_readable_page_without_remote_content() -> None:
    page = html.fromstring(mail().html)
    assert page.get("lang") == "en"
    assert page.xpath("//meta[@name='color-scheme']/@content") == ["light dark"]
    assert not page.xpath("//img | //script | //link | //*[@src]")
    assert page.xpath("//li/text()") == list(FAILING.reasons)
    assert page.xpath("//a/@href") == ["https://www.example.cn/"]
    assert page.xpath("//style")[0].text.strip().startswith(":root")


def test_what_a_catalogue_or_page_holds_stays_letters() -> None:
    hostile = replace(SOURCE, name="<script>x</script>\x1b[31m", homepage="javascript:alert(1)")
    told = mail(replace(FAILING, reasons=("<b>listed</b> 0\r\nBcc: a@b.example: look",)), hostile)
    page = html.fromstring(told.html)
    assert not page.xpath("//script | //b | //a")
    assert "\n" not in told.subject
    assert "\x1b" not in told.text


def test_each_recipient_is_told_once() -> None:
    told = deliveries_for(
        SOURCE,
        FAILING,
        last_new_at=LAST_NEW,
        emails=["ops@example.org", "OPS@example.org"],
        webhooks=["desk", "desk"],
        now=NOW,
        new_id=ids(),
    )
    assert [(one.id, one.channel, one.recipient) for one in told] == [
        ("msg_0001", ChannelKind.EMAIL, "ops@example.org"),
        ("msg_0002", ChannelKind.WEBHOOK, "desk"),
    ]
    assert {(one.state, one.next_attempt_at, one.subscription) for one in told} == {
        (DeliveryState.PENDING, NOW, "source health")
    }
    composed = message_for(told[0], sender="limen@example.org")
    assert composed["List-Id"] == "<source-health.limen.example.org>"


def test_nobody_is_told_of_a_promotion() -> None:
    options = {"last_new_at": LAST_NEW, "emails": ["a@example.org"], "webhooks": ["desk"], "now": NOW}
    assert deliveries_for(SOURCE, PROMOTED, new_id=ids(), **options) == ()  # type: ignore[arg-type]
    assert len(deliveries_for(SOURCE, RECOVERED, new_id=ids(), **options)) == 2  # type: ignore[arg-type]
