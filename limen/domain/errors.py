"""The root of every error that Limen raises on purpose, and the errors of the domain rules."""

from __future__ import annotations

from typing import Any


class LimenError(Exception):
    """The work failed in a foreseen way. The message names the input and says what to do about it."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Errors travel from worker processes; the default would call __init__ with the finished message.
        return _rebuild, (type(self), self.args, self.__dict__)


class UnknownUnit(LimenError):
    """A unit string is not in pint's registry nor in `limen/domain/units.txt`. Correct it, or add it to that file.

    `unit` is the string as given.
    """

    def __init__(self, unit: str) -> None:
        super().__init__(f"unknown unit {unit!r}: correct it, or define it in limen/domain/units.txt")
        self.unit = unit


class IncomparableUnits(LimenError):
    """Two quantities have no common dimension, so neither can be converted to the other. Ask in a unit of the same kind."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first!r} and {second!r} measure different things and cannot be compared")
        self.first = first
        self.second = second


class EvidenceMismatch(LimenError):
    """The quote is not what the stored text holds at its offsets. The text was altered after extraction: re-extract it."""

    def __init__(self, start: int, end: int, quote: str) -> None:
        super().__init__(f"the text at [{start}, {end}) is not the quote {quote!r}: extract the document again")
        self.start = start
        self.end = end
        self.quote = quote


def _rebuild(kind: type[LimenError], args: tuple[Any, ...], attributes: dict[str, Any]) -> LimenError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(attributes)
    return error
