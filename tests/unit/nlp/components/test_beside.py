"""What a number measures follows the words beside it."""

from __future__ import annotations

from functools import cache

import pytest

from limen.nlp.extraction import Extractor


@cache
def _extractor() -> Extractor:
    return Extractor()


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("No trench may be deeper than 6 metres.", "depth"),
        ("Stockpiles must be 12 metres or more apart.", "distance"),
        ("Drums must not weigh more than 7 kg.", "weight"),
        ("Benches shall be 9 m wide or wider.", "width"),
        ("It is granted for no more than 35 years.", "term"),
        ("Not fewer than three ladders must lead out of each shaft.", "ladders"),
        ("Yards with fewer than 12 part-time workers are exempt.", "part-time workers"),
        ("The employer shall provide at least four pairs of rubber gloves.", "rubber gloves"),
    ],
)
def test_takes_the_name_beside_the_number(text: str, metric: str) -> None:
    (requirement,) = _extractor().read(text, language="en").requirements
    assert requirement.metric == metric
