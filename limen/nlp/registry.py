"""Registers our components with spaCy. Nothing happens at import; `register` may be called any number of times."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from spacy.language import Language
from spacy.tokens import Doc

Component = Callable[[Doc], Doc]

_PREFIX = "limen_"

# Name in `pipeline.toml` -> where the class is. A class takes the language code and gives a component.
COMPONENTS = {
    "masks": "limen.nlp.components.masks:Masks",
    "numerals": "limen.nlp.components.numerals:Numerals",
    "units": "limen.nlp.components.units:Units",
    "money": "limen.nlp.components.money:Money",
    "counts": "limen.nlp.components.counts:Counts",
    "ranges": "limen.nlp.components.ranges:Ranges",
    "previous": "limen.nlp.components.previous:Previous",
    "former": "limen.nlp.components.former:Former",
    "former_columns": "limen.nlp.components.former_columns:FormerColumns",
    "comparators": "limen.nlp.components.comparators:Comparators",
    "bounds": "limen.nlp.components.bounds:Bounds",
    "tables": "limen.nlp.components.tables:Tables",
    "ellipsis": "limen.nlp.components.ellipsis:EllipticUnits",
    "inheritance": "limen.nlp.components.inheritance:Inheritance",
    "bare": "limen.nlp.components.bare:Bare",
    "rates": "limen.nlp.components.rates:Rates",
    "frequencies": "limen.nlp.components.frequencies:Frequencies",
    "differences": "limen.nlp.components.differences:Differences",
    "front_rates": "limen.nlp.components.front_rates:FrontRates",
    "shared_rates": "limen.nlp.components.shared_rates:SharedRates",
    "intervals": "limen.nlp.components.intervals:Intervals",
    "unknown_units": "limen.nlp.components.unknown_units:UnknownUnits",
    "roles": "limen.nlp.components.roles:Roles",
    "defaults": "limen.nlp.components.defaults:Defaults",
    "modality": "limen.nlp.components.modality:ModalityRules",
    "deadlines_by": "limen.nlp.components.deadlines_by:DeadlinesBy",
    "quotes": "limen.nlp.components.quotes:Quotes",
    "linking": "limen.nlp.components.linking:Linking",
    "beside": "limen.nlp.components.beside:Beside",
    "conditions": "limen.nlp.components.conditions:Conditions",
    "metric_ids": "limen.nlp.components.metric_ids:MetricIds",
    "entities": "limen.nlp.components.entities:Entities",
    "comment_deadline": "limen.nlp.components.comment_deadline:CommentDeadline",
    "effective_date": "limen.nlp.components.effective_date:EffectiveDate",
    "references": "limen.nlp.components.references:References",
    "issuers": "limen.nlp.components.issuers:Issuers",
    "succession": "limen.nlp.components.succession:Succession",
    "stage": "limen.nlp.components.stage:DocumentStage",
}

# What components leave on the `Doc` for those after them; each starts out None.
EXTENSIONS = (
    "printed",
    "folded",
    "folded_title",
    "damaged",
    "segments",
    "structure",
    "masks",
    "numerals",
    "mentions",
    "unreadable",
    "text_cues",
    "comment_deadline",
    "effective_on",
    "references",
    "issued_by",
    "replaces",
    "repeals",
    "stage",
    "entities",
)


def register() -> None:
    """Make the factories `limen_<name>` and the extensions of `Doc` known to spaCy."""
    for extension in EXTENSIONS:
        if not Doc.has_extension(extension):
            Doc.set_extension(extension, default=None)
    for name in COMPONENTS:
        if not Language.has_factory(factory_name(name)):
            Language.factory(factory_name(name), func=_factory(name))


def factory_name(name: str) -> str:
    """Return the name under which spaCy knows a component."""
    return _PREFIX + name


def _factory(component: str) -> Callable[[Language, str], Component]:
    module, _, class_name = COMPONENTS[component].partition(":")

    # spaCy asks for these two parameter names.
    def build(nlp: Language, name: str) -> Component:  # noqa: ARG001
        built: Component = getattr(import_module(module), class_name)(nlp.lang)
        return built

    return build
