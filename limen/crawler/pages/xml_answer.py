"""XML as services answer it: the root element, or the reason why the answer is not what was asked for."""

from __future__ import annotations

import re

from lxml import etree
from lxml.etree import _Element

from limen.crawler.errors import PageError

_DECLARED = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_MARK = b"\xef\xbb\xbf"


def read_root(body: bytes, *, url: str, roots: tuple[str, ...], what: str) -> _Element:
    """Return the root of an XML answer, if it is one of `roots` (local names). What is damaged further down is left out.

    Bytes that claim or are taken to be UTF-8 and are not are read as Latin-1. Nothing outside of the answer is read, and
    no entity is expanded.

    Raises:
        PageError: the answer is no such XML (an error page, a challenge, nothing). `what` names what was expected.
    """
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding=_encoding(body),
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or name_of(root) not in roots:
        raise PageError(f"{url}: expected {what}, but the answer is {_kind(body)}; open the address by hand")
    return root


def name_of(node: _Element) -> str:
    """Return the name of an element without its namespace; empty for entities and the like."""
    # not `QName`: it refuses the names that the parser makes of damaged tags (`<:`)
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def attribute(node: _Element, name: str) -> str | None:
    """Return an attribute by its name, whatever its namespace; None if it is not there or says nothing."""
    found = (value for key, value in node.attrib.items() if str(key).rpartition("}")[2] == name)
    return next((str(value).strip() for value in found if str(value).strip()), None)


def children(node: _Element, *path: str) -> list[_Element]:
    """Return the elements at a path of names below `node`, whatever their namespaces."""
    nodes = [node]
    for name in path:
        nodes = [child for parent in nodes for child in parent if name_of(child) == name]
    return nodes


def text_at(node: _Element, *path: str) -> str | None:
    """Return the text of the first element at a path that holds any, on one line; None if there is none."""
    texts = (" ".join("".join(map(str, found.itertext())).split()) for found in children(node, *path))
    return next(filter(None, texts), None)


def _encoding(body: bytes) -> str | None:
    declared = _DECLARED.match(body.removeprefix(_MARK))
    if declared is not None and declared[1].lower() not in (b"utf-8", b"utf8"):
        return None
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "iso-8859-1"
    return None


def _kind(body: bytes) -> str:
    if not body.strip():
        return "empty"
    return "an HTML page" if b"<html" in body[:4096].lower() else "something else"
