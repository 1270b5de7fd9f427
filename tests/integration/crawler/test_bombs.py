"""Small answers that unpack to large ones."""

from __future__ import annotations

import gzip
import resource
import zlib

import pytest

from limen.crawler.discovery import discover
from limen.crawler.polite_client import Unavailable
from limen.domain.address_policy import AddressPolicy
from limen.domain.issue import IssueKind

from .local_site import LocalSite
from .test_crawl import PAGE, Crawl, Crawler, crawler, news_site, site  # noqa: F401 - two are fixtures

MEGABYTE = b" " * 1_000_000


def packed(megabytes: int, *, form: int = 31) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, form)
    return b"".join([*(packer.compress(MEGABYTE) for _ in range(megabytes)), packer.flush()])


def crawled(site: LocalSite, crawler: Crawler, body: bytes, *, encoding: str, limits: str) -> Crawl:  # noqa: F811
    news_site(site)
    site.put("/second.html", body, headers={"Content-Encoding": encoding})
    crawler.settings["RETRY_TIMES"] = 0
    crawler.add("news", "feed", site.url("/feed.xml"), extra=f"[limits]\n{limits}")
    return crawler.run("news")


@pytest.mark.parametrize(
    ("limits", "said"),
    [("max_ratio = 100", "raise [limits] max_ratio (now 100)"), ("max_ratio = 10000", "raise [limits] max_bytes (now 40000000)")],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_bomb_is_not_unpacked(
    site: LocalSite,  # noqa: F811
    crawler: Crawler,  # noqa: F811
    limits: str,
    said: str,
    encoding: str,
) -> None:
    body = packed(300, form=31 if encoding == "gzip" else 15)
    crawl = crawled(site, crawler, body, encoding=encoding, limits=limits)
    assert site.url("/second.html") not in crawl.urls
    [issue] = crawl.ledger.issues
    assert issue.kind is IssueKind.FETCH_FAILED
    assert issue.url == site.url("/second.html")
    assert issue.message.startswith(f"{site.url('/second.html')}: its {len(body)} bytes unpack to more than ")
    assert said in issue.message


def test_a_bomb_in_a_bomb_is_opened_no_further_than_the_first(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    body = gzip.compress(gzip.compress(packed(300)))
    crawl = crawled(site, crawler, body, encoding="gzip, gzip, gzip", limits="max_ratio = 200")
    [issue] = crawl.ledger.issues
    assert "packed 3 times" in issue.message


def test_a_large_page_that_packs_well_is_kept(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    page = PAGE.format("Second", "The limit is 165 Wh/kg. " * 30_000).encode()
    crawl = crawled(site, crawler, gzip.compress(page), encoding="gzip", limits="max_ratio = 10")
    assert site.url("/second.html") in crawl.urls
    assert {snapshot.url: body for snapshot, body in crawl.ledger.fetches}[site.url("/second.html")] == page


def test_the_memory_of_looking_for_a_feed_is_bounded(site: LocalSite) -> None:  # noqa: F811
    policy = AddressPolicy(["127.0.0.1"])
    site.put("/", packed(300), headers={"Content-Encoding": "gzip"})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Unavailable):  # eight megabytes of spaces are nothing
        discover(site.url("/"), pause=0, policy=policy)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
    site.put("/", b"x", headers={"Content-Encoding": "br"})
    with pytest.raises(Unavailable, match="packed as br"):
        discover(site.url("/"), pause=0, policy=policy)
