"""XML: regulations in the vocabularies of gazettes and codes, and any other XML block by block."""

from __future__ import annotations

import re
from html.entities import html5

from lxml import etree
from lxml.etree import _Element

from limen.domain.document import PageText
from limen.domain.issue import Issue, IssueKind
from limen.nlp.errors import Unreadable
from limen.nlp.text.encodings import decode
from limen.nlp.text.html import read_html
from limen.nlp.text.markdown import Block, BlockKind, one_line, render
from limen.nlp.text.raw_page import RawPage
from limen.nlp.text.xml_blocks import xml_blocks
from limen.nlp.text.xml_roles import local_name, xml_roles

_LISTS = {
    "rss": "an RSS feed",
    "rdf": "an RSS feed",
    "feed": "an Atom feed",
    "urlset": "a sitemap",
    "sitemapindex": "a sitemap",
}
_NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*;)")
_BUILT_IN = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_AGAIN = "fetch or save the file again"


def read_xml(page: RawPage) -> PageText:
    """Return the text of an XML document with its headings, numbered provisions and tables.

    Texts that are not in force, histories of amendments and metadata are left out. Nothing outside of the file is ever
    read, and no entity that the file declares is expanded.

    Raises:
        Unreadable: the XML is not well-formed, declares entities of its own, is a feed, or holds no text.
    """
    decoded = decode(page.body, name=page.name, charset=_outside_charset(page))
    root = _parse(decoded.text, name=page.name)
    kind = local_name(root)
    if kind == "html":
        return read_html(page)
    if kind in _LISTS:
        raise Unreadable(
            page.name,
            f"is {_LISTS[kind]}, a list of documents and no document",
            "add its address as a source: limen source add URL",
        )
    blocks = xml_blocks(root)
    text = render(blocks)
    if not text:
        raise Unreadable(page.name, "the XML holds no text", _AGAIN)
    return PageText(text=text, title=_title(root, blocks), issues=(*decoded.issues, *_unread(root, name=page.name)))


def _outside_charset(page: RawPage) -> str | None:
    # RFC 7303 lets the server overrule the declaration, but text/xml is sent as us-ascii by default and means nothing.
    return None if (page.charset or "").lower() in {"us-ascii", "ascii", "iso-8859-1"} else page.charset


def _parse(text: str, *, name: str) -> _Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        huge_tree=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    body = _DECLARATION.sub("", text, count=1)
    try:
        root = etree.fromstring(_with_characters(body).encode("utf-8", "replace"), parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "amplification" in str(error):
            raise _own_entities(name) from error
        raise Unreadable(name, f"the XML is not well-formed ({error})", _AGAIN) from error
    if root is None:
        raise Unreadable(name, "the XML holds no element", _AGAIN)
    if any(node.tag is etree.Entity for node in root.iter()):
        raise _own_entities(name)
    return root


def _own_entities(name: str) -> Unreadable:
    why = "the XML declares entities of its own, which are not expanded (they can be made to fill the memory)"
    return Unreadable(name, why, "write their text out, if you trust the file")


def _with_characters(text: str) -> str:
    """Replace the named entities of HTML: files that lost their DTD still use them."""
    if "<!ENTITY" in text:
        return text
    return _NAMED_ENTITY.sub(lambda match: match[0] if match[1] in _BUILT_IN else html5.get(match[1], match[0]), text)


def _unread(root: _Element, *, name: str) -> tuple[Issue, ...]:
    packed = sum(local_name(element) in xml_roles().packed for element in root.iter("*"))
    if not packed:
        return ()
    message = (
        f"{name}: {packed} files packed into the XML (pictures, tables as pictures) were not read; look at the page"
    )
    return (Issue(kind=IssueKind.UNREADABLE, message=message),)


def _title(root: _Element, blocks: list[Block]) -> str | None:
    wanted = xml_roles().titles
    found: dict[str, str] = {}
    for element in root.iter("*"):
        parent = element.getparent()
        path = f"{local_name(parent)}/{local_name(element)}" if parent is not None else ""
        if path in wanted and path not in found:
            found[path] = one_line(" ".join("".join(str(part) for part in element.itertext()).split()))
    stated = next((found[path] for path in wanted if found.get(path)), None)
    return stated or next((block.text.lstrip("# ") for block in blocks if block.kind is BlockKind.HEADING), None)
