"""A backtest over what happened says what was sent, and why the rest was not."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from limen.domain.snapshot import Hints
from limen.domain.source import DocumentClass

from .workspace import HOOK, READER, SITE, Opened, Workspace, rule_page

PAGES = tuple(f"{SITE}/rules-{letter}" for letter in "abc")
TODAY = datetime.now(UTC).date()
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()
TOMORROW = (TODAY + timedelta(days=1)).isoformat()
OTHER_READER = "other@reader.example"


@pytest.fixture
def watched(workspace: Workspace) -> Workspace:
    workspace.subscribe(mail=9, hook="http://127.0.0.1:9/hook")
    workspace.settings["subscriptions"] += [
        {"name": "tighter", "emails": [READER, OTHER_READER], "directions": ["tightened"]},
        {"name": "abroad", "emails": [READER], "jurisdictions": ["CN"]},
    ]
    return workspace


def played(workspace: Workspace, rule: str, *options: str) -> list[dict[str, Any]]:
    result = workspace.run("backtest", rule, "--since", YESTERDAY, "--format", "json", *options)
    assert result.code == 0, result.err
    found: list[dict[str, Any]] = result.json
    return found


def title(page: str) -> str:
    return f"Battery Production Rules of Province {page[-1].upper()}"


@pytest.mark.parametrize("seed", range(3))
def test_what_was_sent_is_what_a_backtest_says(watched: Workspace, seed: int) -> None:
    """Numbers of three pages go up and down, some versions are editorial, and some come before the next pass."""
    chance = random.Random(seed)
    with watched.open() as opened:
        for step in range(14):
            page = chance.choice(PAGES)
            number = 200 + chance.choice((-1, 1)) * (step + 1)
            opened.keep(page, rule_page(number, title=title(page)), hints=Hints(editorial=chance.random() < 0.2))
            if chance.random() < 0.8:
                opened.run()
        opened.run()
        sent = Counter(_sent(opened))
    told = Counter(
        (each["subscription"], to["to"], each["url"], tuple(each["told"]))
        for rule in ("all", "tighter", "abroad")
        for each in played(watched, rule)
        if each["silence"] is None
        for to in each["recipients"]
    )
    assert told == sent
    assert {subscription for subscription, *_ in sent} == {"all", "tighter"}


def _sent(opened: Opened) -> list[tuple[str, str, int, tuple[str, ...]]]:
    found = []
    for delivery in opened.deliveries:
        data = json.loads(delivery.payload)["data"]
        told = tuple(change["sentence"] for change in data["changes"])
        found.append((delivery.subscription, delivery.recipient, data["new"]["url"], told))
    return found


def test_the_reasons_for_silence(watched: Workspace) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=90)
    with watched.open() as opened:
        for page, hints in (
            (PAGES[0], Hints(editorial=True)),
            (PAGES[1], Hints(document_class=DocumentClass.COMMENTARY)),
        ):
            opened.keep(page, rule_page(160, title=title(page)), hints=hints)
            opened.run()
            opened.keep(page, rule_page(165, title=title(page)), hints=hints)
            opened.run()
        opened.keep(
            PAGES[2], rule_page(160, title="Furnace Rules (draft for comment)"), hints=Hints(published=long_ago)
        )
        opened.run()
        final = Hints(published=long_ago + timedelta(days=9))
        opened.keep(f"{SITE}/final", rule_page(170, title="Furnace Rules"), hints=final)
        opened.run()
        assert opened.deliveries == ()
    assert {each["url"]: each["silence"] for each in played(watched, "all")} == {
        PAGES[0]: "editorial",
        PAGES[1]: "commentary",
        f"{SITE}/final": "too_old",
    }


def test_what_waits_for_a_review_is_told_apart(watched: Workspace) -> None:
    watched.settings["extraction"] = {"review_below": 1}
    watched.keep_change(PAGES[0])
    with watched.open() as opened:
        opened.run()
        assert opened.deliveries == ()
    (entry,) = played(watched, "all")
    assert (entry["silence"], len(entry["told"])) == ("held_for_review", 1)
    assert entry["recipients"] == [{"channel": "email", "to": READER}, {"channel": "webhook", "to": HOOK}]
    table = watched.run("backtest", "all", "--since", YESTERDAY).out
    assert "not go: held for review" in table
    assert READER in table


def test_rules_to_try_out_and_days(watched: Workspace, tmp_path: Path) -> None:
    watched.keep_change(PAGES[0])
    with watched.open() as opened:
        opened.run()
    rules = tmp_path / "rules.toml"
    entries = [
        {"name": "density", "emails": [OTHER_READER], "metrics": ["energy density"]},
        {"name": "life", "emails": [OTHER_READER], "metrics": ["cycle life"]},
    ]
    rules.write_text(tomli_w.dumps({"subscriptions": entries}), encoding="utf-8")
    every = watched.run("backtest", "--file", str(rules), "--since", YESTERDAY, "--format", "json").json
    assert [each["subscription"] for each in every] == ["density"]
    assert played(watched, "life", "--file", str(rules)) == []
    assert played(watched, "all", "--until", YESTERDAY) == []
    assert len(played(watched, "all", "--until", TOMORROW)) == 1
    assert len(played(watched, "all", "--until", "9999-12-31")) == 1
    assert len(opened.deliveries) == 4
    unknown = watched.run("backtest", "nobody", "--since", YESTERDAY)
    assert unknown.code == 1
    assert "'all', 'tighter', 'abroad'" in unknown.err
    assert watched.run("backtest", "--since", YESTERDAY).code == 2
    rules.write_text("[[subscription]]\nname = 'x'\n", encoding="utf-8")
    assert "did you mean 'subscriptions'" in watched.run("backtest", "--file", str(rules), "--since", YESTERDAY).err


def test_what_documents_do_is_among_what_was_sent(watched: Workspace) -> None:
    watched.settings["subscriptions"] = [
        {"name": "drafts", "emails": [READER], "events": ["comment_period_extended", "withdrawn"], "changes": False}
    ]
    draft = rule_page(200).replace(b"The ministry", b"Comments may be submitted until 13 May 2031. The ministry")
    with watched.open() as opened:
        for body in (draft, draft.replace(b"13 May", b"30 June"), draft.replace(b"13 May", b"30 July")):
            opened.keep(PAGES[0], body)
            opened.run()
        sent = [json.loads(delivery.payload)["data"] for delivery in opened.deliveries]
    told = played(watched, "drafts")
    assert [(each["type"], each["silence"]) for each in told] == [("document.event", None)] * 2
    assert sorted(each["headline"] for each in told) == sorted(data["headline"] for data in sent)
    assert all(len(each["told"]) == 1 for each in told)
