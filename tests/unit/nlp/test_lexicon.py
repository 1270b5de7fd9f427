from __future__ import annotations

import pytest

from limen.domain.change import Direction
from limen.domain.errors import UnknownUnit
from limen.domain.quantity import unit_scale
from limen.nlp.lexicon.metrics import Metric, MetricLexicon, UsualBound, metric_lexicon


@pytest.mark.parametrize(
    ("text", "language", "unit", "metric_id"),
    [
        ("energy density", "en", "Wh/kg", "energy_density"),
        ("Gravimetric Energy-Density", "en", "kWh/kg", "energy_density"),
        ("energy density", "en", "Wh/L", "volumetric_energy_density"),
        ("energy density of cells", "en", None, "energy_density"),
        ("能量密度", "zh", "Wh/kg", "energy_density"),
        ("单体电池的能量密度", "zh", "Wh/L", "volumetric_energy_density"),
        ("recovery of lithium", "en", "percent", "lithium_recovery"),
        ("锂的回收率", "zh", "percent", "lithium_recovery"),
        ("回收率", "zh", "percent", "mineral_processing_recovery"),
        ("ad valorem royalty rate", "en", "percent", "royalty"),
        ("fine per day", "en", "GBP/day", "fine"),
        ("罚款", "zh", "CNY", "fine"),
        ("monthly mean concentration of arsenic", "en", "mg/L", "arsenic"),
        ("总镉", "zh", "mg/L", "cadmium"),
        ("export quota for 2027", "en", "tonne", "export_quota"),
        ("retention of records", "en", "year", "record_retention"),
        ("PH值", "zh", "dimensionless", "ph"),
        ("work hours per shift", "en", "kg", None),
        ("gloss of the paint", "en", None, None),
        ("涂料光泽", "zh", None, None),
        ("energy density", "xx", "Wh/kg", None),
        ("", "en", None, None),
    ],
)
def test_finds_the_longest_name_that_fits_the_unit(
    text: str, language: str, unit: str | None, metric_id: str | None
) -> None:
    assert metric_lexicon().find(text, language, unit=unit) == metric_id


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(UnknownUnit):
        metric_lexicon().find("energy density", "en", unit="zorkmid")


def test_the_shipped_lexicon_is_sound() -> None:
    metrics = list(metric_lexicon())
    assert len(metrics) >= 350
    for metric in metrics:
        assert metric.units, metric.id
        for unit in metric.units:
            unit_scale(unit)
        for language in ("en", "zh"):
            names = metric.names[language]
            assert len(names) == len(set(names)) > 0, metric.id
            assert metric_lexicon().find(names[0], language, unit=metric.units[0]) is not None


@pytest.mark.parametrize(
    ("metric_id", "bound", "more"),
    [
        ("energy_density", UsualBound.MINIMUM, Direction.NEUTRAL),
        ("sulphur_dioxide", UsualBound.MAXIMUM, Direction.NEUTRAL),
        ("royalty", UsualBound.NONE, Direction.TIGHTENED),
        ("production_quota", UsualBound.MAXIMUM, Direction.LOOSENED),
        ("licence_term", UsualBound.NONE, Direction.LOOSENED),
    ],
)
def test_what_more_of_a_metric_means(metric_id: str, bound: UsualBound, more: Direction) -> None:
    metric = metric_lexicon()[metric_id]
    assert (metric.usual_bound, metric.more) == (bound, more)


def test_labels_fall_back_on_the_id() -> None:
    metric = metric_lexicon()["energy_density"]
    assert (metric.label("zh"), metric.label("fr")) == ("能量密度", "energy density")


def test_of_two_with_one_name_the_earlier_has_it() -> None:
    twins = [
        Metric(id=name, units=("kg",), usual_bound=UsualBound.NONE, more=Direction.NEUTRAL, names={"en": ("ballast",)})
        for name in ("first", "second")
    ]
    lexicon = MetricLexicon(twins)
    assert len(lexicon) == 2
    assert lexicon.find("ballast", "en", unit="tonne") == "first"


def test_no_name_is_lost_to_another_metric() -> None:
    """Names may be shared, but each metric has a unit in which the name is its own."""
    lexicon = metric_lexicon()
    lost = [
        (metric.id, name)
        for metric in lexicon
        for language, names in metric.names.items()
        for name in names
        if metric.id not in {lexicon.find(name, language, unit=unit) for unit in metric.units}
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("english", "chinese", "unit", "metric_id"),
    [
        ("capital adequacy ratio", "资本充足率", "percent", "capital_adequacy"),
        ("minimum wage", "最低工资标准", "CNY", "minimum_wage"),
        ("overtime hours", "加班时间", "hour", "overtime_hours"),
        ("pesticide residue", "农药残留", "mg/kg", "pesticide_residue"),
        ("residual chlorine", "余氯", "mg/L", "residual_chlorine"),
        ("braking distance", "制动距离", "m", "braking_distance"),
        ("net calorific value", "低位热值", "MJ/kg", "calorific_value"),
        ("plot ratio", "容积率", "dimensionless", "plot_ratio"),
        ("annual leave", "年休假", "day", "paid_leave"),
        ("thermal transmittance", "传热系数", "W/m**2/K", "u_value"),
    ],
)
def test_one_metric_in_both_languages(english: str, chinese: str, unit: str, metric_id: str) -> None:
    lexicon = metric_lexicon()
    assert lexicon.find(english, "en", unit=unit) == lexicon.find(chinese, "zh", unit=unit) == metric_id
