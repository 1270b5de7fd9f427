"""Which addresses Limen may call: the public internet, and of all others only those that the configuration names.

The lists of special addresses are IANA's registries (RFC 6890 and its updates), as `ipaddress` knows them. An IPv6
address that carries packets to an IPv4 one (mapped, 6to4, NAT64, ISATAP: RFC 4291, 3056, 6052, 5214) is what that is.
"""

from __future__ import annotations

import re
import socket
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from limen.domain.errors import LimenError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_METADATA = frozenset(
    map(ip_address, ("169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192"))
) | frozenset(map(ip_address, ("fd00:ec2::254", "fd20:ce::254")))
"""Where clouds tell a machine its secrets. One of them (Azure's) lies among the public addresses."""
_SHARED = IPv4Network("100.64.0.0/10")
_PUBLIC_IPV6 = IPv6Network("2000::/3")
_ENDS_IN_IPV4 = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
_SIX_TO_FOUR = IPv6Network("2002::/16")
_ISATAP = (0x00005EFE, 0x02005EFE)
_HOST_AND_PORT = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+)(?::([0-9]{1,5}))?")
_LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "localdomain")
"""Ends of names that no public name server knows (RFC 6761, 6762, 8375, and what networks use without asking)."""


class ForbiddenAddress(LimenError):
    """A host leads to an address that Limen may not call. Add it to `[network] allow` if it may.

    `host` is the name as asked for, `address` what it resolved to.
    """

    def __init__(self, host: str, address: str, *, kind: str) -> None:
        leads = f"{host} is {kind} address" if host == address else f"{host} leads to {address}, {kind} address"
        super().__init__(f'{leads}; if Limen may call it, set [network] allow = ["{host}"] in the configuration')
        self.host = host
        self.address = address


@dataclass(frozen=True, slots=True)
class _Permit:
    """One entry of the configuration: a name or network, for one port or for all."""

    name: str | None = None
    network: Network | None = None
    port: int | None = None

    def covers(self, host: str, address: Address | None, port: int | None) -> bool:
        """Tell whether the entry lets a host be called.

        `host` is a normal name (`normal_host`). A network covers no host whose `address` is None (not looked up), and
        an entry with a port none whose `port` is None (not known).
        """
        if self.port is not None and self.port != port:
            return False
        if self.network is None:
            return self.name == host
        return address is not None and any(each in self.network for each in (address, _embedded(address)))


class AddressPolicy:
    """What may be called beside the public internet.

    An entry of `allowed_hosts` is a host name (that one name, wherever it leads), an address, a network
    (`10.0.0.0/8`), or a name or address with a port (`intranet.example:8080`, `[fd00::1]:8080`).

    Raises:
        ValueError: an entry is none of these; the message names it.
    """

    __slots__ = ("_permits", "allowed_hosts")

    def __init__(self, allowed_hosts: Iterable[str] = ()) -> None:
        self.allowed_hosts = frozenset(allowed_hosts)
        self._permits = tuple(_permit(entry) for entry in sorted(self.allowed_hosts))

    def check(self, host: str, address: str, *, port: int | None = None) -> None:
        """Return if `host`, which resolved to `address`, may be called there. Raises `ForbiddenAddress`."""
        found = ip_address(address)
        kind = _kind(found)
        if kind is not None and not self._allows(host, found, port):
            raise ForbiddenAddress(host, address, kind=kind)

    def check_literal(self, host: str, port: int | None = None) -> None:
        """Return unless `host` is itself an address, in whatever notation, that may not be called.

        Raises:
            ForbiddenAddress: it is one.
        """
        literal = _literal(normal_host(host))
        if literal is not None and (kind := _kind(literal)) is not None and not self._allows(host, literal, port):
            raise ForbiddenAddress(host, host, kind=kind)

    def check_name(self, host: str, port: int | None = None) -> None:
        """Return if a host whose address somebody else will look up (a proxy) may be asked for, by its looks alone.

        Raises:
            ForbiddenAddress: it is a forbidden address, or a name that only means something inside.
        """
        self.check_literal(host, port)
        name = normal_host(host)
        inside = name.rpartition(".")[2] in _LOCAL_NAMES or name.endswith(".home.arpa") or "." not in name
        if inside and _literal(name) is None and not self._allows(host, None, port):
            raise ForbiddenAddress(host, host, kind="a local")

    def _allows(self, host: str, address: Address | None, port: int | None) -> bool:
        name = normal_host(host)
        return any(permit.covers(name, address, port) for permit in self._permits)


def _permit(entry: str) -> _Permit:
    text = entry.strip()
    try:
        return _Permit(network=ip_network(text, strict=False))
    except ValueError:
        pass
    match = _HOST_AND_PORT.fullmatch(text)
    if match is None:
        raise ValueError(f"{entry!r} is no host, address, network or host:port, such as 10.0.0.0/8 or intranet:8080")
    name, port = match[1].strip("[]"), int(match[2]) if match[2] else None
    try:
        return _Permit(network=ip_network(name), port=port)
    except ValueError:
        return _Permit(name=normal_host(name), port=port)


def normal_host(host: str) -> str:
    """Return the one spelling of a host name: small letters, in ASCII (`xn--`), no brackets, no dot at the end."""
    name = unicodedata.normalize("NFKC", host).strip("[]").rstrip(".").casefold()
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _literal(host: str) -> Address | None:
    """Return the address that a host is, also in the notations that only the C library knows (`127.1`, `0x7f000001`)."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def _embedded(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for; itself if there is none."""
    if isinstance(address, IPv6Address):
        if any(address in network for network in _ENDS_IN_IPV4):
            return IPv4Address(int(address) & 0xFFFFFFFF)
        if address in _SIX_TO_FOUR:
            return IPv4Address(int(address) >> 80 & 0xFFFFFFFF)
    return address


def _kind(address: Address) -> str | None:
    """Return what keeps an address from being called, with its article; None for a public one."""
    address = _embedded(address)
    tests = (
        (address in _METADATA, "a metadata"),
        (address.is_unspecified, "an unspecified"),
        (address.is_loopback, "a loopback"),
        (address.is_link_local, "a link-local"),
        (address.is_multicast, "a multicast"),
        (address in _SHARED, "a shared"),
        (address.is_reserved, "a reserved"),
        (address.is_private, "a private"),
        (not address.is_global or (address.version == 6 and address not in _PUBLIC_IPV6), "a reserved"),
    )
    kind = next((kind for holds, kind in tests if holds), None)
    if kind is None and isinstance(address, IPv6Address) and int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
        return _kind(IPv4Address(int(address) & 0xFFFFFFFF))
    return kind
