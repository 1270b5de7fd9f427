"""Requirements from text: English as a ratio to quantulum3 without its classifier, Chinese in characters per second.

    python -m benchmarks.extraction

Goals: 15 times the words per second of quantulum3 on the same documents; 100,000 characters of Chinese per second. Both are
measured on documents, most sentences of which hold no number, and beside these on our annotated passages, of which every
ninth word is a quantity. quantulum3 is no dependency of ours. Without it only our own figures are printed; to have it:

    pip install --target /tmp/quantulum3 quantulum3 && PYTHONPATH=/tmp/quantulum3 python -m benchmarks.extraction

Time is that of the processor, so that other load on the machine weighs less. `choosing names` is the share of the
component that chooses metric and subject of each requirement.
"""

from __future__ import annotations

import importlib
import logging
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks import texts
from limen.nlp.extraction import Extractor
from limen.nlp.pipeline import build_pipeline, prepare

DOCUMENTS = 10


def main() -> None:
    """Print speeds, ratios, and what share of our own time goes where."""
    parse = _quantulum()
    extractor = Extractor()
    for language, unit in (("en", "words"), ("zh", "characters")):
        kinds = {
            "documents": [texts.document(language, seed=seed) for seed in range(DOCUMENTS)],
            "passages": texts.dense(language),
        }
        for kind, read in kinds.items():
            size = sum(texts.size(language, text) for text in read)
            ours = theirs = 0.0
            for text in read:
                extractor.read(text, language=language)  # grammars and caches as in a long run
            for text in read:
                ours += _seconds(lambda text=text, language=language: extractor.read(text, language=language))  # type: ignore[misc]
                if language == "en" and parse is not None:
                    theirs += _seconds(lambda text=text: parse(text))  # type: ignore[misc]
            print(f"requirements from {kind}, {language}: {size / ours:,.0f} {unit}/s")
            if theirs:
                print(f"  quantulum3: {size / theirs:,.0f} {unit}/s; ratio {theirs / ours:.1f} (goal 15)")
            elif language == "zh":
                print(f"  ratio to the goal of 100,000: {size / ours / 100_000:.2f}")
            print(f"  {_shares(language, read)}")


def _shares(language: str, read: Sequence[str]) -> str:
    """Return the shares of the five costliest parts of the pipeline."""
    pipeline = build_pipeline(language)
    spent: dict[str, float] = {}
    for text in read:
        began = time.process_time()
        doc = prepare(pipeline, text)
        spent["prepare"] = spent.get("prepare", 0.0) + time.process_time() - began
        for name, component in pipeline.pipeline:
            began = time.process_time()
            doc = component(doc)
            spent[name] = spent.get(name, 0.0) + time.process_time() - began
    total = sum(spent.values())
    costliest = sorted(spent, key=lambda name: -spent[name])[:5]
    return ", ".join(f"{name.replace('linking', 'choosing names')} {spent[name] / total:.0%}" for name in costliest)


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _quantulum() -> Callable[[str], Any] | None:
    """Return the parser of quantulum3, or None where it is not installed."""
    warnings.filterwarnings("ignore", module="quantulum3")
    logging.getLogger("quantulum3").setLevel(logging.CRITICAL)
    try:
        parse: Callable[[str], Any] = importlib.import_module("quantulum3.parser").parse
    except ImportError:
        print("quantulum3 is not installed: see the head of benchmarks/extraction.py")
        return None
    parse("warm: 5 mg")
    return parse


if __name__ == "__main__":
    main()
