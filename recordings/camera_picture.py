"""Pictures of cameras as JPEG: ``python -m recordings.camera_picture``, messages in and out (hub.gateway.decoders).

A message in is a picture that can be decoded by itself (H264 or H265 with start codes); its number is the place of the codec in
CODECS. What comes out bears the same number: the JPEG, or nothing where none comes of it. Each is decoded by a process of its
own that is forked off, knows of no other picture, and ends with it: what is made to harm ends that one alone.
"""

from __future__ import annotations

import io
import os
import resource
import sys
from typing import Final

import av
from PIL import Image

from recordings import camera_messages

CODECS: Final = ("h264", "h265")
#: Largest picture that is given out, in pixels, and in bytes.
WIDEST: Final = 1920
MOST_BYTES: Final = 700_000
_QUALITIES: Final = (88, 75, 60, 40)
_CPU_S: Final = 8
_NAMES: Final = {"h264": "h264", "h265": "hevc"}


def jpeg_of(codec: str, data: bytes) -> bytes:
    """The picture as JPEG. Raises ValueError where nothing comes out of it, KeyError for another codec."""
    decoder = av.CodecContext.create(_NAMES[codec], "r")
    assert isinstance(decoder, av.VideoCodecContext)
    decoder.thread_count = 1
    try:
        frames = [*decoder.decode(av.Packet(data)), *decoder.decode(None)]
    except av.FFmpegError as problem:
        raise ValueError("it cannot be decoded") from problem
    if not frames:
        raise ValueError("it cannot be decoded")
    image: Image.Image = frames[0].to_image()  # type: ignore[no-untyped-call]
    if image.width > WIDEST:
        image = image.resize((WIDEST, max(1, image.height * WIDEST // image.width)))
    for quality in _QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality)
        if out.tell() <= MOST_BYTES:
            return out.getvalue()
    raise ValueError("it is too large")


def apart(codec: str, data: bytes) -> bytes:
    """The same by a process of its own; nothing where that fails, whatever becomes of it."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        _decode_and_end(codec, data, write)
    os.close(write)
    with open(read, "rb") as source:
        made = source.read(MOST_BYTES + 1)
    _, status = os.waitpid(child, 0)
    return made if status == 0 and len(made) <= MOST_BYTES else b""


def _decode_and_end(codec: str, data: bytes, write: int) -> None:
    """The forked process: it can reach neither what comes next nor what goes out."""
    try:
        os.close(0)
        os.close(1)
        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
        with open(write, "wb") as out:
            out.write(jpeg_of(codec, data))
        os._exit(0)
    finally:
        os._exit(1)


def main() -> int:
    """Decode what comes, until nothing comes any more."""
    camera_messages.limit()
    Image.preinit()
    for number, data in camera_messages.Source().messages():
        camera_messages.send(number, apart(CODECS[number], data) if 0 <= number < len(CODECS) else b"")
        camera_messages.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
