"""The best one-to-one pairing of two sets from a sparse list of scored candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush


def assign(scores: Sequence[Mapping[int, float]], *, columns: int) -> list[int | None]:
    """Return for every row its column, or None where it stays alone, so that the sum of scores is the greatest possible.

    `scores[row]` holds the candidate columns (0 to `columns` - 1) of a row and what pairing them is worth; candidates
    that are worth nothing (0 or less) are never taken. Rows are settled one by one along shortest augmenting paths with
    dual prices, after Jonker and Volgenant, "A Shortest Augmenting Path Algorithm for Dense and Sparse Linear Assignment
    Problems", Computing 38 (1987); staying alone is a column of its own that costs nothing. Ties fall to the earlier
    row and column.
    """
    row_of: list[int | None] = [None] * columns
    column_of: list[int | None] = [None] * len(scores)
    prices = [0.0] * columns
    for row in range(len(scores)):
        _settle(row, scores, row_of=row_of, column_of=column_of, prices=prices)
    return column_of


def _settle(
    start: int,
    scores: Sequence[Mapping[int, float]],
    *,
    row_of: list[int | None],
    column_of: list[int | None],
    prices: list[float],
) -> None:
    """Give the row `start` its place; others move to make room where that raises the total."""
    distance: dict[int, float] = {}
    reached_from: dict[int, int] = {}
    final: dict[int, float] = {}
    # a free column before a taken one of the same cost: where many rows are alike, nobody has to move
    queue: list[tuple[float, bool, int]] = []
    row, base = start, 0.0
    # the cheapest end so far: a row that stays alone (its own free column) after the path has moved the others
    alone, alone_cost = start, 0.0
    while True:
        for column, score in scores[row].items():
            if score <= 0 or column in final:
                continue
            cost = base - score - prices[column]
            if cost < distance.get(column, float("inf")):
                distance[column] = cost
                reached_from[column] = row
                heappush(queue, (cost, row_of[column] is not None, column))
        while queue and (queue[0][2] in final or queue[0][0] > distance[queue[0][2]]):
            heappop(queue)
        if not queue or queue[0][0] >= alone_cost:
            _keep_alone(alone, start, reached_from=reached_from, row_of=row_of, column_of=column_of)
            total = alone_cost
            break
        cost, _, column = heappop(queue)
        final[column] = cost
        holder = row_of[column]
        if holder is None:
            _augment(column, start, reached_from=reached_from, row_of=row_of, column_of=column_of)
            total = cost
            break
        # going on through the holder gives back what its pairing was worth
        row, base = holder, cost + prices[column] + scores[holder][column]
        if base < alone_cost:
            alone, alone_cost = row, base
    for column, cost in final.items():
        prices[column] += cost - total


def _augment(
    column: int,
    start: int,
    *,
    reached_from: Mapping[int, int],
    row_of: list[int | None],
    column_of: list[int | None],
) -> None:
    while True:
        row = reached_from[column]
        before = column_of[row]
        column_of[row], row_of[column] = column, row
        if row == start:
            return
        assert before is not None
        column = before


def _keep_alone(
    row: int,
    start: int,
    *,
    reached_from: Mapping[int, int],
    row_of: list[int | None],
    column_of: list[int | None],
) -> None:
    freed = column_of[row]
    column_of[row] = None
    if row != start:
        assert freed is not None
        row_of[freed] = None
        _augment(freed, start, reached_from=reached_from, row_of=row_of, column_of=column_of)
