"""Words, contexts and spans, each by itself."""

from __future__ import annotations

from decimal import Decimal

import pytest

from limen.domain.threshold import Comparator
from limen.nlp.extraction import Extractor
from limen.nlp.linking.case import dimension_of
from limen.nlp.linking.context import Contexts, Segment
from limen.nlp.linking.known import known_metrics
from limen.nlp.linking.linker import Linker, Text
from limen.nlp.linking.network import load_networks
from limen.nlp.linking.spans import LONGEST, SegmentSpans, Spans
from limen.nlp.linking.words import word_reader
from limen.nlp.mention import Mention
from limen.nlp.structure import parse


def mention_of(text: str, number: str) -> Mention:
    start = text.index(number)
    end = start + len(number)
    return Mention(
        start=start,
        end=end,
        value=Decimal(1),
        unit="percent",
        op=Comparator.AT_LEAST,
        quote_start=start,
        quote_end=end,
    )


def segments_of(text: str, number: str, code: str = "en", title: str = "") -> dict[str, str]:
    contexts = Contexts(parse(text), text=text, title=title, reader=word_reader(code))
    return {
        segment.place: segment.text[segment.words[0].start : segment.words[-1].end]
        for segment in contexts.of(mention_of(text, number))
    }


def test_words_keep_their_offsets_and_know_their_class() -> None:
    text = "The cells' energy density, 165 Wh/kg"
    words = word_reader("en").read(text, 0, len(text))
    assert [word.form for word in words if word.kind == "noun"] == ["cell", "energy", "density", "wh", "kg"]
    assert all(text[word.start : word.end].lower().startswith(word.form[:2]) for word in words if word.form != "0")
    assert not words[0].begins


def test_chinese_words_are_cut_by_dictionary() -> None:
    text = "锂回收率不低于85%"
    forms = [word.form for word in word_reader("zh").read(text, 0, len(text))]
    assert "".join(forms[:-2]) == "锂回收率不低于"
    assert "回收率" in forms


def test_segments_are_named_by_their_place() -> None:
    text = "# Mines\n\nPits shall be fenced. In winter, the slope of walls is at least 5 percent of rise, if dry."
    assert segments_of(text, "5 percent", title="Safety") == {
        "before": "the slope of walls is at least",
        "after": "of rise,",
        "earlier1": "In winter,",
        "later1": "if dry.",
        "sentence1": "Pits shall be fenced.",
        "heading0": "Mines",
        "title": "Safety",
    }


def test_a_colon_makes_a_label() -> None:
    assert segments_of("- Dwellings: 5 percent", "5 percent")["label1"] == "Dwellings:"


def test_a_cell_sees_its_row_column_and_caption() -> None:
    text = "Table 1: effluent\n\n| Metal | New plants |\n|---|---|\n| Zinc | 5 |\n"
    assert segments_of(text, "5") == {
        "row0": "Zinc",
        "column0": "New plants",
        "corner": "Metal",
        "caption0": "Table 1: effluent",
    }


def test_a_numbered_row_takes_the_head_of_its_column() -> None:
    text = "| Class | Margin |\n|---|---|\n| 2 | 5.5 |\n"
    assert segments_of(text, "5.5")["row0"] == "Class 2"


def test_spans_stay_in_their_segment_and_length() -> None:
    text = " ".join(["nickel"] * (LONGEST + 3))
    words = tuple(word_reader("en").read(text, 0, len(text)))
    spans = Spans.of(
        [SegmentSpans.of(Segment("before", words, text)), SegmentSpans.of(Segment("after", words[:2], text))]
    )
    assert int((spans.last - spans.first).max()) == LONGEST - 1
    assert {spans.segment_of[first] for first in spans.first} == {0, 1}
    assert all(spans.segment_of[a] == spans.segment_of[b] for a, b in zip(spans.first, spans.last, strict=True))


def test_known_metrics_are_found_with_what_measures_them() -> None:
    text = "the energy density of cells"
    words = word_reader("en").read(text, 0, len(text))
    ((first, last, measured),) = known_metrics("en").find(words)
    assert (words[first].form, words[last].form) == ("energy", "density")
    assert measured


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("USD", "money"),
        ("CNY/tonne", "money rate"),
        ("day", "time"),
        ("1/week", "frequency"),
        ("percent", "percent"),
        (None, "none"),
    ],
)
def test_kinds_of_units(unit: str | None, kind: str) -> None:
    assert dimension_of(unit) == kind


@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize("text", ["5", "|5|", "# 5", "，5，", "5 " * 40, "- 5\n" * 30])
def test_linking_needs_no_words(code: str, text: str) -> None:
    linker = Linker(code, load_networks(code))
    cases = linker.link(Text(structure=parse(text), quoted=text, title=""), [mention_of(text, "5")])
    assert len(cases) == 1


def test_the_same_text_is_linked_alike_every_time() -> None:
    text = "Power cells shall reach 200 Wh/kg and a cycle life of at least 1,500 cycles."
    first, second = Extractor(), Extractor()
    first.read("Kilns shall emit no more than 5 mg/m3 of dust.", language="en")
    assert first.read(text, language="en") == second.read(text, language="en")
