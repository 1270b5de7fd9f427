"""JSON as services send it: parsed with patience, read by paths such as `data.list`, filled into templates."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from parsel import Selector

from limen.crawler.errors import PageError

_SEARCHED_PREFIX = 20_000
"""Characters before the JSON in which warnings of the service's own software are tolerated."""
_OPENING = re.compile(r"(?:^|[>=\n])\s*([\[{])")
_FILTER = re.compile(r"\[(\w+)=([^\]]*)\]")
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_BREAK = re.compile(r"<(?:br|/?p|/?div|/?li)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)


def parse_json(body: bytes, *, url: str, encoding: str | None = None) -> Any:
    """Return the value that an answer holds, with or without a byte order mark, also after warnings in front of it.

    JSON lines (an object on each line) are a list.

    Raises:
        PageError: the answer holds no JSON, or JSON that is cut off.
    """
    try:
        text = body.decode(encoding or json.detect_encoding(body), "replace").lstrip("\ufeff")
    except LookupError as error:
        raise PageError(f"{url}: {encoding!r} is no encoding; correct it in the source's TOML") from error
    return _parse(text, url=url)


def parse_script(markup: str, *, selector: str, url: str) -> Any:
    """Return the value that a script element of a page holds. Raises `PageError` if there is none or it holds no JSON."""
    found = Selector(text=markup).css(selector)
    if not found:
        raise PageError(
            f"{url}: no element is found by the script selector {selector!r}; "
            "the page's layout has changed: correct [json_api] in the source's TOML"
        )
    return _parse("".join(found[0].xpath(".//text()").getall()), url=url)


def find(value: Any, path: str) -> list[Any]:
    """Return what a path leads to: nothing, one value, or several where it has a `*` or a choice.

    Parts are keys and indices. `*` stands for each of a list, `[key=value]` for those of a list whose `key` is `value`.
    A key that has a dot in it (`@odata.nextLink`) is found where there is none without. The empty path is the value.
    """
    return _walk(value, path.split(".")) if path else [value]


def first_text(value: Any, path: str) -> str | None:
    """Return the first text, number or truth value that a path or template leads to; None if it is missing or empty."""
    if "{" in path:
        return fill(path, value)
    return next((text for found in find(value, path) if (text := text_of(found))), None)


def all_texts(value: Any, path: str) -> tuple[str, ...]:
    """Return every text that a path leads to, lists taken apart, the empty ones left out."""
    found = [part for each in find(value, path) for part in (each if isinstance(each, list) else [each])]
    return tuple(text for each in found if (text := text_of(each)))


def fill(template: str, value: Any, *, quote: Callable[[str], str] = str) -> str | None:
    """Return a template with each `{path}` replaced by what is found there; None if one is missing."""
    complete = True

    def replaced(match: re.Match[str]) -> str:
        nonlocal complete
        text = first_text(value, match[1])
        complete = complete and text is not None
        return quote(text or "")

    filled = _PLACEHOLDER.sub(replaced, template)
    return filled if complete else None


def text_of(value: Any) -> str | None:
    """Return a value as text: numbers without a needless `.0`, truth as `true`; None for lists, objects and null.

    What JSON can write and no text can hold (half a character, a zero byte) is replaced.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value.encode(errors="replace").decode().replace("\0", "").strip()
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() else str(value)
        case _:
            return None


def plain_text(markup: str | None) -> str | None:
    """Return a title without HTML tags and with its entities read, in one line; None if nothing is left."""
    if markup is None:
        return None
    text = html.unescape(_TAG.sub("", _BREAK.sub(" ", markup)))
    return " ".join(text.split()) or None


def _walk(value: Any, parts: list[str]) -> list[Any]:
    if not parts:
        return [] if value is None else [value]
    part, rest = parts[0], parts[1:]
    if isinstance(value, list):
        return [found for each in _members(value, part) for found in _walk(each, rest)]
    if not isinstance(value, dict):
        return []
    if part == "*":
        return [found for each in value.values() for found in _walk(each, rest)]
    for length in range(1, len(parts) + 1):
        key = ".".join(parts[:length])
        if key in value:
            return _walk(value[key], parts[length:])
    return []


def _members(values: list[Any], part: str) -> Iterable[Any]:
    if part == "*":
        return values
    if (wanted := _FILTER.fullmatch(part)) is not None:
        key, text = wanted.groups()
        return [each for each in values if isinstance(each, dict) and text_of(each.get(key)) == text]
    if part.isdecimal() and int(part) < len(values):
        return [values[int(part)]]
    return []


def _json_lines(text: str) -> list[Any] | None:
    """Return the objects of JSON lines; None if a line is anything else."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not all(line.lstrip().startswith("{") for line in lines):
        return None
    try:
        return [json.loads(line) for line in lines] or None
    except (ValueError, RecursionError):
        return None


def _parse(text: str, *, url: str) -> Any:
    decoder = json.JSONDecoder()
    try:
        return decoder.decode(text)
    except RecursionError as error:
        raise PageError(f"{url}: the JSON is nested too deeply and was left") from error
    except ValueError as error:
        fault = error
    if (objects := _json_lines(text)) is not None:
        return objects
    for opening in _OPENING.finditer(text, 0, _SEARCHED_PREFIX):
        try:
            value, end = decoder.raw_decode(text, opening.start(1))
        except (ValueError, RecursionError):
            continue
        if not text[end:].strip(" \t\r\n;"):
            return value
    head = text[:4096].lower()
    what = (
        "an HTML page" if "<html" in head or "<!doctype" in head else "empty" if not text.strip() else f"none ({fault})"
    )
    raise PageError(f"{url}: expected JSON, but the answer is {what}; open the address by hand")
