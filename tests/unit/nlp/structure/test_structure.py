"""Blocks, lists, headings, tables and sentences of texts of our own."""

from __future__ import annotations

import pytest

from limen.nlp.structure import Block, BlockKind, Structure, parse

STANDARD_EN = """# Cell standard

Part of the series on storage.

## 2 Limits

The cells shall meet the following:

- energy density of at least 165 Wh/kg;
- cycle life:
  - 1,000 cycles for energy cells
  - 800 cycles for power cells

**Marking**

Labels follow Annex 3. They shall be legible, e.g. No. 14 of the list, at 1.5 m.
"""

LAW_ZH = """第三章 开采

第十二条 采矿权人应当遵守下列规定：
（一）开采回采率不低于92%；
（二）废水
1. 重复利用；
2. 达标排放。

第十三条 违反规定的，处5万元罚款。罚款须在15日内缴清！

一、其他要求
企业应当备案。
"""

TABLE = """## Effluent

Table 2: limits in mg/L

| Substance | Existing plants | New plants |
|---|---|---|
| Copper | 0.30 | 0.10 |
| Zinc | 0.50 | 0.40 |

Note: monthly means.

The limits hold from 2027.
"""


def find(structure: Structure, fragment: str) -> Block:
    block = structure.block_at(structure.text.index(fragment))
    assert block is not None
    return block


def headings(structure: Structure, block: Block) -> list[str]:
    return [structure.body(index) for index in block.headings]


def test_headings_are_known_by_signs_bold_and_labels() -> None:
    structure = parse(STANDARD_EN)
    assert headings(structure, find(structure, "cycle life")) == ["Cell standard", "Limits"]
    assert find(structure, "Limits").label == "2"
    assert headings(structure, find(structure, "Labels follow")) == ["Cell standard", "Limits", "Marking"]


def test_nested_items_know_their_parent_and_lead_in() -> None:
    structure = parse(STANDARD_EN)
    inner = find(structure, "1,000 cycles")
    assert (inner.kind, inner.level) == (BlockKind.ITEM, 2)
    assert inner.parent is not None
    assert structure.body(inner.parent) == "cycle life:"
    outer = find(structure, "energy density")
    assert outer.lead_in is not None
    assert structure.body(outer.lead_in).endswith("following:")


def test_chinese_law_keeps_labels_and_nesting() -> None:
    structure = parse(LAW_ZH)
    chapter = find(structure, "开采\n")
    assert (chapter.kind, chapter.label) == (BlockKind.HEADING, "第三章")
    item = find(structure, "开采回采率")
    assert item.label == "（一）"
    assert item.lead_in is not None
    assert structure.blocks[item.lead_in].label == "第十二条"
    nested = find(structure, "达标排放")
    assert [structure.blocks[index].label for index in structure.enclosing(structure.blocks.index(nested))] == [
        "（二）",
        "第十二条",
    ]
    assert find(structure, "其他要求").kind is BlockKind.HEADING


def test_section_marks_the_place() -> None:
    structure = parse(LAW_ZH)
    assert structure.section(LAW_ZH.index("不低于92%")) == "第三章 开采 > 第十二条 > （一）"
    assert parse("Plain text.").section(3) is None


@pytest.mark.parametrize(
    ("line", "kind", "label"),
    [
        ("Schedule 4", BlockKind.HEADING, "Schedule 4"),
        ("II. Air quality", BlockKind.HEADING, "II."),
        ("Article 12 Records", BlockKind.HEADING, "Article 12"),
        ("Article 5 applies to mills.", BlockKind.PARAGRAPH, None),
        ("(a) no discharge above 5 mg/L;", BlockKind.ITEM, "(a)"),
        ("6.3.1 岗位送风温度不宜低于18℃。", BlockKind.ITEM, "6.3.1"),
        ("5 mg/L is the limit.", BlockKind.PARAGRAPH, None),
        ("① 尾矿库坝高不超过60米；", BlockKind.ITEM, "①"),
        ("第三方机构应当备案。", BlockKind.PARAGRAPH, None),
        ("*The whole sentence stands in italics.*", BlockKind.PARAGRAPH, None),
        ("---", BlockKind.RULE, None),
    ],
)
def test_lines_are_told_apart(line: str, kind: BlockKind, label: str | None) -> None:
    block = parse(f"{line}\n\nThe operator keeps records.").blocks[0]
    assert (block.kind, block.label) == (kind, label)


def test_roman_i_after_h_is_a_letter() -> None:
    letters = "".join(f"({sign}) item {sign};\n" for sign in "abcdefghij")
    assert {block.level for block in parse(letters).blocks} == {1}


def test_a_label_behind_a_label_opens_its_own_list() -> None:
    structure = parse("**4** (1) The operator may deposit if\n\n- (a) zinc is 1 mg/L;\n\n(2) For old mines 2 mg/L.")
    first, inner, second = structure.blocks
    assert inner.parent == 0
    assert (second.parent, second.level) == (0, 2)
    assert first.label == "4"


def test_run_in_title_is_no_part_of_the_first_sentence() -> None:
    structure = parse("**（二）压减存量。** 停用时间超过3年的尾矿库，应当闭库。")
    block = structure.blocks[0]
    assert block.title is not None
    assert structure.text[slice(*block.title)] == "压减存量。"
    sentence = structure.sentence_at(structure.text.index("3年"))
    assert sentence is not None
    assert structure.text[slice(*sentence.span)].startswith("停用时间")


def test_table_cells_know_heads_labels_captions_and_notes() -> None:
    structure = parse(TABLE)
    cell = find(structure, "0.10")
    assert [structure.body(head) for head in structure.heads(cell)] == ["New plants"]
    table = structure.tables[0]
    label = structure.cell(0, 0, 0)
    assert label is not None
    assert structure.body(label) == "Copper"
    assert [structure.body(index) for index in table.captions] == ["Table 2: limits in mg/L"]
    assert [structure.body(index) for index in table.notes] == ["Note: monthly means."]
    assert find(structure, "The limits hold").kind is BlockKind.PARAGRAPH


def test_a_head_of_two_rows_is_one_head() -> None:
    structure = parse("| Mine | Limit | Limit |\n|---|---|---|\n| Mine | day | year |\n| A | 3 | 40 |\n")
    cell = find(structure, "40")
    assert [structure.body(head) for head in structure.heads(cell)] == ["Limit", "year"]


def test_a_table_without_a_rule_takes_its_first_row_as_head() -> None:
    structure = parse("| Metal | Limit |\n| Lead | 0.2 |\n")
    assert [structure.body(head) for head in structure.heads(find(structure, "0.2"))] == ["Limit"]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It is 1.5 m. Then 2 m.", ["It is 1.5 m.", "Then 2 m."]),
        ("See No. 14 of the list. Done.", ["See No. 14 of the list.", "Done."]),
        ("Sixty per cent. of the ore stays.", ["Sixty per cent. of the ore stays."]),
        ("应备案。逾期罚款！", ["应备案。", "逾期罚款！"]),
        ("他说：“不得超过5米。”随后离开。", ["他说：“不得超过5米。”", "随后离开。"]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    structure = parse(text)
    assert [text[slice(*sentence.span)] for sentence in structure.sentences] == sentences


def test_clauses_end_at_commas_outside_of_numbers_and_brackets() -> None:
    text = "Mines (old, new) of 1,000 ha pay 5 USD, others: none"
    (sentence,) = parse(text).sentences
    assert [text[slice(*clause)].strip() for clause in sentence.clauses] == [
        "Mines (old, new) of 1,000 ha pay 5 USD,",
        "others:",
        "none",
    ]


def test_hard_wrapped_lines_are_one_paragraph_and_keyed_lines_are_not() -> None:
    wrapped = "The operator of every plant that treats more than ten tonnes\nof ore keeps records.\n"
    assert len(parse(wrapped).blocks) == 1
    keyed = "核准经营规模：废旧锂离子电池2400吨每年以及含镍废渣一万五千吨每年\n有效期限：五年\n"
    assert len(parse(keyed).blocks) == 2
