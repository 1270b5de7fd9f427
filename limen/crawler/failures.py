"""From a failed request to an issue that says what to do."""

from __future__ import annotations

from collections.abc import Mapping

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from limen.crawler.middlewares.address_policy import AddressRefused
from limen.crawler.middlewares.decompression import UnpacksTooFar
from limen.crawler.middlewares.errors import HostClosed, HostResting, RobotsDenied, RobotsUnavailable
from limen.crawler.middlewares.robots import describe
from limen.crawler.pages.block import BlockKind, Verdict, Wanted, classify
from limen.crawler.source_rules import BlockRules
from limen.crawler.source_spec import SourceSpec
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


def issue_for(failure: Failure) -> Issue:
    """Return the issue of a failed request: what happened, and what to do about it."""
    error = failure.value
    assert error is not None
    url: str = error.url if isinstance(error, HostClosed) else failure.request.url  # type: ignore[attr-defined]
    if isinstance(error, HttpError):
        verdict = verdict_on(error.response, wanted="page", rules=BlockRules())
        if verdict is not None:
            return blocked_issue(verdict, url=url, wanted="page")
    message, severity = _explain(error)
    return Issue(kind=IssueKind.FETCH_FAILED, message=f"{url}: {message}", severity=severity, url=url)


def verdict_on(response: Response, *, wanted: Wanted, rules: BlockRules) -> Verdict | None:
    """Return what came in place of content; None if the answer looks like what was wanted."""
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    return classify(
        status=response.status, headers=headers, body=response.body, url=response.url, wanted=wanted, rules=rules
    )


def blocked_issue(verdict: Verdict, *, url: str, wanted: Wanted) -> Issue:
    """Return the issue of an answer that is no content. A list of another type means that the source has changed."""
    kind = IssueKind.BLOCKED
    if verdict.kind is BlockKind.WRONG_TYPE:
        kind = IssueKind.FETCH_FAILED if wanted in ("page", "file") else IssueKind.SOURCE_CHANGED
    return Issue(kind=kind, message=f"{url}: {verdict.why}", url=url)


def limit_issue(spec: SourceSpec, reached: Mapping[str, int]) -> Issue:
    """Return the one issue that tells of all limits that cut a run short, and of the traps."""
    said = []
    limits = {name: left for name, left in reached.items() if name != "traps"}
    if limits:
        names = ", ".join(f"{name} ({left} left for the next run)" if left else name for name, left in limits.items())
        said.append(f"the run was cut short by [limits] {names}: raise it if the source should catch up faster")
    if traps := reached.get("traps"):
        said.append(
            f"{traps} addresses were left out that a site can make without end (calendars, loops of directories, "
            "sessions): the crawl log names them, narrow the source's selectors if they are no documents"
        )
    return Issue(
        kind=IssueKind.LIMIT_REACHED,
        message=f"{spec.id}: {'; '.join(said)}",
        severity=Severity.INFO,
        url=spec.homepage,
    )


def _explain(error: BaseException) -> tuple[str, Severity]:
    if isinstance(error, HttpError):
        return _explain_status(error.response.status), Severity.WARNING
    if isinstance(error, RobotsDenied):
        return f"{error}; remove the address from the source, or ask the site", Severity.INFO
    if isinstance(error, RobotsUnavailable):
        return f"{error}, so nothing of the site may be fetched; the next run asks again", Severity.WARNING
    if isinstance(error, AddressRefused):
        return str(error), Severity.WARNING
    if isinstance(error, UnpacksTooFar):
        return error.reason, Severity.WARNING
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
