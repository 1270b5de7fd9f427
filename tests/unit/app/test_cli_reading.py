"""`limen extract` and `limen diff`: the contract that other programs rely on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from limen.app.demo.rule_text import docx_bytes
from tests.support.command_line import limen

RULE = "Battery cells shall have an energy density of at least 160 Wh/kg.\n\nOutput grew by 25 percent last year.\n"
HTML = f"<html><head><title>Rule</title></head><body><main><h1>Rule</h1><p>{RULE}</p></main></body></html>"

REQUIREMENT_KEYS = [
    "op", "value", "value_max", "unit", "metric", "subject", "condition", "modality", "by", "previous",
    "quote", "start", "end", "confidence", "reasons",
]  # fmt: skip
QUANTITY_KEYS = [
    "op", "value", "value_max", "unit", "role", "metric", "subject", "quote", "start", "end", "certainty", "reasons",
]  # fmt: skip
CONTRACT = {"id", "requirements", "entities", "stage", "comment_deadline"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rule.md"
    path.write_text(RULE, encoding="utf-8")
    return path


def test_what_could_not_be_read_stands_beside_the_output(tmp_path: Path) -> None:
    path = tmp_path / "rule.txt"
    path.write_bytes(b"At most 2 5 mg/L of arsenic in water, \xe2\x89\xa5 5 m deep and \xe2\x89")
    result = limen("extract", path)
    assert result.code == 0
    (record,) = result.lines
    assert [each["value"] for each in record["requirements"]] == [5]
    assert "warning: rule.txt: 1 characters could not be read" in result.err
    assert f"warning: {path}: '2 5 mg/L of': the number is damaged" in " ".join(result.err.split())


def test_the_two_files_of_a_diff_tell_what_could_not_be_read(tmp_path: Path) -> None:
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_text("It must not exceed 25 mg/L of arsenic.")
    new.write_text("It must not exceed 2 5 mg/L of arsenic.")
    assert f"warning: {new}: '2 5 mg/L of'" in " ".join(limen("diff", old, new).err.split())


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("rule.md", RULE.encode()),
        ("rule.txt", RULE.encode()),
        ("rule.html", HTML.encode()),
        ("rule.docx", docx_bytes(RULE)),
    ],
)
def test_a_document_is_one_object_by_the_contract(tmp_path: Path, name: str, body: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    result = limen("extract", path)
    assert (result.code, result.err) == (0, "")
    (record,) = result.lines
    assert set(record) >= CONTRACT
    assert "quantities" not in record
    assert record["id"] == str(path)
    (requirement,) = record["requirements"]
    assert list(requirement) == REQUIREMENT_KEYS
    assert (requirement["op"], requirement["value"], requirement["unit"]) == (">=", 160, "Wh/kg")
    assert requirement["modality"] == "mandatory"
    assert "160 Wh/kg" in requirement["quote"]


def test_offsets_slice_a_text_file_to_the_quote(file: Path) -> None:
    (requirement,) = limen("extract", file).lines[0]["requirements"]
    assert RULE[requirement["start"] : requirement["end"]] == requirement["quote"]


def test_standard_input(file: Path) -> None:
    for arguments in (["extract", "-"], ["extract"]):
        result = limen(*arguments, stdin=RULE.encode())
        assert result.code == 0
        assert result.lines[0]["id"] == "-"
        assert len(result.lines[0]["requirements"]) == 1


def test_passages_keep_their_ids_and_languages(tmp_path: Path) -> None:
    path = tmp_path / "passages.jsonl"
    passages = [
        {"id": "a", "lang": "en", "title": "Rule", "text": RULE},
        {"id": "b", "lang": "zh", "title": "规范", "text": "储能型单体电池能量密度不低于155.50Wh/kg。"},
        {"id": "c", "lang": "en", "title": "Odd line ends", "text": "One.\u2028Two.\x85Three. " + RULE},
    ]
    # A byte order mark, and line separators that JSON lets stand as they are within a string.
    text = "\ufeff" + "\n".join(json.dumps(each, ensure_ascii=False) for each in passages) + "\n\n"
    path.write_text(text, encoding="utf-8")
    result = limen("extract", path)
    assert (result.code, result.err) == (0, "")
    assert [record["id"] for record in result.lines] == ["a", "b", "c"]
    assert [len(record["requirements"]) for record in result.lines] == [1, 1, 1]
    assert '"value": 155.50' in result.out


def test_quantities_have_their_roles(file: Path) -> None:
    (record,) = limen("extract", file, "--quantities").lines
    assert all(list(seen) == QUANTITY_KEYS for seen in record["quantities"])
    assert {(seen["value"], seen["role"]) for seen in record["quantities"]} == {(160, "requirement"), (25, "statistic")}


def test_every_number_is_shown_with_its_role_and_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "rule.md"
    text = (
        "Under GB 38031-2020, cells shall reach at least 165 Wh/kg by 1 July 2026; output grew by 25 percent in 2024."
    )
    path.write_text(text, encoding="utf-8")
    (record,) = limen("extract", path, "--quantities").lines
    assert {(other["quote"], other["role"], *other["reasons"]) for other in record["other_numbers"]} == {
        ("GB 38031-2020", "identifier", "part_of_a_name"),
        ("1 July 2026", "date", "part_of_a_name"),
        ("2024", "date", "no_unit"),
    }
    assert all(text[other["start"] : other["end"]] == other["quote"] for other in record["other_numbers"])
    (requirement,) = record["requirements"]
    assert requirement["confidence"] >= 0.9
    assert requirement["reasons"] == ["operator_seen", "unit_seen", "metric_known", "subject_found"]
    table = limen("extract", path, "--format", "table", "--quantities").out
    head = next(line for line in table.splitlines() if line.split()[:2] == ["number", "unit"])
    assert head.split() == ["number", "unit", "role", "operator", "metric", "reason", "evidence"]
    rows = table[table.index(head) :].splitlines()[1:]
    assert len(rows) == 5
    assert rows[1].split()[:5] == ["165", "Wh/kg", "requirement", ">=", "energy"]
    assert "operator seen, unit seen, metric known, subject found" in rows[1]
    assert rows[3].split()[:3] == ["25", "percent", "statistic"]


def test_a_table_to_read(file: Path) -> None:
    result = limen("extract", file, "--format", "table", "--quantities")
    assert result.code == 0
    assert f"{file}: language en" in result.out
    assert ">= 160 Wh/kg" in result.out
    assert "statistic" in result.out


def test_the_language_can_be_said(file: Path) -> None:
    assert limen("extract", file, "--lang", "en", "--format", "table").out.startswith(f"{file}: language en")
    assert limen("extract", file, "--lang", "zh", "--format", "table").out.startswith(f"{file}: language zh")
    assert limen("extract", file, "--lang", "xx").code == 2


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("gone.md", None, "No such file"),
        ("bad.pdf", b"%PDF-1.7\nhalf", "damaged or cut off"),
        ("bad.docx", b"PK\x03\x04half", "damaged"),
        ("bad.jsonl", b'{"id": "a", "text": "x"}\n{"id": oops\n', "line 2"),
        ("latin.jsonl", '{"text": "é"}'.encode("latin-1"), "UTF-8"),
        ("german.txt", "Die Zellen müssen eine Energiedichte von mindestens 160 Wh/kg erreichen.".encode(), "German"),
        ("empty.html", b"", "empty.html"),
    ],
)
def test_a_bad_file_is_a_message_that_names_it(tmp_path: Path, name: str, body: bytes | None, said: str) -> None:
    path = tmp_path / name
    if body is not None:
        path.write_bytes(body)
    result = limen("extract", path)
    assert result.code == 1
    assert result.err.startswith("limen: ")
    assert name in result.err
    assert said in result.err


def test_a_directory_is_no_document(tmp_path: Path) -> None:
    result = limen("extract", tmp_path)
    assert result.code == 1
    assert f"{tmp_path}: cannot be read" in result.err


def test_diff_tells_what_changed(tmp_path: Path, file: Path) -> None:
    new = tmp_path / "new.md"
    new.write_text(RULE.replace("160", "165"), encoding="utf-8")
    result = limen("diff", file, new, "--format", "json")
    assert (result.code, result.err) == (0, "")
    assert list(result.json) == ["changes", "notes", "doubts"]
    for change in result.json["changes"]:
        assert list(change) == ["kind", "direction", "old", "new", "redline"]
        assert "".join(run["text"] for run in change["redline"] if run["mark"] != "deleted")
        assert list(change["new"] or change["old"]) == REQUIREMENT_KEYS
    assert {160, 165} == {
        side["value"] for each in result.json["changes"] for side in (each["old"], each["new"]) if side
    }
    table = limen("diff", file, new)
    assert table.code == 0
    assert ">= 165 Wh/kg" in table.out


def test_diff_of_a_file_with_itself_is_quiet(file: Path) -> None:
    assert limen("diff", file, file, "--format", "json").json == {"changes": [], "notes": [], "doubts": []}
    assert "no requirement changed" in limen("diff", file, file).out


def test_diff_names_the_file_that_cannot_be_read(tmp_path: Path, file: Path) -> None:
    result = limen("diff", file, tmp_path / "gone.md")
    assert (result.code, result.out) == (1, "")
    assert "gone.md" in result.err
