"""The packets of one publication, each stored once: what every subscriber is served and re-served from."""

from __future__ import annotations

from typing import Final

#: Packets kept of a video publication: about 2.5 s at 1.5 Mbit/s, 0.8 s at 5 Mbit/s.
VIDEO_PACKETS: Final = 512
#: Packets kept at most of a picture whose joiners are sent what came since its last key frame: 9 s at 4 Mbit/s. What lies
#: further back than that key frame and VIDEO_PACKETS before it is let go.
REPLAYED_PACKETS: Final = 4096
#: Packets kept of an audio publication: about 2.5 s of 20 ms frames.
AUDIO_PACKETS: Final = 128


class Packet:
    """One received RTP packet, decrypted, without its header extensions and padding.

    `seq` is the extended sequence number (counts past 65,535), `timestamp` the source's 32-bit one,
    `payload` the bytes after header and extensions. `key_frame` marks the first packet of a key frame.
    `picture_id` and `tl0` are the source's values, -1 where the payload has none; the `_at` fields say
    where in `payload` they stand and `picture_bits` whether the id is 7 or 15 bits wide (0: none).
    `temporal` is the temporal layer, 0 the base (also where a payload tells none); with `switch_up` a viewer who
    had only the layers below may take this one from here on. `size` is (width, height) in pixels, told by key
    frames alone. `redundant` keeps the RED payloads that were made of it (hub/media/row/redundancy.py).
    """

    __slots__ = (
        "key_frame",
        "marker",
        "payload",
        "picture_at",
        "picture_bits",
        "picture_id",
        "redundant",
        "seq",
        "size",
        "switch_up",
        "temporal",
        "timestamp",
        "tl0",
        "tl0_at",
    )

    def __init__(self, seq: int, timestamp: int, marker: bool, payload: bytes) -> None:
        self.seq = seq
        self.timestamp = timestamp
        self.marker = 0x80 if marker else 0
        self.payload = payload
        self.key_frame = False
        self.picture_id = -1
        self.picture_at = 0
        self.picture_bits = 0
        self.tl0 = -1
        self.tl0_at = 0
        self.temporal = 0
        self.switch_up = False
        self.size: tuple[int, int] | None = None
        self.redundant: dict[tuple[int, int], bytes] | None = None


class PacketCache:
    """A ring of the newest packets by extended sequence number. `size` must be a power of two."""

    def __init__(self, size: int) -> None:
        if size & (size - 1):
            raise ValueError("the size of a packet cache is a power of two")
        self._mask = size - 1
        self._ring: list[Packet | None] = [None] * size
        self.stored = 0

    def put(self, packet: Packet) -> bool:
        """Keep `packet`; False if this very sequence number is there already, or a newer one in its place."""
        index = packet.seq & self._mask
        there = self._ring[index]
        if there is not None and there.seq >= packet.seq:
            return False
        self._ring[index] = packet
        self.stored += 1
        return True

    def get(self, seq: int) -> Packet | None:
        """The packet with this extended sequence number, if it is still there."""
        packet = self._ring[seq & self._mask]
        return packet if packet is not None and packet.seq == seq else None

    def forget(self, first: int, end: int) -> None:
        """Let go of those numbered from `first` to before `end`."""
        ring, mask = self._ring, self._mask
        for seq in range(first, end):
            packet = ring[seq & mask]
            if packet is not None and packet.seq == seq:
                ring[seq & mask] = None

    def clear(self) -> None:
        """Forget everything; sequence numbers may begin anew."""
        self._ring = [None] * (self._mask + 1)
