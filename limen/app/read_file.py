"""Bytes or passages to readings, in this process: what the command line needs of the `nlp` package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from limen.app.errors import InputError
from limen.domain.document import Reading
from limen.nlp.errors import UnsupportedLanguage
from limen.nlp.extraction import Extractor
from limen.nlp.language import detect
from limen.nlp.language_data import supported_languages
from limen.nlp.output import parse_passages
from limen.nlp.text.reader import read_page


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadText:
    """A text and its reading; the offsets of the reading count code points of the text."""

    text: str
    reading: Reading


def read_bytes(body: bytes, *, name: str, language: str | None, asides: bool = False) -> ReadText:
    """Return the text and the reading of a document given as bytes, with the issues of both. `language` None detects it.

    `asides` also lists the numbers that are no quantities.

    Raises:
        Unreadable: the bytes hold no text that can be read.
        UnsupportedLanguage: there is no pipeline for the language.
    """
    page = read_page(body, name=name)
    detected = language or detect(page.text)
    if detected not in supported_languages():
        raise UnsupportedLanguage(detected, name)
    reading = Extractor().read(page.text, language=detected, title=page.title, asides=asides)
    return ReadText(text=page.text, reading=replace(reading, issues=(*page.issues, *reading.issues)))


def read_file(path: Path, *, language: str | None, asides: bool = False) -> ReadText:
    """Return the text and the reading of a file. Raises `InputError` if it cannot be opened, else as `read_bytes`."""
    return read_bytes(_bytes_of(path), name=path.name, language=language, asides=asides)


def read_passages(path: Path, *, language: str | None, asides: bool = False) -> Iterator[tuple[str, Reading]]:
    """Yield id and reading of each passage `{"id", "lang", "title", "text"}` of a JSONL file, in order.

    `language` None takes each passage's own `lang`, else detects it. Raises as `read_bytes`, and `InputError` with the
    line number for a line that is no passage.
    """
    extractor = Extractor()
    try:
        # not splitlines(), which also cuts at U+2028 and U+0085 inside a string
        lines = _bytes_of(path).decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    for passage in parse_passages(lines, name=str(path)):
        yield (
            passage.id,
            extractor.read(passage.text, language=language or passage.language, title=passage.title, asides=asides),
        )


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
