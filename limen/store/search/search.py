"""The search itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, contains_eager

from limen.domain.document import Stage
from limen.domain.source import DocumentClass
from limen.store.mapping import requirement_from_row
from limen.store.scope import is_newest, is_reported
from limen.store.search import fulltext, snippets
from limen.store.search.conditions import (
    MetricIds,
    document_conditions,
    expression,
    requirement_conditions,
)
from limen.store.search.parser import parse
from limen.store.search.query import Query, TextTerm
from limen.store.search.results import DocumentHit, RequirementHit, SearchResults, Snippet
from limen.store.tables import DocumentRow, DocumentVersionRow, RequirementRow

AROUND = 120
"""Characters shown on each side of a requirement's quote."""


def search(
    session: Session,
    query: Query | str,
    *,
    as_of: date | None = None,
    known_on: date | None = None,
    limit: int = 20,
    offset: int = 0,
    metric_ids: MetricIds | None = None,
) -> SearchResults:
    """Return the requirements and the documents that answer a query, best or newest first.

    Looked at is the newest version of each document; with `as_of` the one that was valid at the end of that day (UTC),
    and nothing of a document that was not yet there; with `known_on` as if nothing had been fetched after that day. Free
    words are looked for in a requirement's own words and in its document's title; beside a condition that only
    requirements can meet they may stand anywhere in the document. `limit` and `offset` are of each of the two lists.
    `metric_ids` lets `metric:` find a metric in every language.

    Raises:
        SearchError: the query is a text that cannot be understood.
    """
    asked = parse(query) if isinstance(query, str) else query
    scope = [is_newest(as_of=as_of, known_on=known_on), *document_conditions(asked)]
    requirements, requirement_count = _requirements(
        session, asked, scope, metric_ids=metric_ids, limit=limit, offset=offset
    )
    documents: tuple[DocumentHit, ...] = ()
    document_count = 0
    if not asked.asks_for_requirements:
        documents, document_count = _documents(session, asked, scope, limit=limit, offset=offset)
    return SearchResults(
        requirements=requirements,
        requirement_count=requirement_count,
        documents=documents,
        document_count=document_count,
    )


def _requirements(
    session: Session,
    query: Query,
    scope: Sequence[ColumnElement[bool]],
    *,
    metric_ids: MetricIds | None,
    limit: int,
    offset: int,
) -> tuple[tuple[RequirementHit, ...], int]:
    row, version = RequirementRow, DocumentVersionRow
    chosen = (
        select(row)
        .join(row.version)
        .join(version.document)
        .join(DocumentRow.source)
        .where(is_reported(), *scope, *requirement_conditions(session, query, metric_ids=metric_ids))
    )
    order: tuple[Any, ...] = (version.valid_from.desc(), version.id.desc(), row.ordinal)
    words = _wanted(query.words)
    if words and query.asks_for_requirements:
        chosen = chosen.where(version.id.in_(fulltext.ids(fulltext.VERSIONS, expression(words))))
    elif words:
        index = fulltext.REQUIREMENTS
        chosen = chosen.join(index, index.c.rowid == row.id).where(fulltext.matches(index, expression(words)))
        order = (index.c.rank, *order)
    page = (
        chosen.options(contains_eager(row.version).contains_eager(version.document).contains_eager(DocumentRow.source))
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    rows = session.scalars(page).all()
    surroundings = _surroundings(session, rows)
    hits = tuple(
        RequirementHit(
            id=found.id,
            key=found.key,
            requirement=requirement_from_row(found),
            document=_document_hit(found.version, surroundings[found.id]),
        )
        for found in rows
    )
    return hits, _count(session, chosen)


def _documents(
    session: Session, query: Query, scope: Sequence[ColumnElement[bool]], *, limit: int, offset: int
) -> tuple[tuple[DocumentHit, ...], int]:
    version = DocumentVersionRow
    chosen = select(version).join(version.document).join(DocumentRow.source).where(*scope)
    order: tuple[Any, ...] = (version.valid_from.desc(), version.id.desc())
    words = _wanted(query.words)
    if words:
        index = fulltext.VERSIONS
        chosen = chosen.join(index, index.c.rowid == version.id).where(fulltext.matches(index, expression(words)))
        order = (index.c.rank, *order)
    page = (
        chosen.options(contains_eager(version.document).contains_eager(DocumentRow.source))
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    rows = session.scalars(page).all()
    shown = _snippets(session, [row.id for row in rows], words)
    return tuple(_document_hit(row, shown[row.id]) for row in rows), _count(session, chosen)


def _wanted(words: Sequence[TextTerm]) -> list[TextTerm]:
    return [term for term in words if not term.excluded]


def _count(session: Session, chosen: Select[Any]) -> int:
    counted = chosen.with_only_columns(func.count(), maintain_column_froms=True)
    return session.scalar(counted) or 0


def _snippets(session: Session, version_ids: Sequence[int], words: Sequence[TextTerm]) -> dict[int, Snippet]:
    # apart from the query for the page: a sort would carry the texts of all that was found
    version = DocumentVersionRow
    found = session.execute(select(version.id, version.text).where(version.id.in_(version_ids)))
    texts: dict[int, str] = {row.id: row.text for row in found}
    if not words:
        return {key: snippets.beginning(text) for key, text in texts.items()}
    # any of the words: all of them need not stand in the text, some may stand in the title
    any_word = " OR ".join(expression([word]) for word in words)
    return snippets.matching(texts, any_word)


def _surroundings(session: Session, rows: Sequence[RequirementRow]) -> dict[int, Snippet]:
    """Return the text around each requirement's quote, which is marked."""
    row, text = RequirementRow, DocumentVersionRow.text
    start = case((row.start > AROUND, row.start - AROUND), else_=0)
    query = (
        select(
            row.id,
            func.substr(text, start + 1, row.start - start),
            row.quote,
            func.substr(text, row.end + 1, AROUND),
        )
        .join(row.version)
        .where(row.id.in_([each.id for each in rows]))
    )
    return {key: snippets.around(before, quote, after) for key, before, quote, after in session.execute(query)}


def _document_hit(row: DocumentVersionRow, snippet: Snippet) -> DocumentHit:
    document = row.document
    return DocumentHit(
        document_id=document.id,
        version_id=row.id,
        number=row.number,
        title=row.title,
        url=document.url,
        source_id=document.source_id,
        publisher=document.source.publisher,
        jurisdiction=document.source.jurisdiction,
        language=row.language,
        document_class=DocumentClass(document.document_class),
        stage=Stage(row.stage),
        published=row.published,
        valid_from=row.valid_from,
        comment_deadline=row.comment_deadline,
        effective_on=row.effective_on,
        snippet=snippet,
    )
