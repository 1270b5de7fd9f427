"""Laws of joins and histories that hold for all rules, not only for those somebody thought of."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from limen.domain.document import Stage
from limen.domain.evidence import Evidence
from limen.domain.history import MilestoneKind, RuleText, history, in_force_on
from limen.domain.instrument import Candidate, Instrument, JoinReason, RuleTraits, join, near
from limen.domain.official_number import numbers_in, official_number
from limen.domain.requirement import Requirement
from limen.domain.source import DocumentClass
from limen.domain.threshold import Comparator, Threshold

TITLES = (
    "锂电池行业规范条件（2021年本）",
    "锂离子电池行业规范条件（2024年本）",
    "公开征求对《锂离子电池行业规范条件》（征求意见稿）的意见",
    "钠离子电池行业规范条件",
    "矿山安全条例",
    "公告2024年第14号",
)
NUMBERS = ("公告2021年第37号", "公告2024年第14号", "RIN 2060-AU37", "GB 38031-2020", "GB 38031-2025", "Notice 12")
PHRASES = (*(f"《{title}》" for title in TITLES[:2]), "《矿山安全条例》", "公告2021年第37号", "GB 38031-2020")


def some(values: tuple[str, ...], *, most: int = 2) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=most)


rules = st.builds(
    RuleTraits,
    title=st.sampled_from(TITLES),
    language=st.just("zh"),
    jurisdiction=st.sampled_from(("CN", "CN", "VN")),
    references=some(NUMBERS),
    metrics=some(("energy_density", "cycle_life", "dust"), most=3),
    issuers=some(("miit", "mofcom"), most=1),
    publishers=some(("site", "other site"), most=1),
    replaces=some(PHRASES),
    repeals=some(PHRASES, most=3),
)


def found(one: RuleTraits, other: RuleTraits) -> tuple[JoinReason, float] | None:
    """Return why and how surely a document of one rule would join the other."""
    candidate = Candidate(**asdict(one), document_class=DocumentClass.FINAL)
    match = join(candidate, [Instrument(**asdict(other))])
    return None if match is None else (match.reason, match.score)


@given(rules, rules)
def test_which_of_two_documents_is_found_first_does_not_matter(one: RuleTraits, other: RuleTraits) -> None:
    assert found(one, other) == found(other, one)


@given(rules, st.lists(rules, max_size=4))
def test_a_quick_look_passes_over_nothing_that_would_match(one: RuleTraits, others: list[RuleTraits]) -> None:
    candidate = Candidate(**asdict(one), document_class=DocumentClass.FINAL)
    known = [Instrument(**asdict(other)) for other in others]
    assert join(candidate, [known[each] for each in near(candidate, dict(enumerate(known)))]) == join(candidate, known)


@given(rules)
def test_a_document_with_a_name_or_a_unique_number_joins_its_own_rule(rule: RuleTraits) -> None:
    match = found(rule, rule)
    if rule.series_key or "RIN 2060-AU37" in rule.references:
        assert match is not None
        assert match[1] >= 0.95


@given(st.text(max_size=40))
def test_any_text_can_stand_as_a_number(printed: str) -> None:
    assert official_number(printed) == official_number(f" {printed} ")
    assert all(number.key for number in numbers_in(printed))


DAY = date(2024, 1, 1)
days = st.integers(min_value=0, max_value=900).map(lambda number: DAY + timedelta(days=number))


def limit(value: int, by: str | None) -> Requirement:
    threshold = Threshold(op=Comparator.AT_LEAST, value=Decimal(value), unit="Wh/kg")
    quote = f">= {value} Wh/kg"
    return Requirement(
        threshold=threshold, metric="density", evidence=Evidence(start=0, end=len(quote), quote=quote), by=by
    )


limits = st.builds(limit, st.integers(150, 170), st.sampled_from((None, "2024-06-01", "2025", "2024-25")))


@st.composite
def texts(draw: st.DrawFn) -> tuple[RuleText, ...]:
    found: list[RuleText] = []
    counts: dict[int, int] = {}
    for version_id in range(1, draw(st.integers(0, 6)) + 1):
        document = draw(st.integers(1, 3))
        counts[document] = counts.get(document, 0) + 1
        since = draw(days)
        at = datetime(since.year, since.month, since.day, 8, tzinfo=UTC)
        stated: dict[str, Any] = draw(st.dictionaries(st.sampled_from("abc"), limits, max_size=3))
        found.append(
            RuleText(
                version_id=version_id,
                document_id=document,
                number=counts[document],
                title="T",
                url="u",
                stage=draw(st.sampled_from(Stage)),
                edition=draw(st.sampled_from((None, "2021", "2024"))),
                valid_from=at,
                fetched_at=at + timedelta(days=draw(st.integers(0, 40))),
                effective_on=draw(st.one_of(st.none(), days)),
                requirements=tuple(stated.items()),
            )
        )
    return tuple(found)


@given(texts(), days, st.randoms(use_true_random=False))
def test_a_history_is_the_same_in_whatever_order_its_texts_come(
    known: tuple[RuleText, ...], as_of: date, random: Any
) -> None:
    shuffled = list(known)
    random.shuffle(shuffled)
    assert history(shuffled, as_of=as_of) == history(known, as_of=as_of)


@given(texts(), days, days)
def test_what_was_not_fetched_was_not_known(known: tuple[RuleText, ...], as_of: date, known_on: date) -> None:
    fetched = [text for text in known if text.fetched_at.date() <= known_on]
    assert history(known, as_of=as_of, known_on=known_on) == history(fetched, as_of=as_of)
    assert history(known, as_of=as_of, known_on=date(2100, 1, 1)) == history(known, as_of=as_of)


@given(texts(), days)
def test_what_holds_stands_in_one_text_of_law_that_has_taken_effect(known: tuple[RuleText, ...], as_of: date) -> None:
    told = history(known, as_of=as_of)
    if told.in_force is None:
        assert told.holding == ()
        return
    assert told.in_force.is_law
    assert told.in_force.holds_from <= as_of
    for each in told.holding:
        assert (each.key, each.holds) in told.in_force.requirements
        assert each.holds is not None
        assert in_force_on(told.in_force, each.holds) <= as_of


@given(texts(), days)
def test_every_requirement_begins_once(known: tuple[RuleText, ...], as_of: date) -> None:
    told = history(known, as_of=as_of)
    assert {each.key for each in told.requirements} == {key for text in known for key, _ in text.requirements}
    beginnings = {MilestoneKind.STATED, MilestoneKind.PROPOSED, MilestoneKind.FINAL}
    for each in told.requirements:
        kinds = [step.kind for step in each.milestones]
        assert kinds[0] in beginnings
        assert sum(kind in (MilestoneKind.STATED, MilestoneKind.PROPOSED) for kind in kinds) <= 1
        assert (each.key, each.milestones[0].requirement) in each.milestones[0].text.requirements
