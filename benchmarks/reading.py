"""HTML to text, and HTML to requirements, against trafilatura alone on the same pages.

    python -m benchmarks.reading

Goal: requirements of at least 60 % of the pages per second of which trafilatura alone yields the text. The pages are news
pages of some 50 kB: menus, scripts, related links, and an article of 12 paragraphs with a small table; one sentence in ten
has a number.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random

import trafilatura

from benchmarks import texts
from limen.nlp.extraction import Extractor
from limen.nlp.text.reader import read_page

PAGES = 40
GOAL = 0.6


def page(seed: int) -> bytes:
    """Return a news page: menus, scripts, an article with headings, lists and a table, related links."""
    random = Random(seed)
    menu = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>' for n in range(60))
    scripts = "".join(
        f"<script>window.d{n}={{{','.join(f'k{k}:{k}' for k in range(150))}}};</script>" for n in range(24)
    )
    rows = "".join(f"<tr><td>Substance {n}</td><td>{n / 10} mg/L</td></tr>" for n in range(1, 4))
    blocks = texts.document("en", seed=seed, paragraphs=12).split("\n\n")
    body = "".join(
        f"<h2>{block.removeprefix('## ')}</h2>" if block.startswith("#") else f"<p>{block}</p>" for block in blocks
    )
    headlines = texts.prose("en", seed=seed + PAGES, paragraphs=8).replace("## ", "").split(". ")
    related = "".join(f'<div class="related"><a href="/a/{n}">{random.choice(headlines)}</a></div>' for n in range(20))
    return (
        f"<!doctype html><html><head><title>Page {seed}</title>{scripts}</head><body><nav><ul>{menu}</ul></nav>"
        f"<main><article><h1>Page {seed}</h1>{body}<table>{rows}</table></article></main><aside>{related}</aside>"
        "</body></html>"
    ).encode()


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work keeps the processor."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Print pages per second and the ratios."""
    extractor = Extractor()
    pages = [page(seed) for seed in range(PAGES)]

    def whole(body: bytes) -> None:
        read = read_page(body, name="page.html")
        extractor.read(read.text, language="en", title=read.title)

    for body in pages[:10]:
        whole(body)
    text = requirements = theirs = 0.0
    for body in pages:  # alternating, so that another load on the machine meets all alike
        text += seconds(lambda body=body: read_page(body, name="page.html"))  # type: ignore[misc]
        requirements += seconds(lambda body=body: whole(body))  # type: ignore[misc]
        theirs += seconds(lambda body=body: trafilatura.bare_extraction(body, with_metadata=True, fast=True))  # type: ignore[misc]
    size = sum(map(len, pages)) / PAGES / 1000
    words = sum(len(read_page(body, name="page.html").text.split()) for body in pages) / PAGES
    print(f"{PAGES} pages of {size:.0f} kB, {words:.0f} words of text each; trafilatura: {PAGES / theirs:.0f} pages/s")
    print(f"HTML to text: {PAGES / text:.0f} pages/s; ratio {theirs / text:.2f}")
    print(f"HTML to requirements: {PAGES / requirements:.0f} pages/s; ratio {theirs / requirements:.2f} (goal {GOAL})")


if __name__ == "__main__":
    main()
