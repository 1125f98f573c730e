"""Depacketisers on really encoded frames: what comes out is what went in, and loss never gives a wrong frame."""

from __future__ import annotations

import random
from typing import Any

import av
import pytest

from recordings.depacketize import depacketizer_for
from recordings.depacketize_h264 import parameter_sets
from recordings.jitter import Arrived
from recordings.media_frame import EncodedFrame
from recordings.packets import RtpPacket
from tests.support.media_files import Clip, encode_pictures, flash_and_beep
from tests.support.packetizers import PACKETIZERS

VIDEO = ["vp8", "vp9", "h264", "av1"]
_DECODERS = {"av1": "libdav1d"}


def _noisy_clip(codec: str) -> Clip:
    """Pictures that need several packets each."""
    import numpy as np

    luck = np.random.default_rng(5)
    pictures = [luck.integers(0, 255, (90, 160, 3), np.uint8).repeat(2, 0).repeat(2, 1) for _ in range(12)]
    return encode_pictures(codec, pictures, fps=15, key_every=6, bit_rate=2_000_000)


def _packets(clip: Clip) -> list[RtpPacket]:
    packets: list[RtpPacket] = []
    for number, frame in enumerate(clip.frames):
        payloads = PACKETIZERS[clip.codec](frame, number)
        for payload in payloads:
            packets.append(RtpPacket(payload is payloads[-1], len(packets), number * 3000, 1, payload))
    return packets


def _take(codec: str, packets: list[RtpPacket], lost: frozenset[int] = frozenset()) -> list[EncodedFrame]:
    depacketizer = depacketizer_for(codec)
    frames: list[EncodedFrame] = []
    lost_before = 0
    for packet in packets:
        if packet.sequence in lost:
            lost_before += 1
            continue
        frames += depacketizer.take(Arrived(packet, 0, lost_before))
        lost_before = 0
    return frames


def _decoded(codec: str, frames: list[bytes]) -> int:
    decoder: Any = av.CodecContext.create(_DECODERS.get(codec, codec), "r")
    return sum(len(decoder.decode(av.Packet(frame))) for frame in frames) + len(decoder.decode(None))


@pytest.mark.parametrize("codec", VIDEO)
def test_every_frame_comes_out_whole_and_decodes(codec: str) -> None:
    clip = _noisy_clip(codec)
    packets = _packets(clip)
    assert len(packets) > 2 * len(clip.frames)
    frames = _take(codec, packets)
    assert [frame.timestamp // 3000 for frame in frames] == list(range(len(clip.frames)))
    assert [frame.key for frame in frames] == [frame.key for frame in clip.frames]
    assert _decoded(codec, [frame.data for frame in frames]) == len(clip.frames)
    if codec in ("vp8", "vp9"):
        assert [frame.data for frame in frames] == [frame.data for frame in clip.frames]


@pytest.mark.parametrize("codec", VIDEO)
def test_a_lost_packet_costs_its_frame_and_shows_as_damage(codec: str) -> None:
    clip = _noisy_clip(codec)
    packets = _packets(clip)
    whole = {frame.timestamp: frame.data for frame in _take(codec, packets)}
    for missing in range(1, len(packets) - 1):
        frames = _take(codec, packets, frozenset({missing}))
        lost = packets[missing]
        # Parameter sets alone are made up for by those seen before.
        spared = codec == "h264" and lost.payload[0] & 0x1F == 24
        assert spared or lost.timestamp not in {frame.timestamp for frame in frames}
        # Frames next to the gap may be given up too where the codec does not tell; none is ever wrong.
        assert all(whole[frame.timestamp] == frame.data for frame in frames)
        assert len(frames) >= len(whole) - 2


@pytest.mark.parametrize("codec", VIDEO)
def test_damage_is_told_once(codec: str) -> None:
    packets = _packets(_noisy_clip(codec))
    depacketizer = depacketizer_for(codec)
    depacketizer.take(Arrived(packets[0], 0, 0))
    assert not depacketizer.take_damage()
    depacketizer.take(Arrived(packets[2], 0, 1))
    assert depacketizer.take_damage()
    assert not depacketizer.take_damage()


@pytest.mark.parametrize("codec", VIDEO)
def test_a_sender_that_sets_no_marker_is_understood(codec: str) -> None:
    packets = [
        RtpPacket(False, each.sequence, each.timestamp, 1, each.payload)
        for each in _packets(_noisy_clip(codec))
    ]
    assert len(_take(codec, packets)) == 11  # the last one has no successor yet


@pytest.mark.parametrize("codec", VIDEO)
def test_garbage_never_raises_and_gives_no_frame_that_was_not_sent(codec: str) -> None:
    luck = random.Random(2)
    depacketizer = depacketizer_for(codec)
    for number in range(3000):
        payload = luck.randbytes(luck.randrange(0, 40))
        depacketizer.take(Arrived(RtpPacket(luck.random() < 0.3, number, number // 3, 1, payload), 0, 0))
    good = _packets(_noisy_clip(codec))
    frames = [frame for packet in good for frame in depacketizer.take(Arrived(packet, 0, 0))]
    assert len(frames) >= 11


def test_padding_only_packets_are_passed_over() -> None:
    packets = _packets(_noisy_clip("vp8"))
    with_padding: list[RtpPacket] = []
    for packet in packets:
        with_padding.append(packet)
        if packet.marker:
            with_padding.append(RtpPacket(False, 0, packet.timestamp, 1, b""))
    assert len(_take("vp8", with_padding)) == 12


def test_opus_passes_as_it_is() -> None:
    sound = flash_and_beep("vp8", 2)[1]
    frames = _take("opus", _packets(sound))
    assert [frame.data for frame in frames] == [frame.data for frame in sound.frames]
    assert all(frame.key for frame in frames)


def test_h264_without_parameter_sets_in_band_takes_them_from_the_description() -> None:
    import base64

    clip = _noisy_clip("h264")
    units = [unit for unit in clip.frames[0].data.split(b"\x00\x00\x01") if unit and unit[0] & 0x1F in (7, 8)]
    sets = [unit.rstrip(b"\x00") for unit in units]
    fmtp = "packetization-mode=1; sprop-parameter-sets=" + ",".join(
        base64.b64encode(unit).decode() for unit in sets
    )
    assert parameter_sets(fmtp) == sets
    bare = [packet for packet in _packets(clip) if packet.payload[0] & 0x1F != 24]
    assert not any(frame.key for frame in _take("h264", bare))
    depacketizer = depacketizer_for("h264", fmtp)
    frames = [frame for packet in bare for frame in depacketizer.take(Arrived(packet, 0, 0))]
    assert frames[0].key
    assert _decoded("h264", [frame.data for frame in frames]) == 12


def test_parameter_sets_that_cannot_be_read_are_left_out() -> None:
    assert parameter_sets("sprop-parameter-sets=***,,;profile-level-id=42e01f") == []


def test_an_unknown_codec_is_refused() -> None:
    with pytest.raises(KeyError):
        depacketizer_for("theora")
