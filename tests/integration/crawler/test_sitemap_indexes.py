"""Indexes of sitemaps, indexes of indexes, and circles of them."""

from __future__ import annotations

import gzip

from .local_site import LocalSite
from .test_crawl import PAGE, Crawler, crawler, site  # noqa: F401 - two are fixtures

SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def index(site: LocalSite, *paths: str) -> str:  # noqa: F811
    return f"<sitemapindex {SPACE}>{''.join(f'<sitemap><loc>{site.url(each)}</loc></sitemap>' for each in paths)}</sitemapindex>"


def nested_site(site: LocalSite) -> None:  # noqa: F811
    site.put("/sitemap.xml", index(site, "/years.xml", "/list.txt"))
    site.put("/years.xml", index(site, "/2026.xml.gz", "/sitemap.xml", "/years.xml"))
    urls = f"<urlset {SPACE}><url><loc>{site.url('/deep.html')}</loc></url></urlset>"
    site.put("/2026.xml.gz", gzip.compress(urls.encode()), content_type="application/gzip")
    site.put("/list.txt", site.url("/plain.html") + "\n", content_type="text/plain")
    for name in ("deep", "plain"):
        site.put(f"/{name}.html", PAGE.format(name, ""))


def test_an_index_of_indexes(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    nested_site(site)
    crawler.add("map", "sitemap", site.url("/sitemap.xml"))
    crawl = crawler.run("map")
    assert sorted(crawl.urls) == [site.url("/deep.html"), site.url("/plain.html")]
    asked = [path for path, _ in site.seen]
    assert asked.count("/years.xml") == 1
    assert asked.count("/sitemap.xml") <= 2
    assert crawl.ledger.issues == []


def test_no_deeper_than_the_limit(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    nested_site(site)
    crawler.add("map", "sitemap", site.url("/sitemap.xml"), extra="limits = { max_depth = 1 }\n")
    crawl = crawler.run("map")
    assert crawl.urls == [site.url("/plain.html")]
    assert "/2026.xml.gz" not in dict(site.seen)
