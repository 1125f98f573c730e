"""Key frames for what is recorded: a file can be gone through, and begun in, every few seconds.

Browsers heed no interval in a description, so a publisher is asked. Key frames are large: those of several publishers are
asked for one after the other, and one that came for any other reason is as good.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from hub.media.ingest.seams import Played

#: No two key frames of a recorded picture lie further apart than this, where its sender answers.
EVERY_S: Final = 4.0
#: One is asked for when the last is so old: the rest is for the way there and back, and for asking once more.
ASK_S: Final = 3.4
#: Part of that time over which the requests for all recorded pictures are spread.
SPREAD: Final = 0.8
#: How often it is looked.
LOOK_S: Final = 0.1
#: A camera that is off, or a layer that was stopped, is not asked.
SILENT_S: Final = 0.7


class RecordedKeys:
    """Asks for the key frames of one recording. Time is passed in; who is asked when is `KeyFrameManager`'s in the end."""

    def __init__(self) -> None:
        self._look_at = 0.0
        self._free_at = 0.0  # when the next may be asked

    def tick(self, layers: Iterable[Played | None], now: float) -> None:
        """Ask for what is due of the layers that are recorded now."""
        if now < self._look_at:
            return
        self._look_at = now + LOOK_S
        coming = [
            layer
            for layer in layers
            if layer is not None and layer.key_seq >= 0 and now - layer.heard_at < SILENT_S
        ]
        if not coming:
            return
        apart = ASK_S * SPREAD / len(coming)
        waiting = sorted(
            (layer.key_frames for layer in coming if not layer.key_frames.pending),
            key=lambda keys: keys.arrived_at,
        )
        for place, keys in enumerate(waiting):
            # The last of several that are due together is asked in time only if the first is asked early.
            due = min(each.arrived_at - n * apart for n, each in enumerate(waiting[place:])) + ASK_S
            if now < max(due, self._free_at):
                return
            self._free_at = max(self._free_at, now - LOOK_S) + apart
            keys.want(now, urgent=False)
