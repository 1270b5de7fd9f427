"""A PDF of Chinese lines, in as little of the format (ISO 32000-1) as readers need to find the text again."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 595, 842, 72
LEADING = 1.8

# In the character collection Adobe-GB1 the glyphs 1 to 95 are the proportional ASCII letters.
_FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
    "/DescendantFonts [4 0 R] /ToUnicode 6 0 R >>"
)
_GLYPHS = (
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> "
    "/DW 1000 /W [1 95 500] /FontDescriptor 5 0 R >>"
)
_DESCRIPTOR = (
    "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
    "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of text and its size in points."""

    text: str
    size: float = 11


def chinese_pdf(lines: Sequence[Line]) -> bytes:
    """Return a PDF with numbered A4 pages; the same lines always give the same bytes. No font is embedded.

    Raises:
        ValueError: a line is too wide for the page, or holds a letter beyond the basic plane of Unicode.
    """
    for line in lines:
        if _width(line) > WIDTH - 2 * MARGIN or any(ord(letter) > 0xFFFF for letter in line.text):
            raise ValueError(f"the line {line.text!r} does not fit: make it shorter, without letters above U+FFFF")
    pages = _pages(lines)
    used = sorted({letter for page in pages for line, _ in page for letter in line.text})
    numbers = [7 + 2 * index for index in range(len(pages))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        _FONT,
        _GLYPHS,
        _DESCRIPTOR,
        _stream(_to_unicode(used)),
    ]
    for number, page in zip(numbers, pages, strict=True):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {number + 1} 0 R >>"
        )
        objects.append(_stream("\n".join(_shown(line, height) for line, height in page)))
    return _file(objects)


def _pages(lines: Sequence[Line]) -> list[list[tuple[Line, float]]]:
    """Return the lines of each page with their heights above its foot, the page number among them."""
    pages: list[list[tuple[Line, float]]] = []
    height: float = 0
    for line in lines:
        height -= line.size * LEADING
        if not pages or height < MARGIN:
            pages.append([(Line(text=f"— {len(pages) + 1} —", size=9), MARGIN / 2)])
            height = HEIGHT - MARGIN - line.size
        pages[-1].append((line, height))
    return [[*page[1:], page[0]] for page in pages]


def _width(line: Line) -> float:
    return sum(line.size * (0.5 if unicodedata.east_asian_width(letter) in {"Na", "N"} else 1) for letter in line.text)


def _shown(line: Line, height: float) -> str:
    left = (WIDTH - _width(line)) / 2 if height < MARGIN else MARGIN
    return f"BT /F1 {line.size:g} Tf {left:g} {height:g} Td <{line.text.encode('utf-16-be').hex()}> Tj ET"


def _to_unicode(letters: Sequence[str]) -> str:
    """The encoding's codes are Unicode already; a reader without Adobe's tables learns it here."""
    blocks = [letters[start : start + 100] for start in range(0, len(letters), 100)]
    rows = "\n".join(
        f"{len(block)} beginbfchar\n"
        + "\n".join(f"<{ord(letter):04x}> <{ord(letter):04x}>" for letter in block)
        + "\nendbfchar"
        for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Limen-UCS2 def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n{rows}\nendcmap\nend\nend"
    )


def _stream(content: str) -> str:
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"


def _file(objects: Sequence[str]) -> bytes:
    out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("ascii")
    start = len(out)
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    out += (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ).encode("ascii")
    return bytes(out)
