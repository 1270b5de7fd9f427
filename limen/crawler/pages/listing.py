"""List pages of a site, by the selectors of its TOML."""

from __future__ import annotations

from datetime import datetime

from parsel import Selector

from limen.crawler.errors import PageError
from limen.crawler.pages.canonical import absolute_url
from limen.crawler.pages.dates import parse_date
from limen.crawler.pages.deadline import read_deadline
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.pattern import first_group
from limen.crawler.source_rules import DeadlineRule, Listing
from limen.domain.snapshot import Hints


def read_listing(
    html: str, *, url: str, rules: Listing, zone: str, deadline: DeadlineRule | None = None
) -> tuple[Entry, ...]:
    """Return the documents of a list page in its order. Rows without a link (separators, placeholders) are left out.

    Raises:
        PageError: no row has a link: the page has another layout, or is a notice of something else.
    """
    page = Selector(text=html)
    rows = page.css(rules.row)
    base = _base(page, url)
    entries = tuple(
        entry for row in rows if (entry := _entry(row, url=base, rules=rules, zone=zone, deadline=deadline))
    )
    if not entries and not rules.may_be_empty:
        raise PageError(
            f"{url}: the row selector {rules.row!r} finds {len(rows)} rows and no document link; "
            "the page's layout has changed: correct [listing] in the source's TOML"
        )
    return entries


def next_page(html: str, *, url: str, entry_url: str, rules: Listing, number: int) -> str | None:
    """Return the address of the list page after page `number` (from 1), or None if this was the last to read."""
    if number >= rules.max_pages:
        return None
    if rules.next_page is not None:
        page = Selector(text=html)
        href = page.css(rules.next_page).xpath("@href").get()
        return absolute_url(_base(page, url), href) if href and href.strip() else None
    if rules.page_pattern is not None:
        return absolute_url(entry_url, rules.page_pattern.replace("{n}", str(number + rules.page_offset)))
    return None


def _entry(row: Selector, *, url: str, rules: Listing, zone: str, deadline: DeadlineRule | None) -> Entry | None:
    link = row if rules.link == "self" else next(iter(row.css(rules.link)), None)
    href = None if link is None else link.xpath("@href").get()
    address = absolute_url(url, href) if href and href.strip() and not href.strip().startswith("#") else None
    if link is None or address is None:
        return None
    title = row.css(rules.title) if rules.title else None
    words = _text(title[0]) if title else link.xpath("@title").get() or _text(link)
    published = _date(row, address, rules=rules, zone=zone)
    return Entry(
        url=address,
        hints=Hints(
            title=" ".join(words.split()) or None,
            published=published,
            comment_deadline=_deadline(row, deadline, zone=zone, published=published),
            status=_status(row, rules),
        ),
    )


def _status(row: Selector, rules: Listing) -> str | None:
    found = row.css(rules.status) if rules.status else None
    words = _text(found[0]) if found else ""
    if rules.status_pattern is not None:
        return first_group(rules.status_pattern, words) or None
    return words or None


def _date(row: Selector, address: str, *, rules: Listing, zone: str) -> datetime | None:
    date = row.css(rules.date) if rules.date else None
    published = parse_date(_text(date[0]), zone=zone, formats=rules.date_formats) if date else None
    if published is None and rules.date_from_url is not None:
        stated = first_group(rules.date_from_url, address)
        published = parse_date(stated, zone=zone, formats=("%Y%m%d", "%Y%m")) if stated else None
    return published


def _deadline(row: Selector, rule: DeadlineRule | None, *, zone: str, published: datetime | None) -> datetime | None:
    if rule is None or rule.where != "entry":
        return None
    found = row.css(rule.select) if rule.select else [row]
    return read_deadline(_text(found[0]), rule=rule, zone=zone, published=published) if found else None


def _base(page: Selector, url: str) -> str:
    return absolute_url(url, page.css("base::attr(href)").get() or "") or url


def _text(node: Selector) -> str:
    return " ".join(" ".join(node.xpath(".//text()").getall()).split())
