from __future__ import annotations

import pypdfium2
import pytest

from limen.app.demo.pdf import Line, chinese_pdf


def texts(data: bytes) -> list[list[str]]:
    with pypdfium2.PdfDocument(data) as document:
        return [page.get_textpage().get_text_bounded().split("\r\n") for page in document]


def test_every_line_is_read_back() -> None:
    lines = ["第一条 能量密度≥230Wh/kg，循环寿命≥1500次。", "10%～15%，25℃±2℃", "plain (ASCII) \\ letters"]
    [page] = texts(chinese_pdf([Line(text=line) for line in lines]))
    assert [line.strip() for line in page] == [*lines, "— 1 —"]


def test_long_texts_take_more_pages() -> None:
    pages = texts(chinese_pdf([Line(text=f"第{number}条 限值≥{number}mg/L") for number in range(100)]))
    assert len(pages) == 3
    assert [line for page in pages for line in page[:-1]] == [
        f"第{number}条 限值≥{number}mg/L" for number in range(100)
    ]
    assert [page[-1] for page in pages] == ["— 1 —", "— 2 —", "— 3 —"]


@pytest.mark.parametrize("text", ["长" * 60, "😀"])
def test_what_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        chinese_pdf([Line(text=text)])
