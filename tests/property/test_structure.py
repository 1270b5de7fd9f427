"""Laws that hold for the structure of any text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from limen.nlp.structure import Structure, parse

PIECES = [
    "# ", "## ", "- ", "* ", "1. ", "(a) ", "(i) ", "（一）", "一、", "第三条 ", "Article 4 ", "**", "| a | 1 |\n", "|---|---|\n",
    "| b | 2 |\n", "\n", "\n\n", "  ", "\t", "Note: ", "注：", "limit of 5 mg/L", "不超过5米",
    "。", ". ", ", ", "；", ":", "(", "）", "①", "6.3.1 ",
]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))


@given(TEXTS)
def test_blocks_do_not_overlap_and_cover_all_but_blanks(text: str) -> None:
    end = 0
    for block in parse(text).blocks:
        assert not text[end : block.start].strip()
        assert block.start <= block.body.start <= block.body.end <= block.end
        end = block.end
    assert not text[end:].strip()


@given(TEXTS)
def test_sentences_lie_in_their_blocks_and_clauses_cover_them(text: str) -> None:
    structure = parse(text)
    end = 0
    for sentence in structure.sentences:
        body = structure.blocks[sentence.block].body
        assert max(end, body.start) <= sentence.span.start < sentence.span.end <= body.end
        bounds = [sentence.span.start, *(clause.end for clause in sentence.clauses)]
        assert [clause.start for clause in sentence.clauses] == bounds[:-1]
        assert bounds[-1] == sentence.span.end
        end = sentence.span.end


@given(TEXTS)
def test_references_point_backwards_and_look_ups_agree(text: str) -> None:
    structure = parse(text)
    for index, block in enumerate(structure.blocks):
        assert all(other < index for other in (*block.headings, block.parent, block.lead_in) if other is not None)
        if block.start < block.end:
            assert structure.block_index(block.start) == index
        check_tables(structure)


def check_tables(structure: Structure) -> None:
    for number, table in enumerate(structure.tables):
        for row in (*table.header, *table.rows):
            assert all(structure.blocks[cell].table == number for cell in row)
