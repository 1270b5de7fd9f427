"""Versions that a pass reads together: what the one before made out in a text is not lost by the next."""

from __future__ import annotations

from datetime import timedelta

from limen.store.repositories import documents, readings

from .workspace import SITE, SOURCE, Opened, Workspace

PAGE = f"{SITE}/rules"
AWKWARD = "It is a density of 160 Wh/kg or more that shall be reached by cells."
PLAIN = "Cells shall have an energy density of at least 165 Wh/kg."
WRITTEN, STATED = "Dust in the hall shall not exceed 12.5 mg/m³.", "Dust in the hall was 12.5 mg/m³."


def page(*sentences: str) -> bytes:
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    head = "<head><title>Hall rules</title></head>"
    return f"<html>{head}<body><article><h1>Hall rules</h1>{paragraphs}</article></body></html>".encode()


def limits(opened: Opened) -> list[str]:
    """Return the limits of the newest version."""
    with opened.application.store.reading() as session:
        newest = documents.newest(session, SOURCE, PAGE)
        assert newest is not None
        return [str(stored.requirement.threshold) for stored in readings.requirements(session, newest.id)]


def told(opened: Opened) -> list[tuple[str, str | None]]:
    return [(each.change.kind.value, each.change.old and str(each.change.old.threshold)) for each in opened.changes]


def test_a_limit_that_only_the_version_before_shows_as_one_is_kept_and_its_removal_told(workspace: Workspace) -> None:
    with workspace.open() as opened:
        opened.keep(PAGE, page(AWKWARD, WRITTEN), ago=timedelta(hours=3))
        opened.run()
        assert limits(opened) == [">= 160 Wh/kg", "<= 12.5 mg/m**3"]
        opened.keep(PAGE, page(AWKWARD, STATED), ago=timedelta(hours=2))
        opened.run()
        assert limits(opened) == [">= 160 Wh/kg", "<= 12.5 mg/m**3"]
        assert told(opened) == []
        opened.keep(PAGE, page(PLAIN, "Lamps are checked."), ago=timedelta(hours=1))
        opened.run()
        assert limits(opened) == [">= 165 Wh/kg"]
        assert set(told(opened)) == {("value_changed", ">= 160 Wh/kg"), ("removed", "<= 12.5 mg/m**3")}


def test_both_sides_of_a_change_have_one_name(workspace: Workspace) -> None:
    with workspace.open() as opened:
        opened.keep(PAGE, page(AWKWARD), ago=timedelta(hours=3))
        opened.run()
        opened.keep(PAGE, page(PLAIN), ago=timedelta(hours=2))
        opened.run()
        (entry,) = opened.changes
        assert entry.change.old is not None
        assert entry.change.new is not None
        assert entry.change.old.metric == entry.change.new.metric == "energy density"
