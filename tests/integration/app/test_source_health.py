"""Sources that die and come back, through whole passes: people are told when a source turns, and not with every run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from limen.app.demo.receivers import MailReceiver, WebhookReceiver
from limen.app.passes import choose_sources
from limen.app.report import BROKEN_OFF, PassSummary, Silent
from limen.app.scheduler import Service
from limen.app.stages.crawl import CrawlEvent
from limen.app.stages.health import assess
from limen.domain.health import Health, HealthState, Turn
from limen.domain.issue import IssueKind, Severity
from limen.store.repositories import health, runs, sources
from tests.integration.crawler.local_site import LocalSite

from .workspace import HOOK, SITE, SOURCE, Opened, Workspace, rule_page

OPERATOR = "operator@reader.example"
HOUR = timedelta(hours=1)
DOWN = {"outcome": "failed", "lists": 0, "lists_failed": 1, "listed": 0}
ITEM = "<item><title>{title}</title><link>{url}</link></item>"
LIST = '<html><body><ul class="news">{rows}</ul></body></html>'
SELECTORS = '[listing]\nrow = "ul.news li"\nlink = "a"\ntitle = "a"\n'


def tell_operator(workspace: Workspace, mailbox: MailReceiver, desk: WebhookReceiver) -> None:
    workspace.subscribe(mail=mailbox, hook=desk)
    workspace.settings["subscriptions"] = []
    workspace.settings["health"] = {"emails": [OPERATOR], "webhooks": [HOOK]}


def health_of(opened: Opened, source: str = SOURCE) -> Health:
    with opened.application.store.reading() as session:
        found = health.load(session, source)
    assert found is not None
    return found


def turns_of(opened: Opened, source: str = SOURCE) -> list[Turn]:
    with opened.application.store.reading() as session:
        return [turn for _, turn in reversed(health.turns(session, source_id=source))]


def subjects(mailbox: MailReceiver) -> list[str]:
    return [str(mail.message["subject"]) for mail in mailbox.mails]


def put_feed(site: LocalSite, *numbers: int) -> None:
    items = ""
    for number in numbers:
        site.put(f"/{number}.html", rule_page(number, title=f"Conditions {number} (draft for comment)"))
        items += ITEM.format(title=f"Conditions {number}", url=site.url(f"/{number}.html"))
    site.put("/feed.xml", f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>')


@pytest.mark.slow
def test_a_site_that_dies_is_told_once_and_its_return_once(
    workspace: Workspace, site: LocalSite, mailbox: MailReceiver, desk: WebhookReceiver
) -> None:
    tell_operator(workspace, mailbox, desk)
    workspace.source(entry=site.url("/feed.xml"))
    put_feed(site, 160)
    with workspace.open() as opened:
        assert opened.run(SOURCE).turns[0].startswith(f"{SOURCE} is healthy: ")
        assert [turn.is_promotion for turn in turns_of(opened)] == [True]
        assert (mailbox.mails, desk.events, opened.issues) == ((), (), ())

        site.put("/feed.xml", "gone for maintenance", status=503)
        states = []
        for _ in range(3):
            opened.run(SOURCE)
            states.append(health_of(opened).state.value)
        assert states == ["healthy", "failing", "failing"]
        (subject,) = subjects(mailbox)
        assert subject == f"[Limen] {SOURCE} is failing: no list could be read, nothing came of 2 runs in a row"
        (event,) = desk.events
        assert (event.event["type"], event.event["data"]["after"]) == ("source.health", "failing")
        assert event.event["data"]["coverage"] == {"sources_read": 0, "sources_due": 1, "unread": [SOURCE]}
        (issue,) = [issue for issue in opened.issues if issue.kind is IssueKind.SOURCE_HEALTH]
        assert (issue.severity, issue.source_id) == (Severity.WARNING, SOURCE)

        put_feed(site, 160, 165)
        for _ in range(3):
            opened.run(SOURCE)
        assert health_of(opened).state is HealthState.HEALTHY
        assert len(mailbox.mails) == len(desk.events) == 2
        assert subjects(mailbox)[1].startswith(f"[Limen] {SOURCE} is healthy again: ")
        assert [turn.after.value for turn in turns_of(opened)] == ["healthy", "failing", "healthy"]
        assert opened.count("documents") == 2


@pytest.mark.slow
def test_a_feed_that_becomes_a_page(
    workspace: Workspace, site: LocalSite, mailbox: MailReceiver, desk: WebhookReceiver
) -> None:
    tell_operator(workspace, mailbox, desk)
    workspace.source(entry=site.url("/feed.xml"))
    put_feed(site, 160)
    with workspace.open() as opened:
        opened.run(SOURCE)
        site.put("/feed.xml", "<html><head><title>Our new site</title></head><body><p>Welcome</p></body></html>")
        for _ in range(3):
            opened.run(SOURCE)
        assert len(mailbox.mails) == len(desk.events) == 1
        assert "is failing" in subjects(mailbox)[0]
        kinds = [issue.kind for issue in opened.issues]
        assert sorted(kinds) == [IssueKind.SOURCE_CHANGED, IssueKind.SOURCE_HEALTH]


@pytest.mark.slow
def test_a_list_that_becomes_empty(
    workspace: Workspace, site: LocalSite, mailbox: MailReceiver, desk: WebhookReceiver
) -> None:
    tell_operator(workspace, mailbox, desk)
    workspace.source(kind="listing", entry=site.url("/list.html"), extra=SELECTORS)
    site.put("/160.html", rule_page(160))
    site.put("/list.html", LIST.format(rows='<li><a href="/160.html">Conditions</a></li>'))
    with workspace.open() as opened:
        opened.run(SOURCE)
        assert health_of(opened).state is HealthState.HEALTHY
        site.put("/list.html", '<html><body><div class="cards">All is new here</div></body></html>')
        for _ in range(3):
            opened.run(SOURCE)
        assert health_of(opened).state is HealthState.FAILING
        assert len(mailbox.mails) == len(desk.events) == 1


@dataclass
class Play:
    """A crawl that only tells: what each source's end says is set by the test. `jobs` are what it was asked to do."""

    facts: dict[str, Any] = field(default_factory=dict)
    jobs: list[Mapping[str, Any]] = field(default_factory=list)
    now: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(days=200))

    def crawl(self, job: Mapping[str, Any], *, source_ids: Sequence[str], **_: object) -> Iterator[CrawlEvent]:
        self.jobs.append(job)
        for name in source_ids:
            yield CrawlEvent(kind="source_started", source_id=name, facts={})
            if self.facts:
                yield CrawlEvent(kind="source_finished", source_id=name, facts=self.facts)

    def clock(self) -> datetime:
        return self.now

    def pass_on(self, opened: Opened, times: int = 1, *, every: timedelta = HOUR, **facts: Any) -> str:
        """Make passes in which the crawl ends with these facts; return the state after each by its first two letters."""
        self.facts = {"outcome": "completed", "lists": 1, "listed": 10} | facts
        states = []
        for _ in range(times):
            self.now += every
            opened.run(SOURCE)
            states.append(health_of(opened).state.value[:2])
        return " ".join(states)


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    made = Play()
    monkeypatch.setattr("limen.app.passes.crawl", made.crawl)
    return made


def test_what_the_crawl_counts_decides(workspace: Workspace, play: Play) -> None:
    workspace.source(extra="expect = { min_items = 5, cadence = '2d' }")
    with workspace.open(clock=play.clock) as opened:
        assert play.pass_on(opened, new=3) == "he"
        assert play.pass_on(opened, 4, listed=2) == "he de de de"
        assert health_of(opened).reasons[0].startswith("listed 2 of at least 5 documents: ")
        assert play.pass_on(opened) == "he"
        assert play.pass_on(opened, 3, lists_failed=1) == "he de de"
        assert play.pass_on(opened) == "he"
        assert play.pass_on(opened, 2, fetched=1, blocked=3) == "he he"  # the crawl counts what it fetched by events
        assert play.pass_on(opened, 2, listed=2, limits=["max_lists"]) == "he he"
        assert play.pass_on(opened, 4, listed=0) == "he he fa fa"
        assert play.pass_on(opened, 2) == "fa he"
        assert play.pass_on(opened, 3, every=timedelta(days=3)) == "he he de"
        assert play.pass_on(opened, new=1) == "he"


def test_a_source_dies_after_weeks_and_is_tried_once_a_day(workspace: Workspace, play: Play) -> None:
    with workspace.open(clock=play.clock) as opened:
        play.pass_on(opened, new=1)
        states = play.pass_on(opened, 18, every=timedelta(days=1), **DOWN)
        assert states == "he" + " fa" * 15 + " de" * 2
        assert health_of(opened).state is HealthState.DEAD
        assert due(opened) == play.now + timedelta(days=1)
        assert play.pass_on(opened, new=1) == "he"
        assert due(opened) == play.now + HOUR
        assert [turn.after.value for turn in turns_of(opened)] == ["healthy", "failing", "dead", "healthy"]


def due(opened: Opened) -> datetime | None:
    with opened.application.store.reading() as session:
        return sources.state(session, SOURCE).next_due_at


def test_a_failing_source_rests_and_the_service_lets_it(workspace: Workspace, play: Play) -> None:
    with workspace.open(clock=play.clock) as opened:
        play.pass_on(opened, new=1)
        rests = []
        for _ in range(5):
            play.pass_on(opened, **DOWN)
            rest = due(opened)
            assert rest is not None
            rests.append((rest - play.now) / HOUR)
        assert rests == [1, 1, 2, 4, 8]
        service = Service(opened.application, reporter=Silent())
        assert service._awake([SOURCE]) == []
        assert choose_sources(opened.application, ()) == []
        play.now += 5 * HOUR
        assert service._awake([SOURCE, "never-crawled"]) == ["never-crawled"]
        play.now += HOUR
        assert service._awake([SOURCE]) == [SOURCE]
        play.now += 2 * HOUR
        assert choose_sources(opened.application, ()) == [SOURCE]


def test_the_service_repeats_a_failed_run_before_the_schedule_says_so(workspace: Workspace, play: Play) -> None:
    workspace.source(schedule="1d")
    with workspace.open(clock=play.clock) as opened:
        service = Service(opened.application, reporter=Silent())
        assert service._to_repeat() == []  # the schedule sees to what was never crawled
        play.pass_on(opened, new=1)
        play.now += 2 * HOUR
        assert service._to_repeat() == []
        play.pass_on(opened, **DOWN)
        assert service._to_repeat() == []
        play.now += HOUR
        assert service._to_repeat() == [SOURCE]
        # What broke off on our side is due at once, and not taken up every moment.
        play.pass_on(opened, outcome=BROKEN_OFF)
        assert (due(opened), service._to_repeat()) == (play.now, [])
        play.now += HOUR / 6
        assert service._to_repeat() == [SOURCE]


def test_the_crawl_is_told_which_sources_are_probed(workspace: Workspace, play: Play) -> None:
    workspace.source("checked", extra='state = "checked"')
    play.facts = {"outcome": "completed", "listed": 9}
    with workspace.open(clock=play.clock) as opened:
        for _ in range(2):
            play.now += HOUR
            opened.run(SOURCE, "checked")
        assert [job["probing"] for job in play.jobs] == [[SOURCE], []]
        assert turns_of(opened, "checked") == []
        assert health_of(opened, "checked").state is HealthState.HEALTHY


def test_a_source_that_fails_its_first_run_is_reported(
    workspace: Workspace, play: Play, mailbox: MailReceiver, desk: WebhookReceiver
) -> None:
    tell_operator(workspace, mailbox, desk)
    with workspace.open(clock=play.clock) as opened:
        assert play.pass_on(opened, 3, listed=0) == "fa fa fa"
    (subject,) = subjects(mailbox)
    assert subject == f"[Limen] {SOURCE} is failing: listed 0 of at least 1 documents"


def test_what_broke_off_or_was_interrupted_says_nothing_about_a_source(workspace: Workspace, play: Play) -> None:
    with workspace.open(clock=play.clock) as opened:
        play.pass_on(opened, new=1)
        before = health_of(opened)
        assert play.pass_on(opened, 3, outcome="interrupted", lists=0, listed=0) == "he he he"
        assert due(opened) == play.now
        with opened.application.store.transaction() as session:
            for _ in range(3):
                play.now += HOUR
                run = runs.start(session, SOURCE, at=play.now)
                runs.finish(session, run, at=play.now, outcome=BROKEN_OFF, counters={})
        opened.run()
        assert health_of(opened) == before


def test_a_pass_that_was_killed_before_it_judged_is_made_up_for(
    workspace: Workspace, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workspace.open(clock=play.clock) as opened:
        play.pass_on(opened, new=1)
        with monkeypatch.context() as patch:
            patch.setattr("limen.app.passes.assess", lambda *_, **__: None)
            play.pass_on(opened, 2, **DOWN)
        assert health_of(opened).state is HealthState.HEALTHY
        opened.run()
        assert health_of(opened).state is HealthState.FAILING
        assert len(turns_of(opened)) == 2
        assess(opened.application, summary=PassSummary(), reporter=Silent())
        assert len(turns_of(opened)) == 2


def test_a_turn_and_its_messages_are_written_together_or_not_at_all(
    workspace: Workspace, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.subscribe(mail=9)
    workspace.settings["health"] = {"emails": [OPERATOR]}
    with workspace.open(clock=play.clock) as opened:
        play.pass_on(opened, new=1)
        play.pass_on(opened, **DOWN)
        before = health_of(opened)

        def fail(*_: object, **__: object) -> None:
            raise RuntimeError("the power fails")

        with monkeypatch.context() as patch:
            patch.setattr("limen.store.repositories.deliveries.add", fail)
            with pytest.raises(RuntimeError, match="the power fails"):
                play.pass_on(opened, **DOWN)
        assert (health_of(opened), len(turns_of(opened)), opened.deliveries) == (before, 1, ())
        opened.run()
        assert (health_of(opened).state, len(turns_of(opened))) == (HealthState.FAILING, 2)
        (delivery,) = opened.deliveries
        assert (delivery.subscription, delivery.recipient) == ("source health", OPERATOR)


def test_documents_without_text_are_noticed_over_several_runs(workspace: Workspace, play: Play) -> None:
    with workspace.open(clock=play.clock) as opened:
        play.pass_on(opened, new=1)
        states = []
        for number in range(4):
            opened.keep(f"{SITE}/{number}.pdf", b"%PDF-1.7\nhalf a file", media_type="application/pdf")
            states.append(play.pass_on(opened, new=1))
        assert states == ["he", "he", "he", "de"]
        assert health_of(opened).reasons[0].startswith("text was found in 0% of the documents instead of at least 50%")
        for number in range(5):
            opened.keep(f"{SITE}/{number}.html", rule_page(100 + number))
        assert play.pass_on(opened, new=5) == "he"


def test_the_commands_show_it(workspace: Workspace, play: Play) -> None:
    workspace.source("off", extra="enabled = false")
    workspace.source("new", extra='state = "checked"')
    assert [row["state"] for row in workspace.run("source", "health", "--format", "json").json] == ["probe", "healthy"]
    with workspace.open(clock=play.clock) as opened:
        play.pass_on(opened, new=1)
        play.pass_on(opened, 2, **DOWN)
    worst, other = workspace.run("source", "health", "--format", "json").json
    assert (worst["source"], worst["state"], worst["bad_runs"]) == (SOURCE, "failing", 2)
    assert worst["since"] == worst["checked_at"] == worst["last_run_at"] == play.now.isoformat()
    assert worst["last_new_at"] == (play.now - 2 * HOUR).isoformat()
    assert worst["reasons"][0].startswith("no list could be read")
    assert (other["source"], other["state"], other["since"]) == ("new", "healthy", None)
    table = workspace.run("source", "health")
    assert table.out.splitlines()[1].startswith(f"{SOURCE}  failing")
    assert "off" not in table.out
    one = workspace.run("source", "health", SOURCE, "--format", "json").json
    assert [(turn["before"], turn["after"]) for turn in one["turns"]] == [("healthy", "failing"), ("probe", "healthy")]
    assert "turned" in workspace.run("source", "health", SOURCE).out
    listed = {each["id"]: each["health"] for each in workspace.run("source", "list", "--format", "json").json}
    assert listed == {SOURCE: "failing", "off": "probe", "new": "healthy"}
    assert "failing" in workspace.run("source", "list").out
    wrong = workspace.run("source", "health", "minstry")
    assert (wrong.code, wrong.err) == (1, "limen: there is no source 'minstry'; did you mean ministry?\n")


def test_a_source_that_never_brought_anything_has_no_last_document(workspace: Workspace, play: Play) -> None:
    with workspace.open(clock=play.clock) as opened:
        play.pass_on(opened, 2, **DOWN)
    (shown,) = workspace.run("source", "health", "--format", "json").json
    assert (shown["state"], shown["since"], shown["last_new_at"]) == ("failing", play.now.isoformat(), None)
    row = workspace.run("source", "health").out.splitlines()[1]
    assert row.split("  ")[3].strip() == "-"


def test_the_run_says_which_sources_have_turned(workspace: Workspace, play: Play) -> None:
    play.facts = {"outcome": "completed", "listed": 12, "new": 3}
    assert f"{SOURCE} is healthy: the last run listed 12 documents, 3 of them new" in workspace.run("run").out
    summary = workspace.run("run", SOURCE, "--format", "json").json
    assert summary["turns"] == []


def test_looking_at_the_catalogue_makes_no_database(workspace: Workspace) -> None:
    assert workspace.run("source", "list", "--format", "json").json[0]["health"] == "probe"
    assert not workspace.data.exists()


def test_a_trial_tells_nobody(workspace: Workspace, play: Play, mailbox: MailReceiver, desk: WebhookReceiver) -> None:
    tell_operator(workspace, mailbox, desk)
    play.facts = {"outcome": "completed", "listed": 0}
    workspace.run("source", "try", SOURCE)
    assert (mailbox.mails, desk.events) == ((), ())


def test_the_channel_test_reaches_the_operator(
    workspace: Workspace, mailbox: MailReceiver, desk: WebhookReceiver
) -> None:
    tell_operator(workspace, mailbox, desk)
    result = workspace.run("notify", "test")
    assert result.out == f"email {OPERATOR}: accepted\nwebhook {HOOK}: accepted\n"
    assert len(mailbox.mails) == len(desk.events) == 1
