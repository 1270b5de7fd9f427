"""Reprints are alike, other articles about the same rule are not; measured on articles that are made here."""

from __future__ import annotations

import random
import tracemalloc

import pytest

from limen.nlp.near_duplicates import ALIKE, bands, likeness, same_numbers, signature

SUBJECTS = [
    "Cell makers",
    "The ministry",
    "Two provinces",
    "Smelters in the north",
    "Exporters",
    "The draft",
    "Auditors",
]
VERBS = ["must report", "will examine", "have questioned", "may postpone", "want to soften", "now publish", "expect"]
OBJECTS = [
    "the energy density of new lines",
    "waste water from roasting kilns",
    "the quota for separated oxides",
    "a register of second-hand packs",
    "the audits of old tailings ponds",
    "permits for lithium brine wells",
    "the recovery rates of black mass",
]
ENDS = [
    "before the spring",
    "within the quarter",
    "as the guild had asked",
    "despite higher costs",
    "for a second time",
]
BEGINNING_ZH = ["电池企业", "主管部门", "两省", "北方冶炼厂", "出口商", "征求意见稿", "审计机构"]
MIDDLE_ZH = ["应当报告", "将要审查", "质疑", "可能推迟", "希望放宽", "正在公布", "预计"]
OBJECT_ZH = [
    "新建产线的能量密度",
    "焙烧窑的废水",
    "分离氧化物的配额",
    "退役电池包的登记",
    "老尾矿库的检查",
    "盐湖锂井的许可",
    "黑粉的回收率",
]
END_ZH = ["，明年春天以前完成。", "，本季度内完成。", "，这是协会的要求。", "，尽管成本上升。", "，这已经是第二次。"]
TEASERS = ["Read more: five charts on the metals week", "© 2024 Metals Desk. All rights reserved."]
TEASERS_ZH = ["更多资讯请关注本网微信公众号", "（来源：新材料网 责任编辑：小王）"]
WIDE = str.maketrans({",": "，", ":": "：", "(": "（", ")": "）", "%": "％"})


def article(seed: int, *, sentences: int = 40) -> list[str]:
    dice = random.Random(seed)
    parts = (SUBJECTS, VERBS, OBJECTS, ENDS)
    return [
        " ".join(dice.choice(part) for part in parts) + f" ({dice.randrange(1000)} t, {dice.randrange(100)} %)."
        for _ in range(sentences)
    ]


def article_zh(seed: int, *, sentences: int = 40) -> list[str]:
    dice = random.Random(seed)
    parts = (BEGINNING_ZH, MIDDLE_ZH, OBJECT_ZH)
    return [
        "".join(dice.choice(part) for part in parts) + f"（{dice.randrange(1000)}吨）" + dice.choice(END_ZH)
        for _ in range(sentences)
    ]


def signed(text: str) -> bytes:
    found = signature(text)
    assert found is not None
    return found


def reprint(sentences: list[str], *, cut: float, seed: int, teasers: list[str]) -> str:
    dice = random.Random(seed)
    kept = list(sentences)
    for _ in range(round(cut * len(sentences))):
        kept.pop(dice.randrange(len(kept)))
    body = " ".join(kept).translate(WIDE)
    return f"# A title of the sister site's own\n\n{teasers[0]}\n\n**{body}**\n\n{teasers[1]}\n"


@pytest.mark.parametrize("cut", [0.0, 0.1, 0.2])
@pytest.mark.parametrize(("make", "teasers"), [(article, TEASERS), (article_zh, TEASERS_ZH)])
def test_a_reprint_is_alike_and_shares_a_band(make: type[article], teasers: list[str], cut: float) -> None:
    for seed in range(30):
        original = make(seed)
        first = signed("# The first title\n\n" + "\n\n".join(original))
        second = signed(reprint(original, cut=cut, seed=seed, teasers=teasers))
        assert likeness(first, second) >= ALIKE
        assert {*enumerate(bands(first))} & {*enumerate(bands(second))}


@pytest.mark.parametrize("make", [article, article_zh])
def test_other_articles_about_the_rule_that_quote_it_are_not_alike(make: type[article]) -> None:
    for seed in range(30):
        quoted = make(seed)[:18]
        first = " ".join([*quoted, *make(1000 + seed)[:22]])
        second = " ".join([*make(2000 + seed)[:22], *quoted])
        assert likeness(signed(first), signed(second)) < ALIKE - 0.05


def test_a_mixed_text_is_judged_by_both_scripts() -> None:
    mixed = [f"{one} {two}" for one, two in zip(article(1), article_zh(1), strict=True)]
    other = [f"{one} {two}" for one, two in zip(article(1), article_zh(2), strict=True)]
    assert likeness(signed(" ".join(mixed)), signed(" ".join(mixed[3:]))) >= ALIKE
    assert likeness(signed(" ".join(mixed)), signed(" ".join(other))) < ALIKE


def test_markdown_width_case_and_blanks_say_nothing() -> None:
    plain = " ".join(article(3))
    dressed = "## " + plain.upper().replace(" ", "\n> - ", 3).replace("1", "１").translate(WIDE)
    assert likeness(signed(plain), signed(dressed)) == 1
    assert same_numbers(signed(plain), signed(dressed))


def test_numbers_are_compared_as_a_multiset() -> None:
    text = " ".join(article(4))
    assert same_numbers(signed(text + " 1,600 t and 160 Wh/kg"), signed("160 Wh/kg and 1600 t " + text))
    assert not same_numbers(signed(text + " 160 Wh/kg"), signed(text + " 165 Wh/kg"))
    assert not same_numbers(signed(text + " 160"), signed(text + " 160 160"))
    assert not same_numbers(signed(text + " 十二个月"), signed(text + " 六个月"))
    assert not same_numbers(signed(text + " 三个月"), signed(text + " 六个月"))
    assert same_numbers(signed(text), signed(text + " 统一发布"))


def test_a_long_text_takes_little_memory() -> None:
    long = " ".join(f"word{number}" for number in range(60_000))
    tracemalloc.start()
    assert signature(long) is not None
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30 * len(long)


@pytest.mark.parametrize("text", ["", "See the annex.", "关于公开征求意见的通知，见附件。" * 2])
def test_a_short_text_cannot_be_judged(text: str) -> None:
    assert signature(text) is None


def test_a_stored_signature_stays_comparable_over_versions_of_the_libraries() -> None:
    text = " ".join(article(5))
    assert len(bands(signed(text))) == 32
    assert bands(signed(text))[0] == "adee3400756a4a0008e2360015c0bd00"
