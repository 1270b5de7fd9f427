"""Which rule a document belongs to, by what its texts say or by what a person decides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from limen.domain.errors import LimenError
from limen.domain.instrument import Candidate, Instrument, JoinReason, Match, RuleTraits, join, near
from limen.domain.review import ReviewState
from limen.domain.source import Source
from limen.domain.title import edition, is_amending, rule_title, series_key
from limen.store.records import Origin, StoredInstrument, StoredVersion
from limen.store.repositories import documents, instruments, join_proposals


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a person's correction did: the instrument that documents are part of now, and which of them moved there."""

    instrument: StoredInstrument
    documents: tuple[int, ...]


class JoinRefused(LimenError):
    """Two instruments, or a document and an instrument, cannot be joined or parted as was asked. The message says why."""


def place(
    session: Session, version: StoredVersion, source: Source, *, metrics: frozenset[str], at: datetime
) -> StoredInstrument:
    """Make an official document part of its instrument, which is made if there is none, and return that.

    An uncertain match is none, since an alert across two rules cannot be taken back: the document founds an instrument,
    and a person is asked whether it belongs to the other one.
    """
    match, found = _find(session, version, source, metrics=metrics)
    if match is not None and found is not None and match.is_sure:
        instruments.attach_document(session, version.document_id, found.id, reason=match.reason, score=match.score)
        # an archive that is read late gives the first document one before it
        documents.reopen(session, found.id)
        return refresh(session, found.id)
    title, language = _rule_title(version), version.version.language
    own = instruments.add(
        session,
        title=title,
        jurisdiction=source.jurisdiction,
        language=language,
        series_key=series_key(title, language) or None,
        edition=edition(title, language),
        references=version.references,
        at=at,
    )
    instruments.attach_document(session, version.document_id, own.id, reason=JoinReason.FIRST, score=1.0)
    if match is not None and found is not None:
        join_proposals.propose(session, version.document_id, found.id, reason=match.reason, score=match.score, at=at)
    return own


def refresh(session: Session, instrument_id: int) -> StoredInstrument:
    """Say anew what an instrument is called: by the newest text of its latest document, and by the numbers of all of them.

    A draft that becomes final at its address is no longer called a draft; an archive that is read late renames nothing, nor
    does a text that only amends the rule.
    """
    own = reversed(instruments.official_documents(session, instrument_id))
    latest = None
    for text in filter(None, (documents.last_extracted(session, each) for each in own)):
        latest = latest or text
        if not is_amending(text.version.title, text.version.language):
            latest = text
            break
    if latest is None:
        return instruments.by_id(session, instrument_id)
    title, language = _rule_title(latest), latest.version.language
    return instruments.describe(
        session,
        instrument_id,
        title=title,
        language=language,
        series_key=series_key(title, language) or None,
        edition=edition(title, language),
        references=instruments.printed_references(session, instrument_id),
    )


def join_instruments(session: Session, instrument_id: int, other_id: int, *, at: datetime) -> Moved:
    """Make the documents of another instrument part of one, with all that was found in them and reported of them.

    The comparisons that this makes possible are made in the next pass; what was compared before stays as it was told.
    Joining twice moves nothing the second time.

    Raises:
        NotStored: there is no such instrument.
        JoinRefused: both are the same, or of two jurisdictions.
    """
    kept, other = instruments.by_id(session, instrument_id), instruments.by_id(session, other_id)
    if kept.id == other.id:
        raise JoinRefused(f"instrument {kept.id} cannot be joined with itself: name two instruments")
    if kept.jurisdiction != other.jurisdiction:
        raise JoinRefused(
            f"instrument {kept.id} is of {kept.jurisdiction} and {other.id} of {other.jurisdiction}: rules of two "
            "jurisdictions are never one"
        )
    if not instruments.official_documents(session, kept.id):
        raise JoinRefused(f"instrument {kept.id} has no documents any more: join into the one that they went to")
    moved = instruments.official_documents(session, other.id)
    for document_id in moved:
        instruments.attach_document(session, document_id, kept.id, reason=JoinReason.PERSON, score=1.0)
    instruments.take_over_news(session, kept.id, other_id=other.id)
    join_proposals.take_over(session, kept.id, other_id=other.id)
    return _corrected(session, kept.id, moved, at=at)


def split_documents(session: Session, instrument_id: int, document_ids: Sequence[int], *, at: datetime) -> Moved:
    """Take documents out of an instrument into one of their own.

    What was told of them is not told again. News goes on reporting on the instrument that it reported on. Documents that
    are an instrument of their own already stay so.

    Raises:
        NotStored: there is no such instrument or document.
        JoinRefused: a document is not of that instrument, or none would be left in it.
    """
    whole = instruments.by_id(session, instrument_id)
    taken = tuple(dict.fromkeys(document_ids))
    homes = {instruments.of_document(session, each) for each in taken}
    own = instruments.official_documents(session, whole.id)
    if len(homes) == 1 and whole.id not in homes:
        (home,) = homes
        if home is not None and set(instruments.official_documents(session, home)) == set(taken):
            return Moved(instrument=instruments.by_id(session, home), documents=())
    foreign = [each for each in taken if each not in own]
    if foreign:
        raise JoinRefused(
            f"document {foreign[0]} is not part of instrument {whole.id}: see limen instrument show {whole.id}"
        )
    if len(taken) == len(own):
        raise JoinRefused(f"no document would be left in instrument {whole.id}: name fewer than its {len(own)}")
    made = instruments.add(session, title=whole.title, jurisdiction=whole.jurisdiction, language=whole.language, at=at)
    for document_id in taken:
        instruments.attach_document(session, document_id, made.id, reason=JoinReason.PERSON, score=1.0)
    refresh(session, whole.id)
    return _corrected(session, made.id, taken, at=at)


def decide_join(session: Session, proposal_id: int, state: ReviewState, *, at: datetime) -> None:
    """Do what a person decided about a proposed join.

    An accepted document moves with all its versions, and with the documents that had joined the instrument that it had
    founded. A rejected one stays where it is, or leaves the instrument again if it had been accepted before and others are
    left there.

    Raises:
        NotStored: there is no such proposal.
    """
    proposal = join_proposals.by_id(session, proposal_id)
    home = instruments.of_document(session, proposal.document_id)
    if state is ReviewState.ACCEPTED and home != proposal.instrument_id:
        if home is not None and instruments.join_reason(session, proposal.document_id) is JoinReason.FIRST:
            join_instruments(session, proposal.instrument_id, home, at=at)
        else:
            instruments.attach_document(
                session, proposal.document_id, proposal.instrument_id, reason=JoinReason.PERSON, score=1.0
            )
            if home is not None:
                refresh(session, home)
            _corrected(session, proposal.instrument_id, (proposal.document_id,), at=at)
    if (
        state is ReviewState.REJECTED
        and proposal.state is ReviewState.ACCEPTED
        and home == proposal.instrument_id
        and instruments.official_documents(session, home) != (proposal.document_id,)
    ):
        split_documents(session, home, [proposal.document_id], at=at)
    join_proposals.decide(session, proposal_id, state, at=at)


def _corrected(session: Session, instrument_id: int, moved: tuple[int, ...], *, at: datetime) -> Moved:
    for document_id in instruments.official_documents(session, instrument_id):
        join_proposals.settle(session, document_id, instrument_id, at=at)
    documents.reopen(session, instrument_id)
    return Moved(instrument=refresh(session, instrument_id), documents=moved)


def _find(
    session: Session, version: StoredVersion, source: Source, *, metrics: frozenset[str]
) -> tuple[Match | None, StoredInstrument | None]:
    """Return the best match of a document among the instruments that still have documents, and what is stored of it."""
    language = version.version.language
    candidate = Candidate(
        title=_rule_title(version),
        language=language,
        jurisdiction=source.jurisdiction,
        document_class=version.version.document_class,
        references=frozenset(version.references),
        metrics=metrics,
        issuers=frozenset(issuer.canonical or issuer.name for issuer in version.issued_by),
        publishers=frozenset({source.publisher}),
        replaces=frozenset(version.replaces),
        repeals=frozenset(version.repeals),
    )
    like = _near(session, candidate, refused=join_proposals.rejected(session, version.document_id))
    regulated, origins = instruments.metrics(session, like), instruments.origins(session, like)
    known = [
        (_traits(stored, origins[stored.id], metrics=regulated.get(stored.id, frozenset())), stored)
        for stored in (instruments.by_id(session, each) for each in like if each in origins)
    ]
    match = join(candidate, (traits for traits, _ in known))
    if match is None:
        return None, None
    return match, next(stored for traits, stored in known if traits is match.instrument)


def _near(session: Session, candidate: Candidate, *, refused: Collection[int]) -> list[int]:
    """Return the instruments that are worth a closer look, oldest first: all the others would match nothing."""
    language, jurisdiction = candidate.language, candidate.jurisdiction
    known = instruments.names(session, jurisdiction=jurisdiction, language=language)
    return near(
        candidate,
        {
            instrument_id: RuleTraits(
                title=each.title,
                language=language,
                jurisdiction=jurisdiction,
                references=frozenset(each.references),
                replaces=frozenset(each.phrases),
            )
            for instrument_id, each in known.items()
            if instrument_id not in refused
        },
    )


def _rule_title(version: StoredVersion) -> str:
    document = version.version
    return rule_title(document.title, document.text, document.language)


def _traits(stored: StoredInstrument, origin: Origin, *, metrics: frozenset[str]) -> Instrument:
    return Instrument(
        title=stored.title,
        language=stored.language,
        jurisdiction=stored.jurisdiction,
        edition=stored.edition,
        references=frozenset(stored.references),
        metrics=metrics,
        issuers=origin.issuers,
        publishers=origin.publishers,
        replaces=origin.replaces,
        repeals=origin.repeals,
    )
