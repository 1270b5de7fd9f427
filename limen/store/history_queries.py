"""The texts of a rule with what stands in them, and what put it out of force: what histories are made of. Nothing here writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from limen.domain.change import Change
from limen.domain.document import Stage
from limen.domain.history import Repeal, RuleText
from limen.domain.instrument import RuleTraits, names
from limen.domain.requirement import Requirement
from limen.domain.title import OPENING, edition, is_amending, rule_title
from limen.store.mapping import change_from_row, requirement_from_row
from limen.store.repositories import instruments
from limen.store.repositories.documents import OFFICIAL
from limen.store.scope import is_reported
from limen.store.tables import ChangeRow, ComparisonRow, DocumentRow, DocumentVersionRow, RequirementRow, SourceRow

_LAW = (Stage.FINAL.value, Stage.IN_FORCE.value)


def rule_texts(session: Session, instrument_id: int) -> tuple[RuleText, ...]:
    """Return the extracted versions of the official documents of an instrument, in the order in which they were valid.

    Requirements and changes that wait for a review, or were rejected in one, are left out; so are changes against a text
    that is no longer of this instrument.
    """
    version = DocumentVersionRow
    query = (
        select(version, func.substr(version.text, 1, OPENING))
        .join(version.document)
        .where(
            DocumentRow.instrument_id == instrument_id,
            DocumentRow.document_class.in_(OFFICIAL),
            version.extracted_at.is_not(None),
        )
        .order_by(version.valid_from, version.id)
    )
    requirements = _requirements(session, instrument_id)
    changes = _changes(session, instrument_id)
    return tuple(
        RuleText(
            version_id=row.id,
            document_id=row.document_id,
            number=row.number,
            title=row.title,
            url=row.document.url,
            stage=Stage(row.stage),
            edition=edition(rule_title(row.title, opening, row.language), row.language),
            valid_from=row.valid_from,
            fetched_at=row.fetched_at,
            effective_on=row.effective_on,
            requirements=tuple(requirements[row.id]),
            changes=tuple(changes[row.id]),
            is_amending=is_amending(row.title, row.language),
        )
        for row, opening in session.execute(query)
    )


def repeals(session: Session, instrument_id: int) -> tuple[Repeal, ...]:
    """Return the texts of law of the same jurisdiction, outside an instrument, that say that they repeal it."""
    stored = instruments.by_id(session, instrument_id)
    origin = instruments.origins(session, [instrument_id]).get(instrument_id)
    if origin is None:
        return ()
    version = DocumentVersionRow
    query = (
        select(version, SourceRow.publisher)
        .join(version.document)
        .join(DocumentRow.source)
        .where(
            SourceRow.jurisdiction == stored.jurisdiction,
            DocumentRow.document_class.in_(OFFICIAL),
            DocumentRow.instrument_id.is_distinct_from(instrument_id),
            version.stage.in_(_LAW),
            cast(version.repeals, String) != "[]",
            version.language == stored.language,
        )
        .order_by(version.id)
    )
    ours = [
        RuleTraits(
            title=title,
            language=stored.language,
            jurisdiction=stored.jurisdiction,
            references=frozenset(stored.references),
            issuers=origin.issuers,
            publishers=origin.publishers,
        )
        for title in _titles(session, instrument_id)
    ]
    found = []
    for row, publisher in session.execute(query):
        theirs = RuleTraits(
            title=row.title,
            language=row.language,
            jurisdiction=stored.jurisdiction,
            issuers=frozenset(canonical or name or "" for name, canonical in row.issued_by),
            publishers=frozenset({publisher}),
        )
        found += [
            Repeal(
                on=row.effective_on or row.valid_from.date(),
                title=row.title,
                url=row.document.url,
                version_id=row.id,
                fetched_at=row.fetched_at,
                edition=edition(phrase, stored.language),
            )
            for phrase in row.repeals
            if any(names(phrase, each, by=theirs) for each in ours)
        ]
    return tuple(found)


def _titles(session: Session, instrument_id: int) -> Iterator[str]:
    """Yield every title under which the texts of an instrument name their rule."""
    version = DocumentVersionRow
    query = (
        select(version.title, func.substr(version.text, 1, OPENING), version.language)
        .join(version.document)
        .where(DocumentRow.instrument_id == instrument_id, DocumentRow.document_class.in_(OFFICIAL))
    )
    yield from {rule_title(title, opening, language) for title, opening, language in session.execute(query)}


def _requirements(session: Session, instrument_id: int) -> defaultdict[int, list[tuple[str, Requirement]]]:
    row = RequirementRow
    query = (
        select(row)
        .join(row.version)
        .join(DocumentVersionRow.document)
        .where(DocumentRow.instrument_id == instrument_id, is_reported())
        .order_by(row.version_id, row.ordinal)
    )
    found: defaultdict[int, list[tuple[str, Requirement]]] = defaultdict(list)
    for each in session.scalars(query):
        found[each.version_id].append((each.key, requirement_from_row(each)))
    return found


def _changes(session: Session, instrument_id: int) -> defaultdict[int, list[tuple[str, Change]]]:
    old_version, old_document = aliased(DocumentVersionRow), aliased(DocumentRow)
    query = (
        select(ChangeRow, ComparisonRow.new_version_id)
        .join(ChangeRow.comparison)
        .join(ComparisonRow.new_version)
        .join(DocumentVersionRow.document)
        .join(old_version, old_version.id == ComparisonRow.old_version_id)
        .join(old_document, old_document.id == old_version.document_id)
        .where(
            DocumentRow.instrument_id == instrument_id,
            old_document.instrument_id == instrument_id,
            ~ChangeRow.held,
        )
        .options(joinedload(ChangeRow.old), joinedload(ChangeRow.new))
        .order_by(ChangeRow.id)
    )
    found: defaultdict[int, list[tuple[str, Change]]] = defaultdict(list)
    for row, version_id in session.execute(query):
        shown = row.new or row.old
        assert shown is not None
        found[version_id].append((shown.key, change_from_row(row)))
    return found
