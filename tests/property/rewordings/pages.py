"""The same rule on web pages that are marked up in different ways."""

from __future__ import annotations

from html import escape
from random import Random

from tests.property.rewordings.rule import PROSE, draw, same
from tests.property.rewordings.saying import Saying, relation

_PAGE = "<html><head><title>{title}</title></head><body><main><h1>{title}</h1>{body}</main></body></html>"


def _page(body: str, language: str) -> str:
    prose = "".join(f"<p>{sentence}</p>" for sentence in PROSE[language])
    return _PAGE.format(title={"en": "Notice", "zh": "通知"}[language], body=f"{prose}{body}")


def _saying(texts: list[str], saying: Saying) -> Saying:
    pages = [_page(text, saying.language) for text in texts]
    return Saying(language=saying.language, texts=pages, requires=saying.requires, names=False, is_html=True)


@relation
def elements_of_a_page(dice: Random) -> Saying:
    rule = draw(dice)
    text = escape(rule.text())
    number = f"{rule.value}"
    bodies = [
        f"<p>{text}</p>",
        f"<div>{text}</div>",
        f"<ul><li>{text}</li></ul>",
        f"<ol><li>{text}</li></ol>",
        f"<p><span>{text}</span></p>",
        f"<p>{text.replace(number, f'<b>{number}</b>')}</p>",
        f"<p>{text.replace(number, f'<strong>{number}</strong>')}</p>",
        f"<p>{text.replace(number, f'<span class=x>{number}</span>')}</p>",
        f"<p>{text.replace(number, f'{number[:1]}<span>{number[1:]}</span>')}</p>",
        f"<p>\n  {text}\n</p>",
        f"<table><tr><td>{text}</td></tr></table>",
    ]
    chosen = dice.sample(bodies, 6)
    return _saying(chosen, same(rule, chosen))


@relation
def entities_of_a_page(dice: Random) -> Saying:
    rule = draw(dice)
    sign, entity, code = ("≥", "&ge;", "&#8805;") if rule.op == ">=" else ("≤", "&le;", "&#x2264;")
    text = rule.text(f"应{sign}" if rule.language == "zh" else f"shall be {sign}")
    bodies = [
        f"<p>{text}</p>",
        f"<p>{text.replace(sign, entity)}</p>",
        f"<p>{text.replace(sign, code)}</p>",
        f"<p>{text.replace(' ', '&nbsp;')}</p>",
        f"<p>{text.replace('%', '&#37;')}</p>",
    ]
    return _saying(bodies, same(rule, bodies))


@relation
def lines_of_a_page(dice: Random) -> Saying:
    rule = draw(dice, language="en")
    text = rule.text()
    blanks = [place for place, sign in enumerate(text) if sign == " "]
    broken = [f"<p>{text[:place]}\n      {text[place + 1 :]}</p>" for place in dice.sample(blanks, 4)]
    return _saying([f"<p>{text}</p>", *broken, f"<p>{text.replace(' ', '<!-- x --> ')}</p>"], same(rule, broken))


@relation
def raised_figures_of_a_page(dice: Random) -> Saying:
    rule = draw(dice, unit="mg/m**3")
    units = ("mg/m³", "mg/m<sup>3</sup>", "mg/m<sup> 3 </sup>", "mg/m&sup3;", "mg·m<sup>-3</sup>", "mg/m3")
    bodies = [f"<p>{rule.text(unit=unit)}</p>" for unit in units]
    return _saying(bodies, same(rule, bodies))
