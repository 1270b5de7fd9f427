"""The extractor: from a text to what it requires."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from limen.domain.document import Reading
from limen.domain.evidence import Evidence
from limen.domain.issue import Issue, IssueKind, Severity
from limen.domain.requirement import Requirement
from limen.domain.sighting import Sighting
from limen.domain.threshold import Comparator, Threshold
from limen.nlp.errors import UnsupportedLanguage
from limen.nlp.language import detect
from limen.nlp.language_data import supported_languages
from limen.nlp.mention import Mention
from limen.nlp.pipeline import build_pipeline, prepare

EXTRACTOR_VERSION = "2026.11.1"
"""Changes with every change of grammar or code that can alter a reading; stored with each reading."""


class Extractor:
    """Reads texts. Builds the pipeline of a language on its first use and keeps it; holds no state of any text."""

    def __init__(self) -> None:
        self._pipelines: dict[str, Language] = {}

    def read(self, text: str, *, language: str | None = None, title: str | None = None) -> Reading:
        """Return what the text requires and states about itself; offsets count code points of `text`.

        `language` is an ISO 639-1 code, None means detection. `title` helps to tell what kind of document it is.

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
            issues=tuple(_unknown_unit(text, mention) for mention in doc._.unreadable),
            entities=doc._.entities,
            stage=doc._.stage,
            comment_deadline=doc._.comment_deadline,
            effective_on=doc._.effective_on,
            references=doc._.references,
        )

    def _run(self, code: str, text: str, title: str | None) -> Doc:
        pipeline = self._pipelines.get(code)
        if pipeline is None:
            pipeline = self._pipelines[code] = build_pipeline(code)
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
    )


def _sighting(text: str, mention: Mention) -> Sighting:
    return Sighting(
        threshold=_threshold(mention),
        role=mention.role,
        metric=mention.metric,
        subject=mention.subject,
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


def _evidence(text: str, mention: Mention) -> Evidence:
    return Evidence.of(text, mention.quote_start, mention.quote_end)
