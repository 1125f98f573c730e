"""A camera's sound made into Opus, in a process of its own. ``python -m recordings.camera_sound CODEC RATE CHANNELS CONFIG``.

Payloads of G.711 (`pcma`, `pcmu`) or access units of `aac` come on standard input, in order (recordings.camera_messages); Opus
of 20 ms, one channel, leaves on standard output, each with the samples of 48 kHz that came before it. CONFIG is the decoder's
configuration of AAC in hexadecimal, `-` for none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, Final

import av
from av.audio.resampler import AudioResampler

from recordings import camera_messages as messages

RATE: Final = 48_000
#: Samples in what leaves: 20 ms.
SAMPLES: Final = 960
_BPS: Final = 32_000
#: So many units one after the other out of which nothing comes: it is no such sound.
_MOST_BROKEN: Final = 250
_NAMES: Final = {"pcma": "pcm_alaw", "pcmu": "pcm_mulaw", "aac": "aac"}


class SoundMaker:
    """One sound. Raises KeyError for a codec that is not decoded here, ValueError for numbers that no sound has."""

    def __init__(self, codec: str, rate: int, channels: int, config: bytes = b"") -> None:
        if not 4_000 <= rate <= 192_000 or not 1 <= channels <= 2:
            raise ValueError("no such sound")
        self._decoder = _codec(_NAMES[codec], "r")
        if config:
            self._decoder.extradata = config
        else:
            self._decoder.sample_rate = rate
            self._decoder.layout = "mono" if channels == 1 else "stereo"
        self._resampler = AudioResampler("s16", "mono", RATE, SAMPLES)
        self._encoder = _codec("libopus", "w")
        self._encoder.sample_rate, self._encoder.layout, self._encoder.format = RATE, "mono", "s16"
        self._encoder.bit_rate = _BPS
        self._encoder.options = {"application": "audio", "frame_duration": "20", "vbr": "on"}
        self._count = self._broken = 0

    def take(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """What leaves now that this came. Raises ValueError where it is no sound that can be decoded."""
        try:
            frames = self._decoder.decode(av.Packet(data))
        except av.FFmpegError:
            frames = []
        self._broken = 0 if frames else self._broken + 1
        if self._broken > _MOST_BROKEN:
            raise ValueError("it cannot be decoded")
        for frame in frames:
            frame.pts = None
            for whole in self._resampler.resample(frame):
                whole.pts = self._count * SAMPLES
                for packet in self._encoder.encode(whole):
                    yield self._count * SAMPLES, bytes(packet)
                self._count += 1


def _codec(name: str, mode: Any) -> Any:
    return av.CodecContext.create(name, mode)


def main() -> int:
    """Until standard input ends: 0; 1 for what cannot be decoded."""
    messages.limit()
    try:
        codec, rate, channels, config = sys.argv[1:5]
        maker = SoundMaker(codec, int(rate), int(channels), bytes.fromhex(config) if config != "-" else b"")
        for _, data in messages.Source().messages():
            for number, made in maker.take(data):
                messages.send(number, made)
            messages.flush()
    except (ValueError, KeyError, av.FFmpegError, MemoryError):
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
