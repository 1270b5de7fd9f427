"""The shipped catalogue: whole, honest about what was never tried, and gentle."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from limen.crawler.catalogue import load_catalogue
from limen.crawler.source_spec import SourceKind, SourceSpec, State

CATALOGUE = load_catalogue(())


def test_the_catalogue_has_the_sources_that_were_promised() -> None:
    homes = " ".join(spec.homepage for spec in CATALOGUE.values())
    promised = ("miningsee.eu", "mee.gov.cn", "mnr.gov.cn", "mining.com", "eur-lex", "www.gov.uk", "legislation.gov.uk")
    assert len(CATALOGUE) >= 20
    assert [name for name in promised if name not in homes] == []
    assert {spec.kind for spec in CATALOGUE.values()} == set(SourceKind)


def test_files_are_named_after_their_sources() -> None:
    names = {path.stem for path in Path(str(files("limen.crawler").joinpath("sources"))).rglob("*.toml")}
    assert names == set(CATALOGUE)


@pytest.mark.parametrize("spec", CATALOGUE.values(), ids=lambda spec: spec.id)
def test_a_source_that_was_never_fetched_says_so(spec: SourceSpec) -> None:
    assert spec.state is State.PROBE or spec.evidence.last_checked
    if spec.state is State.PROBE:
        assert spec.evidence.unverified
    assert spec.politeness.delay >= 1
    assert spec.politeness.concurrency == 1
