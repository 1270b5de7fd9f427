"""What a stage could not do with one document, for people to see."""

from __future__ import annotations

from limen.app.bootstrap import Application
from limen.app.report import PassSummary
from limen.domain.errors import LimenError
from limen.domain.issue import Issue, IssueKind
from limen.store.repositories import issues


def save_trouble(
    application: Application,
    error: LimenError | None,
    *,
    source_id: str,
    url: str,
    summary: PassSummary,
    kind: IssueKind = IssueKind.UNREADABLE,
) -> None:
    """Keep an error as an issue of a document, in a transaction of its own, and count it."""
    issue = Issue(kind=kind, message=str(error), source_id=source_id, url=url)
    with application.store.transaction() as session:
        issues.save(session, issue, at=application.clock())
    summary.tally(source_id).issues += 1
