"""Changes as sentences and headlines: no letter of a sentence comes from anywhere but the event."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import assert_never

from limen.alerts.event import ChangeEvent, SideEvent
from limen.domain.change import ChangeKind, Direction
from limen.domain.threshold import Comparator, plain

ARROW = " -> "
UNNAMED = "requirement"
"""For a number whose text does not say what it measures."""
LONGEST_NAME = 60
LONGEST_TITLE = 90

_LOUDEST_KINDS = (ChangeKind.VALUE, ChangeKind.OPERATOR, ChangeKind.ADDED, ChangeKind.REMOVED)
_LOUDEST_DIRECTIONS = (Direction.TIGHTENED, Direction.LOOSENED, Direction.NEUTRAL)


def unit_word(unit: str) -> str:
    """Return a unit as people write it: `%` for `percent`, nothing for `dimensionless`."""
    return _words()["units"].get(unit, unit)


def stage_word(stage: str) -> str:
    """Return a stage as people say it: `draft for comment` for `draft`."""
    return _words()["stages"].get(stage, stage)


def amount(side: SideEvent) -> str:
    """Return operator, number and unit: `>= 230 Wh/kg`, `5 to 9 mg/L`."""
    return f"{_number(side)} {unit_word(side['unit'])}".rstrip()


def name(side: SideEvent) -> str:
    """Return what is limited: `energy density of consumer cells (at 25 °C)`; in Chinese the subject comes first."""
    metric, subject = side["metric"], side["subject"]
    if not subject or not metric:
        words = metric or subject or UNNAMED
    elif _is_chinese(metric):
        words = f"{subject} {metric}"
    else:
        words = f"{metric} of {subject}"
    return f"{words} ({side['condition']})" if side["condition"] else words


def sentence(kind: ChangeKind, direction: Direction, old: SideEvent | None, new: SideEvent | None) -> str:
    """Return the change in one line: `energy density of consumer cells: >= 260 -> >= 230 Wh/kg, loosened`."""
    side = new or old
    assert side is not None
    if old is None or new is None:
        return f"{name(side)}: {amount(side)}{_by(side)}, {kind.value}, {direction.value}"
    match kind:
        case ChangeKind.VALUE | ChangeKind.OPERATOR | ChangeKind.ADDED | ChangeKind.REMOVED:
            moved = _shift(old, new, with_operator=True) + _by(new)
        case ChangeKind.SCOPE:
            return f"{amount(new)}{_by(new)}: {name(old)}{ARROW}{name(new)}, scope changed, {direction.value}"
        case ChangeKind.DEADLINE:
            moved = f"{amount(new)}, by {old['by'] or 'no date'}{ARROW}{new['by'] or 'no date'}"
        case ChangeKind.MODALITY:
            moved = f"{amount(new)}, {old['modality']}{ARROW}{new['modality']}"
        case _:
            assert_never(kind)
    return f"{name(side)}: {moved}, {direction.value}"


def headline(changes: Sequence[ChangeEvent], *, instrument: str) -> str:
    """Return the essential in one line: `Energy density tightened: 230 -> 260 Wh/kg - Battery conditions (+3 more)`.

    The change that a reader would miss most stands for the rest: a moved value before an addition, tightened before loosened.
    """
    loudest = min(changes, key=_loudness)
    more = f" (+{len(changes) - 1} more)" if len(changes) > 1 else ""
    return f"{_lead(loudest)} - {shorten(instrument, LONGEST_TITLE)}{more}"


def shorten(text: str, longest: int) -> str:
    """Return the text in one line of at most `longest` characters."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _lead(change: ChangeEvent) -> str:
    old, new, kind = change["old"], change["new"], ChangeKind(change["kind"])
    side = new or old
    assert side is not None
    metric = shorten(side["metric"] or UNNAMED, LONGEST_NAME)
    if metric.split(" ")[0].islower():  # pH and R&D stay as they are
        metric = metric[:1].upper() + metric[1:]
    if old is None or new is None:
        return f"{metric} {change['kind']}: {amount(side)}"
    match kind:
        case ChangeKind.DEADLINE:
            return f"{metric} deadline {change['direction']}: {old['by'] or 'no date'}{ARROW}{new['by'] or 'no date'}"
        case ChangeKind.SCOPE:
            return f"{metric} scope changed: {amount(new)}"
        case ChangeKind.MODALITY:
            return f"{metric} {old['modality']}{ARROW}{new['modality']}: {amount(new)}"
        case _:
            moved = "changed" if change["direction"] == Direction.NEUTRAL else change["direction"]
            return f"{metric} {moved}: {_shift(old, new, with_operator=old['op'] != new['op'])}"


def _loudness(change: ChangeEvent) -> tuple[int, int]:
    kind, direction = ChangeKind(change["kind"]), Direction(change["direction"])
    rank = _LOUDEST_KINDS.index(kind) if kind in _LOUDEST_KINDS else len(_LOUDEST_KINDS)
    return rank // 2, _LOUDEST_DIRECTIONS.index(direction)


def _shift(old: SideEvent, new: SideEvent, *, with_operator: bool) -> str:
    before = _number(old, with_operator=with_operator)
    if old["unit"] != new["unit"]:
        before = f"{before} {unit_word(old['unit'])}".rstrip()
    return f"{before}{ARROW}{_number(new, with_operator=with_operator)} {unit_word(new['unit'])}".rstrip()


def _number(side: SideEvent, *, with_operator: bool = True) -> str:
    value, upper = side["value"], side["value_max"]
    if upper is not None:
        return f"{plain(Decimal(value))} to {plain(Decimal(upper))}"
    if with_operator and side["op"] != Comparator.EQUAL:
        return f"{side['op']} {plain(Decimal(value))}"
    return plain(Decimal(value))


def _by(side: SideEvent) -> str:
    return f" by {side['by']}" if side["by"] else ""


def _is_chinese(text: str) -> bool:
    return any("\u3400" <= character <= "\u9fff" for character in text)


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("limen.alerts").joinpath("wording.toml").read_text(encoding="utf-8"))
