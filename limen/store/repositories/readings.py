"""Readings: what the extractor found in a version, replaced as a whole when a newer extractor reads it again."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Hashable, Iterable, Iterator
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, undefer

from limen.domain.document import Reading
from limen.domain.entity import Entity
from limen.domain.evidence import Evidence
from limen.domain.requirement import Requirement
from limen.domain.review import review_mark
from limen.domain.threshold import Threshold
from limen.store.errors import NotStored
from limen.store.mapping import entity_from_row, requirement_values, stored_requirement
from limen.store.records import StoredRequirement
from limen.store.repositories import reviews
from limen.store.search import fulltext
from limen.store.tables import (
    ChangeRow,
    DocumentEventRow,
    DocumentVersionRow,
    EntityRow,
    NoteRow,
    PressClaimRow,
    RequirementRow,
)

KEY_LENGTH = 24
"""Hex digits of a key: 96 bits."""


def save(
    session: Session,
    version_id: int,
    reading: Reading,
    *,
    extractor_version: str,
    at: datetime,
    review_below: float = 0.0,
) -> tuple[StoredRequirement, ...]:
    """Keep what was read from a version, in place of what was read before, and return its requirements with their keys.

    A requirement that an earlier reading of the version had at the same place with the same limit keeps its key. Old
    requirements that a change speaks of are kept, but no longer current. The reading's issues are saved by the caller,
    who knows the source. A requirement whose confidence is under `review_below` awaits its review, unless a person has
    decided about the same words of the same document.

    Raises:
        NotStored: there is no such version.
        EvidenceMismatch: a quote is not what the version's text holds at its offsets. Nothing was written.
    """
    row = session.get(DocumentVersionRow, version_id, options=[undefer(DocumentVersionRow.text)])
    if row is None:
        raise NotStored("document version", version_id)
    for evidence in _evidence(reading):
        evidence.check(row.text)
    known_keys = _retire(session, version_id)
    saved = _add_requirements(session, row, reading.requirements, known_keys)
    reviews.settle(session, saved, below=review_below)
    _replace_entities(session, version_id, reading.entities)
    row.language = reading.language
    row.stage = reading.stage.value
    row.comment_deadline = reading.comment_deadline
    row.effective_on = reading.effective_on
    row.references = list(reading.references)
    row.issued_by = [[issuer.name, issuer.canonical] for issuer in reading.issued_by]
    row.replaces = list(reading.replaces)
    row.repeals = list(reading.repeals)
    row.extractor_version = extractor_version
    row.extracted_at = at
    session.flush()
    return tuple(stored_requirement(each) for each in saved)


def requirements(session: Session, version_id: int) -> tuple[StoredRequirement, ...]:
    """Return the current requirements of a version in the order of the text.

    Raises:
        EvidenceMismatch: the stored text was altered since.
    """
    text = session.scalars(select(DocumentVersionRow.text).where(DocumentVersionRow.id == version_id)).one_or_none()
    if text is None:
        raise NotStored("document version", version_id)
    found = tuple(stored_requirement(row) for row in session.scalars(_current(version_id)))
    for stored in found:
        stored.requirement.evidence.check(text)
    return found


def entities(session: Session, version_id: int) -> tuple[Entity, ...]:
    """Return the names found in a version in the order of the text."""
    query = select(EntityRow).where(EntityRow.version_id == version_id).order_by(EntityRow.start, EntityRow.id)
    return tuple(entity_from_row(row) for row in session.scalars(query))


def _evidence(reading: Reading) -> Iterator[Evidence]:
    yield from (requirement.evidence for requirement in reading.requirements)
    yield from (entity.evidence for entity in reading.entities)


def _current(version_id: int) -> Select[RequirementRow]:
    row = RequirementRow
    return select(row).where(row.version_id == version_id, row.current).order_by(row.ordinal)


def _retire(session: Session, version_id: int) -> dict[Hashable, deque[str]]:
    """Take the current requirements of a version out of use, and return their keys by place and limit."""
    rows = session.scalars(_current(version_id)).all()
    keys: dict[Hashable, deque[str]] = {}
    for row in rows:
        keys.setdefault(_mark(stored_requirement(row).requirement), deque()).append(row.key)
    if not rows:
        return keys
    fulltext.forget_requirements(session, (row.id for row in rows))
    _forget_press_claims(session, version_id)
    told_of = _told_of(session, version_id)
    for row in rows:
        if row.id in told_of:
            row.current = False
        else:
            session.delete(row)
    session.flush()
    return keys


def _forget_press_claims(session: Session, version_id: int) -> None:
    """Remove what was found of numbers of the press that this reading has a part in: they are looked at again."""
    of_version = select(RequirementRow.id).where(RequirementRow.version_id == version_id)
    for side in (PressClaimRow.requirement_id, PressClaimRow.official_requirement_id):
        session.execute(delete(PressClaimRow).where(side.in_(of_version)))


def _told_of(session: Session, version_id: int) -> frozenset[int]:
    """Return the ids of the requirements of a version that a change, a note or an event speaks of."""
    of_version = select(RequirementRow.id).where(RequirementRow.version_id == version_id)
    sides = (
        ChangeRow.old_requirement_id,
        ChangeRow.new_requirement_id,
        NoteRow.old_requirement_id,
        NoteRow.new_requirement_id,
        DocumentEventRow.requirement_id,
        DocumentEventRow.official_requirement_id,
    )
    found: set[int] = set()
    for side in sides:
        found.update(each for each in session.scalars(select(side).where(side.in_(of_version))) if each is not None)
    return frozenset(found)


def _add_requirements(
    session: Session,
    version: DocumentVersionRow,
    requirements: Iterable[Requirement],
    known_keys: dict[Hashable, deque[str]],
) -> list[RequirementRow]:
    seen: Counter[Hashable] = Counter()
    source_id, url = version.document.source_id, version.document.url
    rows = []
    for ordinal, requirement in enumerate(requirements):
        mark = _mark(requirement)
        known = known_keys.get(mark)
        key = known.popleft() if known else fresh_key(version, requirement, repeat=seen[mark])
        seen[mark] += 1
        rows.append(
            RequirementRow(
                version_id=version.id,
                ordinal=ordinal,
                key=key,
                current=True,
                mark=review_mark(requirement, source_id=source_id, url=url, text=version.text),
                **requirement_values(requirement),
            )
        )
    session.add_all(rows)
    session.flush()
    fulltext.index_requirements(session, rows, title=version.title)
    return rows


def fresh_key(version: DocumentVersionRow, requirement: Requirement, *, repeat: int = 0) -> str:
    """Return the key of a requirement that no earlier version has: a digest of where it was first read.

    Reading the same text at the same URL in another database gives the same key. `repeat` tells apart requirements that
    were read from the same place with the same limit.
    """
    threshold, evidence = requirement.threshold, requirement.evidence
    parts = (
        *(version.document.source_id, version.document.url, version.text_sha256),
        *(evidence.start, evidence.end, threshold.op.value, threshold.value, threshold.value_max, threshold.unit),
        repeat,
    )
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8")).hexdigest()[:KEY_LENGTH]


def _mark(requirement: Requirement) -> tuple[int, int, Threshold]:
    return requirement.evidence.start, requirement.evidence.end, requirement.threshold


def _replace_entities(session: Session, version_id: int, entities: Iterable[Entity]) -> None:
    session.execute(delete(EntityRow).where(EntityRow.version_id == version_id))
    session.add_all(
        EntityRow(
            version_id=version_id,
            label=entity.label.value,
            canonical=entity.canonical,
            start=entity.evidence.start,
            end=entity.evidence.end,
            quote=entity.evidence.quote,
        )
        for entity in entities
    )
    session.flush()
