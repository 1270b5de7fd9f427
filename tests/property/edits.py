"""Makes a second version of a list of requirements by known edits, with the noise that extraction adds on the way.

The edits are what a comparison must report; the noise is what it must not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

from limen.domain.change import ChangeKind
from limen.domain.requirement import Modality, Requirement
from limen.domain.threshold import Comparator, Threshold

RESTATED = {
    "Wh/kg": ("kWh/kg", Decimal("0.001")),
    "W/kg": ("kW/kg", Decimal("0.001")),
    "mg/L": ("ug/L", Decimal(1000)),
    "mg/m**3": ("ug/m**3", Decimal(1000)),
    "g/tonne": ("mg/tonne", Decimal(1000)),
    "mAh/g": ("Ah/kg", Decimal(1)),
    "tonne": ("kg", Decimal(1000)),
    "tonne/year": ("kg/year", Decimal(1000)),
    "m": ("cm", Decimal(100)),
    "km": ("m", Decimal(1000)),
    "km**2": ("hectare", Decimal(100)),
    "hectare": ("m**2", Decimal(10000)),
    "year": ("month", Decimal(12)),
    "day": ("hour", Decimal(24)),
    "hour": ("minute", Decimal(60)),
    "percent": ("dimensionless", Decimal("0.01")),
    "kWh": ("Wh", Decimal(1000)),
    "ppm": ("percent", Decimal("0.0001")),
}
STRICTNESS = {
    Comparator.AT_LEAST: Comparator.MORE_THAN,
    Comparator.MORE_THAN: Comparator.AT_LEAST,
    Comparator.AT_MOST: Comparator.LESS_THAN,
    Comparator.LESS_THAN: Comparator.AT_MOST,
}


@dataclass
class Edited:
    """A second version under construction. `partner` maps places of the new side to places of the old one."""

    old: list[Requirement]
    new: list[Requirement]
    origin: list[int | None]
    kinds: dict[int, ChangeKind] = field(default_factory=dict)

    @classmethod
    def of(cls, old: Sequence[Requirement]) -> Edited:
        return cls(list(old), list(old), list(range(len(old))))

    def expected(self) -> set[tuple[ChangeKind, int | None, int | None]]:
        """What a comparison must report: kind, place on the old side, place on the new side."""
        kept = {place for place in self.origin if place is not None}
        changed = {
            (self.kinds[old], old, new) for new, old in enumerate(self.origin) if old is not None and old in self.kinds
        }
        added = {(ChangeKind.ADDED, None, new) for new, old in enumerate(self.origin) if old is None}
        return changed | added | {(ChangeKind.REMOVED, old, None) for old in range(len(self.old)) if old not in kept}

    def untouched(self) -> list[int]:
        """Places of the new side that no edit has changed yet."""
        return [new for new, old in enumerate(self.origin) if old is not None and old not in self.kinds]

    def put(self, place: int, requirement: Requirement, kind: ChangeKind) -> None:
        old = self.origin[place]
        assert old is not None
        self.new[place] = requirement
        self.kinds[old] = kind


def change_digit(edited: Edited, random: Random) -> None:
    """Alter one digit of one value."""
    place = random.choice(edited.untouched())
    threshold = edited.new[place].threshold
    upper = threshold.value_max is not None and random.random() < 0.5
    value = threshold.value_max if upper else threshold.value
    assert value is not None
    sign, digits, exponent = value.as_tuple()
    at = random.randrange(len(digits))
    other = random.choice([digit for digit in range(1 if at == 0 else 0, 10) if digit != digits[at]])
    altered = Decimal((sign, (*digits[:at], other, *digits[at + 1 :]), exponent))
    changed = replace(threshold, value_max=altered) if upper else replace(threshold, value=altered)
    edited.put(place, replace(edited.new[place], threshold=changed), ChangeKind.VALUE)


def change_strictness(edited: Edited, random: Random) -> None:
    """Make "at least" "more than", and so on."""
    places = [place for place in edited.untouched() if edited.new[place].threshold.op in STRICTNESS]
    if places:
        place = random.choice(places)
        threshold = edited.new[place].threshold
        changed = replace(threshold, op=STRICTNESS[threshold.op])
        edited.put(place, replace(edited.new[place], threshold=changed), ChangeKind.OPERATOR)


def change_modality(edited: Edited, random: Random) -> None:
    place = random.choice(edited.untouched())
    other = random.choice([modality for modality in Modality if modality is not edited.new[place].modality])
    edited.put(place, replace(edited.new[place], modality=other), ChangeKind.MODALITY)


def move_deadline(edited: Edited, random: Random) -> None:
    places = [place for place in edited.untouched() if edited.new[place].by]
    if places:
        place = random.choice(places)
        by = edited.new[place].by
        assert by is not None
        later = f"{int(by[:4]) + random.choice([-2, -1, 1, 3])}{by[4:]}"
        edited.put(place, replace(edited.new[place], by=later), ChangeKind.DEADLINE)


def remove(edited: Edited, random: Random) -> None:
    place = random.choice(edited.untouched())
    del edited.new[place], edited.origin[place]


def swap_limits(edited: Edited, random: Random) -> None:
    """Exchange the values of two requirements that differ in nothing but the subject."""
    places = edited.untouched()
    options = [
        (first, second)
        for first in places
        for second in places
        if first < second and _differ_in_subject_and_value(edited.new[first], edited.new[second])
    ]
    if options:
        first, second = random.choice(options)
        one, other = edited.new[first], edited.new[second]
        edited.put(first, replace(one, threshold=other.threshold), ChangeKind.VALUE)
        edited.put(second, replace(other, threshold=one.threshold), ChangeKind.VALUE)


def _differ_in_subject_and_value(first: Requirement, second: Requirement) -> bool:
    return (
        first.metric == second.metric
        and first.section == second.section
        and None not in (first.subject, second.subject)
        and first.subject != second.subject
        and first.threshold.op is second.threshold.op
        and first.threshold.unit == second.threshold.unit
        and not first.threshold.same_amount(second.threshold)
        and (first.condition, first.by) == (second.condition, second.by)
    )


def restate_unit(requirement: Requirement, random: Random) -> Requirement:
    threshold = requirement.threshold
    if threshold.unit not in RESTATED:
        return requirement
    unit, factor = RESTATED[threshold.unit]
    maximum = None if threshold.value_max is None else threshold.value_max * factor
    restated = Threshold(op=threshold.op, value=threshold.value * factor, value_max=maximum, unit=unit)
    return replace(requirement, threshold=restated, previous=None)


def drop_subject(requirement: Requirement, random: Random) -> Requirement:
    return replace(requirement, subject=None)


def drop_condition(requirement: Requirement, random: Random) -> Requirement:
    return replace(requirement, condition=None)


def join_subject_to_metric(requirement: Requirement, random: Random) -> Requirement:
    """The extractor takes the subject for a part of the metric."""
    if requirement.subject is None:
        return requirement
    return replace(requirement, metric=f"{requirement.metric} of {requirement.subject}", subject=None)


def cut_metric(requirement: Requirement, random: Random) -> Requirement:
    """The extractor loses the first word of a metric of several."""
    head, _, tail = requirement.metric.partition(" ")
    return replace(requirement, metric=tail or head)


def lengthen_subject(requirement: Requirement, random: Random) -> Requirement:
    """The extractor takes more words for the subject than there are."""
    if requirement.subject is None:
        return requirement
    chinese = any("\u4e00" <= character <= "\u9fff" for character in requirement.subject)
    return replace(requirement, subject=f"{requirement.subject}{'的有关单位' if chinese else ' as laid down here'}")


def renumber(requirement: Requirement, random: Random) -> Requirement:
    return replace(requirement, section=f"Article {random.randrange(1, 40)}")


NOISE: tuple[Callable[[Requirement, Random], Requirement], ...] = (
    restate_unit,
    drop_subject,
    drop_condition,
    join_subject_to_metric,
    cut_metric,
    lengthen_subject,
    renumber,
)
EDITS: tuple[Callable[[Edited, Random], None], ...] = (
    change_digit,
    change_strictness,
    change_modality,
    move_deadline,
    remove,
    swap_limits,
)


def edited_version(
    old: Sequence[Requirement], random: Random, *, edits: int, noise: float, strangers: Sequence[Requirement]
) -> Edited:
    """Return a second version of `old` with `edits` changes and the additions `strangers`, in another order.

    `noise` is the share of the requirements that the extractor reads otherwise on the new side.
    """
    edited = Edited.of(old)
    for _ in range(edits):
        if edited.untouched():
            random.choice(EDITS)(edited, random)
    for stranger in strangers:
        edited.new.append(stranger)
        edited.origin.append(None)
    for place, requirement in enumerate(edited.new):
        if random.random() < noise:
            edited.new[place] = random.choice(NOISE)(requirement, random)
    order = list(range(len(edited.new)))
    random.shuffle(order)
    edited.new = [edited.new[place] for place in order]
    edited.origin = [edited.origin[place] for place in order]
    return edited
