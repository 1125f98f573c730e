"""How long the picture of a camera has really flowed to whom: what honest check-offs and the record of looks stand on. Pure.

A picture flows to a viewer while it stands in a slot of his, the node says of that slot's picture that it is there, and the
gateway says that the camera plays. What the page says counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

#: From the worst to the best.
QUALITIES: Final = ("poor", "fair", "good")
#: A slot is told of when its word is there; so long after it the first picture is not counted yet.
BEGIN_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Flow:
    """A picture that flows: `since` when (monotonic s), for how long without a hole, how well now."""

    since: float
    seconds: float
    quality: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One slot of one viewer, as nodes tell it: whose picture, and how it is there (None: not at all)."""

    account: str
    camera: str
    quality: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What `FlowTable.look` found: a picture flows on (`seconds` above 0), or has stopped."""

    account: str
    camera: str
    seconds: float
    quality: str


class FlowTable:
    """The pictures that flow, by account and camera. Time is passed in (monotonic seconds)."""

    def __init__(self) -> None:
        self._since: dict[tuple[str, str], float] = {}
        self._quality: dict[tuple[str, str], str] = {}

    def look(self, slots: Iterable[Seen], playing: Iterable[str], now: float) -> list[Change]:
        """Compare what nodes and gateways say now with before; everything that flows or has stopped. Of several slots of one
        account the best counts."""
        plays = set(playing)
        seen: dict[tuple[str, str], str] = {}
        for slot in slots:
            if slot.camera in plays and slot.quality in QUALITIES:
                key = slot.account, slot.camera
                before = seen.get(key, QUALITIES[0])
                seen[key] = max(before, slot.quality, key=QUALITIES.index)
        changes = []
        for key in [key for key in self._since if key not in seen]:
            del self._since[key]
            changes.append(Change(*key, 0.0, self._quality.pop(key)))
        for key, quality in seen.items():
            since = self._since.setdefault(key, now + BEGIN_S)
            self._quality[key] = quality
            if now > since:
                changes.append(Change(*key, now - since, quality))
        return changes

    def of(self, account: str, now: float) -> dict[str, Flow]:
        """What flows to an account."""
        return {
            camera: Flow(since, now - since, self._quality[who, camera])
            for (who, camera), since in self._since.items()
            if who == account and now > since
        }
