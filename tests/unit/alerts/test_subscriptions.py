from __future__ import annotations

import pytest

from limen.alerts.errors import InvalidAlertSetting
from limen.alerts.subscriptions import Subscription, select, select_events
from limen.domain.change import ChangeKind, Direction
from limen.domain.document_event import EventKind
from tests.unit.alerts.builders import (
    ADDED,
    BECAME_FINAL,
    CONTRADICTED,
    EXTENDED,
    LOOSENED,
    TIGHTENED,
    alert,
    change,
    event_alert,
    press_number,
    requirement,
)


def subscription(**filters: object) -> Subscription:
    return Subscription(name="batteries", emails=("analyst@example.org",), **filters)  # type: ignore[arg-type]


def test_without_filters_every_change_is_selected_in_order() -> None:
    assert select(subscription(), alert()) == (LOOSENED, TIGHTENED, ADDED)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"jurisdictions": ("cn",)}, (LOOSENED, TIGHTENED, ADDED)),
        ({"jurisdictions": ("EU", "US")}, ()),
        ({"sources": ("cn-miit-yjzj",)}, (LOOSENED, TIGHTENED, ADDED)),
        ({"sources": ("cn-*",)}, (LOOSENED, TIGHTENED, ADDED)),
        ({"sources": ("cn-mee-*",)}, ()),
        ({"languages": ("ZH",)}, (LOOSENED, TIGHTENED, ADDED)),
        ({"languages": ("en",)}, ()),
        ({"metrics": ("energy_density",)}, (LOOSENED,)),
        ({"metrics": ("Energy  density",)}, (LOOSENED, ADDED)),
        ({"metrics": ("density energy",)}, (LOOSENED, ADDED)),
        ({"metrics": ("循环",)}, (TIGHTENED,)),
        ({"metrics": ("cycle_life", "volumetric_energy_density")}, (TIGHTENED, ADDED)),
        ({"metrics": ("nergy",)}, ()),
        ({"metrics": (" ",)}, ()),
        ({"subjects": ("cell",)}, (LOOSENED, ADDED)),
        ({"subjects": ("单体",)}, (TIGHTENED,)),
        ({"directions": (Direction.LOOSENED,)}, (LOOSENED,)),
        ({"kinds": (ChangeKind.ADDED,)}, (ADDED,)),
        ({"metrics": ("energy",), "directions": (Direction.TIGHTENED,)}, (ADDED,)),
    ],
)
def test_filters_select(filters: dict[str, object], expected: tuple[object, ...]) -> None:
    assert select(subscription(**filters), alert()) == expected


def test_a_limit_that_left_the_watched_subject_is_selected() -> None:
    moved = change(requirement("165"), requirement("165", subject="packs"), kind=ChangeKind.SCOPE)
    assert select(subscription(subjects=("consumer",)), alert(moved)) == (moved,)


def test_the_subject_words_may_stand_in_the_condition() -> None:
    ternary = change(None, requirement("230", subject=None, condition="使用三元材料"))
    assert select(subscription(subjects=("三元",)), alert(ternary)) == (ternary,)


def test_metric_and_subject_must_match_on_one_side() -> None:
    moved = change(
        requirement("5", metric="cycle life", subject="cells"),
        requirement("5", metric="energy density", subject="packs"),
    )
    assert select(subscription(metrics=("cycle life",), subjects=("packs",)), alert(moved)) == ()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": " ", "emails": ("a@example.org",)}, "no name"),
        ({"name": "x"}, "reaches nobody"),
        ({"name": "x", "emails": ("a@example.org\nBcc: b@example.org",)}, "no bare mail address"),
        ({"name": "x", "emails": ("Ann <a@example.org>",)}, "no bare mail address"),
        ({"name": "x", "emails": ("a@例子.中国",)}, "xn--"),
        ({"name": "x", "emails": ("a@example.org\n",)}, "no bare mail address"),
    ],
)
def test_a_subscription_that_cannot_work_is_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidAlertSetting, match=message):
        Subscription(**fields)  # type: ignore[arg-type]


NUMBER = press_number("270", "260")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ()),
        ({"events": (EventKind.STAGE,)}, (BECAME_FINAL,)),
        ({"events": tuple(EventKind)}, (BECAME_FINAL, EXTENDED, CONTRADICTED)),
        ({"events": tuple(EventKind), "jurisdictions": ("EU",)}, ()),
        ({"events": tuple(EventKind), "sources": ("cn-mee-*",)}, ()),
        ({"events": tuple(EventKind), "languages": ("en",)}, ()),
        ({"events": tuple(EventKind), "directions": (Direction.LOOSENED,)}, (BECAME_FINAL, EXTENDED, CONTRADICTED)),
        ({"events": tuple(EventKind), "metrics": ("cycle life",)}, (BECAME_FINAL, EXTENDED)),
        ({"events": tuple(EventKind), "subjects": ("cell",)}, (BECAME_FINAL, EXTENDED, CONTRADICTED)),
    ],
)
def test_events_are_selected_by_kind_and_source(filters: dict[str, object], expected: tuple[object, ...]) -> None:
    told = event_alert(BECAME_FINAL, EXTENDED, CONTRADICTED, number=NUMBER)
    assert tuple(each.event for each in select_events(subscription(**filters), told)) == expected


def test_news_from_abroad_counts_for_the_jurisdiction_of_the_rule() -> None:
    told = event_alert(CONTRADICTED, number=NUMBER, jurisdiction="US")
    for jurisdiction, count in (("CN", 1), ("US", 1), ("EU", 0)):
        wanted = subscription(events=tuple(EventKind), jurisdictions=(jurisdiction,))
        assert len(select_events(wanted, told)) == count


def test_who_wants_events_only_gets_no_changes() -> None:
    assert select(subscription(events=(EventKind.STAGE,), changes=False), alert()) == ()
    assert select(subscription(events=(EventKind.STAGE,)), alert()) == (LOOSENED, TIGHTENED, ADDED)
    with pytest.raises(InvalidAlertSetting, match="asks for nothing"):
        subscription(changes=False)
