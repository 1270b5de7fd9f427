"""The shipped catalogue: whole, honest about what was never tried, and gentle."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from limen.crawler.catalogue import load_catalogue
from limen.crawler.source_spec import SourceKind, SourceSpec, State
from limen.domain.source import DocumentClass

CATALOGUE = load_catalogue(())
DIRECTORY = Path(str(files("limen.crawler").joinpath("sources")))

SPECS = list(CATALOGUE.values())

# The zone in which a national authority writes its days; that of the capital or, in Canada and Australia, of its offices.
ZONES = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "EU": "Europe/Brussels",
    "GB": "Europe/London",
    "ID": "Asia/Jakarta",
    "IN": "Asia/Kolkata",
    "JP": "Asia/Tokyo",
    "KR": "Asia/Seoul",
    "PE": "America/Lima",
    "RS": "Europe/Belgrade",
    "US": "America/New_York",
    "ZA": "Africa/Johannesburg",
    "ZM": "Africa/Lusaka",
}
# These kinds read the deadline from the service's own fields.
ASKED_BY_TOML = {SourceKind.LISTING, SourceKind.JPAAS, SourceKind.JSON_API}

each_source = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)


def test_the_catalogue_has_the_sources_that_were_promised() -> None:
    homes = " ".join(spec.homepage for spec in CATALOGUE.values())
    promised = ("miit.gov.cn", "mee.gov.cn", "ndrc.gov.cn", "mnr.gov.cn", "npc.gov.cn", "mining.com", "eur-lex")
    assert len(CATALOGUE) >= 80
    assert [name for name in promised if name not in homes] == []
    assert {spec.kind for spec in CATALOGUE.values()} == set(SourceKind)


def test_files_are_named_after_their_sources() -> None:
    names = {path.stem for path in DIRECTORY.rglob("*.toml")}
    assert names == set(CATALOGUE)


def test_files_lie_with_their_jurisdiction() -> None:
    places = {path.stem: path.parent.name for path in DIRECTORY.rglob("*.toml")}
    misplaced = {
        name: place for name, place in places.items() if place not in ("press", CATALOGUE[name].jurisdiction.casefold())
    }
    assert misplaced == {}


@pytest.mark.parametrize("spec", CATALOGUE.values(), ids=lambda spec: spec.id)
def test_a_source_that_was_never_fetched_says_so(spec: SourceSpec) -> None:
    assert spec.state is State.PROBE or spec.evidence.last_checked
    if spec.state is State.PROBE:
        assert spec.evidence.unverified
        assert spec.evidence.last_checked is None
    assert spec.politeness.delay >= 1
    assert spec.politeness.concurrency == 1


@each_source
def test_a_source_says_under_which_terms_it_is_read(spec: SourceSpec) -> None:
    assert len(spec.terms) >= 10, "write the terms, or that they are unknown"


@each_source
def test_a_source_says_what_a_healthy_run_yields(spec: SourceSpec) -> None:
    assert "min_items" in spec.expect.model_fields_set
    may_be_empty = any(rules is not None and rules.may_be_empty for rules in (spec.listing, spec.json_api))
    if spec.enabled:
        assert spec.expect.min_items >= 1 or may_be_empty
        assert spec.expect.cadence is not None
    else:
        assert spec.evidence.seen, "say why it is switched off"


@each_source
def test_days_are_those_of_the_jurisdiction(spec: SourceSpec) -> None:
    assert spec.timezone == ZONES.get(spec.jurisdiction, spec.timezone)
    if spec.deadline is not None:
        assert spec.deadline.timezone in (None, spec.timezone)


@each_source
def test_calls_for_comments_have_a_deadline(spec: SourceSpec) -> None:
    if spec.document_class is DocumentClass.DRAFT and spec.kind in ASKED_BY_TOML:
        assert spec.deadline is not None


@each_source
def test_a_column_of_final_texts_tells_drafts_apart(spec: SourceSpec) -> None:
    """A ministry's columns of announcements and notices hold calls for comments too."""
    if spec.kind is SourceKind.JPAAS and spec.document_class is not DocumentClass.DRAFT:
        assert DocumentClass.DRAFT in {rule.document_class for rule in spec.classes}


@each_source
def test_a_document_is_known_by_its_publisher_s_own_key(spec: SourceSpec) -> None:
    """Where addresses change with the words of a title, or are those of a service."""
    if spec.kind in (SourceKind.JPAAS, SourceKind.JSON_API):
        assert spec.canonical.key is not None


@each_source
def test_hops_end_with_the_document(spec: SourceSpec) -> None:
    assert [hop.value is None for hop in spec.hops] == [False] * (len(spec.hops) - 1) + [True] * bool(spec.hops)
