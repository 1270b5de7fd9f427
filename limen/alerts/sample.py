"""A made-up alert, so that `limen notify test` shows what a channel will bring."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from importlib.resources import files

from limen.alerts.event import dump
from limen.alerts.payload import addressed, event
from limen.domain.change import Alert, Change, ChangeKind, Direction, DocumentSide
from limen.domain.delivery import ChannelKind, Delivery
from limen.domain.document import Stage
from limen.domain.evidence import Evidence
from limen.domain.requirement import Requirement
from limen.domain.source import DocumentClass, Source
from limen.domain.threshold import Comparator, Threshold

SUBSCRIPTION = "channel test"
URL = "https://example.org/limen-test"
INSTRUMENT = "Limen test: conditions for an invented battery"


def sample_alert(*, now: datetime) -> Alert:
    """Return an alert with one tightened and one loosened limit, in English and Chinese, found at `now`."""
    old, new = (
        files("limen.alerts").joinpath(f"sample_{side}.txt").read_text(encoding="utf-8") for side in ("old", "new")
    )
    source = Source(
        id="limen-test",
        name="Limen channel test",
        publisher="Nobody",
        jurisdiction="XX",
        language="en",
        document_class=DocumentClass.NOTICE,
        timezone="UTC",
        homepage=URL,
    )
    cell, pack = "energy density", "电池组 能量密度"
    return Alert(
        comparison_id=0,
        source=source,
        instrument=INSTRUMENT,
        old=DocumentSide(title=INSTRUMENT, url=URL, stage=Stage.DRAFT, version_id=0, fetched_at=now, text=old),
        new=DocumentSide(title=INSTRUMENT, url=URL, stage=Stage.FINAL, version_id=0, fetched_at=now, text=new),
        changes=(
            Change(
                kind=ChangeKind.VALUE,
                direction=Direction.TIGHTENED,
                old=_minimum(old, quote="at least 230 Wh/kg", value=230, metric=cell, subject="invented cells"),
                new=_minimum(new, quote="at least 260 Wh/kg", value=260, metric=cell, subject="invented cells"),
            ),
            Change(
                kind=ChangeKind.VALUE,
                direction=Direction.LOOSENED,
                old=_minimum(old, quote="≥200Wh/kg", value=200, metric=pack, subject=None),
                new=_minimum(new, quote="≥180Wh/kg", value=180, metric=pack, subject=None),
            ),
        ),
        detected_at=now,
    )


def sample_delivery(*, channel: ChannelKind, recipient: str, now: datetime, new_id: Callable[[], str]) -> Delivery:
    """Return the delivery that tests a channel; its event has the type `limen.test`."""
    alert = sample_alert(now=now)
    payload = dump(event(alert, alert.changes, subscription_name=SUBSCRIPTION, test=True))
    (delivery,) = addressed(payload, [(channel, recipient)], subscription=SUBSCRIPTION, now=now, new_id=new_id)
    return delivery


def _minimum(text: str, *, quote: str, value: int, metric: str, subject: str | None) -> Requirement:
    start = text.index(quote)
    return Requirement(
        threshold=Threshold(op=Comparator.AT_LEAST, value=Decimal(value), unit="Wh/kg"),
        metric=metric,
        metric_id="energy_density",
        subject=subject,
        evidence=Evidence.of(text, start, start + len(quote)),
    )
