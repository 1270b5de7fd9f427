"""The facts a document states about itself, through the whole extractor."""

from __future__ import annotations

from datetime import date

from limen.domain.document import Stage
from limen.domain.entity import EntityLabel
from limen.nlp.extraction import Extractor


def test_an_english_draft() -> None:
    text = (
        "[Docket No. OPW-2027-0007]\n\nThe Mine Safety and Health Administration proposes that dust in coal mines be no "
        "more than 1.2 mg/m³. Comments must be received by May 3, 2027. The rule would take effect on 1 January 2028."
    )
    reading = Extractor().read(text, language="en", title="Proposed rule: coal dust")
    assert reading.stage is Stage.DRAFT
    assert reading.comment_deadline == date(2027, 5, 3)
    assert reading.effective_on == date(2028, 1, 1)
    assert reading.references == ("Docket OPW-2027-0007",)
    assert ("US-MSHA", EntityLabel.REGULATOR) in {(entity.canonical, entity.label) for entity in reading.entities}
    for entity in reading.entities:
        entity.evidence.check(text)


def test_a_chinese_final_text() -> None:
    text = (
        "工业和信息化部公告\n\n2027年第5号\n\n现将《石墨行业规范条件（2027年本）》予以公告，"
        "自2027年7月1日起施行。石墨回收率不低于85%。"
    )
    reading = Extractor().read(text, language="zh", title="工业和信息化部公告2027年第5号")
    assert reading.stage is Stage.FINAL
    assert reading.comment_deadline is None
    assert reading.effective_on == date(2027, 7, 1)
    assert reading.references == ("公告2027年第5号",)
    assert {"MIIT", "CN-GRAPHITE-CONDITIONS"} <= {entity.canonical for entity in reading.entities}


def test_a_lone_surrogate_is_no_obstacle() -> None:
    text = "\ud800 Dust in Chile must not exceed 2 mg/m³."
    assert [entity.evidence.quote for entity in Extractor().read(text, language="en").entities] == ["Chile"]
