"""What the crawler remembers beside documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from limen.store.records import StoredList
from limen.store.repositories import crawl_memory, sources
from tests.unit.store.samples import DAY, DAY_1, a_source

SOURCE = "cn-miit"
FEED = "https://cn-miit.example/feed.xml"
LIST = StoredList(etag='"1"', last_modified=None, headers=(("Content-Type", "text/xml"),), sha256="a" * 64)


def keep(session: Session, kept: StoredList, *, source: str = SOURCE, url: str = FEED) -> str | None:
    return crawl_memory.keep_list(session, source, url, kept, at=DAY_1)


def test_the_newest_answer_of_a_list(session: Session) -> None:
    assert crawl_memory.kept_list(session, SOURCE, FEED) is None
    assert keep(session, LIST) is None
    assert crawl_memory.kept_list(session, SOURCE, FEED) == LIST
    newer = StoredList(etag=None, last_modified="today", headers=(), sha256="b" * 64)
    assert keep(session, newer) == LIST.sha256
    session.expire_all()
    assert crawl_memory.kept_list(session, SOURCE, FEED) == newer
    assert crawl_memory.kept_list(session, SOURCE, FEED + "?page=2") is None


def test_the_same_bytes_under_another_mark_replace_nothing(session: Session) -> None:
    keep(session, LIST)
    assert keep(session, replace(LIST, etag='"2"')) is None
    kept = crawl_memory.kept_list(session, SOURCE, FEED)
    assert kept is not None
    assert kept.etag == '"2"'


def test_bytes_that_another_list_holds_are_not_forgotten(session: Session) -> None:
    sources.save(session, a_source("other"))
    newer = replace(LIST, sha256="b" * 64)
    keep(session, LIST)
    keep(session, LIST, url=FEED + "?page=2")
    keep(session, LIST, source="other")
    assert keep(session, newer) is None
    assert keep(session, newer, url=FEED + "?page=2") is None
    assert keep(session, newer, source="other") == LIST.sha256


def test_a_host_that_wants_to_be_left_alone(session: Session) -> None:
    assert crawl_memory.resting_until(session, "site.example") is None
    crawl_memory.rest(session, "site.example", until=DAY_1)
    crawl_memory.rest(session, "site.example:8080", until=DAY_1 + DAY)
    session.expire_all()
    assert crawl_memory.resting_until(session, "site.example") == DAY_1
    crawl_memory.rest(session, "site.example", until=DAY_1 + 2 * DAY)
    crawl_memory.rest(session, "site.example", until=DAY_1 + timedelta(hours=1))
    session.expire_all()
    assert crawl_memory.resting_until(session, "site.example") == DAY_1 + 2 * DAY
