from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from limen.domain.document import Reading, Stage
from limen.domain.press import LinkReason
from limen.domain.press_check import Verdict
from limen.domain.requirement import Requirement
from limen.domain.review import ReviewState
from limen.domain.source import DocumentClass
from limen.domain.threshold import Comparator, Threshold
from limen.store import press_queries
from limen.store.errors import NotStored
from limen.store.records import StoredRequirement, StoredVersion
from limen.store.repositories import documents, instruments, press, press_events, readings, reviews, sources
from limen.store.repositories.press import Claim, Link
from limen.store.tables import DocumentEventRow, DocumentRow, PressClaimRow, PressLinkRow
from tests.unit.store.samples import DAY, DAY_1, a_requirement, a_source, a_version, keep

WINDOW = {"before": 14 * DAY, "after": 45 * DAY}
RULE = "单体电池能量密度≥160Wh/kg。"
NEWS = "Cells must have an energy density of at least {} Wh/kg."
URL = "https://wire.example/{}"


def in_rule(value: str = "160", text: str = RULE) -> Requirement:
    return a_requirement(text, f"≥{value}Wh/kg", value, "Wh/kg", metric="能量密度", metric_id="energy_density")


def in_news(value: str = "170") -> Requirement:
    text = NEWS.format(value)
    return a_requirement(text, f"at least {value} Wh/kg", value, "Wh/kg", metric_id="energy_density")


@pytest.fixture
def rule(session: Session) -> StoredVersion:
    return a_rule(session)


@pytest.fixture
def news(session: Session, rule: StoredVersion) -> StoredVersion:
    return an_article(session)


def a_rule(session: Session, *, value: str = "160", url: str = "https://cn-miit.example/draft") -> StoredVersion:
    text = RULE.replace("160", value)
    version, _ = keep(session, a_version(text, url=url, language="zh"), in_rule(value, text))
    instrument = instruments.add(session, title="电池规范", jurisdiction="CN", language="zh", at=DAY_1)
    instruments.attach_document(session, version.document_id, instrument.id)
    return documents.by_id(session, version.id)


def an_article(session: Session, *, value: str = "170", name: str = "one", after: timedelta = DAY) -> StoredVersion:
    wire = replace(a_source("wire", language="en"), document_class=DocumentClass.NEWS)
    if sources.get(session, "wire") is None:
        sources.save(session, wire)
    version = a_version(
        NEWS.format(value),
        source_id="wire",
        url=URL.format(name),
        at=DAY_1 + after,
        document_class=DocumentClass.NEWS,
        title=f"News {name}",
    )
    stored, _ = keep(session, version, in_news(value), stage=Stage.NONE)
    return stored


def the_claim(session: Session, news: StoredVersion, rule: StoredVersion, verdict: Verdict) -> Claim:
    (claim,), (official,) = press.reported(session, news.id), press.reported(session, rule.id)
    assert rule.instrument_id is not None
    return Claim(
        instrument_id=rule.instrument_id,
        requirement_id=claim.id,
        verdict=verdict,
        official_requirement_id=None if verdict is Verdict.UNSTATED else official.id,
    )


def link(rule: StoredVersion, score: float = 0.9) -> Link:
    assert rule.instrument_id is not None
    return Link(instrument_id=rule.instrument_id, reason=LinkReason.VALUES, score=score)


def save(session: Session, news: StoredVersion, rule: StoredVersion, verdict: Verdict = Verdict.CONTRADICTED) -> Claim:
    claim = the_claim(session, news, rule, verdict)
    press.save(session, news.document_id, links=[link(rule)], claims=[claim], at=DAY_1 + 2 * DAY)
    return claim


def read_again(
    session: Session, version: StoredVersion, *found: Requirement, days: int
) -> tuple[StoredRequirement, ...]:
    reading = Reading(language=version.version.language, requirements=found)
    return readings.save(session, version.id, reading, extractor_version="2", at=DAY_1 + days * DAY)


def pending(session: Session) -> list[int]:
    return [each.version.document_id for each in press.pending_news(session, limit=10)]


def events(session: Session) -> list[tuple[str, str | None, str | None]]:
    rows = session.scalars(select(DocumentEventRow).order_by(DocumentEventRow.id))
    return [(row.kind, row.before, row.after) for row in rows]


def test_news_waits_until_it_was_looked_at(session: Session, news: StoredVersion) -> None:
    assert pending(session) == [news.document_id]
    press.mark_checked(session, news, at=DAY_1 + 3 * DAY)
    assert pending(session) == []


def test_news_waits_again_when_its_text_or_its_reading_is_new(session: Session, news: StoredVersion) -> None:
    press.mark_checked(session, news, at=DAY_1 + 3 * DAY)
    read_again(session, news, in_news(), days=4)
    assert pending(session) == [news.document_id]
    press.mark_checked(session, news, at=DAY_1 + 5 * DAY)
    later = replace(news.version, text=NEWS.format("175"), fetched_at=DAY_1 + 6 * DAY)
    stored, _ = keep(session, later, in_news("175"))
    assert [each.version.id for each in press.pending_news(session, limit=10)] == [stored.id]


def test_news_waits_again_when_a_person_has_decided_about_a_number(session: Session, news: StoredVersion) -> None:
    reading = Reading(language="en", requirements=(replace(in_news(), confidence=0.3),))
    (stored,) = readings.save(session, news.id, reading, extractor_version="1", at=DAY_1, review_below=0.5)
    press.mark_checked(session, news, at=DAY_1 + 3 * DAY)
    assert press.reported(session, news.id) == ()
    reviews.decide(session, stored.mark, ReviewState.ACCEPTED, at=DAY_1 + 4 * DAY)
    assert pending(session) == [news.document_id]
    assert len(press.reported(session, news.id)) == 1


def test_an_official_text_waits_until_it_was_looked_at(session: Session, rule: StoredVersion) -> None:
    assert [each.version.id for each in press.pending_official(session, limit=10)] == [rule.id]
    press.mark_checked(session, rule, at=DAY_1 + DAY)
    assert press.pending_official(session, limit=10) == ()
    other = instruments.add(session, title="其他规范", jurisdiction="CN", language="zh", at=DAY_1)
    instruments.attach_document(session, rule.document_id, other.id)
    assert [each.version.id for each in press.pending_official(session, limit=10)] == [rule.id]


def whats_new(session: Session) -> list[bool]:
    return [each.is_news for each in press.pending_news(session, limit=10)]


def test_another_reading_is_no_news_be_it_of_the_article_or_of_the_rule(
    session: Session, news: StoredVersion, rule: StoredVersion
) -> None:
    assert whats_new(session) == [True]
    save(session, news, rule)
    press.mark_checked(session, news, at=DAY_1 + 3 * DAY)
    read_again(session, news, in_news(), days=4)
    assert whats_new(session) == [False]
    press.mark_checked(session, news, at=DAY_1 + 5 * DAY)
    assert press.reopen_news(session, rule, **WINDOW, is_news=False) == 1
    assert whats_new(session) == [False]
    press.reopen_news(session, rule, **WINDOW)
    assert whats_new(session) == [True]
    press.mark_checked(session, rule, at=DAY_1 + 3 * DAY)
    read_again(session, rule, in_rule(), days=4)
    assert [each.is_news for each in press.pending_official(session, limit=10)] == [False]


def test_the_text_that_other_readers_made_of_an_article_is_no_news(session: Session, news: StoredVersion) -> None:
    press.mark_checked(session, news, at=DAY_1 + 3 * DAY)
    again = documents.add_rereading(
        session, news, replace(news.version, text=NEWS.format("170 (as read now)")), reader_version="2"
    )
    readings.save(session, again.id, Reading(language="en"), extractor_version="1", at=DAY_1 + 4 * DAY)
    assert whats_new(session) == [False]


def test_an_article_that_waits_for_a_visit_stays_news_until_it_is_read_anew(
    session: Session, news: StoredVersion
) -> None:
    press.mark_checked(session, news, at=DAY_1 + 3 * DAY, waits=True)
    assert whats_new(session) == [True]
    read_again(session, news, in_news(), days=4)
    assert whats_new(session) == [False]
    press.mark_checked(session, news, at=DAY_1 + 5 * DAY)
    assert whats_new(session) == []


@pytest.mark.parametrize(("after", "reopened"), [(-13, True), (44, True), (-15, False), (46, False)])
def test_a_new_text_reopens_the_news_of_its_time_about_its_metrics(
    session: Session, after: int, reopened: bool
) -> None:
    article = an_article(session, after=after * DAY)
    press.mark_checked(session, article, at=DAY_1 + 90 * DAY)
    assert press.reopen_news(session, a_rule(session), **WINDOW) == int(reopened)
    assert pending(session) == [article.document_id] * int(reopened)


def test_a_new_text_reopens_what_is_linked_to_its_rule_at_any_time(session: Session, rule: StoredVersion) -> None:
    article = an_article(session, after=400 * DAY)
    save(session, article, rule)
    press.mark_checked(session, article, at=DAY_1 + 401 * DAY)
    press.mark_checked(session, rule, at=DAY_1 + 401 * DAY)
    # A rule that the document belongs to no more is that of the articles that were linked to it.
    other = instruments.add(session, title="其他规范", jurisdiction="CN", language="zh", at=DAY_1)
    instruments.attach_document(session, rule.document_id, other.id)
    assert press.reopen_news(session, documents.by_id(session, rule.id), **WINDOW) == 1


def test_rules_are_found_by_amount_in_any_unit_and_by_metric_and_time(session: Session, rule: StoredVersion) -> None:
    found = frozenset({rule.instrument_id})

    def with_amount(metric: str, value: str, unit: str) -> frozenset[int]:
        limit = Threshold(op=Comparator.AT_LEAST, value=Decimal(value), unit=unit)
        return press.with_amounts(session, [(metric, limit)])

    assert with_amount("energy_density", "0.16", "kWh/kg") == found
    assert with_amount("energy_density", "161", "Wh/kg") == frozenset()
    assert with_amount("power_density", "160", "Wh/kg") == frozenset()
    assert with_amount("energy_density", "160", "glorp") == frozenset()
    around = {"since": DAY_1 - DAY, "until": DAY_1 + DAY}
    assert press.with_metrics(session, {"energy_density"}, **around) == found
    assert press.with_metrics(session, {"cycle_life"}, **around) == frozenset()
    assert press.with_metrics(session, {"energy_density"}, since=DAY_1 + DAY, until=DAY_1 + 2 * DAY) == frozenset()


def test_saving_the_same_again_changes_nothing(session: Session, news: StoredVersion, rule: StoredVersion) -> None:
    claim = the_claim(session, news, rule, Verdict.CONTRADICTED)
    given = {"links": [link(rule)], "claims": [claim]}
    assert press.save(session, news.document_id, **given, at=DAY_1 + DAY) == 1
    assert press.save(session, news.document_id, **given, at=DAY_1 + 2 * DAY) == 0
    (entry,) = press_queries.claims(session)
    assert entry.checked_at == DAY_1 + DAY
    assert session.scalars(select(PressLinkRow.linked_at)).all() == [DAY_1 + DAY]


def test_what_is_not_found_any_more_goes(session: Session, news: StoredVersion, rule: StoredVersion) -> None:
    save(session, news, rule)
    press.save(session, news.document_id, links=[], claims=[], at=DAY_1 + 3 * DAY)
    assert press_queries.claims(session) == ()
    assert press_queries.article(session, news.document_id).links == ()


def test_claims_of_an_older_version_are_replaced(session: Session, news: StoredVersion, rule: StoredVersion) -> None:
    save(session, news, rule)
    later = replace(news.version, text=NEWS.format("160"), fetched_at=DAY_1 + 6 * DAY)
    stored, _ = keep(session, later, in_news("160"))
    save(session, stored, rule, Verdict.CONFIRMED)
    assert [entry.verdict for entry in press_queries.claims(session)] == [Verdict.CONFIRMED]


@pytest.mark.parametrize("side", ["news", "rule"])
def test_a_new_reading_of_either_side_takes_its_claims_away(session: Session, rule: StoredVersion, side: str) -> None:
    news = an_article(session)
    save(session, news, rule)
    read_again(session, *((news, in_news()) if side == "news" else (rule, in_rule())), days=5)
    assert session.scalars(select(PressClaimRow)).all() == []


def test_a_contradiction_is_told_once(session: Session, news: StoredVersion, rule: StoredVersion) -> None:
    for told in (True, False):
        claim = save(session, news, rule)
        assert press_events.tell_of_contradiction(session, news, claim, at=DAY_1 + 3 * DAY) is told
    # Neither a new reading of the article nor one of the official text makes it another one.
    for version, found in ((news, in_news()), (rule, in_rule())):
        read_again(session, version, found, days=4)
        claim = save(session, news, rule)
        assert press_events.tell_of_contradiction(session, news, claim, at=DAY_1 + 5 * DAY) is False
    assert events(session) == [("press_contradicted", ">= 160 Wh/kg", ">= 170 Wh/kg")]


def test_another_article_with_the_same_story_is_not_told_again(
    session: Session, news: StoredVersion, rule: StoredVersion
) -> None:
    assert press_events.tell_of_contradiction(session, news, save(session, news, rule), at=DAY_1)
    reprint, other = an_article(session, name="reprint"), an_article(session, name="other")
    for document_id in (news.document_id, reprint.document_id):
        session.get_one(DocumentRow, document_id).group_id = news.document_id
    session.flush()
    assert not press_events.tell_of_contradiction(session, reprint, save(session, reprint, rule), at=DAY_1)
    assert press_events.tell_of_contradiction(session, other, save(session, other, rule), at=DAY_1)


def test_a_lead_is_told_once_for_an_article(session: Session, news: StoredVersion, rule: StoredVersion) -> None:
    claim = save(session, news, rule, Verdict.UNSTATED)
    assert press_events.tell_of_lead(session, news, claim, at=DAY_1)
    assert not press_events.tell_of_lead(session, news, claim, at=DAY_1 + DAY)
    assert events(session) == [("press_ahead", None, ">= 170 Wh/kg")]


def test_since_when_an_article_states_a_number(session: Session, news: StoredVersion) -> None:
    (first,) = press.reported(session, news.id)
    assert press.told_since(session, news.document_id) == {first.key: DAY_1 + DAY}
    assert press.first_seen(session, news.document_id) == DAY_1 + DAY
    with pytest.raises(NotStored, match="99"):
        press.first_seen(session, 99)


def test_what_people_see(session: Session, news: StoredVersion, rule: StoredVersion) -> None:
    save(session, news, rule)
    (entry,) = press_queries.claims(session, verdict=Verdict.CONTRADICTED, source_id="wire")
    assert (entry.claim.sentence, entry.claim.url) == (NEWS.format("170")[:-1], URL.format("one"))
    assert entry.official is not None
    assert (entry.official.sentence, entry.official.version_id) == (RULE[:-1], rule.id)
    assert press_queries.claims(session, verdict=Verdict.CONFIRMED) == ()
    assert press_queries.claims(session, source_id="cn-miit") == ()
    (found,) = press_queries.article(session, news.document_id).links
    assert (found.instrument, found.reason, found.score) == ("电池规范", LinkReason.VALUES, 0.9)
    assert found.claims == (entry,)
    for unknown in (99, rule.document_id):
        with pytest.raises(NotStored, match=f"news document {unknown} "):
            press_queries.article(session, unknown)


def test_a_number_without_an_official_one_is_seen_as_well(
    session: Session, news: StoredVersion, rule: StoredVersion
) -> None:
    save(session, news, rule, Verdict.UNSTATED)
    (entry,) = press_queries.claims(session)
    assert (entry.verdict, entry.official) == (Verdict.UNSTATED, None)
