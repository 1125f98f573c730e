"""FFmpeg's WHIP muxer as it is, by way of PyAV: ``python -m tests.support.ffmpeg_whip URL TOKEN [OPTION=VALUE …]``.

Sends the flash and the beep of flash_beep.py by H264 and Opus, all it can, until its standard input ends. FFmpeg's own words
stand on its standard error.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from fractions import Fraction

import av
import av.logging
import numpy as np

from tests.support import flash_beep

#: FFmpeg sends a picture at once; what lies between two of them is waited for.
_PACE_S = flash_beep.FRAME_SAMPLES / flash_beep.SAMPLE_RATE


def publish(url: str, token: str, options: dict[str, str], stop: threading.Event) -> None:
    """Send until `stop`. Raises av.error.FFmpegError when it is refused."""
    pictures = flash_beep.Pictures()
    with av.open(url, "w", format="whip", options={"authorization": token, **options}) as muxer:
        video = muxer.add_stream(
            "libx264",
            rate=flash_beep.FPS,
            options={
                "preset": "ultrafast",
                "tune": "zerolatency",
                "profile": "baseline",
                "g": str(2 * flash_beep.FPS),
            },
        )
        video.width, video.height, video.pix_fmt = flash_beep.WIDTH, flash_beep.HEIGHT, "yuv420p"
        video.bit_rate = 600_000
        audio = muxer.add_stream("libopus", rate=flash_beep.SAMPLE_RATE, layout="stereo")
        begun, shown, heard = time.monotonic(), 0, 0
        while not stop.is_set():
            time.sleep(max(0.0, begun + heard * _PACE_S - time.monotonic()))
            while shown / flash_beep.FPS <= heard * _PACE_S:
                rows = np.frombuffer(pictures.at(shown), np.uint8).reshape(-1, flash_beep.WIDTH)
                picture = av.VideoFrame.from_ndarray(rows, format="yuv420p")
                picture.pts, picture.time_base = shown, Fraction(1, flash_beep.FPS)
                muxer.mux(video.encode(picture))
                shown += 1
            mono = np.frombuffer(flash_beep.sound(heard), np.int16)
            piece = av.AudioFrame.from_ndarray(
                np.repeat(mono, 2).reshape(1, -1), format="s16", layout="stereo"
            )
            piece.sample_rate, piece.pts = flash_beep.SAMPLE_RATE, heard * flash_beep.FRAME_SAMPLES
            piece.time_base = Fraction(1, flash_beep.SAMPLE_RATE)
            muxer.mux(audio.encode(piece))
            heard += 1


def main() -> None:
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    av.logging.set_level(av.logging.VERBOSE)
    stop = threading.Event()

    def until_told() -> None:
        sys.stdin.read()
        stop.set()

    threading.Thread(target=until_told, daemon=True).start()
    url, token, *settings = sys.argv[1:]
    publish(url, token, dict(each.split("=", 1) for each in settings), stop)


if __name__ == "__main__":
    main()
