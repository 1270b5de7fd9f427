"""Files that a page links to and that hold text: the rule itself often stands only there."""

from __future__ import annotations

import re
from urllib.parse import unquote, urldefrag, urlsplit

from parsel import Selector

from limen.crawler.pages.canonical import absolute_url
from limen.crawler.source_rules import Detail
from limen.domain.snapshot import Attachment

EXTENSIONS = (".pdf", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".ofd", ".rtf")
_SOME_FILE = re.compile(rb"\.(?:pdf|docx?|wps|xlsx?|et|ofd|rtf)", re.IGNORECASE)
_LINKS = (("a", "href"), ("iframe", "src"), ("embed", "src"), ("object", "data"))


def find_attachments(html: str, *, url: str, rules: Detail) -> tuple[Attachment, ...]:
    """Return the attachments of a page in the order of their links, each address once, companions left out."""
    if not rules.attachments:
        return ()
    page = Selector(text=html)
    base = absolute_url(url, page.css("base::attr(href)").get() or "") or url
    found: dict[str, Attachment] = {}
    for scope in page.css(rules.attachment_scope):
        for node in scope.css(", ".join(f"{tag}[{attribute}]" for tag, attribute in _LINKS)):
            attribute = dict(_LINKS)[node.root.tag]
            # Not `attrib`, which breaks on attributes with names that XML does not allow.
            linked = absolute_url(base, node.xpath(f"@{attribute}").get() or "")
            address = None if linked is None else _file_address(linked)
            if address is None:
                continue
            label = " ".join(" ".join(node.xpath(".//text()").getall()).split()) or node.xpath("@title").get("")
            name = unquote(urlsplit(address).path.rsplit("/", 1)[-1])
            if not any(word in label or word in name for word in rules.skip_attachments):
                found.setdefault(address, Attachment(url=address, label=label or name))
    return tuple(found.values())


def names_files(body: bytes) -> bool:
    """Tell whether a page may link to attachments, before it is worth the price of parsing: most pages of a site do not."""
    return _SOME_FILE.search(body) is not None


def _file_address(address: str) -> str | None:
    """Return the address of a text file, also of one that is shown through a viewer page (`viewer.html?file=a.pdf`)."""
    address = urldefrag(address).url
    parts = urlsplit(address)
    if parts.path.lower().endswith(EXTENSIONS):
        return address
    name, _, value = parts.query.partition("=")
    if name == "file" and value.lower().endswith(EXTENSIONS):
        return absolute_url(address, unquote(value))
    return None
