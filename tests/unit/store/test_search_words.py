from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limen.store.search import snippets
from limen.store.search.fulltext import phrase
from limen.store.search.results import Snippet
from limen.store.search.words import SEPARATOR, fold, has_words, segment


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("锂电池A级", "锂|电|池|A|级"),
        ("165Wh/kg", "165|Wh/kg"),
        ("ＣＯ₂ ≤１０⁹", "CO|2 ≤109"),
        ("energy density", "energy density"),
        ("バッテリー", "バ|ッ|テ|リ|ー"),
        ("GB 38031-2020", "GB 38031-2020"),
        ("", ""),
    ],
)
def test_words_without_a_space_are_parted(text: str, words: str) -> None:
    assert segment(text) == words.replace("|", SEPARATOR)


@given(text=st.text())
def test_nothing_is_lost_and_nothing_moves(text: str) -> None:
    assert segment(text).replace(SEPARATOR, "") == fold(text)
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(("text", "expected"), [("a", True), ("5", True), ("锂", True), ("_-&", False), ("", False)])
def test_signs_alone_are_no_words(text: str, expected: bool) -> None:
    assert has_words(text) is expected


def test_a_quote_cannot_leave_its_phrase() -> None:
    assert phrase('a" OR "b', columns=("metric",)) == '{metric} : "a"" OR ""b"'


def marked(snippet: Snippet) -> list[str]:
    return [snippet.text[start:end] for start, end in snippet.marks]


def test_the_stretch_with_the_most_matches_is_shown() -> None:
    text = "lithium " + "filler " * 100 + "lithium and lithium again " + "filler " * 100
    snippet = snippets.matching({1: text}, phrase("lithium"))[1]
    assert marked(snippet) == ["lithium", "lithium"]
    assert snippet.text.startswith("…filler ")
    assert snippet.text.endswith("filler…")
    assert len(snippet.text) <= snippets.WIDTH + 2


def test_a_short_text_is_shown_whole() -> None:
    snippet = snippets.matching({1: "新能源\n汽车"}, phrase("汽车"))[1]
    assert (snippet.text, marked(snippet)) == ("新能源 汽车", ["汽车"])


def test_a_match_is_never_cut_in_two() -> None:
    for lead in range(120, 160):
        text = "甲" * lead + "汽车" + "乙" * lead + "汽车" + "丙" * lead
        snippet = snippets.matching({1: text}, phrase("汽车"))[1]
        assert set(marked(snippet)) == {"汽车"}


def test_a_text_without_a_match_shows_its_beginning() -> None:
    assert snippets.matching({7: "one two"}, phrase("three")) == {7: Snippet(text="one two")}


@given(before=st.text(max_size=300), after=st.text(max_size=300))
def test_marks_are_always_on_what_was_found(before: str, after: str) -> None:
    snippet = snippets.matching({1: f"{before} needle {after}"}, phrase("needle"))[1]
    assert snippet.marks
    assert {word.casefold() for word in marked(snippet)} == {"needle"}


@pytest.mark.parametrize("lead", [0, 1, 3_590, 3_599, 3_600, 3_999, 4_000, 9_000])
def test_a_match_is_found_wherever_a_long_text_is_cut(lead: int) -> None:
    text = "甲" * lead + "汽车" + "乙" * 5_000
    snippet = snippets.matching({1: text}, phrase("汽车"))[1]
    assert marked(snippet) == ["汽车"]
    assert snippet.text.startswith("…") is (lead > snippets.LEAD)
    assert snippet.text.endswith("乙…")


@pytest.mark.slow
def test_a_large_text_takes_no_long_time() -> None:
    for text in ("锂电池" * 300_000, "lithium " * 120_000, "1a" * 450_000):
        begun = time.process_time()
        snippets.matching({1: text}, phrase("锂") + " OR " + phrase("lithium"))
        assert time.process_time() - begun < 5
