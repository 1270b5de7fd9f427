"""Scrapy's settings for every crawl. `limen.crawler.process` adds contact, ledger and the user's own overrides."""

from __future__ import annotations

from limen import __version__
from limen.crawler.host_gate import HostGate

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

# Politeness is the gate's (`limen.crawler.host_gate`): it sees the requests of all sources, Scrapy's slots those of one.
DOWNLOAD_DELAY = 0.0
DOWNLOAD_DELAY_JITTER = 0.0

# Limits.
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 40_000_000
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
LIMEN_MAX_RATIO = 200
"""How many times its size an answer may unpack to; each source sets its own."""
REDIRECT_MAX_TIMES = 5
URLLENGTH_LIMIT = 0  # the middleware would drop a question to a service without a word; pages are held to `pages.traps`
RETRY_TIMES = 2
RETRY_BACKOFF = 5.0
"""Seconds of peace after a 429 or 503 that names none; doubled with each one in a row."""
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
RETRY_AFTER_LONGEST = 120.0
"""Seconds that a Retry-After is waited for; a host that asks for more is left alone until its time has passed."""

# Our middlewares. Scrapy's HTTP cache guesses freshness and serves stale pages, so it stays off.
HTTPCACHE_ENABLED = False
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "limen.crawler.middlewares.robots.StrictRobotsMiddleware": 100,
    "limen.crawler.middlewares.credentials.CredentialsMiddleware": 540,
    "limen.crawler.middlewares.retry.RetryAfterMiddleware": 550,
    "limen.crawler.middlewares.kept_lists.KeptListsMiddleware": 560,
    "limen.crawler.middlewares.meta_refresh.StubRefreshMiddleware": 580,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "limen.crawler.middlewares.decompression.DecompressionMiddleware": 590,
    "limen.crawler.middlewares.address_policy.AddressPolicyMiddleware": 760,
    "limen.crawler.middlewares.politeness.PolitenessMiddleware": 990,
}

# What every page would pass through for nothing: depths and stray headers, statistics and log lines that nobody reads.
DOWNLOADER_STATS = False
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
EXTENSIONS = {
    "scrapy.extensions.corestats.CoreStats": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.logcount.LogCount": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
}
# A spider asks one host, seldom two, and the gate keeps their turns: a queue for each host would only cost.
SCHEDULER_PRIORITY_QUEUE = "scrapy.pqueues.ScrapyPriorityQueue"
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the frontier takes everything once
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"
LOG_FORMATTER = "limen.crawler.quiet_log.QuietLogFormatter"

# Scrapy starts so many tasks for the output of every single answer; ours yields a few requests and no items.
CONCURRENT_ITEMS = 1
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 32_000_000
"""Bytes of answers that may wait for the disk."""

# Only the web: a redirect or a link must not reach files and sockets of this machine.
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}
TWISTED_DNS_RESOLVER = "limen.crawler.resolver.GuardedResolver"
LIMEN_ALLOW_ADDRESSES: list[str] = []
"""Hosts, addresses and networks that may be called although they are not public."""

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
LIMEN_PROBING: list[str] = []
LIMEN_KEEP_ALL_LISTS = False
LIMEN_HOST_GATE = HostGate(longest_rest=RETRY_AFTER_LONGEST)
