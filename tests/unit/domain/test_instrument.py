from __future__ import annotations

from dataclasses import replace

import pytest

from limen.domain.instrument import JOINED, UNCERTAIN, Candidate, Instrument, JoinReason, join, title_similarity
from limen.domain.source import DocumentClass
from limen.domain.title import edition, series_key

METRICS = frozenset({"energy_density", "cycle_life", "specific_capacity"})
CELLS = Instrument(
    title="锂离子电池行业规范条件（2021年本）",
    language="zh",
    jurisdiction="CN",
    edition="2021",
    references=frozenset({"公告2021年第37号"}),
    metrics=METRICS,
)
SODIUM = replace(CELLS, title="钠离子电池行业规范条件（2023年本）", references=frozenset(), edition="2023")


def draft(title: str, **fields: object) -> Candidate:
    base = Candidate(title=title, language="zh", jurisdiction="CN", document_class=DocumentClass.DRAFT)
    return replace(base, **fields)  # type: ignore[arg-type]


def test_the_next_edition_joins_by_its_series() -> None:
    match = join(draft("公开征求对《锂离子电池行业规范条件（2024年本）》（征求意见稿）的意见"), [SODIUM, CELLS])
    assert match is not None
    assert (match.instrument, match.reason, match.is_sure) == (CELLS, JoinReason.SERIES, True)


def test_an_official_number_decides_whatever_the_title() -> None:
    match = join(draft("Cells", language="en", references=frozenset({"公告2021年第37号"})), [SODIUM, CELLS])
    assert match is not None
    assert (match.instrument, match.reason, match.score) == (CELLS, JoinReason.REFERENCE, 1.0)


def test_a_shortened_title_with_the_same_content_joins() -> None:
    match = join(draft("锂电池行业规范条件（2024年本）", metrics=METRICS), [CELLS])
    assert match is not None
    assert (match.reason, match.is_sure) == (JoinReason.TITLE, True)


def test_a_shortened_title_alone_is_for_a_person_to_decide() -> None:
    match = join(draft("锂电池行业规范条件（2024年本）"), [CELLS])
    assert match is not None
    assert UNCERTAIN <= match.score < JOINED
    assert not match.is_sure


@pytest.mark.parametrize("metrics", [frozenset(), METRICS])
def test_another_chemistry_never_joins_by_itself(metrics: frozenset[str]) -> None:
    match = join(draft("钠离子电池行业规范条件", metrics=metrics), [CELLS])
    assert match is None or not match.is_sure


def test_a_like_title_with_other_content_is_not_even_asked_about() -> None:
    assert join(draft("锂电池行业规范条件", metrics=frozenset({"royalty", "fine"})), [CELLS]) is None
    assert join(draft("锂离子电池行业规范公告管理办法"), [CELLS]) is None


def test_news_never_becomes_a_version() -> None:
    news = draft("锂离子电池行业规范条件（2024年本）", document_class=DocumentClass.NEWS, references=CELLS.references)
    assert join(news, [CELLS]) is None


def test_jurisdictions_do_not_mix() -> None:
    assert join(draft("锂离子电池行业规范条件", jurisdiction="VN"), [CELLS]) is None


def test_titles_of_two_languages_are_not_compared() -> None:
    assert join(draft("锂离子电池行业规范条件", language="en"), [CELLS]) is None


def test_a_title_without_a_name_joins_nothing() -> None:
    notice = replace(CELLS, title="公告2021年第37号", references=frozenset(), metrics=frozenset())
    assert join(draft("公告2024年第14号"), [notice]) is None
    assert join(draft(""), [CELLS, notice]) is None
    assert join(draft("锂离子电池行业规范条件"), []) is None


def test_the_first_of_equals_wins() -> None:
    twin = replace(CELLS, references=frozenset({"x"}))
    match = join(draft("锂离子电池行业规范条件"), [twin, CELLS])
    assert match is not None
    assert match.instrument is twin


def test_the_founding_chain_is_one_series() -> None:
    """2021 draft, 2021 final, 2024 draft under a longer name, 2024 final: four documents, one instrument, two editions."""
    titles = (
        ("公开征求对《锂电池行业规范条件（2021年本）》（征求意见稿）的意见", frozenset[str]()),
        ("锂电池行业规范条件（2021年本）", frozenset({"公告2021年第37号"})),
        ("锂离子电池行业规范条件（2024年本）（征求意见稿）", frozenset[str]()),
        ("《锂离子电池行业规范条件（2024年本）》公告", frozenset({"公告2024年第14号"})),
    )
    known: list[Instrument] = []
    editions = []
    for title, references in titles:
        candidate = draft(title, references=references, metrics=METRICS)
        match = join(candidate, known)
        if match is None:
            known.append(
                Instrument(title=title, language="zh", jurisdiction="CN", references=references, metrics=METRICS)
            )
        else:
            assert match.is_sure
            references |= match.instrument.references
            known[known.index(match.instrument)] = replace(match.instrument, title=title, references=references)
        editions.append(edition(title, "zh"))
    assert len(known) == 1
    assert known[0].series_key == "锂离子电池行业规范条件"
    assert known[0].references == {"公告2021年第37号", "公告2024年第14号"}
    assert editions == ["2021", "2021", "2024", "2024"]


def test_left_out_is_nearer_than_replaced() -> None:
    short, long, other = "锂电池行业规范条件", "锂离子电池行业规范条件", "钠离子电池行业规范条件"
    assert title_similarity(short, long) > title_similarity(other, long)
    assert title_similarity(long, long) == 1
    assert title_similarity("", long) == 0
    english = [
        series_key(title, "en") for title in ("Rules on tailings dams", "Rules on old tailings dams", "Rules on water")
    ]
    assert title_similarity(english[0], english[1]) > title_similarity(english[0], english[2])
