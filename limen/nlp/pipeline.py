"""Building the spaCy pipeline of a language from its data."""

from __future__ import annotations

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from limen.nlp.folding import fold, unwrap
from limen.nlp.language_data import load_grammar
from limen.nlp.measures import unit_reader
from limen.nlp.mending import mend
from limen.nlp.registry import factory_name, register
from limen.nlp.segments import Segments
from limen.nlp.structure import parse


def build_pipeline(code: str, *, until: str | None = None) -> Language:
    """Return a blank pipeline of the language with our components in the order of its `pipeline.toml`.

    `until` names the component before which to stop: what fits a model has none yet.

    Raises:
        FileNotFoundError: there is no folder for the language.
    """
    register()
    language = spacy.blank(code)
    for name in load_grammar(code, "pipeline")["components"]:
        if name == until:
            break
        language.add_pipe(factory_name(name), name=name)
    return language


def prepare(language: Language, text: str, *, title: str | None = None) -> Doc:
    """Return what every component starts from: a text with its folded and mended form and its segments.

    No component asks for tokens, so the document has none.
    """
    doc = Doc(language.vocab)
    folded = unwrap(fold(text), unfinished=load_grammar(language.lang, "structure")["unfinished"])
    mended = mend(folded, unit_reader(language.lang))
    doc._.printed = text
    doc._.folded, doc._.damaged = mended.text, mended.damages
    doc._.segments = Segments.of(doc._.folded)
    doc._.structure = parse(doc._.folded)
    doc._.folded_title = fold(title or "")
    return doc
