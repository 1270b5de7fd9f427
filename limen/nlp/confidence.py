"""How sure a reading is, by named reasons: where its operator, unit, metric and subject come from."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from limen.domain.reason import Reason
from limen.domain.threshold import Comparator
from limen.nlp.mention import Mention

_PLACES = 2


def confidence(mention: Mention, reasons: Iterable[Reason]) -> float:
    """Return how sure it is that a mention is a requirement and was read right: 0 to 1, with two decimals."""
    factors: dict[str, float] = _weights()["factors"]
    total = mention.certainty
    for reason in reasons:
        total *= factors.get(reason.value, 1.0)
    return round(total, _PLACES)


def reasons(mention: Mention) -> tuple[Reason, ...]:
    """Return what the reading of a finished mention rests on: operator and unit, then metric and subject where they are
    linked (for requirements only), then what speaks against it."""
    found = [_operator(mention), _unit(mention)]
    if mention.is_requirement:
        found += [_metric(mention), Reason.SUBJECT_FOUND if mention.subject else Reason.SUBJECT_MISSING]
    doubts = (
        (mention.certainty < _weights()["unsure_below"], Reason.ROLE_UNSURE),
        (mention.label, Reason.ROW_LABEL),
        (mention.measured, Reason.MEASURED),
        (mention.attributive, Reason.NAMES_A_THING),
    )
    return (*found, *(reason for holds, reason in doubts if holds))


def _operator(mention: Mention) -> Reason:
    if mention.inherited:
        return Reason.OPERATOR_INHERITED
    if mention.op is Comparator.BETWEEN:
        return Reason.OPERATOR_SEEN
    if mention.op is None or mention.cue_start is None:
        return Reason.OPERATOR_ASSUMED
    return Reason.OPERATOR_NOUN if mention.weak else Reason.OPERATOR_SEEN


def _unit(mention: Mention) -> Reason:
    # 百分之三 says its unit inside the number
    if mention.unit_end > mention.unit_start or mention.frequency or mention.unit == "percent":
        return Reason.UNIT_SEEN
    if mention.metric_id is not None and mention.unit == "dimensionless":
        return Reason.UNIT_IMPLIED
    return Reason.UNIT_INHERITED if mention.in_table else Reason.UNIT_ASSUMED


def _metric(mention: Mention) -> Reason:
    if mention.metric_id is not None:
        return Reason.METRIC_KNOWN
    return Reason.METRIC_NAMED if mention.metric else Reason.METRIC_MISSING


@cache
def _weights() -> dict[str, Any]:
    return tomllib.loads(files("limen.nlp").joinpath("confidence.toml").read_text(encoding="utf-8"))
