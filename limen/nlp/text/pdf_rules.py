"""The straight lines that a PDF page draws."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from limen.nlp.text.ruled import Rule, rules_of

_MAX_OBJECTS = 20_000
_MAX_POINTS = 60_000
_STRAIGHT = 1.0

_Matrix = tuple[float, float, float, float, float, float]
_Point = tuple[float, float]


def page_rules(sheet: Any) -> list[Rule]:
    """Return the horizontal and vertical lines of a page, rectangles as their sides; none for a page that is a drawing."""
    rules: list[Rule] = []
    points = 0
    for number, drawn in enumerate(sheet.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=4)):
        if number > _MAX_OBJECTS or points > _MAX_POINTS:
            return []
        for stroke in _strokes(drawn):
            points += len(stroke)
            rules += _rules(stroke)
    return rules


def _rules(stroke: list[_Point]) -> Iterator[Rule]:
    xs, ys = [x for x, _ in stroke], [y for _, y in stroke]
    if len(stroke) in {4, 5} and {*xs} <= {min(xs), max(xs)} and {*ys} <= {min(ys), max(ys)}:
        yield from rules_of(min(xs), min(ys), max(xs), max(ys))
        return
    for (x0, y0), (x1, y1) in pairwise(stroke):
        if abs(x1 - x0) < _STRAIGHT or abs(y1 - y0) < _STRAIGHT:
            yield from rules_of(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _strokes(drawn: Any) -> Iterator[list[_Point]]:
    """Yield the points of each part of a path that is drawn without lifting the pen, where the page shows them."""
    matrix = _matrix(drawn)
    x, y = ctypes.c_float(), ctypes.c_float()
    stroke: list[_Point] = []
    for index in range(pdfium.FPDFPath_CountSegments(drawn)):
        segment = pdfium.FPDFPath_GetPathSegment(drawn, index)
        if not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind != pdfium.FPDF_SEGMENT_LINETO:
            yield stroke
            stroke = []
        if kind != pdfium.FPDF_SEGMENT_BEZIERTO:
            stroke.append(_placed(matrix, x.value, y.value))
        if stroke and pdfium.FPDFPathSegment_GetClose(segment):
            stroke.append(stroke[0])
    yield stroke


def _matrix(drawn: Any) -> _Matrix:
    """Return where on the page the coordinates of an object lie, through all forms it stands in."""
    a, b, c, d, e, f = drawn.get_matrix().get()
    if drawn.container is None:
        return a, b, c, d, e, f
    outer = _matrix(drawn.container)
    (px, py), (qx, qy), (ox, oy) = (_placed(outer, *point) for point in ((a + e, b + f), (c + e, d + f), (e, f)))
    return px - ox, py - oy, qx - ox, qy - oy, ox, oy


def _placed(matrix: _Matrix, x: float, y: float) -> _Point:
    a, b, c, d, e, f = matrix
    # Rounded, for the corners of a rectangle must not differ by what a float loses.
    return round(a * x + c * y + e, 2), round(b * x + d * y + f, 2)
