"""Rendering by Chromium for sources with a `[browser]` table: settings and request meta of scrapy-playwright (extra `browser`).

The browser runs scripts of strangers, so it is shut in: every name but those of the source is unknown to it, it has no
proxy, no second way to ask for names, and no connections beside HTTP. Addresses are checked before it is started.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from limen.crawler.errors import CrawlerError
from limen.crawler.source_spec import SourceSpec
from limen.domain.address_policy import AddressPolicy, ForbiddenAddress
from limen.net.guarded_transport import resolve

RENDERED = "playwright"
"""Meta key of requests that the browser makes: their answer is the page's tree as it stood, and no bytes of the server."""
_HTTPS = 443
CHROMIUM_VARIABLE = "LIMEN_CHROMIUM"
"""Environment variable with the browser to use; it goes before those that are found."""
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE_MS = 30_000
"""Milliseconds for a page to load, and again for the element that shows it is ready."""

_HANDLER = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_NOT_TEXT = ("image", "media", "font", "websocket", "manifest", "texttrack")
_FLAGS = (
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-extensions",
    "--no-first-run",
    "--no-pings",
    # A proxy of the environment would look names up itself.
    "--no-proxy-server",
    # WebRTC asks addresses that stand in the page's script, past every rule about names.
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
)
_SHUT = "for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport']) delete globalThis[name];"
"""Run in each page and frame before its own scripts: connections that no rule about names holds back (a second lock)."""


@dataclass(frozen=True, slots=True)
class _OutOfReach:
    """Tells of a request of the browser whether it is left out: of another host, or for what holds no text."""

    hosts: frozenset[str]

    def __call__(self, request: Any) -> bool:
        return request.resource_type in _NOT_TEXT or _host(request.url) not in self.hosts


def browser_settings(spec: SourceSpec, resolve: Callable[[str], str]) -> dict[str, Any]:
    """Return Scrapy's settings for a source that is rendered; none where it has no `[browser]` table.

    `resolve` returns the address of a host that Limen may speak to, or raises. The browser reaches the hosts of the entry
    points, of the homepage and of `[browser] hosts`, at these addresses, and no others, also not by a redirect.

    Raises:
        CrawlerError: the extra or Chromium is missing, or a host's name is none; the message says what to do.
    """
    if spec.browser is None:
        return {}
    if find_spec("scrapy_playwright") is None:
        raise CrawlerError(
            f"source {spec.id!r} needs a browser: pip install 'limen[browser]', or remove [browser] from its TOML"
        )
    hosts = reachable_hosts(spec)
    as_root = os.geteuid() == 0
    rules = ", ".join([*(f"MAP {host} {_bracketed(resolve(host))}" for host in hosts), "MAP * ~NOTFOUND"])
    return {
        "DOWNLOAD_HANDLERS": {"http": _HANDLER, "https": _HANDLER},
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": find_chromium(),
            "headless": True,
            # Chromium refuses to build its sandbox for root.
            "chromium_sandbox": not as_root,
            "args": [*_FLAGS, f"--host-resolver-rules={rules}", *(["--no-sandbox"] if as_root else [])],
        },
        "PLAYWRIGHT_MAX_CONTEXTS": 1,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": PATIENCE_MS,
        "PLAYWRIGHT_ABORT_REQUEST": _OutOfReach(frozenset(hosts)),
    }


def checked_address(host: str, policy: AddressPolicy) -> str:
    """Return the address of a host that the browser may speak to.

    Raises:
        CrawlerError: the host has no address, or none that may be called; the message says what to set.
    """
    try:
        return resolve(host, _HTTPS, policy)[0]
    except ForbiddenAddress as error:
        raise CrawlerError(str(error)) from error
    except (OSError, UnicodeError, IndexError) as error:
        raise CrawlerError(
            f"{host}: the host name is unknown ({error}): check its spelling in entry or [browser]"
        ) from error


def renders(spec: SourceSpec, *, lists: bool) -> bool:
    """Tell whether the lists of a source, or its pages, are rendered."""
    return spec.browser is not None and spec.browser.render in ("all", "lists" if lists else "pages")


def browser_meta(spec: SourceSpec) -> dict[str, Any]:
    """Return the meta of a request that is to be rendered; none where the source has no `[browser]` table.

    The page is ready when the element of `wait_for` is there; without one, when it has loaded nothing for half a second.
    """
    if spec.browser is None:
        return {}
    from scrapy_playwright.page import PageMethod  # type: ignore[import-untyped]

    wait_for = spec.browser.wait_for
    ready = PageMethod("wait_for_selector", wait_for, state="attached", timeout=PATIENCE_MS)
    return {
        RENDERED: True,
        # No worker of the page may load anything past the rules for its requests.
        "playwright_context_kwargs": {"service_workers": "block", "accept_downloads": False},
        "playwright_page_init_callback": _shut,
        "playwright_page_goto_kwargs": {"wait_until": "networkidle" if wait_for is None else "domcontentloaded"},
        "playwright_page_methods": [] if wait_for is None else [ready],
    }


def reachable_hosts(spec: SourceSpec) -> tuple[str, ...]:
    """Return the hosts that the browser may speak to, each once. Raises `CrawlerError` for what is no host name."""
    named = spec.browser.hosts if spec.browser is not None else ()
    hosts = [_host(url) for url in (*spec.entry, spec.homepage)] + [_ascii(name) for name in named]
    for host in hosts:
        if _NAME.fullmatch(host) is None and not _is_address(host):
            raise CrawlerError(
                f"source {spec.id!r}: {host!r} is no host name; correct entry, homepage or [browser] hosts"
            )
    return tuple(dict.fromkeys(hosts))


def find_chromium() -> str:
    """Return the path of Chromium. Raises `CrawlerError` if there is none; the message says what to install."""
    named = os.environ.get(CHROMIUM_VARIABLE)
    found = [path for name in ([named] if named else CHROMIUM_NAMES) if (path := shutil.which(name)) is not None]
    if not found:
        missing = f"{CHROMIUM_VARIABLE} names {named!r}, which is no program" if named else "no Chromium was found"
        raise CrawlerError(
            f"{missing}; install it (on Debian and Ubuntu: apt-get install chromium), "
            f"or set {CHROMIUM_VARIABLE} to the path of a Chromium or Chrome"
        )
    return found[0]


async def _shut(page: Any, request: Any) -> None:  # noqa: ARG001 - the signature that scrapy-playwright asks for
    await page.add_init_script(_SHUT)


def _host(url: str) -> str:
    try:
        return _ascii(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def _ascii(name: str) -> str:
    try:
        return name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return name.lower()


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address
