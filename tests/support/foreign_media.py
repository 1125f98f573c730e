"""WHIP and WHEP as somebody else would write them: aiortc's own connection and plain HTTP, none of the product's code."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import aiohttp
import av
import numpy as np
import numpy.typing as npt
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import VIDEO_CLOCK_RATE, VIDEO_TIME_BASE

from tests.support.real_media import Grey, bunny_mp4, frames
from tests.support.waiting import eventually

#: Pictures a second that are sent: enough to see motion, cheap enough for two shared cores.
FILM_FPS = 12
SOUND_HZ = 48_000
_SOUND_SAMPLES = 960


class _PacedTrack(MediaStreamTrack):
    """Hands out one item after the other, `rate` a second, round and round."""

    def __init__(self, rate: float, count: int) -> None:
        super().__init__()
        self._rate = rate
        self._count = count
        self._next = 0
        self._begun: float | None = None

    async def _due(self) -> tuple[int, int]:
        """Wait until the next item is due; its running number and its place in the round."""
        loop = asyncio.get_running_loop()
        if self._begun is None:
            self._begun = loop.time()
        await asyncio.sleep(max(0.0, self._begun + self._next / self._rate - loop.time()))
        number = self._next
        self._next += 1
        return number, number % self._count


class FilmTrack(_PacedTrack):
    """The real film, every second picture of it, small."""

    kind = "video"

    def __init__(self, width: int = 320, height: int = 180) -> None:
        self._pictures = [
            each.to_ndarray()
            for at, each in enumerate(frames(bunny_mp4(), width, height, "yuv420p"))
            if at % 2 == 0
        ]
        super().__init__(FILM_FPS, len(self._pictures))

    async def recv(self) -> av.VideoFrame:
        number, at = await self._due()
        frame = av.VideoFrame.from_ndarray(self._pictures[at], format="yuv420p")
        frame.pts, frame.time_base = number * VIDEO_CLOCK_RATE // FILM_FPS, VIDEO_TIME_BASE
        return frame


class SpeechTrack(_PacedTrack):
    """A WAV file, 20 ms at a time."""

    kind = "audio"

    def __init__(self, path: Path) -> None:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=SOUND_HZ)
        with av.open(str(path)) as wav:
            pieces = [
                out.to_ndarray()[0] for frame in wav.decode(audio=0) for out in resampler.resample(frame)
            ]
        self._samples = np.concatenate(pieces)
        super().__init__(SOUND_HZ / _SOUND_SAMPLES, len(self._samples) // _SOUND_SAMPLES)

    async def recv(self) -> av.AudioFrame:
        number, at = await self._due()
        samples = self._samples[at * _SOUND_SAMPLES : (at + 1) * _SOUND_SAMPLES]
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.pts, frame.sample_rate = number * _SOUND_SAMPLES, SOUND_HZ
        frame.time_base = Fraction(1, SOUND_HZ)
        return frame


class Sink:
    """Takes the decoded frames of one track: how many came, the newest picture, the loudest sound."""

    def __init__(self, track: MediaStreamTrack) -> None:
        self.frames = 0
        self.picture: Grey | None = None
        #: Mean red, green and blue of the newest picture.
        self.colour: Grey | None = None
        #: RMS of the loudest 20 ms so far, full scale is 1.
        self.loudest = 0.0
        self._task = asyncio.create_task(self._take(track))

    async def _take(self, track: MediaStreamTrack) -> None:
        while True:
            frame: Any = await track.recv()
            if track.kind == "video":
                self.picture = np.asarray(frame.reformat(32, 18, "gray").to_ndarray(), np.float64)
                self.colour = (
                    frame.reformat(32, 18, "rgb24").to_ndarray().astype(np.float64).mean(axis=(0, 1))
                )
            else:
                samples: npt.NDArray[np.float64] = np.asarray(frame.to_ndarray(), np.float64)
                self.loudest = max(self.loudest, float(np.sqrt(np.mean(samples**2))) / 32768)
            self.frames += 1

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


class ForeignPeer:
    """One session at a WHIP or WHEP door, opened by POST and ended by DELETE."""

    def __init__(self, http: aiohttp.ClientSession, token: str) -> None:
        self._http = http
        self.token = token
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.location = ""
        self.headers: dict[str, str] = {}
        self.sinks: dict[str, Sink] = {}

    def send(self, *tracks: MediaStreamTrack) -> None:
        """What will be published."""
        for track in tracks:
            self.pc.addTransceiver(track, direction="sendonly")

    def receive(self, *kinds: str) -> None:
        """What will be watched, one section each."""
        for kind in kinds:
            self.pc.addTransceiver(kind, direction="recvonly")

    async def offer(self) -> str:
        """Our session description, candidates and all."""
        await self.pc.setLocalDescription(await self.pc.createOffer())
        return self.pc.localDescription.sdp

    async def connect(self, url: str) -> None:
        """POST the offer, take the answer, and wait until the media connection stands."""
        headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {self.token}"}
        async with self._http.post(url, data=await self.offer(), headers=headers) as answer:
            text = await answer.text()
            assert answer.status == 201, f"{answer.status} {text}"
            assert answer.content_type == "application/sdp"
            self.headers = {name.lower(): value for name, value in answer.headers.items()}
        self.location = urljoin(url, self.headers["location"])
        await self.pc.setRemoteDescription(RTCSessionDescription(text, "answer"))
        for transceiver in self.pc.getTransceivers():
            if transceiver.direction == "recvonly":
                self.sinks[transceiver.kind] = Sink(transceiver.receiver.track)
        await eventually(
            lambda: self.pc.connectionState == "connected", 15, f"not connected: {self.pc.connectionState}"
        )

    async def delete(self) -> int:
        """End the session as RFC 9725 section 4.2 has it; the status."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self._http.delete(self.location, headers=headers) as answer:
            return answer.status

    async def close(self) -> None:
        """Let go of the connection, whatever the hub thinks of it."""
        for sink in self.sinks.values():
            await sink.stop()
        await self.pc.close()


@asynccontextmanager
async def foreign_peer(http: aiohttp.ClientSession, token: str) -> AsyncIterator[ForeignPeer]:
    """A peer that is closed at the end."""
    peer = ForeignPeer(http, token)
    try:
        yield peer
    finally:
        await peer.close()
