"""Wrong calls, wrong configuration, wrong sources: the exit code and a message that says where and what to do."""

from __future__ import annotations

import logging
from pathlib import Path
from unittest.mock import Mock

import pytest

from limen import __version__
from tests.support.command_line import Result, limen

SOURCE = """id = "gazette"
name = "Gazette"
publisher = "Test"
jurisdiction = "XX"
language = "en"
kind = "feed"
document_class = "news"
homepage = "http://gazette.example/"
entry = ["http://gazette.example/feed.xml"]
timezone = "UTC"
schedule = { every = "1h" }
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    tmp_path.joinpath("sources").mkdir()
    tmp_path.joinpath("sources", "gazette.toml").write_text(SOURCE, encoding="utf-8")
    path = tmp_path / "limen.toml"
    path.write_text('data_dir = "data"\n[crawl]\nsources = ["sources"]\nbuiltin_sources = false\n', encoding="utf-8")
    return path


def test_the_version() -> None:
    assert limen("--version").out == f"limen {__version__}\n"


def test_ctrl_c_before_a_command_has_begun_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("limen.app.cli.app", Mock(side_effect=KeyboardInterrupt))
    assert limen("--version") == Result(130, "", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("extract", "--bogus"),
        ("bogus",),
        ("diff", "one"),
        ("search",),
        ("search", "x", "--as-of", "yesterday"),
        ("search", "x", "--limit", "0"),
        ("change", "list", "--direction", "sideways"),
        ("issue", "list", "--format", "xml"),
        ("event", "list", "--limit", "99999999999999999999"),
        ("press", "show", "99999999999999999999"),
        ("press", "show", "0"),
        ("reprocess", "--document", "99999999999999999999"),
        ("instrument", "show", "99999999999999999999"),
        ("document", "duplicates", "99999999999999999999"),
        ("backtest", "all", "--since", "2024-06-01", "--until", "2024-05-31"),
    ],
)
def test_wrong_usage_is_2(config: Path, arguments: tuple[str, ...]) -> None:
    result = limen(*arguments, config=config)
    assert (result.code, result.out) == (2, "")
    assert "Usage: limen" in result.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('data_dri = "x"\n', "unknown key 'data_dri'; did you mean 'data_dir'?"),
        ('[crawl]\ncontacts = "x"\n', "unknown key 'crawl.contacts'; did you mean 'contact'?"),
        ("[read]\nworkers = -1\n", "read.workers"),
        ("[read\n", "is no valid TOML"),
        ('[[subscriptions]]\nname = "a"\nemails = ["a@b.example"]\n', "no [smtp] section"),
        ('[[subscriptions]]\nname = "a"\nwebhooks = ["b"]\n', "'b' that is not defined"),
        (
            '[[webhooks]]\nname = "a"\nurl = "http://x.example"\nsecret = "env:LIMEN_NO_SUCH"\n',
            "LIMEN_NO_SUCH is not set",
        ),
        ('[[webhooks]]\nname = "a"\nurl = "http://x.example"\nsecret = "short"\n', "24 random bytes"),
    ],
)
def test_a_wrong_configuration_names_file_and_key(config: Path, text: str, said: str) -> None:
    config.write_text(text, encoding="utf-8")
    result = limen("run", config=config)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("limen: ")
    assert said in result.err
    if "24 random bytes" not in said:
        assert str(config) in result.err
    assert "Traceback" not in result.err


def test_a_configuration_that_is_not_there(tmp_path: Path) -> None:
    result = limen("run", config=tmp_path / "gone.toml")
    assert result.code == 1
    assert "gone.toml: cannot be read (No such file or directory)" in result.err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text + 'langauge = "en"\n', "unknown key 'langauge'; did you mean 'language'?"),
        (lambda text: text.replace('kind = "feed"', 'kind = "fed"'), "kind"),
        (lambda text: text.replace("1h", "hourly"), "'hourly' is no duration"),
        (lambda text: text.replace('name = "Gazette"\n', ""), "the key 'name' is missing"),
        (lambda text: text.replace('"UTC"', '"Mars/Olympus"'), "'Mars/Olympus' is no time zone"),
    ],
)
@pytest.mark.parametrize("command", [("run",), ("source", "list")])
def test_a_wrong_source_names_file_and_key(config: Path, command: tuple[str, ...], change, said: str) -> None:  # type: ignore[no-untyped-def]
    path = config.parent / "sources" / "gazette.toml"
    path.write_text(change(SOURCE), encoding="utf-8")
    result = limen(*command, config=config)
    assert (result.code, result.out) == (1, "")
    assert f"{path}: " in result.err
    assert said in result.err


def test_a_missing_directory_of_sources(config: Path) -> None:
    config.write_text('[crawl]\nsources = ["elsewhere"]\n', encoding="utf-8")
    result = limen("source", "list", config=config)
    assert result.code == 1
    assert f"{config.parent / 'elsewhere'}: is no directory of sources" in result.err


@pytest.mark.parametrize("command", [("run", "gazete"), ("source", "try", "gazete")])
def test_an_unknown_source_gets_the_nearest(config: Path, command: tuple[str, ...]) -> None:
    result = limen(*command, config=config)
    assert (result.code, result.out) == (1, "")
    assert "there is no source 'gazete'; did you mean gazette?" in result.err


def test_a_source_with_no_likeness_gets_the_way_to_the_list(config: Path) -> None:
    assert "see: limen source list" in limen("run", "zzz", config=config).err


def test_the_list_of_sources(config: Path) -> None:
    (source,) = limen("source", "list", "--format", "json", config=config).json
    assert (source["id"], source["kind"], source["jurisdiction"]) == ("gazette", "feed", "XX")
    assert "gazette" in limen("source", "list", config=config).out
    assert limen("source", "list", "--jurisdiction", "CN", "--format", "json", config=config).json == []


def test_the_shipped_catalogue_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "limen.toml"
    path.write_text("", encoding="utf-8")
    sources = limen("source", "list", "--format", "json", config=path).json
    assert len(sources) >= 20
    assert "www.miningsee.eu" in str(sources) or "miningsee.eu" in str(sources)


def test_notify_without_subscriptions(config: Path) -> None:
    result = limen("notify", "test", config=config)
    assert result.code == 1
    assert "[[subscriptions]]" in result.err


def test_the_demo_leaves_what_is_not_its_own(tmp_path: Path) -> None:
    tmp_path.joinpath("thesis.txt").write_text("precious", encoding="utf-8")
    result = limen("demo", "--directory", tmp_path)
    assert result.code == 1
    assert "not the demo's" in result.err
    assert tmp_path.joinpath("thesis.txt").read_text(encoding="utf-8") == "precious"


def test_a_call_leaves_the_loggers_as_they_were(config: Path) -> None:
    before = logging.getLogger().level
    limen("-vv", "source", "list", config=config)
    assert logging.getLogger().level == before
