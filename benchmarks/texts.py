"""The texts that the benchmarks read: made of the passages of our own corpora, the same in every run.

`dense` is the annotated passages themselves, of which every ninth word is a quantity. `document` is as documents are: its
paragraphs are prose, the sentences of which hold no number, but for one sentence in ten, which is one of a passage.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
_CORPORA = ("tests/eval/corpus/held-{}.jsonl", "tests/eval/corpus/dev-{}.jsonl", "training/corpus/{}-*.jsonl")
_NUMBER = {
    "en": re.compile(
        r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|\w*teen|\w*ty|eleven|twelve|hundred|thousand|\w*illion"
        r"|half|third|quarter|once|twice|an?)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"[\d〇零一二两三四五六七八九十百千万亿半]"),
}
_SENTENCE = {"en": re.compile(r"(?<=[.!?])\s+(?=[A-Z])"), "zh": re.compile(r"(?<=[。！？])")}
_CLAUSE = {"en": re.compile(r"[,;:]\s+|[.!?]$|\.\s"), "zh": re.compile(r"[，；：。！？]")}
_MARKED = ("#", "|", "-", "*", ">")
_SHORTEST = {"en": 24, "zh": 7}
"""Characters of a clause that prose is made of; shorter ones are labels."""
_ONE_IN = 10


def dense(language: str) -> list[str]:
    """Return the annotated passages on which the extractor is scored."""
    lines = (ROOT / f"tests/eval/corpus/dev-{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def prose(language: str, *, seed: int, paragraphs: int) -> str:
    """Return paragraphs without any number."""
    return _text(language, Random(seed), paragraphs, one_in=0)


def document(language: str, *, seed: int, paragraphs: int = 30) -> str:
    """Return a document as regulators write them: a heading now and then, and paragraphs of five sentences."""
    return _text(language, Random(seed), paragraphs, one_in=_ONE_IN)


def size(language: str, text: str) -> int:
    """Return how long a text is: words of English, characters of Chinese."""
    return len(text.split()) if language == "en" else len(text)


def _text(language: str, random: Random, paragraphs: int, *, one_in: int) -> str:
    clauses, numbered = _stock(language)
    joint, stop, space = (", ", ".", " ") if language == "en" else ("，", "。", "")

    def sentence(number: int) -> str:
        if one_in and number % one_in == 0:
            return random.choice(numbered)
        return joint.join(random.choices(clauses, k=3)).capitalize() + stop

    parts = []
    for paragraph in range(paragraphs):
        if paragraph % 6 == 0:
            parts.append(f"## {random.choice(clauses).capitalize()}")
        parts.append(space.join(sentence(5 * paragraph + number) for number in range(5)))
    return "\n\n".join(parts)


@cache
def _stock(language: str) -> tuple[list[str], list[str]]:
    """Return the clauses without a number, and the sentences with one, of all passages."""
    clauses: dict[str, None] = {}
    numbered: dict[str, None] = {}
    for pattern in _CORPORA:
        for path in sorted(ROOT.glob(pattern.format(language))):
            for record in path.read_text(encoding="utf-8").splitlines():
                for line in json.loads(record)["text"].splitlines():
                    if not line.startswith(_MARKED):
                        for sentence in _SENTENCE[language].split(line.strip()):
                            if _NUMBER[language].search(sentence):
                                numbered[sentence] = None
                            clauses |= dict.fromkeys(_plain(language, sentence))
    return list(clauses), list(numbered)


def _plain(language: str, sentence: str) -> list[str]:
    return [
        clause.strip()
        for clause in _CLAUSE[language].split(sentence)
        if len(clause) >= _SHORTEST[language] and not _NUMBER[language].search(clause)
    ]
