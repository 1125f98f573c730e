"""Stations and viewers made of aiortc's own RTCPeerConnection: peers that share no code with the media plane."""

from __future__ import annotations

import asyncio
import itertools
from fractions import Fraction
from typing import Any

import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import VIDEO_CLOCK_RATE, VIDEO_TIME_BASE
from av import AudioFrame, VideoFrame

from tests.support.media_node import FakeControl
from tests.support.waiting import eventually

_numbers = itertools.count(1)


class ColourTrack(MediaStreamTrack):
    """A small picture of one grey level that tells sources apart, 15 a second."""

    kind = "video"

    def __init__(self, luma: int) -> None:
        super().__init__()
        self.luma = luma
        self._at = 0
        self._start: float | None = None

    async def recv(self) -> VideoFrame:
        loop = asyncio.get_running_loop()
        if self._start is None:
            self._start = loop.time()
        await asyncio.sleep(max(0.0, self._start + self._at / 15 - loop.time()))
        picture = np.full((120 * 3 // 2, 160), 128, dtype=np.uint8)
        picture[:120] = self.luma
        picture[:120:16, self._at % 160] = 255 - self.luma
        frame = VideoFrame.from_ndarray(picture, format="yuv420p")
        frame.pts, frame.time_base = self._at * VIDEO_CLOCK_RATE // 15, VIDEO_TIME_BASE
        self._at += 1
        return frame


class ToneTrack(MediaStreamTrack):
    """A tone of a pitch that tells sources apart; `loud` from 0 to 1."""

    kind = "audio"

    def __init__(self, pitch_hz: float, loud: float = 0.5) -> None:
        super().__init__()
        self.pitch_hz = pitch_hz
        self.loud = loud
        self._at = 0
        self._start: float | None = None

    async def recv(self) -> AudioFrame:
        loop = asyncio.get_running_loop()
        if self._start is None:
            self._start = loop.time()
        await asyncio.sleep(max(0.0, self._start + self._at / 48_000 - loop.time()))
        times = (np.arange(960) + self._at) / 48_000
        wave = (np.sin(2 * np.pi * self.pitch_hz * times) * 30_000 * self.loud).astype(np.int16)
        frame = AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
        frame.pts, frame.sample_rate, frame.time_base = self._at, 48_000, Fraction(1, 48_000)
        self._at += 960
        return frame


class Client:
    """One aiortc connection to the node under test. `id` is its peer id."""

    def __init__(self, control: FakeControl, meeting: str, participant: str) -> None:
        self.control = control
        control.clients.append(self)
        self.meeting = meeting
        self.participant = participant
        self.id = f"s_{participant}_{next(_numbers)}"
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.opened: dict[str, Any] = {}
        self.viewers: list[Viewer] = []

    async def publish(self, *tracks: MediaStreamTrack) -> None:
        for track in tracks:
            self.pc.addTrack(track)
        await self._open("publish")

    async def watch(self, video: int = 1, audio: int = 1) -> None:
        for kind, count in (("video", video), ("audio", audio)):
            for _ in range(count):
                self.pc.addTransceiver(kind, direction="recvonly")
        await self._open("watch")
        self.viewers = [Viewer(transceiver.receiver.track) for transceiver in self.pc.getTransceivers()]
        for viewer in self.viewers:
            viewer.start()

    async def _open(self, direction: str) -> None:
        await self.pc.setLocalDescription(await self.pc.createOffer())
        self.opened = await self.control.call(
            "peer.open",
            peer=self.id,
            meeting=self.meeting,
            participant=self.participant,
            direction=direction,
            offer=self.pc.localDescription.sdp,
        )
        await self.pc.setRemoteDescription(RTCSessionDescription(self.opened["answer"], "answer"))
        await eventually(
            lambda: self.pc.connectionState == "connected",
            why=f"{self.participant} ({direction}) is not connected",
        )

    async def close(self) -> None:
        for viewer in self.viewers:
            await viewer.stop()
        await self.pc.close()


class Viewer:
    """Takes the frames of one slot: how many, and what the last one looked or sounded like."""

    def __init__(self, track: MediaStreamTrack) -> None:
        self.track = track
        self.frames = 0
        self.value = -1.0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._take())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _take(self) -> None:
        while True:
            frame: Any = await self.track.recv()
            data = frame.to_ndarray()
            if self.track.kind == "video":
                self.value = float(np.median(data[:100]))
            else:
                spectrum = np.abs(np.fft.rfft(data.reshape(-1, 2)[:, 0].astype(float)))
                peak = int(np.argmax(spectrum[1:])) + 1
                self.value = peak * frame.sample_rate / (2 * (len(spectrum) - 1))
            self.frames += 1

    async def shows(self, value: float, tolerance: float, timeout_s: float = 10.0) -> None:
        """Wait until the slot shows (or sounds like) this."""

        def check() -> bool:
            assert self.frames > 0, "no frame yet"
            assert abs(self.value - value) <= tolerance, f"shows {self.value:g}, not {value:g}"
            return True

        await eventually(check, timeout_s)
