"""The published form of the values: JSON in which a decimal keeps all its digits."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from limen.domain.requirement import Requirement
from limen.domain.threshold import plain

# A lone surrogate has no UTF-8 form, and the others end a line for many readers: inside JSON all of them are escaped.
_UNSAFE = re.compile("[\ud800-\udfff\u0085\u2028\u2029]")


def to_json(value: Any) -> str:
    """Return a value as JSON on one line: keys in their order, letters as they are, a `Decimal` as a number in full.

    The standard library's encoder would make a float of a decimal, and round it.

    Raises:
        TypeError: the value holds something else than mappings, lists, tuples, strings, numbers, booleans and None.
    """
    match value:
        case Decimal():
            return plain(value)
        case Mapping():
            return "{" + ", ".join(f"{_quoted(str(key))}: {to_json(item)}" for key, item in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(to_json, value)) + "]"
        case _:
            return _quoted(value)


def requirement_record(requirement: Requirement) -> dict[str, Any]:
    """Return a requirement by the field names of the extraction guide; offsets count code points of the stored text."""
    threshold, evidence = requirement.threshold, requirement.evidence
    return {
        "op": threshold.op.value,
        "value": threshold.value,
        "value_max": threshold.value_max,
        "unit": threshold.unit,
        "metric": requirement.metric,
        "subject": requirement.subject,
        "condition": requirement.condition,
        "modality": requirement.modality.value,
        "by": requirement.by,
        "previous": requirement.previous,
        "quote": evidence.quote,
        "start": evidence.start,
        "end": evidence.end,
        "confidence": requirement.confidence,
        "reasons": [reason.value for reason in requirement.reasons],
    }


def _quoted(value: object) -> str:
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", json.dumps(value, ensure_ascii=False))
