from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from limen.domain.change import Change, ChangeKind, Difference, Direction, Note, NoteKind
from limen.domain.document import Issuer, Reading, Stage
from limen.domain.entity import Entity, EntityLabel
from limen.domain.evidence import Evidence
from limen.domain.reason import Reason
from limen.domain.requirement import Modality, Requirement
from limen.domain.sighting import QuantityRole, Sighting
from limen.domain.threshold import Comparator, Threshold
from limen.nlp.errors import InvalidPassage
from limen.nlp.output import Passage, difference_to_json, parse_passages, reading_to_json, to_json

TEXT = "Cells shall reach at least 165.10 Wh/kg in Chile."
EVIDENCE = Evidence.of(TEXT, 18, 39)
THRESHOLD = Threshold(op=Comparator.AT_LEAST, value=Decimal("165.10"), unit="Wh/kg")
REQUIREMENT = Requirement(
    threshold=THRESHOLD,
    metric="energy density",
    evidence=EVIDENCE,
    previous=Decimal("160"),
    confidence=0.8,
    reasons=(Reason.OPERATOR_INHERITED,),
)


def parsed(line: str) -> Any:
    return json.loads(line, parse_float=Decimal, parse_int=Decimal)


def test_a_reading_has_the_fields_of_the_contract() -> None:
    reading = Reading(
        language="en",
        requirements=(REQUIREMENT,),
        entities=(Entity(label=EntityLabel.JURISDICTION, canonical="CL", evidence=Evidence.of(TEXT, 43, 48)),),
        stage=Stage.DRAFT,
        comment_deadline=date(2027, 5, 3),
        effective_on=None,
        references=("RIN 9999-AB01",),
        issued_by=(Issuer(name="the Ministry", canonical="MIIT"),),
        replaces=("Announcement No. 5 of 2021",),
        repeals=("Mining Act",),
    )
    line = reading_to_json("p-1", reading)
    assert "\n" not in line
    assert '"value": 165.10,' in line
    assert parsed(line) == {
        "id": "p-1",
        "requirements": [
            {
                "op": ">=",
                "value": Decimal("165.10"),
                "value_max": None,
                "unit": "Wh/kg",
                "metric": "energy density",
                "subject": None,
                "condition": None,
                "modality": "mandatory",
                "by": None,
                "previous": Decimal(160),
                "quote": "at least 165.10 Wh/kg",
                "start": 18,
                "end": 39,
                "confidence": Decimal("0.8"),
                "reasons": ["operator_inherited"],
            }
        ],
        "entities": [{"text": "Chile", "label": "jurisdiction", "canonical": "CL", "start": 43, "end": 48}],
        "stage": "draft",
        "comment_deadline": "2027-05-03",
        "effective_on": None,
        "references": ["RIN 9999-AB01"],
        "issued_by": [{"name": "the Ministry", "canonical": "MIIT"}],
        "replaces": ["Announcement No. 5 of 2021"],
        "repeals": ["Mining Act"],
    }


def test_quantities_come_on_demand_with_their_roles() -> None:
    sighting = Sighting(threshold=THRESHOLD, role=QuantityRole.STATISTIC, evidence=EVIDENCE, metric="density")
    (quantity,) = parsed(reading_to_json("p", Reading(language="en", sightings=(sighting,)), quantities=True))[
        "quantities"
    ]
    assert quantity == {
        "op": ">=",
        "value": Decimal("165.10"),
        "value_max": None,
        "unit": "Wh/kg",
        "role": "statistic",
        "metric": "density",
        "subject": None,
        "quote": "at least 165.10 Wh/kg",
        "start": 18,
        "end": 39,
        "certainty": 1.0,
        "reasons": [],
    }
    assert "quantities" not in parsed(reading_to_json("p", Reading(language="en")))


@pytest.mark.parametrize(
    ("value", "digits"),
    [
        (Decimal("0.1000000000000000055511151231257827"), "0.1000000000000000055511151231257827"),
        (Decimal("2E+7"), "20000000"),
        (Decimal("1E-9"), "0.000000001"),
        (Decimal("-3.50"), "-3.50"),
        (Decimal("123456789012345678901234"), "123456789012345678901234"),
    ],
)
def test_numbers_keep_every_digit(value: Decimal, digits: str) -> None:
    assert to_json([value]) == f"[{digits}]"
    assert parsed(to_json([value])) == [value]


def test_what_breaks_lines_or_encodings_is_escaped() -> None:
    text = 'a"\n\u2028\u0085\ud800é能'
    line = to_json({"text": text})
    assert json.loads(line) == {"text": text}
    assert line.splitlines() == [line]
    line.encode("utf-8")
    assert "é能" in line


def test_a_value_of_another_kind_is_refused() -> None:
    with pytest.raises(TypeError):
        to_json({"when": date(2027, 1, 1)})


def test_a_difference_has_changes_and_notes() -> None:
    difference = Difference(
        changes=(Change(kind=ChangeKind.ADDED, direction=Direction.TIGHTENED, old=None, new=REQUIREMENT),),
        notes=(Note(kind=NoteKind.MOVED, old=REQUIREMENT, new=REQUIREMENT),),
    )
    text = " " * REQUIREMENT.evidence.start + REQUIREMENT.evidence.quote
    record = parsed(difference_to_json(difference, old_text="", new_text=text))
    assert record["changes"][0]["redline"] == [{"mark": "inserted", "text": REQUIREMENT.evidence.quote}]
    assert (record["changes"][0]["kind"], record["changes"][0]["direction"]) == ("added", "tightened")
    assert record["changes"][0]["old"] is None
    assert record["changes"][0]["new"]["modality"] == Modality.MANDATORY
    assert record["notes"][0]["kind"] == "moved"


def test_passages_are_read_in_order() -> None:
    lines = [
        '\ufeff{"id": "a", "lang": "zh", "title": "标题", "text": "正文"}\n',
        "   \n",
        '{"text": "only text", "lang": "auto", "genre": "news"}',
    ]
    assert list(parse_passages(lines)) == [
        Passage(id="a", language="zh", title="标题", text="正文"),
        Passage(id="3", text="only text"),
    ]


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        ("{", "not JSON"),
        ("[1]", "a JSON list"),
        ('"text"', "a JSON str"),
        ("{}", '"text" is missing'),
        ('{"text": null}', '"text" is missing'),
        ('{"text": 7}', '"text" is not a string'),
        ('{"text": "x", "lang": 1}', '"lang" is not a string'),
        ('{"text": "x", "title": []}', '"title" is not a string'),
        ('{"text": "x", "id": {}}', '"id" is neither'),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_line_that_is_no_passage_is_named(line: str, trouble: str) -> None:
    with pytest.raises(InvalidPassage) as caught:
        list(parse_passages(['{"text": "fine"}', line], name="some.jsonl"))
    assert caught.value.line == 2
    assert str(caught.value).startswith("some.jsonl, line 2: ")
    assert trouble in str(caught.value)
