from __future__ import annotations

from limen.alerts.event import load
from limen.alerts.render import render
from limen.alerts.sample import sample_alert, sample_delivery
from limen.domain.delivery import ChannelKind
from tests.unit.alerts.builders import NOW


def test_the_sample_is_a_test_event_with_true_evidence() -> None:
    one = sample_delivery(channel=ChannelKind.WEBHOOK, recipient="desk", now=NOW, new_id=lambda: "7")
    told = load(one.payload)
    assert (one.id, one.recipient, told["type"]) == ("msg_7", "desk", "limen.test")
    assert [change["direction"] for change in told["data"]["changes"]] == ["tightened", "loosened"]
    quotes = [side.evidence.quote for one in sample_alert(now=NOW).changes for side in (one.old, one.new) if side]
    assert quotes == ["at least 230 Wh/kg", "at least 260 Wh/kg", "≥200Wh/kg", "≥180Wh/kg"]
    assert render(one.payload).subject.startswith("[Limen] TEST: Energy density tightened: 230 -> 260 Wh/kg")
    assert "[-230-]{+260+}" in render(one.payload).text
