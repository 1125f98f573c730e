"""A clip: encoded picture and sound in memory, read from a WebM file without re-encoding.

Only VP8 and Opus are taken, since every browser shares them and they pass through as they are.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

#: Clock rates of the RTP time stamps (RFC 7741 for VP8, RFC 7587 for Opus).
VIDEO_CLOCK: Final = 90_000
AUDIO_CLOCK: Final = 48_000
#: A loop's length is a whole number of Opus packets of this many samples, so that sound stays in step.
_GRAIN: Final = 960
#: dBov of silence (RFC 6464).
SILENCE: Final = -127


@dataclass(frozen=True, slots=True)
class VideoFrame:
    """One encoded picture."""

    data: bytes
    #: Seconds from the clip's beginning.
    at_s: float
    is_key: bool


@dataclass(frozen=True, slots=True)
class AudioPacket:
    """One Opus packet."""

    data: bytes
    #: Samples of 1/48000 s from the clip's beginning.
    at: int
    #: Loudness in dBov, -127 (silence) to 0.
    level: int


@dataclass(frozen=True, slots=True)
class Clip:
    """Picture and sound, to be played in a loop. Either may be missing."""

    video: tuple[VideoFrame, ...]
    audio: tuple[AudioPacket, ...]
    #: Length of the loop in samples of 1/48000 s.
    length: int

    @property
    def length_s(self) -> float:
        return self.length / AUDIO_CLOCK

    @property
    def widest_key_gap_s(self) -> float:
        """The longest time between two key frames, the loop's seam included; infinite without any."""
        keys = [frame.at_s for frame in self.video if frame.is_key]
        if not keys:
            return math.inf
        return max(
            later - earlier for earlier, later in zip(keys, [*keys[1:], keys[0] + self.length_s], strict=True)
        )


def join_clip(video: Clip | None, audio: Clip | None) -> Clip:
    """The picture of the one with the sound of the other; the loop is as long as the longer of them."""
    frames = video.video if video is not None else ()
    packets = audio.audio if audio is not None else ()
    longest = max(
        video.length if frames and video is not None else 0, audio.length if packets and audio else 0
    )
    return Clip(frames, packets, longest)


def load_clip(path: Path) -> Clip:
    """Read a file with VP8 and/or Opus. Raises ValueError for other codecs or none, av errors for a broken file."""
    frames: list[VideoFrame] = []
    packets: list[AudioPacket] = []
    video_end = Fraction(0)
    audio_end = 0
    with av.open(str(path)) as container:
        streams = [*container.streams.video[:1], *container.streams.audio[:1]]
        names = {stream.codec_context.name for stream in streams}
        if not names or not names <= {"vp8", "libvpx", "opus", "libopus"}:
            raise ValueError(f"{path.name} holds {sorted(names) or 'nothing'}; VP8 and Opus are needed")
        meter = _Meter()
        for packet in container.demux(streams):
            if packet.pts is None or packet.size == 0:
                continue
            at = packet.pts * packet.time_base
            data = bytes(packet)
            if packet.stream.type == "video":
                frames.append(VideoFrame(data, float(at), packet.is_keyframe))
                video_end = max(video_end, at)
            else:
                samples = _opus_samples(data)
                start = max(audio_end, round(at * AUDIO_CLOCK / _GRAIN) * _GRAIN)
                packets.append(AudioPacket(data, start, meter.level(packet)))
                audio_end = start + samples
    if frames:
        # The last picture stays as long as an average one.
        video_end += video_end / max(1, len(frames) - 1)
    length = max(math.ceil(video_end * AUDIO_CLOCK), audio_end)
    length = max(_GRAIN, math.ceil(length / _GRAIN) * _GRAIN)
    return Clip(tuple(frames), tuple(packets), length)


def _opus_samples(data: bytes) -> int:
    """Length of an Opus packet in samples of 1/48000 s, from its TOC byte (RFC 6716 section 3.1)."""
    config, code = data[0] >> 3, data[0] & 3
    if config < 12:
        frame = (480, 960, 1920, 2880)[config % 4]
    elif config < 16:
        frame = (480, 960)[config % 2]
    else:
        frame = (120, 240, 480, 960)[config % 4]
    count = (1, 2, 2, data[1] & 0x3F if len(data) > 1 else 1)[code]
    return frame * count


class _Meter:
    """Measures the loudness of Opus packets by decoding each once."""

    def __init__(self) -> None:
        self._to_mono = AudioResampler(format="s16", layout="mono")

    def level(self, packet: Any) -> int:
        """dBov of the packet, by every fourth sample (RFC 6464's scale)."""
        total, count = 0, 0
        for decoded in packet.decode():
            for frame in self._to_mono.resample(cast(AudioFrame, decoded)):
                samples = array("h", bytes(frame.planes[0])[: frame.samples * 2])[::4]
                total += sum(sample * sample for sample in samples)
                count += len(samples)
        if total == 0:
            return SILENCE
        return max(SILENCE, min(0, round(10 * math.log10(total / (count * 32767 * 32767)))))
