from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from limen.domain.snapshot import Attachment, Hints
from limen.store.repositories import snapshots
from tests.unit.store.samples import DAY, DAY_1, a_snapshot

PAGE = "https://cn-miit.example/draft"
FILE = "https://cn-miit.example/draft.pdf"


def test_a_snapshot_comes_back_with_everything(session: Session) -> None:
    snapshot = a_snapshot(
        attachments=(Attachment(url=FILE, label="附件"),),
        hints=Hints(title="征求意见", published=DAY_1, comment_deadline=DAY_1 + 20 * DAY),
        headers=(("x", "1"), ("x", "2"), ("last-modified", "Wed, 08 May 2024 09:00:00 GMT")),
        final_url="https://cn-miit.example/draft?x=1",
    )
    assert snapshots.save(session, snapshot).is_new
    stored = snapshots.latest(session, "cn-miit", PAGE)
    assert stored is not None
    assert stored.snapshot == snapshot
    assert (stored.etag, stored.last_modified) == (None, "Wed, 08 May 2024 09:00:00 GMT")
    assert stored.read_at is None


def test_unchanged_bytes_make_no_row_but_renew_time_and_validators(session: Session) -> None:
    first = snapshots.save(session, a_snapshot())
    again = snapshots.save(session, a_snapshot(at=DAY_1 + DAY, headers=(("etag", '"new"'),)))
    assert (again.id, again.is_new) == (first.id, False)
    stored = snapshots.latest(session, "cn-miit", PAGE)
    assert stored is not None
    assert stored.etag == '"new"'
    assert stored.last_confirmed_at == DAY_1 + DAY
    assert stored.snapshot.fetched_at == DAY_1
    assert stored.snapshot.header("etag") == '"0"'


def test_bytes_that_return_after_others_are_new(session: Session) -> None:
    ids = [snapshots.save(session, a_snapshot(body)).id for body in "010"]
    assert len(set(ids)) == 3
    stored = snapshots.latest(session, "cn-miit", PAGE)
    assert stored is not None
    assert stored.id == ids[2]


def test_a_304_renews_the_time_only_of_what_is_known(session: Session) -> None:
    snapshots.save(session, a_snapshot())
    assert snapshots.confirm(session, "cn-miit", PAGE, at=DAY_1 + DAY)
    assert not snapshots.confirm(session, "cn-miit", "https://cn-miit.example/other", at=DAY_1)
    stored = snapshots.latest(session, "cn-miit", PAGE)
    assert stored is not None
    assert stored.last_confirmed_at == DAY_1 + DAY


def test_known_pages_are_those_seen_since_without_attachments(session: Session) -> None:
    snapshots.save(session, a_snapshot(url="https://cn-miit.example/old"))
    snapshots.save(session, a_snapshot(url=PAGE, at=DAY_1 + DAY))
    snapshots.save(session, a_snapshot(url=FILE, page_url=PAGE, at=DAY_1 + DAY))
    assert snapshots.known_pages(session, "cn-miit", since=DAY_1 + DAY) == {PAGE}
    assert snapshots.known_pages(session, "cn-miit", since=DAY_1) == {PAGE, "https://cn-miit.example/old"}
    assert snapshots.known_pages(session, "other", since=DAY_1) == frozenset()


def pending(session: Session) -> tuple[tuple[str, str], ...]:
    return snapshots.pending_pages(session, limit=10)


def read(session: Session, *, at: datetime = DAY_1) -> None:
    found = snapshots.page_with_attachments(session, "cn-miit", PAGE)
    snapshots.mark_read(session, "cn-miit", PAGE, up_to_id=max(each.id for each in found), at=at)


def test_a_page_is_pending_until_read_and_again_when_its_attachment_changes(session: Session) -> None:
    snapshots.save(session, a_snapshot(attachments=(Attachment(url=FILE, label="pdf"),)))
    snapshots.save(session, a_snapshot("1", url=FILE, page_url=PAGE))
    assert pending(session) == (("cn-miit", PAGE),)
    read(session)
    assert pending(session) == ()
    snapshots.save(session, a_snapshot("1", url=FILE, page_url=PAGE))
    assert pending(session) == ()
    snapshots.save(session, a_snapshot("2", url=FILE, page_url=PAGE))
    assert pending(session) == (("cn-miit", PAGE),)


def test_bytes_that_arrive_while_the_page_is_read_stay_pending(session: Session) -> None:
    first = snapshots.save(session, a_snapshot("0"))
    snapshots.save(session, a_snapshot("1"))
    snapshots.mark_read(session, "cn-miit", PAGE, up_to_id=first.id, at=DAY_1)
    assert pending(session) == (("cn-miit", PAGE),)


def test_a_page_comes_with_the_newest_bytes_of_its_present_attachments_in_order(session: Session) -> None:
    other = "https://cn-miit.example/other.docx"
    links = (
        Attachment(url=other, label="b"),
        Attachment(url=FILE, label="a"),
        Attachment(url="https://x/gone", label="c"),
    )
    snapshots.save(session, a_snapshot(attachments=links))
    snapshots.save(session, a_snapshot("1", url=FILE, page_url=PAGE))
    snapshots.save(session, a_snapshot("2", url=FILE, page_url=PAGE))
    snapshots.save(session, a_snapshot("3", url=other, page_url=PAGE))
    snapshots.save(session, a_snapshot("4", url="https://cn-miit.example/former.pdf", page_url=PAGE))
    found = snapshots.page_with_attachments(session, "cn-miit", PAGE)
    assert [each.snapshot.sha256[0] for each in found] == ["0", "3", "2"]
    assert snapshots.page_with_attachments(session, "cn-miit", "https://x/never") == ()


def test_snapshots_can_be_put_back_to_be_read_again(session: Session) -> None:
    saved = snapshots.save(session, a_snapshot())
    read(session)
    snapshots.mark_unread(session, [saved.id])
    assert pending(session) == (("cn-miit", PAGE),)
