"""Documents are placed, joined and parted in the store; what a person did can be undone."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy.orm import Session

from limen.app.lineage import JoinRefused, decide_join, join_instruments, place, refresh, split_documents
from limen.domain.document import Reading, Stage
from limen.domain.history import history
from limen.domain.instrument import JoinReason
from limen.domain.review import ReviewState
from limen.store import history_queries, queries
from limen.store.records import StoredInstrument, StoredVersion
from limen.store.repositories import documents, instruments, join_proposals, readings, sources
from limen.store.review_queries import proposed_joins
from limen.store.tables import DocumentEventRow, PressLinkRow
from tests.unit.store.conftest import database, session, upgraded  # noqa: F401
from tests.unit.store.samples import DAY, DAY_1, a_source, a_version

RULES, LIKE = "电池行业规范条件（2021年本）", "电池行业管理规范条件（2022年本）"
"""Two titles that are near, and no more."""


def put(
    session: Session,  # noqa: F811
    title: str,
    *,
    number: int,
    source: str = "cn-miit",
    stage: Stage = Stage.DRAFT,
    **reading: object,
) -> StoredVersion:
    """Keep a document that is valid from its own day, with what was read of it, and give it its instrument."""
    if sources.get(session, source) is None:
        sources.save(session, a_source(source))
    version = documents.add_version(
        session,
        a_version(
            f"# {title}", title=title, url=f"u{number}", at=DAY_1 + number * DAY, language="zh", source_id=source
        ),
    )
    assert version is not None
    read = Reading(language="zh", stage=stage, **reading)  # type: ignore[arg-type]
    readings.save(session, version.id, read, extractor_version="1", at=DAY_1)
    stored = documents.by_id(session, version.id)
    place(session, stored, a_source(source), metrics=frozenset(), at=DAY_1)
    return documents.by_id(session, version.id)


def rules(session: Session) -> list[StoredInstrument]:  # noqa: F811
    return [entry.instrument for entry in queries.instruments(session)]


def test_a_document_founds_an_instrument_or_joins_one(session: Session) -> None:  # noqa: F811
    first = put(session, RULES, number=1, references=("公告2021年第37号",))
    second = put(session, "电池行业规范条件（2024年本）", number=2, references=("公告2024年第14号",))
    assert first.instrument_id == second.instrument_id
    (rule,) = rules(session)
    assert (rule.title, rule.edition) == ("电池行业规范条件（2024年本）", "2024")
    assert set(rule.references) == {"公告2021年第37号", "公告2024年第14号"}
    entries = queries.instrument(session, rule.id).versions
    assert [(each.join_reason, each.join_score) for each in entries] == [
        (JoinReason.FIRST, 1.0),
        (JoinReason.SERIES, 0.95),
    ]


def test_an_archive_that_is_read_late_renames_nothing(session: Session) -> None:  # noqa: F811
    put(session, "电池行业规范条件（2024年本）", number=5)
    put(session, RULES, number=1)
    (rule,) = rules(session)
    assert (rule.title, rule.edition) == ("电池行业规范条件（2024年本）", "2024")


def test_an_amendment_renames_nothing(session: Session) -> None:  # noqa: F811
    put(session, "矿井通风办法", number=1, stage=Stage.FINAL)
    put(session, "关于修改《矿井通风办法》的决定", number=2, stage=Stage.FINAL)
    (rule,) = rules(session)
    assert rule.title == "矿井通风办法"
    assert len(queries.instrument(session, rule.id).versions) == 2
    assert [text.is_amending for text in history_queries.rule_texts(session, rule.id)] == [False, True]


def test_a_rule_that_repeals_another_does_not_join_it(session: Session) -> None:  # noqa: F811
    old = put(session, "矿井通风办法", number=1, stage=Stage.FINAL)
    law = put(
        session,
        "矿产资源条例",
        number=2,
        stage=Stage.FINAL,
        repeals=("《矿井通风办法》", "《矿山排水规定》"),
        effective_on=(DAY_1 + 10 * DAY).date(),
    )
    assert old.instrument_id != law.instrument_id
    assert proposed_joins(session) == ()
    # but it ends it, from the day on which it takes effect
    assert old.instrument_id is not None
    (repeal,) = history_queries.repeals(session, old.instrument_id)
    assert (repeal.title, repeal.on, repeal.edition) == ("矿产资源条例", (DAY_1 + 10 * DAY).date(), None)
    texts = history_queries.rule_texts(session, old.instrument_id)
    for days, is_over in ((9, False), (10, True)):
        found = history(texts, as_of=(DAY_1 + days * DAY).date(), repeals=[repeal])
        assert (found.repealed is not None) is is_over
    assert law.instrument_id is not None
    assert history_queries.repeals(session, law.instrument_id) == ()


def test_a_draft_repeals_nothing_yet(session: Session) -> None:  # noqa: F811
    old = put(session, "矿井通风办法", number=1, stage=Stage.FINAL)
    put(session, "矿产资源条例", number=2, repeals=("《矿井通风办法》", "《矿山排水规定》"))
    assert old.instrument_id is not None
    assert history_queries.repeals(session, old.instrument_id) == ()


def test_what_a_person_rejected_is_no_candidate_any_more(session: Session) -> None:  # noqa: F811
    put(session, RULES, number=1)
    other = put(session, LIKE, number=2)
    (proposal,) = proposed_joins(session)
    decide_join(session, proposal.id, ReviewState.REJECTED, at=DAY_1)
    instruments.attach_document(session, other.document_id, None)
    place(session, documents.by_id(session, other.id), a_source(), metrics=frozenset(), at=DAY_1)
    assert proposed_joins(session) == ()
    assert len(proposed_joins(session, state=ReviewState.REJECTED)) == 1
    assert join_proposals.rejected(session, other.document_id) == {proposal.instrument_id}


def test_a_join_is_taken_back_also_where_all_others_have_left(session: Session) -> None:  # noqa: F811
    first = put(session, RULES, number=1)
    other = put(session, LIKE, number=2)
    (proposal,) = proposed_joins(session)
    decide_join(session, proposal.id, ReviewState.ACCEPTED, at=DAY_1)
    split_documents(session, proposal.instrument_id, [first.document_id], at=DAY_1)
    decide_join(session, proposal.id, ReviewState.REJECTED, at=DAY_1)
    assert instruments.of_document(session, other.document_id) == proposal.instrument_id
    assert join_proposals.rejected(session, other.document_id) == {proposal.instrument_id}


def test_a_proposal_follows_the_instrument_that_was_joined_to_another(session: Session) -> None:  # noqa: F811
    put(session, RULES, number=1)
    put(session, LIKE, number=2)
    third = put(session, "矿井通风办法", number=3)
    assert third.instrument_id is not None
    (proposal,) = proposed_joins(session)
    join_instruments(session, third.instrument_id, proposal.instrument_id, at=DAY_1)
    (moved,) = proposed_joins(session)
    assert (moved.id, moved.instrument_id) == (proposal.id, third.instrument_id)
    # and is settled once both are one
    assert proposal.home_id is not None
    join_instruments(session, third.instrument_id, proposal.home_id, at=DAY_1)
    assert proposed_joins(session) == ()
    assert [each.id for each in proposed_joins(session, state=ReviewState.ACCEPTED)] == [proposal.id]


def test_only_the_document_moves_that_had_left_the_instrument_it_founded(session: Session) -> None:  # noqa: F811
    put(session, RULES, number=1)
    asked = put(session, LIKE, number=2)
    third = put(session, "矿井通风办法", number=3)
    (proposal,) = proposed_joins(session)
    assert third.instrument_id is not None
    assert asked.instrument_id is not None
    join_instruments(session, third.instrument_id, asked.instrument_id, at=DAY_1)
    decide_join(session, proposal.id, ReviewState.ACCEPTED, at=DAY_1)
    assert instruments.of_document(session, asked.document_id) == proposal.instrument_id
    assert instruments.of_document(session, third.document_id) == third.instrument_id
    assert instruments.join_reason(session, asked.document_id) is JoinReason.PERSON


def test_news_reports_on_the_instrument_that_its_own_became_part_of(session: Session) -> None:  # noqa: F811
    one, other = put(session, RULES, number=1), put(session, "矿井通风办法", number=2)
    both, only = put(session, "甲", number=3), put(session, "乙", number=4)
    assert one.instrument_id is not None
    assert other.instrument_id is not None
    for news, reported in ((both, (one, other)), (only, (other,))):
        for each in reported:
            session.add(
                PressLinkRow(
                    document_id=news.document_id,
                    instrument_id=each.instrument_id,
                    reason="title",
                    score=0.9,
                    linked_at=DAY_1,
                )
            )
    ahead = DocumentEventRow(
        kind="press_ahead", version_id=only.id, instrument_id=other.instrument_id, after=">= 1", detected_at=DAY_1
    )
    session.add(ahead)
    session.flush()
    join_instruments(session, one.instrument_id, other.instrument_id, at=DAY_1)
    assert ahead.instrument_id == one.instrument_id
    links = session.query(PressLinkRow).order_by(PressLinkRow.document_id).all()
    assert [(link.document_id, link.instrument_id) for link in links] == [
        (both.document_id, one.instrument_id),
        (only.document_id, one.instrument_id),
    ]


@pytest.mark.parametrize("seed", range(12))
def test_a_split_after_a_join_gives_the_state_before(session: Session, seed: int) -> None:  # noqa: F811
    dice = Random(seed)
    names = [f"{letter}{letter}管理办法（20{10 + number}年本）" for number in range(4) for letter in "甲乙丙"]
    dice.shuffle(names)
    for number, name in enumerate(names):
        put(session, name, number=number, references=(f"公告20{10 + number}年第{number + 1}号",))

    def state() -> set[tuple[object, ...]]:
        return {
            (
                entry.instrument.title,
                entry.instrument.edition,
                entry.instrument.series_key,
                entry.instrument.references,
                tuple(version.id for version in entry.versions),
            )
            for entry in queries.instruments(session)
        }

    before = state()
    assert len(before) == 3
    kept, other = dice.sample(rules(session), 2)
    moved = join_instruments(session, kept.id, other.id, at=DAY_1)
    assert len(state()) == 2
    split_documents(session, kept.id, dice.sample(moved.documents, len(moved.documents)), at=DAY_1)
    assert state() == before
    with pytest.raises(JoinRefused):
        join_instruments(session, other.id, kept.id, at=DAY_1)


def test_a_rule_without_a_read_text_stays_as_it_is(session: Session) -> None:  # noqa: F811
    rule = instruments.add(session, title="Rule", jurisdiction="CN", language="zh", at=DAY_1 + timedelta(days=1))
    assert refresh(session, rule.id) == rule
    assert queries.instruments(session) == ()
