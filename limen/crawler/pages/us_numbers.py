"""The official numbers of United States rules, in the form in which they are read from their texts too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_RIN = re.compile(r"\b\d{4}-[A-Z]{2}\d{2}\b")
_FR_DOC = re.compile(r"(?<![\w-])(?:[A-Z]\d{1,2}-)?(?:\d{4}-\d{4,6}|\d{2}-\d{1,6})(?![\w-])")
_NUMBERED = re.compile(r"(?P<label>(?:[A-Za-z]+(?:[.:]+ *| +))*?)(?P<number>[A-Z0-9]+(?:-[A-Z0-9]+){1,6})(?![\w-])")
_SEPARATOR = re.compile(r"[;,()\[\]]|\band\b|\bor\b|&")
_FOREIGN = re.compile(r"^(?:FRL|OMB|AG|T\.?D)-")
"""Numbers of one document or one form, beside the docket in the same field."""


def rins(texts: Iterable[str]) -> Iterator[str]:
    """Yield the Regulation Identifier Numbers in some texts as `RIN 2060-AU37`: they join a proposal to its final rule."""
    for text in texts:
        for match in _RIN.finditer(text.translate(_DASHES)):
            yield f"RIN {match[0]}"


def fr_documents(texts: Iterable[str]) -> Iterator[str]:
    """Yield the document numbers of the Federal Register in texts or addresses as `FR Doc. 2024-02700`."""
    for text in texts:
        if (match := _FR_DOC.search(text.translate(_DASHES))) is not None:
            yield f"FR Doc. {match[0]}"


def dockets(texts: Iterable[str]) -> Iterator[str]:
    """Yield the dockets in free text (`Docket No. FAA-2020-0686; Project Identifier AD-1`) as `Docket FAA-2020-0686`.

    A part under another label, a number of a single document (FRL-...) and a box for everything without a docket
    (EPA_FRDOC_0001) are none.
    """
    for text in texts:
        labelled = False
        for part in _SEPARATOR.split(text.translate(_DASHES)):
            match = _NUMBERED.match(part.strip())
            if match is None:
                continue
            label, number = match["label"].lower(), match["number"]
            labelled = "docket" in label or (labelled and not label)
            if _may_be_docket(number) and (labelled or (not label and number[0].isalpha())):
                yield f"Docket {number}"


def _may_be_docket(number: str) -> bool:
    return any(sign.isdigit() for sign in number) and _FOREIGN.match(number) is None
