"""Whether an answer is content, or a challenge, a soft error or something else that was not asked for."""

from __future__ import annotations

import html
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from urllib.parse import urlsplit

from limen.crawler.source_rules import BlockRules

Wanted = Literal["page", "list", "feed", "json", "file"]

_HEAD, _TAIL = 6144, 1024
"""Bytes that are looked at in every answer, at its beginning and its end."""
_SMALL = 6000
"""Bytes; an HTML page below is read whole, since a refusal is short."""
_LONGEST = 200_000
"""Bytes; no refusal is longer."""
_BRIEF, _SHORT, _BARE = 600, 1500, 60
"""Bytes of visible text (a Chinese character is three): of a refusal, of one with a menu around it, of a bare script."""
_SUSPECT = (b"captcha", b"_cf_chl")
"""In a larger page with a title of its own, what makes a closer look worth its price."""
_JSON_HEAD, _JSON_WHOLE = 512, 65_536

_FOREIGN = ("image", "audio", "video", "font")
_ARCHIVES = ("application/zip", "application/x-rar-compressed", "application/vnd.rar", "application/x-7z-compressed")

_HTML = re.compile(
    rb"(?:\xef\xbb\xbf|\s|<\?xml[^>]*>|<!--(?:(?!-->).){0,2000}-->)*"
    rb"<(?:!doctype\s+html|html|head|body|script|title|meta|noscript|center|div|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
_TITLE = re.compile(rb"<title[^<>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_HEADING = re.compile(rb"<h1[^<>]{0,500}>(.{0,600}?)</h1", re.IGNORECASE | re.DOTALL)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style|template|svg)\b|<!--", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_SEPARATOR = re.compile(r"\s*[|–—·»«_]\s*|\s+[-:]\s+|-{2,}")
_HOLDER = re.compile(rb"<(?:iframe|frame|object|embed|img|a)\b", re.IGNORECASE)
_SETS_COOKIE = re.compile(rb"document\.cookie\s*=")
_RELOADS = re.compile(rb"location\s*\.\s*(?:reload|replace|assign)\s*\(|location(?:\.href)?\s*=[^=]")
_JSON_TROUBLE = re.compile(
    rb'"(?:success|ok)"\s*:\s*"?false|"status"\s*:\s*"(?:error|fail)|"code"\s*:\s*"rest_|"errors?"\s*:\s*["{\[]'
)


class BlockKind(StrEnum):
    """What came in place of content."""

    CHALLENGE = "challenge"
    """A firewall that wants to see a browser or a person."""
    COOKIE_WALL = "cookie_wall"
    """A page that goes on only with cookies or JavaScript."""
    LOGIN = "login"
    """A page to log in, to which an address redirects (told by `landing`)."""
    SOFT_404 = "soft_404"
    """A page that says, with a good status, that there is none, or one to which what is gone redirects."""
    MAINTENANCE = "maintenance"
    PARKED = "parked"
    """The domain is for sale."""
    TINY = "tiny"
    """Less text than the source's documents have."""
    API_ERROR = "api_error"
    """A service that says, with a good status, that it failed."""
    WRONG_TYPE = "wrong_type"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Why an answer is no content. `why` is a sentence without its address, and says what to do."""

    kind: BlockKind
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signs:
    """How one kind of refusal is worded."""

    titles: re.Pattern[str]
    phrases: re.Pattern[str]
    scripts: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What a reader would see of an HTML page."""

    headlines: tuple[str, ...]
    text: str
    vendor: str | None


_ADVICE = {
    BlockKind.CHALLENGE: "{by} asks for a browser or a person in place of content; ask the site for access, or use its API",
    BlockKind.COOKIE_WALL: "the page goes on only with cookies or JavaScript; set [browser] for the source, or use its API",
    BlockKind.SOFT_404: "the page says that there is none, with status {status}; it is gone, or its address is wrong",
    BlockKind.MAINTENANCE: "the site says that it is being worked on; the next run tries again",
    BlockKind.PARKED: "the domain is for sale; find the source's new address, or switch it off",
    BlockKind.EMPTY: "the answer is empty; the next run tries again",
}


def classify(
    *, status: int, headers: Mapping[str, str], body: bytes, url: str, wanted: Wanted, rules: BlockRules
) -> Verdict | None:
    """Return what came in place of content; None if the answer looks like what was wanted.

    `headers` have lower-case names; `body` is unpacked. Of a status of failure only a challenge is told.
    """
    if status == 202 or headers.get("cf-mitigated") == "challenge" or "x-amzn-waf-action" in headers:
        by = f"the host, by status {status}," if status == 202 else "a firewall"
        return _verdict(BlockKind.CHALLENGE, by=by)
    is_html = _HTML.match(body, 0, _HEAD) is not None
    if status >= 400:
        found = _refusal(body, headers, status=status, wanted=wanted) if is_html else None
        return found if found is not None and found.kind is BlockKind.CHALLENGE else None
    if not body or body.isspace():
        return _verdict(BlockKind.EMPTY)
    if (marker := _marked(body, rules)) is not None:
        why = f"the page holds {marker!r}, by which this host refuses; ask for access, or raise [politeness] delay"
        return Verdict(kind=BlockKind.CHALLENGE, why=why)
    if is_html and (found := _refusal(body, headers, status=status, wanted=wanted)) is not None:
        return found
    return _wrong_type(headers, url=url, wanted=wanted, is_html=is_html) or (
        _tiny(body, headers, rules, is_html=is_html) if is_html else _failure(body, headers, wanted=wanted, rules=rules)
    )


def _refusal(body: bytes, headers: Mapping[str, str], *, status: int, wanted: Wanted) -> Verdict | None:
    """Return what an HTML page is in place of content. Most pages are let go after a look at their two ends."""
    if len(body) > _LONGEST:
        return None
    headlines = _headlines(body, headers)
    named = _named(headlines)
    ends = body[:_HEAD] + body[-_TAIL:] if len(body) > _HEAD else body
    if named is None and headlines and len(body) > _SMALL and not any(mark in ends for mark in _SUSPECT):
        return None
    lower = ends.lower()
    vendor = next((name for name, marks in _vendors() if any(mark in lower for mark in marks)), None)
    page = _Page(headlines=headlines, text=_visible(body, headers), vendor=vendor)
    kind = _kind(page, named=named, body=body, wanted=wanted)
    return None if kind is None else _verdict(kind, by=page.vendor or "a firewall", status=status)


def _named(headlines: tuple[str, ...]) -> BlockKind | None:
    """Return the kind of refusal that has such a title."""
    if not any(map(_any_title().fullmatch, headlines)):
        return None
    return next(kind for kind, signs in _signs().items() if any(map(signs.titles.fullmatch, headlines)))


def _kind(page: _Page, *, named: BlockKind | None, body: bytes, wanted: Wanted) -> BlockKind | None:
    text = page.text
    size = len(text.encode("utf-8"))
    if named is BlockKind.SOFT_404:
        return named  # with all its menus; no document has this title
    if size > _SHORT:
        return None
    if named is not None and (page.vendor is not None or size <= _BRIEF):
        return named
    if page.vendor is not None and size <= _BRIEF and _HOLDER.search(body) is None:
        return BlockKind.CHALLENGE
    if size <= _BRIEF:
        for kind, signs in _signs().items():
            if signs.phrases.search(text) is not None:
                return BlockKind.CHALLENGE if page.vendor is not None else kind
    if wanted != "list" and size <= 3 * _BARE and _signs()[BlockKind.COOKIE_WALL].scripts.search(text) is not None:
        return BlockKind.COOKIE_WALL
    if size > _BARE:
        return None
    if _SETS_COOKIE.search(body) is not None and _RELOADS.search(body) is not None:
        return BlockKind.COOKIE_WALL
    if wanted != "list" and not text and _HOLDER.search(body) is None:
        return BlockKind.EMPTY
    return None


def _wrong_type(headers: Mapping[str, str], *, url: str, wanted: Wanted, is_html: bool) -> Verdict | None:
    stated = headers.get("content-type", "").partition(";")[0].strip().lower()
    if wanted in ("feed", "json") and is_html:
        what = "a feed" if wanted == "feed" else "JSON"
        why = f"expected {what}, but the answer is an HTML page; look for the {wanted}'s new address"
    elif wanted == "file" and is_html and not urlsplit(url).path.lower().endswith((".htm", ".html", ".shtml")):
        why = "expected a file, but the answer is an HTML page; open the link by hand"
    elif wanted in ("page", "list") and (stated.partition("/")[0] in _FOREIGN or stated in _ARCHIVES):
        why = f"the answer is {stated}, which holds no text; exclude such addresses in the source's TOML"
    else:
        return None
    return Verdict(kind=BlockKind.WRONG_TYPE, why=why)


def _tiny(body: bytes, headers: Mapping[str, str], rules: BlockRules, *, is_html: bool) -> Verdict | None:
    least = rules.min_bytes
    if least == 0 or len(body) > 64 * least:
        return None
    size = len(_visible(body, headers).encode("utf-8")) if is_html else len(body)
    if size >= least:
        return None
    why = f"the answer holds {size} bytes of text, less than the {least} of [blocks] min_bytes; open it by hand"
    return Verdict(kind=BlockKind.TINY, why=why)


def _failure(body: bytes, headers: Mapping[str, str], *, wanted: Wanted, rules: BlockRules) -> Verdict | None:
    """Return the failure that a JSON answer tells of, at its top."""
    is_json = wanted == "json" or "json" in headers.get("content-type", "") or body[:1] == b"{"
    if is_json and len(body) <= _JSON_WHOLE and _JSON_TROUBLE.search(body, 0, _JSON_HEAD) is not None:
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            answer = None
        if isinstance(answer, dict) and (said := _complaint(answer)) is not None:
            why = f"the service says that it failed ({said}); see its documentation, the next run tries again"
            return Verdict(kind=BlockKind.API_ERROR, why=why)
    return _tiny(body, headers, rules, is_html=False)


def _complaint(answer: Mapping[str, Any]) -> str | None:
    failed = (
        answer.get("success") in (False, "false")
        or answer.get("ok") is False
        or str(answer.get("status")).lower() in ("error", "fail", "failed", "failure")
        or (str(answer.get("code")).startswith("rest_") and "message" in answer)
        or (
            any(answer.get(key) for key in ("error", "errors"))
            and not any(isinstance(value, list) and value for key, value in answer.items() if key != "errors")
        )
    )
    if not failed:
        return None
    said = next(
        (answer[key] for key in ("message", "msg", "error", "errors", "detail") if answer.get(key)), "no reason"
    )
    return " ".join(str(said).split())[:120]


def _marked(body: bytes, rules: BlockRules) -> str | None:
    """Return the source's own marker that stands in a page, whichever usual way it is encoded."""
    for marker in rules.markers:
        if any(marker.encode(encoding, "ignore") in body for encoding in ("utf-8", "gb18030")):
            return marker
    return None


def _headlines(body: bytes, headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the title, cut where sites put their name beside it, and the first heading, in small letters."""
    found = []
    start = body.find(b"<title", 0, _HEAD)
    title = _TITLE.match(body, start) if start >= 0 else _TITLE.search(body, 0, _HEAD)
    if title is not None:
        whole = _line(_decoded(title[1], body, headers))
        found += [whole, *_SEPARATOR.split(whole)]
    start = body.find(b"<h1", 0, _HEAD)
    heading = _HEADING.match(body, start) if start >= 0 else None
    if heading is not None:
        found.append(_line(_TAG.sub(" ", _decoded(heading[1], body, headers))))
    return tuple(dict.fromkeys(each.lower() for each in found if each))


def _visible(body: bytes, headers: Mapping[str, str]) -> str:
    """Return the text of an HTML page in one line and small letters, without title and scripts, with `noscript`."""
    source = _decoded(body, body, headers)
    lower = source.lower()
    if len(lower) != len(source):  # a few letters are longer when small; then places would not match
        lower = source
    start = lower.find("</title")
    position = start if 0 <= start < _HEAD else 0
    pieces = []
    for match in _HIDDEN.finditer(source, position):
        if match.start() < position:
            continue
        pieces.append(source[position : match.start()])
        closing = f"</{match[1].lower()}" if match[1] else "-->"
        position = lower.find(closing, match.end())
        if position < 0:
            position = len(source)
            break
    pieces.append(source[position:])
    return _line(_TAG.sub(" ", " ".join(pieces)).replace("-->", " ")).lower()


def _decoded(part: bytes, body: bytes, headers: Mapping[str, str]) -> str:
    try:
        return part.decode("utf-8")
    except UnicodeDecodeError:
        stated = _CHARSET.search(headers.get("content-type", "").encode("latin-1", "ignore")) or _CHARSET.search(
            body, 0, 2048
        )
        name = stated[1].decode("ascii").lower() if stated else "utf-8"
        try:
            return part.decode("gb18030" if name.startswith("gb") else name, "replace")
        except LookupError:
            return part.decode("utf-8", "replace")


def _line(text: str) -> str:
    return " ".join((html.unescape(text) if "&" in text else text).split())


def _verdict(kind: BlockKind, *, by: str = "", status: int = 200) -> Verdict:
    return Verdict(kind=kind, why=_ADVICE[kind].format(by=by, status=status))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("limen.crawler.pages").joinpath("block.toml").read_text(encoding="utf-8"))


@cache
def _vendors() -> tuple[tuple[str, tuple[bytes, ...]], ...]:
    return tuple((name, tuple(mark.encode() for mark in marks)) for name, marks in _table()["vendors"].items())


@cache
def _signs() -> dict[BlockKind, _Signs]:
    kinds = (BlockKind.CHALLENGE, BlockKind.COOKIE_WALL, BlockKind.SOFT_404, BlockKind.MAINTENANCE, BlockKind.PARKED)
    return {
        kind: _Signs(**{name: _any_of(_table()[kind.value].get(name, ())) for name in ("titles", "phrases", "scripts")})
        for kind in kinds
    }


@cache
def _any_title() -> re.Pattern[str]:
    return _any_of([signs.titles.pattern for signs in _signs().values()])


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    """Return a pattern that is any of some; one of none matches nothing. It sees small letters only."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")
