from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from limen.domain.threshold import Comparator
from limen.nlp.linking.case import Case
from limen.nlp.linking.linker import Linker, Text, TextReading
from limen.nlp.linking.network import load_networks
from limen.nlp.linking.ranker import Ranker
from limen.nlp.linking.spans import Spans
from limen.nlp.linking.vectors import load_vectors
from limen.nlp.pipeline import build_pipeline, prepare
from tests.eval.corpus import CORPUS, read_passages

TEXT = (
    "# Effluent\n\nThe monthly mean of nickel shall not exceed 0.5 mg/L. Records are kept for five years.\n\n"
    "| Substance | Grab sample (mg/L) |\n|---|---|\n| Zinc | 1.0 |\n| Copper | 0.6 |\n"
)


def cases_of(text: str) -> tuple[TextReading, list[Case]]:
    pipeline = build_pipeline("en", until="linking")
    doc = prepare(pipeline, text)
    for _, component in pipeline.pipeline:
        doc = component(doc)
    reading = TextReading(Linker("en"), Text(structure=doc._.structure, quoted=text, title=""))
    return reading, [reading.case(mention) for mention in doc._.mentions]


def test_a_number_is_read_alike_with_others_and_alone() -> None:
    network, *_ = load_networks("en")
    ranker = Ranker([network])
    reading, cases = cases_of(TEXT)
    (together,) = ranker.encode(cases, [reading.marks(case) for case in cases])
    assert len(together.pooled) == len(cases) >= 4
    for index, case in enumerate(cases):
        (alone,) = ranker.encode([case], [reading.marks(case)])
        assert alone.words.shape == (len(case.spans.words), network.width)
        begin, end = together.begins[index : index + 2]
        np.testing.assert_allclose(alone.words, together.words[begin:end], atol=1e-4)
        np.testing.assert_allclose(alone.pooled[0], together.pooled[index], atol=1e-4)


def test_a_number_without_words_changes_no_other() -> None:
    ranker = Ranker(load_networks("en"))
    reading, (case, *_) = cases_of(TEXT)
    blank = replace(case, spans=Spans.of([]))
    alone = ranker.encode([case], [reading.marks(case)])
    beside = ranker.encode([blank, case, blank], [reading.marks(each) for each in (blank, case, blank)])
    for one, other in zip(alone, beside, strict=True):
        np.testing.assert_allclose(one.words, other.words[1:-1], atol=1e-4)
        np.testing.assert_allclose(one.pooled[0], other.pooled[1], atol=1e-4)
        np.testing.assert_allclose(other.pooled[0], other.pooled[2], atol=1e-4)
    *_, subject = ranker.values([blank, case, blank], "subject", beside)
    assert ranker.scores(blank, "subject", [], subject).shape == (0,)


def test_what_is_chosen_as_the_metric_changes_what_speaks_for_a_subject() -> None:
    network, *_ = load_networks("en")
    reading, (case, *_) = cases_of(TEXT)
    (encoded,) = Ranker([network]).encode([case], [reading.marks(case)])
    case.metric.span = (0, 1)
    near = network.subject(encoded, [case])
    case.metric.span = None
    assert not np.allclose(near, network.subject(encoded, [case]))


def test_vectors_of_like_words_are_near() -> None:
    vectors = load_vectors("en")

    def likeness(first: str, second: str) -> float:
        one, other = vectors.of(first), vectors.of(second)
        return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))

    assert likeness("nickel", "cobalt") > likeness("nickel", "minister")
    assert np.array_equal(vectors.of("pre-nickel"), vectors.of("nickel"))
    assert not vectors.of("qqxzv").any()


def test_the_network_is_the_one_that_was_fitted() -> None:
    """What PyTorch computes while it fits is what numpy computes when it reads."""
    torch = pytest.importorskip("torch", reason="needs the extra `train`")
    from training.linking_examples import ExampleReader
    from training.linking_fit import Fit, batch_of

    reader = ExampleReader("en")
    passages = reader.read(list(read_passages(Path(CORPUS / "en.jsonl")))[:4])
    fit = Fit(reader.linker, "en", passages, seed=1)
    network, module = fit.run(1), fit.mean.module.eval()
    for passage in filter(None, passages):
        with torch.no_grad():
            words, pooled = module(batch_of(passage))
            expected = module.metric(words).numpy()
        cases = [example.case for example in passage]
        (encoded,) = Ranker([network]).encode(cases, [example.marks for example in passage])
        values = network.metric(encoded)
        for index, (begin, end) in enumerate(pairwise(encoded.begins)):
            np.testing.assert_allclose(values[begin:end], expected[index, : end - begin], atol=0.02)
            np.testing.assert_allclose(encoded.pooled[index], pooled[index].numpy(), atol=0.02)


def test_a_subject_inside_the_metric_is_cut_off() -> None:
    text = "The factor of safety of the embankment shall not be lower than 1.5."
    _, (case,) = cases_of(text)
    assert case.mention.op is Comparator.AT_LEAST
    linker = Linker("en")
    words = [word.form for word in case.spans.words]
    first, last, inner = words.index("factor"), words.index("embankment"), words.index("embankment")
    numbers = {
        (int(a), int(b)): number for number, (a, b) in enumerate(zip(case.spans.first, case.spans.last, strict=True))
    }
    Linker.set(case, "metric", linker.name(case, "metric", [], numbers[first, last]))
    out = linker.ruled_out(case, "subject", [])
    assert not out[numbers[inner, last]]
    assert out[numbers[first, last]]
    Linker.set(case, "subject", linker.name(case, "subject", [], numbers[inner, last]))
    linker.trim(case)
    assert (case.metric.text, case.subject.text) == ("factor of safety", "embankment")
