from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from limen.alerts import document_event, health
from limen.alerts.event import dump
from limen.alerts.payload import Coverage, event
from limen.domain.document_event import EventKind
from tests.unit.alerts.builders import EXTENDED, LOOSENED, alert, event_alert, with_texts
from tests.unit.alerts.test_health import COVERAGE, FAILING, LAST_NEW, SOURCE

PAGE = Path(__file__).parents[3] / "docs" / "webhooks.md"


def shape(value: object) -> object:
    """Every key in order, down to the leaves, whose values do not matter."""
    if isinstance(value, dict):
        return {key: shape(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [shape(entry) for entry in value]
    return None


def documented(event_type: str) -> Any:
    blocks = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    [found] = [each for each in map(json.loads, blocks) if each["type"] == event_type]
    return found


def test_the_documented_event_has_the_fields_of_the_real_one() -> None:
    coverage = Coverage(sources_read=37, sources_due=38, unread=("cn-mee-yjzj",))
    told = with_texts(alert(LOOSENED), old="Limit: >=260Wh/kg.", new="Limit: >=230Wh/kg.")
    real = json.loads(dump(event(told, (LOOSENED,), subscription_name="x", coverage=coverage)))
    assert json.dumps(shape(documented("requirement.changed"))) == json.dumps(shape(real))


def test_the_documented_event_of_a_document_has_the_fields_of_the_real_one() -> None:
    told = event_alert(EXTENDED)
    real = json.loads(dump(document_event.event(told, told.events, subscription_name="x", coverage=COVERAGE)))
    assert json.dumps(shape(documented("document.event"))) == json.dumps(shape(real))


def test_the_page_on_events_names_every_kind() -> None:
    page = (PAGE.parent / "events.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == {kind.value for kind in EventKind}


def test_the_documented_turn_of_a_source_has_the_fields_of_the_real_one() -> None:
    real = json.loads(dump(health.event(SOURCE, FAILING, last_new_at=LAST_NEW, coverage=COVERAGE)))
    told = documented("source.health")
    assert json.dumps(shape({**told, "data": {**told["data"], "reasons": list(FAILING.reasons)}})) == json.dumps(
        shape(real)
    )
