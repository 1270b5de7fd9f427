"""Where on a page its document stands."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import trafilatura
from lxml.html import HtmlElement

from limen.nlp.text.html_block import HtmlBlock
from limen.nlp.text.html_blocks import UNSEEN, blocks_of, is_hidden
from limen.nlp.text.markdown import BlockKind

# A piece of text shorter than this may stand in the text of another place by chance.
_TELLING = 8
_TELLING_CJK = 4
_CJK = re.compile(r"[\u3400-\u9fff]")
_ALL = 0.98
# An element that is called furniture and holds this share of the document is its container (`class="page-with-sidebar"`).
_TOO_MUCH = 0.3
_LINKS = 0.6
_SENTENCE = 60
_SENTENCE_CJK = 25
_ENOUGH = 20
_SPANS = ("colspan", "rowspan")
# Beyond this searching for every text of the page would take minutes.
_SEARCHABLE = 500_000
_NEVER = frozenset({"html", "body", "main", "article"})
_CONTAINER_TAGS = "html body div main article section form center table tbody tr td span font"
_CELL_BLOCKS = frozenset({"p", "div", "table", "ul", "ol", "h1", "h2", "h3"})
_CONTAINERS = frozenset(_CONTAINER_TAGS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Furniture:
    tags: frozenset[str]
    roles: frozenset[str]
    names: re.Pattern[str]
    containers: tuple[tuple[str, str], ...]
    """Attribute (`id` or `class`) and word, best first."""


@dataclass(frozen=True, slots=True)
class _Believed:
    """The text that trafilatura takes for the document, without blanks: as a whole and piece by piece."""

    whole: str = ""
    pieces: frozenset[str] = frozenset()

    def __contains__(self, plain: str) -> bool:
        # Most texts of the page are pieces as they stand; the search in the whole is for the others.
        return plain in self.pieces or (len(self.whole) < _SEARCHABLE and plain in self.whole)


def main_blocks(root: HtmlElement) -> list[HtmlBlock]:
    """Return the blocks of the document on a page, without the page's furniture.

    trafilatura says which texts of the page belong to it; the smallest element that holds them all is rendered, with
    what stands between them, so that no table or list among them is lost. A known container of a publishing system
    is believed at once. Where neither finds anything, all text of the page is the document.
    """
    marked, candidates = _survey(root)
    container = _known_container(candidates, marked)
    if container is not None:
        return _without_link_lists(blocks_of(container, skip=_small(marked, container)), believed=_Believed())
    believed = _believed_text(root)
    votes = _votes(root, believed)
    total = votes[root]
    if not total:
        return _without_link_lists(blocks_of(root, skip=marked), believed=_Believed()) or blocks_of(root)
    furniture = {element for element in marked if votes[element] < _TOO_MUCH * total}
    for element in furniture:
        _withdraw(votes, element)
    container = _smallest(root, votes)
    blocks = blocks_of(container, skip=furniture)
    return _trimmed(_without_link_lists(blocks, believed=believed), believed) or blocks


def _believed_text(root: HtmlElement) -> _Believed:
    """Return what trafilatura takes for the document; nothing if it finds none."""
    # It lays spanning cells out without a bound; where they stand does not matter here.
    spans = [
        (cell, name, cell.attrib.pop(name)) for cell in root.iter("td", "th") for name in _SPANS if name in cell.attrib
    ]
    try:
        document = trafilatura.bare_extraction(
            root, favor_recall=True, include_comments=False, include_tables=True, deduplicate=False, fast=True
        )
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):
        # Damaged trees trip it in many ways; the page is then read as a whole.
        return _Believed()
    finally:
        for cell, name, value in spans:
            cell.set(name, value)
    body = getattr(document, "body", None)
    if body is None:
        return _Believed()
    pieces = ["".join(piece.split()) for piece in body.itertext()]
    return _Believed("".join(pieces), frozenset(pieces))


def _votes(root: HtmlElement, believed: _Believed) -> defaultdict[HtmlElement, int]:
    """Return for each element how many characters of the believed text it holds."""
    votes: defaultdict[HtmlElement, int] = defaultdict(int)
    elements = list(root.iter("*"))
    for element in elements:
        for holder, text in ((element, element.text), (element.getparent(), element.tail)):
            if not text or holder is None or holder.tag in UNSEEN:
                continue
            plain = "".join(text.split())
            if plain in believed.pieces or (_is_telling(plain) and plain in believed):
                votes[holder] += len(plain)
    # Children come after their parents: backwards every count is complete before it is handed up.
    for element in reversed(elements):
        parent = element.getparent()
        if parent is not None and votes[element]:
            votes[parent] += votes[element]
    return votes


def _is_telling(plain: str) -> bool:
    return len(plain) >= _TELLING or (len(plain) >= _TELLING_CJK and _CJK.search(plain) is not None)


def _withdraw(votes: defaultdict[HtmlElement, int], element: HtmlElement) -> None:
    count = votes[element]
    if count:
        for ancestor in element.iterancestors():
            votes[ancestor] -= count
        for inner in element.iter("*"):
            votes[inner] = 0


def _smallest(root: HtmlElement, votes: defaultdict[HtmlElement, int]) -> HtmlElement:
    total = votes[root]
    current = root
    while True:
        inner = next((child for child in current if votes.get(child, 0) >= _ALL * total), None)
        # Going into a paragraph, list or table would lose what stands beside it.
        if inner is None or inner.tag not in _CONTAINERS:
            return _whole_table(current)
        current = inner


def _whole_table(container: HtmlElement) -> HtmlElement:
    """Return the table of a row or cell, which is nothing without it, unless the cell is a frame around blocks of text."""
    if container.tag == "td" and any(child.tag in _CELL_BLOCKS for child in container.iter("*")):
        return container
    if container.tag in {"tbody", "tr", "td"}:
        return next(container.iterancestors("table"), container)
    return container


def _survey(root: HtmlElement) -> tuple[set[HtmlElement], dict[tuple[str, str], list[HtmlElement]]]:
    """Return the elements that are called furniture, and those that are called the container of a document."""
    rules = _furniture()
    wanted = frozenset(rules.containers)
    furniture: set[HtmlElement] = set()
    candidates: dict[tuple[str, str], list[HtmlElement]] = defaultdict(list)
    for element in root.iter("*"):
        tag, attributes = element.tag, element.attrib
        identity, classes = attributes.get("id", ""), attributes.get("class", "")
        for key in (("id", identity), *(("class", word) for word in classes.split())) if identity or classes else ():
            if key in wanted:
                candidates[key].append(element)
        if tag in _NEVER:
            continue
        if (
            tag in rules.tags
            or attributes.get("role", "").lower() in rules.roles
            or (tag == "header" and next(element.iterancestors("article", "main"), None) is None)
            or ((identity or classes) and rules.names.search(f"{classes} {identity}"))
        ):
            furniture.add(element)
    return furniture, candidates


def _known_container(
    candidates: dict[tuple[str, str], list[HtmlElement]], furniture: set[HtmlElement]
) -> HtmlElement | None:
    for key in _furniture().containers:
        found = [each for each in candidates.get(key, ()) if not furniture.intersection(each.iterancestors())]
        outer = [each for each in found if not set(found).intersection(each.iterancestors())]
        if len(outer) == 1 and not is_hidden(outer[0]) and len("".join(outer[0].text_content().split())) >= _ENOUGH:
            return outer[0]
    return None


def _small(furniture: set[HtmlElement], container: HtmlElement) -> set[HtmlElement]:
    whole = len(container.text_content())
    inside = (element for element in container.iter("*") if element in furniture)
    return {element for element in inside if len(element.text_content()) < _TOO_MUCH * whole}


def _without_link_lists(blocks: list[HtmlBlock], *, believed: _Believed) -> list[HtmlBlock]:
    """Leave out runs of two and more blocks that are little but links, unless trafilatura believes in them."""
    kept: list[HtmlBlock] = []
    run: list[HtmlBlock] = []
    for block in blocks:
        if block.link_share >= _LINKS and block.block.kind is not BlockKind.HEADING and block.plain not in believed:
            run.append(block)
            continue
        kept += run if len(run) == 1 else ()
        run = []
        kept.append(block)
    return kept + (run if len(run) == 1 or not kept else [])


def _trimmed(blocks: list[HtmlBlock], believed: _Believed) -> list[HtmlBlock]:
    """Leave out what stands before and after the believed blocks, but for headings before, and sentences and tables after."""
    inside = [number for number, block in enumerate(blocks) if block.plain and block.plain in believed]
    if not inside:
        return blocks
    first, last = inside[0], inside[-1]
    before = [block for block in blocks[:first] if block.block.kind in {BlockKind.HEADING, BlockKind.TABLE}]
    after = [block for block in blocks[last + 1 :] if _says_something(block)]
    return [*before, *blocks[first : last + 1], *after]


def _says_something(block: HtmlBlock) -> bool:
    if block.block.kind is BlockKind.TABLE:
        return True
    if block.link_share >= _LINKS or block.block.kind is BlockKind.HEADING:
        return False
    return len(block.plain) >= _SENTENCE or len(_CJK.findall(block.plain)) >= _SENTENCE_CJK


@cache
def _furniture() -> _Furniture:
    data = tomllib.loads(files("limen.nlp.text").joinpath("furniture.toml").read_text(encoding="utf-8"))
    names, beginnings = ("|".join(map(re.escape, data[key])) for key in ("names", "beginnings"))
    return _Furniture(
        tags=frozenset(data["tags"]),
        roles=frozenset(data["roles"]),
        names=re.compile(
            rf"(?:^|\s)(?:(?:{names}|{beginnings})(?:[-_]\S*)?|\S*[-_](?:{names}))(?=\s|$)", re.IGNORECASE
        ),
        containers=tuple(next(iter(container.items())) for container in data["containers"]),
    )
