"""The extractor: from a text to what it requires."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from limen.domain.document import Reading
from limen.domain.evidence import Evidence
from limen.domain.issue import Issue, IssueKind, Severity
from limen.domain.requirement import Requirement
from limen.domain.sighting import Sighting
from limen.domain.threshold import Comparator, Threshold
from limen.nlp.asides import find_asides
from limen.nlp.confidence import confidence, reasons
from limen.nlp.errors import UnsupportedLanguage
from limen.nlp.language import detect
from limen.nlp.language_data import supported_languages
from limen.nlp.mending import Damage
from limen.nlp.mention import Mention
from limen.nlp.pipeline import build_pipeline, prepare

EXTRACTOR_VERSION = "2026.11.8"
"""Changes with every change of grammar or code that can alter a reading; stored with each reading."""

_MOST_DAMAGED = 20
"""Damaged numbers that are told one by one; a text with more is damaged as a whole."""
_SEEN_AFTER = 8


class Extractor:
    """Reads texts. Builds the pipeline of a language on its first use and keeps it; holds no state of any text."""

    def __init__(self) -> None:
        self._pipelines: dict[str, Language] = {}

    def read(
        self, text: str, *, language: str | None = None, title: str | None = None, asides: bool = False
    ) -> Reading:
        """Return what the text requires and states about itself; offsets count code points of `text`.

        `language` is an ISO 639-1 code, None means detection. `title` helps to tell what kind of document it is.
        `asides` also lists the numbers that are no quantities.

        Raises:
            UnsupportedLanguage: there is no pipeline for the language.
        """
        code = language or detect(text)
        if code not in supported_languages():
            raise UnsupportedLanguage(code)
        doc = self._run(code, text, title)
        mentions: list[Mention] = doc._.mentions
        return Reading(
            language=code,
            requirements=tuple(_requirement(text, mention) for mention in mentions if mention.is_requirement),
            sightings=tuple(_sighting(text, mention) for mention in mentions),
            asides=find_asides(doc) if asides else (),
            issues=(
                *(_unknown_unit(text, mention) for mention in doc._.unreadable),
                *_damaged(text, doc._.damaged),
            ),
            entities=doc._.entities,
            stage=doc._.stage,
            comment_deadline=doc._.comment_deadline,
            effective_on=doc._.effective_on,
            references=doc._.references,
            issued_by=doc._.issued_by,
            replaces=doc._.replaces,
            repeals=doc._.repeals,
        )

    def _run(self, code: str, text: str, title: str | None) -> Doc:
        pipeline = self._pipelines.get(code)
        if pipeline is None:
            pipeline = self._pipelines[code] = build_pipeline(code)
            # Grammars and weights are hundreds of thousands of objects that stay: no collection need look at them again.
            gc.freeze()
        doc = prepare(pipeline, text, title=title)
        for _, component in pipeline.pipeline:
            doc = component(doc)
        return doc


def _threshold(mention: Mention) -> Threshold:
    assert mention.unit is not None
    return Threshold(
        op=mention.op or Comparator.EQUAL, value=mention.value, value_max=mention.value_max, unit=mention.unit
    )


def _requirement(text: str, mention: Mention) -> Requirement:
    grounds = reasons(mention)
    return Requirement(
        threshold=_threshold(mention),
        metric=mention.metric or "",
        subject=mention.subject,
        condition=mention.condition or mention.note,
        modality=mention.modality,
        by=mention.by,
        previous=mention.previous,
        metric_id=mention.metric_id,
        section=mention.section,
        evidence=_evidence(text, mention),
        confidence=confidence(mention, grounds),
        reasons=grounds,
    )


def _sighting(text: str, mention: Mention) -> Sighting:
    return Sighting(
        threshold=_threshold(mention),
        role=mention.role,
        metric=mention.metric,
        metric_certainty=mention.metric_certainty,
        subject=mention.subject,
        subject_certainty=mention.subject_certainty,
        certainty=mention.certainty,
        reasons=reasons(mention),
        evidence=_evidence(text, mention),
    )


def _unknown_unit(text: str, mention: Mention) -> Issue:
    written = text[mention.start : mention.end]
    return Issue(
        kind=IssueKind.UNKNOWN_UNIT,
        message=f"{written!r}: no unit {mention.unit!r} is defined; add it to limen/domain/units.txt",
        severity=Severity.INFO,
        offset=mention.start,
    )


def _damaged(text: str, damages: Sequence[Damage]) -> Iterator[Issue]:
    for damage in damages[:_MOST_DAMAGED]:
        written = text[damage.start : damage.end + _SEEN_AFTER].partition("\n")[0]
        doubt = damage.read_as is None
        reading = (
            "can be read in more than one way; nothing is reported of it" if doubt else f"is read as {damage.read_as}"
        )
        yield Issue(
            kind=IssueKind.AMBIGUOUS,
            message=f"{written!r}: the number is damaged and {reading}",
            severity=Severity.WARNING if doubt else Severity.INFO,
            offset=damage.start,
        )
    more = damages[_MOST_DAMAGED:]
    if more:
        message = f"{len(more)} more numbers are damaged: get a better copy of the text"
        yield Issue(kind=IssueKind.AMBIGUOUS, message=message, offset=more[0].start)


def _evidence(text: str, mention: Mention) -> Evidence:
    return Evidence.of(text, mention.quote_start, mention.quote_end)
