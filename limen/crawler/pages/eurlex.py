"""CELLAR, the store behind EUR-Lex: what to ask its SPARQL service, and what its answers name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode, urljoin

from limen.crawler.errors import PageError
from limen.crawler.pages.dates import parse_date
from limen.crawler.pages.entry import Entry
from limen.domain.snapshot import Hints
from limen.domain.source import DocumentClass

PAGE = "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:"
PAGE_SIZE = 500
"""Rows asked for at once."""
HEADERS = (
    ("Accept", "text/html, text/html;type=simplified, application/xhtml+xml, application/xhtml+xml;type=simplified"),
    ("Accept-Language", "en"),
)
"""By these the service picks the English text of an act as a web page."""

_CELEX = re.compile(
    r"(?P<sector>[0-9])(?P<rest>\d{4}[A-Z]{1,2}\d{4}(?:\(\d{2}\))?)(?P<corrigendum>R\(\d{2}\))?(?P<day>-\d{8})?"
)
_PREFIX = re.compile(r"(?P<sector>[0-9])(?P<kind>[A-Z]{1,2})")
_CONSOLIDATED = re.compile(r"^Consolidated text:\s*", re.IGNORECASE)
_IN_FORCE = {"1": "in force", "true": "in force", "0": "not in force", "false": "not in force"}
_WANTED = """OPTIONAL { ?work cdm:resource_legal_in-force ?inforce . }
OPTIONAL { ?work cdm:resource_legal_date_entry-into-force ?force . }
?expression cdm:expression_belongs_to_work ?work ;
  cdm:expression_uses_language <http://publications.europa.eu/resource/authority/language/ENG> ;
  cdm:expression_title ?title .
"""
_PROLOGUE = """PREFIX cdm: <http://publications.europa.eu/ontology/cdm#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT DISTINCT ?celex ?date ?title ?inforce ?force WHERE {"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Celex:
    """The number of an act, a consolidated version or a corrigendum."""

    number: str
    act: str
    """Number of the act that it is a version or a corrigendum of; its own for an act."""
    day: str | None
    """Day of a consolidated version, as 20240718."""
    is_corrigendum: bool

    @property
    def document_class(self) -> DocumentClass | None:
        """Acts and their consolidated versions are final, Commission proposals drafts; None for what lies between."""
        if self.is_corrigendum:
            return DocumentClass.NOTICE
        match self.number[0]:
            case "0" | "3":
                return DocumentClass.FINAL
            case "5":
                return DocumentClass.DRAFT if self.number[5:7] == "PC" else DocumentClass.NOTICE
            case _:
                return None


def read_celex(number: str) -> Celex | None:
    """Return what a CELEX number says; None if it is none of an act (case law, treaties' articles, a slip)."""
    match = _CELEX.fullmatch(number)
    if match is None or ((day := match["day"]) is not None) != (match["sector"] == "0"):
        return None
    # Consolidated versions are kept for acts (sector 3) only.
    act = ("3" if day else match["sector"]) + match["rest"]
    return Celex(number=number, act=act, day=day and day[1:], is_corrigendum=match["corrigendum"] is not None)


def split_watch(watch: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the acts to follow (`32023R1542`) and the kinds of which new ones are listed (`3R`, `5PC`).

    Raises:
        PageError: an item is neither.
    """
    acts, kinds = [], []
    for item in watch:
        celex = read_celex(item)
        if celex is not None and celex.number == celex.act:
            acts.append(item)
        elif _PREFIX.fullmatch(item):
            kinds.append(item)
        else:
            raise PageError(
                f"{item!r} in watch is no CELEX number; write that of an act, such as 32023R1542, or a sector and a kind, "
                "such as 3R for new regulations and 5PC for new proposals"
            )
    return tuple(acts), tuple(kinds)


def acts_query(acts: Sequence[str]) -> str:
    """Return the SPARQL query for acts with their consolidated versions and corrigenda."""
    listed = " ".join(f'"{act}"^^xsd:string' for act in acts)
    related = "".join(
        f"UNION {{ VALUES ?act {{ {listed} }} ?base cdm:resource_legal_id_celex ?act . "
        f"?work {relation} ?base ; cdm:resource_legal_id_celex ?celex . }}\n"
        for relation in (
            "cdm:act_consolidated_consolidates_resource_legal",
            "cdm:resource_legal_corrects_resource_legal",
        )
    )
    own = f"{{ VALUES ?celex {{ {listed} }} ?work cdm:resource_legal_id_celex ?celex . }}\n"
    return f"{_PROLOGUE}\n{own}{related}OPTIONAL {{ ?work cdm:work_date_document ?date . }}\n{_WANTED}}}"


def new_acts_query(kind: str, *, since: date, until: date, offset: int = 0) -> str:
    """Return the SPARQL query for acts of a kind (`3R`) dated from `since`, newest first, from row `offset` on."""
    prefixes = [f"{kind[0]}{year}{kind[1:]}" for year in range(since.year, until.year + 1)]
    of_kind = " || ".join(f'STRSTARTS(STR(?celex), "{prefix}")' for prefix in prefixes)
    return (
        f"{_PROLOGUE}\n?work cdm:resource_legal_id_celex ?celex ; cdm:work_date_document ?date .\n"
        f'FILTER({of_kind})\nFILTER(?date >= "{since.isoformat()}"^^xsd:date)\n'
        f"{_WANTED}}} ORDER BY DESC(?date) ?celex LIMIT {PAGE_SIZE} OFFSET {offset}"
    )


def query_url(service: str, query: str) -> str:
    """Return the address that asks a SPARQL service and has it answer as JSON."""
    return f"{service}?{urlencode({'query': query, 'format': 'application/sparql-results+json'})}"


def read_rows(body: bytes, *, url: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a SPARQL answer: values by the names of the query's variables.

    Raises:
        PageError: the answer is no SPARQL JSON (an error of the service, a page), or has rows without a CELEX number.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        said = " ".join(body[:160].decode("utf-8", "replace").split()) or "nothing"
        raise PageError(f"{url}: expected SPARQL results as JSON, but the service says: {said}") from error
    match answer:
        case {"results": {"bindings": list(bindings)}}:
            rows = tuple(_row(binding) for binding in bindings)
        case _:
            raise PageError(f"{url}: the service's answer has no results.bindings; its form has changed")
    if any("celex" not in row for row in rows):
        raise PageError(f"{url}: the service's answer has rows without a CELEX number; its form has changed")
    return rows


def read_acts(rows: Iterable[Mapping[str, str]], *, service: str, zone: str) -> tuple[Entry, ...]:
    """Return one entry for each document that the rows name, in their order.

    An act's document is fetched as its newest consolidated version, if there is one: that is its revision, and the older
    ones are behind it. Versions of acts that the rows do not hold are left out: an amending act is linked with the
    versions of what it amends.
    """
    numbers: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        numbers.setdefault(row["celex"], []).append(row)
    newest: dict[str, Celex] = {}
    for celex in filter(None, map(read_celex, numbers)):
        document = celex.number if celex.is_corrigendum else celex.act
        if document not in newest or (newest[document].day or "") < (celex.day or ""):
            newest[document] = celex
    listed = {document: celex for document, celex in newest.items() if document in numbers}
    return tuple(
        _entry(celex, numbers[celex.number], document=document, service=service, zone=zone)
        for document, celex in listed.items()
    )


def missing_acts(acts: Iterable[str], rows: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """Return the acts that were asked for and are not among the rows."""
    found = {row["celex"] for row in rows}
    return tuple(act for act in acts if act not in found)


def _row(binding: Any) -> dict[str, str]:
    cells = binding.items() if isinstance(binding, dict) else ()
    values = ((name, cell.get("value")) for name, cell in cells if isinstance(cell, dict))
    return {name: " ".join(value.split()) for name, value in values if isinstance(value, str) and value.strip()}


def _entry(celex: Celex, rows: list[Mapping[str, str]], *, document: str, service: str, zone: str) -> Entry:
    day = celex.day or rows[0].get("date", "")
    formats = ("%Y%m%d",) if celex.day else ()
    titles = [row["title"] for row in rows if "title" in row]
    return Entry(
        url=urljoin(service, f"/resource/celex/{quote(celex.number, safe='')}"),
        document_url=f"{PAGE}{document}",
        revision=celex.number,
        headers=HEADERS,
        hints=Hints(
            title=_CONSOLIDATED.sub("", titles[0]) if titles else None,
            published=parse_date(day, zone=zone, formats=formats),
            document_class=celex.document_class,
            references=tuple(dict.fromkeys((f"CELEX {celex.act}", f"CELEX {document}"))),
            effective_on=_one_day(row["force"] for row in rows if "force" in row),
            status=next((_IN_FORCE[row["inforce"]] for row in rows if row.get("inforce") in _IN_FORCE), None),
        ),
    )


def _one_day(stated: Iterable[str]) -> date | None:
    """Return the day that all say; None where parts of an act come into force on several."""
    days = {day[:10] for day in stated}
    try:
        return date.fromisoformat(days.pop()) if len(days) == 1 else None
    except ValueError:
        return None
