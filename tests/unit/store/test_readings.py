from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from limen.domain.change import Change, ChangeKind, Difference, Direction
from limen.domain.document import Issuer, Reading, Stage
from limen.domain.entity import Entity, EntityLabel
from limen.domain.errors import EvidenceMismatch
from limen.domain.evidence import Evidence
from limen.domain.threshold import Comparator
from limen.store.errors import NotStored
from limen.store.repositories import changes, documents, readings
from limen.store.search.search import search
from limen.store.tables import DocumentVersionRow
from tests.unit.store.samples import DAY, DAY_1, a_requirement, a_version, keep

TEXT = "Cells shall reach at least 165 Wh/kg, packs 120 to 130.50 Wh/kg (MIIT)."
CELLS = a_requirement(
    TEXT, "at least 165 Wh/kg", "165", "Wh/kg", subject="cells", metric_id="energy_density", by="2027"
)
PACKS = a_requirement(TEXT, "120 to 130.50 Wh/kg", "120", "Wh/kg", op=Comparator.BETWEEN, value_max="130.50")


def test_a_reading_comes_back(session: Session) -> None:
    miit = Entity(label=EntityLabel.REGULATOR, canonical="MIIT", evidence=Evidence.of(TEXT, 66, 70))
    version = documents.add_version(session, a_version(TEXT, language="fr"))
    assert version is not None
    reading = Reading(
        language="en",
        requirements=(CELLS, PACKS),
        entities=(miit,),
        stage=Stage.DRAFT,
        comment_deadline=date(2024, 5, 30),
        effective_on=date(2024, 7, 1),
        references=("公告2024年第14号",),
    )
    readings.save(session, version.id, reading, extractor_version="7", at=DAY_1)
    found = readings.requirements(session, version.id)
    assert tuple(each.requirement for each in found) == (CELLS, PACKS)
    assert str(found[1].requirement.threshold.value_max) == "130.50"
    assert readings.entities(session, version.id) == (miit,)
    stored = documents.by_id(session, version.id)
    assert (stored.stage, stored.comment_deadline, stored.effective_on) == (
        *(Stage.DRAFT, date(2024, 5, 30), date(2024, 7, 1)),
    )
    assert (stored.references, stored.extractor_version, stored.version.language) == (("公告2024年第14号",), "7", "en")


def test_a_quote_that_does_not_stand_in_the_text_is_refused(session: Session) -> None:
    version = documents.add_version(session, a_version("Another text of some length, with no such sentence."))
    assert version is not None
    with pytest.raises(EvidenceMismatch):
        readings.save(
            session, version.id, Reading(language="en", requirements=(CELLS,)), extractor_version="1", at=DAY_1
        )
    assert readings.requirements(session, version.id) == ()


def test_a_text_altered_in_the_database_is_noticed(session: Session) -> None:
    version, _ = keep(session, a_version(TEXT), CELLS)
    session.execute(update(DocumentVersionRow).values(text=TEXT.replace("165", "160")))
    with pytest.raises(EvidenceMismatch, match="165"):
        readings.requirements(session, version.id)


def test_keys_differ_even_where_two_requirements_do_not(session: Session) -> None:
    _, saved = keep(session, a_version(TEXT), CELLS, PACKS, CELLS)
    assert len({each.key for each in saved}) == 3


def test_keys_depend_on_nothing_but_source_url_text_and_place(session: Session) -> None:
    keep(session, a_version("Something first, so that the ids differ.", url="https://cn-miit.example/0"))
    _, saved = keep(session, a_version(TEXT), CELLS)
    assert saved[0].key == "f32a3d8350c1f97c37783895"  # users keep keys: another one is a break


def test_reading_again_keeps_keys_and_replaces_the_rest(session: Session) -> None:
    version, before = keep(session, a_version(TEXT), CELLS, PACKS)
    reading = Reading(language="en", requirements=(PACKS,))
    after = readings.save(session, version.id, reading, extractor_version="2", at=DAY_1)
    assert [each.key for each in after] == [before[1].key]
    assert readings.requirements(session, version.id) == after
    assert search(session, "subject:cells").requirement_count == 0


def test_a_requirement_that_a_change_tells_of_is_kept_when_read_anew(session: Session) -> None:
    old, _ = keep(session, a_version("Nothing yet."))
    new, _ = keep(session, a_version(TEXT, at=DAY_1 + DAY), CELLS)
    added = Change(kind=ChangeKind.ADDED, direction=Direction.TIGHTENED, old=None, new=CELLS)
    saved = changes.save(
        session,
        old_version_id=old.id,
        new_version_id=new.id,
        difference=Difference(changes=(added,), notes=()),
        detected_at=DAY_1,
    )
    readings.save(session, new.id, Reading(language="en"), extractor_version="2", at=DAY_1)
    assert readings.requirements(session, new.id) == ()
    assert changes.alert(session, saved.id).changes == (added,)


def test_an_unknown_version_is_named(session: Session) -> None:
    with pytest.raises(NotStored, match="no document version 5 "):
        readings.save(session, 5, Reading(language="en"), extractor_version="1", at=DAY_1)
    with pytest.raises(NotStored, match="no document version 5 "):
        readings.requirements(session, 5)


def test_what_a_document_says_of_itself_is_kept(session: Session) -> None:
    version, _ = keep(session, a_version("A text."))
    reading = Reading(
        language="en",
        issued_by=(Issuer(name="the Ministry", canonical="MIIT"), Issuer(name="Mine Board")),
        replaces=("Announcement No. 5 of 2021",),
        repeals=("Mining Act",),
    )
    readings.save(session, version.id, reading, extractor_version="2", at=DAY_1)
    found = documents.by_id(session, version.id)
    assert (found.issued_by, found.replaces, found.repeals) == (reading.issued_by, reading.replaces, reading.repeals)
