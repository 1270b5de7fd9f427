"""Deliveries as signed HTTP calls, by the Standard Webhooks specification (https://www.standardwebhooks.com)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import version

import httpx
from standardwebhooks import Webhook

from limen.alerts.errors import Refused, TemporaryFailure, Unreachable
from limen.alerts.settings import WebhookEndpoint
from limen.domain.address_policy import AddressPolicy, ForbiddenAddress
from limen.domain.delivery import Delivery
from limen.net.guarded_transport import GuardedTransport

LONGEST_WAIT = timedelta(days=1)


class WebhookChannel:
    """Posts to the configured endpoints. Close it, or use it as a context manager."""

    def __init__(
        self,
        endpoints: Iterable[WebhookEndpoint],
        *,
        policy: AddressPolicy | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`policy` says which addresses beside the public ones may be called; `transport` replaces the network in tests."""
        self._endpoints = {endpoint.name: endpoint for endpoint in endpoints}
        self._client = httpx.Client(
            follow_redirects=False,  # a redirect would carry the event to a host that nobody configured
            transport=transport or GuardedTransport(policy or AddressPolicy()),
            headers={"user-agent": f"Limen/{version('limen')}", "content-type": "application/json"},
        )

    def __enter__(self) -> WebhookChannel:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def route(self, delivery: Delivery) -> str:
        """Return the endpoint's name: each receiver stands for itself."""
        return f"webhook {delivery.recipient}"

    def send(self, delivery: Delivery, *, now: datetime) -> None:
        """Post the payload, signed for this try; a 2xx answer takes it over. `now` must be the real time, which is signed.

        Raises:
            Refused: the receiver is gone (410), no endpoint has the name, or it leads where Limen may not call.
            TemporaryFailure: any other answer; the receiver's `Retry-After` is in it.
            Unreachable: no answer.
        """
        endpoint = self._endpoints.get(delivery.recipient)
        if endpoint is None:
            raise Refused(f"no webhook is named {delivery.recipient!r}: add it to [[webhooks]]")
        moment = now.astimezone(UTC)
        headers = {
            "webhook-id": delivery.id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": Webhook(endpoint.secret).sign(delivery.id, moment, delivery.payload),
        }
        place = f"webhook {endpoint.name!r} at {endpoint.host}"
        try:
            # streamed, because the body of the answer is not ours to wait for
            with self._client.stream(
                "POST",
                endpoint.url,
                content=delivery.payload.encode("utf-8"),
                headers=headers,
                timeout=endpoint.timeout_seconds,
            ) as response:
                _judge(response, place=place, now=now)
        except ForbiddenAddress as error:
            raise Refused(f"{place}: {error}") from error
        except httpx.TimeoutException as error:
            raise Unreachable(f"{place} did not answer in {endpoint.timeout_seconds:g} s") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # the error's own words may hold the URL, and that a token
            raise Unreachable(
                f"{place} cannot be reached ({type(error).__name__}). Check that it runs, and its url"
            ) from error


def _judge(response: httpx.Response, *, place: str, now: datetime) -> None:
    status = response.status_code
    if response.is_success:
        return
    if status == httpx.codes.GONE:
        raise Refused(f"{place} answers 410: it is gone for good. Remove it from [[subscriptions]]")
    if response.is_redirect:
        raise TemporaryFailure(
            f"{place} answers {status}: redirects are not followed. Set its url to the final address"
        )
    raise TemporaryFailure(
        f"{place} answers {status} instead of 2xx",
        retry_after=_wait(response.headers.get("retry-after"), now=now),
    )


def _wait(header: str | None, *, now: datetime) -> timedelta | None:
    """Return the wait of a `Retry-After` header (seconds or an HTTP date), at most a day; None if there is none to read."""
    if header is None:
        return None
    try:
        wait = timedelta(seconds=int(header)) if header.strip().isdecimal() else _until(header, now=now)
    except (ValueError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


def _until(header: str, *, now: datetime) -> timedelta:
    moment = parsedate_to_datetime(header)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
