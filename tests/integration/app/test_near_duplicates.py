"""The same story on two sites is one group; a draft and its final text are none."""

from __future__ import annotations

import pytest

from limen.app.bootstrap import Application
from limen.app.workers import Workers
from limen.domain.source import DocumentClass
from limen.store import queries

from .workspace import SITE, SOURCE, Opened, Workspace

STORY = """The ministry has asked makers of energy storage cells to show a density of at least {number} Wh/kg before they
may apply for land. Older lines keep their permits until the end of the decade, provided that they report their yields
every quarter. Two associations said that smaller firms would need more time, because the furnaces they use cannot be
refitted while they run. The draft leaves the recovery rates of nickel and cobalt as they were, and the ministry wants to
hear by the end of June what the provinces think. A first round of audits has found that one plant in five kept no record of
its solvents. Inspectors will visit the others before the winter, and what they find is to be published."""
OFFICIAL = "The cells shall have an energy density of at least {number} Wh/kg. " + STORY


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    for name in ("press", "sister"):
        workspace.source(name)
        file = workspace.sources / f"{name}.toml"
        file.write_text(file.read_text("utf-8").replace('class = "draft"', 'class = "news"'), "utf-8")
    workspace.source("final")
    file = workspace.sources / "final.toml"
    file.write_text(file.read_text("utf-8").replace('class = "draft"', 'class = "final"'), "utf-8")
    workspace.source("twin")
    return workspace


def page(text: str, *, title: str, after: str = "") -> bytes:
    head = f"<html><head><title>{title}</title></head>"
    return f"{head}<body><main><h1>{title}</h1><p>{text}</p>{after}</main></body></html>".encode()


def groups(opened: Opened) -> list[list[str]]:
    with opened.application.store.reading() as session:
        return [[member.source_id for member in group.members] for group in queries.duplicates(session)]


def pending(application: Application) -> int:
    from limen.store.repositories import near_duplicates

    with application.store.reading() as session:
        return len(near_duplicates.pending(session, limit=10))


def test_a_reprint_under_another_title_is_one_group_also_with_another_number(workspace: Workspace) -> None:
    with workspace.open() as opened:
        opened.keep(f"{SITE}/a", page(STORY.format(number=165), title="Density rules ahead"), source="press")
        opened.keep(
            f"{SITE}/b",
            page(STORY.format(number=156), title="What makers fear now", after="<p>Reprints need our consent.</p>"),
            source="sister",
        )
        opened.keep(f"{SITE}/c", page(OFFICIAL.format(number=165), title="Notice"))
        opened.run()
        assert groups(opened) == [["press", "sister"]]
        assert [len(entry.group) for entry in opened.documents if entry.source_id != SOURCE] == [2, 2]
        opened.run()
        assert groups(opened) == [["press", "sister"]]
        # What was a reprint is now another story.
        opened.keep(f"{SITE}/b", page(" ".join(reversed(STORY.split())), title="What makers fear now"), source="sister")
        opened.run()
        opened.run()
        assert groups(opened) == []


def test_official_documents_go_together_only_with_the_same_numbers_and_in_one_stage(workspace: Workspace) -> None:
    with workspace.open() as opened:
        opened.keep(f"{SITE}/draft", page(OFFICIAL.format(number=160), title="Rules (draft)"))
        opened.keep(f"{SITE}/twin", page(OFFICIAL.format(number=160), title="Rules, as shown here"), source="twin")
        opened.keep(f"{SITE}/twin2", page(OFFICIAL.format(number=165), title="Rules, second draft"), source="twin")
        opened.keep(f"{SITE}/final", page(OFFICIAL.format(number=160), title="Rules"), source="final")
        opened.run()
        assert groups(opened) == [[SOURCE, "twin"]]


@pytest.mark.slow
def test_signatures_are_made_in_the_workers_and_a_pass_that_was_cut_off_is_made_up_for(workspace: Workspace) -> None:
    with workspace.open() as opened:
        for number, source in enumerate(("press", "sister", "press")):
            opened.keep(f"{SITE}/{number}", page(STORY.format(number=165), title=f"Title {number}"), source=source)
        opened.run()
        assert groups(opened) == [["press", "sister", "press"]]
        with opened.application.store.transaction() as session:
            # As a kill between the reading of the second text and its signature would leave it.
            session.connection().exec_driver_sql("DELETE FROM signature_bands WHERE document_id > 1")
            session.connection().exec_driver_sql("DELETE FROM text_signatures WHERE document_id > 1")
            session.connection().exec_driver_sql("UPDATE documents SET group_id = NULL WHERE id > 1")
        assert pending(opened.application) == 2
    with Workers(count=1, timeout=30) as workers, workspace.open(workers=workers) as opened:
        opened.run()
        assert pending(opened.application) == 0
        assert groups(opened) == [["press", "sister", "press"]]


def test_the_command_line_shows_groups_with_all_their_members(workspace: Workspace) -> None:
    with workspace.open() as opened:
        opened.keep(f"{SITE}/a", page(STORY.format(number=165), title="One title"), source="press")
        opened.keep(f"{SITE}/b", page(STORY.format(number=165), title="Another title"), source="sister")
        opened.keep(f"{SITE}/c", page("Too short.", title="Alone"), source="press")
        opened.run()
        assert {entry.document_class for entry in opened.documents} == {DocumentClass.NEWS}
    listed = {each["title"]: each for each in workspace.run("document", "list", "--format", "json").json}
    assert listed["One title"]["group"] == listed["Another title"]["group"] == [1, 2]
    assert listed["Alone"]["group"] == []
    (group,) = workspace.run("document", "duplicates", "--format", "json").json
    assert [each["title"] for each in group["documents"]] == ["One title", "Another title"]
    assert workspace.run("document", "duplicates", "2", "--format", "json").json == [group]
    assert workspace.run("document", "duplicates", "3", "--format", "json").json == []
    assert "Another title" in workspace.run("document", "duplicates").out
    assert "no other document" in workspace.run("document", "duplicates", "3").out
