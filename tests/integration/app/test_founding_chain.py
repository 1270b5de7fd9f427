"""Four texts of one rule over three years come to be one instrument by themselves, in whatever order they are found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from limen.app.demo.receivers import MailReceiver

from .founding_chain import CHAIN, DRAFT_2024, FINAL_2024, Text, write_sources
from .workspace import Workspace

SEEN_AFTER = timedelta(hours=2)
"""Each text is fetched two hours after it was published."""

CONSUMER, POWER, STORAGE = "消费型单体电池", "能量型动力单体电池", "储能型单体电池"


def fill(workspace: Workspace, texts: Sequence[Text], *, at_once: bool = False) -> Workspace:
    write_sources(workspace)
    with workspace.open() as opened:
        for text in texts:
            opened.keep(text.url, text.body, source=text.source, ago=datetime.now(UTC) - text.published - SEEN_AFTER)
            if not at_once:
                opened.run()
        opened.run()
        assert opened.issues == ()
    return workspace


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return fill(Workspace(tmp_path_factory.mktemp("chain")), CHAIN)


def shown(workspace: Workspace, *arguments: str) -> dict[str, Any]:
    result = workspace.run("instrument", "show", "1", "--format", "json", *arguments)
    assert (result.code, result.err) == (0, "")
    record: dict[str, Any] = result.json
    return record


def holding(record: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the subject and the number of each requirement that holds."""
    return [(each["subject"], each["value"]) for each in record["requirements"] if each["holds"]]


def life(record: dict[str, Any], subject: str, *, value: int | None = None) -> list[tuple[str, str, str, Any]]:
    """Return the milestones of one requirement: kind, stage of the text, day, number."""
    (found,) = (
        each for each in record["requirements"] if each["subject"] == subject and value in (None, each["value"])
    )
    return [
        (step["kind"], step["text"]["stage"], step["on"], step["requirement"]["value"]) for step in found["history"]
    ]


def test_it_is_one_instrument_of_four_documents_in_order(chain: Workspace) -> None:
    (rule,) = chain.run("instrument", "list", "--format", "json").json
    assert rule["title"] == "锂离子电池行业规范条件（2024年本）"
    assert rule["edition"] == "2024"
    assert set(rule["references"]) == {"公告2021年第37号", "公告2024年第14号"}
    documents = [(each["url"], each["stage"], each["valid_from"][:10]) for each in rule["documents"]]
    assert documents == [
        (text.url, "draft" if text.source == "drafts" else "final", text.published.date().isoformat()) for text in CHAIN
    ]
    assert [each["join_reason"] for each in rule["documents"]] == ["first", "series", "title", "succession"]
    assert all(each["join_score"] >= 0.85 for each in rule["documents"])
    assert chain.run("instrument", "list", "--jurisdiction", "US", "--format", "json").json == []


def test_the_rule_was_renamed_between_its_editions(chain: Workspace) -> None:
    titles = [each["title"] for each in shown(chain)["documents"]]
    assert ["锂电池" in title for title in titles] == [True, True, False, False]
    assert ["锂离子电池" in title for title in titles] == [False, False, True, True]


def test_what_changed_is_a_split_limit_and_two_that_moved_and_moved_again(chain: Workspace) -> None:
    changes = chain.run("change", "list", "--format", "json").json
    found = {
        (
            each["new"]["url"],
            each["kind"],
            each["direction"],
            each["old"] and each["old"]["value"],
            each["new"]["value"],
        )
        for each in changes
    }
    assert found == {
        (DRAFT_2024.url, "value_changed", "tightened", 230, 260),
        (DRAFT_2024.url, "value_changed", "tightened", 180, 230),
        (DRAFT_2024.url, "added", "tightened", None, 165),
        (DRAFT_2024.url, "value_changed", "tightened", 145, 155),
        (FINAL_2024.url, "value_changed", "loosened", 260, 240),
        (FINAL_2024.url, "value_changed", "tightened", 155, 160),
    }
    assert len(changes) == 6


def test_what_held_on_a_day(chain: Workspace) -> None:
    today = holding(shown(chain))
    assert [value for _, value in today] == [3, 50, 240, 230, 165, 160]
    assert (CONSUMER, 240) in today
    between = holding(shown(chain, "--as-of", "2024-06-19"))
    assert [value for _, value in between] == [3, 50, 230, 180, 145]
    assert (POWER, 180) in between
    assert holding(shown(chain, "--as-of", "2021-12-15")) == between
    # published, and not yet in force
    assert holding(shown(chain, "--as-of", "2021-12-14")) == []


def test_what_was_known_on_a_day(chain: Workspace) -> None:
    before = shown(chain, "--known-on", "2024-06-18")
    assert [each["stage"] for each in before["documents"]] == ["draft", "final", "draft"]
    # the new edition was a draft yet: the old one seemed to hold for good
    assert [value for _, value in holding(before)] == [3, 50, 230, 180, 145]
    assert [value for _, value in holding(shown(chain, "--known-on", "2024-06-19"))] == [3, 50, 240, 230, 165, 160]
    # both times at once: of a day before the fetch by what was learned later, and the other way round
    late = shown(chain, "--known-on", "2024-06-19", "--as-of", "2022-01-01")
    assert [value for _, value in holding(late)] == [3, 50, 230, 180, 145]
    assert holding(shown(chain, "--known-on", "2021-12-09", "--as-of", "2022-01-01")) == []


def test_each_requirement_has_its_history(chain: Workspace) -> None:
    record = shown(chain)
    assert life(record, CONSUMER) == [
        ("proposed", "draft", "2021-11-18", 230),
        ("final", "final", "2021-12-10", 230),
        ("in_force", "final", "2021-12-15", 230),
        ("changed", "draft", "2024-05-08", 260),
        ("changed", "final", "2024-06-19", 240),
        ("final", "final", "2024-06-19", 240),
        ("in_force", "final", "2024-06-20", 240),
    ]
    assert life(record, POWER)[3:] == [
        ("changed", "draft", "2024-05-08", 230),
        ("final", "final", "2024-06-19", 230),
        ("in_force", "final", "2024-06-20", 230),
    ]
    assert life(record, "使用磷酸铁锂的能量型动力单体电池") == [
        ("proposed", "draft", "2024-05-08", 165),
        ("final", "final", "2024-06-19", 165),
        ("in_force", "final", "2024-06-20", 165),
    ]
    revenue = record["requirements"][0]
    assert (revenue["value"], revenue["unit"]) == (3, "percent")
    assert [step["kind"] for step in revenue["history"]] == ["proposed", "final", "in_force"]
    for each in record["requirements"]:
        for step in each["history"]:
            text = next(text for text in CHAIN if text.url == step["text"]["url"])
            assert step["requirement"]["quote"] in text.body.decode()
            assert datetime.fromisoformat(step["learned_at"]) - text.published - SEEN_AFTER < timedelta(minutes=1)


def test_the_table_tells_the_same_in_words(chain: Workspace) -> None:
    out = chain.run("instrument", "show", "1").out
    assert "succession" in out
    assert "6 hold on" in out
    assert (
        "能量密度 >= 160 Wh/kg  储能型单体电池: proposed 2021-11-18, final 2021-12-10, in force 2021-12-15, "
        "changed to >= 155 Wh/kg in a draft 2024-05-08, changed to >= 160 Wh/kg 2024-06-19, final 2024-06-19, "
        "in force 2024-06-20"
    ) in out
    nothing = chain.run("instrument", "show", "1", "--as-of", "2021-11-30").out
    assert "Nothing holds on 2021-11-30: no text of it was in force" in nothing


def test_a_search_knows_both_times(chain: Workspace) -> None:
    def found(*arguments: str) -> set[int]:
        result = chain.run("search", "subject:消费型单体电池", "--format", "json", *arguments)
        assert (result.code, result.err) == (0, "")
        return {hit["value"] for hit in result.json["requirements"]}

    assert found() == {230, 260, 240}
    assert found("--known-on", "2024-06-18") == {230, 260}
    assert found("--known-on", "2021-11-17") == set()
    assert found("--as-of", "2022-01-01", "--known-on", "2024-06-19") == {230}


@pytest.mark.parametrize("order", [(3, 2, 1, 0), (2, 0, 3, 1)])
@pytest.mark.parametrize("at_once", [False, True])
def test_the_order_in_which_the_texts_are_found_does_not_matter(
    tmp_path: Path, chain: Workspace, order: tuple[int, ...], *, at_once: bool
) -> None:
    other = fill(Workspace(tmp_path), [CHAIN[each] for each in order], at_once=at_once)

    def told(workspace: Workspace) -> tuple[Any, ...]:
        record = shown(workspace)
        documents = [(each["url"], each["stage"]) for each in record["documents"]]
        lives = [
            [(step["kind"], step["on"], step["requirement"]["value"]) for step in each["history"]]
            for each in record["requirements"]
        ]
        return record["title"], record["edition"], set(record["references"]), documents, holding(record), lives

    assert len(other.run("instrument", "list", "--format", "json").json) == 1
    assert told(other) == told(chain)


def test_nobody_is_told_of_an_archive(tmp_path: Path, mailbox: MailReceiver) -> None:
    workspace = Workspace(tmp_path)
    workspace.subscribe(mail=mailbox)
    write_sources(workspace)
    with workspace.open() as opened:
        for text in reversed(CHAIN):
            opened.keep(text.url, text.body, source=text.source)
            opened.run()
        assert len(opened.changes) == 6
        assert opened.count("deliveries") == 0


def test_the_events_of_its_life(chain: Workspace) -> None:
    found = reversed(chain.run("event", "list", "--format", "json").json)
    assert [(each["kind"], each["before"], each["after"]) for each in found] == [
        ("stage_changed", "draft", "final"),
        ("effective_date_changed", None, "2021-12-15"),
        ("stage_changed", "final", "draft"),
        ("comment_deadline_changed", None, "2024-05-13"),
        ("title_changed", "锂电池行业规范条件（2021年本）", "锂离子电池行业规范条件（2024年本）"),
        ("stage_changed", "draft", "final"),
        ("effective_date_changed", None, "2024-06-20"),
    ]
