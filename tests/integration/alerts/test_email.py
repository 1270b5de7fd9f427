"""Mail through a real SMTP server on the loopback interface."""

from __future__ import annotations

import smtplib
import socket
import ssl
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from limen.alerts.email import EmailChannel
from limen.alerts.errors import Refused, TemporaryFailure, Unreachable
from limen.alerts.outbox import Dispatcher
from limen.alerts.retry import RetryPolicy
from limen.alerts.settings import SmtpSecurity, SmtpServer
from limen.alerts.testing import InMemoryOutbox
from limen.app.demo.receivers import LoopbackController, MailReceiver
from limen.domain.delivery import ChannelKind, DeliveryState
from tests.unit.alerts.builders import NOW, delivery


def server_at(port: int, **options: object) -> SmtpServer:
    settings: dict[str, object] = {
        "host": "127.0.0.1",
        "port": port,
        "sender": "limen@example.org",
        "security": SmtpSecurity.NONE,
        "helo": "localhost",
        "timeout_seconds": 5.0,
    }
    return SmtpServer(**(settings | options))  # type: ignore[arg-type]


@pytest.fixture
def mailbox() -> Iterator[MailReceiver]:
    with MailReceiver() as receiver:
        yield receiver


class Grumpy:
    """Answers by the recipient's name."""

    def __init__(self) -> None:
        self.accepted: list[str] = []

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == "stranger@example.org":
            return "553 you may not send for them"
        envelope.mail_from = address
        return "250 fine"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        name = address.partition("@")[0]
        if name in {"nobody", "full"}:
            return {"nobody": "550 5.1.1 no such mailbox", "full": "452 4.2.2 mailbox full"}[name]
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        [address] = envelope.rcpt_tos
        name = address.partition("@")[0]
        if name in {"spam", "grey"}:
            return {"spam": "554 5.7.1 looks like spam", "grey": "451 4.7.1 come back later"}[name]
        self.accepted.append(address)
        return "250 kept"


@pytest.fixture
def grumpy() -> Iterator[LoopbackController]:
    controller = LoopbackController(Grumpy())
    controller.start()
    yield controller
    controller.stop()


def test_a_mail_arrives_whole(mailbox: MailReceiver) -> None:
    EmailChannel(server_at(mailbox.port)).send(delivery(), now=NOW)
    [mail] = mailbox.mails
    assert (mail.sender, mail.recipients) == ("limen@example.org", ("analyst@example.org",))
    message = mail.message
    assert message["Subject"] == (
        "[Limen] 循环寿命 tightened: 1000 -> 1500 cycles - 锂离子电池行业规范条件（2024年本） (+2 more)"
    )
    assert message["Message-ID"] == "<msg_0001@example.org>"
    assert message.get_content_type() == "multipart/alternative"
    text, page = (message.get_body(preferencelist=(kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert page is not None
    assert "energy density of consumer cells: >= 260 -> >= 230 Wh/kg, loosened" in text.get_content()
    assert '<blockquote lang="zh" class="quote">≥1500次</blockquote>' in page.get_content()


@pytest.mark.parametrize(
    ("recipient", "error", "words"),
    [
        ("nobody@example.org", Refused, r"refuses the recipient nobody@example\.org: 550 5\.1\.1 no such mailbox"),
        ("full@example.org", TemporaryFailure, "452 4.2.2 mailbox full"),
        ("spam@example.org", Refused, "554 5.7.1 looks like spam"),
        ("grey@example.org", TemporaryFailure, "451 4.7.1 come back later"),
    ],
)
def test_refusals_are_told_apart(
    grumpy: LoopbackController, recipient: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        EmailChannel(server_at(grumpy.port)).send(delivery(recipient=recipient), now=NOW)
    assert type(caught.value) is error
    assert f"127.0.0.1:{grumpy.port}" in str(caught.value)


def test_a_refused_sender_is_the_operators_to_mend(grumpy: LoopbackController) -> None:
    with pytest.raises(Unreachable, match=r"refuses the sender stranger@example\.org: 553"):
        EmailChannel(server_at(grumpy.port, sender="stranger@example.org")).send(delivery(), now=NOW)


def test_a_wrong_password_is_not_told() -> None:
    controller = LoopbackController(
        Grumpy(), auth_require_tls=False, authenticator=lambda *_: AuthResult(success=False, handled=False)
    )
    controller.start()
    try:
        server = server_at(controller.port, username="limen", password="hunter2")
        with pytest.raises(Unreachable, match="user name and password") as caught:
            EmailChannel(server).send(delivery(), now=NOW)
        assert "hunter2" not in str(caught.value)
    finally:
        controller.stop()


def test_a_server_without_starttls_is_told(mailbox: MailReceiver) -> None:
    with pytest.raises(Unreachable, match="Check `security`"):
        EmailChannel(server_at(mailbox.port, security=SmtpSecurity.STARTTLS)).send(delivery(), now=NOW)
    assert mailbox.mails == ()


def test_a_silent_server_times_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = server_at(silent.getsockname()[1], timeout_seconds=0.2)
        with pytest.raises(Unreachable, match=r"did not answer in 0\.2 s"):
            EmailChannel(server).send(delivery(), now=NOW)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    )
    try:
        subprocess.run([*command.split(), "-keyout", key, "-out", cert], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl, which makes the certificate, is not installed")
    return key, cert


@pytest.mark.parametrize("security", [SmtpSecurity.TLS, SmtpSecurity.STARTTLS])
def test_mail_travels_protected_and_only_to_a_trusted_server(
    certificate: tuple[Path, Path], security: SmtpSecurity
) -> None:
    key, cert = certificate
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    handler = Grumpy()
    options = (
        {"ssl_context": context} if security is SmtpSecurity.TLS else {"tls_context": context, "require_starttls": True}
    )
    controller = LoopbackController(handler, **options)
    controller.start()
    try:
        server = server_at(controller.port, security=security)
        with pytest.raises(Unreachable, match="no protected connection"):
            EmailChannel(server).send(delivery(), now=NOW)
        assert handler.accepted == []
        EmailChannel(server, tls=ssl.create_default_context(cafile=str(cert))).send(delivery(), now=NOW)
        assert handler.accepted == ["analyst@example.org"]
    finally:
        controller.stop()


def test_a_server_that_was_down_gets_the_same_mail_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        free_port = reserved.getsockname()[1]
    outbox = InMemoryOutbox([delivery()])
    moment = NOW
    retry = RetryPolicy(jitter=lambda: 0.0, first=timedelta(minutes=1))

    def dispatch(port: int) -> int:
        channels = {ChannelKind.EMAIL: EmailChannel(server_at(port))}
        return len(Dispatcher(outbox=outbox, channels=channels, clock=lambda: moment, retry=retry).run_once().sent)

    assert dispatch(free_port) == 0
    stored = outbox.deliveries["msg_0001"]
    assert stored.state is DeliveryState.PENDING
    assert stored.last_error is not None
    assert f"127.0.0.1:{free_port} cannot be reached" in stored.last_error
    with MailReceiver() as mailbox:
        moment += timedelta(minutes=1)
        assert dispatch(mailbox.port) == 1
        assert mailbox.mails[0].message["Message-ID"] == "<msg_0001@example.org>"


def test_a_death_between_send_and_mark_sends_the_same_bytes_again(mailbox: MailReceiver) -> None:
    class Dying(InMemoryOutbox):
        def mark_sent(self, delivery_id: str, *, at: object) -> None:
            del self.__class__.mark_sent  # dies once
            raise KeyboardInterrupt

    outbox = Dying([delivery()])
    moment = NOW
    sender = Dispatcher(
        outbox=outbox,
        channels={ChannelKind.EMAIL: EmailChannel(server_at(mailbox.port))},
        clock=lambda: moment,
        retry=RetryPolicy(jitter=lambda: 0.0),
        lease=timedelta(minutes=1),
    )
    with pytest.raises(KeyboardInterrupt):
        sender.run_once()
    moment += timedelta(minutes=1)
    assert len(sender.run_once().sent) == 1
    first, second = mailbox.mails
    assert first.content == second.content
    assert first.message["Message-ID"] == second.message["Message-ID"] == "<msg_0001@example.org>"


def test_a_lost_goodbye_is_no_failure(mailbox: MailReceiver, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang_up(self: smtplib.SMTP) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(smtplib.SMTP, "quit", hang_up)
    EmailChannel(server_at(mailbox.port)).send(delivery(), now=NOW)
    assert len(mailbox.mails) == 1
