"""Carries an operator on: along an enumeration, and down from a lead-in or a heading to the items below it."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from limen.domain.threshold import Comparator
from limen.nlp.comparator_cues import Cue, cue_finder
from limen.nlp.dimensions import alike
from limen.nlp.mention import Mention
from limen.nlp.segments import Segments

_ITEM_MARKS = ("-", "*", "+", "•", "·")
_LEAD_IN_ENDS = (":", "：", "——", "—")
_LINES_BACK = 40
_DIGIT = re.compile(r"\d")
_TAIL = 24
_COLON = re.compile(r"[:：](?=\s|[\u4e00-\u9fff])")
_SEMICOLON = re.compile(r"[;；]")
_FULL_STOP = re.compile(r"[。\n]|\.\s")


class Inheritance:
    """Sets `op` and `inherited` of mentions whose own clause has no comparator."""

    def __init__(self, code: str) -> None:
        self._cues = cue_finder(code)

    def __call__(self, doc: Doc) -> Doc:
        """Carry the operators of one text on."""
        segments: Segments = doc._.segments
        source: Mention | None = None
        source_end = -1
        for mention in doc._.mentions:
            _, sentence_end = segments.sentence(mention.start)
            same_sentence = source is not None and source_end == sentence_end
            if mention.op is None and mention.unit is not None and not mention.in_table:
                goes_on = source is not None and (same_sentence or _is_listed(doc._.folded, source, mention))
                if goes_on and source is not None and alike(source.unit, mention.unit):
                    _inherit(mention, source.op)
                else:
                    self._from_above(doc, mention)
            if (
                mention.op is not None
                and mention.op is not Comparator.BETWEEN
                and not mention.in_table
                and _leads(mention)
            ):
                source, source_end = mention, sentence_end
        return doc

    def _from_above(self, doc: Doc, mention: Mention) -> None:
        for start, end in self._lead_ins(doc._.folded, doc._.segments, mention.start):
            cue = self._last_cue(doc, start, end)
            if cue is not None:
                _inherit(mention, cue.op)
                if self._breaks_off(doc._.folded[start:end].rstrip()):
                    mention.inherited = mention.weak = False
                return

    def _last_cue(self, doc: Doc, start: int, end: int) -> Cue | None:
        """Return the last comparator of a line that is not that of a date: "not later than 1 May, the shares shall be:"."""
        dates = [low - start for low, _, role in doc._.masks if role == "date" and start <= low < end]
        line = doc._.folded[start:end]
        cues = [
            cue
            for cue in self._cues.before(line)
            if not cue.time_only
            and not any(cue.end <= low and self._cues.is_filler(line[cue.end : low]) for low in dates)
        ]
        return cues[-1] if cues else None

    def _lead_ins(self, text: str, segments: Segments, position: int) -> list[tuple[int, int]]:
        """Return the line that introduces the list a position stands in, and the headings over it, nearest first."""
        found: list[tuple[int, int]] = []
        start, _ = segments.line(position)
        in_list = (
            text[start : start + 4].lstrip().startswith(_ITEM_MARKS) or text[start : start + 4].strip()[:1].isdigit()
        )
        for _ in range(_LINES_BACK):
            if start == 0:
                break
            start, end = segments.line(start - 1)
            line = text[start:end].strip()
            if line.startswith("#"):
                found.append((start, end))
                break
            if in_list and not found and (line.endswith(_LEAD_IN_ENDS) or self._breaks_off(line)):
                found.append((start, end))
        return found

    def _breaks_off(self, line: str) -> bool:
        """Tell whether a line ends in a comparator, whose numbers are the items below: "releases more than"."""
        if _DIGIT.search(line, max(0, len(line) - _TAIL)):
            return False  # "80 % and above" is whole
        return any(cue.end == len(line) and not cue.weak for cue in self._cues.before(line))


def _leads(mention: Mention) -> bool:
    """Tell whether the operator stands before its number: one behind it ("or more", 以上) is for that number alone."""
    return mention.inherited or (mention.cue_start is not None and mention.cue_start < mention.start)


def _is_listed(text: str, source: Mention, mention: Mention) -> bool:
    """Tell whether two numbers are parted by semicolons only, behind a colon to which the comparator of the first leads."""
    start = text.rfind("\n", 0, mention.start) + 1
    colon = _COLON.search(text, start, source.start)
    if colon is None or source.unit != mention.unit or _SEMICOLON.search(text, source.end, mention.start) is None:
        return False
    led = source.inherited or (source.cue_end is not None and source.cue_end <= colon.end())
    return led and _FULL_STOP.search(text, source.end, mention.start) is None


def _inherit(mention: Mention, op: Comparator | None) -> None:
    if op is not None:
        mention.op, mention.inherited, mention.weak = op, True, True
