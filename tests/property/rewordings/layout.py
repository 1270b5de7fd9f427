"""What a page puts around a sentence and into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

from tests.property.rewordings.rule import PROSE, draw, same
from tests.property.rewordings.saying import Saying, relation
from tests.property.rewordings.spelled import plain


@relation
def hard_line_breaks(dice: Random) -> Saying:
    rule = draw(dice, language="en")
    text = rule.text()
    blanks = [place for place, sign in enumerate(text) if sign == " "]
    broken = [text[:place] + "\n" + text[place + 1 :] for place in dice.sample(blanks, 3)]
    return same(rule, [text, *broken, text.replace(" ", "  ")])


@relation
def odd_blanks(dice: Random) -> Saying:
    rule = draw(dice)
    text = rule.text() if rule.language == "en" else rule.text(unit=f" {rule.written}")
    return same(rule, [text, *(text.replace(" ", blank) for blank in ("\u00a0", "\u2009", "\u202f", "\u3000"))])


@relation
def blanks_about_chinese_numbers(dice: Random) -> Saying:
    rule = draw(dice, language="zh")
    number = f"{rule.value}"
    return same(
        rule,
        [
            rule.text(),
            rule.text(number=f" {number}"),
            rule.text(number=f" {number} "),
            rule.text(unit=f"{rule.written} "),
        ],
    )


@relation
def list_items(dice: Random) -> Saying:
    rule = draw(dice)
    text = rule.text()
    marks = (
        "- ",
        "* ",
        "1. ",
        "（一）" if rule.language == "zh" else "(a) ",
        "3) " if rule.language == "en" else "3、",
    )
    return same(rule, [text, *(f"{mark}{text}" for mark in marks)])


@relation
def prose_about_it(dice: Random) -> Saying:
    rule = draw(dice)
    first, second = dice.sample(PROSE[rule.language], 2)
    blank = " " if rule.language == "en" else ""
    text = rule.text()
    around = [f"{first}{blank}{text}", f"{text}{blank}{second}", f"{first}{blank}{text}{blank}{second}"]
    return same(rule, [text, *around], names=False)


@relation
def names_beside_prose(dice: Random) -> Saying:
    return replace(prose_about_it(dice), names=True)


@relation
def paragraphs_about_it(dice: Random) -> Saying:
    rule = draw(dice)
    first, second = dice.sample(PROSE[rule.language], 2)
    text = rule.text()
    around = [f"{first}\n\n{text}", f"{text}\n\n{second}", f"{first}\n\n{text}\n\n{second}\n"]
    return same(rule, [text, *around], names=False)


@relation
def headings(dice: Random) -> Saying:
    rule = draw(dice)
    head = "General provisions" if rule.language == "en" else "一般规定"
    text = rule.text()
    marks = ("# {}", "## {}", "#### {}", "## {} ##", "**{}**")
    return same(rule, [f"{mark.format(head)}\n\n{text}" for mark in marks])


@relation
def bold(dice: Random) -> Saying:
    rule = draw(dice)
    blank = " " if rule.language == "en" and rule.written != "%" else ""
    amount = f"{rule.value}{blank}{rule.written}"
    text = rule.text()
    marked = [text.replace(amount, f"{mark}{amount}{mark}") for mark in ("**", "*", "__")]
    number = text.replace(amount, f"**{rule.value}**{blank}{rule.written}")
    return same(rule, [text, *marked, number, f"**{text}**"])


@relation
def bold_before_a_comparator(dice: Random) -> Saying:
    rule = draw(dice)
    blank = " " if rule.language == "en" and rule.written != "%" else ""
    amount = f"{rule.value}{blank}{rule.written}"
    lead, end = {
        "en>=": ("shall be", " or more"),
        "en<=": ("shall be", " or less"),
        "zh>=": ("应达到", "以上"),
        "zh<=": ("应控制在", "以下"),
    }[rule.language + rule.op]
    text = rule.text(lead, end=end)
    return same(rule, [text, *(text.replace(amount, f"{mark}{amount}{mark}") for mark in ("**", "__"))])


@relation
def quotation_marks(dice: Random) -> Saying:
    rule = draw(dice)
    pairs = ("“”", '""', "«»") if rule.language == "en" else ("“”", '""', "「」", "《》")
    texts = [replace(rule, subject=f"{pair[0]}{rule.subject}{pair[1]}").text() for pair in pairs]
    return same(rule, [rule.text(), *texts], names=False)


@relation
def order_of_paragraphs(dice: Random) -> Saying:
    language = dice.choice(["en", "zh"])
    rules = [draw(dice, language=language) for _ in range(3)]
    texts = [rule.text() for rule in rules]
    orders = [texts, texts[::-1], dice.sample(texts, 3)]
    joined = ["\n\n".join(order) for order in orders]
    return Saying(language=language, texts=joined, requires=[rule.numbers for rule in rules], names=False)


@relation
def names_in_any_order(dice: Random) -> Saying:
    return replace(order_of_paragraphs(dice), names=True)


_TABLES = {
    "en": ("Substance", "Limit, mg/L", ("Zinc", "Copper", "Lead", "Nickel", "Cobalt")),
    "zh": ("污染物", "排放限值（mg/L）", ("总锌", "总铜", "总铅", "总镍", "总钴")),
}


def _table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, rule: str, cell: str = " {} ", edges: bool = True
) -> str:
    lines = [
        [cell.format(text) for text in head],
        [rule] * len(head),
        *([cell.format(text) for text in row] for row in rows),
    ]
    edge = "|" if edges else ""
    return "\n".join(f"{edge}{'|'.join(line)}{edge}" for line in lines) + "\n"


@relation
def table_styles(dice: Random) -> Saying:
    language = dice.choice(["en", "zh"])
    first, second, names = _TABLES[language]
    rows = [(name, f"{Decimal(dice.randrange(1, 99)) / 10}") for name in dice.sample(names, 3)]
    rules = ("---", " --- ", ":---", "---:", " :-: ", "---------")
    tables = [
        *(_table((first, second), rows, rule=rule) for rule in rules),
        _table((first, second), rows, rule="---", cell="{}"),
        _table((first, second), rows, rule="---", cell="   {}    "),
    ]
    requires = [("<=", plain(Decimal(value)), "", "mg/L", "mandatory", "") for _, value in rows]
    return Saying(language=language, texts=tables, requires=requires)


@relation
def bold_heads_of_tables(dice: Random) -> Saying:
    language = dice.choice(["en", "zh"])
    first, second, names = _TABLES[language]
    rows = [(name, f"{Decimal(dice.randrange(1, 99)) / 10}") for name in dice.sample(names, 3)]
    heads = [(first, second), (first, f"**{second}**"), (f"**{first}**", f"**{second}**")]
    requires = [("<=", plain(Decimal(value)), "", "mg/L", "mandatory", "") for _, value in rows]
    texts = [_table(head, rows, rule="---") for head in heads]
    return Saying(language=language, texts=texts, requires=requires, names=False)


@relation
def names_under_bold_heads(dice: Random) -> Saying:
    return replace(bold_heads_of_tables(dice), names=True)


@relation
def order_of_rows(dice: Random) -> Saying:
    language = dice.choice(["en", "zh"])
    first, second, names = _TABLES[language]
    rows = [(name, f"{Decimal(dice.randrange(1, 99)) / 10}") for name in dice.sample(names, 4)]
    tables = [_table((first, second), order, rule="---") for order in (rows, rows[::-1], dice.sample(rows, 4))]
    requires = [("<=", plain(Decimal(value)), "", "mg/L", "mandatory", "") for _, value in rows]
    return Saying(language=language, texts=tables, requires=requires)
