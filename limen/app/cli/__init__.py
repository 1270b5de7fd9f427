"""The `limen` command. One file per group of commands; heavy imports wait until a command needs them."""

from __future__ import annotations

import sys

from limen.app.cli.root import app
from limen.app.cli.terminal import escape_what_cannot_be_shown
from limen.domain.errors import LimenError

__all__ = ["main"]


def main() -> None:
    """Run the command line. Exit codes: 0 fine, 1 the work failed (the message says what to do), 2 wrong usage.

    130 is Ctrl-C.
    """
    escape_what_cannot_be_shown(sys.stdout)
    try:
        app()
    except LimenError as error:
        sys.stderr.write(f"limen: {error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        # Before the command had begun: typer sees to those that come later.
        sys.exit(130)
    except BrokenPipeError:
        # The reader (`| head`) has gone; Python would complain again when it flushes at exit.
        sys.stderr.close()
        sys.exit(1)
