"""A stream that no browser shows, made into one that does by a child process (recordings.camera_transcode).

Nothing that cameras send is decoded here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from hub.gateway.child import Child, Children
from hub.gateway.pictures import CODECS, Picture, Pictures
from hub.wire.h264_fit import annex_b
from hub.wire.rtp import read_header
from hub.wire.rtp_header import RtpError
from hub.wire.serial import diff32

_MODULE: Final = "recordings.camera_transcode"
#: What is kept since the last key picture for the child that is begun next.
_MOST_KEPT: Final = 4 << 20


class Raw:
    """The pictures of a stream as the camera sends them, since the last key picture: what a transcoder begins with."""

    def __init__(self, codec: str, described: Sequence[bytes]) -> None:
        """Raises ValueError for a codec whose pictures are not put together here."""
        self.codec = codec
        self.kept: list[Picture] = []
        self._pictures = Pictures(codec, described)
        self._bytes = 0
        self._stamp: int | None = None
        self._unwrapped = 0

    def take(self, packet: memoryview) -> list[Picture]:
        """The pictures that are whole with this RTP packet, their time stamps unwrapped."""
        try:
            head = read_header(packet)
        except RtpError:
            return []
        payload = packet[head.payload_offset : head.payload_end]
        if not payload:
            return []
        made = [self._counted(each) for each in self._pictures.take(payload, head.timestamp, head.marker)]
        for picture in made:
            if picture.key:
                self.kept, self._bytes = [], 0
            elif not self.kept:
                continue  # nobody can begin with what follows no key picture
            self._bytes += len(picture.data)
            if self._bytes > _MOST_KEPT:
                self.kept, self._bytes = [], 0
                continue
            self.kept.append(picture)
        return made

    def _counted(self, picture: Picture) -> Picture:
        if self._stamp is not None:
            self._unwrapped += diff32(picture.timestamp, self._stamp)
        self._stamp = picture.timestamp
        return picture._replace(timestamp=self._unwrapped)


class Transcoder:
    """A stream while it is transcoded, from here until `close()`.

    `on_picture` is given each picture that comes out, with its time stamp (90 kHz, unwrapped): its NAL units, or the one frame
    that it is in VP8; `on_trouble` is told when the child has ended before its time.
    """

    def __init__(
        self,
        raw: Raw,
        clock: Callable[[], float],
        children: Children,
        on_picture: Callable[[list[bytes], int, float], None],
        on_trouble: Callable[[], None],
        to: str = "h264",
    ) -> None:
        """`to`: what is made of it, h264 or vp8."""
        self.left_out = 0
        self._to = to
        self._raw = raw
        self._waits_for_key = True
        self._on_picture = on_picture
        self._child = Child((_MODULE, raw.codec, to), clock, self._made, self._begun, on_trouble)
        children.keep(self._child)

    def take(self, pictures: Sequence[Picture]) -> None:
        """The stream goes on. A child that is behind goes on with the next key picture."""
        for picture in pictures:
            if self._waits_for_key and not picture.key:
                self.left_out += 1
                continue
            self._waits_for_key = not self._child.give(picture.timestamp, picture.data)

    def _begun(self) -> None:
        self._waits_for_key = True
        self.take(self._raw.kept)

    def _made(self, stamp: int, data: bytes, now: float) -> None:
        self._on_picture((annex_b(data) or []) if self._to == "h264" else [data], stamp, now)

    def look(self, now: float) -> None:
        """Every 100 ms."""
        self._child.look(now)

    def close(self) -> None:
        """End it at once."""
        self._child.close()

    def dump(self) -> dict[str, object]:
        """For people."""
        return {**self._child.dump(), "left_out": self.left_out}


def transcodes(codec: str) -> bool:
    """Whether a stream of this codec can be transcoded."""
    return codec in CODECS
