"""The catalogue: what is wrong is refused with its place, and what is right survives being written."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from limen.crawler.catalogue import dump_spec, load_catalogue, load_spec
from limen.crawler.errors import CatalogueError
from limen.crawler.source_spec import SourceKind

GOOD = """
id = "xx-sample"
name = "Sample"
publisher = "Sample"
jurisdiction = "XX"
language = "en"
kind = "listing"
document_class = "draft"
homepage = "https://sample.example/"
entry = ["https://sample.example/list/"]
timezone = "Asia/Shanghai"
schedule = { every = "6h" }
[listing]
row = "li:has(> span.date)"
date = "span.date"
"""


def write(directory: Path, text: str, *, name: str = "xx-sample.toml") -> Path:
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    spec = load_catalogue([tmp_path], builtin=False)["xx-sample"]
    assert spec.kind is SourceKind.LISTING
    assert spec.schedule.interval == timedelta(hours=6)
    assert spec.to_source().timezone == "Asia/Shanghai"


def test_a_written_spec_is_read_back_the_same(tmp_path: Path) -> None:
    spec = load_spec(write(tmp_path, GOOD))
    again = load_spec(write(tmp_path, dump_spec(spec), name="again.toml"))
    assert again == spec
    assert tomllib.loads(dump_spec(spec))["listing"] == {"row": "li:has(> span.date)", "date": "span.date"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('date = "span.date"', 'dat = "span.date"', r"unknown key 'listing\.dat'; did you mean 'date'"),
        ('publisher = "Sample"', 'publischer = "Sample"', "unknown key 'publischer'; did you mean 'publisher'"),
        ('kind = "listing"', 'kind = "lisst"', "kind: .*'feed', 'listing', 'sitemap'"),
        (
            'document_class = "draft"',
            'document_class = "law"',
            "document_class: .*'draft', 'final', 'notice', 'news' or 'commentary'",
        ),
        ('"Asia/Shanghai"', '"Asia/Shangai"', "timezone: .*no time zone"),
        ('"6h"', '"six hours"', "schedule.every: .*such as 6h"),
        ('{ every = "6h" }', '{ every = "6h", cron = "0 6 * * *" }', "exactly one of every and cron"),
        ('jurisdiction = "XX"', 'jurisdiction = "Xx"', "jurisdiction"),
        ('id = "xx-sample"', 'id = "XX sample"', "id"),
        ('["https://sample.example/list/"]', "[]", "entry"),
        ('["https://sample.example/list/"]', '["ftp://sample.example/"]', "entry"),
        ('name = "Sample"', "", "the key 'name' is missing"),
        ('row = "li:has(> span.date)"', "", r"the key 'listing\.row' is missing"),
        ('id = "xx-sample"', "id = ", "no valid TOML"),
    ],
)
def test_what_is_wrong_is_named_with_its_file(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(CatalogueError, match=message) as caught:
        load_catalogue([tmp_path], builtin=False)
    assert str(path) in str(caught.value)


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace('"XX"', '"X"').replace("6h", "6x"), name="one.toml")
    write(tmp_path, "nonsense", name="two.toml")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue([tmp_path], builtin=False)
    assert len(str(caught.value).splitlines()) == 3


def test_an_id_is_taken_once(tmp_path: Path) -> None:
    first, second = write(tmp_path, GOOD, name="a.toml"), write(tmp_path, GOOD, name="b.toml")
    with pytest.raises(CatalogueError, match="taken by") as caught:
        load_catalogue([tmp_path], builtin=False)
    assert str(first) in str(caught.value)
    assert str(second) in str(caught.value)


def test_a_directory_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="is no directory of sources"):
        load_catalogue([tmp_path / "nowhere"], builtin=False)


def test_a_file_in_a_wrong_encoding(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(GOOD.replace("Sample", "样本").encode("gb18030"))
    with pytest.raises(CatalogueError, match="no valid TOML"):
        load_catalogue([tmp_path], builtin=False)
