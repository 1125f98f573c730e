"""One picture of a camera as JPEG: a process of its own, which ends with it. ``python -m recordings.camera_picture CODEC``.

Standard input is one picture that can be decoded by itself (H264 or H265 with start codes), standard output the JPEG. What
cameras send is decoded here and nowhere else, with limits: a picture that is made to harm ends this process alone.
"""

from __future__ import annotations

import io
import resource
import sys
from typing import Final

import av
from PIL import Image

#: Largest picture that is given out, in pixels, and in bytes.
WIDEST: Final = 1920
MOST_BYTES: Final = 700_000
_QUALITIES: Final = (88, 75, 60, 40)
_MEMORY_BYTES: Final = 1 << 30
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


def main() -> int:
    """Read, decode, write; 0 where that worked."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        picture = jpeg_of(sys.argv[1], sys.stdin.buffer.read())
    except (ValueError, KeyError, IndexError):
        return 1
    sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
