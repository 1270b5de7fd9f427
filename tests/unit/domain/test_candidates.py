from __future__ import annotations

from limen.domain.candidates import candidates
from limen.domain.profile import Profiles
from tests.unit.domain.making import requirement

KINDS = [f"dust of {chr(97 + number // 26)}{chr(97 + number % 26)}ite" for number in range(60)]


def found(old: list[str], new: list[str]) -> list[set[int]]:
    """Return the candidates of each old metric among the new ones; amounts are all different."""
    profiles = Profiles.of(
        [requirement(f"<= {number} mg/L", metric) for number, metric in enumerate(old, start=1)],
        [requirement(f"<= {number} mg/L", metric) for number, metric in enumerate(new, start=1001)],
    )
    return [set(columns) for columns in candidates(profiles.old, profiles.new, profiles.weights)]


def test_of_a_few_all_are_compared() -> None:
    assert found(["dust"], ["noise", "dust"]) == [{0, 1}]


def test_of_many_a_dozen_and_those_that_share_rare_words_among_them() -> None:
    chosen = found(KINDS, KINDS[::-1])
    assert all(len(columns) == 12 for columns in chosen)
    assert all(len(KINDS) - 1 - row in columns for row, columns in enumerate(chosen))


def test_of_those_that_share_as_much_the_nearest_are_compared() -> None:
    assert found(["dust"] * 60, ["dust"] * 60)[30] == set(range(24, 36))


def test_those_that_share_nothing_are_not_compared() -> None:
    assert found(KINDS, ["noise"] * 60) == [set()] * 60
