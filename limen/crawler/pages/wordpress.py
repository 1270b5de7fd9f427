"""Posts of a WordPress site, from its REST API."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from limen.crawler.errors import PageError
from limen.crawler.pages.canonical import absolute_url
from limen.crawler.pages.dates import parse_timestamp
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.json_path import first_text, parse_json, plain_text
from limen.crawler.source_rules import WordPress
from limen.domain.snapshot import Hints

_FIELDS = "id,date_gmt,modified_gmt,link,title,categories"


def site_of(entry: str) -> str:
    """Return the address of a site, with a slash at its end, from that of its home or of its API."""
    parts = urlsplit(entry)
    path = parts.path.partition("/wp-json")[0].removesuffix("index.php").rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc, f"{path}/", "", ""))


def posts_url(entry: str, *, rules: WordPress, page: int = 1, pretty: bool = True) -> str:
    """Return the address of a page of posts, those modified last first.

    `pretty` is the usual form below `/wp-json/`; the other one works where a site rewrites no addresses.
    """
    route = f"/wp/v2/{rules.post_type}"
    parameters = {
        "per_page": str(rules.per_page),
        "page": str(page),
        "orderby": "modified",
        "order": "desc",
        "_fields": _FIELDS,
    }
    if rules.categories:
        parameters["categories"] = ",".join(str(number) for number in rules.categories)
    query = urlencode(parameters, safe=",")
    if pretty:
        return f"{site_of(entry)}wp-json{quote(route)}?{query}"
    return f"{site_of(entry)}?rest_route={quote(route)}&{query}"


def feed_url(entry: str) -> str:
    """Return the address of the site's feed."""
    return f"{site_of(entry)}feed/"


def read_posts(body: bytes, *, url: str) -> tuple[Entry, ...]:
    """Return the posts of an answer in its order; their time of modification is their revision.

    Raises:
        PageError: the answer is no JSON, an error of the API, or no list of posts.
    """
    answer = parse_json(body, url=url)
    if not isinstance(answer, list):
        said = first_text(answer, "message")
        raise PageError(
            f"{url}: the WordPress API gives no list of posts"
            + (f"; it says: {said[:300]}" if said else "")
            + "; check [wordpress] in the source's TOML"
        )
    entries = tuple(entry for post in answer if (entry := _entry(post, url=url)) is not None)
    if answer and not entries:
        raise PageError(f"{url}: none of {len(answer)} posts has a link; this is not the API of WordPress posts")
    return entries


def page_count(header: str | None) -> int | None:
    """Return how many pages there are, as `X-WP-TotalPages` says; None where it says nothing."""
    return int(header) if header is not None and header.strip().isdecimal() else None


def _entry(post: Any, *, url: str) -> Entry | None:
    link = first_text(post, "link")
    address = absolute_url(url, link) if link else None
    if address is None:
        return None
    published = first_text(post, "date_gmt")
    title = first_text(post, "title.rendered") or first_text(post, "title")
    return Entry(
        url=address,
        revision=first_text(post, "modified_gmt"),
        hints=Hints(title=plain_text(title), published=parse_timestamp(published, zone="UTC") if published else None),
    )
