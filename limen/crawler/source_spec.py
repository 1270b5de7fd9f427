"""How a source is crawled: the typed form of one TOML file of the catalogue."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from limen.crawler.source_rules import (
    BlockRules,
    Browser,
    Canonical,
    ClassRule,
    Credentials,
    DeadlineRule,
    Detail,
    Encoding,
    EvidenceNotes,
    Expectation,
    Hop,
    Jpaas,
    JsonApi,
    Limits,
    Listing,
    Politeness,
    Schedule,
    SitemapRules,
    TitleFilter,
    Url,
    WordPress,
    Zone,
)
from limen.crawler.strict_table import StrictTable
from limen.domain.source import DocumentClass, Source


class SourceKind(StrEnum):
    """The ways of discovery; each has one spider of this name."""

    FEED = "feed"
    LISTING = "listing"
    SITEMAP = "sitemap"
    WORDPRESS = "wordpress"
    JPAAS = "jpaas"
    JSON_API = "json_api"
    FEDERAL_REGISTER = "federal_register"
    ECFR = "ecfr"
    REGULATIONS_GOV = "regulations_gov"
    GOVUK = "govuk"
    LEGISLATION_UK = "legislation_uk"
    JUSTICE_LAWS_CA = "justice_laws_ca"
    LEYCHILE = "leychile"
    EURLEX = "eurlex"


class State(StrEnum):
    """`probe`: never checked live by us. `checked`: a person saw that it works as the TOML says."""

    PROBE = "probe"
    CHECKED = "checked"


class SourceSpec(StrictTable):
    """One source of the catalogue."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=64)]
    name: str
    publisher: str
    jurisdiction: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    kind: SourceKind
    document_class: DocumentClass
    homepage: Url
    entry: Annotated[tuple[Url, ...], Field(min_length=1)]
    timezone: Zone
    schedule: Schedule
    enabled: bool = True
    state: State = State.PROBE
    encoding: Encoding | None = None
    """Overrides what the pages and feeds of the source say of their own encoding."""
    terms: str = ""
    query: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)
    """Parameters that go with each entry address; a list repeats the parameter."""
    watch: tuple[str, ...] = ()
    """What a service is asked for by name: parts of a code (`title-40/part-261`), norms, CELEX numbers, regulations."""
    listing: Listing | None = None
    index: Listing | None = None
    """`[index]`: what the entry points list are lists again (the issues of a gazette), read by these selectors."""
    jpaas: Jpaas = Jpaas()
    json_api: JsonApi | None = None
    wordpress: WordPress = WordPress()
    sitemap: SitemapRules = SitemapRules()
    hops: tuple[Hop, ...] = ()
    deadline: DeadlineRule | None = None
    classes: tuple[ClassRule, ...] = ()
    browser: Browser | None = None
    credentials: Credentials | None = None
    detail: Detail = Detail()
    titles: TitleFilter = TitleFilter()
    canonical: Canonical = Canonical()
    politeness: Politeness = Politeness()
    limits: Limits = Limits()
    blocks: BlockRules = BlockRules()
    evidence: EvidenceNotes = EvidenceNotes()
    expect: Expectation = Expectation()

    @model_validator(mode="after")
    def _has_the_tables_of_its_kind(self) -> Self:
        match self.kind:
            case SourceKind.LISTING if self.listing is None:
                raise ValueError("a source of kind listing needs a [listing] table with its selectors")
            case SourceKind.JSON_API if self.json_api is None:
                raise ValueError("a source of kind json_api needs a [json_api] table with its fields")
            case SourceKind.ECFR | SourceKind.JUSTICE_LAWS_CA | SourceKind.LEYCHILE if not self.watch:
                raise ValueError(
                    f"a source of kind {self.kind.value} needs watch: the texts to follow, by their numbers"
                )
            case _:
                return self

    @property
    def can_recheck(self) -> bool:
        """Whether a document can be asked for by the address it is kept under. Those of services are found by their lists."""
        by_address = (SourceKind.FEED, SourceKind.LISTING, SourceKind.SITEMAP, SourceKind.WORDPRESS, SourceKind.JPAAS)
        if self.kind in by_address:
            return True
        return self.json_api is not None and self.json_api.fields.document_url is None

    def to_source(self) -> Source:
        """Return the part that every later stage needs."""
        return Source(
            id=self.id,
            name=self.name,
            publisher=self.publisher,
            jurisdiction=self.jurisdiction,
            language=self.language,
            document_class=self.document_class,
            timezone=self.timezone,
            homepage=self.homepage,
        )
