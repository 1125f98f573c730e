"""How often an account may do something: a bucket that fills evenly and holds what a burst takes."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import Final

from signaling.errors import HeaderedRefusal

#: Commands and other events of one account, over all its sockets and HTTP: a dispatcher who mutes a whole county at one key,
#: or comes back after an hour with what has piled up, passes; a flood does not take the hub from the others.
COMMANDS_AT_ONCE: Final = 400
COMMANDS_PER_S: Final = 50.0
#: Offers and restarts of one account over all meetings: camera, screen and some watching pages of a few meetings that all
#: come back together, and as many again soon after.
OFFERS_AT_ONCE: Final = 40
OFFERS_PER_S: Final = 2.0
#: Tries of the own line by one account: a person who moves about with a telephone, some times in a row.
LINE_CHECKS_AT_ONCE: Final = 6
LINE_CHECKS_PER_S: Final = 1 / 20
#: Keys to the relay: each page asks for them once an hour, and when its network changes.
RELAYS_AT_ONCE: Final = 30
RELAYS_PER_S: Final = 0.5
#: Accounts remembered at most; the one longest quiet is forgotten first.
MAX_ACCOUNTS: Final = 20_000


class Pace:
    """One bucket for each account. Times are seconds of a monotonic clock, passed in."""

    def __init__(self, at_once: int, per_s: float, what: str) -> None:
        self._at_once = at_once
        self._per_s = per_s
        self._what = what
        self._left: OrderedDict[str, tuple[float, float]] = (
            OrderedDict()
        )  # account -> what was left, and when

    def __len__(self) -> int:
        return len(self._left)

    def check(self, account: str, now: float) -> None:
        """Raises Refusal("too_many") with Retry-After while nothing is left; takes nothing."""
        left = self._now_left(account, now)
        if left < 1.0:
            wait = max(1, math.ceil((1.0 - left) / self._per_s))
            raise HeaderedRefusal(
                "too_many", f"too many {self._what}; wait a moment", {"Retry-After": str(wait)}
            )

    def take(self, account: str, now: float) -> None:
        """Take one. Raises Refusal as `check`, and then takes nothing."""
        self.check(account, now)
        self._left[account] = (self._now_left(account, now) - 1.0, now)
        self._left.move_to_end(account)
        while len(self._left) > MAX_ACCOUNTS:
            self._left.popitem(last=False)

    def _now_left(self, account: str, now: float) -> float:
        left, at = self._left.get(account, (float(self._at_once), now))
        return min(float(self._at_once), left + (now - at) * self._per_s)


class Paces:
    """The paces of the hub, and whose token is whose: a flood is refused before anybody looks into the database."""

    def __init__(self) -> None:
        self.commands = Pace(COMMANDS_AT_ONCE, COMMANDS_PER_S, "commands")
        self.offers = Pace(OFFERS_AT_ONCE, OFFERS_PER_S, "offers")
        self.line_checks = Pace(LINE_CHECKS_AT_ONCE, LINE_CHECKS_PER_S, "line checks")
        self.relays = Pace(RELAYS_AT_ONCE, RELAYS_PER_S, "requests for keys to the relay")
        self._owners: OrderedDict[str, str] = OrderedDict()

    def owner(self, key: str) -> str | None:
        """The account that this token (its hash) was last seen to be of."""
        return self._owners.get(key)

    def seen(self, key: str, account: str) -> None:
        """This token is good, and of this account."""
        self._owners[key] = account
        self._owners.move_to_end(key)
        while len(self._owners) > MAX_ACCOUNTS:
            self._owners.popitem(last=False)
