from __future__ import annotations

import json
from importlib.resources import files

import pytest

from limen.domain.threshold import Comparator
from limen.nlp.roles.model import OPERATORS, RoleModel, load_model
from limen.nlp.roles.words import chinese_words, english_words, pairs

ZERO = [0.0] * (1 + len(OPERATORS))


def row(certain: float, **operators: float) -> list[float]:
    return [certain, *(operators.get(op.name, 0.0) for op in OPERATORS)]


def test_features_are_added_up_and_unknown_ones_count_for_nothing() -> None:
    model = RoleModel({"shall": row(2.0, AT_LEAST=1.0), "grew": row(-3.0)}, ZERO)
    assert model.judge(["shall", "never seen"]).certainty == pytest.approx(0.8808, abs=1e-4)
    assert model.judge(["shall", "grew"]).certainty < 0.5
    assert model.judge(["shall"]).op is Comparator.AT_LEAST
    assert model.weight("grew") == -3.0
    assert model.weight("never seen") == 0.0


def test_a_feature_counts_once_and_the_order_does_not_matter() -> None:
    model = RoleModel({"a": row(1.0), "b": row(0.5)}, ZERO)
    assert model.judge(["a", "b", "a"]) == model.judge(["b", "a"])


def test_no_feature_at_all_leaves_the_intercepts() -> None:
    model = RoleModel({}, row(-1.0, LESS_THAN=0.1))
    assert model.judge([]).certainty == pytest.approx(0.2689, abs=1e-4)
    assert model.judge(["x"]).op is Comparator.LESS_THAN


def test_a_model_for_other_operators_is_refused() -> None:
    with pytest.raises(ValueError, match="other operators"):
        RoleModel.of_record({"operators": ["<="], "features": {}, "intercepts": []})


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_models_that_ship_can_be_read(code: str) -> None:
    record = json.loads(files("limen.nlp").joinpath("languages", code, "roles.json").read_text(encoding="utf-8"))
    assert len(record["intercepts"]) == 1 + len(OPERATORS)
    assert all(len(weights) == 1 + len(OPERATORS) for weights in record["features"].values())
    assert load_model(code).judge(["in_table"]).certainty > 0


def test_words_without_numbers_and_plurals() -> None:
    assert english_words("Limits of 1,200 mg/L apply.") == ["limit", "of", "#", "mg", "/", "l", "apply", "."]
    assert chinese_words("不低于165Wh/kg。") == ["不", "低", "于", "#", "wh", "/", "kg", "。"]
    assert pairs(["不", "低", "于"]) == ["不低", "低于"]
