"""The conditions as a file: DOCX for the drafts, PDF for the final text. The same text always gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from limen.app.demo.pdf import Line, chinese_pdf

_SIZES = {1: 16.0, 2: 13.0}


def docx_bytes(text: str) -> bytes:
    """Return a Word file of the text, its `#` and `##` lines as headings."""
    from docx import Document

    document = Document()
    for level, line in _lines(text):
        if level:
            document.add_heading(line, level)
        else:
            document.add_paragraph(line)
    packed = BytesIO()
    document.save(packed)
    return _without_times(packed.getvalue())


def pdf_bytes(text: str) -> bytes:
    """Return a PDF of the text, its `#` and `##` lines in larger letters."""
    return chinese_pdf([Line(text=line, size=_SIZES.get(level, 11.0)) for level, line in _lines(text)])


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield heading level (0 for a paragraph) and words of every line that has some."""
    for line in filter(None, map(str.strip, text.splitlines())):
        words = line.lstrip("#")
        yield len(line) - len(words), words.strip()


def _without_times(archive: bytes) -> bytes:
    """Return the zip file with its clock times set to the format's first moment."""
    out = BytesIO()
    with ZipFile(BytesIO(archive)) as given, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name in given.namelist():
            made.writestr(ZipInfo(name), given.read(name), compress_type=ZIP_DEFLATED)
    return out.getvalue()
