"""Extraction and comparison are at least as good as `floors.toml` says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

import pytest

from limen.nlp.extraction import Extractor
from tests.eval.corpus import CORPUS, HERE, read_pairs, read_passages
from tests.eval.run import score_passages
from tests.eval.score_changes import score_pairs

pytestmark = pytest.mark.slow

FLOORS = tomllib.loads((HERE / "floors.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def test_every_corpus_has_floors() -> None:
    assert set(FLOORS["extraction"]) == {path.stem for path in CORPUS.glob("*.jsonl")}


@pytest.mark.parametrize(("corpus", "floors"), FLOORS["extraction"].items())
def test_extraction(corpus: str, floors: Mapping[str, float], extractor: Extractor) -> None:
    tally = score_passages(read_passages(CORPUS / f"{corpus}.jsonl"), extractor)
    reached = {
        "core_f1": 100 * tally.core_rates.f1,
        "full_f1": 100 * tally.full_rates.f1,
        "stage": 100 * tally.stage / tally.passages,
        "deadline": 100 * tally.deadline / tally.passages,
        "previous": 100 * tally.previous / tally.previous_expected,
    }
    assert {name: value for name, value in reached.items() if value < floors[name]} == {}


def test_changes(extractor: Extractor) -> None:
    tally = score_pairs(read_pairs(), extractor)
    assert 100 * tally.rates.f1 >= FLOORS["changes"]["f1"]
    assert tally.quiet_kept >= FLOORS["changes"]["quiet_kept"]
