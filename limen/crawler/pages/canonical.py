"""What makes two addresses one document."""

from __future__ import annotations

from urllib.parse import unquote, urldefrag, urljoin, urlsplit, urlunsplit

from limen.crawler.source_spec import Canonical


def absolute_url(base: str, link: str) -> str | None:
    """Return the web address that a link on a page leads to; None for anything else, broken addresses among it."""
    try:
        address = urljoin(base, link.strip())
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return address if usable else None


def canonical_url(url: str, rules: Canonical) -> str:
    """Return the address that identifies a document over time: no fragment, no tracking, host in lower case, one host.

    Raises:
        ValueError: `url` is none that `absolute_url` lets pass.
    """
    parts = urlsplit(urldefrag(url).url)
    host = (parts.hostname or "").lower()
    host = rules.hosts.get(host, host)
    if ":" in host:
        host = f"[{host}]"
    if parts.port is not None and (parts.scheme, parts.port) not in (("http", 80), ("https", 443)):
        host = f"{host}:{parts.port}"
    # The parameters that stay keep their bytes: elsewhere than here they may be in GBK.
    kept = [each for each in parts.query.split("&") if unquote(each.partition("=")[0]) not in rules.drop_query]
    return urlunsplit((parts.scheme, host, parts.path or "/", "&".join(kept), ""))
