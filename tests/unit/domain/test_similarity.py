from __future__ import annotations

import pytest

from limen.domain.similarity import Weights, tokens
from limen.domain.words import WordList, words


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Restored land", "restoration of the lands"),
        ("ＤＵＳＴ", "dust"),
        ("单体电池", "单体 电池"),
        ("emission limits", "Emissions limit"),
    ],
)
def test_grammar_width_and_case_say_nothing(first: str, second: str) -> None:
    common = tokens(first) & tokens(second)
    assert len(common) >= len(tokens(first)) - 1
    assert common


@pytest.mark.parametrize(
    ("first", "second"),
    [("杂质铝含量", "杂质铜含量"), ("crushing hall", "packing hall"), ("at 25 °C", "at 40 °C"), ("Ni", "Li")],
)
def test_what_tells_things_apart_stays(first: str, second: str) -> None:
    assert tokens(first) != tokens(second)


def test_a_text_without_words_has_no_tokens() -> None:
    assert tokens("") == tokens(" – … ()") == tokens("of the") == frozenset()


def test_rare_words_weigh_more() -> None:
    texts = [tokens(f"energy density of {name}") for name in ("cells", "packs", "modules", "polymers")]
    weights = Weights.of(texts, texts)
    cells, packs = (weights.bag(tokens(name)) for name in ("energy density of cells", "energy density of packs"))
    assert weights.overlap(cells, cells) == 1
    assert weights.overlap(cells, packs) < 0.6
    assert weights.overlap(cells, packs) == weights.overlap(packs, cells)
    assert weights.overlap(cells, weights.bag(frozenset())) == 0
    assert weights.containment(cells, weights.bag(tokens("cells"))) == 1


def test_a_word_on_both_sides_is_as_telling_as_on_one() -> None:
    weights = Weights.of([tokens("nickel")], [tokens("nickel"), tokens("cobalt")])
    assert weights.values["nicke"] == weights.values["cobal"]


def test_word_lists_match_whole_latin_words_and_chinese_anywhere() -> None:
    listed = WordList.of(["fine", "royalt*", "罚款"])
    assert listed.occurs("A FINE of")
    assert listed.occurs("royalties")
    assert listed.occurs("处五万元罚款的")
    assert not listed.occurs("refined, finest")
    assert listed.found("fine and royalty, 罚款") == {"fine", "royalty", "罚款"}


def test_the_shipped_lists_are_read_once() -> None:
    assert words() is words()
    assert words().restricting.found("new and existing plants") == {"new", "existing"}
    assert frozenset({"new", "existing"}) in words().opposites


def test_a_plural_in_ies_is_the_word_in_y() -> None:
    assert tokens("levies") == tokens("levy")
    assert tokens("batteries") == tokens("battery")


def test_synonyms_are_one_word() -> None:
    assert tokens("validity of the licences") == tokens("term of the license")
    assert tokens("retained") == tokens("kept")
    assert tokens("retained") != tokens("sold")
