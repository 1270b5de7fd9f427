"""The news beside its source: what is to be looked at, which rule an article reports on, and what was found of its numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased, undefer

from limen.domain.entity import EntityLabel
from limen.domain.errors import UnknownUnit
from limen.domain.press import LinkReason
from limen.domain.press_check import Verdict
from limen.domain.source import DocumentClass
from limen.domain.threshold import Threshold
from limen.store.errors import NotStored
from limen.store.mapping import double, stored_requirement, version_from_row
from limen.store.pieces import in_pieces
from limen.store.records import StoredRequirement, StoredVersion
from limen.store.repositories.documents import OFFICIAL
from limen.store.scope import is_newest, is_reported
from limen.store.tables import (
    DocumentRow,
    DocumentVersionRow,
    EntityRow,
    PressCheckRow,
    PressClaimRow,
    PressLinkRow,
    RequirementRow,
    ReviewDecisionRow,
)

MOST_TEXTS = 30
"""Versions of a rule's documents that news is set beside, the newest; a code of law may have hundreds."""

_ALIKE = 1e-9
"""Base values are kept as doubles: two that differ by less are looked at as one amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An instrument that an article reports on."""

    instrument_id: int
    reason: LinkReason
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A number of an article and what was found of it, by the ids of the requirements."""

    instrument_id: int
    requirement_id: int
    verdict: Verdict
    official_requirement_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A version that is to be looked at.

    `is_news` is False where nothing brings it but another reading of texts that were looked at: nobody is told of what that
    brings to light.
    """

    version: StoredVersion
    is_news: bool


def pending_news(session: Session, *, limit: int, after: int = 0) -> tuple[Pending, ...]:
    """Return the newest version of each news document that was read, and not looked at since or has to wait, by its id:
    those `after` one."""
    return _unchecked(session, DocumentRow.document_class == DocumentClass.NEWS.value, limit=limit, after=after)


def pending_official(session: Session, *, limit: int, after: int = 0) -> tuple[Pending, ...]:
    """Return the newest version of each document of an instrument that is new, was read anew, or came to another one."""
    chosen = DocumentRow.document_class.in_(OFFICIAL) & DocumentRow.instrument_id.is_not(None)
    return _unchecked(session, chosen, limit=limit, after=after)


def reopen_news(
    session: Session, official: StoredVersion, *, before: timedelta, after: timedelta, is_news: bool = True
) -> int:
    """Let the news be looked at again that an official text may be about, and return how many articles that is.

    These are the articles that are linked to its instrument, or to the one it belonged to before, and those from `before`
    it to `after` it that speak of a metric or a rule that it speaks of. `is_news` False is for a text that was only read
    anew.
    """
    known = session.get(PressCheckRow, official.document_id)
    instruments = {official.instrument_id, None if known is None else known.instrument_id} - {None}
    linked = select(PressLinkRow.document_id).where(PressLinkRow.instrument_id.in_(instruments))
    version = DocumentVersionRow
    around = (
        select(version.document_id)
        .join(DocumentRow)
        .where(
            DocumentRow.document_class == DocumentClass.NEWS.value,
            version.valid_from.between(official.valid_from - before, official.valid_from + after),
            or_(_shares_metric(official.id), _shares_rule(official.id)),
        )
    )
    row = PressCheckRow
    chosen = or_(row.document_id.in_(linked), row.document_id.in_(around))
    if not is_news:
        return len(session.scalars(update(row).where(chosen).values(reread=True).returning(row.document_id)).all())
    return len(session.scalars(delete(row).where(chosen).returning(row.document_id)).all())


def mark_checked(session: Session, version: StoredVersion, *, at: datetime, waits: bool = False) -> None:
    """Record that a document was looked at. One that `waits` for a visit is looked at again."""
    session.merge(
        PressCheckRow(
            document_id=version.document_id,
            version_id=version.id,
            instrument_id=version.instrument_id,
            checked_at=at,
            waits=waits,
            reread=False,
        )
    )
    session.flush()


def reported(session: Session, version_id: int) -> tuple[StoredRequirement, ...]:
    """Return the requirements of a version that are reported, in the order of the text."""
    row = RequirementRow
    query = select(row).where(row.version_id == version_id, is_reported()).order_by(row.ordinal)
    return tuple(stored_requirement(each) for each in session.scalars(query))


def told_since(session: Session, document_id: int) -> dict[str, datetime]:
    """Return since when a document states each of its requirements, by key: over its versions, as far as can be known."""
    version, row = DocumentVersionRow, RequirementRow
    query = select(row.key, version.valid_from).join(row.version).where(version.document_id == document_id)
    found: dict[str, datetime] = {}
    for key, moment in session.execute(query):
        found[key] = min(moment, found.get(key, moment))
    return found


def first_seen(session: Session, document_id: int) -> datetime:
    """Return since when a document has been there. Raises `NotStored`."""
    version = DocumentVersionRow
    moment = session.scalar(select(func.min(version.valid_from)).where(version.document_id == document_id))
    if moment is None:
        raise NotStored("document", document_id)
    return moment


def linked_instruments(session: Session, document_id: int) -> frozenset[int]:
    """Return the instruments that an article is linked to."""
    row = PressLinkRow
    return frozenset(session.scalars(select(row.instrument_id).where(row.document_id == document_id)))


def with_names(session: Session, names: Collection[str]) -> frozenset[int]:
    """Return the instruments whose texts speak of any of these rules, by canonical id."""
    row = EntityRow
    found: set[int] = set()
    for some in in_pieces(names):
        chosen = (row.label == EntityLabel.INSTRUMENT.value, row.canonical.in_(some))
        found.update(
            _instruments(session, _of_instruments().join(row, row.version_id == DocumentVersionRow.id), *chosen)
        )
    return frozenset(found)


def with_amounts(session: Session, wanted: Iterable[tuple[str, Threshold]]) -> frozenset[int]:
    """Return the instruments that have any of these amounts on its metric (by id), in whatever unit, in any text.

    An amount in a unit that nobody can convert is in none.
    """
    row = RequirementRow
    found: set[int] = set()
    query = _of_instruments().join(row, row.version_id == DocumentVersionRow.id)
    for metric_id, threshold in wanted:
        try:
            value, dimension = double(threshold.lower.base_value), threshold.dimension
        except UnknownUnit:
            continue
        slack = abs(value) * _ALIKE
        chosen = (
            row.metric_id == metric_id,
            row.dimension == dimension,
            row.base_value.between(value - slack, value + slack),
        )
        found.update(_instruments(session, query, *chosen, is_reported()))
    return frozenset(found)


def with_metrics(session: Session, metric_ids: Collection[str], *, since: datetime, until: datetime) -> frozenset[int]:
    """Return the instruments of which a text came out in that time that limits any of these metrics."""
    row = RequirementRow
    query = _of_instruments().join(row, row.version_id == DocumentVersionRow.id)
    chosen = (row.metric_id.in_(metric_ids), DocumentVersionRow.valid_from.between(since, until), is_reported())
    return frozenset(_instruments(session, query, *chosen))


def texts(session: Session, instrument_id: int) -> tuple[StoredVersion, ...]:
    """Return the newest `MOST_TEXTS` versions, of all its official documents, of an instrument in the order in which they
    were valid, those that were not read left out."""
    row = DocumentVersionRow
    query = (
        select(row)
        .join(DocumentRow)
        .where(
            DocumentRow.instrument_id == instrument_id,
            DocumentRow.document_class.in_(OFFICIAL),
            row.extracted_at.is_not(None),
        )
        .order_by(row.valid_from.desc(), row.id.desc())
        .limit(MOST_TEXTS)
        .options(undefer(row.text))
    )
    return tuple(version_from_row(each) for each in reversed(session.scalars(query).all()))


def save(session: Session, document_id: int, *, links: Sequence[Link], claims: Sequence[Claim], at: datetime) -> int:
    """Keep what was found of an article in place of what was found before, and return how many verdicts are new or other.

    What is found again stays as it is, with its time.
    """
    known_links = {
        row.instrument_id: row
        for row in session.scalars(select(PressLinkRow).where(PressLinkRow.document_id == document_id))
    }
    for link in links:
        row = known_links.pop(link.instrument_id, None)
        if row is None:
            row = PressLinkRow(document_id=document_id, instrument_id=link.instrument_id, linked_at=at)
            session.add(row)
        row.reason, row.score = link.reason.value, link.score
    for gone in known_links.values():
        session.delete(gone)
    return _save_claims(session, document_id, claims, at=at)


def _unchecked(session: Session, chosen: ColumnElement[bool], *, limit: int, after: int) -> tuple[Pending, ...]:
    version, done = DocumentVersionRow, PressCheckRow
    every = aliased(version)
    last_read = select(func.max(every.extracted_at)).where(every.document_id == version.document_id).scalar_subquery()
    decided = (
        select(ReviewDecisionRow.mark)
        .join(RequirementRow, RequirementRow.mark == ReviewDecisionRow.mark)
        .where(RequirementRow.version_id == version.id, ReviewDecisionRow.decided_at > done.checked_at)
    )
    is_reread = or_(done.checked_at < last_read, done.reread)
    is_news = or_(
        done.document_id.is_(None),
        # a re-reading of the text that was looked at is no other text
        and_(done.version_id != version.id, version.rereads.is_distinct_from(done.version_id)),
        and_(done.instrument_id.is_not(None), done.instrument_id != DocumentRow.instrument_id),
        exists(decided),
        and_(done.waits, ~is_reread),
    )
    query = (
        select(version, is_news)
        .join(version.document)
        .outerjoin(done, done.document_id == version.document_id)
        .where(
            chosen,
            version.id > after,
            is_newest(),
            version.extracted_at.is_not(None),
            or_(is_news, is_reread),
        )
        .order_by(version.id)
        .limit(limit)
        .options(undefer(version.text))
    )
    return tuple(
        Pending(version=version_from_row(row), is_news=bool(is_news)) for row, is_news in session.execute(query)
    )


def _shares_metric(version_id: int) -> ColumnElement[bool]:
    mine, row = aliased(RequirementRow), RequirementRow
    metrics = select(mine.metric_id).where(mine.version_id == version_id, mine.metric_id.is_not(None))
    return select(row.id).where(row.version_id == DocumentVersionRow.id, row.metric_id.in_(metrics)).exists()


def _shares_rule(version_id: int) -> ColumnElement[bool]:
    mine, row = aliased(EntityRow), EntityRow
    label = EntityLabel.INSTRUMENT.value
    names = select(mine.canonical).where(mine.version_id == version_id, mine.label == label)
    wanted = (row.version_id == DocumentVersionRow.id, row.label == label, row.canonical.in_(names))
    return select(row.id).where(*wanted).exists()


def _of_instruments() -> Select[int | None]:
    return (
        select(DocumentRow.instrument_id)
        .join(DocumentVersionRow, DocumentVersionRow.document_id == DocumentRow.id)
        .where(DocumentRow.instrument_id.is_not(None), DocumentRow.document_class.in_(OFFICIAL))
        .distinct()
    )


def _instruments(session: Session, query: Select[int | None], *chosen: ColumnElement[bool]) -> set[int]:
    return {each for each in session.scalars(query.where(*chosen)) if each is not None}


def _save_claims(session: Session, document_id: int, claims: Sequence[Claim], *, at: datetime) -> int:
    of_document = (
        select(PressClaimRow)
        .join(PressClaimRow.requirement)
        .join(RequirementRow.version)
        .where(DocumentVersionRow.document_id == document_id)
    )
    known: Mapping[tuple[int, int], PressClaimRow] = {
        (row.requirement_id, row.instrument_id): row for row in session.scalars(of_document)
    }
    found = {(claim.requirement_id, claim.instrument_id): claim for claim in claims}
    for place, gone in known.items():
        if place not in found:
            session.delete(gone)
    moved = 0
    for (requirement_id, instrument_id), claim in found.items():
        row = known.get((requirement_id, instrument_id))
        if row is None:
            row = PressClaimRow(requirement_id=requirement_id, instrument_id=instrument_id)
            session.add(row)
        elif (row.verdict, row.official_requirement_id) == (claim.verdict.value, claim.official_requirement_id):
            continue
        row.verdict, row.official_requirement_id = claim.verdict.value, claim.official_requirement_id
        row.checked_at = at
        moved += 1
    session.flush()
    return moved
