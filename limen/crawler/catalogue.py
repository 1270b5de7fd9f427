"""The sources, one TOML file each, read and checked as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

import tomli_w

from limen.crawler.errors import CatalogueError
from limen.crawler.source_spec import SourceSpec
from limen.crawler.strict_table import read_table

Catalogue = Mapping[str, SourceSpec]
"""Sources by id, in the order of their ids."""


def load_catalogue(directories: Sequence[Path], *, builtin: bool = True) -> Catalogue:
    """Read every `*.toml` of the shipped catalogue and of the given directories, their sub-directories included.

    Raises:
        CatalogueError: a directory is missing, or a file is no TOML, has a wrong key or value, or an id twice.
    """
    specs: dict[str, tuple[Path, SourceSpec]] = {}
    faults: list[str] = []
    for path in _paths(directories, builtin=builtin):
        try:
            spec = load_spec(path)
        except CatalogueError as error:
            faults.append(str(error))
            continue
        if spec.id in specs:
            faults.append(f"{path}: the id {spec.id!r} is taken by {specs[spec.id][0]}; choose another")
        specs[spec.id] = (path, spec)
    if faults:
        raise CatalogueError("\n".join(faults))
    return MappingProxyType({name: specs[name][1] for name in sorted(specs)})


def load_spec(path: Path) -> SourceSpec:
    """Read one source file. Raises `CatalogueError` with one line per fault."""
    return read_table(path, SourceSpec, complaint=CatalogueError)


def dump_spec(spec: SourceSpec) -> str:
    """Return a source as TOML; what is at its default is left out."""
    return tomli_w.dumps(spec.model_dump(mode="json", exclude_defaults=True, exclude_none=True), multiline_strings=True)


def _paths(directories: Sequence[Path], *, builtin: bool) -> Iterator[Path]:
    if builtin:
        yield from sorted(Path(str(files("limen.crawler").joinpath("sources"))).rglob("*.toml"))
    for directory in directories:
        if not directory.is_dir():
            raise CatalogueError(
                f"{directory}: is no directory of sources; correct [crawl] sources in the configuration"
            )
        yield from sorted(directory.rglob("*.toml"))
