"""What can go wrong between a change and its recipient."""

from __future__ import annotations

from datetime import timedelta

from limen.domain.errors import LimenError


class InvalidAlertSetting(LimenError):
    """A subscription or channel in the configuration cannot work. The message names the entry; correct it there.

    It never holds a secret.
    """


class DeliveryFailed(LimenError):
    """A channel did not deliver a message. The message names the server and says what to do; subclasses say if it is final."""


class Refused(DeliveryFailed):
    """The recipient or the message itself was refused for good; another try would be refused as well.

    Correct the recipient in the configuration, then take the message up again with `limen delivery retry`.
    """


class TemporaryFailure(DeliveryFailed):
    """This try failed, a later one may succeed.

    `retry_after` is the wait the receiver asked for; None leaves it to the retry policy.
    """

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unreachable(TemporaryFailure):
    """The server itself is down, or refuses us whoever the recipient is. Every message on the same route fails with it."""
