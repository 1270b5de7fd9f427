"""Whether a change makes it harder or easier for those who must comply."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum, auto
from typing import assert_never

from limen.domain.change import ChangeKind, Direction
from limen.domain.deadline import last_day
from limen.domain.profile import FREQUENCY, TIME, Profile
from limen.domain.quantity import close
from limen.domain.requirement import Modality
from limen.domain.threshold import Comparator
from limen.domain.words import words

_FORCE = {Modality.ENCOURAGED: 0, Modality.RECOMMENDED: 1, Modality.MANDATORY: 2}
_SHARE = "dimensionless"
_CURRENCY = re.compile(r"\b[A-Z]{3}\b")
"""ISO 4217 codes are the only base units in capitals."""


class Burden(Enum):
    """What the number of a requirement means for those who must comply."""

    LIMIT = auto()
    """They must keep to it: a higher minimum or a lower maximum is harder."""
    CHARGE = auto()
    """They pay, suffer or owe it: more is harder."""
    GRANT = auto()
    """They are given it: more is easier."""
    PAYOUT = auto()
    """Money they are given: more is easier, and none is harder."""
    CAPPED_DUTY = auto()
    """They owe a duty up to it: more is harder, and no cap at all is hardest."""
    TRIGGER = auto()
    """It says whom a rule catches: catching more is harder."""
    EXEMPTION = auto()
    """It says who goes free: catching fewer is easier, and a new one is easier."""
    UNKNOWN = auto()
    """A set value of which nobody can tell."""


def burden(profile: Profile) -> Burden:
    """Return what the number means, by its words first, else by its operator and unit."""
    own, known = profile.requirement, words()
    op, metric, subject, condition = own.threshold.op, own.metric, own.subject or "", own.condition or ""
    if any(known.exemption.occurs(text) for text in (metric, subject, condition)):
        return Burden.EXEMPTION
    if op.is_upper_bound and known.capped_duty.occurs(f"{metric} {condition}"):
        return Burden.CAPPED_DUTY
    paid = _is_money(profile) or (profile.dimension in (_SHARE, FREQUENCY) and not op.is_lower_bound)
    if known.payout.occurs(metric) and (paid or op is Comparator.EQUAL):
        return Burden.PAYOUT
    if known.punishment.occurs(metric) or (paid and known.charge.occurs(metric)):
        return Burden.CHARGE
    if op is Comparator.EQUAL:
        return _burden_of_set_value(profile)
    # law writes minimums as "at least"; "more than" says from where on a rule applies
    caught = profile.dimension not in (TIME, _SHARE) and (
        known.caught.occurs(subject) or not profile.clause.tokens.isdisjoint(known.closing)
    )
    if op is Comparator.MORE_THAN or caught or (op is not Comparator.BETWEEN and known.consequence.occurs(condition)):
        return Burden.TRIGGER
    return Burden.LIMIT


def _burden_of_set_value(profile: Profile) -> Burden:
    own, known = profile.requirement, words()
    if profile.dimension == TIME and known.effort.occurs(own.metric):
        return Burden.CHARGE
    if known.grant.occurs(own.metric):
        return Burden.GRANT
    if profile.dimension == TIME and known.licence.occurs(f"{own.metric} {own.subject or ''}"):
        return Burden.GRANT
    return Burden.CHARGE if _is_money(profile) or profile.dimension == _SHARE else Burden.UNKNOWN


def _is_money(profile: Profile) -> bool:
    return _CURRENCY.search(profile.dimension) is not None


def direction_of(kind: ChangeKind, old: Profile | None, new: Profile | None) -> Direction:
    """Return the direction of a change of `kind`. `old` is None exactly for `added`, `new` exactly for `removed`."""
    match kind:
        case ChangeKind.ADDED:
            assert new is not None
            return _of_presence(burden(new))
        case ChangeKind.REMOVED:
            assert old is not None
            return _opposite(_of_presence(burden(old)))
        case _:
            assert old is not None
            assert new is not None
    match kind:
        case ChangeKind.VALUE:
            return _of_value(old, new)
        case ChangeKind.OPERATOR:
            return _of_operator(old, new)
        case ChangeKind.SCOPE:
            return _of_scope(old, new)
        case ChangeKind.DEADLINE:
            return _of_deadline(old.requirement.by, new.requirement.by)
        case ChangeKind.MODALITY:
            return _by_sign(_FORCE[new.requirement.modality] - _FORCE[old.requirement.modality])
        case _:
            assert_never(kind)


def is_other_operator(old: Profile, new: Profile) -> bool:
    """Tell whether two limits of one amount have operators that mean something else.

    "More than" and "at least" do. A minimum and a maximum of the same number do not: such a turn is a turn of phrase
    ("no later than 90 days before", "at least 90 days before"). Nor do a bound and a plain number, which the context
    makes a bound, except for money: a fee of 5 and a fee of up to 5 are two fees. An operator that no side writes was
    guessed twice, and a guess is no change.
    """
    before, after = old.requirement.threshold.op, new.requirement.threshold.op
    if before is after or not (old.writes_operator or new.writes_operator):
        return False
    if Comparator.EQUAL in (before, after):
        return are_two_sums(old, new)
    return before.is_lower_bound == after.is_lower_bound


def are_two_sums(old: Profile, new: Profile) -> bool:
    """Tell whether of one sum of money one is set and the other a bound: a fee of 5 is another one than a fee of up to 5."""
    operators = {old.requirement.threshold.op, new.requirement.threshold.op}
    return _is_money(old) and len(operators) == 2 and Comparator.EQUAL in operators and old.same_amount(new)


def _of_presence(meaning: Burden) -> Direction:
    """Return the direction of a requirement that was not there before."""
    match meaning:
        case Burden.LIMIT | Burden.CHARGE | Burden.TRIGGER | Burden.UNKNOWN | Burden.GRANT:
            return Direction.TIGHTENED
        case Burden.PAYOUT | Burden.EXEMPTION | Burden.CAPPED_DUTY:
            return Direction.LOOSENED
        case _:
            assert_never(meaning)


def _of_value(old: Profile, new: Profile) -> Direction:
    more = _sign_of_more(old, new)
    op = old.requirement.threshold.op
    match burden(old):
        case Burden.LIMIT:
            return _of_range(old, new)
        case Burden.CHARGE | Burden.CAPPED_DUTY:
            return _by_sign(more)
        case Burden.GRANT | Burden.PAYOUT:
            return _by_sign(-more)
        case Burden.TRIGGER:
            return _by_sign(more if op.is_upper_bound else -more)
        case Burden.EXEMPTION:
            return _by_sign(-more if op.is_upper_bound else more)
        case Burden.UNKNOWN:
            return Direction.NEUTRAL
        case meaning:
            assert_never(meaning)


def _of_operator(old: Profile, new: Profile) -> Direction:
    """Return the direction of another operator at the same amount."""
    if burden(old) is Burden.TRIGGER:
        return _opposite(_of_range(old, new))
    return _of_range(old, new)


def _of_range(old: Profile, new: Profile) -> Direction:
    """Return tightened where the new limit allows a part of what the old one did, loosened where it allows more.

    A range that lies elsewhere is neither.
    """
    lower = _compare(_lower_end(new), _lower_end(old))
    upper = _compare(_upper_end(old), _upper_end(new))
    if lower >= 0 and upper >= 0 and (lower or upper):
        return Direction.TIGHTENED
    if lower <= 0 and upper <= 0 and (lower or upper):
        return Direction.LOOSENED
    return Direction.NEUTRAL


def _lower_end(profile: Profile) -> tuple[Decimal, int]:
    """Return where the allowed values begin; the second part is 1 where the value itself is not allowed."""
    op = profile.requirement.threshold.op
    if op.is_upper_bound:
        return Decimal("-Infinity"), 0
    return profile.bounds[0], int(op is Comparator.MORE_THAN)


def _upper_end(profile: Profile) -> tuple[Decimal, int]:
    """Return where the allowed values end; the second part is -1 where the value itself is not allowed."""
    op = profile.requirement.threshold.op
    if op.is_lower_bound:
        return Decimal("Infinity"), 0
    return profile.bounds[-1], -int(op is Comparator.LESS_THAN)


def _sign_of_more(old: Profile, new: Profile) -> int:
    """Return 1 where the new amount is the greater one, -1 where it is the smaller, 0 where a range only grew or shrank."""
    signs = {_compare_values(new.bounds[0], old.bounds[0]), _compare_values(new.bounds[-1], old.bounds[-1])} - {0}
    return signs.pop() if len(signs) == 1 else 0


def _compare(first: tuple[Decimal, int], second: tuple[Decimal, int]) -> int:
    return _compare_values(first[0], second[0]) or (first[1] > second[1]) - (first[1] < second[1])


def _compare_values(first: Decimal, second: Decimal) -> int:
    if first.is_infinite() or second.is_infinite():
        return (first > second) - (first < second)
    return 0 if close(first, second) else (first > second) - (first < second)


def _of_deadline(old: str | None, new: str | None) -> Direction:
    """Return tightened where it must be met earlier. No date at all means now."""
    if old is None or new is None:
        return Direction.LOOSENED if old is None else Direction.TIGHTENED
    before, after = last_day(old), last_day(new)
    return _by_sign((before > after) - (before < after))


def _of_scope(old: Profile, new: Profile) -> Direction:
    """Return tightened where more are covered, loosened where fewer are; neutral where it cannot be told."""
    return _by_sign(bool(new.openers) - bool(old.openers))


def _by_sign(sign: int) -> Direction:
    """Return tightened for a positive number, loosened for a negative one."""
    return Direction.TIGHTENED if sign > 0 else Direction.LOOSENED if sign < 0 else Direction.NEUTRAL


def _opposite(direction: Direction) -> Direction:
    match direction:
        case Direction.TIGHTENED:
            return Direction.LOOSENED
        case Direction.LOOSENED:
            return Direction.TIGHTENED
        case Direction.NEUTRAL:
            return Direction.NEUTRAL
        case _:
            assert_never(direction)
