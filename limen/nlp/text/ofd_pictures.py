"""The pictures that the pages of an OFD document show."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lxml.etree import _Element

from limen.nlp.text.ofd_page import box, name
from limen.nlp.text.ofd_parts import resolve

_SHARE = 0.3
"""A picture smaller than this share of the page's width is a seal or a sign, and not the page."""


def media_of(address: str, root: _Element, part: Callable[[str], _Element | None]) -> dict[str, str]:
    """Return the addresses of the media of a document by their ids. `part` gives the root of the XML at an address."""
    found: dict[str, str] = {}
    for element in root.iter("*"):
        if name(element) not in {"PublicRes", "DocumentRes"} or not element.text:
            continue
        place = resolve(address, element.text)
        resources = part(place)
        for media in resources.iter("*") if resources is not None else ():
            file = next((each.text for each in media if name(each) == "MediaFile" and each.text), None)
            if name(media) == "MultiMedia" and file and resources is not None:
                base = (resources.get("BaseLoc") or "").strip().rstrip("/")
                found[media.get("ID", "")] = resolve(place, f"{base}/{file}" if base else file)
    return found


def page_picture(layers: Sequence[_Element], media: dict[str, str], *, width: float) -> str | None:
    """Return the address of the largest picture of a page; None if it shows none of the width of text. `width` in millimetres."""
    shown: list[tuple[float, str]] = []
    for root in layers:
        for element in root.iter("*"):
            edges = box(element.get("Boundary"))
            if name(element) == "ImageObject" and edges is not None and edges[2] >= _SHARE * width:
                resource = element.get("ResourceID", "")
                # One that is listed nowhere is missed when it is opened.
                shown.append((edges[2] * edges[3], media.get(resource, f"resource {resource}")))
    return max(shown)[1] if shown else None
