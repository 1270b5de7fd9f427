"""Tables of a TOML file in which every key is known, and complaints that a person can act on."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationError


class StrictTable(BaseModel):
    """A table: frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def complaints(error: ValidationError, model: type[StrictTable]) -> list[str]:
    """Return one line per fault: the key, what is wrong with it, and the nearest key or what is allowed."""
    return [_complaint(fault, model) for fault in error.errors()]


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
