"""What speaks for a word as the first, the last, or any word of a name: its class, its neighbours, its place.

Feature names are keys of the weights in `languages/<code>/linking.json`. `start:`, `end:` and `in:` features are of one
word; `path:` is the chain of word classes between a name and its number ("shall not exceed").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from limen.nlp.linking.context import Segment, group_of
from limen.nlp.linking.known import unit_dimensions
from limen.nlp.linking.words import Word
from limen.nlp.mention import Mention

_FAR = 9
_LONGEST_PATH = 5
_PASSED_OVER = frozenset({"article", "adverb", "quantifier"})
_BY_FORM = frozenset({"preposition", "of", "for", "sign", "copula", "conjunction"})
_OWN = frozenset({"before", "after"})
_PATHED = frozenset({"before", "earlier", "label"})

Names = list[list[str]]


@dataclass(slots=True)
class WordFeatures:
    """For each word of a segment, its features as a first word, as a last word and inside a name."""

    starts: Names
    ends: Names
    inside: Names


@dataclass(frozen=True, slots=True)
class Trait:
    """What features ask of a mention: what kind of thing its unit measures, its operator, and where its cue stands."""

    dimension: str
    comparator: str
    cue: tuple[int, int]
    measured: frozenset[str]

    @classmethod
    def of(cls, mention: Mention, dimension: str) -> Trait:
        """Return the traits of a mention."""
        cue = (-1, -1)
        if mention.cue_start is not None and mention.cue_end is not None:
            cue = (mention.cue_start, mention.cue_end)
        return cls(dimension, mention.op.value if mention.op else "=", cue, unit_dimensions(mention.unit))


def shared_features(segment: Segment) -> WordFeatures:
    """Return the features that hold whatever the number is."""
    place, words = segment.place, segment.words
    group, count = group_of(place), len(segment.words)
    paths = _paths(words, back=place == "after") if place == "after" or group in _PATHED else []
    found = WordFeatures([], [], [])
    for k, word in enumerate(words):
        p_form, p_kind = (words[k - 1].form, words[k - 1].kind) if k else ("^", "^")
        n_form, n_kind = (words[k + 1].form, words[k + 1].kind) if k + 1 < count else ("$", "$")
        starts = [
            f"start:{place}",
            f"start:{place}|{p_kind}|{word.kind}",
            f"start:{group}|{p_form}",
            f"start:{p_form}|",
            f"start:|{word.form}",
            f"start:{group}@{_near(k)}",
            f"start:{group}|{p_kind}",
        ]
        ends = [
            f"end:{place}|{word.kind}|{n_kind}",
            f"end:{group}|{n_form}",
            f"end:{n_form}|",
            f"end:|{word.form}",
            f"end:{word.shape}",
            f"end:{group}@{_near(count - 1 - k)}",
        ]
        if place == "after":
            starts.append(f"path:{paths[k]}")
        elif paths:
            ends.append(f"path:{group}|{paths[k]}")
        found.starts.append(starts)
        found.ends.append(ends)
        found.inside.append([f"in:{word.kind}", f"in:|{word.form}", f"in:{group}|{word.kind}"])
    return found


def own_features(segment: Segment, trait: Trait, known: Sequence[tuple[int, int, frozenset[str]]]) -> WordFeatures:
    """Return the features that depend on the number. `known` are the metrics named in the segment."""
    place, words, dimension = segment.place, segment.words, trait.dimension
    group, count = group_of(place), len(segment.words)
    paths = _paths(words, back=place == "after") if place == "after" or group in _PATHED else []
    found = WordFeatures([], [], [])
    for k, word in enumerate(words):
        p_form, p_kind = (words[k - 1].form, words[k - 1].kind) if k else ("^", "^")
        n_kind = words[k + 1].kind if k + 1 < count else "$"
        starts = [
            f"start:{group}|{dimension}",
            f"start:{group}|{trait.comparator}",
            f"start:{dimension}|{p_form}",
            f"start:{group}|{dimension}|{p_kind}",
        ]
        ends = [f"end:{dimension}|{word.form}", f"end:{dimension}|{word.shape}", f"end:{group}|{dimension}|{n_kind}"]
        if place == "after":
            starts.append(f"path:{dimension}|{paths[k]}")
        elif paths:
            ends.append(f"path:{group}|{dimension}|{paths[k]}")
        inside = [f"in:{dimension}|{word.form}"]
        if place in _OWN and trait.cue[0] <= word.start < trait.cue[1]:
            inside.append("in:cue")
        found.starts.append(starts)
        found.ends.append(ends)
        found.inside.append(inside)
    for first, last, measured in known:
        fit = "fit" if measured & trait.measured else "unfit"
        found.starts[first] += (f"start:known:{fit}", f"start:known:{fit}|{group}")
        found.ends[last] += (f"end:known:{fit}", f"end:known:{fit}|{group}")
        for k in range(first, last + 1):
            found.inside[k].append(f"in:known:{fit}")
    return found


def _near(distance: int) -> str:
    return str(distance) if distance < 4 else "4" if distance < _FAR else "far"


def _paths(words: Sequence[Word], *, back: bool) -> list[str]:
    """Return for each word the classes of the words between it and the number, where these are few."""
    paths: list[str] = [""] * len(words)
    kinds: list[str] = []
    for k in range(len(words)) if back else range(len(words) - 1, -1, -1):
        paths[k] = "+".join(kinds) if len(kinds) <= _LONGEST_PATH else "far"
        word = words[k]
        kind = word.form if word.kind in _BY_FORM else word.kind
        if kind not in _PASSED_OVER and (not kinds or kinds[-1] != kind) and len(kinds) <= _LONGEST_PATH:
            kinds.append(kind)
    return paths
