"""How much a run may still take. Whatever cuts it short is told at its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from limen.crawler.source_rules import Limits

PROBE_ITEMS = 5
"""Documents that the first run of a source takes, which nobody has seen live."""
REFUNDS = 4
"""How many times its limit of documents a run may find links dead and go on to the next one."""


@dataclass(slots=True, kw_only=True)
class Budget:
    """What is left of a source's limits in this run. `ends_at` is in the seconds of the clock that `expired` is given."""

    new: int
    known: int
    rechecks: int
    lists: int
    ends_at: float
    refunds: int = 0
    reached: dict[str, int] = field(default_factory=dict)
    """Limits that cut the run short, with how much was left undone."""

    @classmethod
    def of(cls, limits: Limits, *, now: float, max_items: int | None = None, probing: bool = False) -> Self:
        """Return the budget of a run that starts `now`. `max_items` is the user's own limit; then nothing is rechecked."""
        items = min(limits.max_items, PROBE_ITEMS) if probing else limits.max_items
        return cls(
            new=max_items or items,
            known=max_items or items,
            rechecks=0 if max_items or probing or not limits.recheck_days else limits.max_rechecks,
            lists=limits.max_lists,
            ends_at=now + 60 * limits.max_minutes,
            refunds=0 if probing else REFUNDS * (max_items or items),
        )

    def take_new(self) -> bool:
        """Count a document that was never fetched; False if the run may take no more of them."""
        if self.new <= 0:
            self.leave("max_items")
            return False
        self.new -= 1
        return True

    def give_back(self) -> None:
        """Return the place of a document that is not there: dead links at the head of a list must not hide the rest."""
        if self.refunds > 0:
            self.refunds -= 1
            self.new += 1

    def take_known(self) -> bool:
        """Count a listed document that is looked at again; False if that has to wait for its turn among the rechecks."""
        self.known -= 1
        return self.known >= 0

    def take_list(self) -> bool:
        """Count a list; False if the run may read no more of them."""
        if self.lists <= 0:
            self.leave("max_lists")
            return False
        self.lists -= 1
        return True

    def may_take_more(self, now: float) -> bool:
        """Tell whether another list may be read. There is one: if it may not, that is a limit that was reached."""
        if self.expired(now):
            return False
        if self.new <= 0:
            self.reached.setdefault("max_items", 0)
            return False
        return True

    def expired(self, now: float) -> bool:
        """Tell whether the run's time is over."""
        if now < self.ends_at:
            return False
        self.reached.setdefault("max_minutes", 0)
        return True

    def leave(self, limit: str, count: int = 1) -> None:
        """Note how much a limit has left undone."""
        self.reached[limit] = self.reached.get(limit, 0) + count
