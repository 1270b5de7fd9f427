"""Carries an operator on: along an enumeration, and down from a lead-in or a heading to the items below it."""

from __future__ import annotations

from spacy.tokens import Doc

from limen.domain.threshold import Comparator
from limen.nlp.comparator_cues import Cue, cue_finder
from limen.nlp.dimensions import alike
from limen.nlp.mention import Mention
from limen.nlp.segments import Segments

_ITEM_MARKS = ("-", "*", "+", "•", "·")
_LEAD_IN_ENDS = (":", "：", "——", "—")
_LINES_BACK = 40


class Inheritance:
    """Sets `op` and `inherited` of mentions whose own clause has no comparator."""

    def __init__(self, code: str) -> None:
        self._cues = cue_finder(code)

    def __call__(self, doc: Doc) -> Doc:
        """Carry the operators of one text on."""
        text: str = doc._.folded
        segments: Segments = doc._.segments
        source: Mention | None = None
        source_end = -1
        for mention in doc._.mentions:
            _, sentence_end = segments.sentence(mention.start)
            same_sentence = source is not None and source_end == sentence_end
            if mention.op is None and mention.unit is not None and not mention.in_table:
                if same_sentence and source is not None and alike(source.unit, mention.unit):
                    _inherit(mention, source.op)
                else:
                    self._from_above(text, segments, mention)
            if (
                mention.op is not None
                and mention.op is not Comparator.BETWEEN
                and not mention.in_table
                and _leads(mention)
            ):
                source, source_end = mention, sentence_end
        return doc

    def _from_above(self, text: str, segments: Segments, mention: Mention) -> None:
        for start, end in _lead_ins(text, segments, mention.start):
            cue = self._last_cue(text[start:end])
            if cue is not None:
                _inherit(mention, cue.op)
                return

    def _last_cue(self, lead_in: str) -> Cue | None:
        cues = [cue for cue in self._cues.before(lead_in) if not cue.time_only]
        return cues[-1] if cues else None


def _leads(mention: Mention) -> bool:
    """Tell whether the operator stands before its number: one behind it ("or more", 以上) is for that number alone."""
    return mention.inherited or (mention.cue_start is not None and mention.cue_start < mention.start)


def _inherit(mention: Mention, op: Comparator | None) -> None:
    if op is not None:
        mention.op, mention.inherited, mention.weak = op, True, True


def _lead_ins(text: str, segments: Segments, position: int) -> list[tuple[int, int]]:
    """Return the line that introduces the list a position stands in, and the headings over it, nearest first."""
    found: list[tuple[int, int]] = []
    start, _ = segments.line(position)
    in_list = text[start : start + 4].lstrip().startswith(_ITEM_MARKS) or text[start : start + 4].strip()[:1].isdigit()
    for _ in range(_LINES_BACK):
        if start == 0:
            break
        start, end = segments.line(start - 1)
        line = text[start:end].strip()
        if line.startswith("#"):
            found.append((start, end))
            break
        if in_list and not found and line.endswith(_LEAD_IN_ENDS):
            found.append((start, end))
    return found
