"""The life of one rule in four texts of our own, with the dates and numbers of the real one: two editions, each first a draft.

Between the editions the rule is renamed (锂电池, 锂离子电池) and the limit for power cells is split by chemistry; between
the draft and the final text of the second one limit is loosened and one tightened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from .workspace import SITE, Workspace

SOURCES = {"drafts": "draft", "notices": "final"}

PAGE = """<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<meta property="article:published_time" content="{published}"></head><body><main><h1>{title}</h1>
{body}</main></body></html>"""


@dataclass(frozen=True, kw_only=True)
class Text:
    """One document: where and when it stands, and its paragraphs."""

    name: str
    source: str
    published: datetime
    title: str
    paragraphs: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"{SITE}/{self.name}.html"

    @property
    def body(self) -> bytes:
        paragraphs = "\n".join(f"<p>{each}</p>" for each in self.paragraphs)
        return PAGE.format(title=self.title, published=self.published.isoformat(), body=paragraphs).encode()


def _conditions(*, consumer: int, storage: int, power: tuple[str, ...]) -> tuple[str, ...]:
    return (
        "一、企业条件",
        "（一）企业每年用于研发及工艺改进的费用不低于主营业务收入的3%。",
        "（二）申报时上一年度实际产量不低于同年实际产能的50%。",
        "二、产品性能",
        f"（一）消费型单体电池能量密度≥{consumer}Wh/kg。",
        *power,
        f"储能型单体电池能量密度≥{storage}Wh/kg。",
        "三、附则",
        "本规范条件由行业主管部门负责解释，已列入名单的企业发生重大变化的，应及时报告。",
    )


_POWER_2021 = ("（二）能量型动力单体电池能量密度≥180Wh/kg。",)
_POWER_2024 = (
    "（二）使用三元材料的能量型动力单体电池能量密度≥230Wh/kg。",
    "（三）使用磷酸铁锂的能量型动力单体电池能量密度≥165Wh/kg。",
)

DRAFT_2021 = Text(
    name="draft-2021",
    source="drafts",
    published=datetime(2021, 11, 18, 2, tzinfo=UTC),
    title="公开征求对《锂电池行业规范条件（2021年本）》（征求意见稿）的意见",
    paragraphs=(
        "为加强锂电池行业管理，引导产业转型升级，我们起草了规范条件，现公开征求意见，请于2021年11月25日前反馈意见。",
        *_conditions(consumer=230, storage=145, power=_POWER_2021),
    ),
)
FINAL_2021 = Text(
    name="final-2021",
    source="notices",
    published=datetime(2021, 12, 10, 2, tzinfo=UTC),
    title="《锂电池行业规范条件（2021年本）》（公告2021年第37号）",
    paragraphs=(
        "为加强锂电池行业管理，现将《锂电池行业规范条件（2021年本）》予以公告，自2021年12月15日起实施。",
        *_conditions(consumer=230, storage=145, power=_POWER_2021),
    ),
)
DRAFT_2024 = Text(
    name="draft-2024",
    source="drafts",
    published=datetime(2024, 5, 8, 2, tzinfo=UTC),
    title="公开征求对《锂离子电池行业规范条件（2024年本）》（征求意见稿）的意见",
    paragraphs=(
        "为进一步加强锂离子电池行业管理，我们对规范条件作了修订，现公开征求意见，请于2024年5月13日前反馈意见。",
        *_conditions(consumer=260, storage=155, power=_POWER_2024),
    ),
)
FINAL_2024 = Text(
    name="final-2024",
    source="notices",
    published=datetime(2024, 6, 19, 2, tzinfo=UTC),
    title="《锂离子电池行业规范条件（2024年本）》（公告2024年第14号）",
    paragraphs=(
        "现将《锂离子电池行业规范条件（2024年本）》予以公告，自2024年6月20日起实施。",
        "《锂电池行业规范条件（2021年本）》（公告2021年第37号）同时废止。",
        *_conditions(consumer=240, storage=160, power=_POWER_2024),
    ),
)
CHAIN = (DRAFT_2021, FINAL_2021, DRAFT_2024, FINAL_2024)


def write_sources(workspace: Workspace) -> None:
    """Give a workspace the two lists of the ministry, one for drafts and one for notices."""
    for name, kind in SOURCES.items():
        (workspace.sources / f"{name}.toml").write_text(
            f'id = "{name}"\nname = "{name}"\npublisher = "工业主管部门"\njurisdiction = "CN"\nlanguage = "zh"\nkind = "feed"\n'
            f'document_class = "{kind}"\nhomepage = "{SITE}/"\nentry = ["{SITE}/{name}.xml"]\ntimezone = "Asia/Shanghai"\n'
            f'schedule = {{ every = "1h" }}\n',
            encoding="utf-8",
        )
