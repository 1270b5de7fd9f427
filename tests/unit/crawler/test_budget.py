"""What a run may take, and what it says of what it left."""

from __future__ import annotations

from limen.crawler.budget import PROBE_ITEMS, REFUNDS, Budget
from limen.crawler.source_rules import Limits

LIMITS = Limits(max_items=3, max_lists=2, max_minutes=2, max_rechecks=7)


def budget(*, max_items: int | None = None, probing: bool = False, limits: Limits = LIMITS) -> Budget:
    return Budget.of(limits, now=100, max_items=max_items, probing=probing)


def test_documents_that_were_never_fetched() -> None:
    run = budget()
    assert [run.take_new() for _ in range(5)] == [True, True, True, False, False]
    assert run.reached == {"max_items": 2}


def test_documents_that_are_not_there_give_their_places_back_a_few_times() -> None:
    run = budget()
    for _ in range(3 + REFUNDS * 3):
        assert run.take_new()
        run.give_back()
    assert not [taken for taken in (run.take_new() for _ in range(9)) if taken][3:]
    probing = budget(probing=True)
    assert probing.take_new()
    probing.give_back()
    assert probing.new == 2


def test_known_documents_have_a_limit_of_their_own_that_is_no_news() -> None:
    run = budget()
    assert [run.take_known() for _ in range(4)] == [True, True, True, False]
    assert run.take_new()
    assert run.reached == {}


def test_lists() -> None:
    run = budget()
    assert [run.take_list() for _ in range(4)] == [True, True, False, False]
    assert run.reached == {"max_lists": 2}


def test_time() -> None:
    run = budget()
    assert not run.expired(219.9)
    assert run.may_take_more(219.9)
    assert run.reached == {}
    assert run.expired(220)
    run.leave("max_minutes", 5)
    assert run.expired(300)
    assert not run.may_take_more(300)
    assert run.reached == {"max_minutes": 5}


def test_a_list_without_room_for_its_documents_is_told() -> None:
    run = budget(max_items=1)
    assert run.may_take_more(100)
    assert run.take_new()
    assert run.reached == {}
    assert not run.may_take_more(100)
    assert run.reached == {"max_items": 0}


def test_the_users_own_limit_goes_before_the_sources() -> None:
    run = budget(max_items=20)
    assert (run.new, run.known, run.rechecks, run.lists) == (20, 20, 0, 2)


def test_a_probe_is_gentle() -> None:
    run = budget(probing=True, limits=Limits(max_items=500))
    assert (run.new, run.known, run.rechecks, run.refunds) == (PROBE_ITEMS, PROBE_ITEMS, 0, 0)
    assert budget(probing=True).new == 3


def test_rechecks() -> None:
    assert budget().rechecks == 7
    assert budget(limits=Limits(recheck_days=0)).rechecks == 0
