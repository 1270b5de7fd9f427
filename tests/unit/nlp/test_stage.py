from __future__ import annotations

import pytest

from limen.domain.document import Stage
from limen.nlp.components.stage import DocumentStage, StageCues
from limen.nlp.folding import fold
from limen.nlp.language_data import load_grammar


def stage(code: str, text: str, title: str = "", **facts: bool) -> Stage:
    return DocumentStage(code).find(fold(text), title=fold(title), **facts)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Under the draft, pit walls may not exceed 60 degrees.", ""),
        ("The agency proposed on Monday that dust be kept below 1 mg/m³.", ""),
        ("Walls may not exceed 60 degrees.", "Draft code for open pits"),
        ("Walls may not exceed 60 degrees.", "Proposed guidance on open pits"),
        ("The bill now before parliament would cap the levy at 4 percent.", "Levy"),
        ("If adopted, the levy would rise to 4 percent.", "Levy"),
        ("ACTION: Proposed rule; request for comments.", "Dust"),
    ],
)
def test_english_drafts(text: str, title: str) -> None:
    assert stage("en", text, title) is Stage.DRAFT


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("坡度不得大于60度。", "露天矿边坡管理办法（征求意见稿）"),
        ("现公开征求意见。坡度不得大于60度。", "关于边坡的通知"),
        ("坡度不得大于60度。", "露天矿边坡技术规程（报批稿）"),
        ("水务厅近日把用水导则挂网征询意见，漏损率不高于9%。", "用水导则有新动向"),
        ("条例（草案）规定，期限不超过十年。", ""),
        ("国家能源局拟对储能时长作出规定，不低于4小时。", ""),
    ],
)
def test_chinese_drafts(text: str, title: str) -> None:
    assert stage("zh", text, title) is Stage.DRAFT


def test_what_is_open_for_comment_is_a_draft_whatever_it_says() -> None:
    assert stage("en", "Walls shall not exceed 60 degrees.", is_open=True) is Stage.DRAFT


@pytest.mark.parametrize(
    ("code", "text", "title"),
    [
        (
            "en",
            "The final rule was signed on Friday. The draft of last year had asked for 2 mg/L.",
            "Final rule on dust",
        ),
        ("zh", "历时三个月征求意见，新版规范条件昨日正式发布，能量密度不低于300Wh/kg。", "新规落地"),
    ],
)
def test_a_rule_that_tells_of_its_own_draft_is_none(code: str, text: str, title: str) -> None:
    assert stage(code, text, title, has_requirements=True) is Stage.FINAL


@pytest.mark.parametrize(
    ("code", "text", "title", "expected"),
    [
        (
            "en",
            "In force since 1 March 2023, as amended. The licensee must keep dust below 2 mg/m3.",
            "Permit conditions",
            Stage.IN_FORCE,
        ),
        (
            "en",
            "Copper prices slipped 2 percent as traders sold; analysts expect weak demand.",
            "Copper slips",
            Stage.NONE,
        ),
        ("zh", "本办法已于2024年1月1日施行，现行有效。", "现行规定问答", Stage.IN_FORCE),
        ("zh", "碳酸锂现货均价下跌3%，期货主力合约走低。", "锂价周评", Stage.NONE),
        ("zh", "省政府近日印发通知，自2027年1月1日起执行，产能置换比例由1.2提高到1.5。", "新规印发", Stage.FINAL),
    ],
)
def test_other_stages(code: str, text: str, title: str, expected: Stage) -> None:
    has_requirements = expected is not Stage.NONE
    assert stage(code, text, title, has_requirements=has_requirements) is expected


@pytest.mark.parametrize("code", ["en", "zh"])
def test_every_weight_belongs_to_a_cue(code: str) -> None:
    assert set(load_grammar(code, "stage_weights")) <= set(StageCues(code).names)


def test_an_empty_text_is_at_no_stage() -> None:
    assert stage("en", "") is Stage.NONE
    assert stage("zh", "") is Stage.NONE


@pytest.mark.parametrize(
    ("code", "text", "title", "expected"),
    [
        ("en", "Under the Mines Act as amended, walls may not exceed 60 degrees.", "Walls", Stage.IN_FORCE),
        ("zh", "坡度不得大于60度。", "露天矿边坡管理办法（现行）", Stage.IN_FORCE),
        ("zh", "本规程已由应急管理部批准。坡度不得大于60度。", "边坡规程", Stage.FINAL),
        ("zh", "坡度不得大于60度。", "附件2 费率表（2027年1月1日起执行）", Stage.FINAL),
    ],
)
def test_words_that_say_the_stage_outright(code: str, text: str, title: str, expected: Stage) -> None:
    assert stage(code, text, title, has_requirements=True) is expected
