"""Markdown and plain text: taken as they are."""

from __future__ import annotations

import re

from limen.domain.document import PageText
from limen.nlp.errors import Unreadable
from limen.nlp.text.encodings import decode
from limen.nlp.text.raw_page import RawPage

_HEADING = re.compile(r"^#[ \t]+(\S.*?)[ \t#]*$", re.MULTILINE)
_FIRST_LINES = 2000
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def read_plain(page: RawPage) -> PageText:
    """Return the text with LF line ends, otherwise letter for letter; the title is the first `#` heading near its beginning.

    Raises:
        Unreadable: there is nothing but blanks.
    """
    decoded = decode(page.body, name=page.name, charset=page.charset)
    if not decoded.text.strip():
        raise Unreadable(page.name, "the file is empty", "fetch or save it again")
    start = _FRONT_MATTER.sub("", decoded.text, count=1)[:_FIRST_LINES]
    match = _HEADING.search(start)
    return PageText(text=decoded.text, title=match[1] if match else None, issues=decoded.issues)
