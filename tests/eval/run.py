"""Reads a corpus with the extractor and counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from limen.domain.document import Reading
from limen.nlp.extraction import Extractor
from limen.nlp.output import requirement_record
from tests.eval.corpus import AnnotatedPassage
from tests.eval.score import Tally, causes, count_pairs, count_traps, match


def score_passages(passages: Iterable[AnnotatedPassage], extractor: Extractor) -> Tally:
    """Return the counts for the passages; the extractor sees language, title and text."""
    tally = Tally()
    for passage in passages:
        reading = extractor.read(passage.text, language=passage.language, title=passage.title)
        count_passage(tally, passage, reading)
    return tally


def count_passage(tally: Tally, passage: AnnotatedPassage, reading: Reading) -> None:
    """Add one passage."""
    found = [requirement_record(requirement) for requirement in reading.requirements]
    matching = match(passage.requirements, found)
    tally.passages += 1
    tally.expected += len(passage.requirements)
    tally.predicted += len(found)
    count_pairs(tally, matching.pairs)
    count_traps(tally, passage.text, passage.traps, matching.extra)
    tally.causes.update(causes(matching, _seen(reading)))
    tally.stage += reading.stage.value == passage.stage
    deadline = None if reading.comment_deadline is None else reading.comment_deadline.isoformat()
    tally.deadline += deadline == passage.comment_deadline


def _seen(reading: Reading) -> list[dict[str, Any]]:
    return [
        {
            "value": sighting.threshold.value,
            "value_max": sighting.threshold.value_max,
            "unit": sighting.threshold.unit,
            "role": sighting.role.value,
        }
        for sighting in reading.sightings
    ]
