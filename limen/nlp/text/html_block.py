"""A block of a page with what it was made of."""

from __future__ import annotations

from dataclasses import dataclass

from limen.nlp.text.markdown import Block, one_line, words


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlBlock:
    """A block with its source: `plain` is its text without any blanks, `link_share` how much of that is in links."""

    block: Block
    plain: str
    link_share: float = 0.0


def joined(blocks: list[HtmlBlock]) -> str:
    """Return the words of blocks on one line, without the marks of headings."""
    return one_line(" ".join(one_line(words(block.block)) for block in blocks))
