"""The news beside its source, for people to look at: frozen rows with both documents. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from limen.domain.clause import clause_around
from limen.domain.press import LinkReason
from limen.domain.press_check import Verdict
from limen.domain.requirement import Requirement
from limen.domain.source import DocumentClass
from limen.store.errors import NotStored
from limen.store.mapping import requirement_from_row
from limen.store.tables import (
    DocumentRow,
    DocumentVersionRow,
    PressClaimRow,
    PressLinkRow,
    RequirementRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A number where it stands: with its sentence, and the version of the document that it was read from."""

    requirement: Requirement
    sentence: str
    version_id: int
    title: str
    url: str
    valid_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEntry:
    """A number of the news beside the official one; `official` is None where no text has one to set beside it."""

    document_id: int
    source_id: str
    instrument_id: int
    instrument: str
    verdict: Verdict
    claim: Passage
    official: Passage | None
    checked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEntry:
    """A rule that an article reports on, why that is thought and how sure it is (0 to 1), and what it says to the numbers."""

    instrument_id: int
    instrument: str
    jurisdiction: str
    reason: LinkReason
    score: float
    claims: tuple[ClaimEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleEntry:
    """A news document with the rules it reports on, the surest first; none where that is not known."""

    document_id: int
    source_id: str
    title: str
    url: str
    valid_from: datetime
    links: tuple[LinkEntry, ...]


def claims(
    session: Session,
    *,
    verdict: Verdict | None = None,
    source_id: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[ClaimEntry, ...]:
    """Return the numbers of the news that were set beside a rule, the newest article first, then in the order of its text."""
    query = _claims().limit(limit).offset(offset)
    if verdict is not None:
        query = query.where(PressClaimRow.verdict == verdict.value)
    if source_id is not None:
        query = query.where(DocumentRow.source_id == source_id)
    return tuple(_entry(row) for row in session.scalars(query))


def article(session: Session, document_id: int) -> ArticleEntry:
    """Return a news document with what was found of it. Raises `NotStored` for an id that is no news document."""
    query = (
        select(DocumentVersionRow)
        .join(DocumentVersionRow.document)
        .where(DocumentRow.id == document_id, DocumentRow.document_class == DocumentClass.NEWS.value)
        .order_by(DocumentVersionRow.number.desc())
    )
    version = session.scalars(query.limit(1)).one_or_none()
    if version is None:
        raise NotStored("news document", document_id)
    links = (
        select(PressLinkRow)
        .where(PressLinkRow.document_id == document_id)
        .options(joinedload(PressLinkRow.instrument))
        .order_by(PressLinkRow.score.desc(), PressLinkRow.instrument_id)
    )
    found = [_entry(row) for row in session.scalars(_claims().where(DocumentRow.id == document_id))]
    return ArticleEntry(
        document_id=document_id,
        source_id=version.document.source_id,
        title=version.title,
        url=version.document.url,
        valid_from=version.valid_from,
        links=tuple(
            LinkEntry(
                instrument_id=link.instrument_id,
                instrument=link.instrument.title,
                jurisdiction=link.instrument.jurisdiction,
                reason=LinkReason(link.reason),
                score=link.score,
                claims=tuple(each for each in found if each.instrument_id == link.instrument_id),
            )
            for link in session.scalars(links)
        ),
    )


def _claims() -> Select[PressClaimRow]:
    version = contains_eager(PressClaimRow.requirement).contains_eager(RequirementRow.version)
    official = selectinload(PressClaimRow.official_requirement).selectinload(RequirementRow.version)
    return (
        select(PressClaimRow)
        .join(PressClaimRow.requirement)
        .join(RequirementRow.version)
        .join(DocumentVersionRow.document)
        .options(
            version.contains_eager(DocumentVersionRow.document),
            version.undefer(DocumentVersionRow.text),
            official.undefer(DocumentVersionRow.text),
            selectinload(PressClaimRow.instrument),
        )
        .order_by(
            DocumentVersionRow.valid_from.desc(),
            DocumentVersionRow.id.desc(),
            RequirementRow.ordinal,
            PressClaimRow.instrument_id,
        )
    )


def _entry(row: PressClaimRow) -> ClaimEntry:
    document = row.requirement.version.document
    return ClaimEntry(
        document_id=document.id,
        source_id=document.source_id,
        instrument_id=row.instrument_id,
        instrument=row.instrument.title,
        verdict=Verdict(row.verdict),
        claim=_passage(row.requirement),
        official=None if row.official_requirement is None else _passage(row.official_requirement),
        checked_at=row.checked_at,
    )


def _passage(row: RequirementRow) -> Passage:
    requirement = requirement_from_row(row)
    return Passage(
        requirement=requirement,
        sentence=" ".join(clause_around(row.version.text, requirement.evidence).split()),
        version_id=row.version_id,
        title=row.version.title,
        url=row.version.document.url,
        valid_from=row.version.valid_from,
    )
