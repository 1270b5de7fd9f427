"""A small web server on loopback whose pages a test sets, with ETags, a log of requests, and bad manners on demand."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar


@dataclass
class Page:
    """An answer. `fails_first` lets the first n requests fail with `status`, then answers 200.

    Without `validators` there is no ETag.
    """

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    fails_first: int = 0
    claimed_length: int | None = None
    delay: float = 0.0
    validators: bool = True


class LocalSite:
    """Pages by path; `requests` counts (path, status), `seen` keeps the headers of each request, `posted` the bodies.

    `times` says of each request when it came, in the seconds of a clock that all sites share.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.pages: dict[str, Page] = {}
        self.requests: Counter[tuple[str, int]] = Counter()
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.tries: Counter[str] = Counter()
        self.posted: list[tuple[str, bytes]] = []
        self.times: list[tuple[str, float]] = []

    def put(self, path: str, body: str | bytes, **options: object) -> None:
        self.pages[path] = Page(body.encode() if isinstance(body, str) else body, **options)  # type: ignore[arg-type]

    def url(self, path: str) -> str:
        return self.address + path

    def asked(self) -> list[str]:
        return [path for path, _ in self.seen if path != "/robots.txt"]

    def forget(self) -> None:
        self.requests.clear()
        self.seen.clear()
        self.times.clear()

    def answered(self, status: int) -> int:
        return sum(count for (path, code), count in self.requests.items() if code == status and path != "/robots.txt")


@contextmanager
def local_site() -> Iterator[LocalSite]:
    class Handler(BaseHTTPRequestHandler):
        site: ClassVar[LocalSite]
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site = self.site
            site.times.append((self.path, time.monotonic()))
            site.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            page = site.pages.get(self.path, Page(b"nothing here", status=404))
            if page.delay:
                threading.Event().wait(page.delay)
            site.tries[self.path] += 1
            status = page.status if site.tries[self.path] <= page.fails_first or not page.fails_first else 200
            etag = f'"{hashlib.sha256(page.body).hexdigest()[:16]}"'
            if status == 200 and page.validators and self.headers.get("If-None-Match") == etag:
                status = 304
            site.requests[self.path, status] += 1
            body = b"" if status == 304 else page.body
            self.send_response(status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            if page.validators:
                self.send_header("ETag", etag)
            self.send_header("Content-Type", page.content_type)
            self.send_header("Content-Length", str(page.claimed_length or len(body)))
            self.end_headers()
            self.wfile.write(body)
            if page.claimed_length:
                self.close_connection = True

        def do_POST(self) -> None:
            self.site.posted.append((self.path, self.rfile.read(int(self.headers.get("Content-Length", "0")))))
            self.do_GET()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.site = LocalSite(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Handler.site
    finally:
        server.shutdown()
        server.server_close()
