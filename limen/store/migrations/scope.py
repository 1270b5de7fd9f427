"""Which tables Alembic compares with the metadata."""

from __future__ import annotations

from alembic.runtime.environment import NameFilterParentNames, NameFilterType

FULL_TEXT = ("version_index", "requirement_index")


def is_mapped(name: str | None, kind: NameFilterType, parents: NameFilterParentNames) -> bool:  # noqa: ARG001
    """Tell whether a table belongs to the metadata: the full-text tables and their shadows do not."""
    return kind != "table" or name is None or not name.startswith(FULL_TEXT)
