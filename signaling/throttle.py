"""Counting failures: ten of a name or an address within five minutes, then no more tries for a while."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from typing import Final

from signaling.errors import HeaderedRefusal

MAX_FAILURES: Final = 10
WINDOW_S: Final = 300.0
#: Names and addresses remembered at most; the one longest unused is forgotten first.
MAX_KEYS: Final = 20_000


class Throttle:
    """Failures per key within a sliding window. Time is passed in, in seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def begin(self, keys: tuple[str, ...], now: float) -> None:
        """Count a try as failed until `succeed` says otherwise, so that tries at the same time count too.

        Raises Refusal `too_many` with Retry-After when one of the keys has failed too often.
        """
        for key in keys:
            failures = self._recent(key, now)
            if len(failures) >= MAX_FAILURES:
                wait = max(1, math.ceil(failures[0] + WINDOW_S - now))
                raise HeaderedRefusal(
                    "too_many", "too many failed sign-ins; wait a while", {"Retry-After": str(wait)}
                )
        for key in keys:
            self._failures.setdefault(key, deque()).append(now)
            self._failures.move_to_end(key)
        while len(self._failures) > MAX_KEYS:
            self._failures.popitem(last=False)

    def succeed(self, keys: tuple[str, ...], began: float) -> None:
        """Take back what `begin` counted."""
        for key in keys:
            failures = self._failures.get(key)
            if failures is None:
                continue
            if began in failures:
                failures.remove(began)
            if not failures:
                del self._failures[key]

    def _recent(self, key: str, now: float) -> deque[float]:
        failures = self._failures.get(key, deque())
        while failures and failures[0] <= now - WINDOW_S:
            failures.popleft()
        return failures
