"""What is listed, as the source's rules want it: with its own address, class and title."""

from __future__ import annotations

from dataclasses import replace

from limen.crawler.pages.canonical import canonical_url, identity_of
from limen.crawler.pages.classes import class_of, plain_title
from limen.crawler.pages.entry import Entry
from limen.crawler.source_spec import SourceSpec


def is_wanted(entry: Entry, spec: SourceSpec) -> bool:
    """Tell whether a title has the words that the source looks for, and none that it leaves out."""
    title = (entry.hints.title or "").casefold()
    wanted = spec.titles.include
    if any(word.casefold() in title for word in spec.titles.exclude):
        return False
    return not wanted or any(word.casefold() in title for word in wanted)


def settled(entry: Entry, spec: SourceSpec) -> tuple[str, Entry]:
    """Return what a document is known by, and its entry with canonical addresses, its class and its title without marks."""
    rules = spec.canonical
    known_as = entry.document_url or entry.url
    title = plain_title(entry.hints.title, spec.titles)
    document_class = entry.hints.document_class or class_of(title, spec.classes)
    return identity_of(known_as, rules), replace(
        entry,
        url=canonical_url(entry.url, rules),
        document_url=canonical_url(known_as, rules) if entry.document_url else None,
        hints=replace(entry.hints, title=title, document_class=document_class),
    )
