"""`limen search`, and the lists of what is kept: empty, and filled by the stages themselves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.integration.app.workspace import READER, SITE, SOURCE, Workspace, rule_page
from tests.support.command_line import limen

PAGE = f"{SITE}/rule.html"
BROKEN = f"{SITE}/broken.pdf"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The configuration of a database with a change, a message that cannot be sent, and an issue."""
    workspace = Workspace(tmp_path_factory.mktemp("filled"))
    workspace.source(extra="enabled = false")
    workspace.subscribe(mail=9)
    with workspace.open() as opened:
        opened.keep(PAGE, rule_page(160), ago=timedelta(days=2))
        opened.run()
        opened.keep(PAGE, rule_page(165))
        opened.keep(BROKEN, b"%PDF-1.7\nhalf", media_type="application/pdf")
        opened.run()
    yield workspace.path
    workspace.close()


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    workspace = Workspace(tmp_path)
    workspace.config()
    return workspace.path


@pytest.mark.parametrize(
    ("group", "sentence"),
    [("change", "no change"), ("issue", "no issue"), ("delivery", "no message"), ("document", "no document")],
)
def test_empty_lists(empty: Path, group: str, sentence: str) -> None:
    assert limen(group, "list", "--format", "json", config=empty).json == []
    table = limen(group, "list", config=empty)
    assert (table.code, table.err) == (0, "")
    assert table.out.startswith(sentence)


def test_changes(filled: Path) -> None:
    changes = limen("change", "list", "--format", "json", config=filled).json
    values = {side["value"] for each in changes for side in (each["old"], each["new"]) if side}
    assert values == {160, 165}
    for each in changes:
        assert (each["source"], each["jurisdiction"]) == (SOURCE, "XX")
        assert all(side["url"] == PAGE for side in (each["old"], each["new"]) if side)
    assert ">= 165 Wh/kg" in limen("change", "list", config=filled).out
    assert limen("change", "list", "--jurisdiction", "CN", "--format", "json", config=filled).json == []
    assert limen("change", "list", "--since", "2999-01-01", "--format", "json", config=filled).json == []
    assert len(limen("change", "list", "--limit", "1", "--format", "json", config=filled).json) == 1


def test_issues(filled: Path) -> None:
    (issue,) = limen("issue", "list", "--format", "json", config=filled).json
    assert (issue["kind"], issue["source"], issue["url"], issue["count"]) == ("unreadable", SOURCE, BROKEN, 1)
    assert BROKEN in limen("issue", "list", config=filled).out
    assert limen("issue", "list", "--source", "other", "--format", "json", config=filled).json == []


def test_a_piped_table_has_one_line_per_row(filled: Path) -> None:
    assert len(limen("issue", "list", config=filled).out.splitlines()) == 2
    assert len(limen("delivery", "list", config=filled).out.splitlines()) == 2


def test_deliveries(filled: Path) -> None:
    (delivery,) = limen("delivery", "list", "--format", "json", config=filled).json
    assert (delivery["state"], delivery["channel"], delivery["recipient"]) == ("pending", "email", READER)
    assert delivery["attempts"] == 1
    assert "127.0.0.1:9" in delivery["last_error"]
    assert delivery["changes"]
    assert limen("delivery", "list", "--state", "sent", "--format", "json", config=filled).json == []
    assert "nothing to take up" in limen("delivery", "retry", config=filled).out
    unknown = limen("delivery", "drop", "no-such-id", config=filled)
    assert unknown.code == 1
    assert "'no-such-id'" in unknown.err


def test_documents(filled: Path) -> None:
    (document,) = limen("document", "list", "--format", "json", config=filled).json
    assert (document["source"], document["url"], document["version"]) == (SOURCE, PAGE, 2)
    assert document["requirements"] == 1
    assert "Battery Production Rules" in limen("document", "list", config=filled).out


def test_search_by_number_and_by_day(filled: Path) -> None:
    found = limen("search", ">=0.16 kWh/kg", "jurisdiction:XX", "--format", "json", config=filled)
    assert (found.code, found.err) == (0, "")
    assert set(found.json) == {"requirement_count", "requirements", "document_count", "documents"}
    (hit,) = found.json["requirements"]
    assert (hit["value"], hit["unit"]) == (165, "Wh/kg")
    assert hit["document"]["url"] == PAGE
    assert "165 Wh/kg" in limen("search", "energy", ">=160 Wh/kg", config=filled).out
    assert limen("search", "no such words", config=filled).out.startswith("nothing found")
    past = limen("search", ">=160 Wh/kg", "--as-of", "2001-01-01", "--format", "json", config=filled)
    assert past.json["requirement_count"] == 0


@pytest.mark.parametrize(
    ("query", "place"),
    [(">=200 Wh/parsnip", "character 7"), ("energy >=200 Wh/parsnip", "character 14"), ("colour:red", "character 1")],
)
def test_a_query_that_cannot_be_understood_names_the_place(filled: Path, query: str, place: str) -> None:
    result = limen("search", query, config=filled)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("limen: ")
    assert place in result.err
    assert query in result.err


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk"])
def test_a_terminal_without_the_letters_shows_the_rest(filled: Path, encoding: str) -> None:
    """In a process of its own: only there is the encoding of the output chosen from outside."""
    command = [
        sys.executable,
        "-c",
        "from limen.app.cli import main; main()",
        "--config",
        str(filled),
        "search",
        "电池 🔋",
    ]
    shown = {
        form: subprocess.run(
            [*command, "--format", form],
            env={**os.environ, "PYTHONIOENCODING": encoding},
            capture_output=True,
            check=False,
        )
        for form in ("table", "json")
    }
    assert {(each.returncode, each.stderr) for each in shown.values()} == {(0, b"")}
    assert json.loads(shown["json"].stdout.decode(encoding))


def test_a_jurisdiction_is_known_in_either_case(filled: Path) -> None:
    def listed(code: str) -> Any:
        return limen("change", "list", "--jurisdiction", code, "--format", "json", config=filled).json

    assert listed("xx") == listed("XX") != []


def test_an_empty_list_says_of_what(empty: Path) -> None:
    assert limen("instrument", "list", config=empty).out == "no rule is stored; limen run crawls\n"
    assert limen("instrument", "list", "--jurisdiction", "cn", config=empty).out == "no rule of CN is stored\n"
    assert limen("event", "list", "--source", "none", config=empty).out == "no such event is recorded\n"
    assert limen("press", "list", "--source", "none", config=empty).out.startswith("no such number")
