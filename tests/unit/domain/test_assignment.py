from __future__ import annotations

from itertools import permutations
from random import Random

from limen.domain.assignment import assign


def total(scores: list[dict[int, float]], chosen: list[int | None]) -> float:
    return sum(scores[row][column] for row, column in enumerate(chosen) if column is not None)


def best(scores: list[dict[int, float]], columns: int) -> float:
    """The best total, by trying everything."""
    places: list[int | None] = [*range(columns), *[None] * len(scores)]
    return max(
        sum(scores[row].get(column, float("-inf")) for row, column in enumerate(choice) if column is not None)
        for choice in set(permutations(places, len(scores)))
    )


def test_nothing_to_pair() -> None:
    assert assign([], columns=0) == []
    assert assign([{}, {}], columns=3) == [None, None]
    assert assign([{0: -1.0, 1: 0.0}], columns=2) == [None]


def test_the_sum_counts_and_not_the_best_single_pair() -> None:
    assert assign([{0: 10.0, 1: 9.0}, {0: 9.0}], columns=2) == [1, 0]
    assert assign([{0: 10.0, 1: 1.0}, {0: 5.0}], columns=2) == [0, None]


def test_a_row_gives_way_to_a_better_one_and_stays_alone() -> None:
    assert assign([{0: 1.0}, {0: 2.0}], columns=1) == [None, 0]
    assert assign([{0: 2.0}, {0: 1.0}], columns=1) == [0, None]


def test_a_long_chain_moves() -> None:
    size = 200
    scores = [{row: 1.0, row + 1: 0.999} for row in range(size)] + [{0: 5.0}]
    assert assign(scores, columns=size + 1) == [*range(1, size + 1), 0]


def test_equal_to_trying_everything() -> None:
    random = Random(11)
    for _ in range(400):
        rows, columns = random.randrange(1, 5), random.randrange(1, 5)
        scores = [
            {
                column: random.choice([-1.0, 0.5, 1.0, 1.5, 2.0, 3.0])
                for column in range(columns)
                if random.random() < 0.7
            }
            for _ in range(rows)
        ]
        chosen = assign(scores, columns=columns)
        used = [column for column in chosen if column is not None]
        assert len(used) == len(set(used))
        assert abs(total(scores, chosen) - best(scores, columns)) < 1e-9
