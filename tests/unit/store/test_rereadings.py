"""Versions that read the bytes of others anew: their place, and what they take over."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from limen.domain.diff import diff
from limen.domain.document import Reading
from limen.domain.review import ReviewState
from limen.domain.snapshot import Attachment
from limen.store.errors import NotStored
from limen.store.records import StoredVersion
from limen.store.repositories import changes, documents, near_duplicates, readings, reviews, snapshots, sources
from limen.store.tables import ChangeRow, ComparisonRow, NoteRow
from tests.unit.store.samples import DAY, DAY_1, a_requirement, a_snapshot, a_source, a_version, keep

OLD = "Cells have an energy density of at least 160 Wh/kg."
NEW = "**Cells** have an energy density of at least 160 Wh/kg. Packs have one of at least 120 Wh/kg."
CELLS, AGAIN = (a_requirement(text, "at least 160 Wh/kg", "160", "Wh/kg", subject="cells") for text in (OLD, NEW))
PACKS = a_requirement(NEW, "at least 120 Wh/kg", "120", "Wh/kg", subject="packs")


def reread(session: Session, old: StoredVersion, text: str = NEW) -> StoredVersion:
    found = documents.add_rereading(session, old, a_version(text, at=old.version.fetched_at), reader_version="2")
    reading = Reading(language="en", requirements=(AGAIN, PACKS) if text == NEW else ())
    readings.save(session, found.id, reading, extractor_version="1", at=DAY_1)
    return documents.by_id(session, found.id)


def test_a_rereading_stands_right_behind_its_version(session: Session) -> None:
    first, _ = keep(session, a_version(OLD))
    second, _ = keep(session, a_version("Another text.", at=DAY_1 + DAY))
    third, _ = keep(session, a_version("A third text.", at=DAY_1 + 2 * DAY))
    found = reread(session, first)
    assert (found.number, found.rereads, found.reader_version) == (2, first.id, "2")
    assert (found.valid_from, found.version.fetched_at) == (first.valid_from, first.version.fetched_at)
    assert [documents.by_id(session, each.id).number for each in (second, third)] == [3, 4]
    assert documents.predecessor(session, documents.by_id(session, second.id)) == found
    newest = documents.newest(session, first.version.source_id, first.version.url)
    assert newest is not None
    assert newest.id == third.id
    assert [each.id for each in near_duplicates.pending(session, limit=9)] == [third.id]


def test_the_last_of_several_rereadings(session: Session) -> None:
    first, _ = keep(session, a_version(OLD))
    assert documents.rereading(session, first) is None
    second = reread(session, first)
    third = reread(session, second, "Cells need 160 Wh/kg.")
    assert documents.rereading(session, first) == third
    assert documents.rereading(session, second) == third
    assert documents.rereading(session, third) is None


def test_keys_and_decisions_are_taken_over_and_no_change_is_kept(session: Session) -> None:
    first, _ = keep(session, a_version(OLD))
    (stored,) = readings.save(
        session,
        first.id,
        Reading(language="en", requirements=(CELLS,)),
        extractor_version="1",
        at=DAY_1,
        review_below=2,
    )
    reviews.decide(session, stored.mark, ReviewState.REJECTED, at=DAY_1)
    found = reread(session, first)
    changes.take_over(
        session,
        old_version_id=first.id,
        new_version_id=found.id,
        difference=diff([CELLS], [AGAIN, PACKS], old_text=OLD, new_text=NEW),
        at=DAY_1,
    )
    cells, packs = readings.requirements(session, found.id)
    assert (cells.key, cells.review) == (stored.key, ReviewState.REJECTED)
    assert cells.mark != stored.mark
    assert packs.key != stored.key
    assert packs.review is None
    for table in (ComparisonRow, ChangeRow, NoteRow):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    assert documents.by_id(session, found.id).compared_at == DAY_1


def test_what_other_readers_and_extractors_read(session: Session) -> None:
    first, _ = keep(session, a_version(OLD))
    document = first.document_id

    def outdated(reader: str = "1", extractor: str = "1") -> tuple[int, ...]:
        return documents.outdated(session, reader_version=reader, extractor_version=extractor)

    assert outdated() == ()
    documents.mark_compared(session, first.id, at=DAY_1)
    assert outdated() == (document,)
    documents.mark_read_by(session, first.id, "1")
    assert outdated() == ()
    assert outdated(reader="2") == outdated(extractor="2") == (document,)
    assert documents.outdated(session, reader_version="2", extractor_version="1", source_id="other") == ()
    assert documents.outdated(session, reader_version="2", extractor_version="1", document_id=99) == ()
    second = documents.add_version(session, a_version("Another text.", at=DAY_1 + DAY), reader_version="1")
    assert second is not None
    assert outdated(extractor="2") == ()
    assert [each.id for each in documents.compared(session, document)] == [first.id]
    with pytest.raises(NotStored):
        documents.mark_read_by(session, 99, "1")


def test_a_text_is_known_by_its_letters_and_by_its_bytes(session: Session) -> None:
    first, _ = keep(session, a_version(OLD))
    other = ("c" * 64,)
    assert documents.has_text(session, first.document_id, a_version(OLD, snapshots=other))
    assert documents.has_text(session, first.document_id, a_version(NEW))
    assert not documents.has_text(session, first.document_id, a_version(NEW, snapshots=other))


def test_a_longer_quote_and_another_limit_keep_their_key_and_only_the_same_limit_its_decision(
    session: Session,
) -> None:
    text = f"{OLD} Packs have one of at least 120 Wh/kg."
    packs = a_requirement(text, "at least 120 Wh/kg", "120", "Wh/kg", subject="packs")
    version, _ = keep(session, a_version(text))
    before = readings.save(
        session,
        version.id,
        Reading(language="en", requirements=(CELLS, packs)),
        extractor_version="1",
        at=DAY_1,
        review_below=2,
    )
    for each in before:
        reviews.decide(session, each.mark, ReviewState.REJECTED, at=DAY_1)
    longer = a_requirement(text, "of at least 160 Wh/kg", "160", "Wh/kg", subject="cells")
    mended = a_requirement(text, "one of at least 120 Wh/kg", "121", "Wh/kg", subject="packs")
    after = readings.save(
        session,
        version.id,
        Reading(language="en", requirements=(longer, mended)),
        extractor_version="2",
        at=DAY_1,
    )
    assert [each.key for each in after] == [each.key for each in before]
    assert [each.review for each in readings.requirements(session, version.id)] == [ReviewState.REJECTED, None]


def test_the_fetches_of_a_version_with_the_labels_of_their_links(session: Session) -> None:
    sources.save(session, a_source())
    page, annex, twin = (f"https://cn-miit.example/{name}" for name in ("draft", "annex", "twin"))
    links = (Attachment(url=twin, label="Annex B"), Attachment(url=annex, label="Annex A"))
    snapshots.save(session, a_snapshot("1", url=page, attachments=links))
    for url in (annex, twin):
        snapshots.save(session, a_snapshot("2", url=url, page_url=page))
    snapshots.save(session, a_snapshot("3", url=page, at=DAY_1 + DAY))
    version = a_version(OLD, url=page, snapshots=("1" * 64, "2" * 64, "2" * 64))
    found = snapshots.of_version(session, version)
    assert [each.snapshot.url for each in found] == [page, twin, annex]
    labels = [snapshots.label_of(session, "cn-miit", page, each.snapshot.url) for each in found]
    assert labels == [None, "Annex B", "Annex A"]
    with pytest.raises(NotStored, match="snapshot"):
        snapshots.of_version(session, a_version(OLD, url=page, snapshots=("9" * 64,)))
