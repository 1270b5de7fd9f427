"""What is a change, and what is none: one case for each sentence of the guide."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from limen.domain.alignment import align
from limen.domain.change import ChangeKind, Direction, NoteKind
from limen.domain.diff import diff
from limen.domain.errors import EvidenceMismatch
from limen.domain.evidence import Evidence
from limen.domain.requirement import Modality, Requirement
from tests.unit.domain.making import requirement, within

CELL = requirement(">= 160 Wh/kg", "energy density", "power cells")


def changes(old: list[Requirement], new: list[Requirement], **texts: str) -> list[tuple[str, str]]:
    return [(change.kind.value, change.direction.value) for change in diff(old, new, **texts).changes]


def test_nothing_against_nothing() -> None:
    assert diff([], []).changes == ()
    assert diff([], []).notes == ()


def test_everything_is_new() -> None:
    assert changes([], [CELL]) == [("added", "tightened")]
    assert changes([CELL], []) == [("removed", "loosened")]


def test_the_founding_number() -> None:
    [change] = diff([CELL], [requirement(">= 165 Wh/kg", "energy density", "power cells")]).changes
    assert (change.kind, change.direction) == (ChangeKind.VALUE, Direction.TIGHTENED)
    assert change.old is CELL


@pytest.mark.parametrize(
    "form",
    [
        {"limit": ">= 0.160 kWh/kg"},
        {"limit": ">= 160.0 Wh/kg"},
        {"metric": "gravimetric energy density"},
        {"subject": None},
        {"subject": "cells of power batteries"},
        {"section": "Article 9. Cells"},
        {"condition": "measured at the works"},
    ],
)
def test_another_form_is_no_change(form: dict[str, Any]) -> None:
    fields = {"limit": ">= 160 Wh/kg", "metric": "energy density", "subject": "power cells", **form}
    assert changes([CELL], [requirement(**fields)]) == []


def test_notes_say_what_form_differs() -> None:
    def note(new: Requirement) -> list[NoteKind]:
        return [found.kind for found in diff([CELL], [new]).notes]

    assert note(replace(CELL)) == []
    assert note(requirement(">= 0.16 kWh/kg", "energy density", "power cells")) == [NoteKind.UNIT_RESTATED]
    assert note(requirement("= 160 Wh/kg", "energy density", "power cells")) == [NoteKind.REWORDED]
    assert note(replace(CELL, section="Annex B. Cells")) == [NoteKind.MOVED]
    assert note(replace(CELL, section="第3条")) == []
    assert note(replace(CELL, subject="cells for power")) == [NoteKind.REWORDED]


def test_renumbered_and_reordered() -> None:
    old = [
        requirement("<= 5 mm/s", "ground vibration", "dwellings", section="Article 6 > (a)"),
        requirement("<= 100 kg", "charge per delay", "blasts", section="Article 6 > (b)"),
        requirement("<= 4 1/week", "number of blasts", None, section="Article 6 > (c)"),
    ]
    new = [replace(item, section=f"Article 2 > {place}.") for place, item in enumerate(reversed(old), start=1)]
    assert changes(old, new) == []


def test_swapped_limits_are_two_changes() -> None:
    old = [
        requirement("<= 2.0 mg/m**3", "dust", "crushing hall"),
        requirement("<= 1.5 mg/m**3", "dust", "packing station"),
    ]
    new = [
        requirement("<= 2.0 mg/m**3", "dust", "packing station"),
        requirement("<= 1.5 mg/m**3", "dust", "crushing hall"),
    ]
    assert changes(old, new) == [("value_changed", "loosened"), ("value_changed", "tightened")]


def test_a_split_keeps_the_half_with_the_old_number() -> None:
    old = [requirement("<= 200 mg/m**3", "sulphur dioxide", "waste gas of smelters")]
    new = [
        requirement("<= 100 mg/m**3", "sulphur dioxide", "new smelters"),
        requirement("<= 200 mg/m**3", "sulphur dioxide", "waste gas of existing smelters"),
    ]
    assert changes(old, new) == [("added", "tightened"), ("scope_changed", "neutral")]


def test_a_split_in_a_chinese_table() -> None:
    old = [requirement("<= 1.0 mg/L", "总磷", "锂冶炼企业")]
    new = [
        requirement("<= 1.0 mg/L", "总磷", "锂冶炼企业 现有企业"),
        requirement("<= 0.5 mg/L", "总磷", "锂冶炼企业 新建企业"),
    ]
    assert changes(old, new) == [("scope_changed", "neutral"), ("added", "tightened")]


def test_a_wider_subject() -> None:
    old = [requirement("<= 25 person", "采煤工作面单班作业人数", "突出矿井")]
    new = [requirement("<= 25 person", "采煤工作面单班作业人数", "所有井工矿")]
    assert changes(old, new) == [("scope_changed", "tightened")]
    assert changes(new, old) == [("scope_changed", "loosened")]


def test_all_of_them_is_no_wider_than_they() -> None:
    old = [requirement("<= 15 mg/m**3", "particulate matter", "waste gas of smelters")]
    assert changes(old, [requirement("<= 15 mg/m**3", "particulate matter", "all smelters")]) == []
    old = [requirement("<= 160 ug/m**3", "total carbon", "underground mines of all kinds")]
    assert changes(old, [requirement("<= 160 ug/m**3", "total carbon", "all underground mines")]) == []


def test_another_number_in_the_condition() -> None:
    old = [requirement(">= 500 cycle", "cycle life", "cells", condition="tested at 25 °C")]
    new = [requirement(">= 500 cycle", "cycle life", "cells", condition="tested at 45 °C")]
    assert changes(old, new) == [("scope_changed", "neutral")]


def test_a_compound_limit_reports_its_changed_half_once() -> None:
    def compound(cycles: int, retention: int) -> list[Requirement]:
        return [
            requirement(f">= {cycles} cycle", "循环寿命", "单体电池", condition=f"容量保持率≥{retention}%"),
            requirement(f">= {retention} percent", "容量保持率", "单体电池", condition=f"循环寿命≥{cycles}次"),
        ]

    assert changes(compound(500, 80), compound(500, 70)) == [("value_changed", "loosened")]
    assert changes(compound(500, 80), compound(600, 80)) == [("value_changed", "tightened")]


def test_the_same_number_on_another_thing_is_gone_and_come() -> None:
    old = [requirement(">= 5000000 USD", "insurance against damage to third parties", "holder of a mining licence")]
    new = [requirement(">= 5000000 USD", "payment into a closure fund", "holder of a mining licence")]
    assert changes(old, new) == [("added", "tightened"), ("removed", "loosened")]


def test_units_that_cannot_be_compared_are_never_a_pair() -> None:
    old = [requirement("<= 18000 tonne", "cobalt exports", "miners")]
    new = [requirement("<= 18000 tonne/year", "cobalt exports", "miners")]
    assert sorted(changes(old, new)) == [("added", "tightened"), ("removed", "loosened")]


def test_a_unit_nobody_knows_is_compared_as_it_stands() -> None:
    old = [requirement(">= 5 Frobs", "frobbing", "frobs")]
    assert changes(old, [requirement(">= 5 Frobs", "frobbing", "frobs")]) == []
    assert changes(old, [requirement(">= 6 Frobs", "frobbing", "frobs")]) == [("value_changed", "tightened")]


def test_phases_keep_their_dates() -> None:
    old = [
        requirement(">= 35 percent", "local share", "holder"),
        requirement(">= 50 percent", "local share", "holder", by="2028-01-01"),
    ]
    new = [
        requirement(">= 30 percent", "local share", "holder"),
        requirement(">= 50 percent", "local share", "holder", by="2030-01-01"),
    ]
    assert changes(old, new) == [("value_changed", "loosened"), ("deadline_changed", "loosened")]


def test_a_metric_id_knows_synonyms_and_tells_namesakes_apart() -> None:
    old = [requirement(">= 60 percent", "reuse of process water", "plant", metric_id="water_reuse_rate")]
    new = [requirement(">= 70 percent", "share of recirculated supply", "plant", metric_id="water_reuse_rate")]
    assert changes(old, new) == [("value_changed", "tightened")]


def test_one_change_for_one_pair_and_the_amount_comes_first() -> None:
    new = requirement("> 165 Wh/kg", "energy density", "power cells", by="2027", modality=Modality.RECOMMENDED)
    assert changes([CELL], [new]) == [("value_changed", "tightened")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (">= 2 kWh", "> 2 kWh", ["operator_changed"]),
        ("<= 2 kWh", "< 2 kWh", ["operator_changed"]),
        ("<= 90 day", ">= 90 day", []),
        (">= 100 percent", "= 100 percent", []),
        ("= 20 tonne", "<= 20 tonne", []),
        ("= 5000 USD", "<= 5000 USD", ["operator_changed"]),
    ],
)
def test_which_operators_mean_something_else(old: str, new: str, expected: list[str]) -> None:
    found = changes([requirement(old, "notice", "holder")], [requirement(new, "notice", "holder")])
    assert [kind for kind, _ in found] == expected


def test_clauses_help_where_the_extractor_named_things_differently() -> None:
    old_text = "Where fresh water is drawn from a river, the amount drawn shall not exceed 0.6 m³ per tonne of ore."
    new_text = "From rivers, an operator may take no more than 0.7 m³ of fresh water for each tonne of ore."
    old = [within(old_text, "0.6 m³ per tonne", "<= 0.6 m**3/tonne", "amount drawn")]
    new = [within(new_text, "0.7 m³", "<= 0.7 m**3/tonne", "take", "operator")]
    assert changes(old, new, old_text=old_text, new_text=new_text) == [("value_changed", "loosened")]


def test_swapped_limits_show_even_where_the_extractor_names_nothing() -> None:
    old_text = "- crushing hall: 2.0 mg/m³\n- packing station: 1.5 mg/m³\n"
    new_text = "- packing station: 2.0 mg/m³\n- crushing hall: 1.5 mg/m³\n"
    old = [
        within(old_text, "2.0 mg/m³", "<= 2.0 mg/m**3", "dust"),
        within(old_text, "1.5 mg/m³", "<= 1.5 mg/m**3", "dust"),
    ]
    new = [
        within(new_text, "2.0 mg/m³", "<= 2.0 mg/m**3", "dust"),
        within(new_text, "1.5 mg/m³", "<= 1.5 mg/m**3", "dust"),
    ]
    found = changes(old, new, old_text=old_text, new_text=new_text)
    assert found == [("value_changed", "loosened"), ("value_changed", "tightened")]


def test_a_text_that_is_not_the_requirements_own_is_refused() -> None:
    lost = replace(CELL, evidence=Evidence(start=5, end=8, quote="160"))
    with pytest.raises(EvidenceMismatch):
        diff([lost], [CELL], old_text="something else")


def test_alignment_says_who_is_who() -> None:
    other = requirement("<= 20 ppm", "water content", "electrolyte")
    new = requirement(">= 165 Wh/kg", "energy density", "power cells")
    alignment = align([other, CELL], [new])
    assert alignment.pairs == ((CELL, new),)
    assert alignment.removed == (other,)
    assert alignment.added == ()


def test_a_limit_whose_sentence_was_reworded_is_the_same_although_metric_and_subject_were_read_elsewhere() -> None:
    old_text = "Samples shall be taken. Results of the tests shall be kept for no less than five years."
    new_text = "The operator samples, and must hold on to the results of the tests for a minimum of five years."
    old = within(old_text, "no less than five years", ">= 5 year", "retention of records", "results")
    new = within(new_text, "a minimum of five years", ">= 5 year", "samples", "operator")
    assert changes([old], [new], old_text=old_text, new_text=new_text) == []


def test_the_same_number_in_another_sentence_is_removed_and_added() -> None:
    old_text = "The holder insures against damage to third parties with a sum of at least 5000000 USD."
    new_text = "The company pays no less than 5000000 USD into a closure fund before mining begins."
    old = within(old_text, "at least 5000000 USD", ">= 5000000 USD", "insurance against damage", "holder")
    new = within(new_text, "no less than 5000000 USD", ">= 5000000 USD", "payment into a closure fund", "company")
    found = [kind for kind, _ in changes([old], [new], old_text=old_text, new_text=new_text)]
    assert sorted(found) == ["added", "removed"]


def test_once_a_year_and_four_times_a_year_are_one_duty() -> None:
    old_text, new_text = "Slope angles are surveyed 1 time a year.", "Slope angles are surveyed 4 times a year."
    old = within(old_text, "1 time a year", "<= 1 year", "survey interval", "slope angles")
    new = within(new_text, "4 times a year", ">= 4 1/year", "survey frequency", "slope angles")
    assert changes([old], [new], old_text=old_text, new_text=new_text) == [("value_changed", "tightened")]
    assert changes([new], [old], old_text=new_text, new_text=old_text) == [("value_changed", "loosened")]


def test_an_interval_and_the_frequency_it_means_are_no_change() -> None:
    old_text, new_text = "Slope angles are surveyed once a year.", "Slope angles are surveyed 1 time a year."
    old = within(old_text, "once a year", "<= 1 year", "survey interval", "slope angles")
    new = within(new_text, "1 time a year", ">= 1 1/year", "survey frequency", "slope angles")
    assert changes([old], [new], old_text=old_text, new_text=new_text) == []


def test_a_table_of_the_same_rows_beside_the_one_that_lives_on_is_new() -> None:
    row = "| Substance | Limit |\n|---|---|\n| Zinc | {} mg/L |\n| Lead | {} mg/L |\n"
    old_text = f"## Schedule 4\n\n{row.format('0.50', '0.20')}"
    new_text = f"## Schedule 4\n\nTable 1\n\n{row.format('0.40', '0.08')}\nTable 2\n\n{row.format('0.50', '0.10')}"
    old = [
        within(old_text, f"{value} mg/L", f"<= {value} mg/L", name)
        for name, value in (("Zinc", "0.50"), ("Lead", "0.20"))
    ]
    new = [
        within(new_text, f"{value} mg/L", f"<= {value} mg/L", name)
        for name, value in (("Zinc", "0.40"), ("Lead", "0.08"), ("Zinc", "0.50"), ("Lead", "0.10"))
    ]
    assert changes(old, new, old_text=old_text, new_text=new_text) == [
        ("value_changed", "tightened"),
        ("value_changed", "tightened"),
        ("added", "tightened"),
        ("added", "tightened"),
    ]


def test_a_word_before_the_subject_that_opens_it() -> None:
    old_text, new_text = (
        "突出矿井采煤工作面单班作业人数不得超过25人。",
        "所有井工矿采煤工作面单班作业人数不得超过25人。",
    )
    old = [within(old_text, "不得超过25人", "<= 25 person", "单班作业人数", "突出矿井采煤工作面")]
    new = [within(new_text, "不得超过25人", "<= 25 person", "单班作业人数", "井工矿采煤工作面")]
    [change] = diff(old, new, old_text=old_text, new_text=new_text).changes
    assert (change.kind.value, change.direction.value) == ("scope_changed", "tightened")
    [change] = diff(new, old, old_text=new_text, new_text=old_text).changes
    assert (change.kind.value, change.direction.value) == ("scope_changed", "loosened")


def test_a_row_that_is_cut_down_where_the_names_do_not_show_it() -> None:
    old_text = "| 序号 | 污染物 | 限值（mg/L） |\n|---|---|---|\n| 4 | 总磷 | 1.0 |\n| 5 | 氟化物 | 8 |\n"
    new_text = (
        "| 污染物 | 限值（mg/L） |\n|---|---|\n| 氟化物 | 8 |\n| 总磷（现有企业） | 1.0 |\n| 总磷（新建企业） | 0.5 |\n"
    )
    old = [
        within(old_text, "1.0", "<= 1.0 mg/L", "总磷", "锂冶炼企业"),
        within(old_text, "8", "<= 8 mg/L", "氟化物", "锂冶炼企业"),
    ]
    new = [
        within(new_text, "8", "<= 8 mg/L", "氟化物", "锂冶炼企业"),
        within(new_text, "1.0", "<= 1.0 mg/L", "总磷", "锂冶炼企业"),
        within(new_text, "0.5", "<= 0.5 mg/L", "总磷", "锂冶炼企业"),
    ]
    found = diff(old, new, old_text=old_text, new_text=new_text).changes
    assert [change.kind.value for change in found] == ["scope_changed", "added"]


def test_a_row_that_ended_and_a_row_that_came_are_two() -> None:
    old_text = "| Commodity | Quota |\n|---|---|\n| Indium | 520 |\n| Magnesium powder | 9000 |\n"
    new_text = "| Commodity | Quota |\n|---|---|\n| Indium | 520 |\n| Tellurium | 140 |\n"
    old = [
        within(old_text, "520", "<= 520 tonne", "export quotas", "indium"),
        within(old_text, "9000", "<= 9000 tonne", "export quotas", "magnesium powder"),
    ]
    new = [
        within(new_text, "520", "<= 520 tonne", "export quotas", "indium"),
        within(new_text, "140", "<= 140 tonne", "export quotas", "tellurium"),
    ]
    found = diff(old, new, old_text=old_text, new_text=new_text).changes
    assert [change.kind.value for change in found] == ["added", "removed"]


def test_a_row_under_another_name_with_the_same_amount_is_one() -> None:
    old_text = "| Substance | mg/L |\n|---|---|\n| Unionised ammonia | 0.5 |\n"
    new_text = "| Substance | mg/L |\n|---|---|\n| NH3 | 0.5 |\n"
    old = [within(old_text, "0.5", "<= 0.5 mg/L", "concentration", "unionised ammonia")]
    new = [within(new_text, "0.5", "<= 0.5 mg/L", "concentration", "NH3")]
    assert diff(old, new, old_text=old_text, new_text=new_text).changes == ()


def test_a_name_for_any_time_limit_makes_no_two_of_them_one() -> None:
    old = [requirement("<= 10 day", "time to report the end user", "exporters", metric_id="time_limit")]
    new = [requirement("<= 3 year", "time without a conviction", "applicants", metric_id="time_limit")]
    assert changes(old, new) == [("added", "tightened"), ("removed", "loosened")]


def test_more_mines_that_must_close_is_harder() -> None:
    old_text, new_text = "产能30万吨/年以下的煤矿，全部退出。", "产能45万吨/年以下的煤矿，全部退出。"
    old = [within(old_text, "30万吨/年以下", "<= 300000 tonne/year", "产能", "煤矿")]
    new = [within(new_text, "45万吨/年以下", "<= 450000 tonne/year", "产能", "煤矿")]
    [change] = diff(old, new, old_text=old_text, new_text=new_text).changes
    assert (change.kind.value, change.direction.value) == ("value_changed", "tightened")
