"""Whether a running recording is fed: packets come by every relay of which streams were told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

#: A relay with open streams by which no packet has come for this long does not feed.
SILENT_US: Final = 5_000_000
#: One by which packets came is given longer: all who send by it may have muted themselves for a moment.
MUTED_US: Final = 15_000_000
#: How long a control that has just linked may take to tell again of the streams that run.
RETOLD_US: Final = 10_000_000
#: The word for it (docs/link.md).
NOT_FED: Final = "not_fed"


class Relays:
    """The relays of one recording: which have open streams, and until when each counts as feeding."""

    def __init__(self) -> None:
        self._open: dict[str, set[int]] = {}
        self._until_us: dict[str, int] = {}  # as long as it counts as feeding
        self._doubted: set[str] = set()  # not told again yet by the control that linked last
        self._doubt_ends_us = 0

    def opened(self, relay: str, ssrc: int, now_us: int) -> None:
        """A stream was told, for the first time or again."""
        self._doubted.discard(relay)
        if not self._open.setdefault(relay, set()):
            self._until_us[relay] = now_us + SILENT_US
        self._open[relay].add(ssrc)

    def closed(self, relay: str, ssrc: int) -> None:
        """A stream has ended."""
        self._open.get(relay, set()).discard(ssrc)
        if not self._open.get(relay):
            self._open.pop(relay, None)
            self._until_us.pop(relay, None)

    def doubt(self, now_us: int) -> None:
        """Control has just linked, and tells again of all that runs: what it does not tell of has ended meanwhile."""
        self._doubted = set(self._open)
        self._doubt_ends_us = now_us + RETOLD_US

    def heard(self, relay: str, now_us: int) -> None:
        """A packet came by it."""
        if relay in self._until_us:
            self._until_us[relay] = now_us + MUTED_US

    def are_fed(self, now_us: int) -> bool:
        """Whether packets come by each of them."""
        if self._doubted and now_us >= self._doubt_ends_us:
            for relay in self._doubted:
                self._open.pop(relay, None)
                self._until_us.pop(relay, None)
            self._doubted.clear()
        return all(now_us < until_us for until_us in self._until_us.values())


class Feeding:
    """Tells control (event `fed`) of each recording that is not fed, and when it is again."""

    def __init__(self, tell: Callable[[str, dict[str, Any]], None]) -> None:
        self._tell = tell
        self._unfed: set[str] = set()

    def look(self, fed: Mapping[str, bool]) -> None:
        """Tell what has changed; `fed` has every running recording."""
        for recording, is_fed in fed.items():
            if is_fed == (recording in self._unfed):
                self._say(recording, is_fed)
        self._unfed = {recording for recording, is_fed in fed.items() if not is_fed}

    def tell_again(self) -> None:
        """A control that has just been linked takes every recording for fed."""
        for recording in self._unfed:
            self._say(recording, False)

    def _say(self, recording: str, is_fed: bool) -> None:
        reason = None if is_fed else NOT_FED
        self._tell("fed", {"recording": recording, "fed": is_fed, "reason": reason})
