"""Those who publish the flash and the beep, each a program of its own kind, as its users run it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.rtcconfiguration import RTCConfiguration

from clients.station.options import StationOptions
from clients.station.station import Station
from tests.matrix.browsers import Browsers
from tests.matrix.place import Place, Refused
from tests.support import flash_beep
from tests.support.hub_process import ROOT
from tests.support.waiting import eventually

GST_PEER = ROOT / "tests" / "support" / "gst_peer.py"
SYSTEM_PYTHON = "/usr/bin/python3"

Publishing = Callable[[Place, str, Browsers], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class Publisher:
    """A row's heading for each of its codecs."""

    name: str
    codecs: tuple[str, ...]
    publishing: Publishing


@asynccontextmanager
async def child(*command: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program that goes on until its standard input ends."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, limit=1 << 20
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            assert process.stdin is not None
            process.stdin.close()
            try:
                await asyncio.wait_for(process.communicate(), 5)
            except TimeoutError:
                process.kill()
        await process.wait()


def reason_in(text: str) -> str:
    """The words of a refusal, out of its JSON."""
    try:
        return str(json.loads(text)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return text.strip()


# --- GStreamer ------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def gstreamer(place: Place, codec: str, bundle: str) -> AsyncIterator[None]:
    """webrtcbin. Raises Refused with the hub's words."""
    arguments = ("publish", place.whip, place.village.token, codec, bundle)
    async with child(SYSTEM_PYTHON, str(GST_PEER), *arguments) as process:
        assert process.stdout is not None
        async with asyncio.timeout(30):
            while line := await process.stdout.readline():
                told = json.loads(line)
                if told.get("answer", 201) != 201:
                    raise Refused(reason_in(told["text"]))
                if told.get("state") in ("connected", "completed"):
                    break
            else:
                assert process.stderr is not None
                raise Refused((await process.stderr.read()).decode().strip()[-200:])
        yield


def _gstreamer_plain(place: Place, codec: str, browsers: Browsers) -> AbstractAsyncContextManager[None]:
    return gstreamer(place, codec, "none")


def _gstreamer_bundled(place: Place, codec: str, browsers: Browsers) -> AbstractAsyncContextManager[None]:
    return gstreamer(place, codec, "max-bundle")


# --- FFmpeg ---------------------------------------------------------------------------------------------------------


async def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate and its key of the curve that WebRTC has in common (RFC 8827 section 6.5)."""
    made, key = folder / "cert.pem", folder / "key.pem"
    arguments = ["req", "-new", "-x509", "-nodes", "-days", "30", "-subj", "/CN=whip"]
    arguments += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    process = await asyncio.create_subprocess_exec(
        *("openssl", *arguments, "-keyout", str(key), "-out", str(made)),
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await process.wait() == 0, "openssl makes no certificate"
    return made, key


@asynccontextmanager
async def ffmpeg(place: Place, *options: str) -> AsyncIterator[None]:
    """The WHIP muxer. Raises Refused with FFmpeg's last words."""
    program = (sys.executable, "-m", "tests.support.ffmpeg_whip")
    async with child(*program, place.whip, place.village.token, *options) as process:
        try:
            await asyncio.wait_for(process.wait(), 6)
        except TimeoutError:
            yield
            return
        assert process.stderr is not None
        last = (await process.stderr.read()).decode().strip().splitlines()
        words = last[-1].rpartition("error log: ")[2] if last else "it ended without a word"
        log = (place.hub.folder / "logs" / "node.log").read_text("utf-8", "replace")
        _, said, why = log.rpartition("a DTLS handshake failed: ")
        raise Refused(f"{words}; the hub's log: {why.splitlines()[0]}" if said else words)


@asynccontextmanager
async def _ffmpeg_with_certificate(place: Place, codec: str, browsers: Browsers) -> AsyncIterator[None]:
    made, key = await certificate(place.folder)
    async with ffmpeg(place, f"cert_file={made}", f"key_file={key}"):
        yield


def _ffmpeg_plain(place: Place, codec: str, browsers: Browsers) -> AbstractAsyncContextManager[None]:
    return ffmpeg(place)


# --- aiortc ---------------------------------------------------------------------------------------------------------


class _Track(MediaStreamTrack):
    """Items of `pace` seconds, each when it is due."""

    def __init__(self, kind: str, pace: float, make: Callable[[int], Any]) -> None:
        super().__init__()
        self.kind = kind
        self._pace, self._make, self._number = pace, make, 0
        self._begun: float | None = None

    async def recv(self) -> Any:
        loop = asyncio.get_running_loop()
        if self._begun is None:
            self._begun = loop.time()
        await asyncio.sleep(max(0.0, self._begun + self._number * self._pace - loop.time()))
        made = self._make(self._number)
        self._number += 1
        return made


def _picture_maker() -> Callable[[int], av.VideoFrame]:
    pictures = flash_beep.Pictures()

    def make(number: int) -> av.VideoFrame:
        rows = np.frombuffer(pictures.at(number), np.uint8).reshape(-1, flash_beep.WIDTH)
        frame = av.VideoFrame.from_ndarray(rows, format="yuv420p")
        frame.pts, frame.time_base = number * 90_000 // flash_beep.FPS, Fraction(1, 90_000)
        return frame

    return make


def _sound(number: int) -> av.AudioFrame:
    samples = np.frombuffer(flash_beep.sound(number), np.int16).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
    frame.pts, frame.sample_rate = number * flash_beep.FRAME_SAMPLES, flash_beep.SAMPLE_RATE
    frame.time_base = Fraction(1, flash_beep.SAMPLE_RATE)
    return frame


@asynccontextmanager
async def aiortc(place: Place, codec: str, browsers: Browsers) -> AsyncIterator[None]:
    """aiortc's own connection, with one codec of its list."""
    pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    try:
        picture = _Track("video", 1 / flash_beep.FPS, _picture_maker())
        sound = _Track("audio", flash_beep.FRAME_SAMPLES / flash_beep.SAMPLE_RATE, _sound)
        video = pc.addTransceiver(picture, direction="sendonly")
        offered = RTCRtpSender.getCapabilities("video").codecs
        chosen = [one for one in offered if one.mimeType.upper() in (f"VIDEO/{codec}", "VIDEO/RTX")]
        if len(chosen) < 2:
            raise Refused(f"it does not send {codec}")
        video.setCodecPreferences(chosen)
        pc.addTransceiver(sound, direction="sendonly")
        await pc.setLocalDescription(await pc.createOffer())
        headers = {"Content-Type": "application/sdp", **place.village.headers}
        offer = pc.localDescription.sdp
        async with place.http.post(place.whip, data=offer, headers=headers) as answer:
            text = await answer.text()
        if answer.status != 201:
            raise Refused(reason_in(text))
        await pc.setRemoteDescription(RTCSessionDescription(text, "answer"))
        await eventually(lambda: pc.connectionState == "connected", 20, "aiortc is not connected")
        yield
    finally:
        await pc.close()


# --- our own headless station, and browsers ---------------------------------------------------------------------------


def write_film(path: Path, seconds: float = 20) -> None:
    """The flash and the beep as a file that loops without a seam."""
    make = _picture_maker()
    with av.open(str(path), "w", format="matroska") as film:
        video = film.add_stream("libx264", rate=flash_beep.FPS, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = flash_beep.WIDTH, flash_beep.HEIGHT, "yuv420p"
        audio = film.add_stream("pcm_s16le", rate=flash_beep.SAMPLE_RATE, layout="mono")
        for number in range(round(seconds * flash_beep.FPS)):
            frame = make(number)
            frame.pts, frame.time_base = number, Fraction(1, flash_beep.FPS)
            film.mux(video.encode(frame))
        film.mux(video.encode(None))
        for number in range(round(seconds * flash_beep.SAMPLE_RATE / flash_beep.FRAME_SAMPLES)):
            film.mux(audio.encode(_sound(number)))
        film.mux(audio.encode(None))


@asynccontextmanager
async def station(place: Place, codec: str, browsers: Browsers) -> AsyncIterator[None]:
    """clients/station with a film; it answers the call by itself."""
    film = place.folder / "film.mkv"
    await asyncio.to_thread(write_film, film)
    account = next(
        one for one in place.hub.accounts() if one["username"] == place.village.account["username"]
    )
    options = StationOptions(
        url=place.hub.url,
        username=account["username"],
        password=account["password"],
        video=film,
        cache_dir=place.folder / "cache",
        auto_answer_s=0.0,
    )
    made = Station(options)
    running = asyncio.create_task(made.run())
    try:
        await eventually(lambda: made.meeting == place.meeting, 40, "the station has not joined")
        yield
    finally:
        await made.stop()
        await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def _chromium(place: Place, codec: str, browsers: Browsers) -> AsyncIterator[None]:
    await browsers.publish("chromium", place.whip, place.village.token, codec)
    yield


@asynccontextmanager
async def _firefox(place: Place, codec: str, browsers: Browsers) -> AsyncIterator[None]:
    await browsers.publish("firefox", place.whip, place.village.token, codec)
    yield


PUBLISHERS = (
    Publisher("Chromium", ("VP8", "VP9", "H264", "AV1"), _chromium),
    Publisher("Firefox", ("VP8", "VP9", "H264", "AV1"), _firefox),
    Publisher("FFmpeg (WHIP muxer)", ("H264",), _ffmpeg_plain),
    Publisher("FFmpeg (WHIP muxer, own P-256 certificate)", ("H264",), _ffmpeg_with_certificate),
    Publisher("GStreamer (webrtcbin)", ("VP8",), _gstreamer_plain),
    Publisher("GStreamer (webrtcbin, max-bundle)", ("VP8", "VP9", "H264"), _gstreamer_bundled),
    Publisher("aiortc", ("VP8", "H264"), aiortc),
    Publisher("headless station", ("VP8",), station),
)
