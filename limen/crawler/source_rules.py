"""The tables of a source's TOML: what its lists look like, what its documents say of themselves, how gently it is asked."""

from __future__ import annotations

import codecs
import re
from datetime import timedelta
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from cssselect import SelectorError
from parsel.csstranslator import HTMLTranslator
from pydantic import AfterValidator, Field, model_validator

from limen.crawler.strict_table import StrictTable
from limen.domain.source import DocumentClass

_DURATION = re.compile(r"(\d+)(m|h|d)")
_SECONDS = {"m": 60, "h": 3600, "d": 86400}


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


def _path(path: str) -> str:
    if not all(path.split(".")):
        raise ValueError(f"{path!r} is no path into JSON; write keys and indices with dots, such as data.list or 0.url")
    return path


Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+")]
HostName = Annotated[str, Field(pattern=r"^[\w-]+(\.[\w-]+)*$")]
Zone = Annotated[str, AfterValidator(_known_zone)]
Encoding = Annotated[str, AfterValidator(_encoding)]
Pattern = Annotated[str, AfterValidator(_valid_pattern)]
Duration = Annotated[str, AfterValidator(_duration)]
Selector = Annotated[str, AfterValidator(_selector)]
JsonPath = Annotated[str, AfterValidator(_path)]
"""Keys and indices with dots between them: `data.list`, `attributes.title`, `0.url`.

`*` stands for each of a list, `[key=value]` for those of a list whose `key` is `value`: `states.[isCurrent=true].ends`.
"""


def interval_of(duration: str) -> timedelta:
    """Return the length of a duration such as `6h`."""
    match = _DURATION.fullmatch(duration)
    assert match is not None
    return timedelta(seconds=int(match[1]) * _SECONDS[match[2]])


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
        return timedelta(days=1) if self.every is None else interval_of(self.every)


class DeadlineRule(StrictTable):
    """`[deadline]`: where a source tells until when comments are open.

    `field` reads a date, `epoch_ms` milliseconds since 1970, `range_end` the second date of a range, `regex` the date in
    the first group of `pattern`, `relative_days` the number in the first group of `pattern`, counted from publication.
    A date without a time means the end of that day in the time zone.
    """

    rule: Literal["field", "epoch_ms", "regex", "relative_days", "range_end"] = "field"
    where: Literal["entry", "page"] = "entry"
    """Whether the list says it (row, feed item, JSON item) or the document's own page."""
    select: str | None = None
    """CSS selector in the row or page; for JSON a path; for a feed the item's field, such as `description`."""
    pattern: Pattern | None = None
    date_formats: tuple[str, ...] = ()
    timezone: Zone | None = None
    """None for the source's own."""

    @model_validator(mode="after")
    def _pattern_where_needed(self) -> Self:
        if self.rule in ("regex", "relative_days") and (self.pattern is None or re.compile(self.pattern).groups < 1):
            raise ValueError(f"the rule {self.rule!r} needs a pattern with a group")
        return self


class Listing(StrictTable):
    """`[listing]`: CSS selectors into a list page. Those of a row's parts start at the row."""

    row: Selector
    link: Selector = "a"
    """`self` where the row itself is the link."""
    title: Selector | None = None
    """Element with the title; None takes the link's `title` attribute, else its text."""
    date: Selector | None = None
    date_formats: tuple[str, ...] = ()
    """strptime forms, tried in order before the usual ones (2026-09-14, 2026/09/14, 2026年9月14日)."""
    date_from_url: Pattern | None = None
    """Where the address holds the date: its first group, as `t(\\d{8})_`; used where `date` finds none."""
    status: Selector | None = None
    """Element with the state of a consultation, kept as it is written."""
    status_pattern: Pattern | None = None
    """Where the state is a part of the element's words: its first group, as the mark in a title."""
    next_page: Selector | None = None
    """Link to the next list page."""
    page_pattern: str | None = None
    """Address of a further list page, relative to the entry: `index_{n}.html`."""
    page_offset: int = 0
    """What `{n}` is on the second page, less one: 0 where it is index_1.html, 1 where it is ?page=2."""
    max_pages: Annotated[int, Field(ge=1, le=1000)] = 1
    may_be_empty: bool = False
    """Whether a list without rows is no fault: days without a gazette, nothing open for comment."""


class Jpaas(StrictTable):
    """`[jpaas]`: parameters of the publish server's list API; those left out are taken from the column page.

    Where `web_id`, `page_id`, `tpl_set_id` and `tag_id` are all given, the column page is not asked for.
    """

    api: str = "/api-gateway/jpaas-publish-server/front/page/build/unit"
    web_id: str | None = None
    page_id: str | None = None
    tpl_set_id: str | None = None
    tag_id: str | None = None
    parse_type: str | None = None
    """What the column page says; `buildstatic` where it is not asked for. Many sites spell it `bulidstatic`."""
    page_size: Annotated[int, Field(ge=1, le=200)] = 24
    """Rows of a page. Sent where it is given, or where `[listing] max_pages` asks for more than one page."""


class JsonFields(StrictTable):
    """`[json_api.fields]`: paths into one item; `url` may also be a template such as `https://example.org/{id}`."""

    url: str
    document_url: str | None = None
    """Path or template of the address that people know, where `url` is that of an API."""
    title: JsonPath | None = None
    published: JsonPath | None = None
    status: JsonPath | None = None
    revision: JsonPath | None = None
    """The item's own mark of its version; as long as it is the same, nothing is fetched, for a week at the most."""
    references: tuple[JsonPath, ...] = ()
    effective_on: JsonPath | None = None
    document_class: JsonPath | None = None
    """Its values are looked up in `[json_api] document_classes`."""


class JsonApi(StrictTable):
    """`[json_api]`: a list that a service gives as JSON."""

    method: Literal["GET", "POST"] = "GET"
    body: dict[str, Any] | None = None
    """Sent as JSON with POST; `{page}` and `{offset}` in its strings are replaced, alone in a string by the number."""
    headers: dict[str, str] = Field(default_factory=dict)
    ok: dict[str, Any] = Field(default_factory=dict)
    """What an answer must hold, by path: `{ "success" = true }`. Anything else is an error of the service."""
    items: str = ""
    """Path to the list of items; empty where the answer itself is the list. `*` stands for each of a list."""
    script: Selector | None = None
    """Where the answer is a page that holds its JSON in a script: the selector of that element, as `script#params`."""
    may_be_empty: bool = False
    """Whether an answer without the list is no fault: services that leave it out where nothing is found."""
    fields: JsonFields
    date_formats: tuple[str, ...] = ()
    """strptime forms, tried before the usual ones; `epoch_ms` and `epoch_s` are understood too."""
    document_classes: dict[str, DocumentClass] = Field(default_factory=dict)
    next: JsonPath | None = None
    """Path to the address of the next page."""
    page_parameter: str | None = None
    """Query parameter that counts pages."""
    first_page: int = 1
    offset_parameter: str | None = None
    """Query parameter that counts items; goes up by the number of items of the page."""
    max_pages: Annotated[int, Field(ge=1, le=1000)] = 1

    @model_validator(mode="after")
    def _body_is_posted(self) -> Self:
        if self.body is not None and self.method != "POST":
            raise ValueError('a body is only sent with method = "POST"')
        return self


class WordPress(StrictTable):
    """`[wordpress]`: which posts of the site."""

    categories: tuple[int, ...] = ()
    per_page: Annotated[int, Field(ge=1, le=100)] = 50
    max_pages: Annotated[int, Field(ge=1, le=100)] = 2
    post_type: str = "posts"


class SitemapRules(StrictTable):
    """`[sitemap]`: which of its addresses are documents."""

    include: tuple[Pattern, ...] = ()
    exclude: tuple[Pattern, ...] = ()
    max_sitemaps: Annotated[int, Field(ge=1, le=2000)] = 20
    """Sitemaps of an index that are read in one run, newest first."""
    trust_lastmod: bool = False
    """Whether a page whose `lastmod` stays the same is not asked for. Many sites write the time of the answer there."""


class Hop(StrictTable):
    """`[[hops]]`: a step between a listed item and its document: `value` is read from the JSON answer of `url`.

    `{key}` in `url` is the item's canonical key, `{value}` what the hop before gave. The last hop has no `value`: its
    answer is the document.
    """

    url: str
    value: JsonPath | None = None
    pattern: Pattern | None = None
    """Where the value is only a part of what stands there: its first group, such as the id in an address."""


class Browser(StrictTable):
    """`[browser]`: pages that need JavaScript are rendered by Chromium (extra `browser`)."""

    render: Literal["lists", "pages", "all"] = "lists"
    wait_for: Selector | None = None
    """Element that shows that the page is ready."""
    hosts: tuple[HostName, ...] = ()
    """Further hosts that the page may load from; all others are out of the browser's reach."""


class Credentials(StrictTable):
    """`[credentials]`: a key that the service asks for, read from an environment variable, sent as a header."""

    env: str
    header: str
    required: bool = True
    fallback: str | None = None
    """A public key for tries, where the service offers one."""


class ClassRule(StrictTable):
    """`[[classes]]`: documents whose title matches `pattern` are of another class than the source's others."""

    pattern: Pattern
    document_class: DocumentClass


class Detail(StrictTable):
    """`[detail]`: what to take from a document's page."""

    content: JsonPath | None = None
    """Where the page is JSON: the path to its HTML."""
    attachments: bool = True
    attachment_scope: Selector = "body"
    """CSS selector of the part of the page whose links can be attachments."""
    skip_attachments: tuple[str, ...] = ("编制说明", "征求意见单位名单", "意见反馈表", "反馈意见表", "征求意见表")
    """Words in a link's text by which a companion is told from the rule."""


class TitleFilter(StrictTable):
    """`[titles]`: words by which items are taken or left, before anything is fetched."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    strip: tuple[Pattern, ...] = ()
    """Marks in a title that are no part of it, such as 【进行中】."""


class Rewrite(StrictTable):
    """One `[[canonical.rewrite]]`: a listed address that matches `pattern` is fetched as `to` (`\\1` is a group)."""

    pattern: Pattern
    to: str


class Canonical(StrictTable):
    """`[canonical]`: what makes two addresses one document."""

    drop_query: tuple[str, ...] = ()
    """Parameters that say nothing, beside the tracking parameters that are always dropped."""
    hosts: dict[str, str] = Field(default_factory=dict)
    """Host that stands for another: `"wap.miit.gov.cn" = "www.miit.gov.cn"`."""
    key: Pattern | None = None
    """The document's key is the first group of this, searched in the address with its fragment."""
    keep_fragment: bool = False
    """Where what follows the `#` names the document."""
    rewrite: tuple[Rewrite, ...] = ()


class Politeness(StrictTable):
    """`[politeness]`: how gently the host is treated. A longer Crawl-delay in robots.txt wins."""

    delay: Annotated[float, Field(ge=0, le=120)] = 3.0
    """Seconds between two requests to a host, whichever sources they are for."""
    concurrency: Annotated[int, Field(ge=1, le=16)] = 1


class Limits(StrictTable):
    """`[limits]`: how much one run may take. A run that a limit cuts short says so; the next one goes on from there."""

    max_items: Annotated[int, Field(ge=1, le=1_000_000)] = 50
    """Documents never fetched before. As many known ones that are listed are looked at again."""
    max_bytes: Annotated[int, Field(ge=1024)] = 40_000_000
    """Of one answer, unpacked."""
    max_ratio: Annotated[int, Field(ge=10, le=10_000)] = 200
    """How many times its size an answer may unpack to."""
    max_lists: Annotated[int, Field(ge=1, le=10_000)] = 200
    """List pages, feeds and sitemaps that the entry points lead to."""
    max_depth: Annotated[int, Field(ge=1, le=50)] = 10
    """Sitemaps that lead to sitemaps."""
    max_minutes: Annotated[float, Field(gt=0, le=1440)] = 120
    recheck_days: Annotated[int, Field(ge=0, le=3650)] = 30
    """A page that is no longer listed is looked at until it has not changed for so long."""
    max_rechecks: Annotated[int, Field(ge=0, le=1_000_000)] = 100
    """Of those, so many in one run, others each time."""


class BlockRules(StrictTable):
    """`[blocks]`: how this host says no with a status that says yes, beside the ways known everywhere."""

    markers: tuple[str, ...] = ()
    """Words of a page that is no content: 访问频繁."""
    min_bytes: Annotated[int, Field(ge=0)] = 0
    """An answer smaller than this is none."""


class EvidenceNotes(StrictTable):
    """`[evidence]`: what of this file was seen somewhere, and what is only assumed."""

    seen: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    last_checked: str | None = None
    """ISO date of our own last live check; None if there was none."""


class Expectation(StrictTable):
    """`[expect]`: what a healthy run yields."""

    min_items: Annotated[int, Field(ge=0)] = 1
    """Documents that its lists name together."""
    cadence: Duration | None = None
    """How often something new usually appears."""
    min_yield: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Share of the fetched documents in which text is found."""
