"""A writer of small PDFs: pages of text runs at given places, enough to try the reader on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """A text at a place; `font` is F1 (Helvetica, Latin text) or F2 (a Chinese font that is not embedded).

    `actual` is the text that the file says the run stands for, if it says so.
    """

    text: str
    x: float
    y: float
    size: float = 11.0
    font: str = "F1"
    actual: str | None = None


@dataclass(frozen=True)
class Stroke:
    """A straight line from one point to another."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class Scan:
    """A grey picture, eight bits a point, that fills a page."""

    width: int
    height: int
    pixels: bytes


GREY = Scan(1, 1, b"\x80")


def ruled(
    cells: Sequence[Sequence[str]], *, x: float = 60, y: float = 700, width: float = 120, height: float = 30
) -> list[Run | Stroke]:
    """Return a table with a line around each cell, which begins at its upper left corner; `|` breaks a line in a cell."""
    rows, columns = len(cells), max(map(len, cells))
    drawn: list[Run | Stroke] = [
        *(Stroke(x, y - height * row, x + width * columns, y - height * row) for row in range(rows + 1)),
        *(Stroke(x + width * column, y, x + width * column, y - height * rows) for column in range(columns + 1)),
    ]
    for row, texts in enumerate(cells):
        for column, text in enumerate(texts):
            drawn += [
                Run(line, x + width * column + 4, y - height * row - 11 * number - 11, 9)
                for number, line in enumerate(text.split("|"))
                if line
            ]
    return drawn


def write_pdf(
    pages: Sequence[Sequence[Run | Stroke]],
    *,
    title: str | None = None,
    image_pages: Sequence[int] = (),
    scan: Scan = GREY,
) -> bytes:
    """Return a PDF of A4 pages. The pages in `image_pages` (from 0) show `scan` besides."""
    objects: list[bytes] = []

    def add(body: str | bytes) -> int:
        objects.append(body.encode("latin-1") if isinstance(body, str) else body)
        return len(objects)

    catalog, tree = add(b""), add(b"")
    latin = add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    descriptor = add(
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 800"
        " /Descent -200 /CapHeight 700 /StemV 80 >>"
    )
    descendant = add(
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1)"
        f" /Supplement 2 >> /FontDescriptor {descriptor} 0 R /DW 1000 /W [1 [500] 2 95 500] >>"
    )
    chinese = add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [{descendant} 0 R] >>"
    )
    image = add(
        _stream(
            scan.pixels,
            f"/Type /XObject /Subtype /Image /Width {scan.width} /Height {scan.height} /ColorSpace /DeviceGray"
            " /BitsPerComponent 8",
        )
    )
    kids = []
    for number, runs in enumerate(pages):
        drawing = "".join(map(_show, runs)) + ("q 595 0 0 842 0 0 cm /Im1 Do Q\n" if number in image_pages else "")
        content = add(_stream(drawing.encode("latin-1")))
        kids.append(
            add(
                f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R /Resources << /Font"
                f" << /F1 {latin} 0 R /F2 {chinese} 0 R >> /XObject << /Im1 {image} 0 R >> >> >>"
            )
        )
    info = add(f"<< /Title ({title or ''}) >>")
    objects[catalog - 1] = f"<< /Type /Catalog /Pages {tree} 0 R >>".encode()
    objects[tree - 1] = (
        f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>".encode()
    )
    return _assemble(objects, root=catalog, info=info)


def _show(run: Run | Stroke) -> str:
    if isinstance(run, Stroke):
        return f"0.5 w {run.x0} {run.y0} m {run.x1} {run.y1} l S\n"
    if run.font == "F2":
        text = f"<{run.text.encode('utf-16-be').hex()}>"
    else:
        text = "(" + run.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") + ")"
        text = text.encode("cp1252").decode("latin-1")
    shown = f"BT /{run.font} {run.size} Tf 1 0 0 1 {run.x} {run.y} Tm {text} Tj ET\n"
    return shown if run.actual is None else f"/Span <</ActualText ({run.actual})>> BDC\n{shown}EMC\n"


def _stream(data: bytes, entries: str = "") -> bytes:
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _assemble(objects: Sequence[bytes], *, root: int, info: int) -> bytes:
    out = bytearray(b"%PDF-1.5\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer << /Size {len(objects) + 1} /Root {root} 0 R /Info {info} 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
