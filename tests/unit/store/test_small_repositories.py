"""Sources, runs, issues and instruments."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from limen.domain.document import Reading
from limen.domain.issue import Issue, IssueKind, Severity
from limen.store.errors import NotStored
from limen.store.records import SourceState
from limen.store.repositories import documents, instruments, issues, readings, runs, snapshots, sources
from limen.store.repositories.instruments import Names
from tests.unit.store.samples import DAY, DAY_1, a_requirement, a_snapshot, a_source, a_version, keep


def test_a_source_comes_back_as_it_was_saved_last(session: Session) -> None:
    renamed = dataclasses.replace(a_source(), name="Another name")
    sources.save(session, renamed)
    assert sources.get(session, "cn-miit") == renamed
    assert sources.load_all(session) == (renamed,)
    assert sources.get(session, "none") is None


def test_sources_are_due_when_never_crawled_or_overdue(session: Session) -> None:
    for source_id, due in (("late", DAY_1 - DAY), ("just", DAY_1), ("later", DAY_1 + DAY)):
        sources.save(session, a_source(source_id))
        sources.save_state(session, SourceState(source_id=source_id, last_run_at=DAY_1, next_due_at=due))
    assert sources.due(session, DAY_1) == ("cn-miit", "late", "just")
    assert sources.state(session, "later").next_due_at == DAY_1 + DAY
    assert sources.state(session, "cn-miit") == SourceState(source_id="cn-miit")
    assert set(sources.states(session)) == {"late", "just", "later"}


def test_a_run_is_open_until_it_is_finished(session: Session) -> None:
    first = runs.start(session, "cn-miit", at=DAY_1)
    second = runs.start(session, "cn-miit", at=DAY_1 + DAY)
    runs.finish(session, first, at=DAY_1 + DAY, outcome="finished", counters={"fetched": 3})
    newest, oldest = runs.latest(session)
    assert (newest.id, newest.finished_at, newest.outcome) == (second, None, None)
    assert (oldest.id, oldest.outcome, oldest.counters) == (first, "finished", {"fetched": 3})
    assert runs.latest(session, source_id="other") == ()
    with pytest.raises(NotStored, match="crawl run 99"):
        runs.finish(session, 99, at=DAY_1, outcome="finished", counters={})


def test_an_issue_is_counted_and_not_repeated(session: Session) -> None:
    issue = Issue(kind=IssueKind.UNREADABLE, message="encrypted", source_id="cn-miit", url="u", offset=1)
    again = dataclasses.replace(issue, offset=5, severity=Severity.INFO)
    assert issues.save(session, issue, at=DAY_1) == issues.save(session, again, at=DAY_1 + DAY)
    issues.save(session, dataclasses.replace(issue, kind=IssueKind.FETCH_FAILED), at=DAY_1 - DAY)
    stored, other = issues.load(session)
    assert (stored.count, stored.first_seen, stored.last_seen) == (2, DAY_1, DAY_1 + DAY)
    assert (stored.issue.offset, stored.issue.severity) == (5, Severity.INFO)
    assert other.count == 1
    assert issues.load(session, kind=IssueKind.FETCH_FAILED) == (other,)
    assert issues.load(session, since=DAY_1) == (stored,)
    assert issues.load(session, source_id="other") == ()


def test_an_issue_may_come_from_a_source_that_is_not_kept(session: Session) -> None:
    issues.save(session, Issue(kind=IssueKind.SOURCE_CHANGED, message="bad key", source_id="broken"), at=DAY_1)
    assert issues.load(session)[0].issue.source_id == "broken"


def test_instruments_are_found_by_number_and_series(session: Session) -> None:
    rule = instruments.add(
        session,
        title="锂离子电池行业规范条件",
        jurisdiction="CN",
        language="zh",
        series_key="锂离子电池行业规范条件",
        edition="2021",
        references=["公告2021年第37号", "公告2021年第37号"],
        at=DAY_1,
    )
    other = instruments.add(
        session, title="Rule", jurisdiction="US", language="en", references=["公告2021年第37号"], at=DAY_1
    )
    known = instruments.names(session, jurisdiction="CN", language="zh")
    assert known == {rule.id: Names(title="锂离子电池行业规范条件", references={"公告2021年第37号"})}
    assert instruments.names(session, jurisdiction="CN", language="en") == {}
    assert instruments.load_all(session) == (rule, other)
    assert instruments.load_all(session, jurisdiction="US") == (other,)


def test_an_instrument_is_described_anew(session: Session) -> None:
    rule = instruments.add(session, title="Rule", jurisdiction="US", language="en", references=["RIN 1"], at=DAY_1)
    words = {"title": "The rule", "language": "en", "series_key": "rule", "edition": "2024"}
    grown = instruments.describe(session, rule.id, **words, references=["RIN 1", "Docket 2"])
    assert (grown.title, grown.edition, grown.references) == ("The rule", "2024", ("Docket 2", "RIN 1"))
    assert instruments.by_id(session, rule.id) == grown
    fewer = instruments.describe(session, rule.id, **words, references=["Docket 2"])
    assert fewer.references == ("Docket 2",)
    assert instruments.by_id(session, rule.id) == fewer
    with pytest.raises(NotStored, match="no instrument 9 "):
        instruments.describe(session, 9, **words, references=[])


def test_a_document_joins_and_leaves_an_instrument(session: Session) -> None:
    rule = instruments.add(session, title="Rule", jurisdiction="US", language="en", at=DAY_1)
    version, _ = keep(session, a_version("text"))
    instruments.attach_document(session, version.document_id, rule.id)
    assert documents.by_id(session, version.id).instrument_id == rule.id
    instruments.attach_document(session, version.document_id, None)
    assert documents.by_id(session, version.id).instrument_id is None
    with pytest.raises(NotStored, match="no instrument 9 "):
        instruments.attach_document(session, version.document_id, 9)
    with pytest.raises(NotStored, match="no document 9 "):
        instruments.attach_document(session, 9, rule.id)


def test_an_instrument_regulates_what_its_newest_texts_require(session: Session) -> None:
    rule = instruments.add(session, title="Rule", jurisdiction="CN", language="en", at=DAY_1)
    old, new = "At least 160 Wh/kg.", "At least 165 Wh/kg and 1000 cycles."
    version, _ = keep(session, a_version(old), a_requirement(old, "160 Wh/kg", "160", "Wh/kg", metric_id="gone"))
    assert instruments.metrics(session, [rule.id]) == {}
    instruments.attach_document(session, version.document_id, rule.id)
    assert instruments.metrics(session, [rule.id]) == {rule.id: {"gone"}}
    keep(
        session,
        a_version(new, at=DAY_1 + DAY),
        a_requirement(new, "165 Wh/kg", "165", "Wh/kg", metric_id="energy_density"),
        a_requirement(new, "1000 cycles", "1000", "cycle"),
    )
    assert instruments.metrics(session, [rule.id]) == {rule.id: {"energy_density"}}
    assert instruments.metrics(session, [rule.id + 1]) == {}


def test_the_rules_that_a_text_ends_are_those_of_its_newest_version(session: Session) -> None:
    rule = instruments.add(session, title="Rule", jurisdiction="CN", language="en", at=DAY_1)
    for number, (replaces, repeals) in enumerate(((("Old rule",), ()), ((), ("Order 5 of 2020",)))):
        version, _ = keep(session, a_version(f"text {number}", at=DAY_1 + number * DAY))
        reading = Reading(language="en", replaces=replaces, repeals=repeals)
        readings.save(session, version.id, reading, extractor_version="1", at=DAY_1)
    instruments.attach_document(session, version.document_id, rule.id)
    (known,) = instruments.names(session, jurisdiction="CN", language="en").values()
    assert known.phrases == {"Order 5 of 2020"}


def test_what_refers_to_an_unknown_source_is_a_defect_that_shows(session: Session) -> None:
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        snapshots.save(session, a_snapshot(source_id="never-saved"))
    session.rollback()
