"""Laws of the payload and of what is made from it, for any text that a page may hold."""

from __future__ import annotations

import json
from decimal import Decimal
from email import message_from_bytes
from email.policy import default

from hypothesis import given
from hypothesis import strategies as st

from limen.alerts.email import message_for
from limen.alerts.event import dump, load
from limen.alerts.payload import event
from limen.domain.change import Change, ChangeKind, Direction
from limen.domain.delivery import Delivery
from limen.domain.requirement import Modality, Requirement
from tests.unit.alerts.builders import alert, change, delivery, requirement

ANY_TEXT = st.text(st.characters(), min_size=1, max_size=60)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12)


@st.composite
def requirements(draw: st.DrawFn) -> Requirement:
    return requirement(
        str(draw(NUMBERS)),
        op=draw(st.sampled_from([">=", ">", "<=", "<", "="])),
        unit=draw(st.sampled_from(["Wh/kg", "percent", "dimensionless", "mg/L"])),
        metric=draw(ANY_TEXT),
        subject=draw(st.none() | ANY_TEXT),
        condition=draw(st.none() | ANY_TEXT),
        by=draw(st.none() | st.just("2030")),
        modality=draw(st.sampled_from(Modality)),
        quote=draw(ANY_TEXT),
    )


@st.composite
def changes(draw: st.DrawFn) -> Change:
    kind = draw(st.sampled_from(ChangeKind))
    return change(
        None if kind is ChangeKind.ADDED else draw(requirements()),
        None if kind is ChangeKind.REMOVED else draw(requirements()),
        kind=kind,
        direction=draw(st.sampled_from(Direction)),
    )


@given(changes())
def test_an_event_survives_the_way_with_all_digits(told: Change) -> None:
    payload = dump(event(alert(told), (told,), subscription_name="x"))
    assert dump(load(payload)) == payload
    assert json.loads(payload) == json.loads(payload.encode("utf-8"))
    [read] = load(payload)["data"]["changes"]
    for written, side in ((read["old"], told.old), (read["new"], told.new)):
        assert (written is None) == (side is None)
        if written is not None and side is not None:
            assert Decimal(written["value"]).as_tuple() == Decimal(format(side.threshold.value, "f")).as_tuple()


@given(st.lists(changes(), min_size=1, max_size=3), ANY_TEXT)
def test_any_event_makes_a_mail_that_is_read_back(told: list[Change], title: str) -> None:
    one: Delivery = delivery(*told, instrument=title)
    wire = message_for(one, sender="limen@example.org").as_bytes()
    assert wire.isascii()
    message = message_from_bytes(wire, policy=default)
    assert message["To"] == "analyst@example.org"
    assert message["Message-ID"] == "<msg_0001@example.org>"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert not message.defects
