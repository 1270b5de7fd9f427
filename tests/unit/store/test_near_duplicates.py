from __future__ import annotations

from sqlalchemy import event
from sqlalchemy.orm import Session

from limen.domain.source import DocumentClass
from limen.store import queries
from limen.store.pieces import AT_ONCE
from limen.store.records import StoredVersion
from limen.store.repositories import near_duplicates
from limen.store.repositories.near_duplicates import SignedDocument
from tests.unit.store.samples import DAY, DAY_1, a_version, keep


def document(session: Session, name: str, text: str = "a", *, day: int = 0) -> StoredVersion:
    version, _ = keep(session, a_version(text, url=f"https://cn-miit.example/{name}", at=DAY_1 + day * DAY))
    return version


def resembles(first: SignedDocument, second: SignedDocument) -> bool:
    """Two documents resemble each other if their signatures share a letter."""
    return bool(set(first.signature) & set(second.signature))


def sign(session: Session, version: StoredVersion, letters: str) -> int:
    near_duplicates.save(session, version, signature=letters.encode(), bands=[f"{letter}" for letter in letters])
    return near_duplicates.join(session, version.document_id, resembles=resembles)


def groups(session: Session) -> list[set[str]]:
    found = queries.duplicates(session)
    assert [group.id for group in found] == [group.members[0].document_id for group in found]
    return [{member.url[-1] for member in group.members} for group in found]


def pending(session: Session) -> list[int]:
    return [version.id for version in near_duplicates.pending(session, limit=10)]


def test_a_document_is_pending_until_its_newest_text_is_signed(session: Session) -> None:
    first, other = document(session, "a"), document(session, "b")
    assert pending(session) == [first.id, other.id]
    sign(session, first, "x")
    assert pending(session) == [other.id]
    newer, newest = document(session, "a", "b", day=1), document(session, "a", "c", day=2)
    assert pending(session) == [other.id, newest.id]
    sign(session, newer, "x")
    assert pending(session) == [other.id, newest.id]
    sign(session, newest, "x")
    assert pending(session) == [other.id]
    assert near_duplicates.pending(session, limit=10)[0].version.text == "a"


def test_signing_twice_changes_nothing(session: Session) -> None:
    first, other = document(session, "a"), document(session, "b")
    for _ in range(2):
        assert sign(session, first, "xy") == first.document_id
        assert sign(session, other, "xz") == first.document_id
    assert groups(session) == [{"a", "b"}]


def test_candidates_share_a_band_at_the_same_place_the_nearest_first(session: Session) -> None:
    first, second, third, fourth = (document(session, name) for name in "abcd")
    for version, bands in ((first, "pqr"), (second, "pxx"), (third, "pqx"), (fourth, "qrp")):
        near_duplicates.save(session, version, signature=b"s", bands=bands)
    found = near_duplicates.candidates(session, first.document_id)
    assert [each.document_id for each in found] == [third.document_id, second.document_id]
    assert found[0] == SignedDocument(document_id=third.document_id, document_class=DocumentClass.DRAFT, signature=b"s")


def test_a_document_that_resembles_members_of_two_groups_makes_them_one(session: Session) -> None:
    versions = {name: document(session, name) for name in "abcdef"}
    for name, letters in (("a", "x"), ("b", "x"), ("c", "_y"), ("d", "_y"), ("e", "__z")):
        near_duplicates.save(session, versions[name], signature=letters.strip("_").encode(), bands=letters)
        near_duplicates.join(session, versions[name].document_id, resembles=resembles)
    assert groups(session) == [{"c", "d"}, {"a", "b"}]
    near_duplicates.save(session, versions["f"], signature=b"xy", bands="xy")
    joined = near_duplicates.join(session, versions["f"].document_id, resembles=resembles)
    assert joined == versions["a"].document_id
    assert groups(session) == [{"a", "b", "c", "d", "f"}]
    entries = {entry.url[-1]: entry for entry in queries.documents(session)}
    assert entries["d"].group == tuple(versions[name].document_id for name in "abcdf")
    assert entries["e"].group == ()
    assert queries.duplicates(session, document_id=versions["e"].document_id) == ()
    (own,) = queries.duplicates(session, document_id=versions["d"].document_id)
    assert len(own.members) == 5


def test_of_more_groups_than_one_question_takes_the_members_are_found(session: Session) -> None:
    version = document(session, "a")
    sign(session, version, "x")
    counts = []

    @event.listens_for(session.get_bind(), "before_cursor_execute")
    def note(_connection: object, _cursor: object, _statement: str, parameters: tuple[object, ...], *_: object) -> None:
        counts.append(len(parameters))

    found = near_duplicates.members(session, [*range(50_000, 52_000), version.document_id, None])
    assert found == {version.document_id: (version.document_id,)}
    assert max(counts) <= AT_ONCE


def test_a_document_with_another_text_leaves_its_group(session: Session) -> None:
    for name in "abc":
        sign(session, document(session, name), "x")
    assert groups(session) == [{"a", "b", "c"}]
    # The smallest of the group, whose id the group bears.
    sign(session, document(session, "a", "other", day=1), "z")
    assert groups(session) == [{"b", "c"}]
    sign(session, document(session, "b", "other", day=1), "z")
    assert groups(session) == [{"a", "b"}]


def test_a_group_falls_apart_where_only_the_former_text_held_it_together(session: Session) -> None:
    first, second, bridge = (document(session, name) for name in "abc")
    near_duplicates.save(session, first, signature=b"x", bands=("x", "-a"))
    near_duplicates.save(session, second, signature=b"y", bands=("-b", "y"))
    near_duplicates.save(session, bridge, signature=b"xy", bands=("x", "y"))
    for version in (first, second, bridge):
        near_duplicates.join(session, version.document_id, resembles=resembles)
    assert groups(session) == [{"a", "b", "c"}]
    newer = document(session, "c", "other", day=1)
    near_duplicates.save(session, newer, signature=b"y", bands=("-c", "y"))
    near_duplicates.join(session, newer.document_id, resembles=resembles)
    assert groups(session) == [{"b", "c"}]


def test_a_text_too_short_to_judge_stands_alone_and_is_not_looked_at_again(session: Session) -> None:
    first, second = document(session, "a"), document(session, "b")
    for version in (first, second):
        near_duplicates.save(session, version, signature=b"", bands=())
        assert near_duplicates.join(session, version.document_id, resembles=resembles) == version.document_id
    assert pending(session) == []
    assert groups(session) == []
