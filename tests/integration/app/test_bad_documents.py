"""Documents that cannot be read, beside some that can: an issue with its place for the first, no trace on the second."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest

from limen.app.assembly import ExtractionJob, extract
from limen.app.demo.rule_text import docx_bytes, pdf_bytes
from limen.app.report import PassSummary, Silent
from limen.app.stages import compare as compare_stage
from limen.app.stages import extract as extract_stage
from limen.app.stages import read as read_stage
from limen.app.workers import Workers, WorkFailed
from limen.domain.document import Reading
from limen.domain.issue import Issue, IssueKind
from limen.store.repositories import documents

from .hostile import hostile_assemble
from .workspace import RULE, SITE, SOURCE, Opened, Workspace, rule_page

PAGE = f"{SITE}/rule.html"
GOOD = f"{SITE}/good.html"
FILE = f"{SITE}/annex.docx"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ANNEX = "# Annex\n\nCells shall reach a cycle life of at least 1200 cycles.\n"


def the_issue(opened: Opened) -> Issue:
    assert len(opened.issues) == 1, [issue.message for issue in opened.issues]
    return opened.issues[0]


def zip_bomb() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "word/document.xml"):
            archive.writestr(name, b" " * (150 * 2**20))
    return packed.getvalue()


def truncated_pdf() -> bytes:
    whole = pdf_bytes("# 附件\n单体电池能量密度不低于160Wh/kg。\n")
    return whole[: len(whole) // 3]


@pytest.mark.parametrize(
    ("make", "media_type", "said"),
    [
        pytest.param(truncated_pdf, "application/pdf", "damaged or cut off", id="truncated PDF"),
        pytest.param(zip_bomb, DOCX, "zip bomb", id="zip bomb", marks=pytest.mark.slow),
        pytest.param(lambda: docx_bytes(ANNEX)[:2000], DOCX, "damaged", id="truncated DOCX"),
        pytest.param(lambda: b"\x00\x01\x02" * 500, "application/octet-stream", "", id="no format at all"),
    ],
)
def test_a_broken_attachment_is_an_issue_and_its_page_is_read(
    workspace: Workspace, make: Callable[[], bytes], media_type: str, said: str
) -> None:
    with workspace.open() as opened:
        opened.keep(PAGE, rule_page(160), attachments=[(FILE, "Annex 1")])
        opened.keep(FILE, make(), media_type=media_type, page_url=PAGE)
        summary = opened.run()
        issue = the_issue(opened)
        assert (issue.kind, issue.url, issue.source_id) == (IssueKind.UNREADABLE, FILE, SOURCE)
        assert said in issue.message
        assert summary.sources[SOURCE].issues == 1
        assert "160 Wh/kg" in opened.text_of(PAGE)
        # It is over and done: the next pass has nothing to do, and the issue is not counted again.
        assert opened.run().sources == {}


def test_an_attachment_is_read_as_part_of_its_page(workspace: Workspace) -> None:
    with workspace.open() as opened:
        opened.keep(PAGE, rule_page(160), attachments=[(FILE, "Annex 1")])
        opened.keep(FILE, docx_bytes(ANNEX), media_type=DOCX, page_url=PAGE)
        opened.run()
        assert opened.issues == ()
        assert "# Annex 1" in opened.text_of(PAGE)
        assert "1200 cycles" in opened.text_of(PAGE)
        assert [each.requirements for each in opened.documents] == [2]


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        pytest.param(b"\x7fELF" + bytes(500), "text/html", id="a program"),
        pytest.param(b"   \n", "text/html", id="nothing"),
        pytest.param(truncated_pdf(), "application/pdf", id="half a PDF"),
    ],
)
def test_an_unreadable_page_holds_up_no_other(workspace: Workspace, body: bytes, media_type: str) -> None:
    with workspace.open() as opened:
        opened.keep(PAGE, body, media_type=media_type)
        opened.keep(GOOD, rule_page(160))
        opened.run()
        issue = the_issue(opened)
        assert (issue.kind, issue.url) == (IssueKind.UNREADABLE, PAGE)
        assert PAGE in issue.message
        assert [each.url for each in opened.documents] == [GOOD]
        assert opened.run().sources == {}
        # The page is mended on the site, and is a document like any other from then on.
        opened.keep(PAGE, rule_page(170))
        opened.run()
        assert {each.url for each in opened.documents} == {GOOD, PAGE}


CHINESE = RULE.format(
    lang="zh",
    title="锂离子电池行业规范条件（征求意见稿）",
    text="为加强锂离子电池行业管理，引导产业转型升级和结构调整，制定本规范条件。储能型单体电池能量密度不低于155Wh/kg。"
    * 2,
    links="",
).replace("<head>", '<head><meta charset="gb2312">')


@pytest.mark.parametrize("media_type", ["text/html; charset=utf-8", "text/html; charset=nonsense", "text/html"])
def test_a_page_in_another_encoding_than_declared_is_read_right(workspace: Workspace, media_type: str) -> None:
    with workspace.open() as opened:
        opened.keep(PAGE, CHINESE.encode("gb18030"), media_type=media_type)
        opened.run()
        assert opened.issues == ()
        assert "能量密度不低于155Wh/kg" in opened.text_of(PAGE)
        assert opened.documents[0].language == "zh"


def test_a_few_bytes_of_no_encoding_cost_only_themselves(workspace: Workspace) -> None:
    body = rule_page(160).replace(b"lithium", b"lith\xff\xfe\x80\x81ium")
    with workspace.open() as opened:
        opened.keep(PAGE, body)
        opened.run()
        assert "open for comment. Energy storage cells" in opened.text_of(PAGE)
        assert [each.requirements for each in opened.documents] == [1]


GERMAN = RULE.format(
    lang="de",
    title="Verordnung über Batterien",
    text="Die Hersteller müssen sicherstellen, dass die Energiedichte der Zellen mindestens 160 Wh/kg beträgt. "
    "Die zuständige Behörde kann auf Antrag Ausnahmen von dieser Pflicht zulassen, soweit dies erforderlich ist.",
    links="",
).encode()


def test_a_language_without_a_pipeline_is_said_once_and_the_text_is_kept(workspace: Workspace) -> None:
    with workspace.open() as opened:
        opened.keep(PAGE, GERMAN)
        opened.keep(GOOD, rule_page(160))
        opened.run()
        issue = the_issue(opened)
        assert (issue.kind, issue.url) == (IssueKind.UNSUPPORTED_LANGUAGE, PAGE)
        assert "German" in issue.message
        assert "mindestens 160 Wh/kg" in opened.text_of(PAGE)
        assert {each.url: each.requirements for each in opened.documents} == {PAGE: 0, GOOD: 1}
        assert opened.run().sources == {}


def test_an_upgrade_of_the_extractor_is_not_stopped_by_an_old_text_it_cannot_read(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workspace.open() as opened:
        opened.keep(PAGE, GERMAN, ago=timedelta(hours=1))
        opened.keep(GOOD, rule_page(160), ago=timedelta(hours=1))
        opened.run()
        for stage in (compare_stage, extract_stage):
            monkeypatch.setattr(stage, "EXTRACTOR_VERSION", "the next one")
        opened.keep(PAGE, GERMAN.replace(b"160", b"170"))
        opened.keep(GOOD, rule_page(170))
        opened.run()
        assert {side.url for change in opened.changes for side in (change.old, change.new)} == {GOOD}
        assert {issue.url for issue in opened.issues} == {PAGE}
        assert opened.run().sources == {}


def test_a_text_that_the_extractor_fails_on_is_tried_a_few_times_and_stays_an_issue(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def fails(job: ExtractionJob) -> Reading:
        if "200 Wh/kg" not in job.text:
            return extract(job)
        tried.append(job)
        raise WorkFailed("reading took more than 4 s")

    monkeypatch.setattr(extract_stage, "extract", fails)
    with workspace.open() as opened:
        opened.keep(PAGE, rule_page(200))
        opened.keep(GOOD, rule_page(160))
        for _ in range(documents.MOST_TRIES + 2):
            opened.run()
        assert len(tried) == documents.MOST_TRIES
        issue = the_issue(opened)
        assert (issue.kind, issue.url) == (IssueKind.UNREADABLE, PAGE)
        assert {each.url: each.requirements for each in opened.documents} == {PAGE: None, GOOD: 1}
        monkeypatch.setattr(extract_stage, "EXTRACTOR_VERSION", "the next one")
        opened.run()
        assert len(tried) == documents.MOST_TRIES + 1
        # other bytes are another text
        opened.keep(PAGE, rule_page(210))
        opened.run()
        assert {each.url: each.requirements for each in opened.documents} == {PAGE: 1, GOOD: 1}


def test_a_page_waits_for_its_attachment_and_is_read_with_it(workspace: Workspace) -> None:
    with workspace.open() as opened:
        opened.keep(PAGE, rule_page(160), attachments=[(FILE, "Annex 1")])
        opened.keep(GOOD, rule_page(170))
        opened.run()
        assert [each.url for each in opened.documents] == [GOOD]
        assert opened.issues == ()
        opened.keep(FILE, docx_bytes(ANNEX), media_type=DOCX, page_url=PAGE)
        opened.run()
        assert "1200 cycles" in opened.text_of(PAGE)


def test_a_page_whose_attachment_never_arrives_is_read_without_it_in_the_end(workspace: Workspace) -> None:
    with workspace.open() as opened:
        opened.keep(PAGE, rule_page(160), attachments=[(FILE, "Annex 1")], ago=timedelta(hours=23))
        opened.run()
        assert opened.documents == ()
    with workspace.open() as opened:
        # an hour later, and nothing new was fetched
        later = opened.application.clock() + timedelta(hours=2)
        with workspace.open(clock=lambda: later) as waited:
            waited.run()
            issue = the_issue(waited)
            assert (issue.kind, issue.url) == (IssueKind.FETCH_FAILED, FILE)
            assert PAGE in issue.message
            assert "160 Wh/kg" in waited.text_of(PAGE)


def test_many_waiting_pages_hide_none_that_can_be_read(workspace: Workspace) -> None:
    with workspace.open() as opened:
        for number in range(read_stage.BATCH + 5):
            opened.keep(f"{SITE}/{number}.html", rule_page(160 + number), attachments=[(f"{SITE}/{number}.pdf", "x")])
        opened.keep(GOOD, rule_page(160))
        opened.run()
        assert [each.url for each in opened.documents] == [GOOD]


def test_lost_bytes_hold_up_no_other_page_and_come_back_with_the_next_crawl(workspace: Workspace) -> None:
    with workspace.open() as opened:
        opened.keep(PAGE, rule_page(160))
        opened.keep(GOOD, rule_page(170))
        for blob in workspace.data.joinpath("blobs").rglob("*.zst"):
            if b"160 Wh/kg" in opened.application.blobs.get(blob.stem):
                blob.unlink()
        opened.run()
        assert [each.url for each in opened.documents] == [GOOD]
        issue = the_issue(opened)
        assert (issue.kind, issue.url, issue.source_id) == (IssueKind.UNREADABLE, PAGE, SOURCE)
        assert "crawl its source again" in issue.message
        opened.keep(PAGE, rule_page(160))
        opened.run()
        assert {each.url for each in opened.documents} == {GOOD, PAGE}


@pytest.mark.slow
@pytest.mark.parametrize(("word", "said"), [("HANG", "took more than 4 s"), ("KILL", "killed the process")])
def test_a_page_that_hangs_or_kills_its_reader_costs_only_itself(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, word: str, said: str
) -> None:
    monkeypatch.setattr(read_stage, "assemble", hostile_assemble)
    with Workers(count=1, timeout=4) as workers, workspace.open(workers=workers) as opened:
        for number in range(2):
            opened.keep(f"{SITE}/{number}.html", rule_page(160 + number))
        opened.keep(PAGE, rule_page(200).replace(b"comments", word.encode()))
        for number in range(2, 6):
            opened.keep(f"{SITE}/{number}.html", rule_page(160 + number))
        summary = PassSummary()
        read_stage.read(opened.application, summary=summary, reporter=Silent())
        issue = the_issue(opened)
        assert (issue.kind, issue.url) == (IssueKind.UNREADABLE, PAGE)
        assert said in issue.message
        assert {each.url for each in opened.documents} == {f"{SITE}/{number}.html" for number in range(6)}
        assert summary.sources[SOURCE].versions == 6
