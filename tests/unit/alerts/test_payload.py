from __future__ import annotations

import json
from decimal import Decimal

import pytest

from limen.alerts.event import dump, load
from limen.alerts.payload import Coverage, deliveries_for, event
from limen.alerts.subscriptions import Subscription
from limen.domain.change import Direction
from limen.domain.delivery import ChannelKind, DeliveryState
from tests.unit.alerts.builders import ADDED, LOOSENED, NOW, TIGHTENED, alert, change, ids, requirement, with_texts


def test_the_event_holds_both_sides_with_their_evidence() -> None:
    told = json.loads(dump(event(alert(), (LOOSENED,), subscription_name="batteries")))
    assert (told["type"], told["version"], told["timestamp"]) == ("requirement.changed", 1, "2024-06-19T02:30:00Z")
    data = told["data"]
    assert data["headline"] == "Energy density loosened: 260 -> 230 Wh/kg - 锂离子电池行业规范条件（2024年本）"
    assert data["source"]["jurisdiction"] == "CN"
    assert data["old"]["comment_deadline"] == "2024-05-13"
    assert data["old"]["stage"] == "draft"
    assert data["new"] == {
        "title": "锂离子电池行业规范条件（2024年本）",
        "url": "https://www.example.cn/art_2.html",
        "stage": "final",
        "version_id": 12,
        "fetched_at": "2024-06-19T02:30:00Z",
        "comment_deadline": None,
        "effective_on": "2024-06-20",
    }
    assert data["other_changes"] == 2
    [told_change] = data["changes"]
    assert told_change["sentence"] == "energy density of consumer cells: >= 260 -> >= 230 Wh/kg, loosened"
    assert told_change["new"] == {
        "op": ">=",
        "value": 230,
        "value_max": None,
        "unit": "Wh/kg",
        "metric": "energy density",
        "metric_id": "energy_density",
        "subject": "consumer cells",
        "condition": None,
        "modality": "mandatory",
        "by": None,
        "previous": None,
        "section": None,
        "evidence": {"quote": ">=230Wh/kg", "start": 7, "end": 17},
    }


@pytest.mark.parametrize("value", ["0.10", "1.500", "20000", "2E+4", "0.12345678901234567890123", "-40", "1E-10"])
def test_numbers_are_json_numbers_with_every_digit(value: str) -> None:
    told = alert(change(None, requirement(value)))
    payload = dump(event(told, told.changes, subscription_name="x"))
    assert f'"value":{format(Decimal(value), "f")},' in payload
    side = load(payload)["data"]["changes"][0]["new"]
    assert side is not None
    assert Decimal(side["value"]) == Decimal(value)


def test_the_payload_is_canonical() -> None:
    payload = dump(event(alert(), alert().changes, subscription_name="x"))
    assert dump(load(payload)) == payload
    assert "\n" not in payload
    assert "锂离子" in payload


def test_half_a_surrogate_pair_does_not_break_the_payload() -> None:
    told = alert(change(None, requirement("5", subject="cells \ud83d")))
    payload = dump(event(told, told.changes, subscription_name="x"))
    assert payload.encode("utf-8").decode() == payload
    assert "cells ?" in payload


def test_only_events_of_the_known_version_are_read() -> None:
    with pytest.raises(ValueError, match="version 1"):
        load('{"version": 2}')
    with pytest.raises(ValueError, match="version 1"):
        load("[]")


def test_an_event_without_changes_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one change"):
        event(alert(), (), subscription_name="x")


def test_one_delivery_per_subscription_and_recipient() -> None:
    everything = Subscription(
        name="all", emails=("a@example.org", "B@example.org", "b@example.org"), webhooks=("desk", "desk")
    )
    eased = Subscription(name="eased", emails=("a@example.org",), directions=(Direction.LOOSENED,))
    nothing = Subscription(name="nothing", emails=("a@example.org",), jurisdictions=("EU",))
    deliveries = deliveries_for(alert(), [everything, eased, nothing], now=NOW, new_id=ids())
    assert [(one.id, one.subscription, one.channel, one.recipient) for one in deliveries] == [
        ("msg_0001", "all", ChannelKind.EMAIL, "a@example.org"),
        ("msg_0002", "all", ChannelKind.EMAIL, "B@example.org"),
        ("msg_0003", "all", ChannelKind.WEBHOOK, "desk"),
        ("msg_0004", "eased", ChannelKind.EMAIL, "a@example.org"),
    ]
    assert all(
        one.state is DeliveryState.PENDING and one.next_attempt_at == NOW == one.created_at for one in deliveries
    )
    assert [len(load(one.payload)["data"]["changes"]) for one in deliveries] == [3, 3, 3, 1]


def test_coverage_is_frozen_into_the_payload() -> None:
    subscription = Subscription(name="all", emails=("a@example.org",))
    coverage = Coverage(sources_read=37, sources_due=38, unread=("cn-mee-yjzj",))
    [one] = deliveries_for(alert(), [subscription], now=NOW, new_id=ids(), coverage=coverage)
    assert load(one.payload)["data"]["coverage"] == {"sources_read": 37, "sources_due": 38, "unread": ["cn-mee-yjzj"]}


def test_the_same_alert_gives_the_same_deliveries() -> None:
    subscription = Subscription(name="all", emails=("a@example.org",))
    first, second = (deliveries_for(alert(), [subscription], now=NOW, new_id=ids()) for _ in range(2))
    assert first == second
    assert {TIGHTENED, ADDED} <= set(alert().changes)


def test_a_change_has_the_redline_of_its_sentence() -> None:
    told = with_texts(alert(LOOSENED), old="Limit: >=260Wh/kg. Next.", new="Limit: >=230Wh/kg.")
    [written] = json.loads(dump(event(told, (LOOSENED,), subscription_name="x")))["data"]["changes"]
    assert written["redline"] == [
        {"mark": "kept", "text": "Limit: >="},
        {"mark": "deleted", "text": "260"},
        {"mark": "inserted", "text": "230"},
        {"mark": "kept", "text": "Wh/kg"},
    ]


def test_without_the_texts_there_is_no_redline() -> None:
    [written] = event(alert(LOOSENED), (LOOSENED,), subscription_name="x")["data"]["changes"]
    assert written["redline"] is None
