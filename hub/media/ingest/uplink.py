"""How good a publisher's line is: what of its packets is lost on the way here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from hub.media.ingest.layer import Layer

#: How often it is judged, and from what loss on it is fair or poor.
QUALITY_S: Final = 2.0
FAIR_PERMILLE: Final = 20
POOR_PERMILLE: Final = 80
#: So long after he is back it is not judged yet: each of his streams shows a gap that tells of the silence, not of the line.
SETTLE_S: Final = 1.0

#: Told a state (`good`, `fair`, `poor`, `lost`), loss in permille, bit/s, and the round trip in ms if it is known.
TellQuality = Callable[[str, int, int, int | None], None]


class Uplink:
    """The quality of one publisher's line. `tell` hears each change, and the figures for as long as it is not good."""

    def __init__(self, tell: TellQuality) -> None:
        self.state = ""
        self._tell = tell
        self._due = 0.0
        self._judged: tuple[int, int] = (0, 0)
        self._back = False

    def begin(self, now: float) -> None:
        """The transport is up."""
        self._due = now

    def returned(self, now: float) -> None:
        """He is back, after a silence or at another address: what was lost meanwhile says nothing of the line."""
        self._back, self._due = True, now + SETTLE_S

    def tick(self, layers: Sequence[Layer], now: float) -> None:
        """Judge what came in these layers, if it is time to."""
        if now < self._due:
            return
        self._due = now + QUALITY_S
        if not layers:
            return
        expected = sum(layer.report.expected for layer in layers)
        received = sum(layer.report.received for layer in layers)
        new_expected, new_received = expected - self._judged[0], received - self._judged[1]
        self._judged = expected, received
        if self._back:
            self._back, self._due = False, now + SETTLE_S
            return
        if new_expected <= 0:
            return  # paused, or gone: the latter is told by `lost`
        permille = max(0, new_expected - new_received) * 1000 // new_expected
        state = "good" if permille < FAIR_PERMILLE else "fair" if permille < POOR_PERMILLE else "poor"
        if state != self.state or state != "good":
            self.state = state
            rtts = [layer.gaps.rtt_s for layer in layers if layer.gaps.rtt_s]
            rates = [layer.rates.cumulative_bps for layer in layers if now - layer.heard_at < QUALITY_S]
            bitrate = sum(rate[-1] for rate in rates if rate)
            self._tell(state, permille, bitrate, round(max(rtts) * 1000) if rtts else None)

    def lost(self) -> None:
        """Nothing comes any more, not even ICE; it may come back."""
        if self.state != "lost":
            self.state = "lost"
            self._tell("lost", 1000, 0, None)
