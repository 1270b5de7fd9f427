"""One process per data directory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from limen.app.errors import Busy
from limen.app.lock import exclusive


def test_a_second_holder_is_told_who_holds_it(tmp_path: Path) -> None:
    with (
        exclusive(tmp_path, what="limen serve"),
        pytest.raises(Busy, match=f"limen serve, process {os.getpid()}"),
        exclusive(tmp_path, what="limen run"),
    ):
        pytest.fail("two holders at once")
    with exclusive(tmp_path, what="limen run"):
        assert "limen run" in (tmp_path / "limen.lock").read_text()


def test_a_raised_error_frees_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="oops"), exclusive(tmp_path, what="limen run"):
        raise ValueError("oops")
    with exclusive(tmp_path, what="limen serve"):
        assert "limen serve" in (tmp_path / "limen.lock").read_text()
