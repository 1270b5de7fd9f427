"""A digest of what a reader could see of a page: two fetches with one digest have the same text.

Made to err on one side only. What the reader of a page may use in any way counts, even where it is furniture in the end;
left out is what it certainly never uses: scripts, styles, comments, hidden fields, frames, pictures, attributes that
neither name nor place anything, and the menus, heads and feet of the page as long as they are small beside its text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from lxml import etree

from limen.crawler.pages.attachments import EXTENSIONS

_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_HTML_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})
_START = 4096
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 0x7F])
_SESSION = re.compile(rb";jsessionid=[\w.!-]+")

_UNREAD = ("script", "style", "link", "meta", "input", "iframe", "embed", "object", "svg", "canvas", "base")
"""Elements that hold no text of the page; what follows them is text all the same."""
_WITH_SPARE_TEXT = ("iframe", "object", "canvas")
"""Those of them that may hold a text for old browsers, which nobody reads, but which may speak for or against others."""
_FURNITURE = ("nav", "header", "footer")
_FRAMES = frozenset({"html", "body", "div", "form", "section", "center"})
"""Elements in which the furniture of a page stands; inside of any other it may be part of the text."""
_JOINED = ("sup", "sub", "span", "font", "small", "h1", "title")
"""Elements whose text a reader may take as a whole, with that of a script in it."""
_READ = "read"
_DOUBTFUL_TAGS = (
    f"a aside {_READ} nav header footer noscript template button select textarea datalist dialog map del s strike"
)
_DOUBTFUL = tuple(_DOUBTFUL_TAGS.split())
"""Elements whose text counts, but says nothing about how much text of its own the page has."""
_FILES = {"a": "href", "iframe": "src", "embed": "src", "object": "data"}
"""Elements that can lead to an attachment, with the attribute that holds the address."""
_FILE = re.compile("|".join(map(re.escape, EXTENSIONS)), re.IGNORECASE)
_TELLING_NAMES = """
class id role style hidden aria-hidden start value type colspan rowspan datetime pubdate itemprop rel lang display alttext href
data-component data-testid data-preloaded data-lp-replacement-content
"""
_TELLING = frozenset(_TELLING_NAMES.split())
"""Attributes by which a reader tells text from furniture, lays out lists and tables, and knows notes and links."""
_STATED = re.compile(r"title|date|publi|issued|created|charset", re.IGNORECASE)
"""Names of the `meta` elements in which a page states its title, when it was published, and its character set."""
_LONG_ENOUGH = 100
"""Characters of text, without links and the like, below which nothing of a page is certain to be furniture."""
_SMALL = 0.2
"""Share of the text of the page below which a menu, head or foot is certain to be furniture."""
_GAP = "\x1f"


def main_digest(body: bytes, content_type: str | None) -> str | None:
    """Return a digest of everything on an HTML page that a reader could see; None for what is no HTML page.

    Equal digests mean equal texts and attachments. Different digests need not mean anything.
    """
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type not in _HTML_TYPES or not _is_html(body):
        return None
    body = _as_utf8(body)
    root = _parsed(body)
    if root is None:
        return None
    digest = hashlib.sha256()
    for part in (content_type or "", *_stated(root), *_files(root)):
        digest.update(f"{part}{_GAP}".encode("utf-8", "surrogatepass"))
    for markup in _seen(root):
        digest.update(_SESSION.sub(b"", b" ".join(markup.split())))
    return digest.hexdigest()


def _is_html(body: bytes) -> bool:
    start = body[:_START].removeprefix(b"\xef\xbb\xbf").lstrip()
    # Of wide or stateful sets a parser of bytes would see no markup, or markup that is none.
    return start.startswith(b"<") and b"\x00" not in start and b"\x1b" not in body and bool(_HTML.search(start))


def _as_utf8(body: bytes) -> bytes:
    """Return the body in UTF-8. Characters of other sets stand as their bytes, which tell them apart as well."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        body = body.decode("latin-1").encode("utf-8")
    return body.translate(None, _CONTROLS)


def _parsed(body: bytes) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return None


def _stated(root: etree._Element) -> Iterator[str]:
    """Yield what the page states about itself for machines: title, times, addresses, its text once more."""
    for element in root.iter("meta", "script", "base"):
        if element.tag == "base":
            yield f"base {element.get('href', '')}"
        elif element.tag == "script":
            if "ld+json" in element.get("type", "").lower():
                yield f"json {element.text}"
        else:
            keys = ("property", "name", "itemprop", "http-equiv", "charset")
            names = " ".join(f"{key}={element.get(key)}" for key in keys if element.get(key) is not None)
            if _STATED.search(names) or element.get("http-equiv"):
                yield f"meta {names}{_GAP}{element.get('content', '')}"


def _files(root: etree._Element) -> Iterator[str]:
    """Yield the files that the page links to from anywhere, with the words of the links."""
    for element in root.iter(*_FILES):
        address = element.get(_FILES[str(element.tag)], "")
        if _FILE.search(address):
            words = " ".join("".join(map(str, element.itertext())).split())
            yield _GAP.join(("file", address, words, element.get("title", "")))


def _seen(root: etree._Element) -> Iterator[bytes]:
    """Yield the markup that counts. Takes the tree apart."""
    for element in list(root.iter(*_UNREAD)):
        if _is_read_after_all(element):
            element.tag = _READ
    etree.strip_elements(root, *_UNREAD, with_tail=False)
    etree.strip_attributes(root, *_dumb_attributes(root))
    for element in root.iter("pre"):
        _keep_lines(element)
    pieces = [_cut_out(element) for element in _furniture(root)]
    prose = _length(root) - sum(map(_length, root.iter(*_DOUBTFUL)))
    yield etree.tostring(root, encoding="utf-8")
    for markup, length in pieces:
        if prose < _LONG_ENOUGH or length > _SMALL * prose:
            yield markup


def _is_read_after_all(element: etree._Element) -> bool:
    if element.tag in _WITH_SPARE_TEXT and _length(element):
        return True
    return next(element.iterancestors(*_JOINED), None) is not None


def _dumb_attributes(root: etree._Element) -> set[str]:
    """Return the names of all attributes that tell a reader nothing: one-time numbers, tokens, sizes, addresses of pictures."""
    names: set[str] = set()
    for element in root.iter("*"):
        names.update(map(str, element.keys()))
    # These two lxml would take for a pattern of names.
    return {name for name in names - _TELLING if "*" not in name and "{" not in name}


def _furniture(root: etree._Element) -> list[etree._Element]:
    """Return the menus, heads and feet of the page itself, the outermost ones. What stands in the flow of a text is none."""
    return [each for each in root.iter(*_FURNITURE) if _is_frame(each) and not _is_in_text(each)]


def _is_frame(element: etree._Element) -> bool:
    return _FRAMES.issuperset(str(outer.tag) for outer in element.iterancestors())


def _is_in_text(element: etree._Element) -> bool:
    before, parent = element.getprevious(), element.getparent()
    text = before.tail if before is not None else parent.text if parent is not None else None
    return bool((text or "").strip() or (element.tail or "").strip())


def _cut_out(element: etree._Element) -> tuple[bytes, int]:
    """Empty an element, and return its markup and the length of its text. What kinds of elements it had remains."""
    markup, length = etree.tostring(element, encoding="utf-8", with_tail=False), _length(element)
    kinds = sorted({str(inner.tag) for inner in element.iter("*")})
    element.clear(keep_tail=True)  # type: ignore[call-arg]  # the stubs do not know it yet
    element.set("class", " ".join([*kinds, str(length > 0)]))
    return markup, length


def _length(element: etree._Element) -> int:
    text = etree.tostring(element, method="text", encoding="utf-8", with_tail=False)
    return len(b"".join(text.split()).decode("utf-8", "replace"))


def _keep_lines(element: etree._Element) -> None:
    """Mark the ends of lines, which are blanks everywhere but in preformatted text."""
    for each in element.iter("*"):
        each.text = (each.text or "").replace("\n", "\u2028\n")
        if each is not element:
            each.tail = (each.tail or "").replace("\n", "\u2028\n")
