from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limen.domain.evidence import Evidence
from limen.domain.issue import Issue, IssueKind
from limen.domain.requirement import Modality, Requirement
from limen.domain.threshold import Comparator, Threshold
from limen.store.mapping import issue_fingerprint, requirement_from_row, requirement_values
from limen.store.tables import RequirementRow

numbers = st.decimals(allow_nan=False, allow_infinity=False)
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
maybe_words = st.none() | words
units = st.sampled_from(["Wh/kg", "percent", "mg/L", "degC", "tonne", "dimensionless", "no such unit"])


@st.composite
def thresholds(draw: st.DrawFn) -> Threshold:
    op = draw(st.sampled_from(Comparator))
    value_max = draw(numbers) if op is Comparator.BETWEEN else None
    return Threshold(op=op, value=draw(numbers), unit=draw(units), value_max=value_max)


@st.composite
def evidence(draw: st.DrawFn) -> Evidence:
    quote = draw(words)
    start = draw(st.integers(0, 10_000))
    return Evidence(start=start, end=start + len(quote), quote=quote)


requirements = st.builds(
    Requirement,
    threshold=thresholds(),
    metric=words,
    evidence=evidence(),
    subject=maybe_words,
    condition=maybe_words,
    modality=st.sampled_from(Modality),
    by=maybe_words,
    previous=st.none() | numbers,
    metric_id=maybe_words,
    section=maybe_words,
)


@settings(deadline=None)
@given(requirement=requirements)
def test_a_requirement_comes_back_equal(requirement: Requirement) -> None:
    row = RequirementRow(**requirement_values(requirement))
    assert requirement_from_row(row) == requirement


def test_amounts_in_different_units_have_one_base_value() -> None:
    evidence = Evidence(start=0, end=1, quote="1")
    bases = {
        requirement_values(
            Requirement(
                threshold=Threshold(op=Comparator.AT_LEAST, value=Decimal(value), unit=unit),
                metric="m",
                evidence=evidence,
            )
        )["base_value"]
        for value, unit in (("200", "Wh/kg"), ("0.2", "kWh/kg"))
    }
    assert bases == {720000.0}


@pytest.mark.parametrize("unit", ["no such unit", "Wh/"])
def test_an_unknown_unit_is_kept_but_has_no_dimension(unit: str) -> None:
    requirement = Requirement(
        threshold=Threshold(op=Comparator.EQUAL, value=Decimal(5), unit=unit),
        metric="m",
        evidence=Evidence(start=0, end=1, quote="5"),
    )
    values = requirement_values(requirement)
    assert values["dimension"] is None
    assert values["base_value"] is None
    assert values["magnitude"] == 5.0


def test_a_number_beyond_doubles_stays_finite() -> None:
    requirement = Requirement(
        threshold=Threshold(op=Comparator.AT_MOST, value=Decimal("1E+400"), unit="Wh/kg"),
        metric="m",
        evidence=Evidence(start=0, end=1, quote="5"),
    )
    assert 1e308 < requirement_values(requirement)["base_value"] < float("inf")


def test_an_issue_is_known_again_by_kind_source_url_and_message_only() -> None:
    issue = Issue(kind=IssueKind.UNREADABLE, message="no text", source_id="a", url="u", offset=3)
    same = Issue(kind=IssueKind.UNREADABLE, message="no text", source_id="a", url="u", offset=9)
    assert issue_fingerprint(issue) == issue_fingerprint(same)
    others = (
        Issue(kind=IssueKind.FETCH_FAILED, message="no text", source_id="a", url="u"),
        Issue(kind=IssueKind.UNREADABLE, message="no texts", source_id="a", url="u"),
        Issue(kind=IssueKind.UNREADABLE, message="no text", source_id=None, url="u"),
        Issue(kind=IssueKind.UNREADABLE, message="no text", source_id="a", url=None),
    )
    assert len({issue_fingerprint(each) for each in (issue, *others)}) == 5


def test_a_limit_that_leaves_more_each_time_is_one_trouble() -> None:
    left = [Issue(kind=IssueKind.LIMIT_REACHED, message=f"cn: cut short by max_items ({n} left)") for n in (9, 12)]
    assert len({issue_fingerprint(each) for each in left}) == 1
    others = [Issue(kind=IssueKind.FETCH_FAILED, message=f"the host answers {n}") for n in (403, 404)]
    assert len({issue_fingerprint(each) for each in others}) == 2
