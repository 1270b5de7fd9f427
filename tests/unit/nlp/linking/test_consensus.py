from __future__ import annotations

import pytest

from limen.nlp.linking.consensus import Candidate, agreed, content_words


def names(*entries: tuple[str | None, float, int | None]) -> list[Candidate]:
    return [Candidate(text, score, segment) for text, score, segment in entries]


def test_what_the_others_bear_out_beats_what_is_alone_a_little_likelier() -> None:
    found = agreed(
        names(
            ("energy storage project", 1.0, 0),
            ("cycle life of cells", 0.9, 1),
            ("cycle life", 0.8, 1),
            ("life of cells", 0.7, 1),
        ),
        enough=0.6,
    )
    assert found.chosen == (1,)


def test_two_names_of_different_places_are_joined_where_either_may_be_true() -> None:
    assert agreed(names(("consumer batteries", 1.0, 3), ("cells", 1.0, 0)), enough=0.5).chosen == (0, 1)


def test_names_of_one_place_and_names_that_share_a_word_are_not_joined() -> None:
    assert len(agreed(names(("pits", 1.0, 0), ("dams", 1.0, 0)), enough=0.5).chosen) == 1
    assert len(agreed(names(("old pits", 1.0, 0), ("new pits", 1.0, 1)), enough=0.5).chosen) == 1


def test_a_name_that_is_all_but_certain_stays_alone() -> None:
    assert agreed(names(("pits", 9.0, 0), ("dams", 0.0, 1)), enough=0.5).chosen == (0,)


def test_nothing_is_a_name_like_others() -> None:
    assert agreed(names((None, 5.0, None), ("dams", 0.0, 1)), enough=0.5).chosen == (0,)
    with pytest.raises(ValueError, match="no candidate"):
        agreed([], enough=0.5)


def test_words_that_tell_names_apart() -> None:
    assert content_words("The shares of batteries") == {"share", "batterie"}
    assert content_words("能量的密度") == {"能", "量", "密", "度"}
    assert content_words(None) == frozenset()


def test_how_sure_the_agreed_name_is() -> None:
    assert agreed(names(("pits", 9.0, 0), ("dams", 0.0, 1)), enough=0.5).certainty == pytest.approx(1, abs=0.001)
    assert agreed(names(("pits", 1.0, 0), ("dams", 1.0, 0)), enough=0.5).certainty == pytest.approx(0.5)
    alike = names(("cycle life of cells", 1.0, 0), ("cycle life", 1.0, 0), ("dams", 1.0, 0))
    assert agreed(alike, enough=0.6).certainty == pytest.approx(2 / 3)
