"""The network of `limen.nlp.linking.network` in PyTorch, to be fitted; `arrays` gives what the other one reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from limen.nlp.linking.alternatives import FIELDS
from limen.nlp.linking.channels import MARKS, RELATIONS, SEAT_CHANNELS, WORD_CHANNELS
from limen.nlp.linking.network import HEADS, LONG, ORIGINS, USUAL

CHANNELS = (*WORD_CHANNELS, *SEAT_CHANNELS)
WIDTHS = {"form": 32, "kind": 16, "shape": 16, "place": 16, "near": 12, "path": 16, "mark": 8, "number": 32}
"""Length of the rows of each table before they are mixed."""
WIDTH = 96
LAYERS = 2
DROPPED, WORDS_DROPPED = 0.3, 0.15
"""Share of values and of words that are left out in each step of the fit."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Numbers with their words, filled up to the longest: ids (numbers, words, channels), and so on."""

    ids: Tensor
    vectors: Tensor
    marks: Tensor
    joined: Tensor
    """1 where a word stands in the segment of the word before it, shape (numbers, words + 1)."""
    empty: Tensor
    numbers: Tensor


class LinkingNet(nn.Module):
    """Tables, layers and heads. `sizes` are the numbers of rows of the tables, row 0 among them."""

    def __init__(self, sizes: Mapping[str, int], vector_width: int) -> None:
        super().__init__()
        self.tables = nn.ModuleDict({name: nn.Embedding(sizes[name], WIDTHS[name]) for name in CHANNELS})
        self.mark, self.number = nn.Embedding(MARKS, WIDTHS["mark"]), nn.Embedding(sizes["number"], WIDTHS["number"])
        self.input = nn.Linear(sum(WIDTHS.values()) + vector_width, WIDTH)
        self.norm, self.dropout = nn.LayerNorm(WIDTH), nn.Dropout(DROPPED)
        self.conv = nn.ModuleList(nn.Linear(3 * WIDTH, 2 * WIDTH) for _ in range(LAYERS))
        self.conv_norm = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(LAYERS))
        self.query, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.inner, self.outer = nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(2 * WIDTH, WIDTH)
        self.seen_norm, self.last_norm = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.metric, self.subject = nn.Linear(WIDTH, 3), nn.Linear(WIDTH, 3)
        self.relation, self.between = nn.Embedding(RELATIONS, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.origin = nn.ModuleDict({field: nn.Linear(WIDTH, len(ORIGINS)) for field in FIELDS})
        self.pool, self.usual = nn.Parameter(torch.zeros(WIDTH)), nn.Linear(WIDTH, max(1, sizes[USUAL]))
        self.weights = nn.ParameterDict(
            {
                f"{table}_{field}": nn.Parameter(torch.zeros(sizes[table]))
                for table in ("length", "edge", "alternative")
                for field in FIELDS
            }
        )

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the encoded words, shape (numbers, words, width), and what they say together, (numbers, width)."""
        ids = batch.ids
        if self.training:
            dropped = torch.rand(ids.shape[:2]) < WORDS_DROPPED
            ids = torch.cat((torch.where(dropped, 0, ids[..., 0])[..., None], ids[..., 1:]), 2)
        parts = [self.tables[name](ids[..., place]) for place, name in enumerate(CHANNELS)]
        own = self.number(batch.numbers).sum(1)
        parts += [self.mark(batch.marks), own[:, None].expand(-1, ids.shape[1], -1), batch.vectors]
        values = self.dropout(self.norm(torch.relu(self.input(torch.cat(parts, 2)))))
        for layer, norm in zip(self.conv, self.conv_norm, strict=True):
            before = nn.functional.pad(values, (0, 0, 1, 0))[:, :-1] * batch.joined[:, :-1, None]
            after = nn.functional.pad(values, (0, 0, 0, 1))[:, 1:] * batch.joined[:, 1:, None]
            first, second = layer(torch.cat((before, values, after), 2)).chunk(2, 2)
            values = norm(values + self.dropout(torch.maximum(first, second)))
        values = self._together(values, batch.empty)
        weight = torch.softmax((values @ self.pool).masked_fill(batch.empty, -1e9), 1)
        return values, (weight[..., None] * values).sum(1)

    def _together(self, values: Tensor, empty: Tensor) -> Tensor:
        numbers, words, width = values.shape
        parts = self.query(values).view(numbers, words, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        hidden = torch.zeros_like(empty, dtype=values.dtype).masked_fill(empty, -1e9)[:, None, None, :]
        seen = nn.functional.scaled_dot_product_attention(*parts, attn_mask=hidden)
        values = self.seen_norm(values + self.dropout(self.out(seen.transpose(1, 2).reshape(numbers, words, width))))
        return self.last_norm(values + self.dropout(self.outer(torch.relu(self.inner(values)))))

    def subject_values(self, words: Tensor, relations: Tensor) -> Tensor:
        """Return the values of words as parts of the subject, given their relations to the metric."""
        return self.subject(torch.relu(self.between(words + self.relation(relations))))


def arrays(net: LinkingNet) -> dict[str, NDArray[np.float16]]:
    """Return the arrays of `limen.nlp.linking.network.Network`, most tables mixed already. Matrices are (from, to)."""
    found: dict[str, Tensor] = {}
    mixing, begin = net.input.weight.detach(), 0
    for name in CHANNELS:
        table = net.tables[name].weight
        mixed = mixing[:, begin : begin + table.shape[1]].T
        begin += table.shape[1]
        if name in LONG:
            found[name], found[f"{name}.mixing"] = table, mixed
        else:
            found[name] = table @ mixed
    for name, table in (("mark", net.mark.weight), ("number", net.number.weight)):
        found[name] = table @ mixing[:, begin : begin + table.shape[1]].T
        begin += table.shape[1]
    found["vector"], found["input.bias"] = mixing[:, begin:].T, net.input.bias
    linear: list[tuple[str, nn.Module]] = [
        ("metric", net.metric),
        ("subject", net.subject),
        ("between", net.between),
        (USUAL, net.usual),
    ]
    linear += [(f"attend.{name}", getattr(net, name)) for name in ("query", "out", "inner", "outer")]
    linear += [(f"origin.{field}", net.origin[field]) for field in FIELDS]
    linear += [(f"conv.{layer}", each) for layer, each in enumerate(net.conv)]
    norms: list[tuple[str, nn.Module]] = [
        ("norm", net.norm),
        ("attend.norm", net.seen_norm),
        ("attend.norm2", net.last_norm),
    ]
    norms += [(f"conv.{layer}.norm", each) for layer, each in enumerate(net.conv_norm)]
    for name, module in linear:
        found[f"{name}.weight"], found[f"{name}.bias"] = module.weight.T, module.bias
    for name, module in norms:
        found[f"{name}.weight"], found[f"{name}.bias"] = module.weight, module.bias
    found["relation"], found["pool"] = net.relation.weight, net.pool
    for table in ("length", "edge", "alternative"):
        for field in FIELDS:
            found[f"{table}.{field}"] = net.weights[f"{table}_{field}"]
    return {name: tensor.detach().numpy().astype(np.float16) for name, tensor in found.items()}


def filled_up(rows: Sequence[NDArray[np.intp]], width: int) -> Tensor:
    """Return rows of different lengths as one array, filled up with 0."""
    result = np.zeros((len(rows), width, *rows[0].shape[1:]), dtype=np.int64)
    for place, row in enumerate(rows):
        result[place, : len(row)] = row
    return torch.from_numpy(result)
