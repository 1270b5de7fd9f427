"""A workspace, and the servers that the application talks to, all on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from limen.app.demo.receivers import MailReceiver, WebhookReceiver
from tests.integration.crawler.local_site import LocalSite, local_site

from .workspace import SECRET, Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace(tmp_path)
    made.source()
    yield made
    made.close()


@pytest.fixture
def mailbox() -> Iterator[MailReceiver]:
    with MailReceiver() as receiver:
        yield receiver


@pytest.fixture
def desk() -> Iterator[WebhookReceiver]:
    with WebhookReceiver(SECRET) as receiver:
        yield receiver


@pytest.fixture
def site() -> Iterator[LocalSite]:
    with local_site() as running:
        yield running
