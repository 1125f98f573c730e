"""One frame of picture or sound, whole, as an encoder made it: what every depacketiser gives and the muxer takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from recordings.jitter import Arrived


@dataclass(frozen=True, slots=True)
class EncodedFrame:
    """`data` in the form Matroska wants it: VP8, VP9 and Opus as they are, H264 as Annex B, AV1 as OBUs with sizes.

    `timestamp` is the RTP time stamp (32 bits, clock rate of the stream), `arrived_us` the arrival of its first packet,
    `key` whether decoding can begin with it, `parameters` the bytes (H264: SPS and PPS) that a file's header must hold
    and that cannot change within one file.
    """

    data: bytes
    timestamp: int
    arrived_us: int
    key: bool
    parameters: bytes = b""


class Depacketizer(Protocol):
    """Turns the packets of one stream, in order, into frames. Knows no clock and no file."""

    def take(self, arrived: Arrived) -> list[EncodedFrame]:
        """The frames that this packet completes. Loss shows as `arrived.lost_before`."""
        ...

    def take_damage(self) -> bool:
        """Whether a frame was lost since this was last asked: what follows cannot be decoded before a key frame."""
        ...


@dataclass(frozen=True, slots=True)
class Piece:
    """What one packet says about the frame it belongs to. `begins_frame` is None where the codec does not tell."""

    data: bytes
    begins_frame: bool | None
    key: bool


@dataclass(frozen=True, slots=True)
class EncodedBody:
    """A frame without its time."""

    data: bytes
    key: bool
    parameters: bytes = b""


class FrameAssembler:
    """The part that all picture codecs share: packets of one time stamp, from a beginning to a marker, are a frame.

    `read` gives the piece in a payload, and raises ValueError for one that cannot be read; `join` makes a frame's
    bytes out of its pieces, and raises ValueError when they do not fit together.
    """

    def __init__(self, read: Callable[[bytes], Piece], join: Callable[[list[Piece]], EncodedBody]) -> None:
        self.malformed = 0
        self._read = read
        self._join = join
        self._pieces: list[Piece] = []
        self._timestamp: int | None = None
        self._arrived_us = 0
        self._broken = False
        self._damage = False

    def take(self, arrived: Arrived) -> list[EncodedFrame]:
        """See Depacketizer."""
        frames: list[EncodedFrame] = []
        packet = arrived.packet
        new_frame = packet.timestamp != self._timestamp
        if arrived.lost_before:
            # The missing packets may be the end of the old frame, the start of this one, or frames between.
            self._damage = True
            if not new_frame or self._pieces:
                self._broken = True
        if new_frame:
            if self._pieces:
                # The marker was never set (some senders do not): the next time stamp ends the frame as well.
                frames += self._finish()
            self._begin(packet.timestamp, arrived.arrived_us)
        if not packet.payload:
            return frames  # padding only
        try:
            piece = self._read(packet.payload)
        except ValueError:
            self.malformed += 1
            self._damage = self._broken = True
            return frames
        begins = piece.begins_frame if piece.begins_frame is not None else not arrived.lost_before
        if not self._pieces and not begins:
            self._broken = True
        self._pieces.append(piece)
        if packet.marker:
            frames += self._finish()
        return frames

    def take_damage(self) -> bool:
        """See Depacketizer."""
        damage, self._damage = self._damage, False
        return damage

    def _begin(self, timestamp: int, arrived_us: int) -> None:
        self._timestamp = timestamp
        self._arrived_us = arrived_us
        self._pieces = []
        self._broken = False

    def _finish(self) -> list[EncodedFrame]:
        pieces, self._pieces = self._pieces, []
        broken, self._broken = self._broken, False
        assert self._timestamp is not None
        if not broken and pieces:
            try:
                body = self._join(pieces)
            except ValueError:
                self.malformed += 1
            else:
                return [EncodedFrame(body.data, self._timestamp, self._arrived_us, body.key, body.parameters)]
        self._damage = True
        return []
