"""Values that the store's tests put in and take out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from limen.domain.delivery import ChannelKind, Delivery
from limen.domain.document import DocumentVersion, Reading, Stage
from limen.domain.evidence import Evidence
from limen.domain.requirement import Modality, Requirement
from limen.domain.snapshot import Snapshot
from limen.domain.source import DocumentClass, Source
from limen.domain.threshold import Comparator, Threshold
from limen.store.records import StoredRequirement, StoredVersion
from limen.store.repositories import documents, readings, sources

DAY_1 = datetime(2024, 5, 8, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def a_source(source_id: str = "cn-miit", *, jurisdiction: str = "CN", language: str = "zh") -> Source:
    return Source(
        id=source_id,
        name=f"Notices of {source_id}",
        publisher=f"Publisher of {source_id}",
        jurisdiction=jurisdiction,
        language=language,
        document_class=DocumentClass.DRAFT,
        timezone="Asia/Shanghai",
        homepage=f"https://{source_id}.example/",
    )


def a_version(
    text: str,
    *,
    url: str = "https://cn-miit.example/draft",
    source_id: str = "cn-miit",
    title: str = "A notice",
    at: datetime = DAY_1,
    published: datetime | None = None,
    document_class: DocumentClass = DocumentClass.DRAFT,
    language: str = "en",
    unread: tuple[str, ...] = (),
    snapshots: tuple[str, ...] = ("a" * 64, "b" * 64),
) -> DocumentVersion:
    return DocumentVersion(
        source_id=source_id,
        url=url,
        unread=unread,
        document_class=document_class,
        title=title,
        text=text,
        language=language,
        fetched_at=at,
        published=published,
        snapshots=snapshots,
    )


def a_requirement(
    text: str,
    quote: str,
    value: str,
    unit: str,
    *,
    op: Comparator = Comparator.AT_LEAST,
    value_max: str | None = None,
    metric: str = "energy density",
    metric_id: str | None = None,
    subject: str | None = None,
    condition: str | None = None,
    modality: Modality = Modality.MANDATORY,
    by: str | None = None,
    section: str | None = None,
) -> Requirement:
    start = text.index(quote)
    return Requirement(
        threshold=Threshold(
            op=op, value=Decimal(value), unit=unit, value_max=None if value_max is None else Decimal(value_max)
        ),
        metric=metric,
        evidence=Evidence.of(text, start, start + len(quote)),
        subject=subject,
        condition=condition,
        modality=modality,
        by=by,
        metric_id=metric_id,
        section=section,
    )


def a_snapshot(
    body: str = "0",
    *,
    url: str = "https://cn-miit.example/draft",
    at: datetime = DAY_1,
    page_url: str | None = None,
    **rest: object,
) -> Snapshot:
    values: dict[str, object] = {
        "source_id": "cn-miit",
        "url": url,
        "final_url": url,
        "fetched_at": at,
        "status": 200,
        "headers": (("content-type", "text/html"), ("etag", f'"{body}"')),
        "sha256": (body * 64)[:64],
        "size": 10,
        "page_url": page_url,
    }
    return Snapshot(**{**values, **rest})  # type: ignore[arg-type]


def a_delivery(delivery_id: str = "msg_1", *, at: datetime = DAY_1) -> Delivery:
    return Delivery(
        id=delivery_id,
        subscription="batteries",
        channel=ChannelKind.EMAIL,
        recipient="ana@example.org",
        payload='{"type":"changes"}',
        created_at=at,
    )


def keep(
    session: Session,
    version: DocumentVersion,
    *requirements: Requirement,
    stage: Stage = Stage.DRAFT,
    extractor_version: str = "1",
    language: str | None = None,
) -> tuple[StoredVersion, tuple[StoredRequirement, ...]]:
    """Save the version (its source as well, if need be) and what was read from it."""
    if sources.get(session, version.source_id) is None:
        sources.save(session, a_source(version.source_id))
    stored = documents.add_version(session, version)
    assert stored is not None
    reading = Reading(language=language or version.language, requirements=requirements, stage=stage)
    saved = readings.save(session, stored.id, reading, extractor_version=extractor_version, at=version.fetched_at)
    return documents.by_id(session, stored.id), saved
