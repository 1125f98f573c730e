"""Whether a meeting has lost many at once: a line that was cut, a power failure, as one thing instead of many.

Time is passed in, in seconds. Who was never there in this run of the hub is not lost: after a restart all come back one by one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

#: So many, and so large a part of those who are in the meeting, within so long.
AT_LEAST: Final = 5
SHARE: Final = 0.2
WITHIN_S: Final = 10.0
#: They have to stay away for so long: who reloads his page is back before.
SETTLED_S: Final = 3.0


@dataclass(slots=True)
class _Meeting:
    there: set[str] = field(default_factory=set)
    away: dict[str, float] = field(default_factory=dict)
    """Since when."""
    lost: set[str] = field(default_factory=set)
    """Those of the loss that stands; it is over when half of them are back."""
    most: int = 0


class MassLoss:
    """Who went away when, in each meeting."""

    def __init__(self) -> None:
        self._meetings: defaultdict[str, _Meeting] = defaultdict(_Meeting)

    def seen(self, meeting: str, account: str, there: bool, now: float) -> None:
        """How a participant is there now."""
        known = self._meetings[meeting]
        if there:
            known.there.add(account)
            known.away.pop(account, None)
        elif account in known.there:
            known.there.discard(account)
            known.away[account] = now

    def left(self, meeting: str, account: str) -> None:
        """One has left, or was removed: that is no loss."""
        if meeting in self._meetings:
            known = self._meetings[meeting]
            known.there.discard(account)
            known.away.pop(account, None)
            known.lost.discard(account)

    def ended(self, meeting: str) -> None:
        """The meeting is over."""
        self._meetings.pop(meeting, None)

    def standing(self, now: float) -> dict[str, tuple[int, int]]:
        """The meetings that have lost many, each with how many and of how many."""
        found = {}
        for meeting, known in self._meetings.items():
            self._look(known, now)
            if known.lost:
                found[meeting] = (known.most, known.most + len(known.there))
        return found

    def _look(self, known: _Meeting, now: float) -> None:
        settled = {who: since for who, since in known.away.items() if now - since >= SETTLED_S}
        recent = {who for who, since in settled.items() if now - since < SETTLED_S + WITHIN_S}
        if known.lost:
            still = known.lost & known.away.keys()
            if 2 * len(still) <= known.most:
                known.lost, known.most = set(), 0
            else:
                # The same cut goes on taking others along.
                known.lost |= recent
                known.most = max(known.most, len(known.lost))
        elif len(recent) >= max(AT_LEAST, SHARE * (len(known.there) + len(known.away))):
            known.lost, known.most = set(recent), len(recent)
