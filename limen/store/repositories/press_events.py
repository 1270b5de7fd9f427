"""The events of the news beside its source: each contradiction, and once a story that it has a number before its source."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from limen.domain.delivery import Silence
from limen.domain.document_event import EventKind
from limen.store.mapping import requirement_from_row
from limen.store.records import StoredVersion
from limen.store.repositories.press import Claim
from limen.store.tables import DocumentEventRow, DocumentRow, DocumentVersionRow, RequirementRow


def tell_of_contradiction(
    session: Session, version: StoredVersion, claim: Claim, *, at: datetime, silent: bool = False
) -> bool:
    """Write the event that an article contradicts its source. False where it was told before. Nobody is told of a `silent` one.

    It was told before where the article, or one that tells the same story, gave the same amount against the same
    requirement, in any of its versions.
    """
    mine = session.get_one(RequirementRow, claim.requirement_id)
    official = session.get_one(RequirementRow, claim.official_requirement_id)
    amount = requirement_from_row(mine).threshold
    set_down = aliased(RequirementRow)
    query = (
        select(RequirementRow)
        .join(DocumentEventRow, DocumentEventRow.requirement_id == RequirementRow.id)
        .join(set_down, DocumentEventRow.official_requirement_id == set_down.id)
        .join(DocumentVersionRow, DocumentEventRow.version_id == DocumentVersionRow.id)
        .join(DocumentRow, DocumentVersionRow.document_id == DocumentRow.id)
        .where(
            DocumentEventRow.kind == EventKind.PRESS_CONTRADICTED.value,
            set_down.key == official.key,
            _tells_the_story(session, version),
        )
    )
    told = session.scalars(query)
    if any(row.key == mine.key or requirement_from_row(row).threshold.same_amount(amount) for row in told):
        return False
    _add_event(
        session,
        EventKind.PRESS_CONTRADICTED,
        version,
        claim,
        before=str(requirement_from_row(official).threshold),
        after=str(amount),
        at=at,
        silent=silent,
    )
    return True


def tell_of_lead(session: Session, version: StoredVersion, claim: Claim, *, at: datetime, silent: bool = False) -> bool:
    """Write the event that an article has a number before its source. False where one was written for its story before.

    Nobody is told of a `silent` one.
    """
    told = (
        select(DocumentEventRow.id)
        .join(DocumentEventRow.version)
        .join(DocumentVersionRow.document)
        .where(DocumentEventRow.kind == EventKind.PRESS_AHEAD.value, _tells_the_story(session, version))
    )
    if session.scalars(told.limit(1)).first() is not None:
        return False
    amount = str(requirement_from_row(session.get_one(RequirementRow, claim.requirement_id)).threshold)
    _add_event(session, EventKind.PRESS_AHEAD, version, claim, before=None, after=amount, at=at, silent=silent)
    return True


def _tells_the_story(session: Session, version: StoredVersion) -> ColumnElement[bool]:
    """Return the condition that a document is the one of a version, or one that tells the same story."""
    group_id = session.scalar(select(DocumentRow.group_id).where(DocumentRow.id == version.document_id))
    own = DocumentRow.id == version.document_id
    return own if group_id is None else own | (DocumentRow.group_id == group_id)


def _add_event(
    session: Session,
    kind: EventKind,
    version: StoredVersion,
    claim: Claim,
    *,
    before: str | None,
    after: str,
    at: datetime,
    silent: bool,
) -> None:
    session.add(
        DocumentEventRow(
            kind=kind.value,
            version_id=version.id,
            instrument_id=claim.instrument_id,
            before=before,
            after=after,
            requirement_id=claim.requirement_id,
            official_requirement_id=claim.official_requirement_id,
            detected_at=at,
            told_at=at if silent else None,
            silence=Silence.READ_ANEW.value if silent else None,
        )
    )
    session.flush()
