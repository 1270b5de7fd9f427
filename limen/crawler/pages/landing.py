"""Where a redirect ends that began at a document's address: at the document, or at what a site shows in its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from limen.crawler.pages.block import BlockKind, Verdict
from limen.crawler.pages.canonical import identity_of
from limen.crawler.source_rules import Canonical

_FRONT = re.compile(r"/(?:(?:index|default)\.\w{2,5})?", re.IGNORECASE)
_LOGIN = re.compile(r"/(?:log-?[io]n|sign-?in)(?:[./;]|$)", re.IGNORECASE)


def astray(asked: str, landed: str, *, lists: Iterable[str], rules: Canonical) -> Verdict | None:
    """Return what an address that a document was asked for under leads to in its place; None if it may be the document.

    The front page of the site, or one of `lists` (the source's own entry points), is shown for what is not there any
    more, and a page to log in for what is not for everybody. The front page of another site may be the document.
    `rules` say which hosts are twins.
    """
    place = identity_of(landed, rules)
    if place == identity_of(asked, rules):
        return None
    if _is_front(landed, of=asked, rules=rules) or place in {identity_of(each, rules) for each in lists}:
        why = (
            "the address redirects to the front page or a list of the site; the document is gone, or its address wrong"
        )
        return Verdict(kind=BlockKind.SOFT_404, why=why)
    if _LOGIN.search(urlsplit(landed).path) and not _LOGIN.search(urlsplit(asked).path):
        why = "the address redirects to a page to log in; ask the site for access, or leave the document out"
        return Verdict(kind=BlockKind.LOGIN, why=why)
    return None


def _is_front(url: str, *, of: str, rules: Canonical) -> bool:
    parts = urlsplit(url)
    if parts.query or _FRONT.fullmatch(parts.path or "/") is None:
        return False
    return identity_of(urljoin(url, "/"), rules) == identity_of(urljoin(of, "/"), rules)
