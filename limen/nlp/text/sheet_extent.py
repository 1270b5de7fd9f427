"""How far a workbook's sheets reach, told before they are opened: the reader makes room for every cell in between."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from limen.nlp.errors import Unreadable

MAX_CELLS = 4_000_000

# The place of a row or cell: r="12" or r="BC12".
_ODS_TAG = re.compile(rb"<(/?)[\w.-]+:(table-row|table-cell|covered-table-cell)\b([^<>]*?)(/?)>")
_ODS_REPEATED = re.compile(rb"""number-(?:columns|rows)-repeated\s*=\s*["']\s*(\d{1,9})""")
_PLACE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{0,3})(\d{1,9})\s*["']""")


def check_extent(body: bytes, *, name: str) -> None:
    """Return if no sheet of an .xlsx or .ods spans more than `MAX_CELLS` cells from its first to its last.

    Raises:
        Unreadable: a sheet spans more: two cells at opposite corners would fill the memory.
    """
    with zipfile.ZipFile(BytesIO(body)) as archive:
        for member in archive.namelist():
            content = archive.read(member)
            cells = _cells(content) if b"sheetData" in content else 0
            if member == "content.xml":
                cells = _ods_cells(content)
            if cells > MAX_CELLS:
                raise Unreadable(
                    name,
                    f"a sheet spans more than {MAX_CELLS:,} cells ({member})",
                    "delete the empty rows and columns, or save the part that matters",
                )


def _ods_cells(content: bytes) -> int:
    """Return how many cells an OpenDocument sheet unfolds to: it says how often a row or a cell is repeated."""
    total = columns = last = times = 0
    for match in _ODS_TAG.finditer(content):
        closing, name, attributes, empty = match.groups()
        repeated = _ODS_REPEATED.search(attributes)
        count = int(repeated[1]) if repeated else 1
        if name == b"table-row":
            if not closing:
                columns, last, times = 0, 0, count
            total += last * times if closing else 0
        elif not closing:
            columns += count
            # An empty cell that is repeated to the edge of the sheet is usual, and takes no room.
            last = last if empty and b"value" not in attributes else columns
    return total


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
