"""A query's terms as conditions on rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from limen.domain.threshold import Comparator
from limen.store.search import fulltext
from limen.store.search.amounts import amount_condition
from limen.store.search.query import MAXIMUM, MINIMUM, OF_REQUIREMENT, Query, TextField, TextTerm, ValueField, ValueTerm
from limen.store.tables import DocumentRow, DocumentVersionRow, EntityRow, RequirementRow, SourceRow

LOWER_BOUNDS = tuple(each.value for each in Comparator if each.is_lower_bound)
UPPER_BOUNDS = tuple(each.value for each in Comparator if each.is_upper_bound)

MetricIds = Callable[[str], frozenset[str]]
"""Gives the language-independent ids of the metrics that go by some words."""


def document_conditions(query: Query) -> list[ColumnElement[bool]]:
    """Return the conditions on a version and its document that come from fields, exclusions of words included."""
    conditions = [_of_document(term) for term in query.values if term.field not in OF_REQUIREMENT]
    for term in query.texts:
        if term.excluded and term.field in (None, TextField.TITLE):
            conditions.append(~DocumentVersionRow.id.in_(fulltext.ids(fulltext.VERSIONS, expression([term]))))
        elif term.field is TextField.TITLE:
            conditions.append(DocumentVersionRow.id.in_(fulltext.ids(fulltext.VERSIONS, expression([term]))))
    return conditions


def requirement_conditions(
    session: Session, query: Query, *, metric_ids: MetricIds | None
) -> list[ColumnElement[bool]]:
    """Return the conditions on a requirement itself; free words are not among them."""
    conditions = [_of_requirement(term) for term in query.values if term.field in OF_REQUIREMENT]
    conditions.extend(_of_words(term, metric_ids) for term in query.texts if term.field not in (None, TextField.TITLE))
    conditions.extend(amount_condition(session, term) for term in query.amounts)
    return conditions


def expression(terms: list[TextTerm] | tuple[TextTerm, ...]) -> str:
    """Return the full-text expression that all terms hold, as if none was excluded."""
    return " AND ".join(
        fulltext.phrase(term.text, columns=() if term.field is None else (term.field.value,), is_prefix=term.is_prefix)
        for term in terms
    )


def _of_document(term: ValueTerm) -> ColumnElement[bool]:
    match term.field:
        case ValueField.JURISDICTION:
            condition: ColumnElement[bool] = SourceRow.jurisdiction.in_([value.upper() for value in term.values])
        case ValueField.SOURCE:
            condition = or_(*(_source(value.lower()) for value in term.values))
        case ValueField.STAGE:
            condition = DocumentVersionRow.stage.in_(term.values)
        case ValueField.LANGUAGE:
            condition = DocumentVersionRow.language.in_([value.lower() for value in term.values])
        case ValueField.DOCUMENT_CLASS:
            condition = DocumentRow.document_class.in_(term.values)
        case ValueField.ENTITY:
            spelled = [form for value in term.values for form in (value, value.lower(), value.upper())]
            named = EntityRow.canonical.in_(spelled) | EntityRow.quote.in_(spelled)
            condition = DocumentVersionRow.id.in_(select(EntityRow.version_id).where(named))
        case ValueField.MODALITY | ValueField.OPERATOR | ValueField.BY:
            raise ValueError(f"{term.field.value} is a field of requirements")
        case _:
            assert_never(term.field)
    return ~condition if term.excluded else condition


def _of_requirement(term: ValueTerm) -> ColumnElement[bool]:
    row = RequirementRow
    match term.field:
        case ValueField.MODALITY:
            condition: ColumnElement[bool] = row.modality.in_(term.values)
        case ValueField.OPERATOR:
            groups = {MINIMUM: LOWER_BOUNDS, MAXIMUM: UPPER_BOUNDS}
            condition = row.op.in_([op for value in term.values for op in groups.get(value, (value,))])
        case _:
            # a period in the query holds all that lies in it: 2027 finds 2027-12-31
            starts = or_(*(row.by.startswith(value, autoescape=True) for value in term.values))
            condition = and_(row.by.is_not(None), starts)
    return ~condition if term.excluded else condition


def _of_words(term: TextTerm, metric_ids: MetricIds | None) -> ColumnElement[bool]:
    row = RequirementRow
    condition: ColumnElement[bool] = row.id.in_(fulltext.ids(fulltext.REQUIREMENTS, expression([term])))
    if term.field is TextField.METRIC:
        known = {term.text, *(metric_ids(term.text) if metric_ids else ())}
        condition = or_(condition, and_(row.metric_id.is_not(None), row.metric_id.in_(sorted(known))))
    return ~condition if term.excluded else condition


def _source(value: str) -> ColumnElement[bool]:
    if value.endswith("*"):
        return SourceRow.id.startswith(value.rstrip("*"), autoescape=True)
    return SourceRow.id == value
