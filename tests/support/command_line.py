"""The `limen` command called in this process, as a shell calls it: arguments in, exit code and both outputs out."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from limen.app.cli import main


@dataclass(frozen=True)
class Result:
    """What a call printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


def limen(*arguments: str | Path, stdin: bytes = b"", config: Path | None = None) -> Result:
    """Run `limen [--config CONFIG] ARGUMENTS`. An exception that the command line lets through is raised: a fault."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    words = ["limen", *(["--config", str(config)] if config else []), *map(str, arguments)]
    code: int | str | None = 0
    with (
        patch.object(sys, "argv", words),
        patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode("utf-8"))  # type: ignore[attr-defined]
    return Result(0 if code is None else int(code), *texts)
