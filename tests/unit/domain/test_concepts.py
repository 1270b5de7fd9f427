from __future__ import annotations

import pytest

from limen.domain.concepts import MATERIAL, concepts_of, covers, exclude_one_another, shared, thesaurus
from limen.domain.entity import Entity, EntityLabel
from limen.domain.evidence import Evidence
from tests.unit.domain.making import requirement


def named(subject: str, **fields: str) -> dict[str, frozenset[str]]:
    return dict(concepts_of(requirement(">= 1 percent", "share", subject, **fields), ()))


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Storage cells", "储能型单体电池"),
        ("Light power battery packs", "小动力型电池组"),
        ("Power battery packs", "动力型电池组"),
        ("Cells with lithium-iron-phosphate", "使用磷酸铁锂的单体电池"),
        ("Existing plants", "现有装置"),
        ("Open-pit mines", "露天矿山"),
        ("Large enterprises", "大型企业"),
    ],
)
def test_a_subject_is_the_same_in_both_languages(english: str, chinese: str) -> None:
    assert named(english) == named(chinese) != {}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Storage cells", "储能型电池组"),
        ("New plants", "现有装置"),
        ("Plants of over 300 MW", "装机100MW以上的电厂"),
    ],
)
def test_what_excludes_one_another(first: str, second: str) -> None:
    assert exclude_one_another(named(first), named(second))


def test_what_one_side_does_not_say_excludes_nothing() -> None:
    assert not exclude_one_another(named("Storage cells"), named("Cells"))
    assert covers(named("储能型单体电池"), named("Cells"))
    assert not covers(named("单体电池"), named("Storage cells"))
    assert not covers(named("储能型单体电池"), named("Anything"))
    assert shared(named("Storage cells"), named("储能型单体电池")) == 2


def test_a_heading_says_what_the_words_leave_open() -> None:
    assert named("单体电池", section="三、产品性能 > 储能型电池") == named("储能型单体电池")
    assert named("消费型单体电池", section="储能型电池") == named("消费型单体电池")


def test_materials_come_from_the_names_found_in_the_text_as_whole_words() -> None:
    def found(name: str, canonical: str) -> Entity:
        quote = Evidence(start=0, end=len(name), quote=name)
        return Entity(label=EntityLabel.MATERIAL, canonical=canonical, evidence=quote)

    entities = (found("tin", "tin"), found("Cobalt", "cobalt"))
    wanted = requirement(">= 16 percent", "recycled cobalt", "continuous casting")
    assert concepts_of(wanted, entities)[MATERIAL] == frozenset({"cobalt"})


def test_hedges() -> None:
    assert thesaurus().anticipation.occurs("The limit is expected to rise")
    assert thesaurus().rounding.occurs("约160瓦时")
    assert not thesaurus().anticipation.occurs("Cells will have to reach 160 Wh/kg")
