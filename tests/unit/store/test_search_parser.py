from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limen.store.errors import SearchError
from limen.store.search.parser import parse
from limen.store.search.query import AmountTerm, Bound, TextField, TextTerm, ValueField, ValueTerm


def at(value: str, *, is_inclusive: bool = True) -> Bound:
    return Bound(value=Decimal(value), is_inclusive=is_inclusive)


def test_everything_at_once() -> None:
    query = parse('lithium "energy density" metric:能量密度 jurisdiction:CN,EU stage:draft -recycling >=200 Wh/kg')
    assert query.texts == (
        TextTerm(text="lithium"),
        TextTerm(text="energy density"),
        TextTerm(text="能量密度", field=TextField.METRIC),
        TextTerm(text="recycling", excluded=True),
    )
    assert query.values == (
        ValueTerm(field=ValueField.JURISDICTION, values=("CN", "EU")),
        ValueTerm(field=ValueField.STAGE, values=("draft",)),
    )
    assert query.amounts == (AmountTerm(lower=at("200"), upper=None, unit="Wh/kg"),)
    assert query.asks_for_requirements


@pytest.mark.parametrize(
    ("text", "lower", "upper", "unit"),
    [
        (">=200 Wh/kg", at("200"), None, "Wh/kg"),
        (">=200Wh/kg", at("200"), None, "Wh/kg"),
        (">= 200 Wh / kg", at("200"), None, "Wh/kg"),
        ("≥２００ Wh／kg", at("200"), None, "Wh/kg"),
        (">0.1 mg/L", at("0.1", is_inclusive=False), None, "mg/L"),
        ("<0.1 mg/L", None, at("0.1", is_inclusive=False), "mg/L"),
        ("≤3%", None, at("3"), "percent"),
        ("=3 %", at("3"), at("3"), "percent"),
        ("==3 percent", at("3"), at("3"), "percent"),
        ("160..170 Wh/kg", at("160"), at("170"), "Wh/kg"),
        ("160 .. 170", at("160"), at("170"), None),
        ("-40..85 °C", at("-40"), at("85"), "degC"),
        (">=-5.50 ℃", at("-5.50"), None, "degC"),
        ("<=20,000 tonne", None, at("20000"), "tonne"),
        (">=1.5e3 cycle", at("1500"), None, "cycle"),
        (">=2 1/year", at("2"), None, "1/year"),
        ("0.2 kWh/kg", at("0.2"), at("0.2"), "kWh/kg"),
        ("3%", at("3"), at("3"), "percent"),
        ("30day", at("30"), at("30"), "day"),
        (">=200", at("200"), None, None),
        (">=200 stage:draft", at("200"), None, None),
        ('>=200 "in force"', at("200"), None, None),
        (">=200 -recycling", at("200"), None, None),
        (">=200 <=300 Wh/kg", at("200"), None, None),
        ("density>=200", at("200"), None, None),
    ],
)
def test_amounts(text: str, lower: Bound | None, upper: Bound | None, unit: str | None) -> None:
    assert parse(text).amounts[0] == AmountTerm(lower=lower, upper=upper, unit=unit)


def test_two_amounts_of_which_each_has_its_unit() -> None:
    first, second = parse(">=1 kWh/kg <=300 Wh/kg").amounts
    assert (first.unit, second.unit) == ("kWh/kg", "Wh/kg")


@pytest.mark.parametrize(
    "text", ["GB 38031-2020", "2024 in china", "2030 rare earth", "14 section", "38031 battery", "1/year"]
)
def test_numbers_that_are_no_amounts(text: str) -> None:
    query = parse(text)
    assert query.amounts == ()
    assert [term.text for term in query.texts] == text.split()


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("电池", TextTerm(text="电池")),
        ("lith*", TextTerm(text="lith", is_prefix=True)),
        ('"lith*"', TextTerm(text="lith")),
        ("“energy density”", TextTerm(text="energy density")),
        ('-"spent batteries"', TextTerm(text="spent batteries", excluded=True)),
        ("Subject:cells", TextTerm(text="cells", field=TextField.SUBJECT)),
        ('-title:"call for"', TextTerm(text="call for", field=TextField.TITLE, excluded=True)),
        ("metric：能量", TextTerm(text="能量", field=TextField.METRIC)),
        ("re-use", TextTerm(text="re-use")),
    ],
)
def test_words(text: str, term: TextTerm) -> None:
    assert parse(text).texts == (term,)


def test_signs_between_words_are_not_looked_for() -> None:
    assert parse("lithium & nickel - AND cobalt").texts == tuple(
        TextTerm(text=word) for word in ("lithium", "nickel", "cobalt")
    )


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("stage:Draft,final", ValueTerm(field=ValueField.STAGE, values=("draft", "final"))),
        ("kind:news", ValueTerm(field=ValueField.DOCUMENT_CLASS, values=("news",))),
        ("-lang:zh", ValueTerm(field=ValueField.LANGUAGE, values=("zh",), excluded=True)),
        ("op:≥,min", ValueTerm(field=ValueField.OPERATOR, values=(">=", "min"))),
        ('entity:"GB 38031"', ValueTerm(field=ValueField.ENTITY, values=("GB 38031",))),
        ("by:2027", ValueTerm(field=ValueField.BY, values=("2027",))),
    ],
)
def test_fields_with_values(text: str, term: ValueTerm) -> None:
    assert parse(text).values == (term,)


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("", 0, "nothing is asked for"),
        ("  - & ", 0, "nothing is asked for"),
        ("lithium colour:red", 8, "no field 'colour'; there are metric, subject"),
        ("https://a.example", 0, "no field 'https'"),
        ("a stage:drafty", 8, "'drafty'; it is one of draft, final, in_force, none"),
        ("modality:must", 9, "mandatory, recommended, encouraged"),
        ("metric:", 7, "nothing stands after metric:"),
        ("jurisdiction: CN", 13, "nothing stands after jurisdiction:"),
        ("jurisdiction:,", 13, "nothing stands after jurisdiction:"),
        ('a "b c', 2, "never closed"),
        ("a >= b", 5, "a number must follow '>='"),
        (">=2,5 tonne", 2, "a number must follow '>='"),
        (">=1.2.3", 2, "a number must follow '>='"),
        (">=200 lithium", 6, "'lithium' is no unit"),
        (">=200 Wh/kgs/", 6, "'Wh/kgs/' is no unit"),
        ("170..160 Wh/kg", 0, "runs backwards"),
        ("-<5 %", 0, "turn its sign around"),
        ("a OR b", 2, "OR is not understood"),
        ("a NOT b", 2, "NOT is not understood"),
    ],
)
def test_what_is_not_understood_is_named_with_its_place(text: str, offset: int, message: str) -> None:
    with pytest.raises(SearchError) as raised:
        parse(text)
    assert message in str(raised.value)
    assert raised.value.offset == offset
    assert f"at character {offset + 1} " in str(raised.value)


def test_other_spellings_of_units_come_from_outside() -> None:
    aliases = {"吨": "tonne"}
    assert parse(">=5 吨", unit_alias=aliases.get).amounts[0].unit == "tonne"
    with pytest.raises(SearchError, match="'斤' is no unit"):
        parse(">=5 斤", unit_alias=aliases.get)


@given(text=st.text(max_size=60))
def test_any_text_is_a_query_or_a_search_error_within_it(text: str) -> None:
    check_parsed(text)


def check_parsed(text: str) -> None:
    try:
        query = parse(text)
    except SearchError as error:
        assert 0 <= error.offset <= len(text)  # noqa: PT017
    else:
        assert query.text == text
        assert query.texts or query.values or query.amounts


@given(
    text=st.lists(
        st.sampled_from(
            [">=", "..", "-", '"', ":", "metric:", "by:", "5", "1e9", "Wh/kg", "%", "/", "电", "*", "OR", " ", ","]
        )
    ).map("".join)
)
def test_any_mixture_of_the_signs_of_the_language_too(text: str) -> None:
    check_parsed(text)


@pytest.mark.parametrize("text", ["9", "-", "a:", "1/", ">=1/a", "1,111", "((", "≥9m**9", "1.."])
def test_a_long_query_ends_soon(text: str) -> None:
    with pytest.raises(SearchError):
        parse(text * 10_000)
    with suppress(SearchError):
        parse(text * (900 // len(text)))
