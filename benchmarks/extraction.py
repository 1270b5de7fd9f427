"""Text to requirements, against spaCy's blank tokenizer on the same text.

python -m benchmarks.extraction
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import spacy

from limen.nlp.extraction import Extractor

CORPUS = Path(__file__).parents[1] / "tests" / "eval" / "corpus"
ROUNDS = 3


def texts(language: str) -> list[str]:
    """Return the texts of our own corpus in a language."""
    lines = (CORPUS / f"dev-{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def main() -> None:
    """Print words (characters for Chinese) per second and the ratio."""
    extractor = Extractor()
    for language, unit in (("en", "words"), ("zh", "characters")):
        corpus = texts(language)
        size = sum(len(text.split()) if language == "en" else len(text) for text in corpus) * ROUNDS
        blank = spacy.blank(language)
        extractor.read(corpus[0], language=language)
        ours = theirs = 0.0
        for text in corpus * ROUNDS:
            began = time.perf_counter()
            extractor.read(text, language=language)
            between = time.perf_counter()
            blank(text)
            theirs += time.perf_counter() - between
            ours += between - began
        print(f"extracting {language}: {size / ours:,.0f} {unit}/s; spaCy's tokenizer {size / theirs:,.0f} {unit}/s;")
        print(f"ratio {theirs / ours:.3f}")


if __name__ == "__main__":
    main()
