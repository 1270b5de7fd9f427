"""OFD (GB/T 33190-2016), the fixed-layout format of Chinese authorities: a zip archive of XML pages."""

from __future__ import annotations

import zipfile
from io import BytesIO

from lxml.etree import _Element

from limen.domain.document import PageText
from limen.domain.issue import Issue, IssueKind
from limen.nlp.errors import Unreadable
from limen.nlp.text.archive import check_archive
from limen.nlp.text.markdown import one_line, render
from limen.nlp.text.ofd_page import MAX_CHARACTERS, box, name, page_lines, page_rules
from limen.nlp.text.ofd_parts import Parts, resolve
from limen.nlp.text.ofd_pictures import media_of, page_picture
from limen.nlp.text.pdf_blocks import title_of
from limen.nlp.text.pdf_lines import Line
from limen.nlp.text.pdf_pages import Picture
from limen.nlp.text.raw_page import RawPage
from limen.nlp.text.recognised import blocks_of_pages, recognise
from limen.nlp.text.ruled import missing_issue, seems_ruled

MAX_PAGES = 3000

_AGAIN = "fetch or save the file again"
_A4 = (210.0, 297.0)
_POINTS = 72 / 25.4
_DPI = 200.0


def read_ofd(page: RawPage) -> PageText:
    """Return the text of an OFD document, page by page from top to bottom: paragraphs, headings and tables as in a PDF.

    The title is what the file states if it stands in the text, else the largest heading of the first page. Pages that are
    pictures are recognised by tesseract; that, parts that are missing and embedded attachments are issues.

    Raises:
        Unreadable: the file is damaged, a zip bomb, encrypted, too long, or holds no text that can be read.
    """
    check_archive(page.body, name=page.name)
    with zipfile.ZipFile(BytesIO(page.body)) as archive:
        package = _Package(Parts(archive), page.name)
        package.read()
        pictures = recognise(sorted(package.pictures), package.picture, name=page.name)
    if pictures.unread and len(pictures.unread) == package.count:
        raise Unreadable(page.name, "the pages of the OFD document are pictures", pictures.trouble)
    blocks = blocks_of_pages(package.lines, pictures, pages=package.count)
    text = render(each.block for each in blocks)
    if not text:
        raise Unreadable(page.name, "the OFD document holds no text", _AGAIN)
    title = title_of(blocks, text, stated=package.title)
    return PageText(text=text, title=title, issues=(*pictures.issues(), *package.issues()))


class _Package:
    """The documents of an OFD file: the lines of their pages, their pictures, and what is wrong with them."""

    def __init__(self, parts: Parts, file_name: str) -> None:
        self._parts = parts
        self._name = file_name
        self.title: str | None = None
        self.count = 0
        self.lines: list[Line] = []
        self.pictures: dict[int, tuple[str, float]] = {}
        """By the number of a page (from 1) that has no text: the address of its picture, and its height in millimetres."""
        self._ruled: list[int] = []
        self._characters = 0
        self._attached = 0

    def read(self) -> None:
        """Read the pages of all documents. Raises `Unreadable` if there are too many, or no entry to them."""
        entry = self._parts.xml("OFD.xml")
        if entry is None:
            raise Unreadable(self._name, "the OFD file has no OFD.xml", _AGAIN)
        for element in entry.iter("*"):
            if name(element) == "Title" and element.text and self.title is None:
                self.title = one_line(element.text)
            if name(element) == "DocRoot" and element.text:
                address = resolve("", element.text)
                root = self._parts.xml(address)
                if root is not None:
                    self._document(address, root)

    def picture(self, number: int) -> Picture:
        """Return the picture of a page; an empty one if it is missing."""
        address, height = self.pictures[number]
        return Picture(body=self._parts.data(address) or b"", height=height * _POINTS, dpi=_DPI)

    def issues(self) -> tuple[Issue, ...]:
        """Return what a person should know about the file."""
        messages = []
        missing = self._parts.missing
        if missing:
            messages.append(f"{len(missing)} of its parts are missing or damaged, first {missing[0]}; {_AGAIN}")
        if self._attached:
            messages.append(
                f"{self._attached} files are attached inside and were not read; save them and give them to Limen"
            )
        ruled = missing_issue(self._name, self._ruled)
        found = (Issue(kind=IssueKind.UNREADABLE, message=f"{self._name}: {each}") for each in messages)
        return (*found, *filter(None, [ruled]))

    def _document(self, address: str, root: _Element) -> None:
        templates = {each.get("ID"): each.get("BaseLoc") for each in root.iter("*") if name(each) == "TemplatePage"}
        media = media_of(address, root, self._parts.xml)
        usual = _size(root) or _A4
        for element in root.iter("*"):
            if name(element) == "Attachments" and element.text:
                listed = self._parts.xml(resolve(address, element.text))
                self._attached += (
                    sum(name(each) == "Attachment" for each in listed.iter("*")) if listed is not None else 0
                )
            if name(element) != "Page" or not element.get("BaseLoc"):
                continue
            content = self._parts.xml(resolve(address, element.get("BaseLoc") or ""))
            if content is not None:
                used = [templates.get(each.get("TemplateID")) for each in content.iter("*") if name(each) == "Template"]
                behind = [self._parts.xml(resolve(address, each)) for each in used if each]
                layers = [*(each for each in behind if each is not None), content]
                self._page(layers, media, size=_size(content) or usual)

    def _page(self, layers: list[_Element], media: dict[str, str], *, size: tuple[float, float]) -> None:
        width, height = size
        rules = page_rules(layers, height=height)
        found = page_lines(layers, rules, page=self.count, height=height)
        self.count += 1
        self._characters += sum(len(line.text) for line in found)
        if self.count > MAX_PAGES or self._characters > MAX_CHARACTERS:
            limits = f"{MAX_PAGES} pages or {MAX_CHARACTERS} characters"
            raise Unreadable(self._name, f"the OFD document has more than {limits}", "split it")
        if found and seems_ruled(rules):
            self._ruled.append(self.count)
        picture = None if found else page_picture(layers, media, width=width)
        if picture is not None:
            self.pictures[self.count] = picture, height
        self.lines += found


def _size(root: _Element) -> tuple[float, float] | None:
    """Return the width and height that a page or document states, in millimetres."""
    for element in root.iter("*"):
        if name(element) == "PhysicalBox":
            edges = box(element.text)
            if edges is not None and edges[2] > 0 and edges[3] > 0:
                return edges[2], edges[3]
    return None
