"""Domain values from rows, and rows from domain values. Pure: no session, no query."""

from __future__ import annotations

import hashlib
import re
import sys
from decimal import Decimal
from typing import Any

from limen.domain.change import Change, ChangeKind, Direction, DocumentSide
from limen.domain.delivery import ChannelKind, Delivery, DeliveryState, Silence
from limen.domain.document import DocumentVersion, Issuer, Stage
from limen.domain.document_event import DocumentEvent, EventKind, KeptEvent, PressNumber
from limen.domain.entity import Entity, EntityLabel
from limen.domain.errors import UnknownUnit
from limen.domain.evidence import Evidence
from limen.domain.issue import Issue, IssueKind, Severity
from limen.domain.quantity import Quantity
from limen.domain.reason import Reason
from limen.domain.requirement import Modality, Requirement
from limen.domain.review import ReviewState
from limen.domain.snapshot import Attachment, Hints, Snapshot
from limen.domain.source import DocumentClass, Source
from limen.domain.threshold import Comparator, Threshold
from limen.store import tables
from limen.store.records import StoredIssue, StoredRequirement, StoredSnapshot, StoredVersion


def double(value: Decimal) -> float:
    """Return the nearest finite double; a value beyond their range becomes the largest one."""
    return max(-sys.float_info.max, min(sys.float_info.max, float(value)))


def source_from_row(row: tables.SourceRow) -> Source:
    """Return the source."""
    return Source(
        id=row.id,
        name=row.name,
        publisher=row.publisher,
        jurisdiction=row.jurisdiction,
        language=row.language,
        document_class=DocumentClass(row.document_class),
        timezone=row.timezone,
        homepage=row.homepage,
    )


def snapshot_values(snapshot: Snapshot) -> dict[str, Any]:
    """Return the columns of a new snapshot that nobody has read yet."""
    return {
        "source_id": snapshot.source_id,
        "url": snapshot.url,
        "identity": snapshot.identity or snapshot.url,
        "final_url": snapshot.final_url,
        "page_url": snapshot.page_url,
        "fetched_at": snapshot.fetched_at,
        "status": snapshot.status,
        "headers": [list(header) for header in snapshot.headers],
        "sha256": snapshot.sha256,
        "size": snapshot.size,
        "attachments": [[attachment.url, attachment.label] for attachment in snapshot.attachments],
        **hint_values(snapshot.hints),
        "revision": snapshot.revision,
        "etag": snapshot.header("etag"),
        "last_modified": snapshot.header("last-modified"),
        "last_confirmed_at": snapshot.fetched_at,
        "read_at": None,
    }


def hint_values(hints: Hints) -> dict[str, Any]:
    """Return the columns of a snapshot that hold what its list said."""
    return {
        "hint_title": hints.title,
        "hint_published": hints.published,
        "hint_comment_deadline": hints.comment_deadline,
        "hint_document_class": hints.document_class and hints.document_class.value,
        "hint_references": list(hints.references),
        "hint_effective_on": hints.effective_on,
        "hint_opened": hints.opened,
        "hint_status": hints.status,
        "hint_editorial": hints.editorial,
    }


def hints_from_row(row: tables.SnapshotRow) -> Hints:
    """Return what the list said of a snapshot."""
    return Hints(
        title=row.hint_title,
        published=row.hint_published,
        comment_deadline=row.hint_comment_deadline,
        document_class=DocumentClass(row.hint_document_class) if row.hint_document_class else None,
        references=tuple(row.hint_references),
        effective_on=row.hint_effective_on,
        opened=row.hint_opened,
        status=row.hint_status,
        editorial=row.hint_editorial,
    )


def snapshot_from_row(row: tables.SnapshotRow) -> StoredSnapshot:
    """Return the snapshot with its validators."""
    snapshot = Snapshot(
        source_id=row.source_id,
        url=row.url,
        final_url=row.final_url,
        fetched_at=row.fetched_at,
        status=row.status,
        headers=tuple((name, value) for name, value in row.headers),
        sha256=row.sha256,
        size=row.size,
        page_url=row.page_url,
        attachments=tuple(Attachment(url=url, label=label) for url, label in row.attachments),
        hints=hints_from_row(row),
        identity=row.identity,
        revision=row.revision,
    )
    return StoredSnapshot(
        id=row.id,
        snapshot=snapshot,
        etag=row.etag,
        last_modified=row.last_modified,
        last_confirmed_at=row.last_confirmed_at,
        read_at=row.read_at,
        missing_since=row.missing_since,
        gone_at=row.gone_at,
        held_at=row.held_at,
    )


def version_from_row(row: tables.DocumentVersionRow) -> StoredVersion:
    """Return the version with its document's place. Loads the text."""
    version = DocumentVersion(
        source_id=row.document.source_id,
        url=row.document.url,
        document_class=DocumentClass(row.document.document_class),
        title=row.title,
        text=row.text,
        language=row.language,
        fetched_at=row.fetched_at,
        published=row.published,
        snapshots=tuple(row.snapshots),
        unread=tuple(row.unread),
        editorial=row.editorial,
    )
    return StoredVersion(
        id=row.id,
        document_id=row.document_id,
        number=row.number,
        instrument_id=row.document.instrument_id,
        version=version,
        valid_from=row.valid_from,
        stage=Stage(row.stage),
        comment_deadline=row.comment_deadline,
        effective_on=row.effective_on,
        references=tuple(row.references),
        issued_by=tuple(Issuer(name=name or "", canonical=canonical) for name, canonical in row.issued_by),
        replaces=tuple(row.replaces),
        repeals=tuple(row.repeals),
        extractor_version=row.extractor_version,
        extracted_at=row.extracted_at,
        compared_at=row.compared_at,
        reader_version=row.reader_version,
        rereads=row.rereads,
    )


def side_from_row(row: tables.DocumentVersionRow, *, with_text: bool = False) -> DocumentSide:
    """Return the version as one side of a comparison; `with_text` loads its text."""
    return DocumentSide(
        title=row.title,
        url=row.document.url,
        stage=Stage(row.stage),
        version_id=row.id,
        fetched_at=row.fetched_at,
        comment_deadline=row.comment_deadline,
        effective_on=row.effective_on,
        text=row.text if with_text else None,
    )


def requirement_values(requirement: Requirement) -> dict[str, Any]:
    """Return the columns of a requirement that come from the value itself, with the numbers to search by."""
    threshold = requirement.threshold
    upper = threshold.value if threshold.value_max is None else threshold.value_max
    try:
        dimension: str | None = threshold.dimension
        base = double(threshold.lower.base_value)
        base_max = double(Quantity(value=upper, unit=threshold.unit).base_value)
        bounds: tuple[float | None, float | None] = (base, base_max)
    except (UnknownUnit, ArithmeticError):
        # kept and shown as it is, but a question in another unit cannot find it
        dimension, bounds = None, (None, None)
    return {
        "op": threshold.op.value,
        "value": threshold.value,
        "value_max": threshold.value_max,
        "unit": threshold.unit,
        "dimension": dimension,
        "base_value": bounds[0],
        "base_value_max": bounds[1],
        "magnitude": double(threshold.value),
        "magnitude_max": double(upper),
        "metric": requirement.metric,
        "metric_id": requirement.metric_id,
        "subject": requirement.subject,
        "condition": requirement.condition,
        "modality": requirement.modality.value,
        "by": requirement.by,
        "previous": requirement.previous,
        "section": requirement.section,
        "start": requirement.evidence.start,
        "end": requirement.evidence.end,
        "quote": requirement.evidence.quote,
        "confidence": requirement.confidence,
        "reasons": [reason.value for reason in requirement.reasons],
    }


def requirement_from_row(row: tables.RequirementRow) -> Requirement:
    """Return the requirement, equal in every digit to the one that was saved."""
    return Requirement(
        threshold=Threshold(op=Comparator(row.op), value=row.value, value_max=row.value_max, unit=row.unit),
        metric=row.metric,
        evidence=Evidence(start=row.start, end=row.end, quote=row.quote),
        subject=row.subject,
        condition=row.condition,
        modality=Modality(row.modality),
        by=row.by,
        previous=row.previous,
        metric_id=row.metric_id,
        section=row.section,
        confidence=row.confidence,
        reasons=tuple(Reason(reason) for reason in row.reasons),
    )


def stored_requirement(row: tables.RequirementRow) -> StoredRequirement:
    """Return the requirement with its identity."""
    return StoredRequirement(
        id=row.id,
        key=row.key,
        version_id=row.version_id,
        requirement=requirement_from_row(row),
        mark=row.mark,
        review=None if row.review is None else ReviewState(row.review),
    )


def entity_from_row(row: tables.EntityRow) -> Entity:
    """Return the entity."""
    return Entity(
        label=EntityLabel(row.label),
        canonical=row.canonical,
        evidence=Evidence(start=row.start, end=row.end, quote=row.quote),
    )


def change_from_row(row: tables.ChangeRow) -> Change:
    """Return the change with both its requirements."""
    return Change(
        kind=ChangeKind(row.kind),
        direction=Direction(row.direction),
        old=None if row.old is None else requirement_from_row(row.old),
        new=None if row.new is None else requirement_from_row(row.new),
    )


def event_from_row(row: tables.DocumentEventRow) -> KeptEvent:
    """Return the event with the numbers that it is about."""
    return KeptEvent(
        id=row.id,
        event=DocumentEvent(kind=EventKind(row.kind), before=row.before, after=row.after),
        number=None if row.requirement is None else _press_number(row.requirement, row.official_requirement),
        silence=None if row.silence is None else Silence(row.silence),
    )


def _press_number(claim: tables.RequirementRow, official: tables.RequirementRow | None) -> PressNumber:
    if official is None:
        return PressNumber(claim=requirement_from_row(claim))
    return PressNumber(
        claim=requirement_from_row(claim),
        official=requirement_from_row(official),
        official_document=side_from_row(official.version),
    )


def delivery_from_row(row: tables.DeliveryRow) -> Delivery:
    """Return the delivery."""
    return Delivery(
        id=row.id,
        subscription=row.subscription,
        channel=ChannelKind(row.channel),
        recipient=row.recipient,
        payload=row.payload,
        created_at=row.created_at,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        last_error=row.last_error,
    )


def issue_from_row(row: tables.IssueRow) -> StoredIssue:
    """Return the issue with its count."""
    issue = Issue(
        kind=IssueKind(row.kind),
        message=row.message,
        severity=Severity(row.severity),
        source_id=row.source_id,
        url=row.url,
        offset=row.offset,
        seen_at=row.last_seen,
    )
    return StoredIssue(id=row.id, issue=issue, count=row.count, first_seen=row.first_seen, last_seen=row.last_seen)


def issue_fingerprint(issue: Issue) -> str:
    """Return the digest by which the same trouble is known again: kind, source, URL and message, but not its offset.

    How much a limit has left is another number in each run, and no trouble of its own.
    """
    message = issue.message
    if issue.kind is IssueKind.LIMIT_REACHED:
        message = re.sub(r"\d+", "", message)
    parts = (issue.kind.value, issue.source_id or "", issue.url or "", message)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
