"""HTML to text, against trafilatura alone on the same pages.

python -m benchmarks.reading
"""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random

import trafilatura

from limen.nlp.text.reader import read_page

PAGES = 40
WORDS = (
    "the operator shall keep records of every discharge and report any value above the limit to the authority "
    "within the period set by the permit while samples are taken at the outlet of the settling pond"
)


def page(seed: int) -> bytes:
    """Return a news page of some 70 kB: menus, scripts, an article with headings, lists and a table, related links."""
    random = Random(seed)

    def sentence() -> str:
        return " ".join(random.choices(WORDS.split(), k=18)).capitalize() + "."

    menu = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>' for n in range(60))
    scripts = "".join(
        f"<script>window.d{n}={{{','.join(f'k{k}:{k}' for k in range(150))}}};</script>" for n in range(16)
    )
    rows = "".join(f"<tr><td>Substance {n}</td><td>{n / 10} mg/L</td><td>{n / 5} mg/L</td></tr>" for n in range(12))
    body = "".join(
        f"<h2>Part {part}</h2>"
        + "".join(f"<p>{' '.join(sentence() for _ in range(5))}</p>" for _ in range(8))
        + "<ul>"
        + "".join(f"<li>{sentence()}</li>" for _ in range(6))
        + "</ul>"
        for part in range(4)
    )
    related = "".join(f'<div class="related"><a href="/a/{n}">{sentence()}</a></div>' for n in range(40))
    return (
        f"<!doctype html><html><head><title>Page {seed}</title>{scripts}</head><body><nav><ul>{menu}</ul></nav>"
        f"<main><article><h1>Page {seed}</h1>{body}<table>{rows}</table></article></main><aside>{related}</aside>"
        "</body></html>"
    ).encode()


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    """Print pages per second and the ratio."""
    pages = [page(seed) for seed in range(PAGES)]
    read_page(pages[0], name="warm.html")
    ours = theirs = 0.0
    for body in pages:  # alternating, so that another load on the machine meets both alike
        ours += seconds(lambda body=body: read_page(body, name="page.html"))  # type: ignore[misc]
        theirs += seconds(lambda body=body: trafilatura.bare_extraction(body, with_metadata=True, fast=True))  # type: ignore[misc]
    size = sum(map(len, pages)) / PAGES / 1000
    print(
        f"reading HTML, {PAGES} pages of {size:.0f} kB: {PAGES / ours:.0f} pages/s; trafilatura {PAGES / theirs:.0f} pages/s;"
    )
    print(f"ratio {theirs / ours:.2f}")


if __name__ == "__main__":
    main()
