"""What the crawl process holds on to between requests."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import asyncio, weakref
from scrapy.utils.reactor import install_reactor
install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
from twisted.internet import reactor
from limen.crawler.process import forget_cancelled_timers

def ask(count):
    for _ in range(count):
        timer = reactor.callLater(600, print, "it was cancelled")
        refs.append(weakref.ref(timer))
        timers.append(timer)

def answer():
    while timers:
        timers.pop().cancel()

def end():
    print(sum(ref() is not None for ref in refs))
    reactor.stop()

refs, timers = [], []
forget_cancelled_timers()
reactor.callWhenRunning(ask, 500)
# not with timers of the reactor, which would make it look at its timers
asyncio.get_event_loop().call_later(0.5, answer)
asyncio.get_event_loop().call_later(2.5, end)
reactor.run()
"""


def test_time_limits_of_answered_requests_do_not_pile_up() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "0\n", done.stderr
