"""One content in several wordings, and the register of what makes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

Numbers = tuple[str, str, str, str, str, str]
"""Operator, value, upper bound or "", unit, modality and date or "" of a requirement, as strings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One content in several wordings.

    `names` tells whether metric and subject, taken together, must hold the same words in all of them too; `previous` is
    the old value that each requirement has; `is_html` says that the texts are pages, to be read first.
    """

    language: str
    texts: Sequence[str]
    requires: Sequence[Numbers]
    names: bool = True
    previous: str = ""
    is_html: bool = False


Relation = Callable[[Random], Saying]
RELATIONS: dict[str, Relation] = {}


def relation(function: Relation) -> Relation:
    """Register a relation under its name."""
    RELATIONS[function.__name__] = function
    return function
