"""What the parts of one run of a source share."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from limen.crawler.budget import Budget
from limen.crawler.frontier import Frontier
from limen.crawler.recorder import Recorder
from limen.crawler.source_spec import SourceSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRun:
    """A source, the places that a run of it keeps its state in, and `moved`, which is set whenever an answer has come."""

    spec: SourceSpec
    recorder: Recorder
    frontier: Frontier
    budget: Budget
    moved: asyncio.Event
