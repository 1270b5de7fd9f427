"""The source files of the demo's four sites, for wherever they run."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined

SOURCE_IDS = ("demo-cellreview", "demo-miningwire", "demo-ministry", "demo-ministry-en")


def write_sources(directory: Path, *, base_url: str) -> tuple[Path, ...]:
    """Write one TOML per source into `directory`, which is made if it is missing, and return their paths.

    `base_url` is where the demo's site runs, without a slash at its end. Files of an earlier run are replaced.
    """
    directory.mkdir(parents=True, exist_ok=True)
    # TOML, not HTML: nothing is to be escaped
    environment = Environment(autoescape=False, undefined=StrictUndefined, keep_trailing_newline=True)  # noqa: S701
    templates = files("limen.app.demo").joinpath("content/sources")
    written = []
    for name in SOURCE_IDS:
        text = templates.joinpath(f"{name}.toml.j2").read_text(encoding="utf-8")
        path = directory / f"{name}.toml"
        path.write_text(environment.from_string(text).render(base_url=base_url), encoding="utf-8")
        written.append(path)
    return tuple(written)
