"""Joins two numbers into one range, tolerance, ratio or change from an old value to a new one."""

from __future__ import annotations

import re
from decimal import Decimal

from spacy.tokens import Doc

from limen.domain.quantity import Quantity
from limen.domain.threshold import Comparator
from limen.nlp.dimensions import CURRENCIES, dimension
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention
from limen.nlp.segments import Segments

_BACK = 24
_LONGEST_GAP = 32
_LARGEST_DENOMINATOR = 10
_SIGNS = frozenset("+-")
_SHARES = frozenset({"percent", "permille"})
_WHOLES = frozenset({Decimal(10), Decimal(100)})
_SMALLEST_WHOLE = 5
_WIDEST = 50
"""How many times its lower bound a price may be; "£100 for up to 4,300; £190 to 33,000" are bands of another quantity."""
_PRECISION = Decimal("1e-9")
# "1 in 10", "1/200", "3:1" need no further sign that they are ratios; "1 to 1" and "1:30" (a clock) do.
_PLAIN_RATIO = re.compile(
    r"1 ?/ ?\d+|1 ?: ?\d+|\d+(?:\.\d+)? ?: ?1|\w+ (?:in|out of) (?:every )?\S+(?: \w+)?", re.IGNORECASE
)


class Ranges:
    """Replaces pairs in `doc._.mentions` by one mention each."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "ranges")
        self._is = {
            name: re.compile(grammar[name], re.IGNORECASE)
            for name in (
                "range_gap", "opened_gap", "opener", "tolerance_gap", "tolerance_sign", "tolerance_after",
                "ratio_gap", "ratio_cue", "among_gap", "margin_gap", "skew", "from_word", "change_gap", "change_verb",
            )
        }  # fmt: skip
        self._signed_gap = re.compile(grammar.get("signed_gap", "(?!)"), re.IGNORECASE)
        self._falling_gap = re.compile(grammar.get("falling_gap", "(?!)"), re.IGNORECASE)
        self._priced_after = re.compile(grammar.get("priced_after", "(?!)"), re.IGNORECASE)
        self._shared_after = re.compile(grammar.get("shared_after", "(?!)"), re.IGNORECASE)

    def __call__(self, doc: Doc) -> Doc:
        """Join the pairs of one text."""
        text: str = doc._.folded
        segments: Segments = doc._.segments
        joined: list[Mention] = []
        for mention in doc._.mentions:
            previous = joined[-1] if joined else None
            if previous is not None and mention.start < previous.end:
                continue
            pair = self._join(text, segments, previous, mention) if previous is not None else None
            if pair is None:
                self._skew(text, mention)
                joined.append(self._tolerance(text, mention))
            else:
                joined[-1] = pair
        doc._.mentions = joined
        return doc

    def _join(self, text: str, segments: Segments, first: Mention, second: Mention) -> Mention | None:
        gap = text[first.end : second.start]
        if len(gap) > _LONGEST_GAP or "\n" in gap or first.value_max is not None or first.attributive:
            return None
        before = text[max(0, first.start - _BACK) : first.start]
        if (ratio := self._as_ratio(text, segments, gap, first, second)) is not None:
            return ratio
        self._share_unit(text, before, gap, first, second)
        if (margin := self._margin(gap, first, second)) is not None:
            return _spanned(first, _with_unit(second, first), first.value - margin, first.value + margin)
        bounds = self._deviation(text, gap, first, second)
        if bounds is not None:
            return _spanned(first, second, *bounds)
        return self._band(text, segments, first, second)

    def _band(self, text: str, segments: Segments, first: Mention, second: Mention) -> Mention | None:
        """Return two bounds as one range, or the new value with the old one."""
        gap, before = text[first.end : second.start], text[max(0, first.start - _BACK) : first.start]
        is_change = self._is["from_word"].search(before) and self._is["change_gap"].fullmatch(gap)
        opened = self._is["opener"].search(before) and self._is["opened_gap"].fullmatch(gap)
        is_range = self._is["range_gap"].fullmatch(gap) is not None
        if second.unit is None and first.unit in _SHARES and is_range and self._falling_gap.pattern != "(?!)":
            second.unit, second.unit_end = first.unit, second.end  # 百分之三至五, -0.5%~0
        if not _alike(first, second) and not ((opened or is_range) and _restate(first, second)):
            return None
        if first.previous is None and is_change:
            start, _ = segments.sentence(first.start)
            if self._is["change_verb"].search(text, start, first.start):
                return _changed(first, second)
        step = gap == " to " and before.endswith(" by ") and first.unit is not None and first.unit_end <= first.end
        # "climbs by 2.70 euros to 8.40 euros" is a step and where it leads.
        if not step and (opened or is_range):
            falls = first.unit is not None and first.value > second.value and self._falling_gap.fullmatch(gap)
            return _range(second, first, last=second) if falls else _range(first, second)
        return None

    def _deviation(self, text: str, gap: str, first: Mention, second: Mention) -> tuple[Decimal, Decimal] | None:
        """Return the bounds that a tolerance (100±5, 6h±5min) or a pair of deviations (+0.006mm、-0.003mm) gives, or None."""
        if self._is["tolerance_gap"].fullmatch(gap):
            if second.unit == "percent" and first.unit not in {None, "percent", "permille"}:
                margin = abs(first.value) * second.value / 100
                second.unit, second.note = first.unit, first.note  # 2 A ± 1 %
                return first.value - margin, first.value + margin
            if _alike(first, second) or _restate(first, second):
                return first.value - second.value, first.value + second.value
            return None
        if self._signed_gap.fullmatch(gap) and _alike(first, second) and _is_signed_pair(text, first, second):
            return min(first.value, second.value), max(first.value, second.value)
        return None

    def _split(self, text: str, first: Mention, second: Mention) -> bool:
        """Make two shares of a ratio by which something is divided among two (按6:4分担), and tell whether it was one."""
        whole = first.value + second.value
        if second.unit is not None or whole not in _WHOLES or not self._shared_after.match(text, second.end):
            return False
        for mention in (first, second):
            mention.value, mention.unit = mention.value * 100 / whole, "percent"
        return True

    def _skew(self, text: str, mention: Mention) -> None:
        """Read the tolerance of two sides behind a value as its range: "760 mm, +0/-35 mm"."""
        match = self._is["skew"].match(text, mention.end)
        if match is None or mention.unit is None or mention.value_max is not None:
            return
        up, down = (Decimal(match[name].replace(",", ".")) for name in ("up", "down"))
        mention.value, mention.value_max = mention.value - down, mention.value + up
        mention.op, mention.end = Comparator.BETWEEN, match.end()

    def _as_ratio(self, text: str, segments: Segments, gap: str, first: Mention, second: Mention) -> Mention | None:
        if self._is["among_gap"].fullmatch(gap) and self._is_share(first, second, gap):
            return self._ratio(first, second)
        is_ratio = self._is["ratio_gap"].fullmatch(gap) is not None and first.unit is None
        if is_ratio and not self._split(text, first, second) and self._is_ratio(text, segments, first, second):
            return self._ratio(first, second)
        return None

    def _share_unit(self, text: str, before: str, gap: str, first: Mention, second: Mention) -> None:
        """Carry a unit on: "from four percent to six", "5 000 openings ± 5", "EUR 500 to 900"."""
        if second.unit is not None or first.unit is None or "，" in gap:
            return
        opened = self._is["opener"].search(before) and self._is["opened_gap"].fullmatch(gap)
        if opened or self._is["from_word"].search(before) or self._is["tolerance_gap"].fullmatch(gap):
            second.unit, second.note = first.unit, first.note
        priced = (
            first.unit in CURRENCIES
            and first.unit_end < first.end
            and first.value < second.value <= _WIDEST * first.value
        )
        if priced and self._is["range_gap"].fullmatch(gap) and self._priced_after.match(text, second.end):
            second.unit = f"{first.unit}/{second.divisor}" if second.divisor else first.unit

    @staticmethod
    def _is_share(first: Mention, second: Mention, gap: str) -> bool:
        """Tell whether "2 bulbs in 100" or "1 per 10 birds" is a share of a count rather than two counts."""
        counts = {None, "piece", "person", "vehicle"}
        if " per" in gap and (first.spelled or not (first.unit is None or first.unit == second.unit)):
            return False
        return (
            {first.unit, second.unit} <= counts
            and 0 < first.value < second.value
            and (second.value >= _SMALLEST_WHOLE or "every" in gap)
        )

    def _margin(self, gap: str, first: Mention, second: Mention) -> Decimal | None:
        """Return the half-width of a tolerance that is told in words or in percent of the value."""
        if first.unit is None or second.value <= 0 or not self._is["margin_gap"].fullmatch(gap):
            return None
        if second.unit == "percent" and first.unit != "percent":
            return abs(first.value) * second.value / 100
        return second.value if second.unit in {None, first.unit} else None

    def _is_ratio(self, text: str, segments: Segments, first: Mention, second: Mention) -> bool:
        if second.value == 0 or second.unit not in {None, "dimensionless"}:
            return False
        written = text[first.start : second.end]
        if _PLAIN_RATIO.fullmatch(written) and (first.value == 1 < second.value or second.value == 1 < first.value):
            return True
        if " to " in written and second.value != 1:
            return False
        if " in " in written or " out of " in written:
            return False
        is_clock = ":" in written and re.fullmatch(r"\d{1,2} ?: ?\d\d", written) is not None
        start, end = segments.sentence(first.start)
        cued = self._is["ratio_cue"].search(text, start, end) is not None
        if "/" in written and first.value < second.value <= _LARGEST_DENOMINATOR and first.value >= 1:
            return True
        return cued and not (
            is_clock and not self._is["ratio_cue"].search(text, max(start, first.start - 20), first.start)
        )

    @staticmethod
    def _ratio(first: Mention, second: Mention) -> Mention:
        first.value = first.value / second.value
        first.end = first.unit_start = first.unit_end = second.end
        first.unit = "dimensionless"
        return first

    def _tolerance(self, text: str, mention: Mention) -> Mention:
        """Read "±2 %" or "2 % either way" that stands alone as the range around nought."""
        sign = self._is["tolerance_sign"].search(text, max(0, mention.start - 14), mention.start)
        behind = self._is["tolerance_after"].match(text, mention.end)
        if (sign is not None or behind is not None) and mention.value_max is None:
            mention.start = mention.start if sign is None else sign.start()
            mention.end = mention.end if behind is None else behind.end()
            mention.value, mention.value_max = -abs(mention.value), abs(mention.value)
            mention.unit = "delta_degC" if mention.unit == "degC" else mention.unit
            mention.op = Comparator.BETWEEN
        return mention


def _with_unit(second: Mention, first: Mention) -> Mention:
    second.unit, second.note = first.unit, first.note
    return second


def _restate(first: Mention, second: Mention) -> bool:
    """Restate the second bound in the unit of the first: "between 150 ml and 3 litres"."""
    if first.unit is None or second.unit is None or dimension(first.unit) is None:
        return False
    if dimension(first.unit) != dimension(second.unit) or dimension(first.unit) in {"kelvin", "delta_degC"}:
        return False
    second.value = (
        Quantity(value=second.value, unit=second.unit).to(first.unit).value.quantize(_PRECISION).normalize() + 0
    )
    second.unit = first.unit
    return True


def _is_signed_pair(text: str, first: Mention, second: Mention) -> bool:
    """Tell whether two numbers are an upper and a lower deviation: +0.006mm, -0.003mm."""
    signs = {text[first.start], text[second.start]}
    return signs == _SIGNS and first.value * second.value < 0


def _alike(first: Mention, second: Mention) -> bool:
    if first.unit is None or first.unit == second.unit:
        return True
    # "$2,500 to $25,000 per day"
    return second.unit is not None and second.unit.startswith(f"{first.unit}/")


def _spanned(first: Mention, second: Mention, low: Decimal, high: Decimal) -> Mention:
    second.start, second.value, second.value_max, second.op = first.start, low, high, Comparator.BETWEEN
    return second


def _range(first: Mention, second: Mention, *, last: Mention | None = None) -> Mention | None:
    """Return the range of two bounds, the lower first; `last` is the bound written last where that is the lower."""
    low, high = first.value, second.value
    if first.unit is None and first.spelled and not second.spelled:
        return None
    if first.scale == 1 and second.scale != 1 and low < high / second.scale:
        low *= second.scale
    if low >= high:
        return None
    if last is not None:
        return _spanned(second, last, low, high)
    second.previous, second.cue_start = first.previous, first.cue_start
    return _spanned(first, second, low, high)


def _changed(first: Mention, second: Mention) -> Mention:
    previous = first.value
    if first.scale == 1 and second.scale != 1 and abs(previous) < abs(second.value) / second.scale * 20:
        previous *= second.scale
    second.previous = previous
    second.cue_start = first.start
    return second
