"""What a pattern of a source's TOML finds in a text."""

from __future__ import annotations

import re


def first_group(pattern: str, text: str) -> str | None:
    """Return the first group of what matches first, or all of it where the pattern has no groups.

    None where nothing matches, or only by a branch of the pattern that has no part in the group.
    """
    match = re.search(pattern, text)
    if match is None:
        return None
    found: str | None = match[1] if match.re.groups else match[0]
    return found
