"""Requirements under the floor wait for a person: no alert before, one after, none if they are rejected."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from limen.domain.review import ReviewState
from limen.store.repositories import reviews

from .workspace import RULE, SITE, Opened, Workspace

PAGE = f"{SITE}/rules"


def page(fee: int, density: int = 160) -> bytes:
    text = (
        "This notice sets out what exporters of lithium batteries have to observe from the first day of the next year. "
        f"Battery cells shall have an energy density of at least {density} Wh/kg. "
        f"The exporter shall pay USD {fee} for each container."
    )
    return RULE.format(lang="en", title="Export Rules (draft for comment)", text=text, links="").encode()


def visit(opened: Opened, body: bytes) -> None:
    opened.keep(PAGE, body)
    opened.run()


def listed(workspace: Workspace, *arguments: str) -> list[dict[str, Any]]:
    result = workspace.run("review", "list", "--format", "json", *arguments)
    assert (result.code, result.err) == (0, "")
    entries: list[dict[str, Any]] = result.json
    return entries


@pytest.fixture
def watched(workspace: Workspace) -> Workspace:
    workspace.subscribe(mail=9)
    workspace.settings["extraction"] = {"review_below": 0.5}
    return workspace


@pytest.fixture
def waiting(watched: Workspace) -> Workspace:
    """A workspace in which the fee changed, and the extractor is not sure of it."""
    with watched.open() as opened:
        visit(opened, page(500))
        visit(opened, page(600))
        assert opened.count("changes") == 1
        assert opened.changes == ()
        assert opened.count("deliveries") == 0
    return watched


def test_by_default_nothing_waits(workspace: Workspace) -> None:
    workspace.subscribe(mail=9)
    with workspace.open() as opened:
        visit(opened, page(500))
        visit(opened, page(600))
        assert len(opened.changes) == 1
        assert opened.count("deliveries") == 1
    assert "nothing awaits a review" in workspace.run("review", "list").out


def test_the_queue_says_what_waits_and_why(waiting: Workspace) -> None:
    new, old = listed(waiting)
    assert [(entry["value"], entry["held_changes"]) for entry in (new, old)] == [(600, 1), (500, 1)]
    assert new["confidence"] < 0.5
    assert "operator_assumed" in new["reasons"]
    assert new["sentence"] == "The exporter shall pay USD 600 for each container"
    table = waiting.run("review", "list").out
    assert new["id"] in table
    shown = waiting.run("review", "show", new["id"]).out
    assert "operator assumed" in shown
    assert PAGE in shown
    assert waiting.run("review", "show", new["id"], "--format", "json").json == new


def test_an_accepted_change_is_told_in_the_next_pass_and_once(waiting: Workspace) -> None:
    marks = [entry["id"] for entry in listed(waiting)]
    assert waiting.run("review", "accept", *marks).out == "2 accepted\n"
    assert listed(waiting) == []
    assert {entry["id"] for entry in listed(waiting, "--state", "accepted")} == set(marks)
    with waiting.open() as opened:
        for _ in range(2):
            opened.run()
            assert len(opened.changes) == 1
            assert opened.count("deliveries") == 1


def test_a_rejected_change_is_never_told(waiting: Workspace) -> None:
    marks = [entry["id"] for entry in listed(waiting)]
    assert waiting.run("review", "reject", *marks).code == 0
    with waiting.open() as opened:
        opened.run()
        assert opened.changes == ()
        # The rejected number stays out of later comparisons too; what is sure is told as ever.
        visit(opened, page(600, density=165))
        assert [entry.change.subject_requirement.metric for entry in opened.changes] == ["energy density"]
        assert opened.count("deliveries") == 1
    assert listed(waiting) == []


def test_a_sure_change_beside_an_unsure_one_is_told_at_once(watched: Workspace) -> None:
    with watched.open() as opened:
        visit(opened, page(500))
        visit(opened, page(600, density=165))
        assert [entry.change.subject_requirement.metric for entry in opened.changes] == ["energy density"]
        assert opened.count("deliveries") == 1
        assert opened.count("delivery_changes") == 1


def test_a_lower_floor_releases_what_waited(waiting: Workspace) -> None:
    waiting.settings["extraction"] = {"review_below": 0.1}
    with waiting.open() as opened:
        opened.run()
        assert opened.count("deliveries") == 1


def test_a_decision_can_be_taken_back(waiting: Workspace) -> None:
    marks = [entry["id"] for entry in listed(waiting)]
    waiting.run("review", "reject", *marks)
    waiting.run("review", "accept", *marks)
    with waiting.open() as opened:
        opened.run()
        assert opened.count("deliveries") == 1


def test_a_wrong_id_is_a_message_and_decides_nothing(waiting: Workspace) -> None:
    known = listed(waiting)[0]["id"]
    result = waiting.run("review", "accept", known, "beef")
    assert result.code == 1
    assert "beef" in result.err
    assert len(listed(waiting)) == 2
    assert waiting.run("review", "show", "beef").code == 1


def test_an_accepted_reading_is_compared_as_any_other(waiting: Workspace) -> None:
    with waiting.open() as opened:
        marks = [entry["id"] for entry in listed(waiting)]
        with opened.application.store.transaction() as session:
            for mark in marks:
                reviews.decide(session, mark, ReviewState.ACCEPTED, at=datetime.now(UTC))
        opened.run()
        visit(opened, page(700))
        assert opened.count("deliveries") == 1
    (new,) = listed(waiting)
    assert new["value"] == 700
    waiting.run("review", "accept", new["id"])
    with waiting.open() as opened:
        opened.run()
        assert opened.count("deliveries") == 2
