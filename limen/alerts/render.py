"""The mail that tells of an event: subject, plain text and HTML, from nothing but the frozen payload."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from limen.alerts.event import TEST, DataEvent, Event, RunEvent, load
from limen.alerts.health import meaning
from limen.alerts.wording import amount, shorten, stage_word
from limen.alerts.wrap import wrap
from limen.domain.redline import Mark, Run, redline_text

# A mail of more is read by nobody; the webhook always carries all changes.
MOST_CHANGES = 100
LONGEST_SUBJECT = 200

# Letters that reverse or hide what stands beside them: a page could make a number read differently from what it is.
_DIRECTION_CONTROLS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a mail says. `subject` is one line without control characters."""

    subject: str
    text: str
    html: str


def render(payload: str) -> Mail:
    """Return the mail of a delivery's payload; the same payload always gives the same letters.

    Raises:
        ValueError: the payload is no event of a version this program knows.
    """
    told = load(payload)
    context: dict[str, object]
    match told["type"]:
        case "source.health":
            template, context = "health", {"meaning": meaning(told["data"]["after"])}
        case "document.event":
            template, context = "document", {}
        case _:
            template, context = "alert", _of_changes(told["data"])
    context |= {"event": told, "data": told["data"], "test": told["type"] == TEST}
    environment = _environment()
    return Mail(
        subject=_subject(told),
        text=environment.get_template(f"{template}.txt.j2").render(context),
        html=environment.get_template(f"{template}.html.j2").render(context),
    )


def _of_changes(data: DataEvent) -> dict[str, object]:
    return {
        "changes": data["changes"][:MOST_CHANGES],
        "left_out": max(0, len(data["changes"]) - MOST_CHANGES),
    }


def _subject(told: Event) -> str:
    mark = "[Limen] TEST: " if told["type"] == TEST else "[Limen] "
    return mark + shorten(_clean(told["data"]["headline"]), LONGEST_SUBJECT)


def _clean(text: str) -> str:
    """Return the text without control letters (new line and tab stay), which no page may smuggle into a mail."""
    return "".join(
        letter
        for letter in text
        if letter in "\n\t" or (unicodedata.category(letter) not in {"Cc", "Cs"} and letter not in _DIRECTION_CONTROLS)
    )


def _finalize(value: object) -> object:
    # output of our own macros is markup, made of values that went through here
    return _clean(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _wrapped(text: str, indent: str = "") -> str:
    return wrap(_clean(text), indent=indent)


def _redline(runs: list[RunEvent]) -> str:
    return redline_text(Run(Mark(run["mark"]), run["text"]) for run in runs)


def _web_address(url: str) -> str | None:
    """Return the URL if it is safe behind a link: a page must not bring `javascript:` into a mail."""
    try:
        return url if urlsplit(url).scheme in {"http", "https"} else None
    except ValueError:
        return None


def _minute(instant: str) -> str:
    return f"{instant[:10]} {instant[11:16]} UTC"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("limen.alerts", "templates"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        amount=amount,
        stage=stage_word,
        redline=_redline,
        wrapped=_wrapped,
        web_address=_web_address,
        minute=_minute,
    )
    return environment
