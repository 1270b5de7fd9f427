from __future__ import annotations

import pytest

from limen.nlp.text.grid import GridCell, lay_out
from limen.nlp.text.markdown import Block, has_marker, heading, is_marker, item, one_line, paragraph, render, table


def test_tables_are_padded_escaped_and_without_empty_rows_and_columns() -> None:
    made = table([["a", "", "b|c"], ["", "", ""], ["1\n2"]])
    assert made is not None
    assert made.text.splitlines() == ["| a | b\\|c |", "| --- | --- |", "| 1 2 |  |"]


def test_a_table_without_text_is_none() -> None:
    assert table([["", " "], []]) is None


def test_blocks_stand_apart_and_items_together() -> None:
    blocks = [
        heading("A\nb", 9),
        paragraph(" one \n\n two "),
        item("x"),
        item("y", marker="2.", depth=1),
        paragraph(""),
        paragraph("end"),
    ]
    assert render(blocks) == "###### A b\n\none\ntwo\n\n- x\n    2. y\n\nend"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("能量\n 密度", "能量密度"),
        ("a\n b", "a b"),
        ("a  \t b", "a b"),
        ("165\n万吨", "165 万吨"),
        ("a\u00a0\u00a0b", "a\u00a0\u00a0b"),
    ],
)
def test_one_line(text: str, shown: str) -> None:
    assert one_line(text) == shown


@pytest.mark.parametrize("text", ["(a) x", "1. x", "（一）x", "• x", "一、x", "③x", "(iv) x", "- x"])
def test_markers(text: str) -> None:
    assert has_marker(text)


@pytest.mark.parametrize("text", ["165 Wh/kg", "1.5 t", "Item 1.", "能量"])
def test_no_markers(text: str) -> None:
    assert not has_marker(text)
    assert not is_marker(text)


def _lines(blocks: list[Block]) -> list[str]:
    return render(blocks).splitlines()


def test_cells_that_hang_over_a_short_row_keep_their_column() -> None:
    rows = [
        [GridCell(text="a"), GridCell(text="b"), GridCell(text="c")],
        [GridCell(text="1"), GridCell(text="2"), GridCell(text="down", row_span=2)],
        [GridCell(text="3")],
    ]
    assert _lines(lay_out(rows))[-1] == "| 3 |  | down |"


def test_a_span_to_the_end_of_the_table() -> None:
    rows = [
        [GridCell(text="a"), GridCell(text="b")],
        [GridCell(text="x", row_span=0), GridCell(text="1")],
        [GridCell(text="2")],
    ]
    assert _lines(lay_out(rows))[2:] == ["| x | 1 |", "| x | 2 |"]


def test_nothing_makes_nothing() -> None:
    assert lay_out([]) == []
    assert lay_out([[GridCell(text="")]]) == []


def test_no_row_or_column_is_ever_cut() -> None:
    wide = _lines(lay_out([[GridCell(text=str(n)) for n in range(300)]]))
    assert "| 299 |" in wide[0]
    high = _lines(
        lay_out([[GridCell(text=str(n)), GridCell(text="x", column_span=200, row_span=9999)] for n in range(3000)])
    )
    assert high[-1].startswith("| 2999 | x |")
