"""A rule, and articles about it, for the tests of the press."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from limen.domain.concepts import MATERIAL, PRODUCT, concepts_of, subject_concepts
from limen.domain.document import Stage
from limen.domain.press import Article, LinkReason, OfficialText, Report, Rule, Statement, report_on
from limen.domain.press_check import Finding, check
from tests.unit.domain.making import requirement

DRAFT_DAY = datetime(2024, 5, 8, 2, tzinfo=UTC)
FINAL_DAY = DRAFT_DAY + timedelta(days=42)

_numbers = count(1)
_DENSITY = {"metric": "energy density", "metric_id": "energy_density"}
_DENSITY_ZH = {"metric": "能量密度", "metric_id": "energy_density"}


def says(
    limit: str,
    subject: str | None = None,
    *,
    materials: Iterable[str] = (),
    products: Iterable[str] = (),
    sentence: str = "",
    since: datetime | None = None,
    **fields: Any,
) -> Statement:
    """Return the statement of a limit on an energy density, in English, unless `fields` say otherwise."""
    wanted = requirement(limit, subject=subject, **{**_DENSITY, **fields})
    named = {group: frozenset(members) for group, members in ((MATERIAL, materials), (PRODUCT, products)) if members}
    concepts = {**concepts_of(wanted, ()), **named}
    own = subject_concepts(wanted, ())
    return Statement(
        number=next(_numbers), requirement=wanted, concepts=concepts, subject=own, sentence=sentence, since=since
    )


def sets(limit: str, subject: str | None = None, **fields: Any) -> Statement:
    """Return the same in Chinese."""
    return says(limit, subject, **{**_DENSITY_ZH, **fields})


def draft(*, storage: int = 155, consumer: int = 260) -> tuple[Statement, ...]:
    """Return what the draft states; what a later text states may differ in two numbers."""
    return (
        sets(">= 3 percent", "企业", metric="研发费用", metric_id="rd_spending_share"),
        sets(f">= {consumer} Wh/kg", "消费型单体电池"),
        sets(">= 200 Wh/kg", "消费型电池组"),
        sets(">= 165 Wh/kg", "能量型单体电池", condition="使用磷酸铁锂"),
        sets(">= 165 Wh/kg", "能量型电池组", condition="使用三元材料"),
        sets(f">= {storage} Wh/kg", "储能型单体电池"),
        sets(">= 110 Wh/kg", "储能型电池组"),
        sets(">= 1500 cycle", "动力型单体电池", metric="循环寿命", metric_id="cycle_life"),
        sets(">= 1000 cycle", "动力型电池组", metric="循环寿命", metric_id="cycle_life"),
    )


def text_of(
    *statements: Statement,
    at: datetime = DRAFT_DAY,
    stage: Stage = Stage.DRAFT,
    published: bool = True,
    document: int = 1,
) -> OfficialText:
    return OfficialText(
        document=document, since=at, published=published, stage=stage, language="zh", statements=statements
    )


def conditions(*texts: OfficialText, **fields: Any) -> Rule:
    """Return the rule, with its draft if no texts are given."""
    values: dict[str, Any] = {
        "number": 1,
        "title": "锂离子电池行业规范条件",
        "language": "zh",
        "jurisdiction": "CN",
        "names": frozenset({"CN-LIB-CONDITIONS"}),
        "numbers": frozenset({"CN-ANNOUNCEMENT:2024-14"}),
        "issuers": frozenset({"MIIT"}),
        "topics": frozenset({"lithium_ion_battery", "energy_storage_battery", "consumer_battery"}),
        "texts": texts or (text_of(*draft()),),
        "looked_at": FINAL_DAY + timedelta(days=1000),
    }
    return Rule(**{**values, **fields})


def article(*statements: Statement, after: timedelta = timedelta(hours=7), **fields: Any) -> Article:
    """Return an English article, so long after the draft came out, from China and about its batteries."""
    values: dict[str, Any] = {
        "at": DRAFT_DAY + after,
        "language": "en",
        "text": "Battery makers face new conditions",
        "stage": Stage.DRAFT,
        "regulators": frozenset({"MIIT"}),
        "places": frozenset({"CN"}),
        "topics": frozenset({"lithium_ion_battery"}),
        "statements": statements,
    }
    return Article(**{**values, **fields})


def checked(news: Article, *texts: OfficialText, **fields: Any) -> list[Finding]:
    """Return the findings on an article that is linked to the rule; it fails where there is no link."""
    rule = conditions(*texts, **fields)
    (report,) = report_on(news, [rule])
    return list(check(news, report))


def sure(rule: Rule) -> Report:
    """Return a link that leaves no doubt."""
    return Report(rule=rule, reason=LinkReason.NUMBER, score=1.0)
