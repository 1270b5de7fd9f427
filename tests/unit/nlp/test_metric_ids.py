from __future__ import annotations

from decimal import Decimal

from spacy.tokens import Doc
from spacy.vocab import Vocab

from limen.nlp.components.metric_ids import MetricIds
from limen.nlp.mention import Mention
from limen.nlp.registry import register


def ids(code: str, *mentions: Mention) -> list[str | None]:
    register()
    doc = Doc(Vocab(), words=["x"])
    doc._.mentions = list(mentions)
    return [mention.metric_id for mention in MetricIds(code)(doc)._.mentions]


def mention(metric: str | None, unit: str | None, metric_id: str | None = None) -> Mention:
    return Mention(start=0, end=1, value=Decimal(1), unit=unit, metric=metric, metric_id=metric_id)


def test_known_metrics_get_their_id_and_others_none() -> None:
    assert ids(
        "en",
        mention("cycle life", "cycle"),
        mention("hue", "percent"),
        mention(None, "percent"),
        mention("cycle life", None),
        mention("cycle life", "cycle", "given_before"),
    ) == ["cycle_life", None, None, None, "given_before"]


def test_one_metric_has_one_id_in_both_languages() -> None:
    assert ids("zh", mention("能量密度", "Wh/kg")) == ids("en", mention("energy density", "Wh/kg"))
