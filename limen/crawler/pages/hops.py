"""From a listed item to its document over the answers of a service."""

from __future__ import annotations

from urllib.parse import quote

from limen.crawler.errors import PageError
from limen.crawler.pages.canonical import absolute_url
from limen.crawler.pages.json_path import first_text, parse_json
from limen.crawler.pages.pattern import first_group
from limen.crawler.source_rules import Hop

_MEND = "the service has changed: correct [[hops]] in the source's TOML"


def hop_url(template: str, *, key: str, value: str) -> str:
    """Return the address of a hop: `{key}` is the item's canonical key, `{value}` what the hop before gave.

    A value that is the whole address stays as it is; in an address it is quoted.

    Raises:
        PageError: a value that should be the whole address is none.
    """
    if template == "{value}":
        if absolute_url("", value) is None:
            raise PageError(f"{value!r}, which a hop gave, is no address; {_MEND}")
        return value
    return template.replace("{key}", quote(key, safe="")).replace("{value}", quote(value, safe=""))


def hop_value(body: bytes, *, hop: Hop, url: str) -> str:
    """Return what the answer of a hop gives to the next one. `url` is where the answer came from.

    Raises:
        PageError: the answer is no JSON, or does not hold it.
    """
    assert hop.value is not None
    value = first_text(parse_json(body, url=url), hop.value)
    if value is None:
        raise PageError(f"{url}: the answer holds nothing at {hop.value!r}; {_MEND}")
    if hop.pattern is None:
        return value
    part = first_group(hop.pattern, value)
    if part is None:
        raise PageError(f"{url}: {hop.pattern!r} finds nothing in {value!r}; {_MEND}")
    return part
