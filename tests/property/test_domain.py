"""Laws that hold for all values, not only for those somebody thought of."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from limen.domain.assignment import assign
from limen.domain.change import Change, ChangeKind, Direction
from limen.domain.clause import clause_around, phrase_around
from limen.domain.deadline import last_day
from limen.domain.diff import diff
from limen.domain.errors import EvidenceMismatch
from limen.domain.evidence import Evidence
from limen.domain.quantity import Quantity
from limen.domain.requirement import Modality, Requirement
from limen.domain.similarity import Weights, tokens
from limen.domain.threshold import Comparator, Threshold
from limen.domain.title import edition, series_key
from tests.property.edits import EDITS, NOISE, Edited, change_digit, edited_version, restate_unit

FAMILIES = (
    ("Wh/kg", "kWh/kg", "joule/gram"),
    ("mg/L", "ug/L", "g/m**3", "kg/m**3"),
    ("percent", "permille", "dimensionless", "ppm"),
    ("day", "hour", "week", "minute"),
    ("month", "year"),
    ("tonne", "kg", "short_ton", "pound"),
    ("m**2", "hectare", "km**2", "mu", "acre"),
    ("degC", "kelvin", "degF"),
    ("CNY/tonne", "CNY/kg"),
)
values = st.decimals(min_value=-(10**9), max_value=10**9, places=6, allow_nan=False, allow_infinity=False)
units = st.sampled_from([unit for family in FAMILIES for unit in family])
names = st.one_of(
    st.sampled_from(
        ["energy density", "能量密度", "dust", "循环寿命", "royalty on gold", "new smelters", "所有煤矿", "fine"]
    ),
    st.text(max_size=12),
)


@st.composite
def thresholds(draw: st.DrawFn) -> Threshold:
    op, value, unit = draw(st.sampled_from(Comparator)), draw(values), draw(units)
    return Threshold(op=op, value=value, value_max=draw(values) if op is Comparator.BETWEEN else None, unit=unit)


@st.composite
def requirements(draw: st.DrawFn) -> Requirement:
    return Requirement(
        threshold=draw(thresholds()),
        metric=draw(names),
        evidence=Evidence(start=0, end=1, quote="x"),
        subject=draw(st.none() | names),
        condition=draw(st.none() | names),
        modality=draw(st.sampled_from(Modality)),
        by=draw(st.none() | st.sampled_from(["2027", "2027-12-31", "2027-28", "soon"])),
        metric_id=draw(st.none() | st.sampled_from(["energy_density", "royalty"])),
        section=draw(st.none() | names),
    )


versions = st.lists(requirements(), max_size=7)


def _bare(requirement: Requirement) -> Requirement:
    # a metric id and the old value are the extractor's additions; a heading's number moves with every amendment
    # (2027 and 2027-12-31 are one deadline; the strategies' operators turn as `is_other_operator` has it)
    by = None if requirement.by is None else str(last_day(requirement.by))
    return replace(requirement, section=None, metric_id=None, previous=None, by=by)


@given(values, st.sampled_from(FAMILIES), st.data())
def test_a_conversion_there_and_back_gives_the_same_amount(
    value: Decimal, family: tuple[str, ...], data: st.DataObject
) -> None:
    first, second = data.draw(st.sampled_from(family)), data.draw(st.sampled_from(family))
    assume(not {first, second} & {"degC", "degF"} or abs(value) > 1)  # beside absolute zero all digits may be lost
    quantity = Quantity(value=value, unit=first)
    assert quantity.to(second).same_amount(quantity)
    assert quantity.to(second).to(first).same_amount(quantity)


@given(thresholds(), thresholds())
def test_same_amount_is_reflexive_and_symmetric(first: Threshold, second: Threshold) -> None:
    assert first.same_as(first)
    assert first.same_amount(second) == second.same_amount(first)
    assert not first.same_as(second) or first.same_amount(second)


@given(st.text(min_size=1), st.data())
def test_evidence_is_what_the_text_says(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    evidence = Evidence.of(text, start, end)
    evidence.check(text)
    assert evidence.quote.strip() in clause_around(text, evidence)
    phrase_around(text, evidence)
    shifted = f"\N{SNOWMAN}{text}"
    if shifted[start:end] != evidence.quote:
        with pytest.raises(EvidenceMismatch):
            evidence.check(shifted)


@given(st.text(), st.text())
def test_overlap_is_symmetric_and_within_bounds(first: str, second: str) -> None:
    one, other = tokens(first), tokens(second)
    weights = Weights.of([one], [other])
    overlap = weights.overlap(weights.bag(one), weights.bag(other))
    assert overlap == weights.overlap(weights.bag(other), weights.bag(one))
    assert 0 <= overlap <= 1
    assert weights.overlap(weights.bag(one), weights.bag(one)) == (1 if one else 0)


@given(st.lists(st.dictionaries(st.integers(0, 5), st.floats(-2, 5)), max_size=6))
def test_an_assignment_is_one_to_one_and_never_at_a_loss(scores: list[dict[int, float]]) -> None:
    chosen = [column for column in assign(scores, columns=6) if column is not None]
    assert len(chosen) == len(set(chosen))
    assert all(scores[row][column] > 0 for row, column in enumerate(assign(scores, columns=6)) if column is not None)


@given(versions)
def test_nothing_changed_between_a_version_and_itself(version: list[Requirement]) -> None:
    difference = diff(version, list(version))
    assert (difference.changes, difference.notes, difference.doubts) == ((), (), ())
    assert Counter(before for before, _ in difference.kept) == Counter(version)


@given(versions, versions)
def test_a_difference_takes_the_old_version_to_the_new_one(old: list[Requirement], new: list[Requirement]) -> None:
    difference = diff(old, new)
    assert Counter(difference.apply(old)) == Counter(new)
    assert all(_bare(before) == _bare(after) for before, after in difference.kept)
    assert diff(old, new) == difference
    with pytest.raises(ValueError, match="starts from another reading"):
        difference.apply([*old, STRANGER])


@given(versions, versions)
def test_kinds_sides_and_amounts_agree(old: list[Requirement], new: list[Requirement]) -> None:
    for change in diff(old, new).changes:
        if change.old is None or change.new is None:
            continue
        before, after = change.old.threshold, change.new.threshold
        assert before.dimension == after.dimension
        assert before.same_amount(after) == (change.kind is not ChangeKind.VALUE)
        assert (change.kind is ChangeKind.OPERATOR) <= (before.op is not after.op)
        assert (change.kind is ChangeKind.DEADLINE) <= (change.old.by != change.new.by)
        assert (change.kind is ChangeKind.MODALITY) <= (change.old.modality is not change.new.modality)


@given(versions, versions)
def test_no_requirement_appears_twice(old: list[Requirement], new: list[Requirement]) -> None:
    difference = diff(old, new)
    for side, version in (("old", old), ("new", new)):
        named = [id(getattr(item, side)) for item in (*difference.changes, *difference.notes) if getattr(item, side)]
        assert len(named) == len(set(named)) <= len({id(item) for item in version}) or len(set(map(id, version))) < len(
            version
        )


@given(requirements(), st.sampled_from(list(Modality)))
def test_backwards_is_the_opposite(requirement: Requirement, modality: Modality) -> None:
    assume(requirement.modality is not modality)
    other = replace(requirement, modality=modality)
    [forth], [back] = diff([requirement], [other]).changes, diff([other], [requirement]).changes
    assert {forth.direction, back.direction} == {Direction.TIGHTENED, Direction.LOOSENED}


@given(st.text(max_size=60), st.sampled_from(["zh", "en", "de"]))
def test_a_series_key_is_stable_under_itself(title: str, language: str) -> None:
    key = series_key(title, language)
    assert key == key.casefold().strip()
    assert edition(title, language) != ""


def corpus() -> list[list[Requirement]]:
    """Return the documents of `corpus.jsonl`, each as its requirements in order."""
    lines = Path(__file__).with_name("corpus.jsonl").read_text(encoding="utf-8").splitlines()
    return [[_requirement(*row) for row in json.loads(line)["requirements"]] for line in lines]


def _requirement(
    op: str,
    value: str,
    value_max: str | None,
    unit: str,
    metric: str,
    subject: str | None,
    condition: str | None,
    modality: str,
    by: str | None,
    section: str,
) -> Requirement:
    upper = None if value_max is None else Decimal(value_max)
    return Requirement(
        threshold=Threshold(op=Comparator(op), value=Decimal(value), value_max=upper, unit=unit),
        metric=metric,
        evidence=Evidence(start=0, end=1, quote="x"),
        subject=subject,
        condition=condition,
        modality=Modality(modality),
        by=by,
        section=section,
    )


DOCUMENTS = corpus()
STRANGER = _requirement("=", "1", None, "parsec", "way home", None, None, "mandatory", None, "Z")


def reported(changes: tuple[Change, ...], edited: Edited) -> set[tuple[ChangeKind, int | None, int | None]]:
    """Return the changes as places of the two sides."""

    def place(requirement: Requirement | None, side: list[Requirement]) -> int | None:
        return None if requirement is None else next(at for at, item in enumerate(side) if item is requirement)

    return {(change.kind, place(change.old, edited.old), place(change.new, edited.new)) for change in changes}


@pytest.mark.parametrize("document", range(len(DOCUMENTS)))
def test_one_digit_anywhere_is_exactly_one_change(document: int) -> None:
    """Each requirement's digit in turn, in every other order of the rest, without and with one restated unit."""
    for seed in range(60):
        random = Random(f"{document} {seed}")
        edited = Edited.of(DOCUMENTS[document])
        change_digit(edited, random)
        edited.new = [restate_unit(item, random) if random.random() < 0.2 else item for item in edited.new]
        assert reported(diff(edited.old, edited.new).changes, edited) == edited.expected()


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_each_edit_alone_is_found(edit: object) -> None:
    for document in DOCUMENTS:
        for seed in range(20):
            edited = Edited.of(document)
            edit(edited, Random(seed))  # type: ignore[operator]
            assert reported(diff(edited.old, edited.new).changes, edited) == edited.expected()


@pytest.mark.parametrize("noise", NOISE, ids=lambda noise: noise.__name__)
def test_no_noise_is_a_change(noise: object) -> None:
    """The extractor reads any two requirements of a document otherwise; nothing is reported."""
    for document in DOCUMENTS:
        for seed in range(20):
            random = Random(seed)
            new = list(document)
            for place in random.sample(range(len(new)), 2):
                new[place] = noise(new[place], random)  # type: ignore[operator]
            random.shuffle(new)
            assert diff(document, new).changes == ()


@pytest.mark.slow
def test_a_thousand_generated_pairs() -> None:
    """Edits, additions, another order, every third requirement read otherwise: nearly all is found, nearly none invented."""
    right = invented = missed = 0
    for seed in range(1000):
        random = Random(seed)
        first, second, third = random.sample(DOCUMENTS, 3)
        strangers = random.sample(third, random.choice([0, 0, 1]))
        edited = edited_version([*first, *second], random, edits=random.randrange(5), noise=0.3, strangers=strangers)
        expected, found = edited.expected(), reported(diff(edited.old, edited.new).changes, edited)
        right += len(expected & found)
        invented += len(found - expected)
        missed += len(expected - found)
    assert right > 2000
    assert invented / (right + invented) < 0.01
    assert missed / (right + missed) < 0.03
