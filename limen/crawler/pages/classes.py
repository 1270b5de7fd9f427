"""What a title says of its document: a call for comments, a final text, or something that only speaks of one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from limen.crawler.source_rules import ClassRule, TitleFilter
from limen.domain.source import DocumentClass

COMMENTARY = re.compile(
    r"答记者问|一图读懂|图解|解读|图集|组图|图片新闻|问答|新闻发布会|记者会|"
    r"\b(?:infographic|photo gallery|press gallery|q ?& ?a with|questions and answers|explainer|in pictures)\b",
    re.IGNORECASE,
)
"""Titles of what explains a rule and is none, on the sites of all publishers. 《解读》 in the name of a rule is not met."""


def class_of(title: str | None, rules: Sequence[ClassRule]) -> DocumentClass | None:
    """Return the class that a title gives away, by the source's rules and then by those of all; None if it gives none."""
    if not title:
        return None
    for rule in rules:
        if re.search(rule.pattern, title):
            return rule.document_class
    return DocumentClass.COMMENTARY if COMMENTARY.search(title) else None


def plain_title(title: str | None, rules: TitleFilter) -> str | None:
    """Return a title without the marks that the source puts before or behind it, such as 【进行中】."""
    if title is None:
        return None
    for mark in rules.strip:
        title = re.sub(mark, "", title)
    return " ".join(title.split()) or None
