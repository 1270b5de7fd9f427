from __future__ import annotations

from limen.nlp.tokens import continues, tokens


def test_words_are_whole_and_signs_are_single() -> None:
    text = "lithium-ion电池 (GB 38031)"
    found = list(tokens(text))
    assert [match[1] for match in found] == ["lithium", "-", "ion", "电", "池", "(", "GB", "38031", ")"]
    assert "".join(match[0] for match in found) == text


def test_a_word_goes_on_within_its_letters_only() -> None:
    assert [continues("Côte 5", position) for position in range(6)] == [False, True, True, True, False, False]
