"""A few polite requests outside of a crawl: robots obeyed, one at a time, small answers only."""

from __future__ import annotations

import time
import zlib
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx
from protego import Protego

from limen import __version__
from limen.crawler.errors import CrawlerError
from limen.crawler.host_gate import LONGEST_DELAY
from limen.domain.address_policy import AddressPolicy, ForbiddenAddress
from limen.net.guarded_transport import GuardedTransport

MAX_BYTES = 8_000_000
"""Bytes of an answer, unpacked, that are looked at."""
MAX_REDIRECTS = 5
_ROBOT = "Limen"


class Unavailable(CrawlerError):
    """An address brought nothing: no host, no answer, a refusal, or a status of failure. The message says which."""


class Refused(Unavailable):
    """The host asks to be left alone (429, 503). Ask nothing more of it now; try again later."""


class PoliteClient:
    """Asks web servers for single pages under Limen's name. `contact` is sent along.

    `pause` is the seconds between two requests; a longer Crawl-delay of a host is kept, up to `LONGEST_DELAY`.
    """

    def __init__(
        self, *, contact: str = "", pause: float = 1.0, timeout: float = 20.0, policy: AddressPolicy | None = None
    ) -> None:
        """`policy` says which addresses beside the public ones may be called; None for none."""
        agent = f"{_ROBOT}/{__version__}" + (f" (+{contact})" if contact else "")
        self._client = httpx.Client(
            transport=GuardedTransport(policy or AddressPolicy()),
            # the usual packing only, which can be undone in small steps
            headers={"User-Agent": agent, "Accept-Encoding": "gzip, deflate"},
            timeout=timeout,
            follow_redirects=False,
        )
        self._pause = pause
        self._longer_pause = 0.0
        self._rules: dict[str, Protego] = {}
        self._asked_before = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def fetch(self, url: str) -> tuple[str, httpx.Headers, bytes]:
        """Return where the redirects ended, the headers, and the body, cut off at `MAX_BYTES`.

        Raises:
            Unavailable: the host cannot be reached, robots.txt forbids it or cannot be had, or the answer is not 200.
            Refused: the host asks to be left alone.
        """
        for _ in range(MAX_REDIRECTS + 1):
            rules = self.rules(url)
            if not rules.can_fetch(url, _ROBOT):
                raise Unavailable(f"{url}: the site's robots.txt forbids it to robots; ask the site for access")
            self._longer_pause = min(float(rules.crawl_delay(_ROBOT) or 0), LONGEST_DELAY)
            status, headers, body = self._get(url)
            if not _is_redirect(status, headers):
                break
            url = _target(url, headers["location"])
        else:
            raise Unavailable(f"{url}: more than {MAX_REDIRECTS} redirects; give the address they lead to")
        if status in (429, 503):
            raise Refused(f"{url}: the host answers {status} and wants fewer requests; try again later")
        if status != 200 or not body.strip():
            raise Unavailable(f"{url}: the host answers {status}{'' if body.strip() else ' with nothing in it'}")
        return url, headers, body

    def rules(self, url: str) -> Protego:
        """Return the robots.txt of an address's host; all is allowed where there is none. Raises `Unavailable`."""
        address = str(_parts(url).copy_with(raw_path=b"/robots.txt", fragment=None))
        if address not in self._rules:
            target = address
            status, headers, body = self._get(target)
            for _ in range(MAX_REDIRECTS):
                if not _is_redirect(status, headers):
                    break
                target = _target(target, headers["location"])
                status, headers, body = self._get(target)
            if status >= 500 or status == 429:
                raise Unavailable(f"{address}: the host answers {status}, so nothing may be fetched; try again later")
            self._rules[address] = Protego.parse(body.decode("utf-8-sig", "replace") if status == 200 else "")
        return self._rules[address]

    def _get(self, url: str) -> tuple[int, httpx.Headers, bytes]:
        if self._asked_before:
            time.sleep(max(self._pause, self._longer_pause))
        self._asked_before = True
        body = bytearray()
        try:
            with self._client.stream("GET", url) as response:
                for chunk in response.iter_raw():
                    body += chunk
                    if len(body) > MAX_BYTES:
                        break
                return response.status_code, response.headers, _unpacked(bytes(body[:MAX_BYTES]), response)
        except ForbiddenAddress as error:
            raise Unavailable(f"{url}: {error}") from error
        except httpx.TimeoutException as error:
            raise Unavailable(f"{url}: no answer in time; try again later") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(f"{url}: the host cannot be reached ({error}); check the address") from error


def _is_redirect(status: int, headers: httpx.Headers) -> bool:
    return status in (301, 302, 303, 307, 308) and "location" in headers


def _unpacked(body: bytes, response: httpx.Response) -> bytes:
    """Return the first `MAX_BYTES` of what was packed, without unpacking more."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing in ("identity", "") or not body:
        return body
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise Unavailable(f"{response.url}: the answer is packed as {packing}, which was not asked for")
    for form in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):  # with a head of gzip or zlib, or bare
        try:
            return zlib.decompressobj(form).decompress(body, MAX_BYTES)
        except zlib.error:
            continue
    raise Unavailable(f"{response.url}: the answer is no {packing}, as it says; open it by hand")


def _parts(url: str) -> httpx.URL:
    try:
        urlsplit(url)  # httpx repairs what cannot be repaired, such as a bracket without its twin
        parts = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise Unavailable(f"{url}: is no web address ({error})") from error
    if parts.scheme not in ("http", "https") or not parts.host:
        raise Unavailable(f"{url}: is no web address; it should begin with http:// or https://")
    return parts


def _target(url: str, location: str) -> str:
    try:
        return str(httpx.URL(url).join(location))
    except httpx.InvalidURL as error:
        raise Unavailable(f"{url}: redirects to {location!r}, which is no web address") from error
