"""What came in place of content, and what only looks like it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from limen.crawler.pages.block import BlockKind, Verdict, Wanted, classify
from limen.crawler.source_rules import BlockRules

ROOT = Path(__file__).parents[3]
URL = "https://ministry.example/notice/1"
MENU = "".join(f'<li><a href="/{n}">Department of things number {n}</a></li>' for n in range(60))
PROSE = "The ministry asks for comments on the draft conditions for makers of lithium batteries. " * 30


def page(title: str, body: str, *, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def judged(
    body: bytes | str,
    *,
    status: int = 200,
    wanted: Wanted = "page",
    rules: BlockRules | None = None,
    url: str = URL,
    **headers: str,
) -> Verdict | None:
    return classify(
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        body=body.encode() if isinstance(body, str) else body,
        url=url,
        wanted=wanted,
        rules=rules or BlockRules(),
    )


SCRIPT = "<script>var x = 1;</script>" * 300
CLOUDFLARE = page(
    "Just a moment...",
    "<noscript>Enable JavaScript and cookies to continue</noscript>"
    "<script>window._cf_chl_opt = {cType: 'managed'}; a.src = '/cdn-cgi/challenge-platform/h/b/orchestrate'</script>"
    + SCRIPT,
)
REFUSALS = [
    (CLOUDFLARE, BlockKind.CHALLENGE),
    (
        page(
            "Attention Required! | Cloudflare",
            "<h1>Sorry, you have been blocked</h1><p>You cannot reach this site.</p>",
        ),
        "challenge",
    ),
    (
        page(
            "",
            "<script src='https://x.token.awswaf.com/x/challenge.js'></script><script>window.gokuProps = {}</script>",
        ),
        "challenge",
    ),
    (page("ministry.example", "<p>Please verify you are a human</p><div id='px-captcha'></div>"), "challenge"),
    (
        page("ministry.example", "<script>var dd={'host':'geo.captcha-delivery.com'}</script><p>Please enable JS</p>"),
        "challenge",
    ),
    (
        "<html><script>" + "var arg1='0F';" * 900 + "document.cookie='acw_sc__v2=1';location.reload()</script></html>",
        "challenge",
    ),
    (page("ministry.example", "<p>Before we go on</p><div id='px-captcha'></div>" + SCRIPT), "challenge"),
    (
        "<html><head><META NAME='robots'><script src='/_Incapsula_Resource?x=1'></script></head><body></body></html>",
        "challenge",
    ),
    (
        page("", "<iframe src='/_Incapsula_Resource?a=1'>Request unsuccessful. Incapsula incident ID: 8-1</iframe>"),
        "challenge",
    ),
    (
        page(
            "Access Denied",
            '<h1>Access Denied</h1>You don\'t have permission to access "http://x/" on this server.<p>Reference #18.2</p>',
        ),
        "challenge",
    ),
    (page("Request Rejected", "The requested URL was rejected. Your support ID is 1."), "challenge"),
    (page("提示", "<p>您的访问过于频繁，请稍后再试</p>"), "challenge"),
    (page("百度安全验证", "<div>请完成下方验证后继续操作</div>"), "challenge"),
    (page("人机验证", "<div id='captcha'></div>"), "challenge"),
    (page("系统提示", "请输入验证码以继续访问"), "challenge"),
    ("<html><script>document.cookie='CT6T=1; path=/';location.reload();</script></html>", "cookie_wall"),
    ("<script>document.cookie = 'a=1'; window.location.href = '/notice/1';</script>", "cookie_wall"),
    (page("x", "<p>Please enable cookies in your browser to go on.</p>"), "cookie_wall"),
    (
        page("App", "<noscript>You need to enable JavaScript to run this app.</noscript><div id='root'></div>"),
        "cookie_wall",
    ),
    (
        page("App", "<noscript>We're sorry but app doesn't work properly without JavaScript enabled.</noscript>"),
        "cookie_wall",
    ),
    (page("404 | Ministry", MENU + "<p>Try the search.</p>"), "soft_404"),
    (page("Page not found - Ministry of Mines", MENU), "soft_404"),
    (page("Ministry of Mines", MENU + "<h1 class='t'>Page <b>not</b> found</h1>"), "soft_404"),
    (page("Error 404", "<p>Nothing.</p>"), "soft_404"),
    (
        page("Welcome", "<p>The Department of Mineral Resources no longer exists. See its two successors.</p>"),
        "soft_404",
    ),
    (page("提示信息", "<p>您访问的页面不存在或已删除</p>"), "soft_404"),
    (page("页面不存在", MENU), "soft_404"),
    (page("工信部", "<p>该文章已被删除</p>"), "soft_404"),
    (page("Site maintenance", "<p>We are working on it.</p>"), "maintenance"),
    (page("Ministry", "<p>The website is down for scheduled maintenance until Monday.</p>"), "maintenance"),
    (page("系统维护中", "<p>请稍后访问</p>"), "maintenance"),
    (page("oremine.example", "<p>This domain is for sale. Inquire about this domain.</p>"), "parked"),
    ("", "empty"),
    (" \n\t ", "empty"),
    (page("Ministry", "<div id='app'></div><script>start()</script>"), "empty"),
]


@pytest.mark.parametrize(("body", "kind"), REFUSALS)
def test_refusals(body: bytes | str, kind: str) -> None:
    verdict = judged(body)
    assert verdict is not None
    assert verdict.kind == kind
    assert len(verdict.why) > 30
    assert "{" not in verdict.why


def test_the_firewall_is_named() -> None:
    verdict = judged(CLOUDFLARE)
    assert verdict is not None
    assert verdict.why.startswith("Cloudflare asks for")


@pytest.mark.parametrize("body", ["", "<html>wait</html>", page("Fine", PROSE)])
def test_a_202_is_a_challenge_whatever_it_holds(body: str | bytes) -> None:
    verdict = judged(body, status=202)
    assert verdict is not None
    assert verdict.kind is BlockKind.CHALLENGE
    assert "202" in verdict.why


def test_headers_that_say_challenge() -> None:
    for headers in ({"cf_mitigated": "challenge"}, {"x_amzn_waf_action": "captcha"}):
        verdict = judged(page("Fine", PROSE), status=403, **headers)
        assert verdict is not None
        assert verdict.kind is BlockKind.CHALLENGE
    assert judged(page("Fine", PROSE), cf_ray="1", server="cloudflare") is None


def test_of_a_failure_only_a_challenge_is_told() -> None:
    assert judged(CLOUDFLARE, status=403) is not None
    assert judged(page("Page not found", MENU), status=404) is None
    assert judged("", status=500) is None
    assert judged('{"success": false}', status=400, content_type="application/json") is None


@pytest.mark.parametrize(
    ("body", "wanted", "headers", "said"),
    [
        (page("Our news", PROSE), "feed", {}, "expected a feed"),
        (page("Our news", PROSE), "json", {}, "expected JSON"),
        (page("Login", PROSE), "file", {}, "expected a file"),
        (b"\xff\xd8\xff", "page", {"content_type": "image/jpeg"}, "image/jpeg, which holds no text"),
        (b"PK\x03\x04", "page", {"content_type": "application/zip"}, "application/zip"),
    ],
)
def test_another_kind_of_answer(body: bytes, wanted: Wanted, headers: dict[str, str], said: str) -> None:
    verdict = judged(body, wanted=wanted, **headers)
    assert verdict is not None
    assert verdict.kind is BlockKind.WRONG_TYPE
    assert said in verdict.why


@pytest.mark.parametrize(
    "body",
    [
        '{"success": false, "msg": "参数错误"}',
        '{"success":"false"}',
        '{"status": "error", "message": "no such column"}',
        '{"code":"rest_no_route","message":"No route was found","data":{"status":404}}',
        '{"error": {"code": "API_KEY_MISSING"}}',
        '{"ok": false}',
    ],
)
def test_a_service_that_failed(body: str) -> None:
    verdict = judged(body, wanted="json", content_type="application/json")
    assert verdict is not None
    assert verdict.kind is BlockKind.API_ERROR


@pytest.mark.parametrize(
    "body",
    [
        '{"success": true, "data": [{"success": false}]}',
        '{"status": 1, "data": {"articleTitle": "x"}}',
        '{"error": null, "items": []}',
        '{"errors": [{"path": "a"}], "data": [1]}',
        '{"code": 200, "message": "ok"}',
        '[{"success": false}]',
        '{"success": fal',
        "[" * 5000,
    ],
)
def test_a_service_that_did_not_fail(body: str) -> None:
    assert judged(body, wanted="json", content_type="application/json") is None


@pytest.mark.parametrize(
    ("body", "least", "tiny"),
    [
        (page("LeyChile", "<p>Norma</p>" + SCRIPT), 200, True),
        (page("Norm", f"<p>{PROSE}</p>"), 200, False),
        (b"<Norma/>", 200, True),
        (b"<Norma>" + b"x" * 300 + b"</Norma>", 200, False),
        (page("Short", "<p>Text.</p>"), 0, False),
    ],
)
def test_less_text_than_the_source_has(body: bytes, least: int, tiny: bool) -> None:
    verdict = judged(body, rules=BlockRules(min_bytes=least))
    assert (verdict is not None) == tiny
    assert verdict is None or verdict.kind is BlockKind.TINY


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_markers_of_a_source(encoding: str) -> None:
    body = f"<html><head><meta charset='{encoding}'></head><body>{PROSE} 系统繁忙</body></html>".encode(encoding)
    verdict = judged(body, rules=BlockRules(markers=("系统繁忙",)))
    assert verdict is not None
    assert "系统繁忙" in verdict.why
    assert judged(body) is None


def test_a_chinese_refusal_in_its_own_encoding() -> None:
    body = "<html><head><meta charset='gbk'><title>提示</title></head><body>页面不存在</body></html>".encode("gbk")
    verdict = judged(body)
    assert verdict is not None
    assert verdict.kind is BlockKind.SOFT_404


GOOD = [
    page("How captchas lock miners out of public comment portals", f"<h1>Verify you are human</h1><p>{PROSE}</p>"),
    page("The 404 that cost a lithium permit", f"<h1>404 not found: the missing permit</h1><p>{PROSE}</p>"),
    page("Access denied: mines that lose their licences", f"<h1>Access denied</h1><p>{PROSE}</p>"),
    page("The agency no longer exists", f"<p>The old mining agency no longer exists. {PROSE}</p>"),
    page("关于网站安全验证和访问频繁限制的通知", "<p>" + "各单位应当对访问频繁的用户进行安全验证。" * 60 + "</p>"),
    page("Maintenance of tailings dams", "<p>Rules for the maintenance of dams. See the annex.</p>"),
    page("Maintenance", "<p>Section 12. The operator shall keep the dam under regular maintenance.</p>"),
    page("First", "<h1>First</h1><p>Text of First.</p>"),
    page("Notice", "<p>See the annex.</p><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"),
    page("Notice", f"<noscript>Please enable JavaScript and cookies to continue</noscript><p>{PROSE}</p>"),
    page("Notice", "<script>document.cookie='seen=1'; if (x) location.href='/m'</script><p>" + PROSE[:70] + "</p>"),
    page("Notice", "<script src='/_Incapsula_Resource?x=1'></script><p>Open for comment.</p><a href='x.pdf'>The rule</a>"),
    page("Notice 404", "<p>Notice No. 404 of the department. The limit is 165 Wh/kg.</p>"),
    page("Domain of validity", "<p>The rule is for sale of batteries in this domain.</p>"),
    page("Cookies", f"<p>We use cookies. Accept cookies or manage cookies.</p><p>{PROSE}</p>"),
    page("Notice", "<p>We use cookies, some cookies are required. Accept cookies.</p><p>The limit is 165 Wh/kg.</p>"),
    page("Scan", "<iframe src='rule.pdf'></iframe>"),
]  # fmt: skip


@pytest.mark.parametrize("body", GOOD)
def test_articles_about_it_are_no_refusals(body: bytes) -> None:
    assert judged(body) is None


def test_a_list_that_its_own_script_fills_is_read_by_its_spider() -> None:
    shell = page("公开征求意见", "<div id='list'></div><script parseType='{webId: 1}'></script>")
    assert judged(shell, wanted="list") is None


@pytest.mark.parametrize("mark", ["<script", "<", "<!--", "<title", "<h1>", "<style></style>", "{", " "])
def test_hostile_bytes_cost_little(mark: str) -> None:
    import time

    for around in ("<html>", ""):
        body = (around + mark * (190_000 // len(mark)) + "<title>Just a moment...</title>px-captcha").encode()
        began = time.process_time()
        judged(body)
        assert time.process_time() - began < 2


def _files() -> list[Path]:
    found = [*(ROOT / "tests" / "golden").rglob("input.*"), *(ROOT / "limen/app/demo/content").rglob("*")]
    kinds = (".html", ".htm", ".xml", ".json", ".j2")
    return sorted(path for path in found if path.is_file() and path.suffix in kinds and "refused" not in _golden(path))


def _golden(path: Path) -> dict[str, object]:
    expected = path.with_name("expected.json")
    return json.loads(expected.read_text(encoding="utf-8")) if expected.is_file() else {}  # type: ignore[no-any-return]


@pytest.mark.parametrize("path", _files(), ids=lambda path: path.name)
def test_no_page_of_ours_is_flagged(path: Path) -> None:
    body = path.read_bytes()
    is_json = path.suffix == ".json"
    wanted: tuple[Wanted, ...] = ("list", "json" if is_json else "list")
    # a column page that is filled in by script is a list, and no document
    for each in wanted if _golden(path).get("read") == "list" else ("page", *wanted):
        assert judged(body, wanted=each, content_type="application/json" if is_json else "") is None
