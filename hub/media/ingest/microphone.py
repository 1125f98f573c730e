"""How loud one microphone is."""

from __future__ import annotations

from typing import Final

#: −dBov, as on the wire (RFC 6464): 0 is the loudest, 127 silence.
SILENCE: Final = 127.0
#: What a microphone counts as that says nothing about its level: always among the audible.
UNKNOWN_LEVEL: Final = 0.0
#: How fast the smoothed level follows: up at once, down over about a second of 20 ms packets.
_FALL: Final = 0.06
#: A microphone that sent nothing for so long counts as silent (Opus DTX, a lost line).
STALE_S: Final = 1.0


class Microphone:
    """The level of one audio publication. `key` is whatever the caller tells its publications apart by; `remote` says
    that it stands at another node, which tells its level."""

    __slots__ = ("has_levels", "heard_at", "key", "muted", "participant", "placed_at", "remote", "smoothed")

    def __init__(self, key: object, participant: str, has_levels: bool, *, remote: bool = False) -> None:
        self.key = key
        self.remote = remote
        self.participant = participant
        self.has_levels = has_levels
        self.smoothed = SILENCE
        self.heard_at = float("-inf")
        self.placed_at = float("-inf")
        self.muted = False

    def hear(self, level: int, now: float) -> None:
        """One packet's audio level (−dBov, 0…127) arrived."""
        if level < self.smoothed:
            self.smoothed = float(level)
        else:
            self.smoothed += (level - self.smoothed) * _FALL
        self.heard_at = now

    def told(self, level: int, now: float) -> None:
        """The node it stands at told its level, smoothed already."""
        self.smoothed = float(level)
        self.heard_at = now

    def loudness(self, now: float) -> float:
        """The level the ranking goes by, −dBov."""
        if not self.has_levels:
            return UNKNOWN_LEVEL
        return self.smoothed if now - self.heard_at < STALE_S else SILENCE

    def rank_level(self, now: float) -> float:
        """`loudness`, but a muted microphone stands behind every silent one."""
        return SILENCE + 1 if self.muted else self.loudness(now)
