from __future__ import annotations

import pytest

from limen.domain.errors import EvidenceMismatch
from limen.domain.evidence import Evidence

TEXT = "能量密度不低于165Wh/kg 🔋, at least."


def test_offsets_count_code_points_and_slice_to_the_quote() -> None:
    start = TEXT.index("不低于")
    evidence = Evidence.of(TEXT, start, start + 11)
    assert evidence.quote == "不低于165Wh/kg"[:11]
    assert TEXT[evidence.start : evidence.end] == evidence.quote
    evidence.check(TEXT)


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 3), (0, len(TEXT) + 1)])
def test_no_stretch_of_the_text(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no stretch"):
        Evidence.of(TEXT, start, end)


def test_an_altered_text_is_noticed() -> None:
    evidence = Evidence.of(TEXT, 0, 4)
    with pytest.raises(EvidenceMismatch, match="extract the document again") as caught:
        evidence.check("a" + TEXT)
    assert (caught.value.start, caught.value.end, caught.value.quote) == (0, 4, "能量密度")
