"""The declarative base: names of constraints, and which column type holds which Python type."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import Double, MetaData, Text
from sqlalchemy.orm import DeclarativeBase

from limen.store.types import DecimalText, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of Limen. Constraints are named, so that migrations can speak of them on both engines."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {str: Text(), float: Double(), datetime: UtcDateTime(), Decimal: DecimalText()}
