"""An httpx transport that connects to no address but those that the policy lets pass.

The address that was checked is the one that is connected to, so a name that resolves to something else a moment later
leads nowhere; the certificate is still held against the name. Redirects are requests of their own and are checked anew.
A proxy of the environment is an address like any other.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from limen.domain.address_policy import AddressPolicy, ForbiddenAddress

_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
"""A proxy of the environment must not swallow calls to this machine."""


LookUp = Callable[..., Iterable[Any]]
"""A function like `socket.getaddrinfo`."""


def resolve(
    host: str, port: int, policy: AddressPolicy, *, getaddrinfo: LookUp = socket.getaddrinfo
) -> tuple[str, ...]:
    """Return the addresses of a host that may be called, in the order of the system.

    Raises:
        ForbiddenAddress: it has addresses, and none may be called.
        OSError: it has none.
    """
    refused: ForbiddenAddress | None = None
    found: dict[str, None] = {}
    for _, _, _, _, address in getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            policy.check(host, address[0], port=port)
        except ForbiddenAddress as error:
            refused = refused or error
        else:
            found[address[0]] = None
    if not found and refused is not None:
        raise refused
    return tuple(found)


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to checked addresses only. `getaddrinfo` looks names up, as `socket.getaddrinfo` does."""

    def __init__(self, policy: AddressPolicy, *, getaddrinfo: LookUp = socket.getaddrinfo) -> None:
        self._policy = policy
        self._getaddrinfo = getaddrinfo
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to the first of the host's addresses that answers. Raises `ForbiddenAddress`."""
        try:
            addresses = resolve(host, port, self._policy, getaddrinfo=self._getaddrinfo)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        options = tuple(socket_options or ())
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                return self._plain.connect_tcp(address, port, timeout, local_address, options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002 - the base class's signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """Refuse: there is no host to check."""
        raise httpcore.ConnectError(f"{path}: a socket of this machine is no web address")


class GuardedTransport(httpx.BaseTransport):
    """The network for an `httpx.Client`, through the policy. Requests raise `ForbiddenAddress` beside httpx's own errors."""

    def __init__(self, policy: AddressPolicy, *, getaddrinfo: LookUp = socket.getaddrinfo) -> None:
        self._policy = policy
        self._getaddrinfo = getaddrinfo
        self._certificates = httpx.create_ssl_context()
        self._pools: dict[str, httpcore.ConnectionPool] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request as httpx asks it."""
        proxy = _proxy_for(request.url)
        if proxy:
            self._policy.check_name(request.url.host, _port(request.url))
        inner = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _httpx_errors():
            answer = self._pool(proxy).handle_request(inner)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer), extensions=dict(answer.extensions)
        )

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.close()

    def _pool(self, proxy: str) -> httpcore.ConnectionPool:
        if proxy not in self._pools:
            self._pools[proxy] = self._connect_by(proxy)
        return self._pools[proxy]

    def _connect_by(self, proxy: str) -> httpcore.ConnectionPool:
        backend = GuardedBackend(self._policy, getaddrinfo=self._getaddrinfo)
        if not proxy:
            return httpcore.ConnectionPool(ssl_context=self._certificates, network_backend=backend)
        parts = urlsplit(proxy)
        if parts.scheme not in ("http", "https"):
            raise httpcore.UnsupportedProtocol(f"no way through a {parts.scheme} proxy; name an http one")
        user = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        return httpcore.HTTPProxy(
            f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
            proxy_auth=user,
            ssl_context=self._certificates,
            network_backend=backend,
        )


class _Body(httpx.SyncByteStream):
    """The body of an answer, with httpx's errors."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _httpx_errors():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        """Give the connection back to the pool; a body that was not read to its end takes the connection with it."""
        self._answer.close()


@contextmanager
def _httpx_errors() -> Generator[None, None, None]:
    """Raise what httpcore raises as httpx's error of the same name."""
    try:
        yield
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.ProxyError,
        httpcore.UnsupportedProtocol,
    ) as error:
        raise getattr(httpx, type(error).__name__, httpx.TransportError)(str(error)) from error


def _proxy_for(url: httpx.URL) -> str:
    """Return the proxy that the environment names for an address; empty if there is none."""
    host = url.host
    if host in _THIS_MACHINE or proxy_bypass(host):
        return ""
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all") or ""
    return proxy if "://" in proxy or not proxy else f"http://{proxy}"


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)
