from __future__ import annotations

import pytest

from limen.domain.document import PageText
from limen.domain.issue import IssueKind
from limen.nlp.errors import Unreadable
from limen.nlp.text import ocr, ofd
from limen.nlp.text.ofd_page import advances
from limen.nlp.text.reader import read_page
from tests.unit.nlp.text.ofd_writer import RESOURCES, Image, Rule, Text, resources, write_ofd
from tests.unit.nlp.text.samples import tsv, zipped


def _read(*pages: list[Text | Rule | Image]) -> PageText:
    return read_page(write_ofd(pages), name="a.ofd")


def _grid(columns: int, rows: int, *, x: float = 30, y: float = 50) -> list[Text | Rule | Image]:
    return [
        *(Rule(x, y + 12 * row, x + 50 * columns, y + 12 * row) for row in range(rows + 1)),
        *(Rule(x + 50 * column, y, x + 50 * column, y + 12 * rows) for column in range(columns + 1)),
    ]


def test_lines_are_joined_to_paragraphs_over_pages_and_page_numbers_go() -> None:
    page = _read(
        [
            Text("第三条 动力型电池单体能量密度应不低于一百六十五瓦时每千克，电池组", 25, 60),
            Text("能量密度不低于120Wh/kg。", 25, 67),
            Text("第四条 研发费用不低于主营业务收入的3%，并且每年应当由有关主管部门", 25, 74),
            Text("— 1 —", 100, 290, 3),
        ],
        [Text("指定的机构核查。", 25, 30), Text("— 2 —", 100, 290, 3)],
    )
    assert page.text.split("\n\n") == [
        "第三条 动力型电池单体能量密度应不低于一百六十五瓦时每千克，电池组能量密度不低于120Wh/kg。",
        "第四条 研发费用不低于主营业务收入的3%，并且每年应当由有关主管部门指定的机构核查。",
    ]


def test_what_is_drawn_first_does_not_come_first() -> None:
    page = _read([Text("不低于165Wh/kg。", 60, 60), Text("第二条", 25, 80), Text("单体电池能量密度", 25, 60)])
    assert page.text.startswith("单体电池能量密度不低于165Wh/kg。")


def test_raised_digits_stay_apart() -> None:
    assert (
        _read([Text("at most 250", 25, 60), Text("9", 47, 58.5, 2.4), Text("mg", 50, 60)]).text == "at most 250 [9] mg"
    )


def test_the_largest_letters_are_the_title_and_what_the_file_states_is_another() -> None:
    drawn = [Text("关于电池的公告", 60, 40, 8), Text("单体电池能量密度不低于165Wh/kg。", 25, 60)]
    assert _read([*drawn]).title == "关于电池的公告"
    assert read_page(write_ofd([drawn[1:]], title="stated"), name="a.ofd").title == "stated"


def test_ruled_tables_keep_wrapped_cells_under_their_heads() -> None:
    pytest.importorskip("pdfplumber")
    page = _read(
        [
            *_grid(2, 2),
            Text("指标", 35, 56),
            Text("限值", 85, 56),
            Text("单体电池能量", 35, 67),
            Text("密度", 35, 72),
            Text("≥165Wh/kg", 85, 69),
        ]
    )
    assert page.text.splitlines() == ["| 指标 | 限值 |", "| --- | --- |", "| 单体电池能量密度 | ≥165Wh/kg |"]


def test_a_template_of_the_page_is_read_too() -> None:
    template = f'<x xmlns:ofd="o">{Text("公告", 25, 24)}</x>'.encode()
    body = write_ofd(
        [[Text("不低于165Wh/kg。", 25, 60), '<ofd:Template TemplateID="77"/>']],
        document='<ofd:TemplatePage ID="77" BaseLoc="Tpls/T.xml"/>',
        extra={"Doc_0/Tpls/T.xml": template},
    )
    assert read_page(body, name="a.ofd").text == "公告\n\n不低于165Wh/kg。"


@pytest.mark.parametrize(
    ("delta", "count", "found"),
    [
        ("3 3 1.5", 9, [3, 3, 1.5]),
        ("g 3 2.5 1", 9, [2.5, 2.5, 2.5, 1]),
        ("g 999999999 2", 4, [2, 2, 2, 2]),
        ("3 x nan", 9, [3]),
        ("g", 9, []),
        (None, 9, []),
    ],
)
def test_distances_between_characters(delta: str | None, count: int, found: list[float]) -> None:
    assert advances(delta, count=count) == found


def test_pictures_attachments_and_missing_pages_are_issues(monkeypatch: pytest.MonkeyPatch) -> None:
    body = write_ofd(
        [[Text("不低于165Wh/kg。", 25, 60)], [Image()]],
        document=f'{RESOURCES}<ofd:Attachments>A.xml</ofd:Attachments><ofd:Page BaseLoc="Pages/none.xml"/>',
        extra={"Doc_0/A.xml": b"<Attachments><Attachment/><Attachment/></Attachments>", **resources(b"x")},
    )
    monkeypatch.setattr(ocr, "find_tool", lambda _: None)
    messages = [issue.message for issue in read_page(body, name="a.ofd").issues]
    assert [message.partition(":")[0] for message in messages] == ["a.ofd"] * 3
    assert "pages 2 are images without text; install tesseract (apt-get" in messages[0]
    assert "1 of its parts are missing or damaged, first Doc_0/Pages/none.xml" in messages[1]
    assert "2 files are attached" in messages[2]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (write_ofd([[Image()]]), "are pictures"),
        (write_ofd([[]]), "no text"),
        (write_ofd([]), "no text"),
        (zipped({"OFD.xml": b"<x>"}), r"no OFD\.xml"),
        (
            zipped(
                {
                    "OFD.xml": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x><DocRoot>&b;</DocRoot></x>',
                }
            ),
            "no text",
        ),
        (zipped({"OFD.xml": b"<x/>", "Doc_0/Res/a": b"\0" * 40_000_000}), "zip bomb"),
        (zipped({"OFD.xml": b"<DocRoot>../../etc/passwd</DocRoot>"}), "no text"),
    ],
)
def test_what_cannot_be_read_says_so(body: bytes, message: str) -> None:
    with pytest.raises(Unreadable, match=rf"a\.ofd: .*{message}"):
        read_page(body, name="a.ofd")


def test_a_scanned_document_is_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []

    def answer(_: object, *, body: bytes = b"", **__: object) -> bytes:
        seen.append(body)
        return tsv("不低于 95 5\n165Wh/kg 95 2")

    monkeypatch.setattr(ocr, "find_tool", lambda _: "tesseract")
    monkeypatch.setattr(ocr, "_installed", lambda _: ("chi_sim",))
    monkeypatch.setattr(ocr, "run_tool", answer)
    page = read_page(write_ofd([[Image()]], document=RESOURCES, extra=resources(b"a picture")), name="a.ofd")
    assert page.text == "[OCR]\n\n不低于165Wh/kg\n\n[/OCR]"
    assert [issue.kind for issue in page.issues] == [IssueKind.RECOGNISED]
    assert seen == [b"a picture"]


def test_a_scanned_document_without_tesseract_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_tool", lambda _: None)
    with pytest.raises(Unreadable, match=r"a\.ofd: .*are pictures; install tesseract"):
        read_page(write_ofd([[Image()]], document=RESOURCES, extra=resources(b"x")), name="a.ofd")


@pytest.mark.parametrize("limit", ["MAX_PAGES", "MAX_CHARACTERS"])
def test_limits(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ofd, limit, 1)
    with pytest.raises(Unreadable, match="more than"):
        _read([Text("不低于165Wh/kg。", 25, 60)], [Text("不低于165Wh/kg。", 25, 60)])
