from __future__ import annotations

import pytest

from limen.alerts.errors import InvalidAlertSetting
from limen.alerts.subscriptions import Subscription, select
from limen.domain.change import ChangeKind, Direction
from tests.unit.alerts.builders import ADDED, LOOSENED, TIGHTENED, alert, change, requirement


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
