"""The configuration: defaults, paths, secrets, and errors that name the file, the key and the remedy."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from limen.app.bootstrap import build_subscriptions
from limen.app.config import Config, load_config
from limen.app.errors import ConfigError
from limen.domain.change import Direction
from limen.domain.document_event import EventKind

ROOT = Path(__file__).parents[3]


def write(directory: Path, text: str) -> Path:
    path = directory / "limen.toml"
    path.write_text(text, encoding="utf-8")
    return path


def complaint(directory: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(write(directory, text))
    return str(caught.value)


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LIMEN_CONFIG", raising=False)
    config = load_config()
    assert config.data_dir == tmp_path / "limen-data"
    assert config.database_url == f"sqlite:///{tmp_path}/limen-data/limen.db"


def test_the_example_file_says_the_defaults() -> None:
    table = tomllib.loads((ROOT / "limen.example.toml").read_text(encoding="utf-8"))
    assert Config.model_validate(table) == Config()


def test_the_commented_examples_are_valid_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMEN_SMTP_PASSWORD", "secret-1")
    monkeypatch.setenv("LIMEN_WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    lines = (ROOT / "limen.example.toml").read_text(encoding="utf-8").splitlines()
    uncommented = [
        line.removeprefix("# ") if line.startswith(("# [", "# ")) and ("=" in line or "[" in line) else line
        for line in lines
    ]
    config = load_config(write(tmp_path, "\n".join(line for line in uncommented if not line.startswith("Limen's"))))
    assert config.smtp is not None
    assert config.smtp.password is not None
    assert config.smtp.password.get_secret_value() == "secret-1"
    assert config.subscriptions[0].directions == (Direction.TIGHTENED, Direction.LOOSENED)
    assert "secret-1" not in repr(config)


def test_relative_paths_start_at_the_file(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, 'data_dir = "data"\n[crawl]\nsources = ["mine"]\n'))
    assert config.data_dir == tmp_path / "data"
    assert config.crawl.sources == (tmp_path / "mine",)


def test_the_variable_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMEN_CONFIG", str(write(tmp_path, 'data_dir = "elsewhere"')))
    assert load_config().data_dir == tmp_path / "elsewhere"


def test_an_unknown_key_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    text = complaint(tmp_path, '[crawl]\ncontct = "me@example.org"\n')
    assert "limen.toml" in text
    assert "'crawl.contct'" in text
    assert "'contact'" in text


def test_every_fault_is_listed(tmp_path: Path) -> None:
    text = complaint(tmp_path, '[read]\nworkers = -1\ntimeout = "long"\n')
    assert "read.workers" in text
    assert "read.timeout" in text


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: cannot be read"):
        load_config(tmp_path / "nowhere.toml")


def test_broken_toml_tells_the_line(tmp_path: Path) -> None:
    assert "line 2" in complaint(tmp_path, 'data_dir = "x"\nworkers = \n')


def test_a_secret_from_an_unset_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOT_SET", raising=False)
    text = complaint(tmp_path, '[[webhooks]]\nname = "a"\nurl = "https://x.example"\nsecret = "env:NOT_SET"\n')
    assert "NOT_SET is not set" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[[subscriptions]]\nname = "a"\n', "at least one of emails and webhooks"),
        ('[[subscriptions]]\nname = "a"\nwebhooks = ["desk"]\n', "webhook 'desk' that is not defined"),
        ('[[subscriptions]]\nname = "a"\nemails = ["a@example.org"]\n', "no [smtp] section"),
        ('[health]\nwebhooks = ["desk"]\n', "[health] names a webhook 'desk' that is not defined"),
        ('[health]\nemails = ["a@example.org"]\n', "[health] has emails, but there is no [smtp] section"),
        ("[health]\nfailing_after = 0\n", "health.failing_after"),
        (
            '[[subscriptions]]\nname = "a"\nevents = ["draft"]\nwebhooks = ["d"]\n',
            "'draft' is no event; there are all, stage_changed",
        ),
        ('[[subscriptions]]\nname = "a"\nchanges = false\nwebhooks = ["d"]\n', "asks for nothing"),
        ('[[subscriptions]]\nname = "a"\nemails = ["a@b\\nBcc: c@d"]\n', "subscriptions.0.emails.0"),
        (
            '[[subscriptions]]\nname = "a"\ndirections = ["worse"]\nwebhooks = ["d"]\n',
            "'tightened', 'loosened' or 'neutral'",
        ),
    ],
)
def test_subscriptions_that_could_never_send(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in complaint(tmp_path, text)


def test_names_are_given_once(tmp_path: Path) -> None:
    webhook = '[[webhooks]]\nname = "a"\nurl = "https://x.example"\nsecret = "s"\n'
    assert "'a' is given twice" in complaint(tmp_path, webhook * 2)


def test_what_may_be_called_is_checked_when_it_is_read(tmp_path: Path) -> None:
    assert "network.allow.1: 'http://x/' is no host" in complaint(
        tmp_path, '[network]\nallow = ["10.0.0.0/8", "http://x/"]\n'
    )


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ('["withdrawn", "stage_changed"]', (EventKind.WITHDRAWN, EventKind.STAGE)),
        ('["withdrawn", "all"]', tuple(EventKind)),
        ("[]", ()),
    ],
)
def test_events_are_named_or_all_of_them(tmp_path: Path, events: str, expected: tuple[EventKind, ...]) -> None:
    webhook = '[[webhooks]]\nname = "d"\nurl = "https://x.example"\nsecret = "s"\n'
    text = f'{webhook}[[subscriptions]]\nname = "a"\nevents = {events}\nwebhooks = ["d"]\n'
    config = load_config(write(tmp_path, text))
    assert config.subscriptions[0].events == expected
    assert build_subscriptions(config)[0].events == expected
