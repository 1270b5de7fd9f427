"""What is found by where words stand is what `re` finds by trying every place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from limen.nlp.folding import fold
from limen.nlp.language_data import load_grammar
from limen.nlp.occurrences import Expressions, first_piece, places

CORPUS = Path(__file__).parents[2] / "eval" / "corpus"
GRAMMARS = ("comparators", "masks", "stage", "roles", "conditions", "modality", "references")
ODD = (
    " ſhall ماه ٥ mg\nPart٥ \u212aelvin 5mg mg5 a_shall shall_b naïve-shall\n\n# 3 shall\tSHALL,shall.R500 South Africa"
)


def patterns(code: str) -> list[re.Pattern[str]]:
    """Return every expression that a language's grammar calls a pattern."""

    def within(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            yield from (each for key, each in value.items() if key == "pattern")
            for each in value.values():
                yield from within(each)
        elif isinstance(value, list):
            for each in value:
                yield from within(each)

    written = [pattern for name in GRAMMARS for pattern in within(load_grammar(code, name))]
    return [re.compile(pattern, flags) for pattern in written for flags in (0, re.IGNORECASE, re.ASCII)]


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_matches_are_those_of_a_search(code: str) -> None:
    lines = (CORPUS / f"{code}.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [fold(json.loads(line)["text"]) for line in lines]
    texts += [texts[0] + ODD, texts[1].upper(), texts[2] + "_".join(texts[3].split())]
    expressions = Expressions(patterns(code))
    found = 0
    for text in texts:
        occurrences = expressions.over(text)
        for number, pattern in enumerate(expressions.patterns):
            spans = [match.span() for match in pattern.finditer(text)]
            assert [match.span() for match in occurrences.every(number)] == spans, pattern.pattern
            assert occurrences.has(number) == bool(spans), pattern.pattern
            found += len(spans)
    assert found > 300


def test_an_expression_is_tried_only_where_it_can_begin() -> None:
    class Counting:
        """An expression that counts how often it is tried."""

        tried = 0

        def match(self, text: str, position: int) -> re.Match[str] | None:
            Counting.tried += 1
            return re.compile(r"\bat most\b").match(text, position)

    expressions = Expressions([re.compile(r"\bat most\b")])
    expressions.patterns = (Counting(),)  # type: ignore[assignment]
    text = "the operator keeps the records of each day at the works, at most in two copies " * 20
    assert len(list(expressions.over(text).every(0))) == 20
    assert Counting.tried == 2 * 20


def test_what_is_remembered_of_texts_has_a_bound() -> None:
    expressions = Expressions([re.compile(r"\bword\b")])
    for start in range(0, 200_000, 10_000):
        expressions.over(" ".join(f"zz{chr(97 + n % 26)}{'q' * (n % 7)} {n}" for n in range(start, start + 10_000)))
    assert len(expressions._begun_by) <= 70_000


def test_blanks_are_no_pieces() -> None:
    assert {piece for piece in places("one 2\u3000三\n— x " * 20).of_piece if piece.strip()} == {
        "one",
        "2",
        "三",
        "—",
        "x",
    }
    with pytest.raises(ValueError, match="begins with no word"):
        first_piece(" x")
