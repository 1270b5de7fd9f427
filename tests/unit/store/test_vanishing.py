from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from limen.domain.fetched import Confirmed
from limen.domain.snapshot import Attachment, Snapshot
from limen.store import queries
from limen.store.records import StoredSnapshot
from limen.store.repositories import snapshots, vanishing
from limen.store.repositories.vanishing import SECOND_VISIT
from tests.unit.store.samples import DAY, DAY_1, a_snapshot, a_version, keep

PAGE = "https://cn-miit.example/draft"
FILE = "https://cn-miit.example/draft.pdf"
SOURCE = "cn-miit"
TEXT = "7" * 64


def stored(session: Session, url: str = PAGE) -> StoredSnapshot:
    found = snapshots.latest(session, SOURCE, url)
    assert found is not None
    return found


def gone_at(session: Session) -> object:
    session.expire_all()
    (entry,) = queries.documents(session)
    return entry.gone_at


def pending(session: Session) -> tuple[tuple[str, str], ...]:
    return snapshots.pending_pages(session, limit=10)


def read(session: Session) -> None:
    snapshots.mark_read(session, SOURCE, PAGE, up_to_id=10**6, at=DAY_1)


def test_a_page_is_gone_at_the_second_visit_that_finds_it_gone_and_once(session: Session) -> None:
    keep(session, a_version("text"))
    snapshots.save(session, a_snapshot())
    assert not snapshots.miss(session, SOURCE, PAGE, at=DAY_1)
    assert (stored(session).missing_since, stored(session).gone_at) == (DAY_1, None)
    assert not snapshots.miss(session, SOURCE, PAGE, at=DAY_1 + SECOND_VISIT - timedelta(seconds=1))
    assert gone_at(session) is None
    assert snapshots.miss(session, SOURCE, PAGE, at=DAY_1 + SECOND_VISIT)
    assert (stored(session).missing_since, stored(session).gone_at) == (DAY_1, DAY_1 + SECOND_VISIT)
    assert gone_at(session) == DAY_1 + SECOND_VISIT
    assert not snapshots.miss(session, SOURCE, PAGE, at=DAY_1 + DAY)
    assert gone_at(session) == DAY_1 + SECOND_VISIT


def test_what_was_never_fetched_cannot_be_missed(session: Session) -> None:
    assert not snapshots.miss(session, SOURCE, PAGE, at=DAY_1)


def test_a_page_that_answers_between_two_visits_is_not_gone(session: Session) -> None:
    snapshots.save(session, a_snapshot())
    snapshots.miss(session, SOURCE, PAGE, at=DAY_1)
    snapshots.confirm(session, SOURCE, [Confirmed(url=PAGE, at=DAY_1 + DAY)])
    assert stored(session).missing_since is None
    assert not snapshots.miss(session, SOURCE, PAGE, at=DAY_1 + 2 * DAY)


def test_a_page_that_returns_unchanged_or_with_other_bytes_is_not_gone_any_more(session: Session) -> None:
    keep(session, a_version("text"))
    snapshots.save(session, a_snapshot())
    for body in ("0", "1"):
        snapshots.miss(session, SOURCE, PAGE, at=DAY_1)
        assert snapshots.miss(session, SOURCE, PAGE, at=DAY_1 + DAY)
        assert gone_at(session) == DAY_1 + DAY
        snapshots.save(session, a_snapshot(body, at=DAY_1 + 2 * DAY))
        assert gone_at(session) is None
        assert (stored(session).missing_since, stored(session).gone_at) == (None, None)


def test_an_attachment_that_is_gone_leaves_its_document_where_it_is(session: Session) -> None:
    keep(session, a_version("text"))
    snapshots.save(session, a_snapshot())
    snapshots.save(session, a_snapshot("1", url=FILE, page_url=PAGE))
    snapshots.miss(session, SOURCE, FILE, at=DAY_1)
    assert snapshots.miss(session, SOURCE, FILE, at=DAY_1 + DAY)
    assert gone_at(session) is None


def test_bytes_that_are_put_by_are_read_again_when_they_are_seen_again(session: Session) -> None:
    saved = snapshots.save(session, a_snapshot())
    snapshots.save(session, a_snapshot("1", url="https://cn-miit.example/other"))
    read(session)
    vanishing.hold(session, [saved.id], text_sha256=TEXT, at=DAY_1)
    session.expire_all()
    assert vanishing.held_pages(session, SOURCE) == (PAGE,)
    assert (SOURCE, PAGE) not in pending(session)
    for again in (
        lambda: snapshots.confirm(session, SOURCE, [Confirmed(url=PAGE, at=DAY_1 + DAY)]),
        lambda: snapshots.save(session, a_snapshot(at=DAY_1 + DAY)),
    ):
        again()
        assert (SOURCE, PAGE) in pending(session)
        assert stored(session).held_at == DAY_1
        read(session)
        session.expire_all()
    vanishing.release(session, SOURCE, PAGE)
    session.expire_all()
    assert vanishing.held_text(session, SOURCE, PAGE) is None
    snapshots.confirm(session, SOURCE, [Confirmed(url=PAGE, at=DAY_1 + DAY)])
    assert (SOURCE, PAGE) not in pending(session)


def test_a_hold_is_on_the_page_also_where_it_is_an_attachment_that_is_put_by(session: Session) -> None:
    snapshots.save(session, a_snapshot(attachments=(Attachment(url=FILE, label="pdf"),)))
    saved = snapshots.save(session, a_snapshot("1", url=FILE, page_url=PAGE))
    vanishing.hold(session, [saved.id], text_sha256=TEXT, at=DAY_1)
    # Bytes that have been replaced meanwhile are put by all the same.
    snapshots.save(session, a_snapshot("2", url=FILE, page_url=PAGE))
    assert vanishing.held_text(session, SOURCE, PAGE) == TEXT
    assert vanishing.held_pages(session, SOURCE) == (PAGE,)
    assert vanishing.held_text(session, "other", PAGE) is None
    vanishing.release(session, SOURCE, PAGE)
    assert vanishing.held_pages(session, SOURCE) == ()


def test_an_attachment_is_lost_when_it_is_linked_no_more_and_nothing_took_its_place(session: Session) -> None:
    def link(*urls: str) -> Snapshot:
        return a_snapshot("f", attachments=tuple(Attachment(url=url, label="") for url in urls))

    pdf, other = FILE, "https://cn-miit.example/other.pdf"
    snapshots.save(session, a_snapshot("1", url=pdf, page_url=PAGE))
    version = a_version("text", snapshots=("b" * 64, "1" * 64))
    assert not vanishing.lost_attachments(session, version, present=[link(pdf)])
    assert vanishing.lost_attachments(session, version, present=[link()]) == {"1" * 64}
    # New bytes at its address, another file in its place, the same file elsewhere.
    newer = a_snapshot("2", url=pdf, page_url=PAGE)
    assert not vanishing.lost_attachments(session, version, present=[link(pdf), newer])
    assert not vanishing.lost_attachments(session, version, present=[link(other)])
    same = a_snapshot("1", url=other, page_url=PAGE)
    assert not vanishing.lost_attachments(session, version, present=[link(other), same])
    two = a_version("text", snapshots=("b" * 64, "1" * 64, "3" * 64))
    assert vanishing.lost_attachments(session, two, present=[link(other)]) == {"1" * 64, "3" * 64}
