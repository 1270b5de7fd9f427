"""What a source's browser may reach, and how it is started."""

from __future__ import annotations

import ipaddress
from types import SimpleNamespace
from typing import Any

import pytest

from limen.crawler import browser
from limen.crawler.browser import browser_meta, browser_settings, find_chromium, reachable_hosts
from limen.crawler.errors import CrawlerError
from limen.crawler.source_spec import SourceSpec


def source(**changes: Any) -> SourceSpec:
    return SourceSpec.model_validate(
        {
            "id": "registry",
            "name": "Registry",
            "publisher": "Registry",
            "jurisdiction": "XX",
            "language": "en",
            "kind": "feed",
            "document_class": "notice",
            "homepage": "https://registry.example/",
            "entry": ["https://lists.registry.example:8443/new"],
            "timezone": "UTC",
            "schedule": {"every": "6h"},
            "browser": {},
            **changes,
        }
    )


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(browser.CHROMIUM_VARIABLE, "sh")  # a program that is everywhere


def rules_of(settings: dict[str, Any]) -> str:
    [rules] = [each for each in settings["PLAYWRIGHT_LAUNCH_OPTIONS"]["args"] if "host-resolver-rules" in each]
    return str(rules.partition("=")[2])


def test_a_source_without_the_table_has_no_browser() -> None:
    spec = source(browser=None)
    assert browser_settings(spec, lambda host: pytest.fail(host)) == {}
    assert browser_meta(spec) == {}


@pytest.mark.usefixtures("chromium")
def test_only_the_hosts_of_the_source_have_addresses() -> None:
    spec = source(browser={"hosts": ["CDN.example", "bücher.example"]})
    addresses = {
        "lists.registry.example": "192.0.2.1",
        "registry.example": "192.0.2.2",
        "cdn.example": "2001:db8::3",
        "xn--bcher-kva.example": "192.0.2.4",
    }
    assert reachable_hosts(spec) == tuple(addresses)
    assert rules_of(browser_settings(spec, addresses.__getitem__)) == (
        "MAP lists.registry.example 192.0.2.1, MAP registry.example 192.0.2.2, MAP cdn.example [2001:db8::3], "
        "MAP xn--bcher-kva.example 192.0.2.4, MAP * ~NOTFOUND"
    )


@pytest.mark.usefixtures("chromium")
def test_an_address_that_is_not_allowed_stops_the_source() -> None:
    def resolve(host: str) -> str:
        raise CrawlerError(f"{host} is at 10.0.0.1, which is not public")

    with pytest.raises(CrawlerError, match="not public"):
        browser_settings(source(), resolve)


@pytest.mark.parametrize("name", ["*", "*.example", "a.example, MAP * 192.0.2.9", "a b", "", "a..example"])
def test_a_host_cannot_smuggle_a_rule(name: str) -> None:
    with pytest.raises(ValueError, match="hosts"):
        source(browser={"hosts": [name]})


def test_a_strange_host_of_an_address_is_refused() -> None:
    with pytest.raises(CrawlerError, match="no host name"):
        reachable_hosts(source(entry=["https://a,map*1/"]))


@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize(("user", "sandboxed"), [(0, False), (1000, True)])
def test_the_sandbox_is_only_left_out_for_root(monkeypatch: pytest.MonkeyPatch, user: int, sandboxed: bool) -> None:
    monkeypatch.setattr(browser.os, "geteuid", lambda: user)
    options = browser_settings(source(), lambda host: "192.0.2.1")["PLAYWRIGHT_LAUNCH_OPTIONS"]
    assert options["chromium_sandbox"] is sandboxed
    assert ("--no-sandbox" in options["args"]) is not sandboxed


@pytest.mark.usefixtures("chromium")
def test_no_other_way_out_is_left_open() -> None:
    arguments = browser_settings(source(), lambda host: "192.0.2.1")["PLAYWRIGHT_LAUNCH_OPTIONS"]["args"]
    assert {"--no-proxy-server", "--disable-quic", "--disable-background-networking"} <= set(arguments)
    assert "--webrtc-ip-handling-policy=disable_non_proxied_udp" in arguments
    # A second list of features would put out Playwright's own.
    assert not [each for each in arguments if each.startswith("--disable-features")]


@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize(
    ("kind", "url", "left_out"),
    [
        ("document", "https://registry.example/a", False),
        ("script", "https://LISTS.registry.example:8443/a.js", False),
        ("image", "https://registry.example/a.png", True),
        ("font", "https://registry.example/a.woff2", True),
        ("script", "https://tracker.example/a.js", True),
        ("xhr", "https://registry.example.evil.example/", True),
        ("document", "data:text/html,hello", True),
        ("document", "http://[broken/", True),
    ],
)
def test_requests_that_are_left_out(kind: str, url: str, left_out: bool) -> None:
    abort = browser_settings(source(), lambda host: "192.0.2.1")["PLAYWRIGHT_ABORT_REQUEST"]
    assert abort(SimpleNamespace(resource_type=kind, url=url)) is left_out


def test_the_extra_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "find_spec", lambda name: None)
    with pytest.raises(CrawlerError, match=r"pip install 'limen\[browser\]'"):
        browser_settings(source(), lambda host: "192.0.2.1")


def test_the_chromium_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(browser.CHROMIUM_VARIABLE, raising=False)
    monkeypatch.setattr(browser.shutil, "which", lambda name: None)
    with pytest.raises(CrawlerError, match="apt-get install chromium"):
        find_chromium()
    monkeypatch.setenv(browser.CHROMIUM_VARIABLE, "/opt/chrome")
    with pytest.raises(CrawlerError, match="LIMEN_CHROMIUM names '/opt/chrome'"):
        find_chromium()


def test_the_chromium_that_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(browser.CHROMIUM_VARIABLE, raising=False)
    monkeypatch.setattr(browser.shutil, "which", lambda name: f"/bin/{name}" if name == "google-chrome" else None)
    assert find_chromium() == "/bin/google-chrome"


def test_the_page_is_ready_when_its_element_is_there() -> None:
    pytest.importorskip("scrapy_playwright")
    meta = browser_meta(source(browser={"wait_for": "ul.docs li"}))
    assert meta["playwright"] is True
    [ready] = meta["playwright_page_methods"]
    assert (ready.method, ready.args) == ("wait_for_selector", ("ul.docs li",))
    assert browser_meta(source())["playwright_page_methods"] == []
    assert browser_meta(source())["playwright_page_goto_kwargs"] == {"wait_until": "networkidle"}
    assert meta["playwright_context_kwargs"]["service_workers"] == "block"


@pytest.mark.usefixtures("chromium")
def test_addresses_are_mapped_too() -> None:
    rules = rules_of(browser_settings(source(entry=["http://[2001:db8::9]/"]), lambda host: host))
    assert str(ipaddress.ip_address("2001:db8::9")) in rules
