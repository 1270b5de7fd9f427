"""From a failed request to an issue that says what to do."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from limen.crawler.middlewares.closed_host import HostClosed
from limen.crawler.middlewares.retry import HostResting
from limen.crawler.middlewares.robots import RobotsDenied, RobotsUnavailable, describe
from limen.domain.issue import Issue, IssueKind, Severity

_ADVICE = {
    "DNSLookupError": "the host name is unknown: check its spelling, or whether the site has moved",
    "CannotResolveHostError": "the host name is unknown: check its spelling, or whether the site has moved",
    "ConnectionRefusedError": "the host refuses connections: it may be down; the next run tries again",
    "DownloadConnectionRefusedError": "the host refuses connections: it may be down; the next run tries again",
    "TimeoutError": "no answer in time; the next run tries again",
    "TCPTimedOutError": "no connection in time; the next run tries again",
    "DownloadTimeoutError": "no answer in time; the next run tries again",
    "DownloadCancelledError": "larger than the source's limit: raise [limits] max_bytes if you want it",
    "ResponseFailed": "the connection broke off in the middle; the next run tries again",
    "ResponseNeverReceived": "the connection broke off, or its certificate is not valid; open the address by hand",
    "ResponseDataLossError": "less arrived than was announced; the next run tries again",
    "DownloadFailedError": "the download broke off; the next run tries again",
    "UnsupportedURLSchemeError": "no address that can be fetched",
}


_FOREIGN = ("image", "audio", "video", "font")
_ARCHIVES = ("application/zip", "application/x-rar-compressed", "application/vnd.rar", "application/x-7z-compressed")


def issue_for(failure: Failure) -> Issue:
    """Return the issue of a failed request: what happened, and what to do about it."""
    error = failure.value
    assert error is not None
    url: str = error.url if isinstance(error, HostClosed) else failure.request.url  # type: ignore[attr-defined]
    message, severity = _explain(error)
    return Issue(kind=IssueKind.FETCH_FAILED, message=f"{url}: {message}", severity=severity, url=url)


def soft_error(response: Response) -> str | None:
    """Return why an answer with a good status is no content; None if it looks like content."""
    if response.status == 202:
        return "the host answers 202, which is a challenge for browsers and no content; ask for access, or use its API"
    if not response.body.strip():
        return "the answer is empty; the next run tries again"
    return None


def foreign_type(response: Response) -> str | None:
    """Return why a document of this media type is not kept; None if it may hold text. The type is the server's word."""
    stated = (response.headers.get("Content-Type") or b"").decode("latin-1")
    kind = stated.partition(";")[0].strip().lower()
    if kind.partition("/")[0] not in _FOREIGN and kind not in _ARCHIVES:
        return None
    return f"the answer is {kind}, which holds no text; exclude such addresses in the source's TOML"


def _explain(error: BaseException) -> tuple[str, Severity]:
    if isinstance(error, HttpError):
        return _explain_status(error.response.status), Severity.WARNING
    if isinstance(error, RobotsDenied):
        return f"{error}; remove the address from the source, or ask the site", Severity.INFO
    if isinstance(error, RobotsUnavailable):
        return f"{error}, so nothing of the site may be fetched; the next run asks again", Severity.WARNING
    if isinstance(error, HostResting):
        return (
            f"{error}; it is left alone until the next run: raise [politeness] delay if it asks often",
            Severity.WARNING,
        )
    if isinstance(error, IgnoreRequest):
        return f"left out: {describe(error)}", Severity.INFO
    advice = _ADVICE.get(type(error).__name__, "the next run tries again")
    return f"{advice} ({type(error).__name__}: {describe(error)})", Severity.WARNING


def _explain_status(status: int) -> str:
    match status:
        case 401 | 403 | 407 | 451:
            return f"the host answers {status} and lets us not in; ask for access, or switch the source off"
        case 404 | 410:
            return f"the host answers {status}: the page is gone, or its address is wrong"
        case 429 | 503:
            return f"the host answers {status} and wants fewer requests; raise [politeness] delay"
        case _ if status >= 500:
            return f"the host answers {status}, a trouble of its own; the next run tries again"
        case _:
            return f"the host answers {status}, which is no content"
