"""Long and hostile texts take time in proportion to their length, and no text is an error."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from limen.nlp.components.comment_deadline import CommentDeadline
from limen.nlp.components.effective_date import EffectiveDate
from limen.nlp.components.entities import Entities
from limen.nlp.components.references import References
from limen.nlp.components.stage import DocumentStage
from limen.nlp.folding import fold

REPEATED = [
    "Commission ",
    "comments by 3 May 2027 ",
    "《",
    "《办法",
    "公告",
    "GB 1-",
    "2027年5月3日至",
    "1 ",
    "would ",
    "拟",
    "**",
    "\n",
    "(((",
    "from a b c d ",
    "RIN Docket No. A-",
    "意见，",
    "\ud800",
    "\x00",
]


@cache
def readers(code: str) -> dict[str, Callable[[str], Any]]:
    entities = Entities(code)
    return {
        "deadline": lambda text: CommentDeadline(code).find(text, title=text),
        "effective": EffectiveDate(code).find,
        "references": lambda text: References(code).find(text, title=text[:500]),
        "stage": lambda text: DocumentStage(code).find(text, title=text),
        "entities": lambda text: entities.find(text, text),
    }


@pytest.mark.parametrize("piece", REPEATED)
@pytest.mark.parametrize("code", ["en", "zh"])
def test_ten_times_the_text_takes_no_more_than_some_ten_times_the_time(code: str, piece: str) -> None:
    for name, read in readers(code).items():
        spent = []
        for size in (2_000, 20_000):
            text = fold(piece * (size // len(piece)))
            begin = time.process_time()
            read(text)
            spent.append(time.process_time() - begin)
        assert spent[1] < 40 * spent[0] + 0.5, (name, spent)
