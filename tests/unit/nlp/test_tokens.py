from __future__ import annotations

import pytest
from spacy.vocab import Vocab

from limen.nlp.tokens import LinearTokenizer


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "  two  blanks\n\nand lines ",
        "Côte d'Ivoire’s ore",
        "工信部MIIT发布",
        "\t tab",
        "🙂𠮷",
        "((((",
        "\x00\u2028",
    ],
)
def test_the_tokens_joined_are_the_text(text: str) -> None:
    assert LinearTokenizer(Vocab())(text).text == text


def test_words_are_whole_and_signs_are_single() -> None:
    doc = LinearTokenizer(Vocab())("lithium-ion电池 (GB 38031)")
    assert [token.text for token in doc] == ["lithium", "-", "ion", "电", "池", "(", "GB", "38031", ")"]


def test_a_lone_surrogate_is_replaced_and_moves_nothing() -> None:
    doc = LinearTokenizer(Vocab())("a\ud800b Chile")
    assert doc.text == "a\ufffdb Chile"
    assert doc[-1].idx == 4
