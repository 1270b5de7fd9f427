"""Cases that the program gets wrong and that are kept, with what is right, until it is mended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest


def known_fault(case: Mapping[str, Any]) -> tuple[pytest.MarkDecorator, ...]:
    """Return the mark of a case that says `known_fault`: it must fail, so that a mended fault shows and loses its mark."""
    fault = case.get("known_fault")
    return () if fault is None else (pytest.mark.xfail(reason=fault, strict=True, raises=AssertionError),)
