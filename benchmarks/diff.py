"""How long the comparison of two versions takes, and how much memory.

    python -m benchmarks.diff

A machine's own speed is measured in the same run, as the time of so many token sets intersected; the last column is the
ratio to it, which can be compared between machines and days.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from limen.domain.change import Difference
from limen.domain.diff import diff
from limen.domain.evidence import Evidence
from limen.domain.requirement import Requirement
from limen.domain.similarity import tokens
from limen.domain.threshold import Comparator, Threshold

METRICS = (
    "energy density",
    "dust concentration",
    "recovery rate",
    "cycle life",
    "noise at the boundary",
    "water reuse",
    "nickel",
    "royalty",
)
SUBJECTS = (
    "cells",
    "packs",
    "crushing halls",
    "concentrators",
    "tailings ponds",
    "smelters",
    "open-pit mines",
    "holders",
)
UNITS = ("Wh/kg", "mg/m**3", "percent", "cycle", "dB", "mg/L", "day", "USD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Two versions to compare, and what they stand for."""

    name: str
    old: Sequence[Requirement]
    new: Sequence[Requirement]
    changed: int | None
    """How many changes must be reported; None where the case has no one answer."""
    old_text: str | None = None
    new_text: str | None = None


def version(size: int, random: Random, *, units: Sequence[str] = UNITS) -> list[Requirement]:
    """Return requirements with words of a few kinds, as long lists of law have them."""
    return [
        Requirement(
            threshold=Threshold(
                op=random.choice((Comparator.AT_LEAST, Comparator.AT_MOST)),
                value=Decimal(random.randrange(1, 4000)) / 4,
                unit=random.choice(units),
            ),
            metric=f"{random.choice(METRICS)} of substance {place % (size // 3 + 1)}",
            subject=f"{random.choice(SUBJECTS)} of class {place % 40}",
            evidence=Evidence(start=place, end=place + 1, quote="x"),
            section=f"Part {place // 100} > Article {place}",
        )
        for place in range(size)
    ]


def revised(
    old: Sequence[Requirement], random: Random, *, changed: float, reworded: float
) -> tuple[list[Requirement], int]:
    """Return another version in another order, and the number of altered amounts."""
    new = []
    count = 0
    for requirement in old:
        if random.random() < changed:
            count += 1
            altered = replace(requirement.threshold, value=requirement.threshold.value + Decimal("0.1"))
            requirement = replace(requirement, threshold=altered)
        elif random.random() < reworded:
            requirement = replace(requirement, subject=f"every one of the {requirement.subject}", section="Annex")
        new.append(requirement)
    random.shuffle(new)
    return new, count


def written(requirements: Sequence[Requirement]) -> tuple[list[Requirement], str]:
    """Return the requirements with a text that states them, one sentence each."""
    found, parts, length = [], [], 0
    for requirement in requirements:
        quote = str(requirement.threshold)
        before = f"The {requirement.metric} of {requirement.subject} shall be "
        start = length + len(before)
        parts.append(f"{before}{quote}.\n")
        evidence = Evidence(start=start, end=start + len(quote), quote=quote)
        found.append(replace(requirement, evidence=evidence))
        length += len(parts[-1])
    return found, "".join(parts)


def with_texts(case: Case) -> Case:
    """Return a case with texts that state both sides."""
    (old, old_text), (new, new_text) = written(case.old), written(case.new)
    return replace(case, name=f"{case.name}, with texts", old=old, new=new, old_text=old_text, new_text=new_text)


def cases() -> list[Case]:
    """Return the cases: usual ones, and two made to be hard."""
    result = []
    for size in (300, 10_000):
        random = Random(size)
        old = version(size, random)
        new, count = revised(old, random, changed=0.05, reworded=0.2)
        result.append(Case(name=f"{size} against {size}, 5 % changed, 20 % reworded", old=old, new=new, changed=count))
        result.append(with_texts(result[-1]))
        new, count = revised(old, random, changed=0.05, reworded=1.0)
        result.append(
            Case(name=f"{size} against {size}, 5 % changed, the rest reworded", old=old, new=new, changed=count)
        )
        result.append(with_texts(result[-1]))
        old, new = (version(size, Random(seed), units=("percent",)) for seed in (1, 2))
        result.append(Case(name=f"{size} against {size}, one unit, nothing in common", old=old, new=new, changed=None))
    return result


def forget() -> None:
    """Empty the caches that the domain keeps by text: of a version seen for the first time nothing is known.

    Those without a bound hold word lists and units, which a process reads once.
    """
    modules = [module for name, module in sys.modules.items() if name.startswith("limen.domain.")]
    for cached in (value for module in modules for value in vars(module).values()):
        if hasattr(cached, "cache_parameters") and cached.cache_parameters()["maxsize"] is not None:
            cached.cache_clear()


def fastest(work: Callable[[], object], *, times: int) -> float:
    """Return the shortest of several runs, in seconds."""
    runs = []
    for _ in range(times):
        forget()
        start = time.perf_counter()
        work()
        runs.append(time.perf_counter() - start)
    return min(runs)


def yardstick() -> float:
    """Return the seconds that 100,000 intersections of small sets take here."""
    first, second = tokens("dust concentration at the boundary"), tokens("concentration of dust in the crushing hall")
    return fastest(lambda: [first & second for _ in range(100_000)], times=5)


def compare(case: Case) -> Difference:
    """Return what changed in a case."""
    return diff(case.old, case.new, old_text=case.old_text, new_text=case.new_text)


def peak_memory(case: Case) -> float:
    """Return the most memory that the comparison holds at one time, in megabytes."""
    forget()
    tracemalloc.start()
    compare(case)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


def main() -> None:
    """Print a table of times, memory and ratios."""
    unit = yardstick()
    print(f"{'comparison':<62}{'ms':>9}{'MB':>8}{'ratio':>9}")
    for case in cases():
        difference = compare(case)
        if case.changed is not None and len(difference.changes) != case.changed:
            print(f"note: {case.name}: {len(difference.changes)} changes for {case.changed}")
        seconds = fastest(lambda case=case: compare(case), times=3)  # type: ignore[misc]
        print(f"{case.name:<62}{seconds * 1000:>9.0f}{peak_memory(case):>8.0f}{seconds / unit:>9.1f}")


if __name__ == "__main__":
    main()
