"""RTP over UDP in its order: what came early waits a moment for what is missing."""

from __future__ import annotations

from typing import Final

from hub.wire.serial import diff16

#: How long a packet waits for the one before it, and how many may wait.
WAIT_S: Final = 0.03
MOST_WAITING: Final = 64


class Reorder:
    """The packets of one stream."""

    def __init__(self) -> None:
        self._next: int | None = None
        self._waiting: dict[int, bytes] = {}
        self._since = 0.0

    def take(self, packet: memoryview, now: float) -> list[memoryview]:
        """The packets that can go on now that this one came (at least 12 bytes); what comes late goes on as it is."""
        sequence = packet[2] << 8 | packet[3]
        ahead = diff16(sequence, self._next) if self._next is not None else 0
        if ahead == 0 or abs(ahead) > 1024:
            self._next = (sequence + 1) & 0xFFFF
            return [packet, *self._following()] if self._waiting else [packet]
        if ahead < 0:
            return [packet]
        if not self._waiting:
            self._since = now
        self._waiting[sequence] = bytes(packet)
        return self._give_up() if len(self._waiting) > MOST_WAITING else []

    def due(self, now: float) -> list[memoryview]:
        """What has waited long enough."""
        return self._give_up() if self._waiting and now - self._since >= WAIT_S else []

    def _following(self) -> list[memoryview]:
        found: list[memoryview] = []
        while self._next is not None and (packet := self._waiting.pop(self._next, None)) is not None:
            found.append(memoryview(packet))
            self._next = (self._next + 1) & 0xFFFF
        return found

    def _give_up(self) -> list[memoryview]:
        """What is missing will not come."""
        assert self._next is not None
        expected = self._next
        in_order = sorted(self._waiting, key=lambda sequence: diff16(sequence, expected))
        found: list[memoryview] = [memoryview(self._waiting[sequence]) for sequence in in_order]
        self._waiting.clear()
        self._next = (in_order[-1] + 1) & 0xFFFF
        return found
