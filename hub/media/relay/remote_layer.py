"""A layer that comes from another node: it flows only while somebody here takes it, and its origin says what it is like."""

from __future__ import annotations

from typing import Final

from hub.media.ingest.layer import Layer
from hub.media.ingest.publication import Publication
from hub.wire.relay_app import LayerNote

#: How long after a layer was asked for it counts as there although nothing has come yet.
BEGIN_S: Final = 2.0


class RemoteLayer(Layer):
    """`asked` says whether the origin is to send it now; `pause_id` numbers the pauses (RFC 7728 §5.2)."""

    publication: Publication
    asked = False
    asked_at = float("-inf")
    refreshed_at = float("-inf")
    pause_id = 0
    _coming = True

    def take_note(self, note: LayerNote) -> None:
        """The origin says what the layer is like; what is seen here itself counts more."""
        self._coming = note.available
        if note.width and (not self.asked or self.size is None):
            self.size = (note.width, note.height)
        if note.rates_bps and (not self.asked or not self.rates.cumulative_bps):
            self.rates.cumulative_bps = note.rates_bps
        self.publication.rank_layers()

    def available(self, now: float) -> bool:
        """Whether a viewer can count on getting it."""
        if not self.asked or now - self.asked_at < BEGIN_S:
            return self._coming
        return super().available(now)
