"""Definition lists: terms with what belongs to them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from limen.nlp.text.html_block import HtmlBlock, joined
from limen.nlp.text.markdown import BlockKind, item, words


def definition(terms: list[list[HtmlBlock]], texts: list[list[HtmlBlock]], *, depth: int) -> Iterator[HtmlBlock]:
    """Yield "- term: text", or the term with its texts as items under it where there are several or long ones."""
    term = ", ".join(filter(None, map(joined, terms))).rstrip(":： ")
    filled = [blocks for blocks in texts if blocks]
    every = [block for blocks in (*terms, *filled) for block in blocks]
    if term and len(filled) == 1 and len(filled[0]) == 1 and filled[0][0].block.kind is BlockKind.PARAGRAPH:
        colon = "：" if term[-1] > "\u2e80" else ": "
        plain = "".join(block.plain for block in every)
        made = item(f"{term}{colon}{joined(filled[0])}", depth=depth)
        yield HtmlBlock(block=made, plain=plain, link_share=filled[0][0].link_share)
        return
    if term:
        plain = "".join(block.plain for blocks in terms for block in blocks)
        yield HtmlBlock(block=item(f"{term}:" if filled else term, depth=depth), plain=plain)
    for blocks in filled:
        for block in blocks:
            if block.block.kind is BlockKind.TABLE:
                yield block
            else:
                made = item(words(block.block).strip(), depth=depth + 1)
                yield HtmlBlock(block=made, plain=block.plain, link_share=block.link_share)


def groups(element: HtmlElement) -> Iterator[tuple[list[HtmlElement], list[HtmlElement]]]:
    """Yield each run of `dt` of a `dl` with the `dd` that follow it, also from within a `div`.

    One of the two is empty where the page has a term without description, or a description without term.
    """
    terms: list[HtmlElement] = []
    descriptions: list[HtmlElement] = []
    for child in element.xpath("./dt | ./dd | ./div/dt | ./div/dd"):
        if child.tag == "dt" and descriptions:
            yield terms, descriptions
            terms, descriptions = [], []
        (terms if child.tag == "dt" else descriptions).append(child)
    if terms or descriptions:
        yield terms, descriptions
