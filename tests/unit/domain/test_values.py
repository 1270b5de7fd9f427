"""The small values: what they refuse and what they derive."""

from __future__ import annotations

import hashlib
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime

import pytest

from limen.domain.change import Change, ChangeKind, Direction
from limen.domain.document import DocumentVersion
from limen.domain.snapshot import Snapshot
from limen.domain.source import DocumentClass
from tests.unit.domain.making import requirement

NOW = datetime(2025, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        (ChangeKind.ADDED, True, True),
        (ChangeKind.ADDED, True, False),
        (ChangeKind.REMOVED, True, True),
        (ChangeKind.REMOVED, False, True),
        (ChangeKind.VALUE, False, True),
        (ChangeKind.SCOPE, True, False),
        (ChangeKind.MODALITY, False, False),
    ],
)
def test_a_change_has_the_sides_of_its_kind(kind: ChangeKind, old: bool, new: bool) -> None:
    side = requirement(">= 1 m")
    with pytest.raises(ValueError, match="wrong sides"):
        Change(kind=kind, direction=Direction.NEUTRAL, old=side if old else None, new=side if new else None)


def test_the_side_to_show_first() -> None:
    old, new = requirement(">= 1 m"), requirement(">= 2 m")
    moved = Change(kind=ChangeKind.VALUE, direction=Direction.TIGHTENED, old=old, new=new)
    gone = Change(kind=ChangeKind.REMOVED, direction=Direction.LOOSENED, old=old, new=None)
    assert moved.subject_requirement is new
    assert gone.subject_requirement is old


def test_values_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        requirement(">= 1 m").metric = "height"  # type: ignore[misc]


def test_a_version_is_known_by_its_text() -> None:
    version = DocumentVersion(
        source_id="xx-own",
        url="http://example.org/rule",
        document_class=DocumentClass.DRAFT,
        title="Rule",
        text="尾矿库 ≥ 1 m",
        language="zh",
        fetched_at=NOW,
    )
    assert version.text_sha256 == hashlib.sha256("尾矿库 ≥ 1 m".encode()).hexdigest()


def test_only_what_speaks_of_a_rule_is_not_official() -> None:
    speaking = {DocumentClass.NEWS, DocumentClass.COMMENTARY}
    assert {kind for kind in DocumentClass if not kind.is_official} == speaking


def test_headers_are_found_in_any_case_and_the_first_one_counts() -> None:
    snapshot = Snapshot(
        source_id="xx-own",
        url="http://example.org/",
        final_url="http://example.org/",
        fetched_at=NOW,
        status=200,
        headers=(("etag", '"a"'), ("set-cookie", "x=1"), ("set-cookie", "y=2")),
        sha256="0" * 64,
        size=0,
    )
    assert snapshot.header("ETag") == '"a"'
    assert snapshot.header("Set-Cookie") == "x=1"
    assert snapshot.header("Last-Modified") is None
