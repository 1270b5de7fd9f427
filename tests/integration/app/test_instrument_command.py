"""Rules joined and split by hand, and joins that Limen only proposes: what moves, what is compared, and what is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from limen.app.stages.compare import _placed
from limen.store.repositories import documents

from .workspace import SITE, Workspace, rule_page

RULES = "Battery Production Rules (draft for comment)"
LIKE = "Lithium Battery Cell Production Rules (draft for comment)"
"""Near enough to be asked about, and no more."""
OTHER = "Ore Export Licences (draft for comment)"

FIRST, SECOND, THIRD = (f"{SITE}/{name}.html" for name in ("first", "second", "third"))


def listed(workspace: Workspace, *arguments: str) -> Any:
    result = workspace.run(*arguments, "--format", "json")
    assert (result.code, result.err) == (0, "")
    return result.json


def homes(workspace: Workspace) -> dict[int, list[str]]:
    """Return the addresses of the documents of each instrument, by its id."""
    rules = listed(workspace, "instrument", "list")
    return {rule["id"]: list(dict.fromkeys(each["url"] for each in rule["documents"])) for rule in rules}


def visit(workspace: Workspace, url: str, number: int, title: str, *, ago: timedelta = timedelta(0)) -> None:
    with workspace.open() as opened:
        opened.keep(url, rule_page(number, title=title), ago=ago)
        opened.run()


def run(workspace: Workspace) -> tuple[list[tuple[int | None, int | None]], int]:
    """Make a pass, and return the changes so far (both numbers, oldest first) and how many messages there are."""
    with workspace.open() as opened:
        opened.run()
        changes = [
            tuple(side and int(side.threshold.value) for side in (entry.change.old, entry.change.new))
            for entry in reversed(opened.changes)
        ]
        return changes, opened.count("deliveries")


@pytest.fixture
def watched(workspace: Workspace) -> Workspace:
    workspace.subscribe(mail=9)
    return workspace


@pytest.fixture
def asked(watched: Workspace) -> Workspace:
    """A workspace in which a second document may be of the rule of the first."""
    visit(watched, FIRST, 160, RULES, ago=timedelta(days=2))
    visit(watched, SECOND, 165, LIKE, ago=timedelta(days=1))
    assert homes(watched) == {1: [FIRST], 2: [SECOND]}
    assert run(watched) == ([], 0)
    return watched


def test_an_uncertain_match_is_asked_about(asked: Workspace) -> None:
    (entry,) = listed(asked, "review", "list")
    assert (entry["kind"], entry["id"], entry["reason"], entry["state"]) == ("join", "join-1", "title", "awaiting")
    assert 0.70 <= entry["score"] < 0.85
    assert (entry["url"], entry["instrument"], entry["proposed_instrument"]) == (SECOND, 2, 1)
    assert listed(asked, "review", "show", "join-1") == entry
    table = asked.run("review", "list").out
    assert table.splitlines()[0].split()[:3] == ["id", "score", "reason"]
    assert "join-1" in table
    assert "1 Battery Production Rules" in asked.run("review", "show", "join-1").out
    assert listed(asked, "review", "list", "--jurisdiction", "CN") == []
    assert listed(asked, "review", "list", "--source", "none") == []
    # it founded an instrument of its own until somebody decides
    own = listed(asked, "instrument", "show", "2")["documents"][0]
    assert (own["join_reason"], own["join_score"]) == ("first", 1)


def test_an_accepted_document_moves_and_is_compared_in_the_next_pass(asked: Workspace) -> None:
    assert asked.run("review", "accept", "join-1").out == "1 accepted\n"
    assert homes(asked) == {1: [FIRST, SECOND]}
    documents = listed(asked, "instrument", "show", "1")["documents"]
    assert [(each["join_reason"], each["join_score"]) for each in documents] == [("first", 1), ("person", 1)]
    assert listed(asked, "review", "list") == []
    assert [entry["id"] for entry in listed(asked, "review", "list", "--state", "accepted")] == ["join-1"]
    for _ in range(2):
        assert run(asked) == ([(160, 165)], 1)
    # accepting again moves nothing and tells nothing
    asked.run("review", "accept", "join-1")
    assert homes(asked) == {1: [FIRST, SECOND]}
    assert run(asked) == ([(160, 165)], 1)


def test_all_versions_move_and_keep_one_requirement(asked: Workspace) -> None:
    visit(asked, SECOND, 170, LIKE)
    assert run(asked) == ([(165, 170)], 1)
    asked.run("review", "accept", "join-1")
    assert run(asked) == ([(165, 170), (160, 165)], 2)
    (only,) = listed(asked, "instrument", "show", "1")["requirements"]
    assert list(dict.fromkeys(step["requirement"]["value"] for step in only["history"])) == [160, 165, 170]
    assert {change["key"] for change in listed(asked, "change", "list")} == {only["key"]}


def test_a_join_of_old_documents_tells_nobody(watched: Workspace) -> None:
    visit(watched, FIRST, 160, RULES, ago=timedelta(days=80))
    visit(watched, SECOND, 165, LIKE, ago=timedelta(days=60))
    watched.run("review", "accept", "join-1")
    assert run(watched) == ([(160, 165)], 0)


def test_a_rejected_join_is_not_asked_again(asked: Workspace) -> None:
    assert asked.run("review", "reject", "join-1").out == "1 rejected\n"
    visit(asked, SECOND, 170, LIKE)
    assert homes(asked) == {1: [FIRST], 2: [SECOND]}
    assert listed(asked, "review", "list") == []
    assert [entry["id"] for entry in listed(asked, "review", "list", "--state", "rejected")] == ["join-1"]
    assert "join-1" in asked.run("review", "list", "--state", "rejected").out
    assert run(asked) == ([(165, 170)], 1)


def test_a_decision_about_a_join_can_be_taken_back(asked: Workspace) -> None:
    asked.run("review", "accept", "join-1")
    assert run(asked) == ([(160, 165)], 1)
    asked.run("review", "reject", "join-1")
    assert list(homes(asked).values()) == [[FIRST], [SECOND]]
    assert run(asked) == ([(160, 165)], 1)
    asked.run("review", "accept", "join-1")
    assert homes(asked) == {1: [FIRST, SECOND]}
    assert run(asked) == ([(160, 165)], 1)


def test_what_had_joined_an_accepted_document_comes_with_it(asked: Workspace) -> None:
    visit(asked, THIRD, 175, "Lithium Battery Cell Production Rules")
    assert homes(asked) == {1: [FIRST], 2: [SECOND, THIRD]}
    asked.run("review", "accept", "join-1")
    assert homes(asked) == {1: [FIRST, SECOND, THIRD]}
    assert run(asked)[0] == [(165, 175), (160, 165)]


def test_a_document_that_is_moved_during_a_pass_is_compared_where_it_is_now(asked: Workspace) -> None:
    with asked.open() as opened:
        with opened.application.store.reading() as session:
            loaded = documents.by_id(session, 2)
        asked.run("review", "accept", "join-1")
        assert (loaded.instrument_id, _placed(opened.application, loaded, ()).instrument_id) == (2, 1)


def test_rules_are_joined_by_hand(watched: Workspace) -> None:
    visit(watched, FIRST, 160, RULES, ago=timedelta(days=2))
    visit(watched, SECOND, 165, OTHER, ago=timedelta(days=1))
    assert homes(watched) == {1: [FIRST], 2: [SECOND]}
    joined = watched.run("instrument", "join", "1", "2")
    assert joined.out.startswith("1 document of instrument 2 now part of 1: ")
    assert homes(watched) == {1: [FIRST, SECOND]}
    assert run(watched) == ([(160, 165)], 1)
    again = watched.run("instrument", "join", "1", "2")
    assert (again.code, again.out) == (0, "nothing to move: instrument 2 has no documents any more\n")
    assert run(watched) == ([(160, 165)], 1)
    # an instrument without documents is gone from sight, and takes none in
    assert watched.run("instrument", "show", "2").code == 1
    assert "no documents any more" in watched.run("instrument", "join", "2", "1").err


def test_an_older_document_that_is_joined_in_is_compared_too(watched: Workspace) -> None:
    visit(watched, FIRST, 160, OTHER, ago=timedelta(days=2))
    visit(watched, SECOND, 165, RULES, ago=timedelta(days=1))
    watched.run("instrument", "join", "2", "1")
    assert homes(watched) == {2: [FIRST, SECOND]}
    assert run(watched) == ([(160, 165)], 1)


def test_a_split_after_a_join_gives_the_state_before(watched: Workspace) -> None:
    visit(watched, FIRST, 160, RULES, ago=timedelta(days=2))
    visit(watched, SECOND, 165, OTHER, ago=timedelta(days=1))

    def told() -> list[tuple[Any, ...]]:
        rules = listed(watched, "instrument", "list")
        return [(rule["title"], rule["edition"], rule["references"], len(rule["documents"])) for rule in rules]

    before = told()
    watched.run("instrument", "join", "1", "2")
    split = watched.run("instrument", "split", "1", "2")
    assert split.out.startswith("1 document of instrument 1 now instrument 3: ")
    assert told() == before
    # nothing was compared meanwhile, and nothing is now
    assert run(watched) == ([], 0)
    again = watched.run("instrument", "split", "1", "2")
    assert (again.code, again.out) == (0, f"nothing to move: already instrument 3: {before[1][0]}\n")


def test_what_was_told_before_a_split_is_not_told_again(watched: Workspace) -> None:
    visit(watched, FIRST, 160, RULES, ago=timedelta(days=2))
    visit(watched, SECOND, 165, "Battery Production Rules", ago=timedelta(days=1))
    assert homes(watched) == {1: [FIRST, SECOND]}
    assert run(watched) == ([(160, 165)], 1)
    watched.run("instrument", "split", "1", "2")
    assert homes(watched) == {1: [FIRST], 2: [SECOND]}
    assert run(watched) == ([(160, 165)], 1)
    visit(watched, SECOND, 170, "Battery Production Rules")
    assert run(watched) == ([(160, 165), (165, 170)], 2)
    (only,) = listed(watched, "instrument", "show", "2")["requirements"]
    # its life in the rule that it was taken out of is not its own
    assert {step["requirement"]["value"] for step in only["history"]} == {165, 170}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "9"), "there is no instrument 9"),
        (("join", "1", "9"), "there is no instrument 9"),
        (("join", "9", "1"), "there is no instrument 9"),
        (("join", "1", "1"), "cannot be joined with itself"),
        (("split", "9", "1"), "there is no instrument 9"),
        (("split", "1", "9"), "there is no document 9"),
        (("split", "1", "1"), "no document would be left in instrument 1"),
    ],
)
def test_a_correction_that_cannot_be_made_says_why(asked: Workspace, arguments: tuple[str, ...], message: str) -> None:
    result = asked.run("instrument", *arguments)
    assert (result.code, result.out) == (1, "")
    assert message in result.err
    assert homes(asked) == {1: [FIRST], 2: [SECOND]}


def test_a_document_of_another_rule_cannot_be_split_off(asked: Workspace) -> None:
    visit(asked, THIRD, 175, "Battery Production Rules")
    result = asked.run("instrument", "split", "1", "2", "3")
    assert result.code == 1
    assert "document 2 is not part of instrument 1" in result.err
    assert homes(asked) == {1: [FIRST, THIRD], 2: [SECOND]}


@pytest.mark.parametrize("mark", ["join-9", "join-x", "join-99999999999999999999"])
def test_an_unknown_join_is_a_message_and_decides_nothing(asked: Workspace, mark: str) -> None:
    for arguments in (("accept", "join-1", mark), ("reject", mark), ("show", mark)):
        result = asked.run("review", *arguments)
        assert result.code == 1
        assert mark in result.err
    assert homes(asked) == {1: [FIRST], 2: [SECOND]}


def test_rules_of_two_jurisdictions_are_never_one(watched: Workspace) -> None:
    watched.source("abroad")
    path = watched.sources / "abroad.toml"
    path.write_text(path.read_text().replace('"XX"', '"YY"'))
    visit(watched, FIRST, 160, RULES)
    with watched.open() as opened:
        opened.keep(SECOND, rule_page(165, title=RULES), source="abroad")
        opened.run()
    assert homes(watched) == {1: [FIRST], 2: [SECOND]}
    assert "of two jurisdictions are never one" in watched.run("instrument", "join", "1", "2").err


def test_without_rules_the_list_says_so(workspace: Workspace) -> None:
    assert listed(workspace, "instrument", "list") == []
    assert workspace.run("instrument", "list").out.startswith("no rule is stored")
