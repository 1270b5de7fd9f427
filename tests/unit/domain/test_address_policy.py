"""Which addresses may be called."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

from limen.domain.address_policy import AddressPolicy, ForbiddenAddress

PUBLIC = AddressPolicy()


def refusal(check: Callable[..., None], *asked: str, port: int | None = None) -> ForbiddenAddress | None:
    try:
        check(*asked, port=port)
    except ForbiddenAddress as error:
        return error
    return None


@pytest.mark.parametrize(
    "address",
    [
        *("8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "198.20.0.1", "2606:4700::1111", "2a01:4f8::1"),
        *("::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "2606:4700::200:5efe:808:808"),
    ],
)
def test_the_public_internet_may_be_called(address: str) -> None:
    assert refusal(PUBLIC.check, "ministry.example", address) is None


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("127.0.0.1", "a loopback"),
        ("127.255.0.9", "a loopback"),
        ("10.1.2.3", "a private"),
        ("172.16.0.1", "a private"),
        ("192.168.1.1", "a private"),
        ("192.0.2.7", "a private"),
        ("169.254.0.7", "a link-local"),
        ("169.254.169.254", "a metadata"),
        ("100.100.100.200", "a metadata"),
        ("168.63.129.16", "a metadata"),
        ("100.64.0.1", "a shared"),
        ("100.127.255.255", "a shared"),
        ("0.0.0.0", "an unspecified"),
        ("0.0.0.9", "a private"),
        ("224.0.0.1", "a multicast"),
        ("239.255.255.250", "a multicast"),
        ("240.0.0.1", "a reserved"),
        ("255.255.255.255", "a reserved"),
        ("198.18.0.1", "a private"),
        ("::", "an unspecified"),
        ("::1", "a loopback"),
        ("fe80::1", "a link-local"),
        ("fe80::1%eth0", "a link-local"),
        ("fec0::1", "a reserved"),
        ("fc00::1", "a private"),
        ("fd00:ec2::254", "a metadata"),
        ("ff02::1", "a multicast"),
        ("2001:db8::1", "a private"),
        ("2001::7f00:1", "a private"),
        ("::ffff:127.0.0.1", "a loopback"),
        ("::ffff:169.254.169.254", "a metadata"),
        ("::ffff:100.64.0.1", "a shared"),
        ("::127.0.0.1", "a reserved"),
        ("::ffff:0:127.0.0.1", "a reserved"),
        ("2002:7f00:1::", "a loopback"),
        ("2002:c0a8:101::5", "a private"),
        ("64:ff9b::a00:1", "a private"),
        ("64:ff9b::a9fe:a9fe", "a metadata"),
        ("64:ff9b:1::808:808", "a "),
        ("2606:4700::5efe:7f00:1", "a loopback"),
        ("fd00::5efe:808:808", "a private"),
        ("4000::1", "a reserved"),
    ],
)
def test_all_else_may_not(address: str, kind: str) -> None:
    with pytest.raises(ForbiddenAddress) as caught:
        PUBLIC.check("ministry.example", address)
    message = str(caught.value)
    assert message.startswith(f"ministry.example leads to {address}, {kind}")
    assert '[network] allow = ["ministry.example"]' in message
    assert (caught.value.host, caught.value.address) == ("ministry.example", address)
    assert str(pickle.loads(pickle.dumps(caught.value))) == message


@pytest.mark.parametrize(
    ("entry", "host", "address", "port"),
    [
        ("Intranet.Example", "intranet.example.", "10.0.0.1", 80),
        ("10.0.0.0/8", "anything.example", "10.200.0.1", 443),
        ("10.0.0.0/8", "anything.example", "::ffff:10.200.0.1", 443),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1", 8000),
        ("fd00::/8", "v6.example", "fd12::1", 443),
        ("::1", "localhost", "::1", 80),
        ("intranet.example:8080", "intranet.example", "10.0.0.1", 8080),
        ("127.0.0.1:8000", "127.0.0.1", "127.0.0.1", 8000),
        ("[fd00::1]:8080", "v6.example", "fd00::1", 8080),
        ("[::1]", "localhost", "::1", 80),
        ("xn--fiqs8s.example", "中国.example", "10.0.0.1", 80),
        ("中国.example", "xn--fiqs8s.example", "10.0.0.1", 80),
    ],
)
def test_what_the_configuration_allows(entry: str, host: str, address: str, port: int) -> None:
    assert refusal(PUBLIC.check, host, address, port=port)
    assert refusal(AddressPolicy([entry]).check, host, address, port=port) is None


@pytest.mark.parametrize(
    ("entry", "host", "address", "port"),
    [
        ("intranet.example", "www.intranet.example", "10.0.0.1", 80),
        ("intranet.example", "intranet.example.evil.example", "10.0.0.1", 80),
        ("10.0.0.0/8", "x.example", "172.16.0.1", 80),
        ("127.0.0.1", "x.example", "127.0.0.2", 80),
        ("intranet.example:8080", "intranet.example", "10.0.0.1", 80),
        ("127.0.0.1:8000", "127.0.0.1", "127.0.0.1", None),
    ],
)
def test_it_allows_no_more_than_it_says(entry: str, host: str, address: str, port: int | None) -> None:
    with pytest.raises(ForbiddenAddress):
        AddressPolicy([entry]).check(host, address, port=port)


@pytest.mark.parametrize(
    "entry", ["", "  ", "10.0.0.0/99", "http://intranet.example", "host:port", "host:", "a/b", ":80"]
)
def test_what_is_no_entry(entry: str) -> None:
    with pytest.raises(ValueError, match="is no host, address, network or host:port"):
        AddressPolicy([entry])


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "[::1]", "::ffff:7f00:1", "１２７.0.0.1"),
        *("localhost", "LOCALHOST.", "metadata.google.internal", "printer.local", "router.home.arpa", "intranet"),
        "169.254.169.254",
    ],
)
def test_what_a_proxy_is_not_asked_for(host: str) -> None:
    with pytest.raises(ForbiddenAddress):
        PUBLIC.check_name(host)


@pytest.mark.parametrize(
    ("entries", "host"),
    [
        *(((), host) for host in ("ministry.example", "8.8.8.8", "xn--fiqs8s.example", "internal.example")),
        (("intranet", "127.0.0.1"), "intranet"),
        (("127.0.0.0/8",), "127.1"),
        (("localhost",), "localhost"),
        (("localhost",), "LOCALHOST."),
    ],
)
def test_what_a_proxy_may_be_asked_for(entries: tuple[str, ...], host: str) -> None:
    assert refusal(AddressPolicy(entries).check_name, host) is None
