from __future__ import annotations

import pytest

from limen.domain.clause import clause_around, phrase_around
from limen.domain.errors import EvidenceMismatch
from limen.domain.evidence import Evidence


def around(text: str, quote: str) -> str:
    start = text.index(quote)
    return clause_around(text, Evidence.of(text, start, start + len(quote)))


def test_a_sentence() -> None:
    text = "Dust is bad. The dust at the fence shall not exceed 0.5 mg/L. Noise is worse."
    assert around(text, "0.5 mg/L") == "The dust at the fence shall not exceed 0.5 mg/L"


def test_a_chinese_clause_ends_at_its_semicolon() -> None:
    text = "（一）绿地率不低于15%；（二）绿电占比达到30%以上。其他。"
    assert around(text, "30%以上") == "（二）绿电占比达到30%以上"


def test_a_list_item_and_a_table_row_are_clauses() -> None:
    text = "# Limits\n\n- pH: 6 to 9\n- lead: 0.1 mg/L\n\n| Copper | 0.3 |\n| Zinc | 0.4 |\n"
    assert around(text, "6 to 9") == "- pH: 6 to 9"
    assert around(text, "0.4") == "| Zinc | 0.4 |"


def test_abbreviations_do_not_cut() -> None:
    text = "Under No. 4 of the U.S. Code the fee is 5 USD. Next."
    assert around(text, "5 USD") == "Under No. 4 of the U.S. Code the fee is 5 USD"


def test_a_page_without_a_stop_is_cut_somewhere() -> None:
    text = "a " * 5000 + "5 m" + " b" * 5000
    assert len(around(text, "5 m")) < 1000


def phrase(text: str, quote: str) -> str:
    start = text.index(quote)
    return phrase_around(text, Evidence.of(text, start, start + len(quote)))


def test_the_words_next_to_a_number_tell_it_from_its_neighbours() -> None:
    text = "比容量：磷酸铁锂≥145mAh/g，三元材料≥165mAh/g。"
    assert phrase(text, "≥145mAh/g") == "比容量：磷酸铁锂"
    assert phrase(text, "≥165mAh/g") == "三元材料"
    text = "Not more than 15 mg/m³ of dust and 5 mg/m³ of fluorides."
    assert phrase(text, "and 5 mg/m³").endswith("of fluorides")
    assert phrase(text, "15 mg/m³").split() == ["Not", "more", "than", "of", "dust", "and"]


def test_another_text_is_refused() -> None:
    with pytest.raises(EvidenceMismatch):
        clause_around("other", Evidence(start=0, end=3, quote="5 m"))
