"""The extractor's contract with other programs: passages as JSON lines in, readings and differences as JSON out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from limen.domain.change import Change, Difference, Note
from limen.domain.document import Reading
from limen.domain.entity import Entity
from limen.domain.evidence import Evidence
from limen.domain.record import requirement_record, to_json
from limen.domain.redline import redline_of, redline_record
from limen.domain.sighting import Aside, Sighting
from limen.domain.threshold import Threshold
from limen.nlp.errors import InvalidPassage

_DETECT = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A text to be read, with the name it goes by. `language` None means that the text itself decides."""

    id: str
    text: str
    language: str | None = None
    title: str | None = None


def parse_passages(lines: Iterable[str], *, name: str = "standard input") -> Iterator[Passage]:
    """Yield the passage of each line that is not blank, in order.

    A line is `{"id": ..., "text": ..., "lang": ..., "title": ...}`; other keys are ignored. An absent `lang` or `auto`
    means detection, an absent `id` the line number. `name` is what messages call the file.

    Raises:
        InvalidPassage: a line is not JSON, not an object, has no `text`, or a field is not a string.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _parse_passage(line.removeprefix("\ufeff"), number, name)


def _parse_passage(line: str, number: int, name: str) -> Passage:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidPassage(name, number, f"not JSON ({error})") from error
    if not isinstance(record, dict):
        raise InvalidPassage(name, number, f"a JSON {type(record).__name__}, not an object")
    if record.get("text") is None:
        raise InvalidPassage(name, number, '"text" is missing')
    for key in ("lang", "title", "text"):
        if not isinstance(record.get(key), str | None):
            raise InvalidPassage(name, number, f'"{key}" is not a string')
    identifier = record.get("id", number)
    if isinstance(identifier, bool) or not isinstance(identifier, str | int):
        raise InvalidPassage(name, number, '"id" is neither a string nor a whole number')
    language = record.get("lang")
    return Passage(
        id=str(identifier),
        text=record["text"],
        language=None if language in (None, "", _DETECT) else language,
        title=record.get("title"),
    )


def reading_to_json(identifier: str, reading: Reading, *, quantities: bool = False) -> str:
    """Return one line of JSON: the requirements, entities and facts of a text, with every digit of every number.

    `quantities` adds each number with a unit that was seen, with its role and reasons, and under `other_numbers` those
    that are no quantities, if the reading holds them. Offsets are half-open and count code points.
    """
    record: dict[str, Any] = {
        "id": identifier,
        "requirements": [requirement_record(requirement) for requirement in reading.requirements],
        "entities": [_entity_record(entity) for entity in reading.entities],
        "stage": reading.stage.value,
        "comment_deadline": None if reading.comment_deadline is None else reading.comment_deadline.isoformat(),
        "effective_on": None if reading.effective_on is None else reading.effective_on.isoformat(),
        "references": list(reading.references),
        "issued_by": [{"name": issuer.name, "canonical": issuer.canonical} for issuer in reading.issued_by],
        "replaces": list(reading.replaces),
        "repeals": list(reading.repeals),
    }
    if quantities:
        record["quantities"] = [_sighting_record(sighting) for sighting in reading.sightings]
        record["other_numbers"] = [_aside_record(aside) for aside in reading.asides]
    return to_json(record)


def difference_to_json(difference: Difference, *, old_text: str, new_text: str) -> str:
    """Return one line of JSON: `{"changes": [...], "notes": [...], "doubts": [...]}`, in the order of the difference.

    Each change has the redline of the sentence around it: `[{"mark": "kept" | "deleted" | "inserted", "text"}]`.
    """
    return to_json(
        {
            "changes": [
                change_record(change)
                | {"redline": redline_record(redline_of(change, old_text=old_text, new_text=new_text))}
                for change in difference.changes
            ],
            "notes": [_note_record(note) for note in difference.notes],
            "doubts": [
                {"kind": doubt.kind.value, "requirement": requirement_record(doubt.requirement)}
                for doubt in difference.doubts
            ],
        }
    )


def change_record(change: Change) -> dict[str, Any]:
    """Return the fields of a change; `old` or `new` is None where there is no such side."""
    return {
        "kind": change.kind.value,
        "direction": change.direction.value,
        "old": None if change.old is None else requirement_record(change.old),
        "new": None if change.new is None else requirement_record(change.new),
    }


def _note_record(note: Note) -> dict[str, Any]:
    return {"kind": note.kind.value, "old": requirement_record(note.old), "new": requirement_record(note.new)}


def _entity_record(entity: Entity) -> dict[str, Any]:
    return {
        "text": entity.evidence.quote,
        "label": entity.label.value,
        "canonical": entity.canonical,
        "start": entity.evidence.start,
        "end": entity.evidence.end,
    }


def _sighting_record(sighting: Sighting) -> dict[str, Any]:
    return {
        **_threshold_record(sighting.threshold),
        "role": sighting.role.value,
        "metric": sighting.metric,
        "subject": sighting.subject,
        **_evidence_record(sighting.evidence),
        "certainty": sighting.certainty,
        "reasons": [reason.value for reason in sighting.reasons],
    }


def _aside_record(aside: Aside) -> dict[str, Any]:
    return {"role": aside.role.value, "reasons": [aside.reason.value], **_evidence_record(aside.evidence)}


def _threshold_record(threshold: Threshold) -> dict[str, Any]:
    return {
        "op": threshold.op.value,
        "value": threshold.value,
        "value_max": threshold.value_max,
        "unit": threshold.unit,
    }


def _evidence_record(evidence: Evidence) -> dict[str, Any]:
    return {"quote": evidence.quote, "start": evidence.start, "end": evidence.end}
