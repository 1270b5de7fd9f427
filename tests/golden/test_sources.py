"""Each source's answers, in their real shapes, are read as a person reads them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from limen.crawler.catalogue import load_catalogue
from limen.crawler.errors import PageError
from limen.crawler.reading import list_as_found, page_as_found, read_list, read_page
from limen.crawler.pages.hops import hop_value
from limen.crawler.source_spec import SourceKind, SourceSpec
from limen.domain.snapshot import Hints

HERE = Path(__file__).parent
CATALOGUE = load_catalogue(())

CASES = sorted(path.parent for path in HERE.glob("*/*/expected.json"))
MISSING = set(CATALOGUE) - {case.parent.name for case in CASES}

_TIMES = ("published", "opened", "comment_deadline")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_an_answer_is_read_as_expected(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    [source] = case.glob("input.*")
    spec = CATALOGUE[case.parent.name]
    if "refused" in expected:
        with pytest.raises(PageError) as caught:
            read(spec, source.read_bytes(), expected)
        assert expected["refused"] in str(caught.value)
        return
    found = expected["found"]
    if expected["read"] == "list":
        found = {"lists": [], **found}
    assert as_moments(read(spec, source.read_bytes(), expected)) == as_moments(found)


def test_every_source_has_a_case() -> None:
    assert sorted(MISSING) == []


def test_every_way_of_discovery_has_a_case() -> None:
    assert {CATALOGUE[case.parent.name].kind for case in CASES} == set(SourceKind)


def read(spec: SourceSpec, body: bytes, expected: dict[str, Any]) -> dict[str, Any]:
    """Return what is read from an answer, in the form of `expected.json`."""
    url, content_type = expected["url"], expected.get("content_type")
    match expected["read"]:
        case "list":
            return list_as_found(spec, read_list(spec, body, url=url, content_type=content_type))
        case "page":
            hints = hints_of(expected.get("listed", {}))
            return page_as_found(spec, read_page(spec, body, url=url, content_type=content_type, hints=hints))
        case "hop":
            return {"value": hop_value(body, hop=spec.hops[expected["hop"]], url=url)}
        case unknown:
            raise ValueError(f"read: {unknown!r} is none of list, page, hop")


def hints_of(listed: dict[str, str]) -> Hints:
    """Return what a list said of a page, as its case tells it."""
    published = listed.get("published")
    return Hints(title=listed.get("title"), published=None if published is None else datetime.fromisoformat(published))


def as_moments(value: Any) -> Any:
    """Return a value of `expected.json` with its times as moments: one may be written in any zone."""
    match value:
        case dict():
            return {
                key: datetime.fromisoformat(each) if key in _TIMES else as_moments(each) for key, each in value.items()
            }
        case list():
            return [as_moments(each) for each in value]
        case _:
            return value
