"""The digest of a page: it does not see furniture, sees every change of the text, and never calls two texts one."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from limen.crawler.pages.attachments import find_attachments
from limen.crawler.pages.main_text import main_digest
from limen.crawler.source_rules import Detail
from limen.nlp.errors import ReadingError
from limen.nlp.text.reader import read_page

HTML = "text/html; charset=utf-8"
_FAST = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_SENTENCES = (
    "Smelters shall keep the emission of sulphur below {n} mg/m3 in every hour of the year.",
    "New cells shall reach an energy density of at least {n} Wh/kg before they are sold.",
    "新建项目的综合能耗不应高于{n}千克标准煤，并应当按月上报。",
    "Whoever has no permit may hand in comments until day {n} of the month.",
    "已建成的生产线水循环利用率不应低于{n}%，逾期未达标的应当退出。",
)
_HEADS = ("General", "Limits", "附则", "Who is meant", "二、生产条件")


def _paragraph(dice: random.Random) -> str:
    return dice.choice(_SENTENCES).format(n=dice.randrange(10, 999))


def _block(dice: random.Random) -> str:
    match dice.randrange(6):
        case 0:
            return f"<h2>{dice.choice(_HEADS)}</h2>"
        case 1:
            items = "".join(f"<li>{_paragraph(dice)}</li>" for _ in range(dice.randrange(2, 5)))
            return dice.choice(("<ul>{}</ul>", '<ol start="3">{}</ol>')).format(items)
        case 2:
            cells = "".join(f"<tr><td>Item {row}</td><td>{dice.randrange(999)}</td></tr>" for row in range(4))
            return f"<table><tr><th>What</th><th>mg/L</th></tr>{cells}</table>"
        case _:
            return f'<p class="text">{_paragraph(dice)} <b>{_paragraph(dice)}</b></p>'


def page(seed: int) -> str:
    """Return a page with everything that pages have about them, from the number alone."""
    dice = random.Random(seed)
    blocks = "\n".join(_block(dice) for _ in range(dice.randrange(5, 20)))
    opening, closing = dice.choice(
        [("<main><article>", "</article></main>"), ('<div class="TRS_Editor">', "</div>"), ('<div id="c">', "</div>")]
    )
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Rule {seed} | Ministry</title>
<meta name="csrf-token" content="t0"><meta name="PubDate" content="2024-05-08 09:00">
<link rel="stylesheet" href="/s.css?v=1"><script nonce="n0">var now = 0;</script><style>p {{ color: red }}</style></head>
<body data-visit="v0"><header class="top"><a href="/">Ministry</a> <span>Visits today: c0</span></header>
<nav><ul><li><a href="/a">Rules</a></li><li><a href="/b">News</a></li></ul></nav>
<form action="/search?token=t0"><input type="hidden" name="csrf" value="t0"><input name="q"></form>
{opening}<h1>Rule {seed}</h1>
<!-- made in 0 ms -->
{blocks}
<p>Annex: <a href="/files/annex-{seed}.pdf" title="a">Annex of rule {seed}</a></p>
<img src="/i.png?x=0" width="10" alt="">{closing}
<iframe src="https://ads.example/0"></iframe>
<footer>Views: c0 <a href="/about">About us</a></footer>
<script>count(0)</script></body></html>"""


def _numbered(place: str) -> Callable[[str, str], str]:
    return lambda text, value: text.replace(place, place[:-1] + value)


_FURNITURE: dict[str, Callable[[str, str], str]] = {
    "script nonce": _numbered('nonce="n0'),
    "script": _numbered("count(0"),
    "csrf token": lambda text, value: text.replace('"t0"', f'"{value}"').replace("token=t0", f"token={value}"),
    "view counter": _numbered("Views: c0"),
    "head": _numbered("Visits today: c0"),
    "frame of an advertisement": _numbered("ads.example/0"),
    "no frame at all": lambda text, _: re.sub("<iframe.*</iframe>", "", text),
    "comment": _numbered("made in 0"),
    "style sheet": _numbered("?v=1"),
    "menu": lambda text, value: text.replace(">News<", f">News ({value})<"),
    "attribute": _numbered('data-visit="v0'),
    "picture": _numbered("?x=0"),
}


def _text(body: str) -> str:
    return read_page(body.encode(), name="page.html").text


def _digest(body: str) -> str:
    found = main_digest(body.encode(), HTML)
    assert found is not None
    return found


@pytest.mark.parametrize("name", _FURNITURE)
@given(seed=st.integers(0, 10_000), value=st.from_regex(r"[0-9a-f]{1,12}", fullmatch=True))
@settings(max_examples=15, deadline=None)
def test_furniture_is_not_seen(name: str, seed: int, value: str) -> None:
    before = page(seed)
    after = _FURNITURE[name](before, value + "z")
    assert after != before
    assert _digest(after) == _digest(before)
    assert _text(after) == _text(before)


@given(seed=st.integers(0, 10_000), data=st.data())
@_FAST
def test_every_change_of_the_text_is_seen(seed: int, data: st.DataObject) -> None:
    before = page(seed)
    start, end = before.index("<h1>"), before.index("<img")
    places = [match.start() for match in re.finditer(r">[^<>\n]*[^<>\s]", before[start:end])]
    place = start + data.draw(st.sampled_from(places)) + 1
    after = before[:place] + data.draw(st.sampled_from(["7", "不", "not "])) + before[place:]
    assert _digest(after) != _digest(before)


@given(seed=st.integers(0, 10_000), data=st.data())
@_FAST
def test_every_element_that_is_gone_or_of_another_kind_is_seen(seed: int, data: st.DataObject) -> None:
    before = page(seed)
    start, end = before.index("<h1>"), before.index("<img")
    found = list(re.finditer(r"<(p|li|td|th|tr|b|h2|ul|ol|table)\b[^>]*>.*?</\1>", before[start:end], re.DOTALL))
    match = data.draw(st.sampled_from(found))
    inner = data.draw(st.sampled_from(["", re.sub(r"^<\w+", "<div", match[0])]))
    after = before[: start + match.start()] + inner + before[start + match.end() :]
    assert _digest(after) != _digest(before)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("annex-7.pdf", "annex-8.pdf"),
        (">Annex of rule 7<", ">Appendix of rule 7<"),
        ("<footer>", '<footer><a href="/files/other.docx">Draft</a>'),
        ('src="https://ads.example/0"', 'src="/files/rule.pdf"'),
        ("<nav>", '<nav><a href="/viewer.html?file=/files/rule.pdf">Rule</a>'),
    ],
)
def test_every_change_of_the_attachments_is_seen(old: str, new: str) -> None:
    before, after = page(7), page(7).replace(old, new)
    rules, url = Detail(), "https://ministry.example/rule"
    assert find_attachments(before, url=url, rules=rules) != find_attachments(after, url=url, rules=rules)
    assert _digest(before) != _digest(after)


_PIECES = """
<p> </p> <div> </div> <nav> </nav> <header> </header> <footer> </footer> <article> </article> <main> </main> <aside> </aside>
<table><tr><td> </td><td> </td></tr></table> <ul><li> </li></ul> <ol> </ol> <pre> </pre> <h1> </h1> <h2> </h2> <b> </b>
<a\u00a0href=/x> </a> <div\u00a0class=share> <div\u00a0class=TRS_Editor> <div\u00a0style=display:none> <section> </section> <br>
<noscript> </noscript> <form> </form> <button> </button> <sup> </sup> <li> <td> <tr> <script> </script> <iframe> </iframe>
"""
_MARKUP = [piece.replace("\u00a0", " ") for piece in _PIECES.split()] + ["\n", " "]
_WORDS = ["160 Wh/kg", "The ministry asks for more. ", "能量密度不低于", "views", "Today", *_SENTENCES]
_CHANGES = [
    "<script>x</script>",
    "<script nonce=1>y</script>",
    "<!-- c -->",
    "<iframe src=/ad></iframe>",
    "<input type=hidden value=1>",
    "<nav>Menu of today</nav>",
    "<footer>Views: 12</footer>",
    "<footer>Views: 13</footer>",
    "<header><p>Visits: 1</p></header>",
    "<header><p>Visits: 22</p></header>",
    "<footer><p>The ministry asks for more.</p></footer>",
    "<nav><a href=/x>160 Wh/kg</a></nav>",
    "<svg><text>9</text></svg>",
    "<link rel=x>",
]


@given(
    pieces=st.lists(st.sampled_from(_MARKUP) | st.sampled_from(_WORDS), min_size=1, max_size=40),
    changes=st.lists(st.tuples(st.integers(0, 40), st.sampled_from(_CHANGES), st.sampled_from(_CHANGES)), max_size=4),
)
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_pages_with_one_digest_have_one_text(pieces: list[str], changes: list[tuple[int, str, str]]) -> None:
    first, second = list(pieces), list(pieces)
    for place, one, other in changes:
        first.insert(place, one)
        second.insert(place, other)
    bodies = [f"<html><body>{''.join(each)}</body></html>".encode() for each in (first, second)]
    digests = [main_digest(body, HTML) for body in bodies]
    texts: list[str | None] = []
    for body in bodies:
        try:
            texts.append(read_page(body, name="page.html").text)
        except ReadingError:
            texts.append(None)
    if digests[0] == digests[1]:
        assert texts[0] == texts[1]
