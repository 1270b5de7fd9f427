"""What a title says of its document, and what a source wants to hear of."""

from __future__ import annotations

import pytest

from limen.crawler.pages.classes import class_of, plain_title
from limen.crawler.source_rules import ClassRule, TitleFilter
from limen.domain.source import DocumentClass

RULES = (
    ClassRule(pattern="征求意见稿|\\bdraft\\b", document_class=DocumentClass.DRAFT),
    ClassRule(pattern="公告", document_class=DocumentClass.FINAL),
)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("锂电池行业规范条件（征求意见稿）", DocumentClass.DRAFT),
        ("关于征求意见稿的公告", DocumentClass.DRAFT),  # the first rule that matches
        ("2026年第4号公告", DocumentClass.FINAL),
        ("《锂电池行业规范条件》答记者问", DocumentClass.COMMENTARY),
        ("一图读懂锂电池行业规范条件", DocumentClass.COMMENTARY),
        ("政策解读：新的排放标准", DocumentClass.COMMENTARY),
        ("Questions and Answers on the Battery Regulation", DocumentClass.COMMENTARY),
        ("Mine opens in spring", None),
        ("", None),
        (None, None),
    ],
)
def test_classes(title: str | None, expected: DocumentClass | None) -> None:
    assert class_of(title, RULES) is expected


def test_a_source_may_know_better_what_an_explanation_is() -> None:
    rules = (ClassRule(pattern="解读", document_class=DocumentClass.NOTICE),)
    assert class_of("标准解读", rules) is DocumentClass.NOTICE


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("【进行中】 关于甲的 公告 [置顶]", "关于甲的 公告"),
        ("【进行中】", None),
        ("关于乙", "关于乙"),
        (None, None),
    ],
)
def test_marks_are_no_part_of_a_title(title: str | None, expected: str | None) -> None:
    assert plain_title(title, TitleFilter(strip=(r"^【[^】]*】", r"\[置顶\]"))) == expected
