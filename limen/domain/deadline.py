"""Until when: the dates and periods that requirements state as their `by`."""

from __future__ import annotations

import re


def last_day(period: str) -> tuple[int, int, int]:
    """Return year, month and day of the end of an ISO date or period.

    `2027` and `2027-12` end on the last day of December (months are given 31 days), `2027-28` ends with 2028. A period
    without a number ends in the year 0.
    """
    numbers = [int(part) for part in re.findall(r"\d+", period)]
    match numbers:
        case [year]:
            return year, 12, 31
        case [year, second] if second > 12:
            return year - year % 100 + second % 100, 12, 31
        case [year, month]:
            return year, month, 31
        case [year, month, day, *_]:
            return year, month, day
        case _:
            return 0, 0, 0


def same_deadline(
    old: str | None, new: str | None, *, old_text: str | None = None, new_text: str | None = None
) -> bool:
    """Tell whether two requirements are to be met at the same time.

    A period and its last day are one time (2027, 2027-12-31). Where one side has no date but its text prints the
    other's year, the date stands elsewhere in the text (a heading, a lead-in) and the extractor did not tie it to the
    number.
    """
    if old is not None and new is not None:
        shorter, longer = sorted((old, new), key=len)
        return old == new or (longer.startswith(shorter) and last_day(old) == last_day(new) != (0, 0, 0))
    stated, silent = (old, new_text) if new is None else (new, old_text)
    return stated is None or (silent is not None and str(last_day(stated)[0]) in silent)
