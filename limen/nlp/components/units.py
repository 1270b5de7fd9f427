"""Gives each number its unit: after it, before it (currencies), or shared with a later member of its list."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from limen.nlp.dimensions import is_time
from limen.nlp.language_data import load_grammar
from limen.nlp.measures import Unit, unit_reader
from limen.nlp.mention import Mention
from limen.nlp.numerals import Numeral

# "half a year", "half an hour"
_ARTICLE = re.compile(r" an? ")
_YEARS = range(1900, 2101)


class Units:
    """Sets `doc._.mentions`: one for each number; `unit` stays None where the text writes none."""

    def __init__(self, code: str) -> None:
        self._reader = unit_reader(code)
        grammar = load_grammar(code, "ranges")
        self._list_gap = re.compile(grammar["list_gap"], re.IGNORECASE)

    def __call__(self, doc: Doc) -> Doc:
        """Read the units of one text."""
        text: str = doc._.folded
        national = self._reader.is_national(text)
        mentions: list[Mention] = []
        for numeral in doc._.numerals:
            mention = self._mention(text, numeral, national=national)
            if mention is not None and not (mentions and mention.start < mentions[-1].end):
                mentions.append(mention)
        self._share(text, mentions)
        doc._.mentions = [mention for mention in mentions if not _is_year(text, mention)]
        return doc

    def _mention(self, text: str, numeral: Numeral, *, national: bool) -> Mention | None:
        start, end, value = numeral.start, numeral.end, numeral.value
        before = self._reader.before(text, start)
        attributive = text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha()
        if before is not None:
            name, unit_end = before.name, end
            rate = self._reader.divisor(text, end, national=national)
            if rate is not None:
                name, unit_end = f"{name}/{rate[0]}", rate[1]
            return Mention(
                start=before.start,
                end=unit_end,
                value=value,
                scale=numeral.scale,
                unit=name,
                unit_start=before.start,
                unit_end=before.end,
            )
        if numeral.unit is not None:
            return Mention(start=start, end=end, value=value, unit=numeral.unit, unit_start=end, unit_end=end)
        unit: Unit | None = self._reader.after(text, end + attributive, national=national)
        if unit is None and numeral.spelled and numeral.value < 1 and (article := _ARTICLE.match(text, end)):
            unit = self._reader.after(text, article.end(), national=national)
            unit = unit if unit is not None and is_time(unit.name) else None
        if unit is None:
            if attributive:
                return None
            return Mention(start=start, end=end, value=value, scale=numeral.scale, unit_start=end, unit_end=end)
        return Mention(
            start=start,
            end=unit.end,
            value=value * unit.factor,
            scale=numeral.scale,
            unit=unit.name,
            unit_start=unit.start,
            unit_end=unit.end,
            note=unit.note,
            attributive=attributive,
        )

    def _share(self, text: str, mentions: list[Mention]) -> None:
        """Carry a unit back over "20, 30 and 40 mg/L"."""
        for index in range(len(mentions) - 2, -1, -1):
            mention, following = mentions[index], mentions[index + 1]
            if mention.unit is not None or _is_year(text, mention) or following.unit is None or following.attributive:
                continue
            gap = text[mention.end : following.start]
            if len(gap) <= 12 and self._list_gap.fullmatch(gap):
                mention.unit, mention.note = following.unit, following.note
                mention.unit_start, mention.unit_end = following.unit_start, following.unit_end


def _is_year(text: str, mention: Mention) -> bool:
    """Tell whether a bare number of four digits is a year of our time rather than a quantity."""
    written = text[mention.start : mention.end]
    return mention.unit is None and len(written) == 4 and written.isdecimal() and mention.value in _YEARS
