"""How far a workbook's sheets reach, told before they are opened: the reader makes room for every cell in between."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from limen.nlp.errors import Unreadable

MAX_CELLS = 4_000_000

# The place of a row or cell: r="12" or r="BC12".
_PLACE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{0,3})(\d{1,9})\s*["']""")


def check_extent(body: bytes, *, name: str) -> None:
    """Return if no sheet of an .xlsx spans more than `MAX_CELLS` cells from its first to its last.

    Raises:
        Unreadable: a sheet spans more: two cells at opposite corners would fill the memory.
    """
    with zipfile.ZipFile(BytesIO(body)) as archive:
        for member in archive.namelist():
            content = archive.read(member)
            if b"sheetData" in content and _cells(content) > MAX_CELLS:
                raise Unreadable(
                    name,
                    f"a sheet spans more than {MAX_CELLS:,} cells ({member})",
                    "delete the empty rows and columns, or save the part that matters",
                )


def _cells(content: bytes) -> int:
    rows, columns = {0}, {0}
    for letters, digits in _PLACE.findall(content):
        rows.add(int(digits))
        columns.add(_column(letters))
    return max(rows) * max(columns)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
