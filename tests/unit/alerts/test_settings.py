from __future__ import annotations

import pytest

from limen.alerts.errors import InvalidAlertSetting
from limen.alerts.settings import SmtpServer, WebhookEndpoint
from tests.unit.alerts.builders import SECRET


def test_secrets_are_in_no_repr() -> None:
    server = SmtpServer(host="mail", sender="limen@example.org", username="limen", password="hunter2")
    endpoint = WebhookEndpoint(name="desk", url="https://hooks.example.org/T0KEN", secret=SECRET)
    assert "hunter2" not in repr(server)
    assert "T0KEN" not in repr(endpoint)
    assert SECRET not in repr(endpoint)
    assert endpoint.host == "hooks.example.org"


@pytest.mark.parametrize(
    "fields",
    [
        {"host": ""},
        {"port": 0},
        {"port": 65536},
        {"username": "limen"},
        {"password": "hunter2"},
        {"sender": "nobody"},
        {"sender": "Limen <limen@example.org>"},
    ],
)
def test_a_mail_server_that_cannot_work_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(InvalidAlertSetting) as caught:
        SmtpServer(**({"host": "mail", "sender": "limen@example.org"} | fields))  # type: ignore[arg-type]
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": " desk"},
        {"url": "ftp://example.org/"},
        {"url": "/events"},
        {"url": "http://[::1"},
        {"url": "http://example.org:port/"},
        {"url": "http://exam ple.org/"},
        {"secret": ""},
        {"secret": "whsec_c2hvcnQ="},
        {"secret": "whsec_not base64!"},
        {"secret": "ключ"},
    ],
)
def test_a_webhook_that_cannot_work_is_refused_without_telling_its_secret(fields: dict[str, str]) -> None:
    with pytest.raises(InvalidAlertSetting) as caught:
        WebhookEndpoint(**({"name": "desk", "url": "https://example.org/T0KEN", "secret": SECRET} | fields))
    assert "T0KEN" not in str(caught.value)
    assert not fields.get("secret") or fields["secret"] not in str(caught.value)
