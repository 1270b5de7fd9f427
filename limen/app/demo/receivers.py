"""A mailbox and a webhook receiver on the loopback interface, which keep what arrives."""

from __future__ import annotations

import json
import socket
from collections.abc import Awaitable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from standardwebhooks import Webhook, WebhookVerificationError

from limen.app.demo.loopback import HOST, LoopbackServer

LARGEST_EVENT = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMail:
    """A mail with its envelope, as the server took it over."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The parsed mail."""
        parsed = message_from_bytes(self.content, policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedEvent:
    """A webhook call whose signature was right. `id` is the same at every repeat."""

    id: str
    event: dict[str, Any]


class LoopbackController(Controller):
    """aiosmtpd's threaded server on a free port of the loopback interface."""

    def __init__(self, handler: object, **options: Any) -> None:
        listening = socket.create_server((HOST, 0))
        super().__init__(
            handler, hostname=HOST, port=listening.getsockname()[1], server_hostname="localhost", **options
        )
        self._listening = listening

    def _create_server(self) -> Awaitable[Any]:
        server: Awaitable[Any] = self.loop.create_server(
            self._factory_invoker, sock=self._listening, ssl=self.ssl_context
        )
        return server


class MailReceiver:
    """A mail server that takes everything. Listens while the context lasts."""

    def __init__(self) -> None:
        self._mails: list[ReceivedMail] = []
        self._controller = LoopbackController(self)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    @property
    def host(self) -> str:
        """Where it listens."""
        return HOST

    @property
    def port(self) -> int:
        """The free port that was found."""
        port: int = self._controller.port
        return port

    @property
    def mails(self) -> tuple[ReceivedMail, ...]:
        """What arrived so far, in order."""
        return tuple(self._mails)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802  aiosmtpd's hook
        """Keep the mail and take it over."""
        content = envelope.content or b""
        self._mails.append(
            ReceivedMail(
                sender=envelope.mail_from or "",
                recipients=tuple(envelope.rcpt_tos),
                content=content if isinstance(content, bytes) else content.encode("utf-8"),
            )
        )
        return "250 kept"


class WebhookReceiver(LoopbackServer):
    """A receiver that checks signatures as the Standard Webhooks specification asks. Listens while the context lasts."""

    def __init__(self, secret: str) -> None:
        self._verifier = Webhook(secret)
        self._events: list[ReceivedEvent] = []
        self._rejected: list[str] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 30

            def do_POST(self) -> None:
                length = self.headers.get("content-length", "")
                known = length.isdecimal() and int(length) <= LARGEST_EVENT
                status = receiver._take(self.rfile.read(int(length)), dict(self.headers)) if known else 413
                self.send_response(status)
                self.send_header("content-length", "0")
                self.send_header("connection", "close")
                self.end_headers()
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing: what arrived is asked for."""

        super().__init__(Handler)

    @property
    def url(self) -> str:
        """Where to post events."""
        return f"{self.base_url}/events"

    @property
    def events(self) -> tuple[ReceivedEvent, ...]:
        """The events with a right signature so far, in order; a repeat of an id is dropped."""
        return tuple(self._events)

    @property
    def rejected(self) -> tuple[str, ...]:
        """Why calls were turned away."""
        return tuple(self._rejected)

    def _take(self, body: bytes, headers: dict[str, str]) -> int:
        try:
            self._verifier.verify(body, headers, json_parse=False)
            event = json.loads(body)
        except (WebhookVerificationError, ValueError) as error:
            self._rejected.append(str(error))
            return 400
        message_id = {name.lower(): value for name, value in headers.items()}["webhook-id"]
        if message_id not in {known.id for known in self._events}:
            self._events.append(ReceivedEvent(id=message_id, event=event))
        return 204
