from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import event
from sqlalchemy.orm import Session

from limen.domain.fetched import Confirmed
from limen.domain.snapshot import Attachment, Hints
from limen.domain.source import DocumentClass
from limen.store.repositories import snapshots
from tests.unit.store.samples import DAY, DAY_1, a_snapshot

PAGE = "https://cn-miit.example/draft"
FILE = "https://cn-miit.example/draft.pdf"


def test_a_snapshot_comes_back_with_everything(session: Session) -> None:
    snapshot = a_snapshot(
        attachments=(Attachment(url=FILE, label="附件"),),
        hints=Hints(
            title="征求意见",
            published=DAY_1,
            comment_deadline=DAY_1 + 20 * DAY,
            document_class=DocumentClass.DRAFT,
            references=("RIN 2060-AU37",),
            effective_on=date(2024, 6, 18),
            opened=DAY_1,
            status="进行中",
            editorial=True,
        ),
        identity="cn-miit.example/draft",
        revision="2024-05-08",
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
    assert snapshots.confirm(session, "cn-miit", [Confirmed(url=PAGE, at=DAY_1 + DAY)]) == 1
    other = Confirmed(url="https://cn-miit.example/other", at=DAY_1)
    assert snapshots.confirm(session, "cn-miit", [other]) == 0
    stored = snapshots.latest(session, "cn-miit", PAGE)
    assert stored is not None
    assert stored.last_confirmed_at == DAY_1 + DAY


def test_pages_are_rechecked_that_changed_since_without_attachments_the_longest_unseen_first(session: Session) -> None:
    old = "https://cn-miit.example/old"
    snapshots.save(session, a_snapshot(url=old, identity="old", fetched_at=DAY_1))
    snapshots.save(session, a_snapshot(identity="page", fetched_at=DAY_1 + DAY))
    snapshots.save(session, a_snapshot(url=FILE, identity="file", page_url=PAGE, fetched_at=DAY_1 + DAY))
    found = snapshots.recheck(session, "cn-miit", changed_since=DAY_1, limit=10)
    assert found == (("old", old), ("page", PAGE))
    snapshots.confirm(session, "cn-miit", [Confirmed(url=old, at=DAY_1 + 2 * DAY)])
    assert snapshots.recheck(session, "cn-miit", changed_since=DAY_1, limit=1) == (("page", PAGE),)
    assert snapshots.recheck(session, "cn-miit", changed_since=DAY_1 + DAY, limit=10) == (("page", PAGE),)
    assert snapshots.recheck(session, "other", changed_since=DAY_1, limit=10) == ()
    seen_now = snapshots.recheck(session, "cn-miit", changed_since=DAY_1, unseen_since=DAY_1 + 2 * DAY, limit=10)
    assert seen_now == (("page", PAGE),)


def test_questions_for_many_pages_come_in_few_lengths(session: Session) -> None:
    # each length is a statement of its own, which the database driver keeps prepared
    asked = set()

    @event.listens_for(session.get_bind(), "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.add(statement)

    for count in range(1, 130):
        assert snapshots.known(session, "cn-miit", [str(number) for number in range(count)]) == {}
    assert len(asked) <= 9


def test_the_newest_bytes_are_known_by_identity(session: Session) -> None:
    snapshots.save(session, a_snapshot(identity="page", sha256="a" * 64))
    snapshots.save(session, a_snapshot(identity="page", sha256="b" * 64, url=PAGE, fetched_at=DAY_1 + DAY))
    known = snapshots.known(session, "cn-miit", ["page", "never"])
    assert [(name, each.sha256) for name, each in known.items()] == [("page", "b" * 64)]


def test_what_a_list_says_now_replaces_what_it_said_and_nothing_else(session: Session) -> None:
    snapshots.save(session, a_snapshot(hints=Hints(title="征求意见", status="open", comment_deadline=DAY_1 + DAY)))
    hints = Hints(status="closed")
    snapshots.confirm(session, "cn-miit", [Confirmed(url=PAGE, at=DAY_1 + DAY, hints=hints, revision="2", etag='"2"')])
    stored = snapshots.latest(session, "cn-miit", PAGE)
    assert stored is not None
    assert stored.snapshot.hints == Hints(title="征求意见", status="closed", comment_deadline=DAY_1 + DAY)
    assert (stored.snapshot.revision, stored.etag) == ("2", '"2"')


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


def test_a_file_that_changes_wakes_every_page_that_links_to_it_now(session: Session) -> None:
    pages = [f"https://cn-miit.example/{name}" for name in ("a", "b", "former", "other")]
    link = (Attachment(url=FILE, label="pdf"),)
    for number, page in enumerate(pages):
        snapshots.save(session, a_snapshot(str(number), url=page, attachments=() if page == pages[3] else link))
    snapshots.save(session, a_snapshot("5", url=pages[2]))
    snapshots.save(session, a_snapshot("6", url=FILE, page_url=pages[0]))
    for _ in range(2):
        for page in pages:
            snapshots.mark_read(session, "cn-miit", page, up_to_id=10**6, at=DAY_1)
        assert pending(session) == ()
        snapshots.save(session, a_snapshot("6", url=FILE, page_url=pages[1]))
        assert pending(session) == ()
        # Whichever page it was asked for this time.
        for body, asked_for in (("7", pages[1]), ("6", pages[0])):
            snapshots.save(session, a_snapshot(body, url=FILE, page_url=asked_for))
            assert [url for _, url in pending(session)] == pages[:2]


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
