"""Makes a second version of a text that says the same in another form, or that says another number in one place."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from limen.domain.printed import NUMBER, printed
from limen.domain.requirement import Requirement
from limen.domain.threshold import plain

Rewrite = Callable[[str, str, Random], str]
"""From text, its language and a source of chance to a text that requires the same."""

FURNITURE = {
    "en": (
        "Home > Legislation > Notices",
        "Print this page | Share | Subscribe",
        "Page 3 of 7",
        "Last modified: {day}",
    ),
    "zh": ("首页 > 政策 > 公告", "打印本页 | 分享 | 订阅", "第3页 共7页", "最后更新：{day}"),
}
_HEADING = re.compile(r"^(#{1,5}) +(.+)$", re.MULTILINE)
_BULLET = re.compile(r"^( *)- +", re.MULTILINE)
_PAIR = re.compile(r"^- +([^:：|\n]{2,60})[:：] *([^|\n]+)$")
_WIDE = str.maketrans({each: chr(ord(each) + 0xFEE0) for each in "0123456789%"})
_SIGNS = {"zh": (("，", ","), ("；", ";"), ("（", "("), ("）", ")")), "en": (("’", "'"), ("–", "-"))}
_RULE = re.compile(r"^\|(?: *:?-+:? *\|)+ *$", re.MULTILINE)
_UNITS = {
    "zh": (
        (r"(?<=\d)%", "％"),
        (r"(?<=\d)mg/L", "毫克/升"),
        (r"(?<=\d) ?Wh/kg", "瓦时/公斤"),
        (r"(?<=\d)吨(?![/每])", "t"),
    ),
    "en": (
        (r"(?<=\d) ?%(?!\w)", " per cent"),
        (r"(?<=\d) ?mg/L\b", " milligrams per litre"),
        (r"(?<=\d) tonnes\b(?! (?:a|per)\b)", " t"),
        (r"(?<=\d) kilometres\b", " km"),
        (r"(?<=\d) metres\b", " m"),
    ),
}


def with_furniture(text: str, language: str, random: Random) -> str:
    """Put a page's navigation over the text and its foot under it."""
    day = f"2026-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
    lines = [line.format(day=day) for line in FURNITURE[language]]
    return "\n\n".join((*lines[:2], text, *lines[2:]))


def with_other_headings(text: str, language: str, random: Random) -> str:
    """Set every heading one level deeper."""
    return _HEADING.sub(r"#\1 \2", text)


def with_bold_headings(text: str, language: str, random: Random) -> str:
    """Print every heading in bold instead."""
    return _HEADING.sub(r"**\2**", text)


def with_numbered_lists(text: str, language: str, random: Random) -> str:
    """Number the items of the lists instead of marking them with dashes."""
    number = random.randint(0, 3)
    sign = "{}. " if language == "en" else "（{}）"

    def numbered(match: re.Match[str]) -> str:
        nonlocal number
        number += 1
        return match[1] + sign.format(number)

    return _BULLET.sub(numbered, text)


def with_wide_digits(text: str, language: str, random: Random) -> str:
    """Print digits and percent signs in full width, as many Chinese texts do."""
    return text.translate(_WIDE) if language == "zh" else text


def with_other_signs(text: str, language: str, random: Random) -> str:
    """Set the punctuation of another keyboard."""
    for sign, other in _SIGNS[language]:
        text = text.replace(sign, other)
    return text


def with_other_units(text: str, language: str, random: Random) -> str:
    """Write units out, or abbreviate them."""
    for pattern, other in _UNITS[language]:
        text = re.sub(pattern, other, text)
    return text


def with_tables_for_lists(text: str, language: str, random: Random) -> str:
    """Make a table of two columns of every list whose items are all "name: limit"."""
    lines, out = text.split("\n"), []
    at = 0
    while at < len(lines):
        run = at
        while run < len(lines) and _PAIR.match(lines[run]):
            run += 1
        if (
            run - at < 2
            or (run < len(lines) and lines[run].startswith("- "))
            or (at and lines[at - 1].startswith("- "))
        ):
            out += lines[at : max(run, at + 1)]
        else:
            head = "| Item | Requirement |" if language == "en" else "| 项目 | 要求 |"
            rows = [_PAIR.sub(r"| \1 | \2 |", line) for line in lines[at:run]]
            out += [head, "|---|---|", *rows]
        at = max(run, at + 1)
    return "\n".join(out)


REWRITES: tuple[Rewrite, ...] = (
    with_furniture,
    with_other_headings,
    with_bold_headings,
    with_numbered_lists,
    with_wide_digits,
    with_other_signs,
    with_other_units,
    with_tables_for_lists,
)


def with_other_digit(text: str, requirement: Requirement, random: Random) -> str | None:
    """Change one digit of the number that a requirement states last; None where that is not written in digits.

    Of a range only the upper end changes, and only to a higher one, so that it stays a range.
    """
    evidence, threshold = requirement.evidence, requirement.threshold
    stated = {printed(plain(each)) for each in (threshold.value, threshold.value_max) if each is not None}
    numbers = [number for number in NUMBER.finditer(evidence.quote) if printed(number[0]) in stated]
    if not numbers:
        return None
    number = numbers[-1]
    places = [evidence.start + at for at in range(*number.span()) if evidence.quote[at].isdecimal()]
    place = random.choice(places)
    digit = int(text[place])
    others = [each for each in range(digit + 1 if threshold.value_max is not None else 1, 10) if each != digit]
    return text[:place] + str(random.choice(others)) + text[place + 1 :] if others else None
