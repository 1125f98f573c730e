"""A stream's clock told beside the hub's: recordings and films put picture and sound together by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from hub.media.ingest.layer import Layer
from hub.media.ingest.seams import SourceClock
from hub.wire import ntp
from hub.wire.rtcp import SenderReport

#: How often it is told.
REPORT_S: Final = 1.0


class ClockTold:
    """When the clock of one stream is due to be told. `to_unix` makes of the loop's time the hub's."""

    def __init__(self, to_unix: Callable[[float], float]) -> None:
        self._to_unix = to_unix
        self._due = 0.0

    def look(self, layers: Iterable[Layer], stamp_of: Callable[[float], int], now: float) -> None:
        """To be called while it plays, every 100 ms. `stamp_of` gives the time stamp that a packet of a moment would have; all
        places of a stream are told the same, each under its own SSRC."""
        if now < self._due:
            return
        self._due = now + REPORT_S
        unix, stamp = self._to_unix(now), stamp_of(now)
        for layer in layers:
            report = SenderReport(layer.ssrc, ntp.from_unix(unix), stamp, 0, 0)
            layer.take_sender_report(report, SourceClock(unix, stamp), now)
