from __future__ import annotations

import sys
import time

import pytest

from limen.nlp.text.tools import ToolFailed, run_tool


def test_it_is_given_the_bytes_and_gives_its_output() -> None:
    assert run_tool(["cat"], body="165 Wh/kg，≥".encode(), seconds=10) == "165 Wh/kg，≥".encode()


def test_arguments_are_no_shell() -> None:
    assert run_tool(["printf", "%s", "$(echo x); `y`"], seconds=10) == b"$(echo x); `y`"


def test_an_error_says_what_the_program_said() -> None:
    with pytest.raises(ToolFailed, match=r"sh ended with 3 \(no such thing\)"):
        run_tool(["sh", "-c", "echo no such thing >&2; exit 3"], seconds=10)


def test_a_program_that_hangs_is_ended_with_its_children() -> None:
    begun = time.monotonic()
    with pytest.raises(ToolFailed, match=r"sh took longer than 0\.3 seconds"):
        run_tool(["sh", "-c", "sleep 60 & sleep 60"], seconds=0.3)
    assert time.monotonic() - begun < 10


def test_memory_has_a_limit() -> None:
    with pytest.raises(ToolFailed, match="MemoryError"):
        run_tool([sys.executable, "-c", "bytearray(8 << 30)"], seconds=30)


def test_output_has_a_limit() -> None:
    with pytest.raises(ToolFailed):
        run_tool(["sh", "-c", "yes | head -c 200000000"], seconds=30)


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(ToolFailed, match="no-such-tool ended with 127"):
        run_tool(["no-such-tool"], seconds=10)
