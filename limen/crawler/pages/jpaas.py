"""Columns of the jpaas publish server, which many Chinese authorities run: a page without rows, and an API that gives them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from parsel import Selector

from limen.crawler.errors import PageError
from limen.crawler.pages.canonical import absolute_url
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.json_path import first_text, parse_json
from limen.crawler.pages.listing import read_listing
from limen.crawler.source_rules import DeadlineRule, Jpaas, Listing

DEFAULT_LISTING = Listing(row="li:has(a)", date="span.fr")
"""Rows as the Ministry of Industry has them; a source with others says so under `[listing]`."""

_PAIR = re.compile(
    r"""(?:'(?P<name>\w+)'|"(?P<name2>\w+)"|(?P<name3>\w+))\s*:\s*
    (?:'(?P<value>(?:[^'\\]|\\.)*)'|"(?P<value2>(?:[^"\\]|\\.)*)"|(?P<value3>[\w.-]+))""",
    re.VERBOSE,
)
_ALWAYS = {"pageType": "column", "editType": "null"}
_ORDER = ("parseType", "webId", "tplSetId", "pageType", "tagId", "editType", "pageId")
_NEEDED = ("webId", "pageId", "tplSetId", "tagId")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """The part of a column page that is filled by the API: the API's address and its parameters, without those of a page."""

    api: str
    parameters: Mapping[str, str]


def unit_of_rules(rules: Jpaas, *, column_url: str) -> Unit | None:
    """Return the unit that a source's TOML names; None if it leaves out what only the column page tells."""
    given = _given(rules)
    api = absolute_url(column_url, rules.api)
    if api is None or not all(given.get(name) for name in _NEEDED):
        return None
    return Unit(api=api, parameters={"parseType": "buildstatic"} | _ALWAYS | given)


def find_unit(html: str, *, column_url: str, rules: Jpaas) -> Unit:
    """Return the unit of a column page that agrees with what the source's TOML gives.

    Raises:
        PageError: the page has no unit, or several that agree: the message names them.
    """
    given = _given(rules)
    units = [unit for node in Selector(text=html).css("script[querydata]") if (unit := _unit(node, column_url, rules))]
    agreeing = {
        _key(unit): unit
        for unit in units
        if all(unit.parameters.get(name) in (None, given[name]) for name in _NEEDED if name in given)
    }
    if len(agreeing) > 1:
        tags = ", ".join(repr(unit.parameters.get("tagId")) for unit in agreeing.values())
        raise PageError(f"{column_url}: the column page has several lists ({tags}); name one with [jpaas] tag_id")
    for unit in agreeing.values():
        parameters = {**unit.parameters, **given}
        if all(parameters.get(name) for name in _NEEDED):
            return Unit(api=unit.api, parameters=parameters)
    tags = ", ".join(repr(unit.parameters.get("tagId")) for unit in units) or "none"
    raise PageError(
        f"{column_url}: no script of the column page names the list of [jpaas] (its lists: {tags}); "
        "the page's layout has changed: correct [jpaas] in the source's TOML"
    )


def unit_url(unit: Unit, *, page: int, page_size: int | None) -> str:
    """Return the address of a page of rows. Without `page_size` the first page is asked for as the column itself does."""
    parameters = dict(unit.parameters)
    if page_size is not None:
        parameters["paramJson"] = json.dumps({"pageNo": page, "pageSize": page_size}, separators=(",", ":"))
    ordered = {name: parameters[name] for name in _ORDER if name in parameters} | parameters
    # In UTF-8: the service refuses a tagId in the encoding of an old page.
    return f"{unit.api}{'&' if '?' in unit.api else '?'}{urlencode(ordered, quote_via=quote)}"


def page_size_of(rules: Jpaas, listing: Listing | None) -> int | None:
    """Return the size of a page to ask for; None where only the first page is read and the TOML names no size."""
    several = listing is not None and listing.max_pages > 1
    return rules.page_size if several or "page_size" in rules.model_fields_set else None


def read_rows(
    body: bytes,
    *,
    url: str,
    column_url: str,
    listing: Listing | None,
    zone: str,
    page: int = 1,
    deadline: DeadlineRule | None = None,
) -> tuple[Entry, ...]:
    """Return the documents of an answer in its order; relative links start at the column page. After page 1 none is no fault.

    Raises:
        PageError: no JSON, an error of the service, or rows of another layout.
    """
    html = _rows_html(body, url=url)
    rules = listing or DEFAULT_LISTING
    if page > 1:
        rules = rules.model_copy(update={"may_be_empty": True})
    rows = Selector(text=html)
    # Fillers, which some sites give a link.
    rows.css("li.empty, li.border-line").drop()
    return read_listing(rows.get(), url=column_url, rules=rules, zone=zone, deadline=deadline)


def _rows_html(body: bytes, *, url: str) -> str:
    answer = parse_json(body, url=url)
    success, code = first_text(answer, "success"), first_text(answer, "code")
    if success != "true" or code != "200":
        said = first_text(answer, "message") or first_text(answer, "msg")
        raise PageError(
            f"{url}: the service answers success = {success!r}, code = {code!r}"
            + (f"; it says: {said[:300]}" if said else "")
            + "; check the parameters of [jpaas] against the column page"
        )
    html = first_text(answer, "data.html")
    if not html:
        raise PageError(
            f"{url}: the answer has no data.html; the service's layout has changed, or [jpaas] names another list"
        )
    return html


def _given(rules: Jpaas) -> dict[str, str]:
    named = {
        "parseType": rules.parse_type,
        "webId": rules.web_id,
        "tplSetId": rules.tpl_set_id,
        "tagId": rules.tag_id,
        "pageId": rules.page_id,
    }
    return {name: value for name, value in named.items() if value}


def _unit(node: Selector, column_url: str, rules: Jpaas) -> Unit | None:
    stated = read_query_data(_attribute(node, "querydata"))
    if "webId" not in stated and "pageId" not in stated:
        return None
    path = rules.api if "api" in rules.model_fields_set else _attribute(node, "url") or rules.api
    api = absolute_url(column_url, path)
    if api is None:
        return None
    stated.pop("paramJson", None)
    parse_type = _attribute(node, "parsetype") or "buildstatic"
    return Unit(api=api, parameters={"parseType": parse_type} | _ALWAYS | stated)


def _attribute(node: Selector, name: str) -> str:
    # Not `attrib`, which breaks on attributes with names that XML does not allow.
    return node.xpath(f"@{name}").get() or ""


def read_query_data(text: str) -> dict[str, str]:
    """Return what a `queryData` attribute holds: pairs in single quotes that are nearly JSON. Nothing is evaluated."""
    pairs = {}
    for match in _PAIR.finditer(text):
        name = match["name"] or match["name2"] or match["name3"]
        value = next((part for part in (match["value"], match["value2"], match["value3"]) if part is not None), "")
        pairs[name] = re.sub(r"\\(.)", r"\1", value)
    return pairs


def _key(unit: Unit) -> tuple[str, ...]:
    return (unit.api, *(unit.parameters.get(name, "") for name in _NEEDED))
