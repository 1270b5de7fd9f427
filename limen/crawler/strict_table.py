"""Tables of a TOML file in which every key is known, and complaints that a person can act on."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from limen.domain.errors import LimenError


class StrictTable(BaseModel):
    """A table: frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Table = TypeVar("Table", bound=StrictTable)


def read_table(
    path: Path, model: type[Table], *, complaint: type[LimenError], remedy: str = "look at its name and rights"
) -> Table:
    """Return the table that a TOML file holds.

    Raises:
        LimenError: it cannot be read or is no valid table. It is of the class `complaint` and has one line per fault: the
            file, the key, what is wrong with it, and the nearest key or what is allowed; `remedy` is for a file that cannot
            be read.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise complaint(f"{path}: cannot be read ({error.strerror}); {remedy}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise complaint(f"{path}: is no valid TOML: {error}") from error
    try:
        return model.model_validate(table)
    except ValidationError as error:
        raise complaint("\n".join(f"{path}: {_complaint(fault, model)}" for fault in error.errors())) from error


def _complaint(fault: Any, model: type[StrictTable]) -> str:
    place = ".".join(str(part) for part in fault["loc"]) or "(whole file)"
    match fault["type"]:
        case "extra_forbidden":
            known = _known_keys(fault["loc"][:-1], model)
            nearest = get_close_matches(str(fault["loc"][-1]), known, n=1)
            hint = f"did you mean {nearest[0]!r}?" if nearest else f"known keys here: {', '.join(known)}"
            return f"unknown key {place!r}; {hint}"
        case "missing":
            return f"the key {place!r} is missing"
        case _:
            return f"{place}: {fault['msg'].removeprefix('Value error, ')}"


def _known_keys(location: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    for part in location:
        if isinstance(part, str) and part in model.model_fields:
            annotation = model.model_fields[part].annotation
            candidates = (annotation, *get_args(annotation))
            model = next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), model)
    return sorted(model.model_fields)
