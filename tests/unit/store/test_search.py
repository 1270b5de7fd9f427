from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from limen.domain.document import Reading, Stage
from limen.domain.entity import Entity, EntityLabel
from limen.domain.evidence import Evidence
from limen.domain.quantity import Quantity, close
from limen.domain.requirement import Modality, Requirement
from limen.domain.source import DocumentClass
from limen.domain.threshold import Comparator
from limen.store.errors import SearchError
from limen.store.repositories import readings, sources
from limen.store.search.results import SearchResults
from limen.store.search.search import search
from limen.store.session import Store
from tests.unit.store.samples import DAY, DAY_1, a_requirement, a_source, a_version, keep

ZH_1 = "## 二、产品\n\n消费型锂电池的单体电池能量密度应不低于160Wh/kg，循环寿命不少于1000次。鼓励新能源汽车企业参加。"
ZH_2 = ZH_1.replace("160Wh/kg", "165Wh/kg")
EN = (
    "# Battery conditions\n\nEnergy batteries using ternary materials shall reach 200 to 230 Wh/kg. "
    "Recycled cobalt shares of at least 16 % apply by 2031-08-18. Effluents shall stay below 0.1 mg/L of nickel."
)
NEWS = "Ministries are drafting rules. Batteries will need an energy density of at least 0.165 kWh/kg, officials said."


def energy(text: str, quote: str, value: str, unit: str = "Wh/kg", **rest: Any) -> Requirement:
    return a_requirement(text, quote, value, unit, metric_id="energy_density", **rest)


def fill(session: Session) -> None:
    sources.save(session, a_source("cn-miit"))
    sources.save(session, a_source("eu-oj", jurisdiction="EU", language="en"))
    sources.save(session, a_source("press", jurisdiction="XX", language="en"))
    for number, (text, value) in enumerate(((ZH_1, "160"), (ZH_2, "165"))):
        keep(
            session,
            a_version(text, title="锂离子电池行业规范条件（征求意见稿）", at=DAY_1 + number * DAY, language="zh"),
            energy(text, f"不低于{value}Wh/kg", value, metric="能量密度", subject="消费型锂电池 单体电池"),
            a_requirement(text, "不少于1000次", "1000", "cycle", metric="循环寿命", metric_id="cycle_life"),
        )
    official, _ = keep(
        session,
        a_version(
            EN, source_id="eu-oj", url="https://eu.example/oj", title="Conditions for batteries",
            document_class=DocumentClass.FINAL, published=DAY_1 - 30 * DAY,
        ),
    )  # fmt: skip
    reading = Reading(
        language="en",
        stage=Stage.IN_FORCE,
        requirements=(
            energy(
                EN, "200 to 230 Wh/kg", "200", op=Comparator.BETWEEN, value_max="230", condition="ternary materials"
            ),
            a_requirement(EN, "at least 16 %", "16", "percent", metric="recycled cobalt share", by="2031-08-18"),
            a_requirement(
                EN, "below 0.1 mg/L", "0.1", "mg/L", op=Comparator.LESS_THAN, metric="nickel", subject="effluents"
            ),
        ),
        entities=(
            Entity(
                label=EntityLabel.MATERIAL,
                canonical="nickel",
                evidence=Evidence.of(EN, EN.index("nickel"), EN.index("nickel") + len("nickel")),
            ),
        ),
    )
    readings.save(session, official.id, reading, extractor_version="1", at=DAY_1)
    keep(
        session,
        a_version(
            NEWS,
            source_id="press",
            url="https://press.example/1",
            title="Ministry plans",
            document_class=DocumentClass.NEWS,
        ),
        energy(NEWS, "at least 0.165 kWh/kg", "0.165", "kWh/kg", modality=Modality.RECOMMENDED),
        stage=Stage.NONE,
    )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    path: Path = tmp_path_factory.mktemp("search") / "limen.db"
    with Store.open(f"sqlite:///{path}") as database:
        database.upgrade()
        with database.transaction() as session:
            fill(session)
        with database.reading() as session:
            yield session


def values(results: SearchResults) -> list[str]:
    return sorted(str(hit.requirement.threshold.value) for hit in results.requirements)


def documents(results: SearchResults) -> list[str]:
    return sorted(hit.source_id for hit in results.documents)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (">=165 Wh/kg", ["0.165", "165", "200"]),
        (">165 Wh/kg", ["200"]),
        (">=0.165 kWh/kg", ["0.165", "165", "200"]),
        ("=165 Wh/kg", ["0.165", "165"]),
        ("0.165 kWh/kg", ["0.165", "165"]),
        ("0.2 kWh/kg", ["200"]),
        ("<=165 Wh/kg", ["0.165", "165"]),
        ("<165 Wh/kg", []),
        (">=229 Wh/kg", ["200"]),
        (">=230.0000001 Wh/kg", []),
        (">230 Wh/kg", []),
        ("<=200 Wh/kg", ["0.165", "165", "200"]),
        ("<200 Wh/kg", ["0.165", "165"]),
        ("210..220 Wh/kg", ["200"]),
        ("160..170 Wh/kg", ["0.165", "165"]),
        ("=16%", ["16"]),
        ("=0.16 dimensionless", ["16"]),
        ("<=100 ug/L", ["0.1"]),
        (">=165", ["1000", "165", "200"]),
        ("=0.1", ["0.1"]),
        (">=165 Wh/kg <=170 Wh/kg", ["0.165", "165"]),
        (">=1 USD/tonne", []),
    ],
)
def test_amounts_are_compared_whatever_their_unit(filled: Session, query: str, expected: list[str]) -> None:
    results = search(filled, query)
    assert values(results) == expected
    assert results.requirement_count == len(expected)
    assert results.documents == ()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("电池", ["cn-miit"]),
        ("汽车", ["cn-miit"]),
        ("锂", ["cn-miit"]),
        ("单体电池", ["cn-miit"]),
        ("体电", ["cn-miit"]),
        ("新能源 汽车", ["cn-miit"]),
        ("电池汽车", []),
        ("征求意见", ["cn-miit"]),
        ("165", ["cn-miit", "press"]),
        ("165Wh/kg", []),
        ('"165Wh/kg"', ["cn-miit"]),
        ('"165 Wh/kg"', ["cn-miit"]),
        ("battery", ["eu-oj", "press"]),
        ("BATTERIES", ["eu-oj", "press"]),
        ("draft", ["press"]),
        ('"energy density"', ["press"]),
        ('"density energy"', []),
        ("cob*", ["eu-oj"]),
        ("battery -cobalt", ["press"]),
        ("battery -jurisdiction:EU", ["press"]),
        ("-battery", ["cn-miit"]),
        ("title:conditions", ["eu-oj"]),
        ("title:cobalt", []),
        ("-title:conditions battery", ["press"]),
        ("jurisdiction:cn", ["cn-miit"]),
        ("country:CN,EU", ["cn-miit", "eu-oj"]),
        ("source:press", ["press"]),
        ("source:cn-*,eu-*", ["cn-miit", "eu-oj"]),
        ("stage:draft", ["cn-miit"]),
        ("stage:in_force", ["eu-oj"]),
        ("lang:en", ["eu-oj", "press"]),
        ("class:news", ["press"]),
        ("kind:final,news", ["eu-oj", "press"]),
        ("entity:nickel", ["eu-oj"]),
        ("entity:NICKEL", ["eu-oj"]),
        ("-entity:nickel", ["cn-miit", "press"]),
        ("nothing-of-the-kind", []),
        ('"" OR', None),
    ],
)
def test_documents_by_words_and_fields(filled: Session, query: str, expected: list[str] | None) -> None:
    if expected is None:
        with pytest.raises(SearchError):
            search(filled, query)
        return
    results = search(filled, query)
    assert documents(results) == expected
    assert results.document_count == len(expected)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("metric:能量密度", ["165"]),
        ('metric:"energy density"', ["0.165", "200"]),
        ("metric:energy_density", ["0.165", "165", "200"]),
        ("-metric:energy_density", ["0.1", "1000", "16"]),
        ("subject:单体", ["165"]),
        ("condition:ternary", ["200"]),
        ("modality:recommended", ["0.165"]),
        ("op:between", ["200"]),
        ("op:max", ["0.1"]),
        ("op:min lang:zh", ["1000", "165"]),
        ("by:2031", ["16"]),
        ("by:2031-08", ["16"]),
        ("by:2030", []),
        ("-by:2031 lang:en", ["0.1", "0.165", "200"]),
        ("nickel", ["0.1"]),
        ("循环", ["1000"]),
        ("cobalt >=200 Wh/kg", ["200"]),
        ("officials metric:energy_density", ["0.165"]),
        ("电池 >=1 Wh/kg", ["165"]),
        ("title:规范条件 =1000 cycle", ["1000"]),
    ],
)
def test_requirements_by_words_and_fields(filled: Session, query: str, expected: list[str]) -> None:
    assert values(search(filled, query)) == expected


def test_a_metric_is_found_in_every_language_if_its_id_is_known(filled: Session) -> None:
    def ids(words: str) -> frozenset[str]:
        return frozenset({"energy_density"} if words in ("energy density", "能量密度") else ())

    for query in ('metric:"energy density"', "metric:能量密度"):
        assert values(search(filled, query, metric_ids=ids)) == ["0.165", "165", "200"]
    assert values(search(filled, 'metric:"energy density" >=200 Wh/kg jurisdiction:EU', metric_ids=ids)) == ["200"]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2024, 4, 7), []),
        (date(2024, 4, 8), ["200"]),
        (date(2024, 5, 7), ["200"]),
        (date(2024, 5, 8), ["0.165", "160", "200"]),
        (date(2024, 5, 9), ["0.165", "165", "200"]),
        (date(2030, 1, 1), ["0.165", "165", "200"]),
        (date.max, None),
    ],
)
def test_as_of_a_day_the_version_that_stood_then_answers(
    filled: Session, as_of: date, expected: list[str] | None
) -> None:
    found = values(search(filled, "metric:energy_density", as_of=as_of))
    assert found == (expected if expected is not None else ["0.165", "165", "200"])


def test_a_hit_tells_all_that_a_line_needs(filled: Session) -> None:
    (hit,) = search(filled, "metric:能量密度 >=165 Wh/kg").requirements
    assert hit.requirement.evidence.quote == "不低于165Wh/kg"
    document = hit.document
    assert (document.title, document.url, document.stage) == (
        *("锂离子电池行业规范条件（征求意见稿）", "https://cn-miit.example/draft", Stage.DRAFT),
    )
    assert (document.jurisdiction, document.number, document.valid_from) == ("CN", 2, DAY_1 + DAY)
    ((start, end),) = document.snippet.marks
    assert document.snippet.text[start:end] == "不低于165Wh/kg"
    assert "能量密度应" in document.snippet.text
    assert "\n" not in document.snippet.text


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("电池", {"电池"}),
        ("汽车", {"汽车"}),
        ('"165Wh"', {"165Wh"}),
        ("battery", {"Battery", "batteries", "Batteries"}),
    ],
)
def test_what_was_looked_for_is_marked_in_the_snippet(filled: Session, query: str, marked: set[str]) -> None:
    found = {hit.snippet.text[start:end] for hit in search(filled, query).documents for start, end in hit.snippet.marks}
    assert found == marked


def test_a_word_of_the_title_alone_shows_the_beginning(filled: Session) -> None:
    (hit,) = search(filled, "征求意见").documents
    assert hit.snippet.text.startswith("## 二、产品 消费型")
    assert hit.snippet.marks == ()


def test_pages_follow_one_another(filled: Session) -> None:
    whole = search(filled, "lang:en,zh")
    pages = [search(filled, "lang:en,zh", limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [hit for page in pages for hit in page.requirements] == list(whole.requirements)
    assert [hit for page in pages for hit in page.documents] == list(whole.documents)
    assert {page.requirement_count for page in pages} == {whole.requirement_count} == {6}
    assert whole.document_count == 3


@pytest.mark.parametrize(
    "query", ['a"b', "NEAR(a b)", "a^2", "{metric}", "x AND y", "'; DROP TABLE x", "a%b_", "*", "é", "\x00a", "a\x1fb"]
)
def test_signs_of_the_engine_have_no_meaning(filled: Session, query: str) -> None:
    check_answered(filled, query)


@given(query=st.text(max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_results_or_a_search_error(filled: Session, query: str) -> None:
    check_answered(filled, query)


def check_answered(session: Session, query: str) -> None:
    try:
        results = search(session, query)
    except SearchError as error:
        assert error.query == query  # noqa: PT017
    else:
        assert results.requirement_count >= len(results.requirements)
        assert results.document_count >= len(results.documents)


amounts = st.decimals(min_value=Decimal("-1e6"), max_value=Decimal("1e6"), places=6) | st.sampled_from(
    [Decimal(text) for text in ("0", "0.2", "200", "200.0000000000000001", "199.9999999999999999", "0.1", "1e-20")]
)
kinds = st.sampled_from(["Wh/kg", "kWh/kg", "J/kg"])


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    path: Path = tmp_path_factory.mktemp("amounts") / "limen.db"
    with Store.open(f"sqlite:///{path}") as database:
        database.upgrade()
        with database.transaction() as session:
            yield session


@given(stored=st.lists(st.tuples(amounts, kinds), min_size=1, max_size=6), asked=amounts, unit=kinds)
@settings(max_examples=30, deadline=None)
def test_bounds_are_exact(empty: Session, stored: list[tuple[Decimal, str]], asked: Decimal, unit: str) -> None:
    """What a search finds is what exact arithmetic on every requirement finds."""
    with empty.begin_nested() as attempt:
        keep(empty, a_version("x"), *(a_requirement("x", "x", str(value), kind) for value, kind in stored))
        for sign in (">=", ">", "<=", "<", "="):
            expected = sorted(str(value) for value, kind in stored if holds(value, kind, sign, asked, unit))
            assert values(search(empty, f"{sign}{asked:f} {unit}")) == expected
        attempt.rollback()


def holds(value: Decimal, kind: str, sign: str, asked: Decimal, unit: str) -> bool:
    first, second = Quantity(value=value, unit=kind).base_value, Quantity(value=asked, unit=unit).base_value
    is_equal = value == asked if kind == unit else close(first, second)
    if is_equal:
        return "=" in sign
    return {"<": first < second, ">": first > second, "=": False}[sign[0]]
