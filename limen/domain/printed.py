"""Numbers as a text prints them, levelled so that the same figure compares equal."""

from __future__ import annotations

import re
import unicodedata

NUMBER = re.compile(r"\d+(?:[,，]\d{3})*(?:[.．]\d+)?")


def printed(number: str) -> str:
    """Return a printed number without the signs between its thousands and the zeros that say nothing."""
    plain = unicodedata.normalize("NFKC", number).replace(",", "")
    whole, _, fraction = plain.partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole.lstrip('0') or '0'}.{fraction}" if fraction else whole.lstrip("0") or "0"


def printed_numbers(text: str) -> list[str]:
    """Return the levelled numbers of a text in their order."""
    return [printed(number) for number in NUMBER.findall(text)]
