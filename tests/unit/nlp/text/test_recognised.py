"""Pages that are pictures, through tesseract."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image

from limen.domain.issue import IssueKind, Severity
from limen.nlp.errors import Unreadable
from limen.nlp.text import ocr
from limen.nlp.text.ocr import Recognised, Recogniser
from limen.nlp.text.reader import read_page
from limen.nlp.text.tools import ToolFailed
from tests.unit.nlp.text.pdf_writer import Run, Scan, write_pdf
from tests.unit.nlp.text.samples import tsv


def needs_tesseract(test: Callable[..., None]) -> Callable[..., None]:
    """Skip a test, loudly, on a machine without tesseract."""
    absent = shutil.which("tesseract") is None
    pytest.mark.skipif(absent, reason="tesseract is not installed on this machine")(test)
    pytest.mark.slow(test)
    return test


_WORDS = [
    Run("The operator of a mine shall keep the concentration of its arsenic below", 60, 700, 12),
    Run("0.10 mg/L in every month and the dust below 30 mg per cubic metre.", 60, 684, 12),
]


def _scan(runs: list[Run]) -> Scan:
    """Return a printed page as a scanner sees it."""
    document = pypdfium2.PdfDocument(write_pdf([runs]))
    pixels = document[0].render(scale=200 / 72, grayscale=True).to_numpy()
    document.close()
    return Scan(pixels.shape[1], pixels.shape[0], pixels.tobytes())


@needs_tesseract
def test_a_scan_is_read_and_marked_in_text_and_issues() -> None:
    body = write_pdf([[]], image_pages=[0], scan=_scan(_WORDS))
    page = read_page(body, name="scan.pdf")
    assert page.text == (
        "[OCR]\n\nThe operator of a mine shall keep the concentration of its arsenic below 0.10 mg/L in every month and the dust "
        "below 30 mg per cubic metre.\n\n[/OCR]"
    )
    [issue] = page.issues
    assert (issue.kind, issue.severity) == (IssueKind.RECOGNISED, Severity.INFO)
    assert issue.message == "scan.pdf: pages 1 are pictures; their text was recognised by tesseract"


@needs_tesseract
def test_only_the_pages_that_are_pictures_are_marked() -> None:
    typed = [Run("Article 1. This notice is in force.", 60, 700)]
    page = read_page(write_pdf([typed, [], typed], image_pages=[1], scan=_scan(_WORDS)), name="scan.pdf")
    assert page.text.startswith("Article 1. This notice is in force.\n\n[OCR]\n\nThe operator")
    assert page.text.endswith("metre.\n\n[/OCR]\n\nArticle 1. This notice is in force.")


@needs_tesseract
def test_a_picture_without_text_is_an_issue() -> None:
    with pytest.raises(Unreadable, match="no legible text"):
        read_page(write_pdf([[]], image_pages=[0]), name="scan.pdf")


@needs_tesseract
def test_an_image_file_is_read_too() -> None:
    scan = _scan(_WORDS)
    out = BytesIO()
    Image.frombytes("L", (scan.width, scan.height), scan.pixels).save(out, "PNG")
    page = read_page(out.getvalue(), name="notice.png")
    assert page.text.startswith("[OCR]\n\nThe operator of a mine")
    assert "0.10 mg/L" in page.text
    assert [issue.kind for issue in page.issues] == [IssueKind.RECOGNISED]


def test_without_tesseract_the_issue_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_tool", lambda _: None)
    body = write_pdf([[]], image_pages=[0])
    with pytest.raises(
        Unreadable, match=r"scan\.pdf: .*no text layer.*apt-get install tesseract-ocr tesseract-ocr-chi-sim"
    ):
        read_page(body, name="scan.pdf")
    page = read_page(write_pdf([_WORDS, []], image_pages=[1]), name="scan.pdf")
    [issue] = page.issues
    assert "pages 2 are images without text; install tesseract" in issue.message


def test_numbers_in_doubt_are_an_issue(monkeypatch: pytest.MonkeyPatch) -> None:
    _answer(monkeypatch, "16S 91 5\n0.10 62 5\nmg 30 5")
    page = read_page(write_pdf([[]], image_pages=[0]), name="scan.pdf")
    doubt = [issue.message for issue in page.issues if issue.kind is IssueKind.AMBIGUOUS]
    assert doubt == [
        "scan.pdf: tesseract is not certain of these numbers, whose digits stand as \ufffd in the text: 0.10; look at the page",
    ]
    assert page.text == "[OCR]\n\n16S \ufffd.\ufffd\ufffd mg\n\n[/OCR]"


def test_a_tesseract_that_fails_leaves_the_rest_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> bytes:
        raise ToolFailed("tesseract took longer than 40 seconds")

    _answer(monkeypatch, "")
    monkeypatch.setattr(ocr, "run_tool", fail)
    page = read_page(write_pdf([_WORDS, [], []], image_pages=[1, 2]), name="scan.pdf")
    assert page.text.startswith("The operator")
    [issue] = page.issues
    assert "pages 2, 3 are images without text; tesseract took longer than 40 seconds; run it" in issue.message


def test_the_time_of_a_document_is_bounded() -> None:
    with pytest.raises(ToolFailed, match="longer than"):
        Recogniser("tesseract", ("eng",), _end=0.0).read(b"", page=0, height=842, dpi=200)


def test_a_recogniser_keeps_to_the_language_of_the_first_page(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(command: list[str], **_: object) -> bytes:
        asked.append(command[4])
        return tsv("limit 95 5" if "eng" in command else "1imit 40 5")

    monkeypatch.setattr(ocr, "run_tool", answer)
    reader = Recogniser("tesseract", ("chi_sim", "eng"))
    for page in range(2):
        assert reader.read(b"", page=page, height=842, dpi=200).confidence == 95
    assert asked == ["chi_sim", "eng", "eng"]


def test_chinese_words_stand_without_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "run_tool", lambda *_, **__: tsv("不 90 5\n低于 90 5\n165 90 2\nWh/kg 90 5"))
    found: Recognised = Recogniser("tesseract", ("chi_sim",)).read(b"", page=0, height=842, dpi=72)
    assert [line.text for line in found.lines] == ["不低于165 Wh/kg"]


def _answer(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setattr(ocr, "find_tool", lambda _: "tesseract")
    monkeypatch.setattr(ocr, "_installed", lambda _: ("eng",))
    monkeypatch.setattr(ocr, "run_tool", lambda *_, **__: tsv(words))
