"""Hostile texts: one sign or mark a million times over, against as much prose.

    python -m benchmarks.linear [LENGTH]

Goal: no text takes more than twice the time of a text of the same length that is prose, and ten times the length takes ten
times as long. LENGTH is 1,000,000 code points unless told otherwise.
"""

from __future__ import annotations

import sys
import time

from benchmarks import texts
from limen.nlp.extraction import Extractor

LENGTH = 1_000_000
GOAL = 2.0
PARTS = {
    "digits": "1234567890",
    "brackets": "(",
    "pairs of brackets": "()",
    "pipes": "|",
    "lines of a pipe": "|\n",
    "table of figures": "| 1 | 2 |\n",
    "中": "中",
    "第": "第",
    "一": "一",
    "《": "《",
    "1,": "1,",
    "digits apart": "1 ",
    "marks of a list": "- ",
    "items": "- \n",
    "#": "#",
    "headings": "# a\n",
    "full stops": ". ",
    "stars": "*",
    "blanks": " ",
    "line feeds": "\n",
    "letters": "a",
    "words of one letter": "a ",
    "addresses": "a@",
    "quotes": '"',
}


def main() -> None:
    """Print the time of each text as a ratio to prose, and how it grows with the length."""
    length = int(sys.argv[1]) if len(sys.argv) > 1 else LENGTH
    extractor = Extractor()
    for language in ("en", "zh"):
        prose = texts.prose(language, seed=1, paragraphs=1 + length // (400 if language == "en" else 150))[:length]
        assert len(prose) == length
        yardstick = _seconds(extractor, prose, language)
        print(f"{length:,} code points of prose, {language}: {yardstick:.1f} s")
        for name, part in PARTS.items():
            text = (part * length)[:length]
            tenth, whole = (_seconds(extractor, text[:size], language) for size in (length // 10, length))
            note = f" (goal {GOAL:.0f})" if whole > GOAL * yardstick else ""
            print(
                f"  {name:<20} {whole / yardstick:5.2f} of prose{note}; ten times the length {whole / tenth:5.1f} times"
            )


def _seconds(extractor: Extractor, text: str, language: str) -> float:
    began = time.process_time()
    extractor.read(text, language=language)
    return max(time.process_time() - began, 1e-3)


if __name__ == "__main__":
    main()
