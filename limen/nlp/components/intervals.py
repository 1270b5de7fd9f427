"""Reads intervals that need no number: "inspected weekly", "every other year", "each quarter"; and "5 % yearly" as a rate."""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal

from spacy.tokens import Doc

from limen.domain.threshold import Comparator
from limen.nlp.dimensions import is_time
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention
from limen.nlp.occurrences import Expressions

_BACK = 24


class Intervals:
    """Adds a mention for each interval in words outside of masks and other mentions."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "frequencies")
        self._adverbs: dict[str, list[str]] = grammar["adverbs"]
        self._periods: dict[str, list[str]] = grammar["periods"]
        self._ordinals: dict[str, int] = grammar["ordinals"]
        rules = grammar["interval"]
        words = "|".join(sorted(self._adverbs, key=len, reverse=True))
        periods = "|".join(sorted((name for name in self._periods if not name.endswith("s")), key=len, reverse=True))
        adverb = re.compile(rf"(?<![\w-])(?P<word>{words})(?![\w-])", re.IGNORECASE)
        self._after = re.compile(rules["after"], re.IGNORECASE)
        self._before = re.compile(rules["before"], re.IGNORECASE)
        every = re.compile(rules["every"].replace("{periods}", periods), re.IGNORECASE)
        self._sought = Expressions((adverb, every))
        self._rated = re.compile(rules["rated"], re.IGNORECASE)

    def __call__(self, doc: Doc) -> Doc:
        """Read the intervals of one text."""
        text: str = doc._.folded
        mentions: list[Mention] = doc._.mentions
        found = [*self._adverbial(text, mentions), *self._periodic(text)]
        taken = sorted([(mention.start, mention.end) for mention in mentions] + [mask[:2] for mask in doc._.masks])
        starts = [start for start, _ in taken]
        for interval in sorted(found, key=lambda mention: mention.start):
            place = bisect_right(starts, interval.end - 1)
            if not any(end > interval.start for _, end in taken[max(0, place - 2) : place]):
                mentions.append(interval)
        doc._.mentions = sorted(mentions, key=lambda mention: mention.start)
        return doc

    def _adverbial(self, text: str, mentions: list[Mention]) -> list[Mention]:
        found = []
        ends = {mention.end: mention for mention in mentions}
        for match in self._sought.over(text).every(0):
            factor, unit = self._adverbs[match["word"].lower()]
            amount = ends.get(match.start() - 1)
            if (
                amount is not None
                and amount.unit is not None
                and not is_time(amount.unit)
                and factor == "1"
                and not _is_multiple(amount)
            ):
                # "five per cent yearly", "2.40 dollars monthly"
                if "/" not in amount.unit and amount.unit != "times":
                    amount.unit, amount.end = f"{amount.unit}/{unit}", match.end()
                continue
            before = text[max(0, match.start() - _BACK) : match.start()]
            if self._after.match(text, match.end()) and not self._before.search(before):
                found.append(_interval(match, Decimal(factor), unit))
        return found

    def _periodic(self, text: str) -> list[Mention]:
        found = []
        for match in self._sought.over(text).every(1):
            if self._rated.search(text, max(0, match.start() - _BACK), match.start()):
                continue
            factor, unit = self._periods[match["period"].lower()]
            count = self._ordinals.get((match["ordinal"] or "").lower(), 1)
            found.append(_interval(match, Decimal(factor) * count, unit))
        return found


def _is_multiple(mention: Mention) -> bool:
    return (mention.unit or "").partition("/")[0] in {"dimensionless", "piece", "times", "1"}


def _interval(match: re.Match[str], value: Decimal, unit: str) -> Mention:
    return Mention(
        start=match.start(),
        end=match.end(),
        value=value,
        unit=unit,
        unit_start=match.start(),
        unit_end=match.end(),
        op=Comparator.AT_MOST,
        cue_start=match.start(),
        cue_end=match.end(),
        frequency=True,
    )
