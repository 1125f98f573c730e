"""The depacketiser for each codec that the hub carries; Opus, which needs none, is here too."""

from __future__ import annotations

from collections.abc import Callable

from recordings.depacketize_av1 import av1_depacketizer
from recordings.depacketize_h264 import h264_depacketizer
from recordings.depacketize_vp8 import vp8_depacketizer
from recordings.depacketize_vp9 import vp9_depacketizer
from recordings.jitter import Arrived
from recordings.media_frame import Depacketizer, EncodedFrame


class OpusPassing:
    """Opus: each packet is a frame (RFC 7587). A lost one is a gap, which a decoder fills by itself."""

    def take(self, arrived: Arrived) -> list[EncodedFrame]:
        packet = arrived.packet
        if not packet.payload:
            return []
        return [EncodedFrame(packet.payload, packet.timestamp, arrived.arrived_us, True)]

    def take_damage(self) -> bool:
        return False


def depacketizer_for(codec: str, fmtp: str = "") -> Depacketizer:
    """A fresh depacketiser. Raises KeyError for a codec the recorder does not know."""
    if codec == "h264":
        return h264_depacketizer(fmtp)
    makers: dict[str, Callable[[], Depacketizer]] = {
        "opus": OpusPassing,
        "vp8": vp8_depacketizer,
        "vp9": vp9_depacketizer,
        "av1": av1_depacketizer,
    }
    return makers[codec]()
