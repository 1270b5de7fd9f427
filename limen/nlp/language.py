"""Which language a text is in."""

from __future__ import annotations

import re
from functools import cache
from threading import Lock
from typing import Any

FALLBACK = "en"
"""What a text without letters is taken for: numbers and signs are read alike by every pipeline."""

_SAMPLE = 4000
_SCRIPT_SAMPLE = 100_000
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_LETTER = re.compile(r"[^\W\d_]")
# Addresses are written with Latin letters in every language and would outweigh the words of a short text.
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+|www\.\S+")
# A Han character says about as much as three letters of an alphabet.
_LETTERS_PER_HAN = 3
# Names of substances and units look like Latin or Catalan: only a clear lead over the fallback overturns it.
_CLEAR_LEAD = 10.0
_LEAD_PER_LETTER = 0.4
_LARGEST_LEAD = 60.0

_loading = Lock()


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the language that most of the text is in.

    The script decides where it can: Han with kana is `ja`, Han without it `zh`, Hangul `ko`, each if the script carries
    at least half of what the text says (a Chinese rule full of English unit names stays Chinese, an English report
    that names a ministry in Chinese stays English). py3langid decides on the rest, from samples of the beginning, the
    middle and the end. A text with hardly any letters is in `FALLBACK`.
    """
    words = _ADDRESS.sub(" ", _sample(text, _SCRIPT_SAMPLE))
    letters = len(_LETTER.findall(words))
    if not letters:
        return FALLBACK
    han, kana, hangul = (len(pattern.findall(words)) for pattern in (_HAN, _KANA, _HANGUL))
    east_asian = han + kana + hangul
    weight = east_asian * _LETTERS_PER_HAN
    if weight >= letters - east_asian:
        return _east_asian(han=han, kana=kana, hangul=hangul)
    return _classify(_sample(words, _SAMPLE), letters=letters)


def _east_asian(*, han: int, kana: int, hangul: int) -> str:
    if hangul > han + kana:
        return "ko"
    # Japanese law is a third kana at the least; a few kana in a Chinese text are names and quotations.
    if kana * 5 >= han + kana:
        return "ja"
    return "zh"


def _sample(text: str, size: int) -> str:
    if len(text) <= size:
        return text
    part = size // 3
    middle = (len(text) - part) // 2
    return "\n".join((text[:part], text[middle : middle + part], text[-part:]))


def _classify(text: str, *, letters: int) -> str:
    # In capitals every language looks like an acronym to the classifier.
    ranking = _identifier().rank(text.lower() if text.isupper() else text)
    code, score = ranking[0]
    if _is_latin(text):
        fallback_score = next((value for other, value in ranking if other == FALLBACK), score)
        if score - fallback_score < min(max(_CLEAR_LEAD, letters * _LEAD_PER_LETTER), _LARGEST_LEAD):
            return FALLBACK
    return str(code)


def _is_latin(text: str) -> bool:
    letters: list[str] = _LETTER.findall(text)
    # The signs of some units are Greek.
    latin = sum(letter < "\u0250" for letter in letters)
    return latin >= 0.9 * len(letters)


def _identifier() -> Any:
    # functools.cache alone would let two threads load the model at the same time.
    with _loading:
        return _load_identifier()


@cache
def _load_identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_pickled_model(MODEL_FILE)
