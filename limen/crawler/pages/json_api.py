"""Lists that a service gives as JSON, by the paths of their TOML."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from limen.crawler.errors import PageError
from limen.crawler.pages.canonical import absolute_url
from limen.crawler.pages.dates import from_epoch_ms, in_form, parse_date, parse_timestamp
from limen.crawler.pages.deadline import read_deadline
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.json_path import (
    all_texts,
    fill,
    find,
    first_text,
    parse_json,
    parse_script,
    plain_text,
    text_of,
)
from limen.crawler.source_rules import DeadlineRule, JsonApi
from limen.domain.snapshot import Hints

_ADDRESS_SIGNS = "/:?&=%~,;@!$'()*+"
"""What may stand in an address as it is, and so is not encoded when an item's value is put into one."""
_MESSAGES = ("message", "msg", "error", "error.message", "errors.0.message", "errors.0.detail", "detail")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Which page of a list is asked for: its number from 1, and how many items the pages before it held."""

    number: int = 1
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonList:
    """A page of a list. `count` counts the items, also those without an address. `next_url` is None where none is given."""

    entries: tuple[Entry, ...]
    count: int
    next_url: str | None = None


def ask(url: str, *, rules: JsonApi, turn: Turn) -> tuple[str, str | None]:
    """Return the address and the body with which a page is asked for; None is no body."""
    page = rules.first_page + turn.number - 1
    parameters = {}
    if rules.page_parameter is not None:
        parameters[rules.page_parameter] = str(page)
    if rules.offset_parameter is not None:
        parameters[rules.offset_parameter] = str(turn.offset)
    body = None
    if rules.body is not None:
        filled = _fill_body(rules.body, {"page": page, "offset": turn.offset})
        body = json.dumps(filled, ensure_ascii=False)
    return _with_parameters(url, parameters), body


def next_turn(turn: Turn, *, rules: JsonApi, count: int) -> Turn | None:
    """Return the page after one that held `count` items, or None if it was the last to read or pages cannot be asked for."""
    template = json.dumps(rules.body) if rules.body is not None else ""
    pages = rules.page_parameter or rules.offset_parameter or "{page}" in template or "{offset}" in template
    if not pages or not count or turn.number >= rules.max_pages:
        return None
    return Turn(number=turn.number + 1, offset=turn.offset + count)


def read_json_api(
    body: bytes,
    *,
    url: str,
    base: str,
    rules: JsonApi,
    zone: str,
    deadline: DeadlineRule | None = None,
    encoding: str | None = None,
) -> JsonList:
    """Return the documents of an answer in its order. Items without an address are left out.

    `base` is the source's entry, from which relative addresses start; `encoding` overrides the answer's own.

    Raises:
        PageError: no JSON, an error of the service, or a layout that is not the one in the TOML.
    """
    if rules.script is not None:
        answer = parse_script(body.decode(encoding or "utf-8", "replace"), selector=rules.script, url=url)
    else:
        answer = parse_json(body, url=url, encoding=encoding)
    _check(answer, url=url, rules=rules)
    items = _items(answer, url=url, rules=rules)
    found = (_entry(item, base=base, rules=rules, zone=zone, deadline=deadline) for item in items)
    entries = tuple(entry for entry in found if entry is not None)
    if items and not entries:
        raise PageError(
            f"{url}: none of {len(items)} items has an address at {rules.fields.url!r}; "
            "the service's layout has changed: correct [json_api.fields] in the source's TOML"
        )
    following = first_text(answer, rules.next) if rules.next is not None else None
    return JsonList(entries=entries, count=len(items), next_url=absolute_url(url, following) if following else None)


def _check(answer: Any, *, url: str, rules: JsonApi) -> None:
    for path, expected in rules.ok.items():
        stated = first_text(answer, path)
        if stated is None or stated.casefold() != (text_of(expected) or "").casefold():
            said = next((text for path in _MESSAGES if (text := first_text(answer, path))), None)
            raise PageError(
                f"{url}: the service answers {path} = {stated!r} where {text_of(expected)!r} was expected"
                + (f"; it says: {said[:300]}" if said else "")
                + "; the next run tries again"
            )


def _items(answer: Any, *, url: str, rules: JsonApi) -> list[Any]:
    found = find(answer, rules.items)
    if not rules.items and not isinstance(answer, list):
        found = []
    # A service that made its JSON from XML gives the only item of a list without the list.
    items = [item for each in found for item in (each if isinstance(each, list) else [each])]
    items = [item for item in items if isinstance(item, dict | list)]
    empty_list = any(each == [] for each in found)
    if not items and not empty_list and not rules.may_be_empty:
        said = next((text for path in _MESSAGES if (text := first_text(answer, path))), None)
        raise PageError(
            f"{url}: the answer has no list at {rules.items or 'its top'!r}"
            + (f" and says: {said[:300]}" if said else "")
            + "; the service's layout has changed: correct [json_api] in the source's TOML"
        )
    return items


def _entry(item: Any, *, base: str, rules: JsonApi, zone: str, deadline: DeadlineRule | None) -> Entry | None:
    fields = rules.fields
    address = _address(item, fields.url, base=base)
    if address is None:
        return None
    published = _moment(item, fields.published, rules=rules, zone=zone)
    effective = _moment(item, fields.effective_on, rules=rules, zone=zone)
    stated_class = first_text(item, fields.document_class) if fields.document_class else None
    return Entry(
        url=address,
        document_url=_address(item, fields.document_url, base=base) if fields.document_url else None,
        revision=first_text(item, fields.revision) if fields.revision else None,
        hints=Hints(
            title=plain_text(first_text(item, fields.title)) if fields.title else None,
            published=published,
            comment_deadline=_deadline(item, deadline, zone=zone, published=published),
            document_class=rules.document_classes.get(stated_class) if stated_class else None,
            references=tuple(dict.fromkeys(text for path in fields.references for text in all_texts(item, path))),
            effective_on=_day(effective, zone),
            status=plain_text(first_text(item, fields.status)) if fields.status else None,
        ),
    )


def _address(item: Any, rule: str, *, base: str) -> str | None:
    stated = fill(rule, item, quote=_in_address) if "{" in rule else first_text(item, rule)
    return absolute_url(base, stated) if stated else None


def _in_address(text: str) -> str:
    return quote(text, safe=_ADDRESS_SIGNS)


def _moment(item: Any, path: str | None, *, rules: JsonApi, zone: str) -> datetime | None:
    stated = first_text(item, path) if path is not None else None
    return None if stated is None else read_moment(stated, formats=rules.date_formats, zone=zone)


def read_moment(text: str, *, formats: Sequence[str], zone: str) -> datetime | None:
    """Return a moment in one of the source's forms, in ISO 8601 or nearly; None if it is none.

    `epoch_ms` and `epoch_s` among the forms read numbers since 1970; the result is in `zone`.
    """
    for form in formats:
        if form in ("epoch_ms", "epoch_s"):
            moment = from_epoch_ms(text if form == "epoch_ms" else f"{text}000")
            found = moment and moment.astimezone(ZoneInfo(zone))
        else:
            found = in_form(text.strip(), form, zone=zone)
        if found is not None:
            return found
    return parse_timestamp(text, zone=zone) or parse_date(text, zone=zone)


def _day(moment: datetime | None, zone: str) -> date | None:
    return None if moment is None else moment.astimezone(ZoneInfo(zone)).date()


def _deadline(item: Any, rule: DeadlineRule | None, *, zone: str, published: datetime | None) -> datetime | None:
    if rule is None or rule.where != "entry" or rule.select is None:
        return None
    stated = first_text(item, rule.select)
    return read_deadline(stated, rule=rule, zone=zone, published=published) if stated else None


def _fill_body(value: Any, numbers: Mapping[str, int]) -> Any:
    match value:
        case dict():
            return {key: _fill_body(each, numbers) for key, each in value.items()}
        case list():
            return [_fill_body(each, numbers) for each in value]
        case str():
            whole = re.fullmatch(r"\{(page|offset)\}", value)
            if whole is not None:
                return numbers[whole[1]]
            return re.sub(r"\{(page|offset)\}", lambda match: str(numbers[match[1]]), value)
        case _:
            return value


def _with_parameters(url: str, parameters: Mapping[str, str]) -> str:
    """Return an address with query parameters set; the others keep their bytes."""
    if not parameters:
        return url
    parts = urlsplit(url)
    kept = [each for each in parts.query.split("&") if each and unquote(each.partition("=")[0]) not in parameters]
    added = [f"{quote(name, safe='$')}={quote(value, safe='')}" for name, value in parameters.items()]
    return urlunsplit(parts._replace(query="&".join(kept + added)))
