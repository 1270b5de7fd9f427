"""Receivers that behave badly in a given way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.smtp import SMTP, Envelope, Session

from limen.app.demo.receivers import LoopbackController


class RefusingMailServer:
    """A mail server that answers every recipient with `reply`."""

    def __init__(self, reply: str) -> None:
        self.reply = reply
        self.tries = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tries += 1
        return self.reply


@contextmanager
def refusing_mail_server(reply: str) -> Iterator[tuple[RefusingMailServer, int]]:
    """Yield the server and its port."""
    handler = RefusingMailServer(reply)
    controller = LoopbackController(handler)
    controller.start()
    try:
        yield handler, controller.port
    finally:
        controller.stop()


@contextmanager
def webhook_server(answer: Callable[[str], int]) -> Iterator[str]:
    """Yield the URL of a receiver whose status is `answer(webhook-id)`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(answer(self.headers["webhook-id"]))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
