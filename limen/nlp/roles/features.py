"""What is known of a number by which its part in the text is decided: names of features that hold for it.

A feature is a short string such as "p2=shall exceed" (the two words before) or "k=time" (the kind of the unit). The model
has a weight for each that it met often enough; others count for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from spacy.tokens import Doc

from limen.nlp.dimensions import unit_kinds
from limen.nlp.mention import Mention
from limen.nlp.roles.cues import CueReader, heading_over
from limen.nlp.roles.words import chinese_words, english_words, pairs, without_numbers
from limen.nlp.structure import Block, Structure

_SIDE = 160
"""Code points before and after a number in which words are counted."""
_LEAD = 120
_SIBLINGS = 4
_EARLIER = 6
"""Numbers before a number among which the last one with its unit is sought."""
_FAR = 2
"""Lines from which on it does not matter how many lie between two numbers."""
_NEAR = ("p1=", "p2=", "n1=", "bn:", "an:", "b2n:", "a2:")
"""Features of the nearest words, which also count together with the kind of the unit: "for" means one thing before five
years and another before five euros.
"""


class NumberFeatures:
    """Names the features of the numbers of a language."""

    def __init__(self, code: str) -> None:
        self._cues = CueReader(code)
        self._chinese = code == "zh"
        self._cut = chinese_words if self._chinese else english_words

    def of(self, doc: Doc) -> list[list[str]]:
        """Return the features of each mention of a text, in their order."""
        mentions: list[Mention] = doc._.mentions
        cues = self._cues.over(doc)
        return [
            [
                *(f"c:{name}" for name in cues.of(mention)),
                *_own(mention, doc._.folded),
                *_with_kind(mention, self._around(doc, mention)),
                *self._above(doc, mention),
                *_beside(doc, mentions, index),
                *_alike(doc, mentions, index),
            ]
            for index, mention in enumerate(mentions)
        ]

    def _around(self, doc: Doc, mention: Mention) -> Iterator[str]:
        """Yield the words before and after the number and its comparator, within the sentence."""
        text, (low, high) = doc._.folded, doc._.segments.sentence(mention.start)
        start, end = _with_comparator(mention)
        before = self._cut(text[max(low, start - _SIDE) : start])
        after = self._cut(text[end : min(high, end + _SIDE)])
        joint = "" if self._chinese else " "
        for count in range(1, 5 if self._chinese else 4):
            yield f"p{count}={joint.join(before[-count:])}"
            yield f"n{count}={joint.join(after[:count])}"
        if self._chinese:
            yield from (f"b2:{pair}" for pair in pairs(before[-30:]))
            yield from (f"b2n:{pair}" for pair in pairs(before[-10:]))
            yield from (f"a2:{pair}" for pair in pairs(after[:16]))
            wide = before[-30:]
            yield from (f"b3:{''.join(wide[index : index + 3])}" for index in range(len(wide) - 2))
        else:
            yield from (f"bn:{word}" for word in before[-6:])
            yield from (f"b:{word}" for word in before[-25:])
            yield from (f"an:{word}" for word in after[:4])
            yield from (f"a:{word}" for word in after[:18])
            near = before[-16:]
            yield from (f"bb:{first} {second}" for first, second in pairwise(near))
            near = after[:10]
            yield from (f"ab:{first} {second}" for first, second in pairwise(near))
        opening = self._cut(text[low : low + 40])[:2]
        yield f"ss:{' '.join(opening[:1])}"
        yield f"ss2:{' '.join(opening)}"

    def _above(self, doc: Doc, mention: Mention) -> Iterator[str]:
        """Yield the words of the heading, the title, the lead-in, and of what labels a table's cell."""
        text, structure = doc._.folded, doc._.structure
        yield from self._named("h", text[slice(*heading_over(text, mention.start))])
        yield from self._named("t", doc._.folded_title)
        index = structure.block_index(mention.start)
        if index is None:
            return
        block = structure.blocks[index]
        yield f"blk={block.kind.value}"
        if block.lead_in is not None:
            yield "has_lead"
            yield from self._named("l", structure.body(block.lead_in)[-_LEAD:])
        if block.table is not None:
            yield from self._labels(structure, block, index)

    def _labels(self, structure: Structure, block: Block, index: int) -> Iterator[str]:
        assert block.table is not None
        table = structure.tables[block.table]
        yield f"col={min(block.column, 5)}"
        for row in table.header:
            for cell in row:
                if structure.blocks[cell].column == block.column:
                    yield from self._named("col", structure.body(cell))
        if block.column and block.row >= len(table.header):
            first = table.rows[block.row - len(table.header)][0]
            if first != index:
                yield from self._named("row", structure.body(first))
        for caption in table.captions[:1]:
            yield from self._named("cap", structure.body(caption))

    def _named(self, place: str, text: str) -> list[str]:
        words = self._cut(text)
        return [f"{place}:{word}" for word in (pairs(words) if self._chinese else words)]


def _with_kind(mention: Mention, features: Iterable[str]) -> Iterator[str]:
    """Yield features, those of the nearest words once more with the kind of the unit."""
    kind = _kind(mention)
    for feature in features:
        yield feature
        if feature.startswith(_NEAR):
            yield f"k={kind}|{feature}"


def _kind(mention: Mention) -> str:
    return next(iter(unit_kinds(mention.unit) - {"any"}), "none")


def _with_comparator(mention: Mention) -> tuple[int, int]:
    start, end = mention.start, mention.end
    if mention.cue_start is not None and mention.cue_end is not None:
        start, end = min(start, mention.cue_start), max(end, mention.cue_end)
    return start, end


def _own(mention: Mention, text: str) -> Iterator[str]:
    """Yield what the number, its unit and its comparator say."""
    kind = _kind(mention)
    operator = "none" if mention.op is None else mention.op.value
    state = operator + "~" * mention.weak + "^" * mention.inherited
    usual = "none" if mention.usual is None else mention.usual.value
    yield f"st={state}"
    yield f"usual={usual}"
    yield f"st={state}&usual={usual}"
    if mention.cue_start is not None:
        yield f"cue={without_numbers(text[mention.cue_start : mention.cue_end])[:30]}"
    yield f"u={mention.unit}"
    yield f"k={kind}"
    yield f"k={kind}&{'stated' if mention.op is not None else 'unstated'}"
    if mention.value_max is not None:
        yield "range"
    yield f"size={kind}:{max(mention.value.adjusted(), -3)}"
    if mention.value == mention.value.to_integral_value():
        yield "whole"
    for name in ("sign", "label", "frequency", "attributive", "measured", "in_table"):
        if getattr(mention, name):
            yield name
    if mention.previous is not None:
        yield "previous"


def _beside(doc: Doc, mentions: Sequence[Mention], index: int) -> Iterator[str]:
    """Yield what the other numbers of the sentence are like."""
    mention = mentions[index]
    low, high = doc._.segments.sentence(mention.start)
    near = mentions[max(0, index - _SIBLINGS) : index + _SIBLINGS + 1]
    siblings = [other for other in near if other is not mention and low <= other.start < high]
    yield f"siblings={min(len(siblings), 4)}"
    stated = any(other.op is not None and not other.weak for other in siblings)
    if stated:
        yield "stated_sibling"
    if mention.frequency:
        # "no less than 3 % of revenue each year": the period belongs to the other number.
        yield f"frequency&{'stated' if stated else 'other' if siblings else 'alone'}"
    if index and mentions[index - 1] in siblings:
        earlier = mentions[index - 1]
        yield f"before={'none' if earlier.op is None else earlier.op.value}{'~' * earlier.weak}"
        yield f"same_unit={earlier.unit == mention.unit}"


def _alike(doc: Doc, mentions: Sequence[Mention], index: int) -> Iterator[str]:
    """Yield how a number compares with its neighbours: what is left out is often said of the one before or behind."""
    mention, own = mentions[index], _written(mentions[index])
    for name, place in (("prior", index - 1), ("next", index + 1)):
        if 0 <= place < len(mentions):
            other = mentions[place]
            where = _distance(doc, *sorted((other.start, mention.start)))
            yield f"{name}={_written(other)}&{other.unit == mention.unit}&{where}&{own}"
    for other in reversed(mentions[max(0, index - _EARLIER) : index]):
        if other.unit == mention.unit and other.op is not None:
            lines = min(doc._.folded.count("\n", other.start, mention.start), _FAR)
            yield f"like={_written(other)}&{own}&{lines}"
            return


def _written(mention: Mention) -> str:
    """Return the operator of a number; "~" marks one that words at some distance or elsewhere give."""
    return "none" if mention.op is None else mention.op.value + "~" * (mention.weak or mention.inherited)


def _distance(doc: Doc, first: int, second: int) -> str:
    if second < doc._.segments.sentence(first)[1]:
        return "sentence"
    return "line" if doc._.folded.count("\n", first, second) < _FAR else "far"
