"""What can go wrong between bytes and requirements."""

from __future__ import annotations

from limen.domain.errors import LimenError
from limen.nlp.language_data import supported_languages
from limen.nlp.language_names import language_name


class InvalidPassage(LimenError):
    """A line of a passage file is no passage. Correct the line, or leave it out.

    `line` counts from 1.
    """

    def __init__(self, name: str, line: int, trouble: str) -> None:
        super().__init__(
            f'{name}, line {line}: {trouble}; a passage is one JSON object: {{"id", "lang", "title", "text"}}'
        )
        self.name = name
        self.line = line


class ReadingError(LimenError):
    """A document cannot be read. Every error that reading bytes can raise is one of these."""


class Unreadable(ReadingError):
    """The bytes hold no text that Limen can read. Do what `remedy` says.

    `name` is the file name or URL, `why` what is wrong with the bytes, `remedy` what a person can do about it.
    """

    def __init__(self, name: str, why: str, remedy: str) -> None:
        super().__init__(f"{name}: {why}; {remedy}")
        self.name = name
        self.why = why
        self.remedy = remedy


class UnsupportedLanguage(ReadingError):
    """There is no pipeline for the language of the text. Name a supported one, or add a folder to `limen/nlp/languages`.

    `language` is the code as detected or given; `name` the file name or URL of the text, None where it has none.
    """

    def __init__(self, language: str, name: str | None = None) -> None:
        readable = " and ".join(language_name(code) for code in sorted(supported_languages()))
        super().__init__(
            f"{name or 'the text'} is in {language_name(language)} ({language}); Limen reads {readable} so far: "
            f"add limen/nlp/languages/{language}, or pass --lang"
        )
        self.language = language
        self.name = name
