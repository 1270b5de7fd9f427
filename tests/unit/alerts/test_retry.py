from __future__ import annotations

from datetime import timedelta

from limen.alerts.retry import RetryPolicy
from tests.unit.alerts.builders import NOW


def waits(policy: RetryPolicy) -> list[timedelta]:
    times = (policy.next_attempt(attempts=attempts, now=NOW) for attempts in range(1, policy.max_attempts))
    return [at - NOW for at in times if at is not None]


def test_waits_grow_up_to_the_longest_and_end() -> None:
    policy = RetryPolicy(
        jitter=lambda: 0.0, first=timedelta(seconds=30), factor=4, longest=timedelta(hours=1), max_attempts=6
    )
    assert [wait.total_seconds() for wait in waits(policy)] == [30, 120, 480, 1920, 3600]
    assert policy.next_attempt(attempts=6, now=NOW) is None
    assert policy.next_attempt(attempts=7, now=NOW) is None


def test_the_defaults_last_about_three_days() -> None:
    total = sum(waits(RetryPolicy(jitter=lambda: 0.0)), timedelta())
    assert timedelta(days=2) < total < timedelta(days=4)


def test_jitter_adds_its_share() -> None:
    policy = RetryPolicy(jitter=lambda: 0.5, first=timedelta(seconds=100), spread=0.2)
    assert policy.next_attempt(attempts=1, now=NOW) == NOW + timedelta(seconds=110)


def test_a_longer_wait_is_granted_and_a_shorter_one_is_not_believed() -> None:
    policy = RetryPolicy(jitter=lambda: 0.0, first=timedelta(seconds=100))
    assert policy.next_attempt(attempts=1, now=NOW, retry_after=timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert policy.next_attempt(attempts=1, now=NOW, retry_after=timedelta(0)) == NOW + timedelta(seconds=100)


def test_a_great_number_of_tries_does_not_overflow() -> None:
    policy = RetryPolicy(jitter=lambda: 0.0, max_attempts=10**6)
    assert policy.next_attempt(attempts=10**6 - 1, now=NOW) == NOW + policy.longest
