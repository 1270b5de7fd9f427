"""Scrapy's settings for every crawl. `limen.crawler.process` adds contact, ledger and the user's own overrides."""

from __future__ import annotations

from limen import __version__

BOT_NAME = "limen"
SPIDER_MODULES = ["limen.crawler.spiders"]

# Who we are, and what we are allowed to do.
USER_AGENT = f"Limen/{__version__}"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "Limen"
COOKIES_ENABLED = False

# Scrapy opens two consoles by default; a crawler that runs for years needs neither.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Politeness: each source sets its own delay, one request at a time.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 3.0
DOWNLOAD_DELAY_JITTER = 0.0
"""A delay is a promise to the site: it is never undercut."""

# Limits.
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 40_000_000
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
RETRY_AFTER_LONGEST = 120.0
"""Seconds that a Retry-After is waited for; a host that asks for more is left alone for the rest of the run."""

# Our middlewares. Scrapy's HTTP cache guesses freshness and serves stale pages, so it stays off.
HTTPCACHE_ENABLED = False
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "limen.crawler.middlewares.robots.StrictRobotsMiddleware": 100,
    "limen.crawler.middlewares.retry.RetryAfterMiddleware": 550,
    "limen.crawler.middlewares.conditional_get.ConditionalGetMiddleware": 560,
}
ITEM_PIPELINES = {"limen.crawler.sink.SinkPipeline": 500}

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
LOG_LEVEL = "INFO"
STATS_DUMP = False

# What a crawl remembers. The default forgets; the application names its own.
LIMEN_LEDGER = "limen.crawler.testing:InMemoryLedger"
LIMEN_LEDGER_ARGS: dict[str, object] = {}
LIMEN_CATALOGUE_DIRS: list[str] = []
LIMEN_BUILTIN_SOURCES = True
LIMEN_CLOCK_OFFSET = 0.0
LIMEN_MAX_ITEMS: int | None = None
