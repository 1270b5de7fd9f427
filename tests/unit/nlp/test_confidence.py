"""Confidence and its named reasons, and the numbers that are no quantities."""

from __future__ import annotations

from decimal import Decimal

import pytest

from limen.domain.reason import Reason
from limen.domain.requirement import Requirement
from limen.domain.sighting import QuantityRole
from limen.domain.threshold import Comparator
from limen.nlp.confidence import confidence, reasons
from limen.nlp.extraction import Extractor
from limen.nlp.mention import Mention


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def first(extractor: Extractor, text: str, language: str = "en") -> Requirement:
    return extractor.read(text, language=language).requirements[0]


@pytest.mark.parametrize(
    ("text", "language", "reason"),
    [
        ("Cells shall have an energy density of at least 160 Wh/kg.", "en", Reason.OPERATOR_SEEN),
        ("单体电池能量密度不低于160Wh/kg。", "zh", Reason.OPERATOR_SEEN),
        ("## Minimum energy density\n\nAt least:\n\n- cells: 160 Wh/kg\n", "en", Reason.OPERATOR_INHERITED),
        ("The permit shall be valid for three years.", "en", Reason.OPERATOR_ASSUMED),
        ("Cells shall have an energy density of at least 160 Wh/kg.", "en", Reason.UNIT_SEEN),
        ("粗收率损失不得超过百分之三。", "zh", Reason.UNIT_SEEN),
        ("The pH of the effluent shall be between 6 and 9.", "en", Reason.UNIT_IMPLIED),
        ("| Substance | Limit (mg/L), max. |\n|---|---|\n| Zinc | 0.5 |\n", "en", Reason.UNIT_INHERITED),
        ("Cells shall have an energy density of at least 160 Wh/kg.", "en", Reason.METRIC_KNOWN),
        ("Cells shall have an energy density of at least 160 Wh/kg.", "en", Reason.SUBJECT_FOUND),
    ],
)
def test_what_a_requirement_rests_on_is_named(extractor: Extractor, text: str, language: str, reason: Reason) -> None:
    assert reason in first(extractor, text, language).reasons


def test_what_is_seen_is_surer_than_what_is_assumed(extractor: Extractor) -> None:
    seen = first(extractor, "Cells shall have an energy density of at least 160 Wh/kg.")
    assumed = first(extractor, "The permit shall be valid for three years.")
    assert 0 < assumed.confidence < 0.9 < seen.confidence


def test_an_improbable_role_lowers_the_confidence_and_says_so() -> None:
    mention = Mention(
        start=0, end=9, value=Decimal(160), unit="Wh/kg", unit_start=4, unit_end=9, op=Comparator.AT_LEAST, cue_start=0
    )
    mention.role, mention.metric, mention.metric_id, mention.subject = (
        QuantityRole.REQUIREMENT, "energy density", "energy_density", "cells",
    )  # fmt: skip
    assert confidence(mention, reasons(mention)) == 1.0
    assert Reason.ROLE_UNSURE not in reasons(mention)
    mention.certainty = 0.55
    assert confidence(mention, reasons(mention)) == 0.55
    assert Reason.ROLE_UNSURE in reasons(mention)


def test_numbers_that_are_no_quantities_are_listed_on_demand(extractor: Extractor) -> None:
    text = "依据公告2024年第14号，自2025年7月1日起，能量密度不低于165Wh/kg，共有3类企业。"
    assert extractor.read(text, language="zh").asides == ()
    reading = extractor.read(text, language="zh", asides=True)
    told = {(aside.evidence.quote, aside.role, aside.reason) for aside in reading.asides}
    assert ("2025年7月1日", QuantityRole.DATE, Reason.PART_OF_A_NAME) in told
    covered = [sighting.evidence for sighting in reading.sightings] + [aside.evidence for aside in reading.asides]
    for position in (index for index, sign in enumerate(text) if sign.isdigit()):
        assert any(each.start <= position < each.end for each in covered), text[position:]
