"""The crawl's name resolver: it hands Twisted only addresses that may be called, and Twisted connects to just those.

Twisted's `HostnameEndpoint` asks the resolver for every connection, also where the host is an address already; what it
gets back it connects to without asking again. So a name that leads elsewhere a moment later leads nowhere. Only the
tunnel through a proxy goes by the proxy's address directly: `middlewares.address_policy` looks at that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scrapy.settings import BaseSettings
from twisted.internet.interfaces import IAddress, IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from limen.domain.address_policy import AddressPolicy, ForbiddenAddress, normal_host


def policy_of(settings: BaseSettings) -> AddressPolicy:
    """Return the policy that the setting `LIMEN_ALLOW_ADDRESSES` widens. Raises `ValueError`."""
    return AddressPolicy(settings.getlist("LIMEN_ALLOW_ADDRESSES"))


@implementer(IHostnameResolver)
class GuardedResolver:
    """A resolver around the reactor's own. It remembers why an answer held nothing to connect to.

    The interfaces are zope's, which mypy cannot read; hence `Any`.
    """

    def __init__(self, reactor: Any, policy: AddressPolicy) -> None:
        self._reactor = reactor
        self._inner: Any = reactor.nameResolver
        self.policy = policy
        self._refused: dict[str, ForbiddenAddress] = {}

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> GuardedResolver:
        """Build the resolver as `scrapy crawl` asks for it (setting `TWISTED_DNS_RESOLVER`)."""
        return cls(reactor, policy_of(crawler.settings))

    def refusal(self, host: str) -> ForbiddenAddress | None:
        """Return why the last answer for a host held nothing to connect to; None if it did, or if there was none."""
        return self._refused.get(normal_host(host))

    def note(self, host: str, refusal: ForbiddenAddress | None) -> None:
        """Remember what came of a look-up."""
        if refusal is None:
            self._refused.pop(normal_host(host), None)
        else:
            self._refused[normal_host(host)] = refusal

    def install_on_reactor(self) -> None:
        """Let every look-up of the reactor pass through here."""
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - this and the arguments are the interface's names
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Begin to resolve a name; the receiver hears only of addresses that may be called."""
        receiver = _Filter(resolutionReceiver, host=hostName, port=portNumber or None, guard=self)
        return self._inner.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


@implementer(IResolutionReceiver)
class _Filter:
    """Passes on what a resolver finds, but for forbidden addresses."""

    def __init__(self, receiver: Any, *, host: str, port: int | None, guard: GuardedResolver) -> None:
        self._receiver = receiver
        self._host = host
        self._port = port
        self._guard = guard
        self._passed = False
        self._refusal: ForbiddenAddress | None = None

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - the interface's name
        """Tell the receiver that the look-up began."""
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802 - the interface's name
        """Pass an address on if it may be called; a forbidden one is dropped without an error and kept as the refusal."""
        try:
            self._guard.policy.check(self._host, address.host, port=self._port)
        except ForbiddenAddress as error:
            self._refusal = error
        else:
            self._passed = True
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802 - the interface's name
        """Note the last refusal at the guard, unless one address was allowed, and end the look-up.

        A receiver that got no address fails with a DNS error of its own; `GuardedResolver.refusal` has the real reason.
        """
        self._guard.note(self._host, None if self._passed else self._refusal)
        self._receiver.resolutionComplete()
