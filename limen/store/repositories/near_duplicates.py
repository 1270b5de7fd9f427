"""Near duplicates: the signature of each document's newest text, and the groups of documents that tell the same story."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import compress

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, update
from sqlalchemy.orm import Session, aliased, undefer

from limen.domain.source import DocumentClass
from limen.store.errors import NotStored
from limen.store.mapping import version_from_row
from limen.store.pieces import in_pieces
from limen.store.records import StoredVersion
from limen.store.scope import is_newest
from limen.store.tables import DocumentRow, DocumentVersionRow, SignatureBandRow, TextSignatureRow

MOST_CANDIDATES = 200
"""Documents that one is compared with; of pages made from one mould thousands may share a band."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDocument:
    """A document with the signature of its newest text; an empty one if the text was too short to judge."""

    document_id: int
    document_class: DocumentClass
    signature: bytes


Resembles = Callable[[SignedDocument, SignedDocument], bool]
"""Tells whether two documents tell the same story. Says the same whichever of the two comes first."""


def pending(session: Session, *, limit: int) -> tuple[StoredVersion, ...]:
    """Return the newest version of each document that has no signature of that version, oldest first."""
    version, signed = DocumentVersionRow, TextSignatureRow
    query = (
        select(version)
        .outerjoin(signed, signed.document_id == version.document_id)
        .where(is_newest(), signed.version_id.is_distinct_from(version.id))
        .order_by(version.id)
        .limit(limit)
        .options(undefer(version.text))
    )
    return tuple(version_from_row(row) for row in session.scalars(query))


def save(session: Session, version: StoredVersion, *, signature: bytes, bands: Sequence[str]) -> None:
    """Keep the signature of a document's newest text and its bands, in place of those of the text before.

    An empty signature without bands says that the text was too short to judge.
    """
    document_id = version.document_id
    row = session.get(TextSignatureRow, document_id)
    if row is None:
        session.add(TextSignatureRow(document_id=document_id, version_id=version.id, signature=signature))
    else:
        row.version_id, row.signature = version.id, signature
        session.execute(delete(SignatureBandRow).where(SignatureBandRow.document_id == document_id))
    rows = [{"band": number, "digest": digest, "document_id": document_id} for number, digest in enumerate(bands)]
    if rows:
        session.execute(insert(SignatureBandRow), rows)
    session.flush()


def candidates(session: Session, document_id: int) -> tuple[SignedDocument, ...]:
    """Return the other documents that share a band with a document, those with the most shared bands first."""
    own, other = aliased(SignatureBandRow), aliased(SignatureBandRow)
    shared = (
        select(other.document_id)
        .join(own, (own.band == other.band) & (own.digest == other.digest))
        .where(own.document_id == document_id, other.document_id != document_id)
        .group_by(other.document_id)
        .order_by(func.count().desc(), other.document_id)
        .limit(MOST_CANDIDATES)
    )
    ids = session.scalars(shared).all()
    found = {each.document_id: each for each in _signed(session, DocumentRow.id.in_(ids))}
    return tuple(found[each] for each in ids)


def join(session: Session, document_id: int, *, resembles: Resembles) -> int:
    """Put a document into the group of the documents that it resembles now, and return the group: its smallest id.

    Groups that it resembles members of become one. The group that it was in before falls apart where only its former text
    held it together. A document that resembles no other is a group by itself. Raises `NotStored`.
    """
    document = session.get(DocumentRow, document_id)
    if document is None:
        raise NotStored("document", document_id)
    if document.group_id is not None:
        _part(session, document.group_id, resembles=resembles)
    (own,) = _signed(session, DocumentRow.id == document_id)
    ids = {document_id, *(each.document_id for each in candidates(session, document_id) if resembles(own, each))}
    touched = session.scalars(select(DocumentRow.group_id).where(DocumentRow.id.in_(ids)))
    groups = {each for each in touched if each is not None}
    group_id = min(ids | groups)
    _move(session, DocumentRow.id.in_(ids) | DocumentRow.group_id.in_(groups), group_id=group_id)
    return group_id


def members(session: Session, group_ids: Collection[int | None]) -> dict[int | None, tuple[int, ...]]:
    """Return the document ids of groups, smallest first. None, and a group that does not exist, are left out."""
    query = select(DocumentRow.group_id, DocumentRow.id).order_by(DocumentRow.id)
    found: dict[int | None, list[int]] = {}
    for some in in_pieces(group_ids):
        for group_id, document_id in session.execute(query.where(DocumentRow.group_id.in_(some))):
            found.setdefault(group_id, []).append(document_id)
    return {group_id: tuple(ids) for group_id, ids in found.items()}


def shared_groups() -> Select[int | None]:
    """Return the query for the ids of the groups with more than one member."""
    group = DocumentRow.group_id
    return select(group).where(group.is_not(None)).group_by(group).having(func.count() > 1)


def _signed(session: Session, chosen: ColumnElement[bool]) -> tuple[SignedDocument, ...]:
    query = (
        select(DocumentRow.id, DocumentRow.document_class, TextSignatureRow.signature)
        .join(TextSignatureRow, TextSignatureRow.document_id == DocumentRow.id)
        .where(chosen)
        .order_by(DocumentRow.id)
    )
    return tuple(
        SignedDocument(document_id=document_id, document_class=DocumentClass(name), signature=signature)
        for document_id, name, signature in session.execute(query)
    )


def _part(session: Session, group_id: int, *, resembles: Resembles) -> None:
    """Group the members of a group anew, by their texts of today."""
    left = list(_signed(session, DocumentRow.group_id == group_id))
    while left:
        together = [left.pop(0)]
        for reached in together:  # which grows meanwhile, until nobody resembles any of those in it
            near = [resembles(reached, each) for each in left]
            together += compress(left, near)
            left = [each for each, is_near in zip(left, near, strict=True) if not is_near]
        ids = [each.document_id for each in together]
        if ids[0] == group_id:
            continue
        for some in in_pieces(ids):
            _move(session, DocumentRow.id.in_(some), group_id=ids[0])


def _move(session: Session, chosen: ColumnElement[bool], *, group_id: int) -> None:
    is_elsewhere = DocumentRow.group_id.is_(None) | (DocumentRow.group_id != group_id)
    session.execute(update(DocumentRow).where(chosen, is_elsewhere).values(group_id=group_id))
