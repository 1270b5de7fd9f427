"""Keys come from the environment, and a missing one is said with what to set."""

from __future__ import annotations

import pytest

from limen.crawler.credentials import api_headers
from limen.crawler.errors import CrawlerError
from limen.crawler.source_spec import SourceSpec


def spec(credentials: dict[str, object] | None) -> SourceSpec:
    table: dict[str, object] = {
        "id": "api",
        "name": "A service",
        "publisher": "Test",
        "jurisdiction": "XX",
        "language": "en",
        "kind": "feed",
        "document_class": "news",
        "homepage": "https://service.example/",
        "entry": ("https://service.example/feed.xml",),
        "timezone": "UTC",
        "schedule": {"every": "1h"},
    }
    return SourceSpec.model_validate(table | ({"credentials": credentials} if credentials else {}))


KEY = {"env": "LIMEN_TEST_KEY", "header": "X-Api-Key"}


def test_a_source_without_credentials_sends_none() -> None:
    assert api_headers(spec(None)) == {}


def test_the_key_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMEN_TEST_KEY", " secret \n")
    assert api_headers(spec(KEY)) == {"X-Api-Key": "secret"}
    assert api_headers(spec({**KEY, "fallback": "DEMO"})) == {"X-Api-Key": "secret"}


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_key(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    if value is None:
        monkeypatch.delenv("LIMEN_TEST_KEY", raising=False)
    else:
        monkeypatch.setenv("LIMEN_TEST_KEY", value)
    with pytest.raises(
        CrawlerError, match=r"https://service\.example/ and set the environment variable LIMEN_TEST_KEY"
    ):
        api_headers(spec(KEY))
    assert api_headers(spec({**KEY, "fallback": "DEMO"})) == {"X-Api-Key": "DEMO"}
    assert api_headers(spec({**KEY, "required": False})) == {}
