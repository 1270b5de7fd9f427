"""What the store knows of articles and rules, made ready to be set side by side."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache

from sqlalchemy.orm import Session

from limen.domain.entity import Entity, EntityLabel
from limen.domain.press import AFTER, BEFORE, Article, OfficialText, Rule, Statement, in_order
from limen.domain.title import level_title, series_key
from limen.domain.words import WordList
from limen.nlp.lexicon.designations import find_designations
from limen.nlp.lexicon.names import named_things
from limen.store.records import StoredInstrument, StoredVersion
from limen.store.repositories import instruments, press, readings, sources

RULES_AT_HAND = 200
"""Rules with all their texts that are held in memory."""

_TOPICS = (EntityLabel.PRODUCT, EntityLabel.MATERIAL)
_LEAST_TITLE = 7
"""Signs that the name of a rule has at least; shorter ones are not looked for."""


def article_of(session: Session, version: StoredVersion) -> Article:
    """Return what is known of a news document, with the requirements that are reported of it."""
    document = version.version
    entities = readings.entities(session, version.id)
    since = press.told_since(session, version.document_id)
    return Article(
        at=press.first_seen(session, version.document_id),
        language=document.language,
        text=f"{document.title}\n{document.text}",
        stage=version.stage,
        names=_canonical(entities, EntityLabel.INSTRUMENT) | numbers_of(version.references),
        regulators=_canonical(entities, EntityLabel.REGULATOR),
        places=_canonical(entities, EntityLabel.JURISDICTION),
        topics=_canonical(entities, *_TOPICS),
        statements=_statements(session, version, entities, since=since),
    )


def numbers_of(references: Iterable[str]) -> frozenset[str]:
    """Return official numbers as printed, and in the canonical form that they have in every language."""
    found: set[str] = set()
    for reference in references:
        found |= {reference, *_designations(reference)}
    return frozenset(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is looked at to find the rules that an article may name."""

    id: int
    title: str
    language: str
    numbers: frozenset[str]


class Rules:
    """The rules that articles may report on, as they stand in the store at the beginning of a pass."""

    def __init__(self, session: Session) -> None:
        self._known = tuple(
            _Known(id=each.id, title=_title(each), language=each.language, numbers=numbers_of(each.references))
            for each in instruments.load_all(session)
        )
        self._at_hand: OrderedDict[int, Rule] = OrderedDict()

    def near(self, session: Session, document_id: int, article: Article) -> tuple[Rule, ...]:
        """Return the rules that an article may report on: linked before, named, with its numbers, or new at that time."""
        claims = [each.requirement for each in article.statements]
        metrics = {claim.metric_id for claim in claims if claim.metric_id is not None}
        amounts = [(claim.metric_id, claim.threshold) for claim in claims if claim.metric_id is not None]
        found = press.linked_instruments(session, document_id) | self._named(article)
        found |= press.with_names(session, article.names) | press.with_amounts(session, amounts)
        found |= press.with_metrics(session, metrics, since=article.at - AFTER, until=article.at + BEFORE)
        return tuple(self._rule(session, each) for each in sorted(found))

    def _named(self, article: Article) -> frozenset[int]:
        text = level_title(article.text)
        return frozenset(
            each.id
            for each in self._known
            if not article.names.isdisjoint(each.numbers)
            or (each.language == article.language and len(each.title) >= _LEAST_TITLE and each.title in text)
        )

    def _rule(self, session: Session, instrument_id: int) -> Rule:
        if instrument_id not in self._at_hand:
            self._at_hand[instrument_id] = rule_of(session, instruments.by_id(session, instrument_id))
            if len(self._at_hand) > RULES_AT_HAND:
                self._at_hand.popitem(last=False)
        self._at_hand.move_to_end(instrument_id)
        return self._at_hand[instrument_id]


def rule_of(session: Session, instrument: StoredInstrument) -> Rule:
    """Return what is known of an instrument, with the requirements of its texts that are reported."""
    texts: list[OfficialText] = []
    named: list[Entity] = []
    issuers: set[str] = set()
    topics: set[str] = set()
    titles = [instrument.title]
    looked_at: datetime | None = None
    for version in press.texts(session, instrument.id):
        entities = readings.entities(session, version.id)
        document = version.version
        named += (each for each in entities if each.label is EntityLabel.INSTRUMENT)
        titles.append(document.title)
        topics |= _canonical(entities, *_TOPICS)
        own = {issuer.canonical for issuer in version.issued_by if issuer.canonical is not None}
        issuers |= own or _publishers(session, document.source_id)
        texts.append(
            OfficialText(
                document=version.document_id,
                since=version.valid_from,
                published=version.number == 1 and document.published is not None,
                stage=version.stage,
                language=document.language,
                statements=_statements(session, version, entities),
            )
        )
        visits = (looked_at, document.fetched_at, sources.state(session, document.source_id).last_success_at)
        looked_at = max(visit for visit in visits if visit is not None)
    names = {each.canonical for each in named if any(_bare(each.evidence.quote) in title for title in titles)}
    return Rule(
        number=instrument.id,
        title=_title(instrument),
        language=instrument.language,
        jurisdiction=instrument.jurisdiction,
        names=frozenset(names) - numbers_of(instrument.references),
        numbers=numbers_of(instrument.references),
        issuers=frozenset(issuers),
        topics=frozenset(topics),
        texts=in_order(texts),
        looked_at=looked_at,
    )


def _statements(
    session: Session,
    version: StoredVersion,
    entities: Sequence[Entity],
    *,
    since: Mapping[str, datetime] | None = None,
) -> tuple[Statement, ...]:
    text, known = version.version.text, since or {}
    return tuple(
        Statement.of(stored.id, stored.requirement, entities=entities, text=text, since=known.get(stored.key))
        for stored in press.reported(session, version.id)
    )


def _canonical(entities: Iterable[Entity], *labels: EntityLabel) -> frozenset[str]:
    return frozenset(each.canonical for each in entities if each.label in labels)


def _title(instrument: StoredInstrument) -> str:
    return instrument.series_key or series_key(instrument.title, instrument.language)


def _bare(title: str) -> str:
    return title.strip("《》“”\"' ")


@lru_cache(maxsize=65536)
def _designations(reference: str) -> frozenset[str]:
    return frozenset(each.canonical for each in find_designations(reference) if each.label is EntityLabel.INSTRUMENT)


def _publishers(session: Session, source_id: str) -> frozenset[str]:
    """Return the canonical ids of the regulators by whose names a source calls its publisher."""
    source = sources.get(session, source_id)
    return frozenset() if source is None else _regulators_in(source.publisher)


@lru_cache(maxsize=1024)
def _regulators_in(publisher: str) -> frozenset[str]:
    found = [(name, thing) for name, thing in _regulators() if WordList.of([name.casefold()]).occurs(publisher)]
    # "Ministry of Commerce" is no part of "Ministry of Commerce and Industry"
    return frozenset(thing for name, thing in found if not any(name != other and name in other for other, _ in found))


@cache
def _regulators() -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, thing.id)
        for thing in named_things()
        if thing.label is EntityLabel.REGULATOR and thing.id is not None
        for names in thing.names.values()
        for name in names
    )
