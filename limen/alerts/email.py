"""Deliveries as mail over SMTP."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from limen.alerts.errors import DeliveryFailed, Refused, TemporaryFailure, Unreachable
from limen.alerts.render import render
from limen.alerts.settings import SmtpSecurity, SmtpServer
from limen.domain.delivery import Delivery

_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
_SERVER_IS_FINAL = range(500, 600)
# RFC 5321: a line of at most 998 octets and CRLF; base64 parts and folded headers keep far below it.
_POLICY = SMTP.clone(max_line_length=78)


class EmailChannel:
    """Sends through one mail server, one connection per message."""

    def __init__(self, server: SmtpServer, *, tls: ssl.SSLContext | None = None) -> None:
        """`tls` replaces the system's trust for servers with a certificate of their own."""
        self._server = server
        self._tls = tls

    def route(self, delivery: Delivery) -> str:  # noqa: ARG002  every mail goes through the one server
        """Return the mail server's name: all mails share it."""
        return f"smtp {self._server.place}"

    def send(self, delivery: Delivery, *, now: datetime) -> None:  # noqa: ARG002  a mail is dated by its first try
        """Hand the mail over to the server.

        Raises:
            Refused: the server refuses this recipient or this message for good.
            TemporaryFailure: the server asks to try later.
            Unreachable: there is no server, or it refuses our sender or password.
        """
        message = self._composed(delivery)
        try:
            connected = self._connect()
        except (smtplib.SMTPException, OSError) as error:
            raise self._failure(error, recipient=delivery.recipient, or_else=Unreachable) from error
        try:
            connected.sendmail(self._server.sender, [delivery.recipient], message.as_bytes(policy=_POLICY))
            with suppress(smtplib.SMTPException, OSError):  # taken over already: a lost good-bye is no failure
                connected.quit()
        except (smtplib.SMTPException, OSError) as error:
            # a server that drops the line at one message may well take the next
            raise self._failure(error, recipient=delivery.recipient, or_else=TemporaryFailure) from error
        finally:
            connected.close()

    def _composed(self, delivery: Delivery) -> EmailMessage:
        try:
            return message_for(delivery, sender=self._server.sender)
        except ValueError as error:
            raise Refused(f"message {delivery.id!r} cannot be made a mail: {error}") from error

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security is SmtpSecurity.TLS:
            connected: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, server.helo, timeout=server.timeout_seconds, context=self._trust()
            )
        else:
            connected = smtplib.SMTP(server.host, server.port, server.helo, timeout=server.timeout_seconds)
        try:
            if server.security is SmtpSecurity.STARTTLS:
                connected.starttls(context=self._trust())
            if server.username is not None and server.password is not None:
                connected.login(server.username, server.password)
        except BaseException:
            connected.close()
            raise
        return connected

    def _trust(self) -> ssl.SSLContext:
        return self._tls or ssl.create_default_context()

    def _failure(self, error: Exception, *, recipient: str, or_else: type[TemporaryFailure]) -> DeliveryFailed:
        """Sort an error by who can mend it: the recipient (final), the operator (all wait), or time (`or_else`)."""
        server, place = self._server, f"SMTP server {self._server.place}"
        match error:
            case smtplib.SMTPRecipientsRefused():
                code, reply = next(iter(error.recipients.values()), (550, b""))
                said = f"{place} refuses the recipient {recipient}: {_reply(code, reply)}"
                if code in _SERVER_IS_FINAL:
                    return Refused(f"{said}. Correct the address in [[subscriptions]]")
                return TemporaryFailure(said)
            case smtplib.SMTPDataError():
                said = f"{place} refuses the message: {_reply(error.smtp_code, error.smtp_error)}"
                return Refused(said) if error.smtp_code in _SERVER_IS_FINAL else TemporaryFailure(said)
            case smtplib.SMTPSenderRefused():
                said = f"{place} refuses the sender {server.sender}: {_reply(error.smtp_code, error.smtp_error)}"
                return Unreachable(f"{said}. Use a sender that the server may send for")
            case smtplib.SMTPAuthenticationError():
                # the server's words are left out: some repeat what was sent
                said = f"{place} does not accept our user name and password ({error.smtp_code})"
                return Unreachable(f"{said}. Correct them in [smtp]")
            case smtplib.SMTPNotSupportedError():
                return Unreachable(f"{place}: {error}. Check `security` and `username` in [smtp]")
            case smtplib.SMTPResponseException():
                return or_else(f"{place} answers {_reply(error.smtp_code, error.smtp_error)}")
            case ssl.SSLError():
                said = f"{place}: no protected connection ({error.reason or error})"
                return or_else(f"{said}. Check port, `security` and the server's certificate")
            case TimeoutError() | smtplib.SMTPServerDisconnected(__context__=TimeoutError()):
                return or_else(f"{place} did not answer in {server.timeout_seconds:g} s")
            case _:
                return or_else(f"{place} cannot be reached ({error}). Check that it runs, its host and port")


def message_for(delivery: Delivery, *, sender: str) -> EmailMessage:
    """Return the mail of a delivery. The same delivery gives the same bytes at every try.

    `Message-ID` is made of the delivery's id, so that mail systems drop a repeat; `Auto-Submitted` (RFC 3834) and
    `List-Id` (RFC 2919) keep vacation answers away and let people file the mail.

    Raises:
        ValueError: the id or the payload is not ours, or the recipient is unfit for a header.
    """
    if _ID.fullmatch(delivery.id) is None:
        raise ValueError(f"the id {delivery.id!r} holds other than letters, digits, _ and -")
    mail = render(delivery.payload)
    domain = sender.rpartition("@")[2]
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = mail.subject
    message["From"] = f"Limen <{sender}>"
    message["To"] = delivery.recipient
    message["Date"] = format_datetime(delivery.created_at.astimezone(UTC))
    message["Message-ID"] = f"<{delivery.id}@{domain}>"
    message["List-Id"] = f"<{_label(delivery.subscription)}.limen.{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text, charset="utf-8", cte="base64")
    message.add_alternative(mail.html, subtype="html", charset="utf-8", cte="base64")
    message.set_boundary(f"=_{delivery.id}")
    return message


def _label(subscription: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", subscription.casefold()).strip("-") or "alerts"


def _reply(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(text.split())[:200]}"
