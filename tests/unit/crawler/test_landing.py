"""What a redirect leads to in place of a document."""

from __future__ import annotations

import pytest

from limen.crawler.pages.block import BlockKind
from limen.crawler.pages.landing import astray
from limen.crawler.source_rules import Canonical

ASKED = "https://www.site.example/notices/2026/7.html"
LISTS = ("https://site.example/en/home", "https://www.site.example/notices/")


@pytest.mark.parametrize(
    ("landed", "kind"),
    [
        ("http://site.example/notices/2026/7.html?utm_source=x", None),
        ("https://www.site.example/notices/2026/lithium-7.html", None),
        ("https://other.example/", None),
        ("https://www.site.example/?p=7", None),
        ("https://www.site.example/login-methods-of-banks", None),
        ("https://www.site.example/", BlockKind.SOFT_404),
        ("https://site.example", BlockKind.SOFT_404),
        ("https://www.site.example/index.html", BlockKind.SOFT_404),
        ("https://www.site.example/en/home/", BlockKind.SOFT_404),
        ("https://www.site.example/notices", BlockKind.SOFT_404),
        ("https://sso.site.example/cas/login?service=x", BlockKind.LOGIN),
        ("https://www.site.example/user/sign-in", BlockKind.LOGIN),
        ("https://www.site.example/Login.aspx", BlockKind.LOGIN),
    ],
)
def test_where_a_redirect_ends(landed: str, kind: BlockKind | None) -> None:
    verdict = astray(ASKED, landed, lists=LISTS, rules=Canonical())
    assert (verdict and verdict.kind) == kind


def test_a_document_that_is_the_front_page_itself() -> None:
    assert astray("http://site.example/", "https://www.site.example/", lists=LISTS, rules=Canonical()) is None
