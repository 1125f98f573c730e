"""Going on after entries were lost: the one entry that says so, and how it is read again.

`journal.recovered` follows the last entry that is there and has the number after the last one that is known to be lost, so
that no number is given twice. Its data: `from` (first number lost), `lost` (how many), `used_again` (whether other entries
stand under these numbers), `mark` {`seq`, `hash`, `where`} (what showed it), `who` and `why`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from hub.entry import SYSTEM, Actor, Draft, Entry
from hub.journal.chain import seal
from hub.journal.head import Shortfall

RECOVERED: Final = "journal.recovered"


@dataclass(frozen=True, slots=True)
class Recovered:
    """Entries `first` to `last` were lost and given up at entry `seq`; `used_again`: others stand under their numbers."""

    seq: int
    first: int
    last: int
    used_again: bool
    at: datetime
    who: str
    why: str

    def covers(self, seq: int) -> bool:
        return self.first <= seq <= self.last


def recovery_entry(shortfall: Shortfall, now: datetime, who: str, why: str) -> Entry:
    """The entry with which the journal goes on after a shortfall."""
    tip, mark = shortfall.tip, shortfall.mark
    data: dict[str, Any] = {
        "from": shortfall.first_lost,
        "lost": shortfall.lost,
        "used_again": not shortfall.is_cut,
        "mark": {"seq": mark.seq, "hash": mark.hash, "where": mark.where},
        "who": who,
        "why": why,
    }
    at = now if tip.at is None or now > tip.at else tip.at
    return seal(max(tip.seq, mark.seq) + 1, at, Actor(SYSTEM, ""), Draft(RECOVERED, None, data, ()), tip.hash)


def recovered_of(entry: Entry) -> Recovered | None:
    """What an entry of this kind says; None for any other, and for one that says nothing sensible."""
    if entry.kind != RECOVERED:
        return None
    data: Mapping[str, Any] = entry.data
    first, lost, used_again = data.get("from"), data.get("lost"), data.get("used_again")
    if type(first) is not int or type(lost) is not int or lost < 1 or type(used_again) is not bool:
        return None
    who, why = str(data.get("who", "")), str(data.get("why", ""))
    return Recovered(entry.seq, first, first + lost - 1, used_again, entry.at, who, why)
