from __future__ import annotations

import json
import re
from pathlib import Path

from limen.alerts.event import dump
from limen.alerts.payload import Coverage, event
from tests.unit.alerts.builders import LOOSENED, alert

PAGE = Path(__file__).parents[3] / "docs" / "webhooks.md"


def shape(value: object) -> object:
    """Every key in order, down to the leaves, whose values do not matter."""
    if isinstance(value, dict):
        return {key: shape(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [shape(entry) for entry in value]
    return None


def test_the_documented_event_has_the_fields_of_the_real_one() -> None:
    block = re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    coverage = Coverage(sources_read=37, sources_due=38, unread=("cn-mee-yjzj",))
    real = json.loads(dump(event(alert(LOOSENED), (LOOSENED,), subscription_name="x", coverage=coverage)))
    assert json.dumps(shape(json.loads(block[1]))) == json.dumps(shape(real))
