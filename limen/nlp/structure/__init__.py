"""The shape of a text: headings, items, tables, sentences and clauses, with half-open offsets into the very text."""

from limen.nlp.structure.blocks import Block, BlockKind, Sentence, Span, Structure, Table
from limen.nlp.structure.parse import parse

__all__ = ["Block", "BlockKind", "Sentence", "Span", "Structure", "Table", "parse"]
