"""What waits to be fetched: in order, once, and out of memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from limen.crawler.frontier import Frontier, Reason
from limen.crawler.pages.entry import Entry
from limen.domain.snapshot import Hints


@pytest.fixture
def frontier() -> Iterator[Frontier]:
    made = Frontier()
    yield made
    made.close()


def entries(*names: str) -> list[tuple[str, Entry]]:
    return [(name, Entry(url=f"https://site.example/{name}", hints=Hints(title=name))) for name in names]


def names(frontier: Frontier, limit: int = 100) -> list[str]:
    return [each.identity for each in frontier.take(limit)]


def test_in_the_order_of_discovery_and_once(frontier: Frontier) -> None:
    assert frontier.add(entries("b", "a", "b")) == 2
    assert frontier.add(entries("a", "c")) == 1
    assert len(frontier) == 3
    assert names(frontier, 2) == ["b", "a"]
    assert frontier.add(entries("b", "d")) == 1  # what was handed out is known
    assert len(frontier) == 2
    assert names(frontier) == ["c", "d"]
    assert names(frontier) == []
    assert len(frontier) == 0


def test_an_entry_comes_back_as_it_went_in(frontier: Frontier) -> None:
    entry = Entry(
        url="https://site.example/a?q=电池",
        hints=Hints(title="电池", published=datetime(2026, 9, 14, tzinfo=UTC), references=("2026-1",)),
        document_url="https://site.example/a",
        revision="7",
        headers=(("Accept", "text/html"),),
    )
    frontier.add([("a", entry)], reason=Reason.INDEX)
    (waiting,) = frontier.take(1)
    assert (waiting.identity, waiting.entry, waiting.reason) == ("a", entry, Reason.INDEX)


def test_what_is_claimed_does_not_wait(frontier: Frontier) -> None:
    assert frontier.claim("file a")
    assert not frontier.claim("file a")
    frontier.add(entries("a"))
    assert not frontier.claim("a")
    assert frontier.add(entries("file a")) == 0
    assert len(frontier) == 1
    assert names(frontier) == ["a"]
    assert not frontier.claim("a")


def test_what_is_released_may_come_again_and_for_another_reason(frontier: Frontier) -> None:
    frontier.add(entries("a", "b"))
    frontier.release("a")  # it waits still, so there is nothing to release
    assert frontier.add(entries("a")) == 0
    assert names(frontier) == ["a", "b"]
    frontier.release("b")
    frontier.release("never heard of")
    assert frontier.add(entries("a", "b"), reason=Reason.KNOWN) == 1
    (waiting,) = frontier.take(5)
    assert (waiting.identity, waiting.reason) == ("b", Reason.KNOWN)


def test_entries_that_cannot_be_made_leave_it_as_it_was(frontier: Frontier) -> None:
    def broken() -> Iterator[tuple[str, Entry]]:
        yield from entries("a")
        raise ValueError("no address")

    with pytest.raises(ValueError, match="no address"):
        frontier.add(broken())
    assert len(frontier) == 0
    assert frontier.add(entries("a", "b")) == 2
    assert names(frontier) == ["a", "b"]
