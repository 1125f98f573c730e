"""The loop that plays a clip, and the parts of the station that need neither network nor clock."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection
from aiortc.codecs import CODECS
from aiortc.codecs.vpx import VpxPayloadDescriptor
from aiortc.rtp import RTCP_PSFB_PLI, RtcpPsfbPacket
from hypothesis import given
from hypothesis import strategies as st

from clients.station.backoff import Backoff
from clients.station.clip import AUDIO_CLOCK, AudioPacket, Clip, VideoFrame, join_clip
from clients.station.player import AudioLoop, VideoLoop
from clients.station.seams import vp8_payloads
from clients.station.source import ClipSource

FPS = 15
#: Two seconds, a key frame each half second; the data tells the number of the picture.
CLIP = Clip(
    video=tuple(VideoFrame(bytes((n,)), n / FPS, n % 8 == 0) for n in range(2 * FPS)),
    audio=tuple(AudioPacket(bytes((n,)), n * 960, -20 - n % 5) for n in range(100)),
    length=2 * AUDIO_CLOCK,
)


def play(loop: VideoLoop | AudioLoop, until_s: float) -> list[tuple[float, bytes, int]]:
    """What is sent until then by somebody who is always in time: when, data, time stamp."""
    sent = []
    while loop.due_s < until_s:
        due_s = loop.due_s
        unit = loop.take(due_s)
        sent.append((due_s, unit.data, unit.timestamp))
    return sent


def test_pictures_and_sound_go_round_with_even_time_stamps() -> None:
    pictures = play(VideoLoop(CLIP), 6.0)
    assert [data[0] for _, data, _ in pictures] == list(range(30)) * 3
    steps = {later[2] - earlier[2] for earlier, later in pairwise(pictures)}
    assert steps == {6000}
    sound = play(AudioLoop(CLIP), 6.0)
    assert {later[2] - earlier[2] for earlier, later in pairwise(sound)} == {960}
    assert len(sound) == 300


@given(asked_after=st.integers(0, 100))
def test_a_key_frame_that_is_asked_for_is_the_very_next_picture(asked_after: int) -> None:
    loop = VideoLoop(CLIP)
    for _ in range(asked_after):
        loop.take(loop.due_s)
    before_s = loop.due_s
    loop.ask_key()
    unit = loop.take(before_s)
    assert unit.is_key
    assert unit.timestamp == round(before_s * 90000)
    after = loop.take(loop.due_s)
    assert 0 < after.timestamp - unit.timestamp <= 6001


@given(asked=st.lists(st.integers(0, 200), max_size=20))
def test_time_stamps_only_rise_and_the_clip_stays_in_step_whatever_is_asked(asked: list[int]) -> None:
    loop = VideoLoop(CLIP)
    last = -1
    for number in range(200):
        if number in asked:
            loop.ask_key()
        due_s = loop.due_s
        unit = loop.take(due_s)
        assert unit.timestamp > last
        last = unit.timestamp
        apart = abs(unit.data[0] / FPS - due_s % 2.0)
        assert min(apart, 2.0 - apart) <= 0.6, "the picture has drifted from where the clip should be"


def test_who_comes_late_skips_ahead_to_a_key_frame_instead_of_sending_a_burst() -> None:
    loop = VideoLoop(CLIP)
    play(loop, 1.0)
    unit = loop.take(7.3)
    assert unit.is_key
    assert unit.timestamp == round(7.3 * 90000)
    assert 7.3 < loop.due_s < 7.5
    sound = AudioLoop(CLIP)
    play(sound, 1.0)
    unit = sound.take(7.3)
    assert unit.timestamp == 7.3 * 48000
    assert sound.due_s == pytest.approx(7.32)


def test_a_clip_must_begin_with_a_key_frame_and_have_what_is_played() -> None:
    with pytest.raises(ValueError, match="key frame"):
        VideoLoop(replace(CLIP, video=CLIP.video[1:]))
    with pytest.raises(ValueError, match="sound"):
        AudioLoop(replace(CLIP, audio=()))


def test_the_widest_gap_between_key_frames_counts_the_seam() -> None:
    assert CLIP.widest_key_gap_s == pytest.approx(8 / FPS)
    assert replace(CLIP, video=CLIP.video[:9]).widest_key_gap_s == pytest.approx(2 - 8 / FPS)
    assert replace(CLIP, video=()).widest_key_gap_s == float("inf")


def test_picture_of_one_clip_and_sound_of_another_are_as_long_as_the_longer() -> None:
    longer = replace(CLIP, length=3 * AUDIO_CLOCK, video=())
    joined = join_clip(CLIP, longer)
    assert (len(joined.video), len(joined.audio), joined.length) == (30, 100, 3 * AUDIO_CLOCK)
    assert join_clip(None, longer).video == ()


@given(frame=st.binary(min_size=1, max_size=5000), picture_id=st.integers(0, 0x7FFF))
def test_vp8_payloads_carry_the_picture_its_id_and_one_beginning(frame: bytes, picture_id: int) -> None:
    payloads = vp8_payloads(frame, picture_id)
    whole, starts = b"", []
    for payload in payloads:
        assert len(payload) <= 1300
        descriptor, data = VpxPayloadDescriptor.parse(payload)
        assert descriptor.picture_id == picture_id
        starts.append(descriptor.partition_start)
        whole += data
    assert whole == frame
    assert starts == [1] + [0] * (len(payloads) - 1)


async def test_aiortc_still_takes_units_and_tells_of_key_frame_requests() -> None:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    source = ClipSource(CLIP)
    try:
        source.attach(connection)
        audio, video = connection.getSenders()
        codec = next(each for each in CODECS["video"] if each.name == "VP8")
        first = await video._next_encoded_frame(codec)
        assert first is not None
        assert first.payloads == vp8_payloads(bytes((0,)), 1)
        await video._handle_rtcp_packet(RtcpPsfbPacket(fmt=RTCP_PSFB_PLI, ssrc=1, media_ssrc=video._ssrc))
        second = await video._next_encoded_frame(codec)
        assert second is not None
        assert CLIP.video[VpxPayloadDescriptor.parse(second.payloads[0])[1][0]].is_key
        sound = await audio._next_encoded_frame(CODECS["audio"][0])
        assert sound is not None
        assert (sound.payloads, sound.audio_level) == ([bytes((0,))], -20)
        packet = await video.track.recv()
        assert packet.pts is not None
        assert packet.pts > first.timestamp
    finally:
        source.detach()
        await connection.close()


def test_waits_double_up_to_a_limit_and_differ_between_stations() -> None:
    waits = Backoff(0.25, 5.0, random.Random(1))
    taken = [waits.next_s() for _ in range(10)]
    for step, wait in zip([0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0], taken, strict=False):
        assert step / 2 <= wait <= step
    waits.reset()
    assert waits.next_s() <= 0.25
    assert Backoff(chance=random.Random(1)).next_s() != Backoff(chance=random.Random(2)).next_s()


def test_a_crowd_of_stations_comes_back_over_the_time_that_the_hub_asks_for() -> None:
    chance = random.Random(1)
    seconds: Counter[int] = Counter()
    for _ in range(2047):
        waits = Backoff(chance=chance)
        waits.spread_s = 8.0
        seconds[int(waits.next_s())] += 1
    assert set(seconds) == set(range(8))
    assert max(seconds.values()) < 320
