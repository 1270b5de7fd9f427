"""Ley Chile, the norms of the National Library of Congress: one XML answer is one version of one norm."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode, urlsplit

from lxml.etree import _Element

from limen.crawler.errors import PageError
from limen.crawler.pages.dates import parse_date
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.xml_answer import attribute, children, read_root, text_at
from limen.domain.snapshot import Hints

PAGE = "https://www.bcn.cl/leychile/navegar?idNorma="
REPEALED = "repealed"
"""The status of a norm that is no longer in force."""
_AS_XML = "7"
_IS_REPEALED = frozenset({"derogado", "si", "sí", "true"})


def watched_norm(number: str, *, service: str) -> Entry:
    """Return the entry of a norm that is followed by its number, in the version in force.

    `service` is the address of `obtxml`; the document is the page that people know.

    Raises:
        PageError: `number` is no number of a norm.
    """
    if not (number.isascii() and number.isdigit()):
        raise PageError(
            f"{number!r} is no idNorma; write the number from the norm's address on bcn.cl/leychile into watch"
        )
    asked = urlencode({"opt": _AS_XML, "idNorma": number})
    joint = "&" if urlsplit(service).query else "?"
    return Entry(url=f"{service}{joint}{asked}", hints=Hints(), document_url=f"{PAGE}{number}")


def read_norm_hints(body: bytes, *, url: str, hints: Hints, zone: str) -> Hints:
    """Return `hints` with a norm's title, number, date of the version (`fechaVersion`) and whether it is repealed.

    Raises:
        PageError: the answer is no norm (the host's refusal is a short page with a good status).
    """
    root = read_root(body, url=url, roots=("Norma",), what="a norm of Ley Chile as XML")
    version = attribute(root, "fechaVersion")
    published = next((attribute(node, "fechaPublicacion") for node in children(root, "Identificador")), None)
    return replace(
        hints,
        title=hints.title or text_at(root, "Metadatos", "TituloNorma"),
        published=parse_date(version or published or "", zone=zone) or hints.published,
        references=hints.references or _numbers(root),
        status=REPEALED if (attribute(root, "derogado") or "").casefold() in _IS_REPEALED else hints.status,
    )


def _numbers(root: _Element) -> tuple[str, ...]:
    pairs = children(root, "Identificador", "TiposNumeros", "TipoNumero")
    stated = ((text_at(pair, "Tipo"), text_at(pair, "Numero")) for pair in pairs)
    return tuple(f"{kind} {number}" for kind, number in stated if kind and number)
