"""Hypothesis without a limit of time: a loaded machine is no fault of what is tested."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("limen", deadline=None)
settings.load_profile("limen")
