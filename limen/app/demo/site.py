"""The demo's sites on a free port of the loopback interface."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote, urlsplit

from limen.app.demo.loopback import LoopbackServer
from limen.app.demo.world import DAYS, Resource, resource


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedRequest:
    """One line of the server's log."""

    day: int
    method: str
    path: str
    status: int


class DemoSite(LoopbackServer):
    """Serves the world of one day, the first at the start. Listens while the context lasts."""

    def __init__(self) -> None:
        self._day = DAYS[0]
        self._requests: list[ServedRequest] = []
        super().__init__(_handler_for(self))

    @property
    def day(self) -> int:
        """The day that is served."""
        return self._day

    @property
    def requests(self) -> tuple[ServedRequest, ...]:
        """What was asked so far, in order."""
        return tuple(self._requests)

    def set_day(self, day: int) -> None:
        """Serve another day from the next request on. Raises `ValueError` if the story has no such day."""
        if day not in DAYS:
            raise ValueError(f"the demo has the days 1 to 3, not {day}")
        self._day = day

    def log(self, *, method: str, path: str, day: int, status: int) -> None:
        """Note a request that was answered."""
        self._requests.append(ServedRequest(day=day, method=method, path=path, status=status))


def _handler_for(site: DemoSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def _answer(self, *, with_body: bool) -> None:
            day = site.day
            path = unquote(urlsplit(self.path).path)
            found = resource(path, day=day, base_url=site.base_url)
            if found is None:
                status, body = 404, b"<!DOCTYPE html><title>404</title><h1>Not found</h1>\n"
            elif _unchanged(self, found):
                status, body = 304, b""
            else:
                status, body = 200, found.body
            site.log(method=self.command, path=path, day=day, status=status)
            self.send_response(status)
            if found is not None:
                self.send_header("ETag", _etag(found))
                self.send_header("Last-Modified", format_datetime(found.last_modified.astimezone(UTC), usegmt=True))
            if status != 304:
                self.send_header("Content-Type", found.media_type if found else "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing on the terminal: the site keeps its own log."""

    return Handler


def _etag(found: Resource) -> str:
    return f'"{hashlib.sha256(found.body).hexdigest()[:32]}"'


def _unchanged(request: BaseHTTPRequestHandler, found: Resource) -> bool:
    """Tell whether the client has this already (RFC 9110, 13.1: `If-None-Match` goes before `If-Modified-Since`)."""
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        return tags.strip() == "*" or _etag(found) in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since = request.headers.get("If-Modified-Since")
    if since is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    return found.last_modified <= (moment if moment.tzinfo else moment.replace(tzinfo=UTC))
