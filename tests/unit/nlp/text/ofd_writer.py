"""A writer of small OFD files: pages of texts at given places and lines between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.unit.nlp.text.samples import zipped

_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


@dataclass(frozen=True)
class Text:
    """A text whose base line begins `x`, `y` millimetres from the upper left corner of the page."""

    text: str
    x: float
    y: float
    size: float = 4.0
    delta: str | None = None

    def __str__(self) -> str:
        delta = self.delta or " ".join(str(self.size * (1 if sign > "\u2e80" else 0.5)) for sign in self.text[:-1])
        return (
            f'<ofd:TextObject ID="9" Boundary="{self.x} {self.y - self.size} 150 {self.size * 1.2}" Font="1"'
            f' Size="{self.size}"><ofd:TextCode X="0" Y="{self.size}" DeltaX="{delta}">{escape(self.text)}</ofd:TextCode>'
            "</ofd:TextObject>"
        )


@dataclass(frozen=True)
class Rule:
    """A straight line, in millimetres from the upper left corner."""

    x0: float
    y0: float
    x1: float
    y1: float

    def __str__(self) -> str:
        width, height = self.x1 - self.x0, self.y1 - self.y0
        return (
            f'<ofd:PathObject ID="8" Boundary="{self.x0} {self.y0} {width} {height}"><ofd:AbbreviatedData>M 0 0 L'
            f" {width} {height}</ofd:AbbreviatedData></ofd:PathObject>"
        )


@dataclass(frozen=True)
class Image:
    """A picture that fills the page; `Doc_0/Res/page.png` is the medium 5 of documents that say `RESOURCES`."""

    def __str__(self) -> str:
        return '<ofd:ImageObject ID="7" Boundary="0 0 210 297" ResourceID="5"/>'


RESOURCES = "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"


def resources(picture: bytes) -> dict[str, bytes]:
    """Return the parts that hold the picture of pages."""
    listed = (
        f'<ofd:Res {_NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="5" Type="Image"><ofd:MediaFile>page.png'
        "</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    )
    return {"Doc_0/DocumentRes.xml": listed.encode(), "Doc_0/Res/page.png": picture}


def write_ofd(
    pages: Sequence[Sequence[Text | Rule | Image | str]],
    *,
    title: str = "",
    extra: Mapping[str, bytes] | None = None,
    document: str = "",
) -> bytes:
    """Return an OFD file of A4 pages; strings are XML as it stands.

    `extra` are further parts, `document` is put into Document.xml.
    """
    listed = "".join(
        f'<ofd:Page ID="{number}" BaseLoc="Pages/Page_{number}/Content.xml"/>' for number, _ in enumerate(pages)
    )
    members = {
        "OFD.xml": f"<ofd:OFD {_NS}><ofd:DocBody><ofd:DocInfo><ofd:Title>{title}</ofd:Title></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
        f"</ofd:PhysicalBox></ofd:PageArea>{document}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    for number, drawn in enumerate(pages):
        members[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
            f'<ofd:Page {_NS}><ofd:Content><ofd:Layer ID="2">{"".join(map(str, drawn))}</ofd:Layer></ofd:Content></ofd:Page>'
        )
    return zipped({name: text.encode() for name, text in members.items()} | dict(extra or {}))
