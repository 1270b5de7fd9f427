"""Who publishes: the part of a source record that every later stage needs. How to crawl it belongs to the crawler."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DocumentClass(StrEnum):
    """What a source publishes, unless its documents say otherwise."""

    DRAFT = "draft"
    FINAL = "final"
    NOTICE = "notice"
    NEWS = "news"
    COMMENTARY = "commentary"
    """Questions and answers, explanations, picture stories: they speak about a rule and are none (答记者问, 一图读懂, 解读)."""

    @property
    def is_official(self) -> bool:
        """False for news and commentary, which speak of an instrument and never replace it."""
        return self not in (DocumentClass.NEWS, DocumentClass.COMMENTARY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publisher's channel."""

    id: str
    """Stable, lower case, unique over the catalogue: `cn-mee-yjzj`."""
    name: str
    publisher: str
    jurisdiction: str
    """ISO 3166-1 alpha-2, `EU`, or `XX` for press that covers the world."""
    language: str
    """ISO 639-1 of the usual language of the source; the text itself decides."""
    document_class: DocumentClass
    timezone: str
    """IANA zone in which the source prints dates without a zone."""
    homepage: str
