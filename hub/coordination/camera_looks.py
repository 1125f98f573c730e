"""What is to be told of who watched which camera: begun when it is shown, told together once a minute. Time is passed in."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

#: How often it is told.
TOLD_S: Final = 60.0

#: (account, camera)
Key = tuple[str, str]


@dataclass(slots=True)
class Look:
    """One account's look at one camera, as far as it was not told yet."""

    begun: datetime
    until: datetime
    seconds: float = 0.0
    """For how much of it the picture flowed."""
    heard: float = 0.0
    """For how much of it its sound was asked for."""


class LookLog:
    """Looks that go on, and those that have ended and were not told yet."""

    def __init__(self) -> None:
        self._running: dict[Key, Look] = {}
        self._ended: list[tuple[Key, Look]] = []
        self._looked_at: datetime | None = None
        self._heard: dict[str, str] = {}  # by account, since the last look

    def see(
        self, shown: Iterable[Key], flowing: Collection[Key], heard: Mapping[str, str], now: datetime
    ) -> None:
        """These cameras are shown to these accounts at this moment; of some the picture flows, and some accounts hear one."""
        passed = (now - self._looked_at).total_seconds() if self._looked_at is not None else 0.0
        self._looked_at = now
        current = set(shown)
        for key in self._running.keys() - current:
            look = self._running.pop(key)
            look.until = now
            if self._heard.get(key[0]) == key[1]:
                look.heard += passed
            self._ended.append((key, look))
        for key in current:
            look = self._running.setdefault(key, Look(now, now))
            look.until = now
            if key in flowing:
                look.seconds += passed
            if self._heard.get(key[0]) == key[1]:
                look.heard += passed
        self._heard = dict(heard)

    def take(self, now: datetime) -> list[tuple[Key, Look]]:
        """What is to be told now: what has ended, and what goes on, as far as it was not told before."""
        told, self._ended = self._ended, []
        for key, look in self._running.items():
            told.append((key, dataclasses.replace(look)))
            look.begun, look.seconds, look.heard = look.until, 0.0, 0.0
        return told
