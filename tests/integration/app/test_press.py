"""News beside its source, through the stages themselves: an English article and a Chinese notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import Mock

import pytest

from limen.alerts.subscriptions import Subscription
from limen.app import assembly
from limen.app.demo.receivers import MailReceiver
from limen.app.report import Silent
from limen.app.stages.backtest import backtest
from limen.app.stages.reprocess import reprocess
from limen.domain.delivery import Silence
from limen.domain.document import Reading
from limen.domain.document_event import EventKind
from limen.store.records import SourceState
from limen.store.repositories import sources

from .upgrades import upgrade_extractor
from .workspace import RULE, SITE, Opened, Workspace

NOTICE = f"{SITE}/notice.html"
WIRE = "http://wire.example"
NOW = datetime.now(UTC)
DAY = timedelta(days=1)

DRAFT = """<p>工业和信息化部起草了《储能型锂电池产品规范（征求意见稿）》，现公开征求意见，请于三十日内反馈。</p>
<p>一、储能型单体电池能量密度不低于{cell}Wh/kg。</p><p>二、储能型电池组能量密度不低于{pack}Wh/kg。</p>
<p>三、储能型单体电池循环寿命不低于8000次。</p><p>四、石墨比容量不低于345mAh/g。</p>"""

REPORT = (
    "China's Ministry of Industry and Information Technology has put out draft rules for energy storage batteries for "
    "comment. Under the draft, storage battery cells must have an energy density of at least 0.18 kWh/kg. Storage "
    "battery packs must have an energy density of at least 150 Wh/kg. The specific capacity of graphite must be at least "
    "345 mAh/g. Prices of cells fell by 4 percent in the last month, one trader said."
)
LEAK = (
    "China's Ministry of Industry and Information Technology will publish draft rules for energy storage batteries on "
    "Friday. Storage battery cells must have a cycle life of at least 8,000 cycles, and their energy density must be at "
    "least 180 Wh/kg, an official said."
)
PRICES = (
    "Prices of energy storage batteries fell again in China this week. Cells were quoted at 0.35 yuan per watt-hour, 4 "
    "percent less than a month ago, and shipments of storage cells reached 101 GWh in the first half of the year."
)


def source(workspace: Workspace, name: str, *, jurisdiction: str, language: str, document_class: str) -> None:
    (workspace.sources / f"{name}.toml").write_text(
        f'id = "{name}"\nname = "{name}"\npublisher = "Test"\njurisdiction = "{jurisdiction}"\nlanguage = "{language}"\n'
        f'kind = "feed"\ndocument_class = "{document_class}"\nhomepage = "{SITE}/"\nentry = ["{SITE}/{name}.xml"]\n'
        'timezone = "UTC"\nschedule = { every = "1h" }\npoliteness = { delay = 0 }\n',
        encoding="utf-8",
    )


@pytest.fixture
def press(workspace: Workspace) -> Workspace:
    """A workspace with a Chinese ministry and an English paper."""
    source(workspace, "ministry", jurisdiction="CN", language="zh", document_class="draft")
    source(workspace, "wire", jurisdiction="XX", language="en", document_class="news")
    return workspace


def notice(
    opened: Opened, *, age: timedelta, fetched: timedelta | None = None, cell: int = 180, pack: int = 140
) -> None:
    """Let the ministry publish its draft so long ago."""
    title = "公开征求《储能型锂电池产品规范（征求意见稿）》的意见"
    page = RULE.format(lang="zh", title=title, text=DRAFT.format(cell=cell, pack=pack), links="")
    meta = f'<meta property="article:published_time" content="{(NOW - age).isoformat()}">'
    body = page.replace("</title>", f"</title>{meta}").encode()
    opened.keep(NOTICE, body, ago=age if fetched is None else fetched, source="ministry")


def news(opened: Opened, text: str, *, age: timedelta, name: str = "report", title: str = "Storage batteries") -> None:
    """Let the paper print an article so long ago."""
    body = RULE.format(lang="en", title=title, text=text, links="").encode()
    opened.keep(f"{WIRE}/{name}", body, ago=age, source="wire")


def visit_ministry(opened: Opened) -> None:
    """Let it be known that the ministry was visited today."""
    with opened.application.store.transaction() as session:
        sources.save_state(session, SourceState(source_id="ministry", last_run_at=NOW, last_success_at=NOW))


def events(opened: Opened) -> list[tuple[str, str | None, str | None]]:
    from sqlalchemy import select

    from limen.store.tables import DocumentEventRow

    kinds = [EventKind.PRESS_CONTRADICTED.value, EventKind.PRESS_AHEAD.value]
    row = DocumentEventRow
    with opened.application.store.reading() as session:
        found = session.execute(select(row.kind, row.before, row.after).where(row.kind.in_(kinds)).order_by(row.id))
        return [(kind, before, after) for kind, before, after in found]


def verdicts(workspace: Workspace, *arguments: str) -> list[tuple[str, float, float | None]]:
    result = workspace.run("press", "list", "--format", "json", *arguments)
    assert (result.code, result.err) == (0, "")
    return [(each["verdict"], each["claim"]["value"], _value(each["official"])) for each in result.json]


def _value(record: Mapping[str, Any] | None) -> float | None:
    return None if record is None else record["value"]


def test_an_english_article_with_one_wrong_number_of_a_chinese_draft(press: Workspace) -> None:
    with press.open() as opened:
        notice(opened, age=3 * DAY)
        news(opened, REPORT, age=2 * DAY)
        visit_ministry(opened)
        for _ in range(2):
            opened.run()
            assert events(opened) == [("press_contradicted", ">= 140 Wh/kg", ">= 150 Wh/kg")]
            assert opened.count("press_links") == 1
        checked = press.run("press", "list", "--format", "json").json
        opened.run()
    expected = [("confirmed", 0.18, 180), ("contradicted", 150, 140), ("confirmed", 345, 345)]
    assert verdicts(press) == expected
    assert press.run("press", "list", "--format", "json").json == checked
    assert verdicts(press, "--verdict", "contradicted", "--source", "wire") == [expected[1]]
    assert verdicts(press, "--source", "ministry") == []


@pytest.mark.parametrize("is_killed", [False, True])
def test_a_contradiction_that_only_the_next_extractor_reads_alerts_nobody(
    press: Workspace, monkeypatch: pytest.MonkeyPatch, *, is_killed: bool
) -> None:
    every_event = Subscription(name="events", emails=("all@reader.example",), events=tuple(EventKind))
    today = assembly._extractor()

    class Yesterday:
        def read(self, text: str, **options: Any) -> Reading:
            reading = today.read(text, **options)
            return replace(
                reading, requirements=tuple(each for each in reading.requirements if each.threshold.value != 150)
            )

    with press.open(subscriptions=(every_event,)) as opened:
        with monkeypatch.context() as patch:
            patch.setattr(assembly, "_extractor", Yesterday)
            notice(opened, age=3 * DAY)
            news(opened, REPORT, age=2 * DAY)
            visit_ministry(opened)
            opened.run()
            assert events(opened) == []
        upgrade_extractor(monkeypatch, lambda reading: reading)
        if is_killed:
            # after the last document, before the news is looked at anew
            monkeypatch.setattr("limen.app.stages.reprocess.set_beside", Mock(side_effect=[None, KeyboardInterrupt]))
            with pytest.raises(KeyboardInterrupt):
                reprocess(opened.application, reporter=Silent())
        else:
            reprocess(opened.application, reporter=Silent())
        opened.run()
        assert events(opened) == [("press_contradicted", ">= 140 Wh/kg", ">= 150 Wh/kg")]
        assert opened.deliveries == ()
        (told,) = backtest(opened.application, [every_event], since=datetime.now(UTC) - DAY)
        assert told.silence is Silence.READ_ANEW


def test_a_contradiction_is_one_mail_to_who_watches_the_rule(press: Workspace, mailbox: MailReceiver) -> None:
    press.subscribe(mail=mailbox)
    wants = {"changes": False, "events": ["press_contradicted", "press_ahead"]}
    press.settings["subscriptions"] = [
        {
            "name": "a",
            "emails": ["density@reader.example"],
            "jurisdictions": ["CN"],
            "metrics": ["energy density"],
            **wants,
        },
        {"name": "b", "emails": ["life@reader.example"], "metrics": ["cycle life", "循环寿命"], **wants},
        {"name": "c", "emails": ["europe@reader.example"], "jurisdictions": ["EU"], **wants},
        {"name": "d", "emails": ["changes@reader.example"]},
    ]
    with press.open() as opened:
        notice(opened, age=3 * DAY)
        news(opened, REPORT, age=2 * DAY)
        visit_ministry(opened)
        opened.run()
        opened.run()
    (mail,) = mailbox.mails
    assert mail.recipients == ("density@reader.example",)
    assert str(mail.message["Subject"]).startswith("[Limen] The news contradicts the official text: ")
    plain = mail.message.get_body(("plain",))
    assert plain is not None
    said = plain.get_content()
    for expected in (">= 150 Wh/kg; official is >= 140 Wh/kg", "the news: “", "official: “", NOTICE, f"{WIRE}/report"):
        assert expected in " ".join(said.split())


def test_nothing_is_contradicted_before_the_ministry_was_visited_again(press: Workspace) -> None:
    with press.open() as opened:
        notice(opened, age=3 * DAY)
        news(opened, REPORT, age=2 * DAY)
        opened.run()
        assert events(opened) == []
        assert ("unstated", 150, None) in verdicts(press)
        visit_ministry(opened)
        opened.run()
        assert [kind for kind, *_ in events(opened)] == ["press_contradicted"]


def test_an_article_that_comes_a_day_before_the_notice(press: Workspace) -> None:
    with press.open() as opened:
        news(opened, LEAK, age=3 * DAY)
        opened.run()
        assert opened.count("press_links") == 0
        notice(opened, age=2 * DAY)
        for _ in range(2):
            opened.run()
            assert events(opened) == [("press_ahead", None, ">= 8000 cycle")]
    assert verdicts(press) == [("confirmed", 8000, 8000), ("confirmed", 180, 180)]


def test_an_article_about_prices_is_linked_to_nothing(press: Workspace) -> None:
    with press.open() as opened:
        notice(opened, age=3 * DAY)
        news(opened, PRICES, age=2 * DAY)
        visit_ministry(opened)
        opened.run()
        assert opened.count("press_links") == 0
        assert events(opened) == []
    assert verdicts(press) == []


def test_a_later_draft_makes_a_number_outdated_and_tells_nothing(press: Workspace) -> None:
    with press.open() as opened:
        notice(opened, age=3 * DAY)
        news(opened, REPORT.replace("150 Wh", "140 Wh"), age=2 * DAY)
        visit_ministry(opened)
        opened.run()
        assert {verdict for verdict, *_ in verdicts(press)} == {"confirmed"}
        notice(opened, age=3 * DAY, fetched=DAY, cell=185)
        opened.run()
        assert events(opened) == []
    assert verdicts(press) == [("outdated", 0.18, 180), ("confirmed", 140, 140), ("confirmed", 345, 345)]


def test_a_contradiction_is_not_told_again_when_the_draft_or_the_article_is_printed_anew(press: Workspace) -> None:
    with press.open() as opened:
        notice(opened, age=3 * DAY)
        news(opened, REPORT, age=2 * DAY)
        visit_ministry(opened)
        opened.run()
        notice(opened, age=3 * DAY, fetched=DAY, cell=185)
        opened.run()
        news(opened, REPORT.replace("4 percent", "5 percent"), age=DAY / 2)
        opened.run()
        assert [kind for kind, *_ in events(opened)] == ["press_contradicted"]
    assert verdicts(press) == [("outdated", 0.18, 180), ("contradicted", 150, 140), ("confirmed", 345, 345)]


def test_the_same_story_in_another_paper_is_not_told_again(press: Workspace) -> None:
    with press.open() as opened:
        notice(opened, age=3 * DAY)
        news(opened, REPORT, age=2 * DAY)
        news(opened, REPORT, age=DAY, name="reprint", title="Packs must hold more, ministry says")
        visit_ministry(opened)
        opened.run()
        assert opened.count("press_links") == 2
        assert [kind for kind, *_ in events(opened)] == ["press_contradicted"]


def test_a_pass_that_is_stopped_ends_between_two_articles(press: Workspace) -> None:
    with press.open() as opened:
        notice(opened, age=3 * DAY)
        news(opened, REPORT, age=2 * DAY)
        visit_ministry(opened)
        opened.application.stop.set()
        opened.run()
        assert opened.count("press_checks") == 0
        opened.application.stop.clear()
        opened.run()
        assert [kind for kind, *_ in events(opened)] == ["press_contradicted"]


def test_show_has_both_sentences(press: Workspace) -> None:
    with press.open() as opened:
        notice(opened, age=3 * DAY)
        news(opened, REPORT, age=2 * DAY)
        news(opened, PRICES, age=2 * DAY, name="prices")
        visit_ministry(opened)
        opened.run()
        known = {entry.url: str(entry.document_id) for entry in opened.documents}
    shown = press.run("press", "show", known[f"{WIRE}/report"]).out
    assert "储能型锂电池产品规范" in shown
    assert "Storage battery packs must have an energy density of at least 150 Wh/kg" in shown
    assert "储能型电池组能量密度不低于140Wh/kg" in shown
    record = press.run("press", "show", known[f"{WIRE}/report"], "--format", "json").json
    (link,) = record["links"]
    assert [each["verdict"] for each in link["claims"]] == ["confirmed", "contradicted", "confirmed"]
    assert link["score"] >= 0.75
    assert "no rule that is known" in press.run("press", "show", known[f"{WIRE}/prices"]).out
    for wrong in ("999", known[NOTICE]):
        result = press.run("press", "show", wrong)
        assert result.code == 1
        assert f"no news document {wrong}" in result.err


def test_an_empty_list_says_so(press: Workspace) -> None:
    assert press.run("press", "list").out.startswith("no number of the news")
    assert press.run("press", "list", "--format", "json").json == []
