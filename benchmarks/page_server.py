"""A web server for benchmarks: as fast as one core of Python can, so that it is the crawler that is measured.

Run as a process of its own: `python -m benchmarks.page_server COUNT BYTES`. It prints its port and serves `/sitemap.xml`
(an index over sitemaps of 10,000 addresses) and `/page/N`, with ETags and 304s, until its standard input ends.
"""

from __future__ import annotations

import asyncio
import random
import re
import sys
from functools import cache

_REQUEST = re.compile(rb"GET ([^ ]+) HTTP/1\.1\r\n")
_CONDITION = re.compile(rb"\r\nif-none-match: *([^\r]+)", re.IGNORECASE)
PER_SITEMAP = 10_000
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Pages:
    """The bodies of the site. Pages share a few texts and differ in their number: what is fetched is never the same twice."""

    def __init__(self, *, count: int, size: int) -> None:
        self.count = count
        words = random.Random(7)
        vocabulary = ["".join(words.choices("abcdefghijklmnopqrstuvwxyz", k=words.randint(3, 9))) for _ in range(4000)]
        self._texts = [_text(words, vocabulary, size) for _ in range(50)]
        self.sent = 0

    def answer(self, path: str, host: str) -> tuple[str, bytes] | None:
        """Return media type and body of a path; None if there is none."""
        if path == "/robots.txt":
            return "text/plain", b"User-agent: *\nAllow: /\n"
        if path == "/sitemap.xml":
            return "application/xml", _index(self.count, host)
        if path.startswith("/sitemap-"):
            return "application/xml", _sitemap(int(path[9:-4]), self.count, host)
        if path.startswith("/page/"):
            number = int(path[6:])
            head = f"<html><head><title>Notice {number}</title></head><body><h1>Notice {number}</h1>"
            return "text/html; charset=utf-8", head.encode() + self._texts[number % len(self._texts)]
        return None


def _text(words: random.Random, vocabulary: list[str], size: int) -> bytes:
    """Return the rest of a page of about `size` bytes: 120 links, and paragraphs."""
    links = "".join(
        f'<li><a href="/page/{words.randint(0, 9999)}">{words.choice(vocabulary)}</a></li>' for _ in range(120)
    )
    parts = [f"<ul>{links}</ul>"]
    length = len(parts[0])
    while length < size:
        part = f'<p class="text">{" ".join(words.choices(vocabulary, k=60))}.</p>'
        parts.append(part)
        length += len(part)
    return ("".join(parts) + "</body></html>").encode()


@cache
def _index(count: int, host: str) -> bytes:
    maps = "".join(
        f"<sitemap><loc>http://{host}/sitemap-{number}.xml</loc></sitemap>"
        for number in range(-(-count // PER_SITEMAP))
    )
    return f'<sitemapindex xmlns="{_SPACE}">{maps}</sitemapindex>'.encode()


@cache
def _sitemap(number: int, count: int, host: str) -> bytes:
    pages = range(number * PER_SITEMAP, min(count, (number + 1) * PER_SITEMAP))
    addresses = "".join(f"<url><loc>http://{host}/page/{each}</loc></url>" for each in pages)
    return f'<urlset xmlns="{_SPACE}">{addresses}</urlset>'.encode()


class _Connection(asyncio.Protocol):
    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._host = "{}:{}".format(*transport.get_extra_info("sockname"))

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            request, self._received = self._received[: end + 2], self._received[end + 4 :]
            self._answer(request)

    def _answer(self, request: bytes) -> None:
        match = _REQUEST.match(request)
        path = match[1].decode() if match else "/"
        if path == "/sent":
            found: tuple[str, bytes] | None = ("text/plain", str(self._pages.sent).encode())
        else:
            found = self._pages.answer(path, self._host)
        if found is None:
            answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        else:
            kind, body = found
            etag = f'"{path}"'.encode()
            condition = _CONDITION.search(request)
            if condition is not None and condition[1] == etag:
                answer = b"HTTP/1.1 304 Not Modified\r\nETag: %b\r\n\r\n" % etag
            else:
                head = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\nETag: %b\r\n\r\n"
                answer = head % (kind.encode(), len(body), etag) + body
        self._pages.sent += len(answer)
        self._transport.write(answer)


async def _serve(pages: Pages) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(pages), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(Pages(count=int(sys.argv[1]), size=int(sys.argv[2]))))
