"""Which rule a document belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from limen.domain.instrument import Candidate, Instrument, join
from limen.domain.source import Source
from limen.domain.title import edition, series_key
from limen.store.records import StoredInstrument, StoredVersion
from limen.store.repositories import instruments

_QUOTED_TITLE = re.compile(r"《([^《》\n]{4,120})》")
_HEADING = re.compile(r"^#{1,3} +(\S.*)$", re.MULTILINE)
_OPENING = 3000
"""Characters of a text in which it names the rule it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a document belongs: an instrument that exists, or None for one still to be made of the other fields."""

    instrument: StoredInstrument | None
    title: str
    series_key: str
    edition: str | None


def rule_title(version: StoredVersion) -> str:
    """Return the title by which a document names its rule.

    That is the title quoted in the document's own title (a call for comments on 《...》), else its own title, unless that
    names no rule ("Notice No. 14 of 2024"): then the first title quoted or the first heading at the beginning of the
    text.
    """
    document = version.version
    opening = document.text[:_OPENING]
    own = (*_QUOTED_TITLE.findall(document.title), document.title)
    candidates = (*own, *_QUOTED_TITLE.findall(opening), *_HEADING.findall(opening))
    return next((title for title in candidates if series_key(title, document.language)), document.title)


def place(session: Session, version: StoredVersion, source: Source, *, metrics: frozenset[str]) -> Placement:
    """Find the instrument of an official document by its number, its series or its title.

    An uncertain match is none: a person can join two instruments, but an alert across two rules cannot be taken back.
    """
    title = rule_title(version)
    language = version.version.language
    regulated = instruments.metrics(session, jurisdiction=source.jurisdiction)
    known = {
        Instrument(
            title=stored.title,
            language=stored.language,
            jurisdiction=stored.jurisdiction,
            edition=stored.edition,
            references=frozenset(stored.references),
            metrics=regulated.get(stored.id, frozenset()),
        ): stored
        for stored in instruments.load_all(session, jurisdiction=source.jurisdiction)
        if stored.language == language
    }
    candidate = Candidate(
        title=title,
        language=language,
        jurisdiction=source.jurisdiction,
        document_class=source.document_class,
        references=frozenset(version.references),
        metrics=metrics,
    )
    match = join(candidate, known)
    return Placement(
        instrument=known[match.instrument] if match is not None and match.is_sure else None,
        title=title,
        series_key=series_key(title, language),
        edition=edition(title, language),
    )
