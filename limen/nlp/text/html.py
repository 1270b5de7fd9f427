"""Web pages: the main text as Markdown, title and publication time."""

from __future__ import annotations

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from limen.domain.document import PageText
from limen.nlp.errors import Unreadable
from limen.nlp.text.encodings import decode
from limen.nlp.text.html_block import HtmlBlock
from limen.nlp.text.html_blocks import blocks_of
from limen.nlp.text.html_content import main_blocks
from limen.nlp.text.html_metadata import published_of, title_of
from limen.nlp.text.markdown import render
from limen.nlp.text.raw_page import RawPage


def read_html(page: RawPage) -> PageText:
    """Return the text of a web page.

    The heading that repeats the title is left out, so that a new page template makes no new text.

    Raises:
        Unreadable: the page holds no text at all.
    """
    decoded = decode(page.body, name=page.name, charset=page.charset)
    root = parse_html(decoded.text, name=page.name)
    title = title_of(root)
    text = render(each.block for each in _without_title(main_blocks(root), title))
    if not text and title is None:
        remedy = "if it is made by scripts in the browser, give Limen the address of the data behind it"
        raise Unreadable(page.name, "the page holds no text", remedy)
    published = published_of(root, timezone=page.timezone)
    return PageText(text=text, title=title, published=published, issues=decoded.issues)


def read_fragment(html: str, *, name: str) -> str:
    """Return the Markdown of a piece of HTML that is all document and no page. Raises `Unreadable` if it cannot be parsed."""
    return render(each.block for each in blocks_of(parse_html(html, name=name))) if html.strip() else ""


def parse_html(text: str, *, name: str) -> HtmlElement:
    """Return the root of a page given as characters. Raises `Unreadable` if there is no markup and no text in it."""
    # The parser gets bytes of a known encoding: from characters it refuses pages that declare one.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        raise Unreadable(name, "the page is empty", "fetch it again") from error
    if any("depth" in entry.message for entry in parser.error_log.filter_from_fatals()):
        raise Unreadable(
            name, "the page nests its elements more than 2,000 deep", "give Limen another form of the document"
        )
    return root


def _without_title(blocks: list[HtmlBlock], title: str | None) -> list[HtmlBlock]:
    """Return the blocks without those at the beginning that repeat the title, as one or line by line."""
    rest = "".join((title or "").split())
    for number, block in enumerate(blocks):
        if not block.plain or not rest.startswith(block.plain):
            break
        rest = rest.removeprefix(block.plain)
        if not rest:
            return blocks[number + 1 :] or blocks
    return blocks
