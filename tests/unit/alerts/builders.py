"""Alerts for the tests of this package, written as short as the tests need them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from limen.alerts.event import dump
from limen.alerts.payload import event
from limen.domain.change import Alert, Change, ChangeKind, Direction, DocumentSide
from limen.domain.delivery import ChannelKind, Delivery
from limen.domain.document import Stage
from limen.domain.document_event import DocumentEvent, EventAlert, EventKind, KeptEvent, PressNumber
from limen.domain.evidence import Evidence
from limen.domain.requirement import Modality, Requirement
from limen.domain.source import DocumentClass, Source
from limen.domain.threshold import Comparator, Threshold

NOW = datetime(2024, 6, 19, 2, 30, tzinfo=UTC)
SECRET = "whsec_" + "bGltZW4tdGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZyEh"


def requirement(
    value: str,
    *,
    op: str = ">=",
    unit: str = "Wh/kg",
    value_max: str | None = None,
    metric: str = "energy density",
    metric_id: str | None = "energy_density",
    subject: str | None = "consumer cells",
    condition: str | None = None,
    modality: Modality = Modality.MANDATORY,
    by: str | None = None,
    quote: str | None = None,
) -> Requirement:
    quote = quote or f"{op}{value}{unit}"
    return Requirement(
        threshold=Threshold(
            op=Comparator(op), value=Decimal(value), unit=unit, value_max=Decimal(value_max) if value_max else None
        ),
        metric=metric,
        metric_id=metric_id,
        subject=subject,
        condition=condition,
        modality=modality,
        by=by,
        evidence=Evidence(start=7, end=7 + len(quote), quote=quote),
    )


def change(
    old: Requirement | None,
    new: Requirement | None,
    *,
    kind: ChangeKind | None = None,
    direction: Direction = Direction.TIGHTENED,
) -> Change:
    if kind is None:
        kind = ChangeKind.ADDED if old is None else ChangeKind.REMOVED if new is None else ChangeKind.VALUE
    return Change(kind=kind, direction=direction, old=old, new=new)


LOOSENED = change(requirement("260"), requirement("230"), direction=Direction.LOOSENED)
TIGHTENED = change(
    requirement(
        "1000", unit="cycle", metric="循环寿命", metric_id="cycle_life", subject="动力型 单体电池", quote="≥1000次"
    ),
    requirement(
        "1500", unit="cycle", metric="循环寿命", metric_id="cycle_life", subject="动力型 单体电池", quote="≥1500次"
    ),
)
ADDED = change(None, requirement("650", unit="Wh/L", subject="polymer cells", metric_id="volumetric_energy_density"))


def alert(
    *changes: Change,
    jurisdiction: str = "CN",
    source_id: str = "cn-miit-yjzj",
    instrument: str = "锂离子电池行业规范条件（2024年本）",
    url: str = "https://www.example.cn/art_1.html",
) -> Alert:
    return Alert(
        comparison_id=41,
        source=Source(
            id=source_id,
            name="工信部 意见征集",
            publisher="工业和信息化部",
            jurisdiction=jurisdiction,
            language="zh",
            document_class=DocumentClass.DRAFT,
            timezone="Asia/Shanghai",
            homepage="https://www.example.cn/",
        ),
        instrument=instrument,
        old=DocumentSide(
            title=f"{instrument}（征求意见稿）",
            url=url,
            stage=Stage.DRAFT,
            version_id=11,
            fetched_at=datetime(2024, 5, 8, 9, tzinfo=UTC),
            comment_deadline=date(2024, 5, 13),
        ),
        new=DocumentSide(
            title=instrument,
            url="https://www.example.cn/art_2.html",
            stage=Stage.FINAL,
            version_id=12,
            fetched_at=NOW,
            effective_on=date(2024, 6, 20),
        ),
        changes=changes or (LOOSENED, TIGHTENED, ADDED),
        detected_at=NOW,
    )


def with_texts(told: Alert, *, old: str, new: str) -> Alert:
    return replace(told, old=replace(told.old, text=old), new=replace(told.new, text=new))


EXTENDED = DocumentEvent(kind=EventKind.COMMENT_EXTENDED, before="2024-05-13", after="2024-06-13")
BECAME_FINAL = DocumentEvent(kind=EventKind.STAGE, before="draft", after="final")
WITHDRAWN = DocumentEvent(kind=EventKind.WITHDRAWN, before="锂离子电池行业规范条件（2024年本）", after=None)
CONTRADICTED = DocumentEvent(kind=EventKind.PRESS_CONTRADICTED, before=">= 260 Wh/kg", after=">= 270 Wh/kg")


def event_alert(*events: DocumentEvent, number: PressNumber | None = None, **overrides: str) -> EventAlert:
    """Return an alert of a document in China; `number` is what its events of the press are about."""
    told = alert(**overrides)
    return EventAlert(
        source=told.source,
        instrument=told.instrument,
        jurisdiction="CN",
        old=told.old,
        new=told.new,
        events=tuple(
            KeptEvent(id=each, event=event, number=number if event.kind.is_of_press else None)
            for each, event in enumerate(events, 1)
        ),
        detected_at=NOW,
    )


def press_number(claim: str, official: str | None) -> PressNumber:
    return PressNumber(
        claim=requirement(claim),
        official=None if official is None else requirement(official),
        official_document=None if official is None else alert().new,
    )


def ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"{next(numbers):04d}"


def delivery(
    *changes: Change,
    delivery_id: str = "msg_0001",
    channel: ChannelKind = ChannelKind.EMAIL,
    recipient: str = "analyst@example.org",
    **overrides: str,
) -> Delivery:
    told = alert(*changes, **overrides)
    return Delivery(
        id=delivery_id,
        subscription="batteries",
        channel=channel,
        recipient=recipient,
        payload=dump(event(told, told.changes, subscription_name="batteries")),
        created_at=NOW,
        next_attempt_at=NOW,
    )
