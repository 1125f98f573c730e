"""Guessing made slow: delays that grow with failures, for a name and an address together; no door shut for everybody."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from hub.house.policies import SlowingPolicy
from signaling.errors import HeaderedRefusal

#: How keys begin: a name everywhere; a name at one place or device, which stands between.
BY_NAME: Final = "name "
_AT_PLACE: Final = ("pair ", "device ", "code ")
#: Keys remembered at most; the one longest unused is forgotten first.
MAX_KEYS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Slowing:
    """How failures under one kind of key slow down the next try."""

    free: int
    """Failures without a delay: people mistype."""
    forgive_s: float
    """One failure is forgotten in this time."""
    longest_s: float
    """The longest delay."""
    whole: bool = False
    """Whether a success makes all mistakes under the key forgotten, not its own alone."""

    def delay_s(self, failures: float) -> float:
        """How long the next try has to wait after this many failures: nothing, then 1, 2, 4 … seconds."""
        over = math.floor(failures + 0.5) - self.free  # a little of each has been forgiven meanwhile
        return 0.0 if over < 0 else min(self.longest_s, 2.0 ** min(over, 32))


#: One name from one address, or with one known device: 5 mistakes, then slower and slower.
PAIR: Final = Slowing(free=5, forgive_s=300.0, longest_s=300.0, whole=True)
#: One name from everywhere else together; known devices and addresses of its owner are not counted here.
NAME: Final = Slowing(free=20, forgive_s=30.0, longest_s=30.0)
#: One address with any names: a whole county may stand behind it.
ADDRESS: Final = Slowing(free=100, forgive_s=3.0, longest_s=30.0)


@dataclass(frozen=True, slots=True)
class Limits:
    """The three kinds of slowing, by the policy."""

    pair: Slowing = PAIR
    name: Slowing = NAME
    address: Slowing = ADDRESS


def limits_of(policy: SlowingPolicy) -> Limits:
    """What the policy's numbers mean; a name everywhere and an address are forgiven faster: others share them."""
    return Limits(
        Slowing(policy.place, float(policy.forgive_s), float(policy.longest_s), whole=True),
        Slowing(policy.name, NAME.forgive_s, NAME.longest_s),
        Slowing(policy.address, ADDRESS.forgive_s, ADDRESS.longest_s),
    )


@dataclass(slots=True)
class _Failures:
    level: float
    last: float


class Throttle:
    """Failures per key. Time is passed in, in seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    def begin(self, keys: dict[str, Slowing], now: float) -> None:
        """Count a try as failed until `succeed` says otherwise, so that tries at the same time count too.

        Raises Refusal `too_many` with Retry-After when one of the keys has to wait; such a try is not counted.
        """
        wait = max((self._wait_s(key, slowing, now) for key, slowing in keys.items()), default=0.0)
        if wait > 0:
            raise HeaderedRefusal(
                "too_many",
                "too many failed sign-ins; wait a while",
                {"Retry-After": str(max(1, math.ceil(wait)))},
            )
        for key, slowing in keys.items():
            self._failures[key] = _Failures(self._level(key, slowing, now) + 1, now)
            self._failures.move_to_end(key)
        while len(self._failures) > MAX_KEYS:
            self._failures.popitem(last=False)

    def slows(self, keys: dict[str, Slowing], now: float) -> bool:
        """Whether the next try under one of these keys has to wait."""
        return any(self._wait_s(key, slowing, now) > 0 for key, slowing in keys.items())

    def take_back(self, keys: dict[str, Slowing]) -> None:
        """Take back what `begin` counted for a try that was not made."""
        for key in keys:
            failures = self._failures.get(key)
            if failures is not None:
                failures.level -= 1
                if failures.level <= 0:
                    del self._failures[key]

    def succeed(self, keys: dict[str, Slowing]) -> None:
        """Take back what `begin` counted; mistakes of this name at this place are forgotten whole."""
        self.take_back(keys)
        for key, slowing in keys.items():
            if slowing.whole:
                self._failures.pop(key, None)

    def forget(self, username: str) -> None:
        """Nothing stands against this name any more, wherever it was tried."""
        for key in [key for key in self._failures if _name_in(key) == username]:
            del self._failures[key]

    def waiting(self, limits: Limits, now: float) -> dict[str, float]:
        """Names whose next sign-in has to wait somewhere, with the seconds; known devices of theirs may be let in."""
        found: dict[str, float] = {}
        for key in self._failures:
            username = _name_in(key)
            if username is not None:
                slowing = limits.name if key.startswith(BY_NAME) else limits.pair
                wait = self._wait_s(key, slowing, now)
                if wait > 0:
                    found[username] = max(wait, found.get(username, 0.0))
        return found

    def failures(self, key: str, slowing: Slowing, now: float) -> float:
        """How many failures stand against a key."""
        return self._level(key, slowing, now)

    def _level(self, key: str, slowing: Slowing, now: float) -> float:
        failures = self._failures.get(key)
        if failures is None:
            return 0.0
        return max(0.0, failures.level - (now - failures.last) / slowing.forgive_s)

    def _wait_s(self, key: str, slowing: Slowing, now: float) -> float:
        failures = self._failures.get(key)
        if failures is None:
            return 0.0
        return max(0.0, failures.last + slowing.delay_s(failures.level) - now)


def _name_in(key: str) -> str | None:
    """The user name in a key; None for a key without one."""
    if key.startswith(BY_NAME):
        return key.removeprefix(BY_NAME)
    return key.split(" ", 2)[2] if key.startswith(_AT_PLACE) else None
