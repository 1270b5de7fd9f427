"""Gives each number the operator that its own clause states."""

from __future__ import annotations

from bisect import bisect_right

from spacy.tokens import Doc

from limen.domain.threshold import Comparator
from limen.nlp.comparator_cues import Cue, cue_finder
from limen.nlp.dimensions import is_time
from limen.nlp.mention import Mention
from limen.nlp.segments import Segments

_CANDIDATES = 10
_LONGEST_FILLER = 60
_STOPS = frozenset("。；;\n|！？")
_CLAUSE_STOPS = frozenset(",，")


class Comparators:
    """Sets `op`, the cue span and `weak_cue` of each mention."""

    def __init__(self, code: str) -> None:
        self._cues = cue_finder(code)

    def __call__(self, doc: Doc) -> Doc:
        """Assign the operators of one text."""
        text: str = doc._.folded
        segments: Segments = doc._.segments
        cues = self._cues.before(text)
        ends = [cue.end for cue in cues]
        floor = 0
        for mention in doc._.mentions:
            sentence_start, _ = segments.sentence(mention.start)
            after = self._cues.after(text, mention.end, sentence_start)
            if after is not None and after.time_only and not is_time(mention.unit):
                after = None
            last = bisect_right(ends, mention.start)
            near = cues[max(0, last - _CANDIDATES) : last]
            before = self._before(text, near, mention, max(sentence_start, floor))
            _assign(mention, before, after)
            floor = mention.end
        return doc

    def _before(self, text: str, cues: list[Cue], mention: Mention, floor: int) -> Cue | None:
        """Return the best cue in front of a mention: the nearest strong one, else the nearest weak one."""
        weak: Cue | None = None
        for cue in reversed(cues):
            if cue.end < floor:
                break
            if cue.time_only and not is_time(mention.unit):
                continue
            between = text[cue.end : mention.start]
            if not self._reaches(cue, between):
                continue
            if not cue.weak:
                return cue
            weak = weak or cue
        return weak

    def _reaches(self, cue: Cue, between: str) -> bool:
        if len(between) > max(cue.gap, _LONGEST_FILLER) or not _STOPS.isdisjoint(between):
            return False
        if self._cues.is_filler(between):
            return True
        if len(between) > cue.gap:
            return False
        return cue.weak or _CLAUSE_STOPS.isdisjoint(between)


def _assign(mention: Mention, before: Cue | None, after: Cue | None) -> None:
    if mention.op is Comparator.BETWEEN:
        cue = before if before is not None and not before.weak else None
        if cue is not None:
            mention.cue_start, mention.cue_end = cue.start, cue.end
        return
    chosen = after if after is not None and not (after.time_only and before and not before.weak) else before
    if chosen is None:
        return
    mention.op, mention.weak = chosen.op, chosen.weak
    mention.cue_start, mention.cue_end = chosen.start, chosen.end
    mention.sign = chosen.sign
    if after is not None and chosen is after and before is not None and not before.weak:
        mention.cue_start = before.start if before.op.is_lower_bound == after.op.is_lower_bound else after.start
