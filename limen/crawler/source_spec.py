"""How a source is crawled: the typed form of one TOML file of the catalogue."""

from __future__ import annotations

import codecs
import re
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from cssselect import SelectorError
from parsel.csstranslator import HTMLTranslator
from pydantic import AfterValidator, Field, model_validator

from limen.crawler.strict_table import StrictTable
from limen.domain.source import DocumentClass, Source

_DURATION = re.compile(r"(\d+)(m|h|d)")
_SECONDS = {"m": 60, "h": 3600, "d": 86400}


class SourceKind(StrEnum):
    """The ways of discovery; each has one spider."""

    FEED = "feed"
    LISTING = "listing"
    SITEMAP = "sitemap"


class State(StrEnum):
    """`probe`: never checked live by us. `checked`: the first run found what the TOML promises."""

    PROBE = "probe"
    CHECKED = "checked"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError) as error:
        raise ValueError(f"{name!r} is no time zone; write an IANA name such as Asia/Shanghai") from error
    return name


def _valid_pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error
    return pattern


def _duration(text: str) -> str:
    match = _DURATION.fullmatch(text)
    if match is None or int(match[1]) == 0:
        raise ValueError(f"{text!r} is no duration; write a number and m, h or d, such as 6h")
    return text


def _cron(line: str) -> str:
    try:
        CronTrigger.from_crontab(line)
    except ValueError as error:
        raise ValueError(f"{line!r} is no cron line of five fields, such as '30 6 * * mon-fri': {error}") from error
    return line


def _selector(selector: str) -> str:
    try:
        HTMLTranslator().css_to_xpath(selector)
    except SelectorError as error:
        raise ValueError(f"{selector!r} is no CSS selector: {error}") from error
    return selector


def _encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError as error:
        raise ValueError(f"{name!r} is no encoding that Python knows; write a name such as gb18030") from error
    return name


Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+")]
Pattern = Annotated[str, AfterValidator(_valid_pattern)]
Duration = Annotated[str, AfterValidator(_duration)]
Selector = Annotated[str, AfterValidator(_selector)]


class Schedule(StrictTable):
    """`[schedule]`: `every` (30m, 6h, 1d) or a five-field `cron` line in the source's time zone."""

    every: Duration | None = None
    cron: Annotated[str, AfterValidator(_cron)] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.every is None) == (self.cron is None):
            raise ValueError("give exactly one of every and cron")
        return self

    @property
    def interval(self) -> timedelta:
        """The interval of `every`; a day where a cron line rules instead."""
        if self.every is None:
            return timedelta(days=1)
        match = _DURATION.fullmatch(self.every)
        assert match is not None
        return timedelta(seconds=int(match[1]) * _SECONDS[match[2]])


class DeadlineRule(StrictTable):
    """`[listing.deadline]`: where a row tells until when comments are open.

    `date` reads a date, `range_end` the second date of a range, `epoch_ms` milliseconds since 1970.
    """

    select: Selector
    form: Literal["date", "range_end", "epoch_ms"] = "date"


class Listing(StrictTable):
    """`[listing]`: CSS selectors into a list page. Those of a row's parts start at the row."""

    row: Selector
    link: Selector = "a"
    title: Selector | None = None
    """Element with the title; None takes the link's `title` attribute, else its text."""
    date: Selector | None = None
    date_formats: tuple[str, ...] = ()
    """strptime forms, tried in order before the usual ones (2026-09-14, 2026/09/14, 2026年9月14日)."""
    deadline: DeadlineRule | None = None
    next_page: Selector | None = None
    """Link to the next list page."""
    page_pattern: str | None = None
    """Address of a further list page, relative to the entry: `index_{n}.html`."""
    page_offset: int = 0
    """What `{n}` is on the second page, less one: 0 where it is index_1.html, 1 where it is ?page=2."""
    max_pages: Annotated[int, Field(ge=1, le=100)] = 1


class SitemapRules(StrictTable):
    """`[sitemap]`: which of its addresses are documents."""

    include: tuple[Pattern, ...] = ()
    exclude: tuple[Pattern, ...] = ()
    max_sitemaps: Annotated[int, Field(ge=1, le=200)] = 20
    """Sitemaps of an index that are read in one run, newest first."""


class Detail(StrictTable):
    """`[detail]`: what to take from a document's page."""

    attachments: bool = True
    attachment_scope: Selector = "body"
    """CSS selector of the part of the page whose links can be attachments."""
    skip_attachments: tuple[str, ...] = ("编制说明", "征求意见单位名单", "意见反馈表", "反馈意见表", "征求意见表")
    """Words in a link's text by which a companion is told from the rule."""


class TitleFilter(StrictTable):
    """`[titles]`: words by which items are taken or left, before anything is fetched."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ("答记者问", "一图读懂", "图解", "解读")


class Canonical(StrictTable):
    """`[canonical]`: what makes two addresses one document."""

    drop_query: tuple[str, ...] = (
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_term",
        "utm_content",
        "fbclid",
        "gclid",
    )
    hosts: dict[str, str] = Field(default_factory=dict)
    """Host that stands for another: `"wap.miit.gov.cn" = "www.miit.gov.cn"`."""


class Politeness(StrictTable):
    """`[politeness]`: how gently the host is treated. A longer Crawl-delay in robots.txt wins."""

    delay: Annotated[float, Field(ge=0, le=120)] = 3.0
    concurrency: Annotated[int, Field(ge=1, le=8)] = 1


class Limits(StrictTable):
    """`[limits]`: how much one run may take."""

    max_items: Annotated[int, Field(ge=1, le=10_000)] = 50
    max_bytes: Annotated[int, Field(ge=1024)] = 40_000_000
    recheck_days: Annotated[int, Field(ge=0, le=3650)] = 30
    """A page that is no longer listed is looked at until it has not changed for so long."""
    max_rechecks: Annotated[int, Field(ge=0, le=10_000)] = 100
    """Of those, so many in one run, others each time."""


class EvidenceNotes(StrictTable):
    """`[evidence]`: what of this file was seen somewhere, and what is only assumed."""

    seen: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    last_checked: str | None = None
    """ISO date of our own last live check; None if there was none."""


class Expectation(StrictTable):
    """`[expect]`: what a healthy run yields."""

    min_items: Annotated[int, Field(ge=0)] = 1
    cadence: Duration | None = None
    """How often something new usually appears."""


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
    timezone: Annotated[str, AfterValidator(_known_zone)]
    schedule: Schedule
    enabled: bool = True
    state: State = State.PROBE
    encoding: Annotated[str, AfterValidator(_encoding)] | None = None
    """Overrides what the list page or feed says of its own encoding."""
    terms: str = ""
    listing: Listing | None = None
    sitemap: SitemapRules = SitemapRules()
    detail: Detail = Detail()
    titles: TitleFilter = TitleFilter()
    canonical: Canonical = Canonical()
    politeness: Politeness = Politeness()
    limits: Limits = Limits()
    evidence: EvidenceNotes = EvidenceNotes()
    expect: Expectation = Expectation()

    @model_validator(mode="after")
    def _listing_has_selectors(self) -> Self:
        if self.kind is SourceKind.LISTING and self.listing is None:
            raise ValueError("a source of kind listing needs a [listing] table with its selectors")
        return self

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
