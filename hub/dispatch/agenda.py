"""What the hub has to look at again, and when: orders by what they are due, alarms by when more has to happen.

Kept sorted in the state, so that the next moment is known without a look at all orders and alarms.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator

from hub.state import HubState


def put(state: HubState, at: str | None, about: str) -> None:
    """Have `about` (the id of an order or alarm) looked at from `at` on; None: not at all."""
    if at is not None:
        insort(state.agenda, (at, about))


def drop(state: HubState, at: str | None, about: str) -> None:
    """It is not to be looked at any more at that moment; it may have been taken off before."""
    if at is None:
        return
    place = bisect_left(state.agenda, (at, about))
    if place < len(state.agenda) and state.agenda[place] == (at, about):
        del state.agenda[place]


def come(state: HubState, now: str, most: int) -> Iterator[str]:
    """Ids of what has come by `now`, the earliest first, at most so many."""
    for at, about in state.agenda[:most]:
        if at > now:
            return
        yield about
