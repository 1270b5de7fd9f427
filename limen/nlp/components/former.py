"""Finds the old values that a text names at some distance from the new one: "(formerly 5 %)", "until now 30 days", 此前为5%."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from spacy.tokens import Doc

from limen.nlp.components.previous import restated, same_kind
from limen.nlp.dimensions import is_fraction
from limen.nlp.former_words import former_words
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention
from limen.nlp.segments import Segments

_BACK = 90
_FAR = 160
"""The longest stretch between an old value and its new one."""
_MOST = 5
_HEAD = 40
_OPENING = 60
"""How far into its sentence an old value may stand whose new one is in the sentence before."""
_BEFORE_CELL = re.compile(r".*[|\n]", re.DOTALL)


class Former:
    """Sets `previous` of new values and drops the mentions of the old ones that words mark as such."""

    def __init__(self, code: str) -> None:
        self._words = former_words(code)
        self._gap = re.compile(load_grammar(code, "ranges")["old_gap"], re.IGNORECASE)

    def __call__(self, doc: Doc) -> Doc:
        """Find the old values of one text."""
        text: str = doc._.folded
        segments: Segments = doc._.segments
        mentions: list[Mention] = doc._.mentions
        dropped = self._amended(text, mentions)
        marked = {
            index
            for index, mention in enumerate(mentions)
            if index not in dropped
            and not self._words.no_value.fullmatch(text, mention.start, mention.end)
            and (self._is_old(text, segments, mention) or self._follows(text, mentions[index - 1], mention))
        }
        for group in self._groups(text, mentions, marked):
            news = self._news(text, segments, mentions, group, marked)
            for new, index in zip(news, group, strict=False):
                new.previous = restated(new, mentions[index])
                dropped.add(index)
        doc._.mentions = [mention for index, mention in enumerate(mentions) if index not in dropped]
        return doc

    def _is_old(self, text: str, segments: Segments, mention: Mention) -> bool:
        """Tell whether the words around a number call it the old value."""
        if mention.value_max is not None or mention.previous is not None or mention.in_table:
            return False
        start, end = segments.sentence(mention.start)
        before = _BEFORE_CELL.sub("", text[max(start, mention.start - _BACK) : mention.start])
        if start >= mention.start - _BACK:
            before = before.lstrip()
        if self._words.marked.search(before):
            return True
        after = text[mention.end : min(end, mention.end + _BACK)]
        if self._words.told.match(after):
            return True
        return any(
            opening.search(before) and closing.match(after)
            for opening, closing in (
                (self._words.pointed, self._words.still),
                (self._words.set_against, self._words.closed),
            )
        )

    def _amended(self, text: str, mentions: list[Mention]) -> set[int]:
        """Settle the old values that an amendment puts before the new ones, and return their places."""
        found = set()
        for index, (old, new) in enumerate(pairwise(mentions)):
            between = text[old.end : new.start] if new.start - old.end <= _FAR else ""
            if (
                self._words.amending.search(between)
                and self._words.amended.fullmatch(between)
                and old.value_max is None
                and _fits(new, old)
            ):
                new.previous = restated(new, old)
                found.add(index)
        return found

    def _follows(self, text: str, new: Mention, old: Mention) -> bool:
        """Tell whether an old value stands right behind its new one, whose unit was found only now."""
        return (
            new.start < old.start <= new.end + _BACK
            and not old.in_table
            and old.value_max is None
            and self._gap.fullmatch(text, new.end, old.start) is not None
        )

    def _groups(self, text: str, mentions: list[Mention], marked: set[int]) -> Iterator[list[int]]:
        """Yield the places of old values, those of one list together: "from three and eight"."""
        taken = -1
        for index in sorted(marked):
            if index <= taken:
                continue
            group = [index]
            while group[-1] + 1 < len(mentions):
                last, following = mentions[group[-1]], mentions[group[-1] + 1]
                if following.value_max is not None or not self._words.listed.fullmatch(text, last.end, following.start):
                    break
                group.append(group[-1] + 1)
            taken = group[-1]
            yield group

    def _news(
        self, text: str, segments: Segments, mentions: list[Mention], group: list[int], marked: set[int]
    ) -> list[Mention]:
        """Return the new values of a list of old ones, in order: as many before it; else the nearest of the first."""
        count = len(group)
        if count > 1:
            earlier = [mentions[index] for index in range(max(0, group[0] - _MOST), group[0]) if index not in marked]
            chosen = earlier[-count:]
            pairs = zip(chosen, group, strict=False)
            fits = len(chosen) == count and all(_fits(new, mentions[index]) for new, index in pairs)
            if fits and _is_near(text, chosen[0], mentions[group[0]]):
                return chosen
        near = self._nearest(text, segments, mentions, group[0], marked)
        return [] if near is None else [near]

    def _nearest(
        self, text: str, segments: Segments, mentions: list[Mention], place: int, marked: set[int]
    ) -> Mention | None:
        """Return the new value of an old one.

        It is the nearest before it in its sentence; behind it where the old one opens the sentence or is put in between;
        else the last number of the sentence before.
        """
        old = mentions[place]
        start, end = segments.sentence(old.start)
        earlier = [mentions[index] for index in range(place - 1, max(-1, place - _MOST), -1) if index not in marked]
        later = [
            mentions[index] for index in range(place + 1, min(len(mentions), place + _MOST)) if index not in marked
        ]
        is_opening = old.start - start <= _OPENING
        inside = [new for new in earlier if new.start >= start]
        behind = [new for new in later if new.start < end] if _is_ahead(text, start, old) or not earlier else []
        last = [new for new in earlier if new.unit is not None]
        for news in (inside, behind, last[: 1 if _is_bare(old) else _MOST] if is_opening else []):
            for new in news:
                if not _is_near(text, new, old):
                    break
                if _fits(new, old):
                    return new
                if new.value_max is not None and new.unit == old.unit:
                    return None
        return None


def _is_ahead(text: str, start: int, old: Mention) -> bool:
    """Tell whether an old value stands at the head of its sentence or between commas, so that the new one may follow."""
    return old.start - start <= _HEAD or text[old.end : old.end + 1] in {",", "，"}


def _is_near(text: str, first: Mention, second: Mention) -> bool:
    low, high = sorted((first, second), key=lambda mention: mention.start)
    between = text[low.end : high.start]
    return len(between) <= _FAR and "\n" not in between and "|" not in between


def _fits(new: Mention, old: Mention) -> bool:
    """Tell whether an old value can be that of a new one: of the same kind, or bare and so of any."""
    if new.unit is None or new.previous is not None or new.value_max is not None:
        return False
    return old.unit is None or _is_bare(old) or _same_sort(new.unit, old.unit)


def _same_sort(new: str, old: str) -> bool:
    return same_kind(new, old) and is_fraction(new.partition("/")[0]) == is_fraction(old.partition("/")[0])


def _is_bare(mention: Mention) -> bool:
    """Tell whether a number has no unit of its own, whatever it may have been given for its neighbours' sake."""
    return mention.unit is None or (mention.unit_start >= mention.unit_end and mention.unit != "dimensionless")
