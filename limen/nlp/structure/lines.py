"""The lines of a text, each with what its own signs say about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from limen.nlp.structure.blocks import Span
from limen.nlp.structure.labels import Label, read_label

_HEADING = re.compile(r"(#{1,6})[ \t]+")
_RULE = re.compile(r"[|:\-=_*~\s—–]+")
_BOLD_LINE = re.compile(r"(\*\*|__)(?![*_\s])(?P<text>(?:(?!\1).)+)\1[ \t:：]*")
_ITALIC_LINE = re.compile(r"([*_])(?![*_\s])(?P<text>[^*_\n]+)\1[ \t:：]*")
_RUN_IN = re.compile(r"(\*\*|__)(?P<text>[^*_\n]{1,80})\1")
# A whole sentence in bold or italics is a paragraph, "Sampling." a heading.
_STOPPED = re.compile(r"[.。;；!！]\W*$|[.。] ")
# "- 0.5 m of cover": behind a bullet, a decimal with a unit or word after it is an amount.
_AMOUNT = re.compile(r"(?:0\.\d{1,3} +\S|\d{1,3}\.\d{1,3} +[a-zµ°%])")
_LONGEST_BOLD = 160
_BLANKS = " \t\u3000\u00a0"
_TAB = 4


class LineKind(Enum):
    """What a line is by its signs alone."""

    BLANK = auto()
    HEADING = auto()
    BOLD = auto()
    TABLE = auto()
    RULE = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line at [start, end) without its line feed and outer blanks; `body` leaves out marks and the label."""

    kind: LineKind
    start: int
    end: int
    body: Span
    indent: int = 0
    hashes: int = 0
    label: Label | None = None
    title: Span | None = None


def read_lines(text: str) -> Iterator[Line]:
    """Yield the lines of a text in order."""
    position = 0
    for raw in text.splitlines(keepends=True):
        yield _line(raw, position)
        position += len(raw)


def _line(raw: str, offset: int) -> Line:
    content = raw.strip()
    start = offset + len(raw) - len(raw.lstrip())
    end = start + len(content)
    if not content:
        return Line(kind=LineKind.BLANK, start=offset, end=offset, body=Span(offset, offset))
    if _RULE.fullmatch(content) and (len(content) > 2 or content[0] == "|"):
        return Line(kind=LineKind.RULE, start=start, end=end, body=Span(end, end))
    if content[0] == "|":
        return Line(kind=LineKind.TABLE, start=start, end=end, body=Span(start, end))
    quoted = re.match(r"(?:>[ \t]?)+", content)
    skipped = quoted.end() if quoted else 0
    heading = _HEADING.match(content, skipped)
    if heading is not None:
        return _marked(content, start, heading.end(), LineKind.HEADING, hashes=len(heading.group(1)))
    bold = _BOLD_LINE.fullmatch(content, skipped) or _ITALIC_LINE.fullmatch(content, skipped)
    if bold is not None and len(content) < _LONGEST_BOLD and not _STOPPED.search(bold.group("text")):
        return _marked(content, start, bold.start("text"), LineKind.BOLD, cut=len(content) - bold.end("text"))
    return _plain(content, start, skipped, _width(raw[: len(raw) - len(raw.lstrip())]))


def _marked(content: str, start: int, at: int, kind: LineKind, *, hashes: int = 0, cut: int = 0) -> Line:
    end = len(content) - cut
    at = _after_signs(content, at)
    while end > at and content[end - 1] in "*_# ":
        end -= 1
    label = read_label(content[at:end], marked=True)
    body = _after_signs(content, at + label.length) if label else at
    return Line(
        kind=kind,
        start=start,
        end=start + len(content),
        hashes=hashes,
        label=label,
        body=Span(start + min(body, end), start + end),
    )


def _plain(content: str, start: int, skipped: int, indent: int) -> Line:
    label = read_label(content[skipped:])
    at = skipped
    if label is None or label.style == "bullet":
        # Behind a bullet, or in bold, stands the label that people cite.
        inner_at = _after_signs(content, skipped + (label.length if label else 0))
        inner = None if _AMOUNT.match(content, inner_at) else read_label(content[inner_at:])
        if inner is not None and inner.style != "bullet":
            # The bullet's own depth is the list's; the cited label only names the item.
            style = label.style if label is not None and indent else inner.style
            label, skipped = (
                Label(text=inner.text, length=inner.length, style=style, number=inner.number, rank=inner.rank),
                inner_at,
            )
    if label is not None:
        at = skipped + label.length
        while at < len(content) and content[at] in _BLANKS:
            at += 1
    title = _RUN_IN.match(content, at)
    span = Span(start + title.start("text"), start + title.end("text")) if title is not None else None
    if content[at : at + 2] in {"**", "__"} and title is not None:
        at += 2
    elif label is not None and span is None:
        closed = content.find("**", at, at + 80)
        if content.startswith(("**", "__"), max(0, skipped - 2)) and closed > at:
            span = Span(start + at, start + closed)
        at = min(_after_closed_bold(content, at), len(content))
    return Line(
        kind=LineKind.TEXT, start=start, end=start + len(content), indent=indent, label=label,
        body=Span(start + at, start + len(content)), title=span,
    )  # fmt: skip


def _after_closed_bold(content: str, at: int) -> int:
    return at + 2 if content.startswith("**", at) else at


def _after_signs(content: str, at: int) -> int:
    while at < len(content) and content[at] in "*_ \t\u3000\u00a0":
        at += 1
    return at


def _width(blanks: str) -> int:
    return sum(_TAB if sign == "\t" else 2 if sign == "\u3000" else 1 for sign in blanks)
