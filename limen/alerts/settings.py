"""How to reach the channels: parsed once from the configuration, passed down. Secrets are in no `repr`."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from limen.alerts.errors import InvalidAlertSetting

# The Standard Webhooks specification asks for 24 to 64 random bytes.
MIN_SECRET_BYTES = 24
SECRET_PREFIX = "whsec_"  # noqa: S105  the public prefix of the specification, not a secret

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,253}$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class SmtpSecurity(StrEnum):
    """How the connection to the mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """A mail server that takes our messages. `username` and `password` come together or not at all.

    Raises:
        InvalidAlertSetting: an entry cannot work.
    """

    host: str
    sender: str
    """Bare address (`limen@example.org`) that the messages come from and that refusals go back to."""
    port: int = 587
    security: SmtpSecurity = SmtpSecurity.STARTTLS
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    helo: str | None = None
    """Name we give in the greeting; None asks the system for its full name, which may wait for a name server."""
    timeout_seconds: float = 30.0

    def __post_init__(self) -> None:
        if not self.host or not 0 < self.port < 65536:
            raise InvalidAlertSetting(
                f"SMTP server {self.host!r}, port {self.port}: give a host and a port from 1 to 65535"
            )
        if (self.username is None) != (self.password is None):
            raise InvalidAlertSetting(f"SMTP server {self.host!r}: give both username and password, or neither")
        check_address(self.sender, place=f"sender of SMTP server {self.host!r}")

    @property
    def place(self) -> str:
        """Host and port, as messages name the server."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpoint:
    """A receiver of signed events. The URL is kept out of the `repr` too, since many services put a token in its path.

    Raises:
        InvalidAlertSetting: an entry cannot work.
    """

    name: str
    url: str = field(repr=False)
    secret: str = field(repr=False)
    """Base64 of at least 24 bytes, `whsec_` in front or not."""
    timeout_seconds: float = 15.0

    def __post_init__(self) -> None:
        if not self.name or self.name != self.name.strip():
            raise InvalidAlertSetting(f"webhook {self.name!r}: give it a name without spaces around it")
        try:
            parts = urlsplit(self.url)
            good_url = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            good_url = False
        if not good_url or any(character.isspace() for character in self.url):
            raise InvalidAlertSetting(f"webhook {self.name!r}: its url must be an absolute http or https address")
        try:
            key = base64.b64decode(self.secret.removeprefix(SECRET_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) < MIN_SECRET_BYTES:
            raise InvalidAlertSetting(
                f"webhook {self.name!r}: its secret must be base64 of at least {MIN_SECRET_BYTES} random bytes "
                f"(`openssl rand -base64 32`), with {SECRET_PREFIX!r} in front or not"
            )

    @property
    def host(self) -> str:
        """Host of the URL, the only part of it that messages and logs show."""
        return urlsplit(self.url).hostname or ""


def check_address(address: str, *, place: str) -> None:
    """Raise `InvalidAlertSetting`, naming `place`, unless `address` is a bare ASCII mail address fit for a header."""
    if _ADDRESS.fullmatch(address) is None:
        raise InvalidAlertSetting(
            f"{place}: {address!r} is no bare mail address such as team@example.org "
            "(write a domain with other letters in its xn-- form)"
        )
