from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from limen.domain.change import Difference
from limen.domain.document import Stage
from limen.domain.source import DocumentClass
from limen.store.errors import NotStored
from limen.store.repositories import changes, documents, instruments
from limen.store.repositories.documents import predecessor
from tests.unit.store.samples import DAY, DAY_1, a_version, keep

URL = "https://cn-miit.example/draft"


def test_a_version_comes_back_equal(session: Session) -> None:
    version = a_version("能量密度 ≥ 160 Wh/kg\n\n| a | b |\n", title="规范条件", published=DAY_1 - DAY, language="zh")
    stored, _ = keep(session, version)
    assert stored.version == version
    assert documents.by_id(session, stored.id) == stored
    assert documents.newest(session, "cn-miit", URL) == stored
    assert documents.newest(session, "cn-miit", "https://cn-miit.example/none") is None


def test_only_another_text_makes_a_version(session: Session) -> None:
    first = documents.add_version(session, a_version("one"))
    assert documents.add_version(session, a_version("one", at=DAY_1 + DAY, title="Another title")) is None
    second = documents.add_version(session, a_version("two", at=DAY_1 + DAY))
    third = documents.add_version(session, a_version("one", at=DAY_1 + 2 * DAY))
    assert [each and each.number for each in (first, second, third)] == [1, 2, 3]


def test_the_same_url_of_two_sources_is_two_documents(session: Session) -> None:
    one, _ = keep(session, a_version("one"))
    other, _ = keep(session, a_version("one", source_id="press"))
    assert one.document_id != other.document_id


@pytest.mark.parametrize(
    ("published", "expected"), [(None, DAY_1), (DAY_1 - 9 * DAY, DAY_1 - 9 * DAY), (DAY_1, DAY_1), (DAY_1 + DAY, DAY_1)]
)
def test_the_first_version_is_valid_from_its_publication_unless_that_lies_ahead(session, published, expected) -> None:  # type: ignore[no-untyped-def]
    stored = documents.add_version(session, a_version("one", published=published))
    assert stored is not None
    assert stored.valid_from == expected


def test_a_later_version_is_valid_from_its_fetch(session: Session) -> None:
    documents.add_version(session, a_version("one", published=DAY_1 - DAY))
    stored = documents.add_version(session, a_version("two", published=DAY_1 - DAY, at=DAY_1 + DAY))
    assert stored is not None
    assert stored.valid_from == DAY_1 + DAY


def test_versions_wait_for_extraction_then_for_comparison(session: Session) -> None:
    stored = documents.add_version(session, a_version("waiting"))
    assert stored is not None
    assert [each.id for each in documents.pending_extraction(session, limit=5)] == [stored.id]
    assert documents.pending_comparison(session, limit=5) == ()
    read, _ = keep(session, a_version("read", url="https://cn-miit.example/2"))
    assert [each.id for each in documents.pending_comparison(session, limit=5)] == [read.id]
    documents.mark_compared(session, read.id, at=DAY_1)
    assert documents.pending_comparison(session, limit=5) == ()


def test_a_newer_extractor_finds_what_the_older_one_read(session: Session) -> None:
    keep(session, a_version("read"), extractor_version="1")
    assert documents.pending_extraction(session, limit=5, extractor_version="1") == ()
    assert len(documents.pending_extraction(session, limit=5, extractor_version="2")) == 1


def test_a_text_on_which_the_extractor_fails_is_tried_a_few_times_and_again_by_the_next_one(session: Session) -> None:
    stored = documents.add_version(session, a_version("hostile"))
    assert stored is not None

    def waits(extractor: str) -> bool:
        return documents.pending_extraction(session, limit=5, given_up_by=extractor) != ()

    for tries in range(1, documents.MOST_TRIES + 1):
        assert waits("1")
        assert documents.mark_failed(session, stored.id, extractor_version="1") == tries
    assert not waits("1")
    assert waits("2")
    assert documents.mark_failed(session, stored.id, extractor_version="2") == 1
    assert waits("2")
    assert len(documents.pending_extraction(session, limit=5)) == 1
    with pytest.raises(NotStored):
        documents.mark_failed(session, 999, extractor_version="1")


def test_the_predecessor_is_the_version_before(session: Session) -> None:
    first, _ = keep(session, a_version("one"))
    second, _ = keep(session, a_version("two", at=DAY_1 + DAY))
    third, _ = keep(session, a_version("three", at=DAY_1 + 2 * DAY))
    assert predecessor(session, first) is None
    assert [predecessor(session, each) for each in (second, third)] == [first, second]


def test_the_predecessor_of_the_final_text_is_the_newest_draft_of_the_instrument(session: Session) -> None:
    keep(session, a_version("draft"))
    revised, _ = keep(session, a_version("revised draft", at=DAY_1 + DAY))
    news, _ = keep(
        session,
        a_version("report", url="https://press.example/1", at=DAY_1 + 2 * DAY, document_class=DocumentClass.NEWS),
    )
    final, _ = keep(
        session,
        a_version("final", url="https://cn-miit.example/final", at=DAY_1 + 3 * DAY, document_class=DocumentClass.FINAL),
    )
    rule = instruments.add(session, title="Rule", jurisdiction="CN", language="zh", at=DAY_1)
    for stored in (revised, news, final):
        instruments.attach_document(session, stored.document_id, rule.id)
    found = predecessor(session, documents.by_id(session, final.id))
    assert found is not None
    assert found.id == revised.id
    assert predecessor(session, documents.by_id(session, news.id)) is None


def test_an_older_document_that_is_found_later_has_no_predecessor_in_its_future(session: Session) -> None:
    rule = instruments.add(session, title="Rule", jurisdiction="CN", language="zh", at=DAY_1)
    final, _ = keep(session, a_version("final", url="https://cn-miit.example/final", published=DAY_1 - DAY))
    draft, _ = keep(session, a_version("draft", at=DAY_1 + DAY, published=DAY_1 - 90 * DAY))
    for stored in (final, draft):
        instruments.attach_document(session, stored.document_id, rule.id)
    assert predecessor(session, documents.by_id(session, draft.id)) is None
    found = predecessor(session, documents.by_id(session, final.id))
    assert found is not None
    assert found.id == draft.id


def test_a_text_in_another_language_is_no_predecessor(session: Session) -> None:
    rule = instruments.add(session, title="Rule", jurisdiction="CN", language="en", at=DAY_1)
    translated, _ = keep(session, a_version("草案", url="https://cn-miit.example/zh"), language="zh")
    final, _ = keep(session, a_version("final", at=DAY_1 + DAY))
    for stored in (translated, final):
        instruments.attach_document(session, stored.document_id, rule.id)
    assert predecessor(session, documents.by_id(session, final.id)) is None


def test_an_amendment_is_compared_with_its_own_draft_and_never_with_the_whole_text(session: Session) -> None:
    rule = instruments.add(session, title="Mine Dust Rules", jurisdiction="CN", language="en", at=DAY_1)
    texts = (
        ("Mine Dust Rules", DocumentClass.FINAL, Stage.FINAL),
        ("Draft of the Rules Amending the Mine Dust Rules", DocumentClass.DRAFT, Stage.DRAFT),
        ("Rules Amending the Mine Dust Rules", DocumentClass.FINAL, Stage.FINAL),
        ("Rules Amending the Mine Dust Rules", DocumentClass.FINAL, Stage.FINAL),
        ("Mine Dust Rules, 2025 edition", DocumentClass.FINAL, Stage.FINAL),
    )
    kept = []
    for number, (title, kind, stage) in enumerate(texts):
        version = a_version(f"{number}", url=f"u{number}", title=title, document_class=kind, at=DAY_1 + number * DAY)
        kept.append(keep(session, version, stage=stage)[0])
        instruments.attach_document(session, kept[-1].document_id, rule.id)
    before = [predecessor(session, documents.by_id(session, each.id)) for each in kept]
    whole, draft, *_ = kept
    # the second amendment is no new version of the first
    assert [each and each.id for each in before] == [None, None, draft.id, None, whole.id]


def test_reopened_is_what_was_never_compared_and_has_something_before_it(session: Session) -> None:
    rule = instruments.add(session, title="Rule", jurisdiction="CN", language="en", at=DAY_1)
    kept = [
        keep(session, a_version(f"text {number}", url=f"u{number}", at=DAY_1 + number * DAY))[0] for number in range(3)
    ]
    stranger, _ = keep(session, a_version("stranger", url="u9", at=DAY_1 + 9 * DAY))
    for stored in kept:
        instruments.attach_document(session, stored.document_id, rule.id)
    changes.save(
        session,
        old_version_id=kept[0].id,
        new_version_id=kept[1].id,
        difference=Difference(changes=(), notes=()),
        detected_at=DAY_1,
    )
    for stored in (*kept, stranger):
        documents.mark_compared(session, stored.id, at=DAY_1)
    assert documents.reopen(session, rule.id) == 1
    assert [each.id for each in documents.pending_comparison(session, limit=9)] == [kept[2].id]


def test_an_unknown_id_is_named(session: Session) -> None:
    with pytest.raises(NotStored, match="no document version 77 "):
        documents.by_id(session, 77)
    with pytest.raises(NotStored, match="no document version 77 "):
        documents.mark_compared(session, 77, at=DAY_1)


def test_a_version_without_an_attachment_is_no_predecessor_of_one_that_has_it(session: Session) -> None:
    """The file server was down on the second day: the third version is compared with the first, which had the file."""
    first, _ = keep(session, a_version("page and rule"))
    second, _ = keep(session, a_version("page", at=DAY_1 + DAY, unread=("https://x.example/rule.pdf",)))
    third, _ = keep(session, a_version("page and new rule", at=DAY_1 + 2 * DAY))
    assert second.version.unread == ("https://x.example/rule.pdf",)
    for version in (second, third):
        before = predecessor(session, version)
        assert before is not None
        assert before.id == first.id


def test_without_a_complete_predecessor_the_newest_one_serves(session: Session) -> None:
    first, _ = keep(session, a_version("page", unread=("https://x.example/rule.pdf",)))
    second, _ = keep(session, a_version("page and rule", at=DAY_1 + DAY))
    before = predecessor(session, second)
    assert before is not None
    assert before.id == first.id


def test_a_version_that_was_not_extracted_is_no_predecessor(session: Session) -> None:
    keep(session, a_version("one"))
    documents.add_version(session, a_version("two", at=DAY_1 + DAY))
    third, _ = keep(session, a_version("three", at=DAY_1 + 2 * DAY))
    before = predecessor(session, third)
    assert before is not None
    assert before.number == 1
