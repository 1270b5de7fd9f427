"""What README, CONTRIBUTING and docs name exists: commands with their options, paths, links, keys, `make` targets, extras."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from pydantic import BaseModel

from limen.app.cli.root import app
from limen.app.config import Config
from limen.crawler.source_spec import SourceSpec

ROOT = Path(__file__).parents[3]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "training/README.md", "tests/golden/README.md")),
    ROOT / "limen" / "crawler" / "sources" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
BLOCK = re.compile(r"^```\w*\n((?:.*\n)*?)```|^((?: {4}.*\n)+)", re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
OURS = ("limen/", "tests/", "docs/", "training/", "benchmarks/", "scripts/")
YOURS = ("limen.toml", "rules.toml", "sources/<id>.toml")
"""Files that a reader writes."""
SUFFIX = re.compile(r"\w\.(?:py|toml|md|json|jsonl|npz|txt|sh)$")
NAME = re.compile(r"[A-Za-z]+(?:_[A-Za-z]+)+|[A-Z][a-z]+[A-Z]\w+")
BEYOND = {"cut_for_search"}
"""Names of other people's code."""
TABLE = re.compile(r"\[{1,2}([a-z_.]+)\]{1,2}(?: ([a-z_]+))?")


def spans(page: str) -> list[str]:
    """What stands between single backticks in the text of a page, line breaks made blanks."""
    return [" ".join(span.split()) for span in SPAN.findall(BLOCK.sub("\n", page))]


def lines(page: str) -> list[str]:
    """The lines of the blocks of code."""
    return [line.strip() for block in BLOCK.findall(page) for line in "".join(block).splitlines()]


def calls(page: str) -> Iterator[list[str]]:
    """The words of each call of the command, without what only says that a word is a choice: `[--as-of DATE]`."""
    for text in (*spans(page), *lines(page)):
        text = re.split(r" {2,}| # ", text.removeprefix(".venv/bin/"))[0]
        if text.startswith("limen "):
            yield shlex.split(text.translate({ord(sign): None for sign in "[],"}))[1:]


def resolved(words: list[str]) -> tuple[list[str], list[str], Any]:
    """The commands that a call names, the rest of its words, and the last of the commands; a group if it names none.

    Several commands of a group may be named in a row: `limen delivery list, retry`.
    """
    group = command = typer.main.get_command(app)
    rest, place = list(words), ""
    while rest and hasattr(command, "commands") and rest[0] in command.commands:
        group, prefix = command, place
        command = group.commands[rest[0]]
        place = f"{prefix} {rest.pop(0)}".strip()
    if hasattr(command, "commands"):
        return [], rest, command
    named = [place]
    while rest and rest[0] in group.commands:
        command = group.commands[rest[0]]
        named.append(f"{prefix} {rest.pop(0)}".strip())
    return named, rest, command


def unknown(words: list[str]) -> str | None:
    """The first word of a call that the command line does not know; None if it knows them all."""
    _, rest, command = resolved(words)
    if hasattr(command, "commands"):
        return rest[0] if rest else "the command"
    options = {"--help", *(name for parameter in command.params for name in parameter.opts)}
    return next((word for word in rest if word.startswith("--") and word not in options), None)


def every_command(command: Any, place: str = "") -> Iterator[str]:
    if not hasattr(command, "commands"):
        yield place
        return
    for name, each in command.commands.items():
        yield from every_command(each, f"{place} {name}".strip())


@cache
def paths() -> str:
    """The files that pages may name, and their folders with a slash behind, one a line."""
    found = [
        path for top in OURS for path in ((ROOT / top), *(ROOT / top).rglob("*")) if "__pycache__" not in path.parts
    ]
    return "".join(f"/{path.relative_to(ROOT).as_posix()}{'/' * path.is_dir()}\n" for path in found)


def exists(name: str) -> bool:
    """Tell whether a path of the repository ends so."""
    pattern = re.sub(r"<\w+>|\\\*", r"[^/\\n]+", re.escape(name))
    return re.search(f"/{pattern}/?$", paths(), re.MULTILINE) is not None


@cache
def words_of_code() -> frozenset[str]:
    files = (path for top in OURS for ending in ("py", "toml") for path in (ROOT / top).rglob(f"*.{ending}"))
    others = (path for path in files if path != Path(__file__))
    return frozenset(word for path in others for word in re.findall(r"\w+", path.read_text(encoding="utf-8")))


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def has_key(model: type[BaseModel], table: str, key: str | None) -> bool:
    """Tell whether a model has a table, and the table a key."""
    for name in table.split("."):
        field = model.model_fields.get(name)
        if field is None:
            return False
        model = next(iter(tables_in(field.annotation)), model)
    return key is None or key in model.model_fields


def tables_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models in an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from tables_in(part)


each_page = pytest.mark.parametrize("page", PAGES, indirect=True, ids=lambda path: str(path.relative_to(ROOT)))


@pytest.fixture
def page(request: pytest.FixtureRequest) -> str:
    return request.param.read_text(encoding="utf-8")


@each_page
def test_commands_and_options(page: str) -> None:
    assert {" ".join(words): word for words in calls(page) if (word := unknown(words)) is not None} == {}


def test_the_readme_has_every_command() -> None:
    named = {name for words in calls(PAGES[0].read_text(encoding="utf-8")) for name in resolved(words)[0]}
    assert named == set(every_command(typer.main.get_command(app)))


def test_what_is_no_command() -> None:
    assert unknown(["source", "invent"]) == "invent"
    assert unknown(["search", "x", "--since", "2024-01-01"]) == "--since"
    assert unknown(["source"]) == "the command"
    assert unknown(["delivery", "list", "retry", "--all"]) == "--all"


@each_page
def test_paths(page: str) -> None:
    """A span that looks like a path is the end of one in the repository; `<id>` and `*` stand for any name."""
    named = [span for span in spans(page) if span.startswith(OURS) or SUFFIX.search(span)]
    assert [span for span in named if " " not in span and span not in YOURS and not exists(span)] == []


@each_page
def test_names_in_code(page: str) -> None:
    """A span that looks like a name of Python or TOML (`rate_of`, `RateOf`) occurs in the code or its data."""
    named = {span for span in spans(page) if NAME.fullmatch(span)}
    assert named <= words_of_code() | BEYOND


@each_page
def test_links(page: str, request: pytest.FixtureRequest) -> None:
    folder = request.node.callspec.params["page"].parent
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", page):
        name, _, anchor = target.partition("#")
        text = (folder / name).read_text(encoding="utf-8") if (folder / name).is_file() else page
        assert not name or (folder / name).exists(), target
        assert not anchor or anchor in {slug(head) for head in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}, target


@each_page
def test_keys(page: str) -> None:
    """A span `[table]` or `[table] key` is one of the configuration or of a source's TOML."""
    named = [match.groups() for span in spans(page) if (match := TABLE.match(span)) is not None]
    assert [each for each in named if not any(has_key(model, *each) for model in (Config, SourceSpec))] == []


@each_page
def test_what_make_pip_and_python_are_asked_for(page: str) -> None:
    text = "\n".join((*spans(page), *lines(page)))
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"^make ([a-z]+)", text, re.MULTILINE)) <= set(targets)
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(re.findall(r"extra `(\w+)`", page) + re.findall(r"\.\[(\w+)\]", text)) <= set(extras)
    modules = [each.replace(".", "/") for each in re.findall(r"python -m (\S+)", text)]
    assert [each for each in modules if not exists(f"{each}.py") and not exists(f"{each}/__main__.py")] == []


def test_what_is_not_there() -> None:
    assert exists("limen/nlp/languages/<code>/units.toml")
    assert not exists("limen/nlp/languages/<code>/no-such.toml")
    assert not exists("its.toml")
    assert has_key(Config, "network", "allow")
    assert not has_key(Config, "network", "deny")
    assert has_key(SourceSpec, "canonical.rewrite", None)
