from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from limen.domain.change import Difference
from limen.domain.diff import diff
from limen.domain.document import Stage
from limen.domain.requirement import Requirement
from limen.store.errors import NotStored
from limen.store.records import StoredRequirement, StoredVersion
from limen.store.repositories import changes, documents, instruments, readings
from limen.store.tables import NoteRow
from tests.unit.store.samples import DAY, DAY_1, a_requirement, a_version, keep

OLD = "Cells: energy density at least 160 Wh/kg. Packs: energy density at least 120 Wh/kg. Cycle life at least 1000 cycles."
NEW = (
    "Cells: energy density at least 165 Wh/kg. Packs: energy density at least 0.12 kWh/kg. "
    "Cycle life at least 1000 cycles. Power at least 500 W/kg."
)


def of(text: str, cells: str, packs: str, unit: str, *, with_power: bool = False) -> list[Requirement]:
    found = [
        a_requirement(text, f"at least {cells} Wh/kg", cells, "Wh/kg", subject="cells"),
        a_requirement(text, f"at least {packs} {unit}", packs, unit, subject="packs"),
        a_requirement(text, "at least 1000 cycles", "1000", "cycle", metric="cycle life"),
    ]
    if with_power:
        found.append(a_requirement(text, "at least 500 W/kg", "500", "W/kg", metric="power density"))
    return found


Side = tuple[StoredVersion, tuple[StoredRequirement, ...]]


@pytest.fixture
def sides(session: Session) -> tuple[Side, Side]:
    old = keep(session, a_version(OLD, title="Draft"), *of(OLD, "160", "120", "Wh/kg"))
    new = keep(
        session, a_version(NEW, title="Revised", at=DAY_1 + DAY), *of(NEW, "165", "0.12", "kWh/kg", with_power=True)
    )
    return old, new


def difference(old: Side, new: Side) -> Difference:
    return diff([each.requirement for each in old[1]], [each.requirement for each in new[1]])


def test_an_alert_comes_back_as_it_was_found(session: Session, sides: tuple[Side, Side]) -> None:
    old, new = sides
    found = difference(old, new)
    rule = instruments.add(session, title="The rule", jurisdiction="CN", language="en", at=DAY_1)
    saved = changes.save(
        session,
        old_version_id=old[0].id,
        new_version_id=new[0].id,
        difference=found,
        detected_at=DAY_1,
        instrument_id=rule.id,
    )
    alert = changes.alert(session, saved.id)
    assert alert.changes == found.changes
    assert [change.kind.value for change in alert.changes] == ["value_changed", "added"]
    assert len(saved.change_ids) == 2
    assert (alert.instrument, alert.old.title, alert.new.title) == ("The rule", "Draft", "Revised")
    assert (alert.source.id, alert.new.stage, alert.detected_at) == ("cn-miit", Stage.DRAFT, DAY_1)
    assert session.scalar(select(func.count()).select_from(NoteRow)) == len(found.notes) == 1
    assert documents.pending_comparison(session, limit=9) == (documents.by_id(session, old[0].id),)


def test_paired_requirements_inherit_their_key_and_added_ones_do_not(
    session: Session, sides: tuple[Side, Side]
) -> None:
    old, new = sides
    changes.save(
        session,
        old_version_id=old[0].id,
        new_version_id=new[0].id,
        difference=difference(old, new),
        detected_at=DAY_1,
    )
    before = [each.key for each in old[1]]
    after = [each.key for each in readings.requirements(session, new[0].id)]
    assert after[:3] == before  # one changed, one restated, one the same
    assert after[3] not in before


def test_keys_of_what_says_the_same_twice_go_by_their_heading(session: Session) -> None:
    text = "A at least 5 g/t. B at least 5 g/t."
    one = a_requirement(text, "at least 5 g/t", "5", "g/tonne", section="A")
    two = a_requirement(text, "at least 5 g/t", "5", "g/tonne", section="B")
    old = keep(session, a_version(text), one, two)
    new = keep(session, a_version(text + " ", at=DAY_1 + DAY), two, one)
    changes.save(
        session,
        old_version_id=old[0].id,
        new_version_id=new[0].id,
        difference=difference(old, new),
        detected_at=DAY_1,
    )
    after = {each.requirement.section: each.key for each in readings.requirements(session, new[0].id)}
    assert after == {each.requirement.section: each.key for each in old[1]}


def test_the_same_comparison_is_saved_once(session: Session, sides: tuple[Side, Side]) -> None:
    old, new = sides
    first, second = (
        changes.save(
            session,
            old_version_id=old[0].id,
            new_version_id=new[0].id,
            difference=difference(old, new),
            detected_at=at,
        )
        for at in (DAY_1, DAY_1 + DAY)
    )
    assert first == second
    assert changes.alert(session, first.id).detected_at == DAY_1


def test_a_requirement_that_was_never_read_is_refused(session: Session, sides: tuple[Side, Side]) -> None:
    old, new = sides
    with pytest.raises(NotStored, match="requirement of version"):
        changes.save(
            session,
            old_version_id=new[0].id,
            new_version_id=old[0].id,
            difference=difference(old, new),
            detected_at=DAY_1,
        )


def test_an_unknown_comparison_is_named(session: Session) -> None:
    with pytest.raises(NotStored, match="no comparison 3 "):
        changes.alert(session, 3)


SPLIT = (
    "Power cells: energy density at least 180 Wh/kg.",
    "Power cells of iron phosphate: energy density at least 180 Wh/kg. Ternary power cells: energy density at least 200 Wh/kg.",
    "Ternary power cells: energy density at least 210 Wh/kg. Power cells of iron phosphate: energy density at least 180 Wh/kg.",
    "Power cells of iron phosphate: energy density at least 0.18 kWh/kg. Ternary power cells: energy density at least 210 Wh/kg.",
)


def limits(text: str) -> list[Requirement]:
    """Return the limits of a text of `SPLIT`, each with the words before it as its subject."""
    found = []
    for sentence in text.removesuffix(".").split(". "):
        subject, _, rest = sentence.partition(": ")
        quote = rest.removeprefix("energy density ")
        value, unit = quote.removeprefix("at least ").split(" ")
        start = text.index(sentence)
        one = a_requirement(text[start:], quote, value, unit, subject=subject)
        found.append(
            replace(one, evidence=replace(one.evidence, start=one.evidence.start + start, end=one.evidence.end + start))
        )
    return found


def compare(session: Session, old: Side, new: Side) -> None:
    texts = {"old_text": old[0].version.text, "new_text": new[0].version.text}
    found = diff([each.requirement for each in old[1]], [each.requirement for each in new[1]], **texts)
    changes.save(session, old_version_id=old[0].id, new_version_id=new[0].id, difference=found, detected_at=DAY_1)


def keys(session: Session, side: Side) -> dict[str | None, str]:
    return {each.requirement.subject: each.key for each in readings.requirements(session, side[0].id)}


def test_the_half_of_a_split_limit_that_keeps_its_number_keeps_its_key(session: Session) -> None:
    sides = [
        keep(session, a_version(text, at=DAY_1 + number * DAY), *limits(text)) for number, text in enumerate(SPLIT)
    ]
    for old, new in pairwise(sides):
        compare(session, old, new)
    first, *later = (keys(session, side) for side in sides)
    whole, phosphate, ternary = "Power cells", "Power cells of iron phosphate", "Ternary power cells"
    assert [each[phosphate] for each in later] == [first[whole]] * 3
    assert len({each[ternary] for each in later}) == 1
    assert later[0][ternary] != first[whole]


def test_a_comparison_that_is_made_late_passes_its_keys_on(session: Session) -> None:
    """The second and third version were compared before a join gave the second one a text before it."""
    sides = [
        keep(session, a_version(text, at=DAY_1 + number * DAY), *limits(text)) for number, text in enumerate(SPLIT)
    ]
    for old, new in pairwise(sides[1:]):
        compare(session, old, new)
    ternary = keys(session, sides[1])["Ternary power cells"]
    compare(session, sides[0], sides[1])
    first, *later = (keys(session, side) for side in sides)
    assert [each["Power cells of iron phosphate"] for each in later] == [first["Power cells"]] * 3
    assert [each["Ternary power cells"] for each in later] == [ternary] * 3
