"""The founding story from end to end: real crawl processes, real mail and webhook servers, three days in one database."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from limen.app.config import load_config
from limen.app.demo.story import MARK, READER, Day, play
from limen.app.errors import InputError
from limen.app.report import Silent
from limen.domain.change import ChangeKind, Direction
from limen.domain.document import Stage
from limen.store import queries
from limen.store.queries import ChangeEntry
from limen.store.search.search import search
from limen.store.session import Store

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Day, ...]]:
    directory = tmp_path_factory.mktemp("demo") / "data"
    return directory, tuple(play(directory, reporter=Silent()))


@pytest.fixture
def days(played: tuple[Path, tuple[Day, ...]]) -> tuple[Day, ...]:
    return played[1]


@pytest.fixture
def store(played: tuple[Path, tuple[Day, ...]]) -> Store:
    return Store.open(load_config(played[0] / "limen.toml").database_url)


def facts(changes: Sequence[ChangeEntry], source: str) -> set[tuple[str, str, Decimal | None, Decimal | None]]:
    return {
        (
            entry.change.kind.value,
            entry.change.direction.value,
            entry.change.old.threshold.value if entry.change.old else None,
            entry.change.new.threshold.value if entry.change.new else None,
        )
        for entry in changes
        if entry.source.id == source
    }


DAY_2 = {
    ("value_changed", "loosened", Decimal(260), Decimal(250)),
    ("value_changed", "tightened", Decimal(155), Decimal(160)),
    ("added", "tightened", None, Decimal(340)),
}
DAY_3 = {
    ("value_changed", "loosened", Decimal(250), Decimal(240)),
    ("value_changed", "tightened", Decimal(110), Decimal(115)),
}


def test_the_first_day_finds_the_draft_and_raises_no_alert(days: tuple[Day, ...]) -> None:
    first = days[0]
    assert not first.changes
    assert not first.mails
    assert not first.events
    draft = next(entry for entry in first.documents if "锂离子电池" in entry.title)
    assert draft.stage is Stage.DRAFT
    assert draft.comment_deadline is not None
    assert draft.comment_deadline.isoformat() == "2024-05-13"
    assert draft.requirements is not None
    assert draft.requirements >= 20


@pytest.mark.parametrize("source", ["demo-ministry", "demo-ministry-en"])
def test_the_revision_and_the_final_text_give_their_changes_and_nothing_else(
    days: tuple[Day, ...], source: str
) -> None:
    assert facts(days[1].changes, source) == DAY_2
    assert facts(days[2].changes, source) == DAY_3


def test_neither_news_nor_a_new_template_gives_a_change(days: tuple[Day, ...]) -> None:
    for day in days:
        assert {entry.source.id for entry in day.changes} <= {"demo-ministry", "demo-ministry-en"}
        assert len(day.changes) == len({(entry.source.id, entry.key) for entry in day.changes})


def test_the_final_text_at_another_address_is_compared_with_the_draft(days: tuple[Day, ...]) -> None:
    entry = next(entry for entry in days[2].changes if entry.source.id == "demo-ministry")
    assert entry.old.url != entry.new.url
    assert (entry.old.stage, entry.new.stage) == (Stage.DRAFT, Stage.FINAL)


def test_every_change_points_to_the_letters_of_both_stored_texts(days: tuple[Day, ...], store: Store) -> None:
    from limen.store.repositories import documents

    with store.reading() as session:
        for entry in (entry for day in days for entry in day.changes):
            for requirement, side in ((entry.change.old, entry.old), (entry.change.new, entry.new)):
                if requirement is not None:
                    evidence, text = requirement.evidence, documents.by_id(session, side.version_id).version.text
                    assert text[evidence.start : evidence.end] == evidence.quote


def test_mails_and_signed_webhooks_arrive_once(days: tuple[Day, ...]) -> None:
    for day in days[1:]:
        assert not day.rejected
        assert len(day.events) == 2  # one per official document
        assert {mail.recipients for mail in day.mails} == {(READER,)}
        assert len(day.mails) == 4  # one of the changes and one of the events of each
        for mail in day.mails:
            kinds = [part.get_content_type() for part in mail.message.walk()]
            assert "text/plain" in kinds
            assert "text/html" in kinds
    ids = [event.id for day in days for event in day.events]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (2, "Comment period extended: 2024-05-13 -> 2024-05-27"),
        (3, "Stage: draft for comment -> final text"),
    ],
)
def test_the_reader_hears_of_the_drafts_themselves(days: tuple[Day, ...], number: int, said: str) -> None:
    subjects = [str(mail.message["Subject"]) for mail in days[number - 1].mails]
    assert sum(subject.startswith(f"[Limen] {said}") for subject in subjects) == 2


def test_a_mail_says_both_numbers(days: tuple[Day, ...]) -> None:
    mails = [mail for mail in days[1].mails if "tightened" in mail.message["Subject"]]
    assert len(mails) == 2
    for mail in mails:
        body = mail.message.get_body(("plain",))
        assert body is not None
        text = body.get_content()
        assert "260" in text
        assert "250" in text


def test_the_database_answers_by_unit_and_by_day(store: Store) -> None:
    from datetime import date

    with store.reading() as session:
        now = search(session, "jurisdiction:CN >=0.24 kWh/kg stage:final")
        then = search(session, "jurisdiction:CN >=0.24 kWh/kg", as_of=date(2024, 5, 10))
        before = search(session, "jurisdiction:CN >=0.24 kWh/kg", as_of=date(2024, 5, 1))
        words = search(session, "电池 循环寿命", limit=50)
    assert {hit.requirement.threshold.value for hit in now.requirements} == {Decimal(240)}
    assert {hit.requirement.threshold.value for hit in then.requirements} == {Decimal(260)}
    assert not before.requirements
    assert any("锂离子电池" in hit.title for hit in words.documents)


def test_a_requirement_keeps_its_identity_over_the_days(days: tuple[Day, ...]) -> None:
    second, third = (
        next(
            entry
            for entry in day.changes
            if entry.source.id == "demo-ministry"
            and entry.change.kind is ChangeKind.VALUE
            and entry.change.direction is Direction.LOOSENED
        )
        for day in days[1:]
    )
    assert second.key == third.key


def test_nothing_went_wrong(days: tuple[Day, ...], store: Store) -> None:
    from limen.store.repositories import issues

    with store.reading() as session:
        assert [each.issue.message for each in issues.load(session)] == []
        assert queries.overview(session).last_run_at is not None
    assert all(tally.outcome == "completed" for day in days for tally in day.summary.sources.values())


def test_a_directory_that_is_not_the_demos_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious", encoding="utf-8")
    with pytest.raises(InputError, match="not the demo's"):
        next(iter(play(tmp_path, reporter=Silent())))
    assert (tmp_path / "thesis.txt").exists()
    assert not (tmp_path / MARK).exists()
