"""Where the rule that a text states stands in its life."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from spacy.tokens import Doc

from limen.domain.document import Stage
from limen.nlp.language_data import load_grammar
from limen.nlp.occurrences import Expressions

HAS_REQUIREMENTS = "has_requirements"
BIAS = "bias"
_LONGEST = 20_000
"""Code points of the text that are looked at: the stage is said at the head, and a law of a megabyte takes no longer."""
_LONGEST_TITLE = 400
_SHORTEST, _PER_WORDS, _DENSEST = 20, 60, 1.5
_HEAD_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class _Decisive:
    """Words that say a stage outright, and words beside which they do not."""

    stage: Stage
    title: re.Pattern[str]
    text: re.Pattern[str]
    unless: re.Pattern[str]

    @classmethod
    def of(cls, entry: Mapping[str, str]) -> _Decisive:
        """Compile an entry of `decisive`, case ignored. Raises `KeyError` or `ValueError` where one is incomplete."""
        title, text, unless = (re.compile(entry[name], re.IGNORECASE) for name in ("title", "text", "unless"))
        return cls(Stage(entry["stage"]), title, text, unless)


class StageCues:
    """The cues of a language: what says a stage outright, and what only speaks for one."""

    def __init__(self, code: str) -> None:
        """Compile the patterns of a language. Raises `FileNotFoundError` if it has none."""
        grammar = load_grammar(code, "stage")
        self._decisive = tuple(_Decisive.of(entry) for entry in grammar["decisive"])
        self._kinds = tuple((name, re.compile(words, re.IGNORECASE)) for name, words in grammar["kinds"].items())
        self._word_length: int = grammar["word_length"]
        self._head: int = grammar["head"]
        self._cues = tuple(
            (f"{place}.{name}", place, re.compile(pattern, re.IGNORECASE))
            for place in ("title", "text")
            for name, pattern in grammar["cues"][place].items()
        )
        self._said = Expressions(pattern for rule in self._decisive for pattern in (rule.text, rule.unless))
        self._spoken = Expressions(pattern for _, _, pattern in self._cues)
        self._sounding = Expressions(pattern for _, pattern in self._kinds)

    @property
    def names(self) -> tuple[str, ...]:
        """Every cue that `values` can hold."""
        kinds = (f"{place}.{name}" for name, _ in self._kinds for place in ("density", "title_has", "head_has"))
        return (BIAS, HAS_REQUIREMENTS, *(name for name, _, _ in self._cues), *kinds)

    def decide(self, text: str, title: str) -> Stage | None:
        """Return the stage that the words of a folded text say outright; None where they do not."""
        said = self._said.over(text)
        for number, rule in enumerate(self._decisive):
            if (rule.title.search(title) or said.has(2 * number)) and not said.has(2 * number + 1):
                return rule.stage
        return None

    def values(self, text: str, title: str, *, has_requirements: bool) -> dict[str, float]:
        """Return how strongly a folded text and title show each cue: 1 for one that is there, a density for the words of a
        kind. Cues that are not there are left out."""
        found = {BIAS: 1.0}
        if has_requirements:
            found[HAS_REQUIREMENTS] = 1.0
        spoken = self._spoken.over(text)
        for number, (name, place, pattern) in enumerate(self._cues):
            if pattern.search(title) if place == "title" else spoken.has(number):
                found[name] = 1.0
        size = max(len(text) / self._word_length, _SHORTEST)
        whole, head = self._sounding.over(text), self._sounding.over(text[: self._head])
        for number, (name, pattern) in enumerate(self._kinds):
            count = sum(1 for _ in whole.every(number))
            if count:
                found[f"density.{name}"] = min(_DENSEST, math.sqrt(_PER_WORDS * count / size))
            if pattern.search(title):
                found[f"title_has.{name}"] = 1.0
            if head.has(number):
                found[f"head_has.{name}"] = _HEAD_SHARE
        return found


class DocumentStage:
    """Sets `doc._.stage`. Runs after the comment deadline is known and the mentions have their roles."""

    def __init__(self, code: str) -> None:
        """Load cues and weights of a language. Raises `FileNotFoundError` if it has none."""
        self._cues = StageCues(code)
        self._weights: Mapping[str, Mapping[str, float]] = load_grammar(code, "stage_weights")

    def __call__(self, doc: Doc) -> Doc:
        """Set the stage of one text."""
        doc._.stage = self.find(
            doc._.folded,
            title=doc._.folded_title,
            is_open=doc._.comment_deadline is not None,
            has_requirements=any(mention.is_requirement for mention in doc._.mentions),
        )
        return doc

    def find(self, text: str, *, title: str = "", is_open: bool = False, has_requirements: bool = False) -> Stage:
        """Return the stage that the words of a folded text tell.

        A text that is open for comment is a draft, else decides what it says outright, else the stage wins for which the
        cues weigh most; `has_requirements` is a cue too, since a text that sets nothing is at no stage.
        """
        head, title = text[:_LONGEST], title[:_LONGEST_TITLE]
        if is_open:
            return Stage.DRAFT
        said = self._cues.decide(head, title)
        if said is not None:
            return said
        values = self._cues.values(head, title, has_requirements=has_requirements)
        scores = {
            stage: sum(value * self._weights.get(name, {}).get(stage.value, 0.0) for name, value in values.items())
            for stage in (Stage.NONE, Stage.FINAL, Stage.IN_FORCE, Stage.DRAFT)
        }
        return max(scores, key=lambda stage: scores[stage])
