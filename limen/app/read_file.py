"""Bytes or passages to readings, in this process: what the command line needs of the `nlp` package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from limen.app.errors import InputError
from limen.domain.document import Reading
from limen.nlp.extraction import Extractor
from limen.nlp.output import parse_passages
from limen.nlp.text.reader import read_page


def read_bytes(body: bytes, *, name: str, language: str | None, extractor: Extractor | None = None) -> Reading:
    """Return the reading of a document given as bytes. `language` None detects it.

    Raises:
        Unreadable: the bytes hold no text that can be read.
        UnsupportedLanguage: there is no pipeline for the language.
    """
    page = read_page(body, name=name)
    return (extractor or Extractor()).read(page.text, language=language, title=page.title)


def read_file(path: Path, *, language: str | None) -> Reading:
    """Return the reading of a file. Raises `InputError` if it cannot be opened, else as `read_bytes`."""
    return read_bytes(_bytes_of(path), name=path.name, language=language)


def read_passages(path: Path, *, language: str | None) -> Iterator[tuple[str, Reading]]:
    """Yield id and reading of each passage `{"id", "lang", "title", "text"}` of a JSONL file, in order.

    `language` None takes each passage's own `lang`, else detects it. Raises as `read_bytes`, and `InputError` with the
    line number for a line that is no passage.
    """
    extractor = Extractor()
    try:
        lines = _bytes_of(path).decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    for passage in parse_passages(lines, name=str(path)):
        yield passage.id, extractor.read(passage.text, language=language or passage.language, title=passage.title)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
