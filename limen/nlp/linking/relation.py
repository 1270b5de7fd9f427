"""What the place of the metric says about words as a name of the subject."""

from __future__ import annotations

from limen.nlp.linking.case import Case
from limen.nlp.linking.features import WordFeatures

_NEXT = 2


def metric_features(case: Case) -> WordFeatures:
    """Return features of all words of a case by where they stand to the chosen metric."""
    found = WordFeatures([], [], [])
    spans, span = case.spans, case.metric.span
    own = None if span is None else spans.segment_of[span[0]]
    elsewhere = case.metric.origin if span is None else spans.place(span[0])
    count = len(spans.words)
    for k, number in enumerate(spans.segment_of):
        where = elsewhere if span is None or number != own else _side(k, span)
        place = spans.segments[number].place
        before = spans.words[k - 1].kind if k and spans.segment_of[k - 1] == number else "^"
        after = spans.words[k + 1].kind if k + 1 < count and spans.segment_of[k + 1] == number else "$"
        found.starts.append(
            [f"start:metric:{where}", f"start:metric:{place}|{where}", f"start:metric:{place}|{where}|{before}"]
        )
        found.ends.append([f"end:metric:{where}", f"end:metric:{place}|{where}", f"end:metric:{place}|{where}|{after}"])
        found.inside.append([f"in:metric:{where}", f"in:metric:{place}|{where}"])
    return found


def _side(word: int, span: tuple[int, int]) -> str:
    first, last = span
    if word < first:
        apart = first - word
        return f"-{apart}" if apart <= _NEXT else "-"
    apart = word - last
    return "within" if apart <= 0 else f"+{apart}" if apart <= _NEXT else "+"
