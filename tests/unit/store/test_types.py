from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, Table, create_engine, select

from limen.store.types import DecimalText, UtcDateTime

VALUES = Table(
    "values",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("number", DecimalText),
    Column("time", UtcDateTime),
)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as opened:
        VALUES.create(opened)
        yield opened
    engine.dispose()


def back(connection: Connection, **values: object) -> tuple[Decimal | None, datetime | None]:
    key = connection.execute(VALUES.insert().values(**values)).inserted_primary_key
    assert key is not None
    number, time = connection.execute(select(VALUES.c.number, VALUES.c.time).where(VALUES.c.id == key[0])).one()
    return number, time


@given(number=st.decimals(allow_nan=False, allow_infinity=False))
def test_every_digit_of_a_decimal_comes_back(connection: Connection, number: Decimal) -> None:
    found, _ = back(connection, number=number)
    assert found is not None
    assert found.as_tuple() == number.as_tuple()


@pytest.mark.parametrize("text", ["0.1000000000000000055", "165.0", "2E+4", "-0", "123456789012345678901234567890.1"])
def test_decimals_that_a_double_or_a_context_would_alter(connection: Connection, text: str) -> None:
    found, _ = back(connection, number=Decimal(text))
    assert str(found) == text


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(connection: Connection, text: str) -> None:
    with pytest.raises(Exception, match="only finite decimals"):
        back(connection, number=Decimal(text))


@given(
    time=st.datetimes(timezones=st.builds(timezone, st.timedeltas(timedelta(hours=-14), timedelta(hours=14)))).filter(
        lambda time: datetime(2, 1, 1, tzinfo=UTC) < time < datetime(9998, 1, 1, tzinfo=UTC)
    )
)
def test_a_time_comes_back_as_the_same_instant_in_utc(connection: Connection, time: datetime) -> None:
    _, found = back(connection, time=time)
    assert found == time
    assert found is not None
    assert found.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(connection: Connection) -> None:
    with pytest.raises(Exception, match="needs a zone"):
        back(connection, time=datetime(2024, 5, 8))  # noqa: DTZ001


def test_nothing_stays_nothing(connection: Connection) -> None:
    assert back(connection, number=None, time=None) == (None, None)
