"""Decides the part each number plays, and the operator of those that are requirements, by a fitted model."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from limen.domain.sighting import QuantityRole
from limen.domain.threshold import Comparator
from limen.nlp.dimensions import dimension, is_fraction
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention
from limen.nlp.roles.cues import CueReader
from limen.nlp.roles.features import NumberFeatures
from limen.nlp.roles.model import load_model

ENOUGH = 0.5
"""The certainty from which on a number is a requirement."""


_WHOLE = 100
_OF_PLACES = frozenset({"meter", "meter ** 2"})


class Roles:
    """Sets `role`, `certainty` and `op` of each mention. A sign beside the number and a table's label are not overruled."""

    def __init__(self, code: str) -> None:
        """Load the model of a language. Raises `FileNotFoundError` if it has none."""
        self._features, self._model = NumberFeatures(code), load_model(code)
        grammar = load_grammar(code, "roles")
        self._named = re.compile(grammar.get("named", "(?!)"))
        self._coordinates = re.compile(grammar["coordinates"])
        self._against = {cue.name: cue.role for cue in CueReader(code).cues if cue.role is not QuantityRole.REQUIREMENT}

    def __call__(self, doc: Doc) -> Doc:
        """Settle the roles of one text."""
        for mention, features in zip(doc._.mentions, self._features.of(doc), strict=True):
            judgement = self._model.judge(features, written=written_operator(mention))
            mention.certainty = judgement.certainty
            if judgement.certainty >= ENOUGH:
                mention.role = QuantityRole.REQUIREMENT
            else:
                mention.role = self._other(features)
            if mention.op is not Comparator.BETWEEN and not _is_settled(mention):
                mention.op = judgement.op
                if mention.op is Comparator.AT_MOST and _is_whole(mention):
                    mention.op = Comparator.AT_LEAST
            if _bounds_nothing(mention) or self._named.match(doc._.folded, max(0, mention.start - 1)):
                mention.role = QuantityRole.OTHER
            if mention.is_requirement and self._describes_a_place(mention, doc._.folded):
                mention.role = QuantityRole.IDENTIFIER
        return doc

    def _describes_a_place(self, mention: Mention, text: str) -> bool:
        """Tell whether a length or an area stands in a line with coordinates, and no word beside it makes a limit of it."""
        if dimension(mention.unit) not in _OF_PLACES or written_operator(mention) is not None:
            return False
        start = text.rfind("\n", 0, mention.start) + 1
        end = text.find("\n", mention.end)
        return self._coordinates.search(text, start, len(text) if end < 0 else end) is not None

    def _other(self, features: list[str]) -> QuantityRole:
        """Name the part of what is no requirement by the word class that speaks most against one."""
        cues = [feature[2:] for feature in features if feature[:2] == "c:" and feature[2:] in self._against]
        strongest = min(cues, key=lambda name: self._model.weight(f"c:{name}"), default=None)
        return QuantityRole.OTHER if strongest is None else self._against[strongest]


def _is_whole(mention: Mention) -> bool:
    """Tell whether a mention is all of a thing, which is no limit where neither words beside it nor a table say so."""
    stated = mention.in_table or written_operator(mention) is not None
    return mention.unit == "percent" and mention.value == _WHOLE and not stated


def _bounds_nothing(mention: Mention) -> bool:
    """Tell whether a mention is a share of at least nought, the "nil" of a year without a target."""
    return mention.value == 0 and mention.op is Comparator.AT_LEAST and is_fraction(mention.unit)


def _is_settled(mention: Mention) -> bool:
    """Tell whether a sign, or the label of a table, leaves no doubt about the operator."""
    return mention.op is not None and (mention.labelled or (mention.sign and not mention.weak))


def written_operator(mention: Mention) -> Comparator | None:
    """Return the operator that words beside the number say outright; None where it is weak or comes from elsewhere."""
    return None if mention.weak or mention.inherited else mention.op
