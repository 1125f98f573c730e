"""A stream while it is pulled, in virtual time: begun for who asks, let go of after him, asked anew where it is another now."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from hub.gateway.child import Children
from hub.gateway.pulls import KEEP_S, REFUSED_REST_S, UNREAD_S, Pull
from hub.gateway.rtsp_port import Sink, Target
from hub.wire import rtp
from hub.wire.sdp_rtsp import Track
from tests.support.h264_sender import FPS, clip, described, one_by_one, units_of

URL = "rtsp://10.0.0.7/main"


class Conversation:
    """A Puller that says what the test has it say."""

    def __init__(self, target: Target, sink: Sink) -> None:
        self.target = target
        self.sink = sink
        self.open = False

    def start(self) -> None:
        self.open = True
        self.sink.state("connecting", "")

    def close(self) -> None:
        self.open = False

    def dump(self) -> dict[str, object]:
        return {}


class Taker:
    """A Tap: as long as it is there the stream is wanted."""

    def described(self, track: Track | None) -> None: ...
    def rtp(self, packet: memoryview) -> None: ...


class Stand:
    """One Pull, the conversations that it has had, and the time."""

    def __init__(self) -> None:
        self.now = 100.0
        self.talks: list[Conversation] = []
        self.said: list[tuple[str, str]] = []
        self.pull = Pull(
            "main",
            Target(URL, "admin", "pw"),
            self._open,
            lambda: self.now,
            lambda now: now,
            mark=lambda layer: None,
            children=Children(),
            on_news=lambda: self.said.append((self.pull.state, self.pull.reason)),
        )
        self.pull.tap = Taker()
        self._clip = clip(320)
        self._sequence = self._picture = 0

    def _open(self, target: Target, sink: Sink) -> Conversation:
        self.talks.append(Conversation(target, sink))
        return self.talks[-1]

    def run(self, seconds: float) -> None:
        """Time passes, and nothing comes."""
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            self.pull.look(self.now)

    def describe(self, codec: str) -> Track:
        track = Track("video", codec, 96, 90_000, 1, described(self._clip) if codec == "h264" else "", "")
        self.talks[-1].sink.described([track])
        self.talks[-1].sink.state("playing", "")
        return track

    def play(self, track: Track, seconds: float, *, noise: bool = False) -> None:
        """Pictures come; with `noise` packets of another codec in their place."""
        for number in range(round(seconds * FPS)):
            frame = self._clip.frames[self._picture % len(self._clip.frames)].data
            for stamp, payload, marker in one_by_one(units_of(frame), self._picture * 90_000 // FPS):
                # 62: a fragment of H265, which H264 leaves undefined
                self._send(track, stamp, b"\x7e\x01" + payload[2:] if noise else payload, marker=marker)
            self._picture += 1
            self.now += 1 / FPS
            if number % 3 == 0:
                self.pull.look(self.now)

    def _send(self, track: Track, stamp: int, payload: bytes, *, marker: bool) -> None:
        packet = rtp.build_packet(96, self._sequence & 0xFFFF, stamp & 0xFFFF_FFFF, 1, payload, marker=marker)
        self._sequence += 1
        self.talks[-1].sink.rtp(track, memoryview(packet), self.now)

    @property
    def open(self) -> Sequence[Conversation]:
        return [talk for talk in self.talks if talk.open]


@pytest.fixture
def stand() -> Stand:
    return Stand()


def test_it_is_pulled_while_it_is_wanted_and_a_little_longer(stand: Stand) -> None:
    stand.run(0.1)
    stand.play(stand.describe("h264"), 1)
    assert stand.pull.state == "playing"
    stand.pull.tap = None
    stand.run(KEEP_S - 0.5)
    assert len(stand.open) == 1, "who comes back has it at once"
    stand.run(1.0)
    assert not stand.open
    assert stand.pull.state == "idle"


def test_another_codec_in_the_same_conversation_is_asked_for_anew_and_named(stand: Stand) -> None:
    stand.run(0.1)
    track = stand.describe("h264")
    stand.play(track, 2)
    stand.play(track, UNREAD_S + 0.5, noise=True)
    assert (len(stand.talks), len(stand.open)) == (2, 1), "the picture stands still for ever"
    assert stand.pull.state == "connecting"
    stand.talks[0].sink.rtp(track, memoryview(bytes(40)), stand.now)  # said too late: nobody hears it
    h265 = stand.describe("h265")
    stand.play(h265, 3 * UNREAD_S, noise=True)
    assert (stand.pull.state, stand.pull.reason) == ("unplayable", "codec_h265")
    assert len(stand.talks) == 2, "it is asked once"


def test_what_cannot_be_read_from_the_beginning_is_not_asked_for_again_and_again(stand: Stand) -> None:
    stand.run(0.1)
    stand.play(stand.describe("h264"), 3 * UNREAD_S, noise=True)
    assert len(stand.talks) == 1
    assert (stand.pull.state, stand.pull.reason) == ("connecting", "no_key_frame")


def test_a_picture_that_stands_still_is_left_to_the_line(stand: Stand) -> None:
    stand.run(0.1)
    stand.play(stand.describe("h264"), 1)
    stand.run(3 * UNREAD_S)
    assert len(stand.talks) == 1, "a camera that is silent is dialled anew by its own conversation"


def test_who_was_refused_rests_whoever_asks(stand: Stand) -> None:
    stand.run(0.1)
    stand.talks[-1].sink.state("refused", "credentials")
    stand.pull.stop(stand.now)
    stand.run(REFUSED_REST_S - 1)
    assert len(stand.talks) == 1
    stand.run(2)
    assert len(stand.talks) == 2
