"""Addresses that may not be called, said plainly: which host, which address, what to set."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import CannotResolveHostError

from limen.crawler.errors import CrawlerError
from limen.crawler.middlewares.errors import HostClosed
from limen.crawler.resolver import GuardedResolver
from limen.domain.address_policy import ForbiddenAddress

_PORTS = {"http": 80, "https": 443}


class AddressRefused(HostClosed):
    """A host leads where Limen may not call. Nothing was sent to it; the message says what to set if it may.

    `reason` is the policy's word alone, and `redirected` tells whether a page led there; `url` is then that page.
    """

    def __init__(self, reason: str, request: Request) -> None:
        origins = request.meta.get("redirect_urls")
        parts = urlsplit(request.url)
        super().__init__(
            f"redirects to {request.url}, but {reason}" if origins else reason,
            url=origins[0] if origins else f"{parts.scheme}://{parts.netloc}/",
        )
        self.reason = reason
        self.redirected = bool(origins)


class AddressPolicyMiddleware:
    """Turns a name without permitted addresses into `AddressRefused`, and checks what goes through a proxy.

    A proxy looks up names itself, so behind one a host is judged by its looks, and the proxy is a host like any other.
    The middleware stands behind Scrapy's `HttpProxyMiddleware`, which chooses the proxy, and before the retries.
    """

    def process_request(self, request: Request) -> None:
        """Let a request pass. Raises `AddressRefused`."""
        policy = _guard().policy
        proxy = request.meta.get("proxy")
        if not proxy:
            return
        try:
            policy.check_name(*_host(request.url))
            policy.check_literal(*_host(proxy))  # a proxy that is given by its name goes through the resolver
        except ForbiddenAddress as error:
            raise AddressRefused(str(error), request) from error

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Say why a host was not found where it was found at a forbidden address. Raises `AddressRefused`."""
        if not isinstance(exception, CannotResolveHostError):
            return
        called, _ = _host(request.meta.get("proxy") or request.url)
        error = _guard().refusal(called)
        if error is not None:
            raise AddressRefused(str(error), request) from exception


def _guard() -> GuardedResolver:
    from twisted.internet import reactor  # importing it earlier would install another one

    resolver: Any = reactor.nameResolver
    if not isinstance(resolver, GuardedResolver):
        raise CrawlerError("the reactor looks up names without the address policy: install a GuardedResolver first")
    return resolver


def _host(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or _PORTS.get(parts.scheme)
