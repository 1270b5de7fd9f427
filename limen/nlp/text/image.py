"""Image files: their text as tesseract recognises it."""

from __future__ import annotations

from limen.domain.document import PageText
from limen.nlp.errors import Unreadable
from limen.nlp.text.markdown import render
from limen.nlp.text.pdf_blocks import pdf_blocks, title_of
from limen.nlp.text.pdf_pages import Picture
from limen.nlp.text.raw_page import RawPage
from limen.nlp.text.recognised import recognise, with_marks

# What an image states of itself is often wrong; tesseract only scales by it.
_HEIGHT = 842.0
_DPI = 200.0


def read_image(page: RawPage) -> PageText:
    """Return the text of a picture between the marks of `recognised`, with an issue that says so.

    Raises:
        Unreadable: tesseract is not on this machine (the message says how to install it), or finds no legible text.
    """
    picture = Picture(body=page.body, height=_HEIGHT, dpi=_DPI)
    found = recognise([1], lambda _: picture, name=page.name)
    if not found.read:
        raise Unreadable(page.name, "is an image", found.trouble)
    blocks = pdf_blocks(found.lines)
    text = render(with_marks(each.block for each in blocks))
    return PageText(text=text, title=title_of(blocks, text, stated=None), issues=found.issues())
