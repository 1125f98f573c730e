"""Where the station's picture and sound come from: a clip in memory, or a camera."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Protocol

import av
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCRtpTransceiver
from aiortc.contrib.media import MediaPlayer
from aiortc.mediastreams import MediaStreamError

from clients.station.clip import AUDIO_CLOCK, VIDEO_CLOCK, Clip
from clients.station.player import AudioLoop, Unit, VideoLoop
from clients.station.seams import pass_through

#: Codecs that are offered: those of clips, and their retransmission.
_CODECS = {"video": ("video/VP8", "video/rtx"), "audio": ("audio/opus",)}


class Source(Protocol):
    """Gives a connection something to send. One at a time; `attach` may be called again after `detach`."""

    def attach(self, connection: RTCPeerConnection) -> None:
        """Add what is to be sent."""

    def pause(self, paused: bool) -> None:
        """Stop or go on sending pictures: nobody watches them, or somebody does again."""

    def detach(self) -> None:
        """Let go of devices and tracks."""


class ClipTrack(MediaStreamTrack):
    """Picture or sound of a clip, encoded as it is."""

    def __init__(self, loop: VideoLoop | AudioLoop, clock: Callable[[], float]) -> None:
        super().__init__()
        self.kind = "video" if isinstance(loop, VideoLoop) else "audio"
        self._playing = loop
        self._clock = clock
        self._flowing = asyncio.Event()
        self._flowing.set()

    def ask_key(self) -> None:
        """Make the next picture a key frame."""
        if isinstance(self._playing, VideoLoop):
            self._playing.ask_key()

    def pause(self, paused: bool) -> None:
        """Hold back, or go on beginning with a key frame."""
        if paused:
            self._flowing.clear()
        elif not self._flowing.is_set():
            self.ask_key()
            self._flowing.set()

    async def next_unit(self) -> Unit:
        """Wait until the next unit is due. Raises MediaStreamError when the track is stopped."""
        await self._flowing.wait()
        while (wait_s := self._playing.due_s - self._clock()) > 0:
            await asyncio.sleep(wait_s)
        if self.readyState != "live":
            raise MediaStreamError
        return self._playing.take(self._clock())

    async def recv(self) -> Any:
        """The next unit as a packet, for whoever takes tracks the usual way."""
        unit = await self.next_unit()
        packet = av.Packet(unit.data)
        packet.pts = unit.timestamp
        packet.time_base = Fraction(1, VIDEO_CLOCK if self.kind == "video" else AUDIO_CLOCK)
        return packet

    def stop(self) -> None:
        """End the track, also when it is paused."""
        super().stop()
        self._flowing.set()


class ClipSource:
    """Sends a clip in a loop, without encoding anything."""

    def __init__(self, clip: Clip) -> None:
        self._clip = clip
        self._tracks: list[ClipTrack] = []

    def attach(self, connection: RTCPeerConnection) -> None:
        started = time.monotonic()

        def clock() -> float:
            return time.monotonic() - started

        loops: list[VideoLoop | AudioLoop] = []
        if self._clip.audio:
            loops.append(AudioLoop(self._clip))
        if self._clip.video:
            loops.append(VideoLoop(self._clip))
        for loop in loops:
            track = ClipTrack(loop, clock)
            self._tracks.append(track)
            transceiver = connection.addTransceiver(track, direction="sendonly")
            _prefer(transceiver)
            pass_through(transceiver.sender, track.next_unit, track.ask_key)

    def pause(self, paused: bool) -> None:
        for track in self._tracks:
            if track.kind == "video":
                track.pause(paused)

    def detach(self) -> None:
        for track in self._tracks:
            track.stop()
        self._tracks.clear()


class CameraSource:
    """Sends a camera's picture, encoded once on this machine, and a clip's sound if there is one."""

    def __init__(self, device: str, sound: Clip | None, form: str = "v4l2") -> None:
        self._device = device
        self._form = form
        self._sound = ClipSource(Clip((), sound.audio, sound.length)) if sound is not None else None
        self._track: MediaStreamTrack | None = None

    def attach(self, connection: RTCPeerConnection) -> None:
        options = {"video_size": "640x360", "framerate": "25"} if self._form == "v4l2" else {}
        player = MediaPlayer(self._device, format=self._form, options=options)
        if player.video is None:
            raise OSError(f"{self._device} gives no picture")
        self._track = player.video
        if self._sound is not None:
            self._sound.attach(connection)
        _prefer(connection.addTransceiver(player.video, direction="sendonly"))

    def pause(self, paused: bool) -> None:
        """A camera goes on: its picture must be fresh when somebody looks again."""

    def detach(self) -> None:
        if self._track is not None:
            self._track.stop()
            self._track = None
        if self._sound is not None:
            self._sound.detach()


def _prefer(transceiver: RTCRtpTransceiver) -> None:
    """Offer only the codecs that clips are made of."""
    kind = transceiver.kind
    capabilities = type(transceiver.sender).getCapabilities(kind)
    transceiver.setCodecPreferences(
        [codec for codec in capabilities.codecs if codec.mimeType in _CODECS[kind]]
    )
