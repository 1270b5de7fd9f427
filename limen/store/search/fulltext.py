"""The full-text indexes of SQLite (FTS5), and the only module that knows of them.

`version_index` holds title and text of each document version, `requirement_index` the words of each requirement; their
row ids are those of the rows they index. Words are cut by `limen.store.search.words` and stemmed (English) by FTS5.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, TableClause, bindparam, column, delete, insert, select, table
from sqlalchemy.orm import Session

from limen.store.search.words import segment
from limen.store.tables import RequirementRow

# an FTS5 table has a hidden column of its own name, which MATCH is asked of, and a hidden `rank` (bm25; less is better)
VERSIONS = table(
    "version_index", column("rowid"), column("title"), column("body"), column("version_index"), column("rank")
)
REQUIREMENTS = table(
    "requirement_index",
    column("rowid"),
    column("metric"),
    column("subject"),
    column("condition"),
    column("context"),
    column("title"),
    column("requirement_index"),
    column("rank"),
)


def index_version(session: Session, version_id: int, *, title: str, text: str) -> None:
    """Make a new version findable. Its text never changes, so it is indexed once."""
    session.execute(insert(VERSIONS), [{"rowid": version_id, "title": segment(title), "body": segment(text)}])


def index_requirements(session: Session, requirements: Iterable[RequirementRow], *, title: str) -> None:
    """Make new requirements of a document findable by their own words, their surroundings and the document's title."""
    segmented_title = segment(title)
    rows = [
        {
            "rowid": row.id,
            "metric": segment(row.metric),
            "subject": segment(row.subject or ""),
            "condition": segment(row.condition or ""),
            "context": segment("\n".join(filter(None, (row.section, row.quote)))),
            "title": segmented_title,
        }
        for row in requirements
    ]
    if rows:
        session.execute(insert(REQUIREMENTS), rows)


def forget_requirements(session: Session, requirement_ids: Iterable[int]) -> None:
    """Take requirements out of the index."""
    rows = [{"gone": requirement_id} for requirement_id in requirement_ids]
    if rows:
        session.execute(delete(REQUIREMENTS).where(REQUIREMENTS.c.rowid == bindparam("gone")), rows)


def phrase(words: str, *, columns: Sequence[str] = (), is_prefix: bool = False) -> str:
    """Return the FTS5 expression for words that stand side by side, in any column or in those named."""
    quoted = '"' + segment(words).replace('"', '""') + '"' + (" *" if is_prefix else "")
    return f"{{{' '.join(columns)}}} : {quoted}" if columns else quoted


def matches(index: TableClause, expression: str) -> ColumnElement[bool]:
    """Return the condition that a row of an index matches an FTS5 expression."""
    return index.c[index.name].op("MATCH", is_comparison=True)(expression)


def ids(index: TableClause, expression: str) -> Select[int]:
    """Return the query for the ids of the rows that match an FTS5 expression."""
    return select(index.c.rowid).where(matches(index, expression))
