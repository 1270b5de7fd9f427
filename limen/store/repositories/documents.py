"""Documents and their versions: what stood there, since when, and what is still to be extracted and compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session, aliased, undefer

from limen.domain.document import DocumentVersion, Stage
from limen.domain.source import DocumentClass
from limen.domain.title import is_amending
from limen.store.errors import NotStored
from limen.store.mapping import version_from_row
from limen.store.records import StoredVersion
from limen.store.search import fulltext
from limen.store.tables import ComparisonRow, DocumentRow, DocumentVersionRow

OFFICIAL = tuple(each.value for each in DocumentClass if each.is_official)

MOST_TRIES = 3
"""Times that a version of the extractor may fail on a text before it is left alone."""


def add_version(session: Session, version: DocumentVersion) -> StoredVersion | None:
    """Keep a document's text as its newest version; None if the newest version has the same text already.

    The first version is valid from its publication, if that is known and not later than the fetch, else from the fetch;
    a later one from its fetch. The source must have been saved before.
    """
    document = _document(session, version)
    last = session.scalars(_of_document(document.id).limit(1)).one_or_none()
    digest = version.text_sha256
    if last is not None and last.text_sha256 == digest:
        return None
    valid_from = version.fetched_at
    if last is None and version.published is not None and version.published <= version.fetched_at:
        valid_from = version.published
    row = DocumentVersionRow(
        document_id=document.id,
        number=1 if last is None else last.number + 1,
        title=version.title,
        text=version.text,
        text_sha256=digest,
        language=version.language,
        published=version.published,
        fetched_at=version.fetched_at,
        valid_from=valid_from,
        snapshots=list(version.snapshots),
        unread=list(version.unread),
        editorial=version.editorial,
        stage=Stage.NONE.value,
        references=[],
    )
    row.document = document
    session.add(row)
    session.flush()
    fulltext.index_version(session, row.id, title=version.title, text=version.text)
    return version_from_row(row)


def by_id(session: Session, version_id: int) -> StoredVersion:
    """Return a version. Raises `NotStored`."""
    row = session.get(DocumentVersionRow, version_id, options=[undefer(DocumentVersionRow.text)])
    if row is None:
        raise NotStored("document version", version_id)
    return version_from_row(row)


def newest(session: Session, source_id: str, url: str) -> StoredVersion | None:
    """Return the newest version of the document at a URL; None if there is none."""
    query = (
        select(DocumentVersionRow)
        .join(DocumentRow)
        .where(DocumentRow.source_id == source_id, DocumentRow.url == url)
        .order_by(DocumentVersionRow.number.desc())
    )
    return _first(session, query)


def last_extracted(session: Session, document_id: int) -> StoredVersion | None:
    """Return the newest version of a document that was extracted; None if none was."""
    return _first(session, _of_document(document_id).where(DocumentVersionRow.extracted_at.is_not(None)))


def has_text(session: Session, document_id: int, text_sha256: str) -> bool:
    """Tell whether any version of a document has a text with this digest."""
    query = select(DocumentVersionRow.id).where(
        DocumentVersionRow.document_id == document_id, DocumentVersionRow.text_sha256 == text_sha256
    )
    return session.scalar(query.limit(1)) is not None


def pending_extraction(
    session: Session, *, limit: int, extractor_version: str | None = None, given_up_by: str | None = None
) -> tuple[StoredVersion, ...]:
    """Return versions that nobody has extracted, oldest first.

    With `extractor_version` also those that another version of the extractor has read. With `given_up_by` without those
    on which that version of the extractor has failed `MOST_TRIES` times.
    """
    row = DocumentVersionRow
    pending: ColumnElement[bool] = row.extracted_at.is_(None)
    if given_up_by is not None:
        pending = pending & (
            row.failed_with.is_(None) | (row.failed_with != given_up_by) | (row.failed_tries < MOST_TRIES)
        )
    if extractor_version is not None:
        pending = pending | (row.extractor_version != extractor_version)
    return _load(session, select(row).where(pending).order_by(row.id).limit(limit))


def mark_failed(session: Session, version_id: int, *, extractor_version: str) -> int:
    """Record that a version of the extractor could not read a text, and return how often it has failed on it by now.

    Raises `NotStored`.
    """
    row = session.get(DocumentVersionRow, version_id)
    if row is None:
        raise NotStored("document version", version_id)
    row.failed_tries = row.failed_tries + 1 if row.failed_with == extractor_version else 1
    row.failed_with = extractor_version
    session.flush()
    return row.failed_tries


def pending_comparison(session: Session, *, limit: int) -> tuple[StoredVersion, ...]:
    """Return extracted versions that were not compared with their predecessor yet, in the order in which they were valid."""
    row = DocumentVersionRow
    query = (
        select(row)
        .where(row.extracted_at.is_not(None), row.compared_at.is_(None))
        .order_by(row.valid_from, row.id)
        .limit(limit)
    )
    return _load(session, query)


def predecessor(session: Session, version: StoredVersion) -> StoredVersion | None:
    """Return the version to compare a version with; None if it is the first of its kind.

    That is the version before of the same document; for the first version of an official document the newest version,
    valid no later, of another official document of its instrument and language (the draft before the final text). News is only
    ever compared with its own earlier version: it reports on an instrument and never replaces it.

    A text that only amends the rule leaves out what stands on: it is compared with the newest draft of an amendment, and no
    other text is compared with it.

    An earlier version from which an attachment is missing that this one has would make old requirements look new: it is
    passed over for one that is no less complete, if there is one. Versions that could not be extracted are passed over.
    """
    row = DocumentVersionRow
    if version.number > 1:
        query = _of_document(version.document_id).where(row.number < version.number)
    elif version.instrument_id is None or not version.version.document_class.is_official:
        return None
    else:
        query = _of_instrument(version.instrument_id).where(
            DocumentRow.id != version.document_id,
            row.language == version.version.language,
            (row.valid_from < version.valid_from) | ((row.valid_from == version.valid_from) & (row.id < version.id)),
        )
    query = query.where(row.extracted_at.is_not(None))
    lacks = set(version.version.unread)
    found = session.execute(query.with_only_columns(row.id, row.unread, row.title, row.stage))
    candidates = [_Earlier(*each) for each in found]
    if version.number == 1:
        candidates = _of_like_extent(version.version, candidates)
    chosen = next((each.id for each in candidates if lacks.issuperset(each.unread)), None)
    if chosen is None and candidates:
        chosen = candidates[0].id
    return None if chosen is None else by_id(session, chosen)


class _Earlier(NamedTuple):
    id: int
    unread: list[str]
    title: str
    stage: str


def _of_like_extent(version: DocumentVersion, candidates: Sequence[_Earlier]) -> list[_Earlier]:
    """Return those that are whole texts of the rule as this one is, or drafts of an amendment if it is one."""
    language = version.language
    if not is_amending(version.title, language):
        return [found for found in candidates if not is_amending(found.title, language)]
    amendments = [found for found in candidates if is_amending(found.title, language)]
    # an amendment that is law already is another one
    return amendments if amendments and amendments[0].stage == Stage.DRAFT.value else []


def mark_compared(session: Session, version_id: int, *, at: datetime) -> None:
    """Record that a version was compared, or has nothing to be compared with. Raises `NotStored`."""
    row = session.get(DocumentVersionRow, version_id)
    if row is None:
        raise NotStored("document version", version_id)
    row.compared_at = at
    session.flush()


def reopen(session: Session, instrument_id: int) -> int:
    """Mark the official documents of an instrument that were never compared with one before them, and return how many.

    What their first versions bring is looked at again in the next pass. What was compared, here or in another
    instrument, was told and is left alone; so is the document with which the instrument begins.
    """
    row = DocumentVersionRow
    compared = select(ComparisonRow.id).where(ComparisonRow.new_version_id == row.id)
    earlier, home = aliased(DocumentVersionRow), aliased(DocumentRow)
    before = (
        select(earlier.id)
        .join(home, home.id == earlier.document_id)
        .where(
            home.instrument_id == instrument_id,
            home.id != row.document_id,
            home.document_class.in_(OFFICIAL),
            (earlier.valid_from < row.valid_from) | ((earlier.valid_from == row.valid_from) & (earlier.id < row.id)),
        )
    )
    alone = (
        select(row.id)
        .join(DocumentRow, DocumentRow.id == row.document_id)
        .where(
            DocumentRow.instrument_id == instrument_id,
            DocumentRow.document_class.in_(OFFICIAL),
            row.number == 1,
            row.extracted_at.is_not(None),
            ~compared.exists(),
            before.exists(),
        )
    )
    found = session.scalars(alone).all()
    session.execute(update(row).where(row.id.in_(found)).values(compared_at=None))
    session.flush()
    return len(found)


def _document(session: Session, version: DocumentVersion) -> DocumentRow:
    query = select(DocumentRow).where(DocumentRow.source_id == version.source_id, DocumentRow.url == version.url)
    row = session.scalars(query).one_or_none()
    if row is None:
        row = DocumentRow(source_id=version.source_id, url=version.url, document_class=version.document_class.value)
        session.add(row)
    row.document_class = version.document_class.value
    session.flush()
    return row


def _of_document(document_id: int) -> Select[DocumentVersionRow]:
    row = DocumentVersionRow
    return select(row).where(row.document_id == document_id).order_by(row.number.desc())


def _of_instrument(instrument_id: int) -> Select[DocumentVersionRow]:
    row = DocumentVersionRow
    return (
        select(row)
        .join(DocumentRow)
        .where(DocumentRow.instrument_id == instrument_id, DocumentRow.document_class.in_(OFFICIAL))
        .order_by(row.valid_from.desc(), row.id.desc())
    )


def _first(session: Session, query: Select[DocumentVersionRow]) -> StoredVersion | None:
    return next(iter(_load(session, query.limit(1))), None)


def _load(session: Session, query: Select[DocumentVersionRow]) -> tuple[StoredVersion, ...]:
    rows = session.scalars(query.options(undefer(DocumentVersionRow.text)))
    return tuple(version_from_row(row) for row in rows)
