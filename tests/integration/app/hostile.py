"""A reader that some pages hang or kill, for worker processes to import: no page of real life does so on every machine."""

from __future__ import annotations

import os
import time

from limen.app.assembly import Assembled, AssemblyJob, assemble


def hostile_assemble(job: AssemblyJob) -> Assembled:
    """Read a page, unless it says what else to do."""
    body = job.parts[0].body
    if b"HANG" in body:
        time.sleep(60)
    if b"KILL" in body:
        os._exit(9)
    return assemble(job)
