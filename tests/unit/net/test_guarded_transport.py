"""Look-ups through the policy, and the errors that come of them."""

from __future__ import annotations

import socket
from typing import Any

import httpx
import pytest

from limen.domain.address_policy import AddressPolicy, ForbiddenAddress
from limen.net.guarded_transport import GuardedTransport, resolve

PUBLIC = AddressPolicy()


def answering(*addresses: str) -> Any:
    """Return a stand-in for `socket.getaddrinfo` that knows every host under these addresses."""

    def getaddrinfo(host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return getaddrinfo


def test_only_what_may_be_called_is_left_of_an_answer() -> None:
    found = resolve("x.example", 80, PUBLIC, getaddrinfo=answering("10.0.0.1", "8.8.8.8", "8.8.8.8", "::1", "1.1.1.1"))
    assert found == ("8.8.8.8", "1.1.1.1")
    with pytest.raises(ForbiddenAddress, match=r"x\.example leads to 10\.0\.0\.1, a private address"):
        resolve("x.example", 80, PUBLIC, getaddrinfo=answering("10.0.0.1", "127.0.0.1"))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The addresses that were connected to; none of them answers."""
    called: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        called.append(address)
        raise ConnectionRefusedError("nobody is there")

    monkeypatch.setattr(socket, "create_connection", connect)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return called


def get(url: str, policy: AddressPolicy = PUBLIC, *, getaddrinfo: Any = socket.getaddrinfo) -> None:
    with httpx.Client(transport=GuardedTransport(policy, getaddrinfo=getaddrinfo)) as client:
        client.get(url)


def test_the_address_that_was_checked_is_the_one_that_is_called(calls: list[tuple[str, int]]) -> None:
    answers = iter([["8.8.8.8"], ["127.0.0.1"], ["127.0.0.1"]])

    def rebinding(host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        return answering(*next(answers))(host, port)  # type: ignore[no-any-return]

    with pytest.raises(httpx.ConnectError):
        get("http://rebind.example/", getaddrinfo=rebinding)
    assert calls == [("8.8.8.8", 80)]
    with pytest.raises(ForbiddenAddress):
        get("http://rebind.example/", getaddrinfo=rebinding)
    assert calls == [("8.8.8.8", 80)]


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://127.1/", "http://0x7f.1:8080/", "https://[::1]/"])
def test_this_machine_is_not_called(calls: list[tuple[str, int]], url: str) -> None:
    with pytest.raises(ForbiddenAddress, match="a loopback address"):
        get(url)
    assert calls == []


def test_each_address_is_tried(calls: list[tuple[str, int]]) -> None:
    with pytest.raises(httpx.ConnectError):
        get("https://two.example/", getaddrinfo=answering("10.0.0.1", "8.8.8.8", "1.1.1.1"))
    assert calls == [("8.8.8.8", 443), ("1.1.1.1", 443)]


def test_a_name_without_an_address_is_a_connection_error(calls: list[tuple[str, int]]) -> None:
    def unknown(*_: object, **__: object) -> list[tuple[Any, ...]]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(httpx.ConnectError, match="not known"):
        get("http://nowhere.example/", getaddrinfo=unknown)


@pytest.mark.parametrize("url", ["http://ministry.example/", "https://ministry.example/"])
def test_a_proxy_must_be_allowed_too(calls: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://user:secret@10.0.0.7:3128")
    monkeypatch.setenv("HTTPS_PROXY", "http://10.0.0.7:3128")
    with pytest.raises(ForbiddenAddress, match=r"10\.0\.0\.7 is a private address"):
        get(url)
    assert calls == []
    with pytest.raises(httpx.ConnectError):
        get(url, AddressPolicy(["10.0.0.7"]))
    assert calls == [("10.0.0.7", 3128)]
    with pytest.raises(ForbiddenAddress, match="a local address"):
        get(url.replace("ministry.example", "metadata.google.internal"), AddressPolicy(["10.0.0.7"]))
    assert len(calls) == 1


def test_a_proxy_of_another_kind_is_no_way(calls: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://10.0.0.7:1080")
    with pytest.raises(httpx.UnsupportedProtocol, match="socks5"):
        get("http://ministry.example/", AddressPolicy(["10.0.0.7"]))
