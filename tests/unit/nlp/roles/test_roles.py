from __future__ import annotations

import pytest

from limen.domain.sighting import QuantityRole
from limen.nlp.extraction import Extractor

EXTRACTOR = Extractor()


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Output grew 25 percent last year.", QuantityRole.STATISTIC),
        ("The tailings dam must be inspected within 14 days.", QuantityRole.REQUIREMENT),
    ],
)
def test_every_number_has_a_role(text: str, role: QuantityRole) -> None:
    (sighting,) = EXTRACTOR.read(text, language="en").sightings
    assert sighting.role is role


def test_a_sign_beside_the_number_is_never_overruled() -> None:
    for sign in (">=", "<=", ">", "<"):
        (found,) = EXTRACTOR.read(f"| Property | Limit |\n|---|---|\n| Fine | {sign} 40 % |", language="en").sightings
        assert found.threshold.op.value == sign


def test_the_same_text_is_read_alike_every_time() -> None:
    text = "Cells shall reach at least 165 Wh/kg, packs 120 Wh/kg; royalties of 5 % apply."
    assert EXTRACTOR.read(text, language="en") == Extractor().read(text, language="en")
