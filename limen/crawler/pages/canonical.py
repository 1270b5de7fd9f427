"""What makes two addresses one document."""

from __future__ import annotations

import re
from urllib.parse import unquote, urldefrag, urljoin, urlsplit, urlunsplit

from limen.crawler.pages.pattern import first_group
from limen.crawler.source_rules import Canonical

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid|_hsenc|_hsmi|_ga|_gl"
    r"|mkt_tok|vero_id|oly_enc_id|oly_anon_id|spm|scm|at_medium|at_campaign|cmpid|ncid|share_token|shareid"
)
"""Parameters by which publishers count where a reader came from."""
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_TWIN = re.compile(r"^(?:www\d?|m|wap|mobile|amp|3g)\.(?=[^.]+\.)")
"""Hosts that show the same pages: for telephones, with and without www."""


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
    """Return the address to fetch and to keep a document under: rewritten by the source's rules, without tracking.

    The host is in lower case and stands for its twins that the source names; the fragment goes, unless it is kept.

    Raises:
        ValueError: `url` is none that `absolute_url` lets pass.
    """
    for rule in rules.rewrite:
        rewritten, count = re.subn(rule.pattern, rule.to, url, count=1)
        if count:
            url = rewritten
            break
    parts = urlsplit(url if rules.keep_fragment else urldefrag(url).url)
    host = (parts.hostname or "").lower()
    host = rules.hosts.get(host, host)
    if ":" in host:
        host = f"[{host}]"
    if parts.port is not None and (parts.scheme, parts.port) not in (("http", 80), ("https", 443)):
        host = f"{host}:{parts.port}"
    # The parameters that stay keep their bytes: elsewhere than here they may be in GBK.
    kept = [each for each in parts.query.split("&") if _says_something(each, rules)]
    path = _SESSION.sub("", parts.path)
    return urlunsplit((parts.scheme, host, path or "/", "&".join(kept), parts.fragment))


def identity_of(url: str, rules: Canonical) -> str:
    """Return what a document is known by over all its addresses.

    The publisher's own key where the source's rules find one in the address; else the address without scheme, without the
    host's www or mobile twin, without the last slash, its parameters in order.
    """
    if rules.key is not None and (key := first_group(rules.key, url)):
        return key
    parts = urlsplit(canonical_url(url, rules))
    host = _TWIN.sub("", parts.netloc)
    query = "&".join(sorted(filter(None, parts.query.split("&"))))
    path = parts.path.rstrip("/") or "/"
    return host + path + (f"?{query}" if query else "") + (f"#{parts.fragment}" if parts.fragment else "")


def _says_something(parameter: str, rules: Canonical) -> bool:
    name = unquote(parameter.partition("=")[0])
    return name not in rules.drop_query and _TRACKING.fullmatch(name) is None
