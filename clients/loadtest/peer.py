"""A light peer: publishes or watches like a browser, without encoding or decoding anything."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from typing import Any, Final

import aiohttp

from clients.loadtest.dtls import identity
from clients.loadtest.hub_http import check_allowed, close_media, http_session, open_media
from clients.loadtest.offers import Local, publish_offer, read_answer, watch_offer
from clients.loadtest.receiver import Receiver, Stream
from clients.loadtest.sender import Sender
from clients.loadtest.synthetic import VideoShape
from clients.loadtest.transport import Transport
from hub.wire.rtcp import RtcpError, RtcpPacket
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound

#: Brings an offer to the hub and its answer back, by whatever way.
Signal = Callable[[str], Awaitable[str]]

FEEDBACK_S: Final = 0.1
_FEEDBACKS_A_REPORT: Final = 10


class LightPeer:
    """One transport to the hub, used once: `publish` or `watch`, then `stats`, then `close`.

    `allowed` are addresses (and host names) beyond this machine that may be loaded. Of `sample_every` video
    frames one is opened to measure its delay (0: none). `http` is a session to share; without it the peer
    makes its own.
    """

    def __init__(
        self,
        *,
        allowed: Collection[str] = (),
        sample_every: int = 10,
        http: aiohttp.ClientSession | None = None,
    ) -> None:
        self._allowed = allowed
        self._http = http
        self._own_http: aiohttp.ClientSession | None = None
        self.transport = Transport(self._rtp, self._rtcp)
        self.receiver = Receiver(self.transport.open_rtp, self._send_rtcp, sample_every)
        self.sender: Sender | None = None
        self._location = ""
        self._token = ""
        self._task: asyncio.Task[None] | None = None
        self._began = time.monotonic()
        self._connected_s: float | None = None

    # --- over HTTP ------------------------------------------------------------------------------------

    async def publish(
        self,
        base_url: str,
        token: str,
        meeting: str,
        *,
        shape: VideoShape | None = VideoShape(),  # noqa: B008 - an immutable value
        sound: bool = True,
        even: bool = False,
        level: int = 20,
    ) -> None:
        """Send pictures of `shape` (None: none) and sound into a meeting by WHIP, until closed.

        `even` spreads the packets of a frame instead of sending them in one burst; `level` is the audio
        level told, −dBov. Raises NotAllowed, HubRefused, Disconnected, SdpError or SdpUnsupported.
        """
        signal = self._signal("whip", base_url, token, meeting)
        await self.publish_by(signal, shape=shape, sound=sound, even=even, level=level)

    async def watch(self, base_url: str, token: str, meeting: str, *, video: int = 1, audio: int = 1) -> None:
        """Take part in a meeting by WHEP with so many slots, until closed. Raises as `publish`."""
        await self.watch_by(self._signal("whep", base_url, token, meeting), video=video, audio=audio)

    def _signal(self, door: str, base_url: str, token: str, meeting: str) -> Signal:
        base_url = base_url.rstrip("/")
        check_allowed(base_url, self._allowed)
        if self._http is None:
            self._http = self._own_http = http_session()
        http = self._http

        async def signal(offer: str) -> str:
            answer, location = await open_media(http, base_url, token, door, meeting, offer)
            check_allowed(location, self._allowed)
            self._location, self._token = location, token
            return answer

        return signal

    # --- by any way -----------------------------------------------------------------------------------

    async def publish_by(
        self,
        signal: Signal,
        *,
        shape: VideoShape | None = VideoShape(),  # noqa: B008 - an immutable value
        sound: bool = True,
        even: bool = False,
        level: int = 20,
    ) -> None:
        """`publish` with the offer brought to the hub by `signal`."""
        sender = self.sender = Sender(
            self.transport.protect,
            self.transport.send,
            self._send_rtcp,
            shape=shape,
            sound=sound,
            even=even,
            level=level,
        )
        offer = publish_offer(self._local(), [(track.kind, track.ssrc) for track in sender.tracks])
        answered = read_answer(await signal(offer))
        await self.transport.connect(answered, self._allowed)
        self._connected_s = time.monotonic() - self._began
        sender.start(answered)

    async def watch_by(self, signal: Signal, *, video: int = 1, audio: int = 1) -> None:
        """`watch` with the offer brought to the hub by `signal`."""
        answered = read_answer(await signal(watch_offer(self._local(), video, audio)))
        self.receiver.expect(answered)
        await self.transport.connect(answered, self._allowed)
        self._connected_s = time.monotonic() - self._began
        self._task = asyncio.create_task(self._report(), name="receiver reports")

    async def close(self) -> None:
        """Leave: stop sending, end the session at the hub, release the socket. May be called twice."""
        if self.sender is not None:
            await self.sender.stop()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if self._location and self._http is not None:
            location, self._location = self._location, ""
            await close_media(self._http, self._token, location)
        self.transport.close()
        if self._own_http is not None:
            await self._own_http.close()
            self._own_http = None

    # --- what there is to know ------------------------------------------------------------------------

    def stats(self) -> dict[str, Any]:
        """Everything counted so far, as plain JSON. Times in ms, `delay_ms` only where frames were sampled.

        `streams` has one entry a slot: packets, lost, frames, `first_packet_ms` since the peer was made,
        `longest_gap_ms` between two frames, delay percentiles. `sent` has one a track.
        """
        out: dict[str, Any] = {
            "connected_ms": _ms(self._connected_s),
            "failure": self.transport.failure,
            "rtt_ms": _ms(self.transport.ice.rtt_s),
            "streams": [self._stream(stream) for stream in self.receiver.streams.values() if not stream.rtx],
            "retransmitted": sum(s.packets for s in self.receiver.streams.values() if s.rtx),
            "counters": dict(self.transport.counters + self.receiver.counters),
        }
        if self.sender is not None:
            out["sent"] = [
                {
                    "kind": track.kind,
                    "packets": track.packets,
                    "octets": track.octets,
                    "frames": track.frames,
                    "key_frames": track.key_frames,
                }
                for track in self.sender.tracks
            ]
            out["reported_lost"] = self.sender.reported_lost
            out["late_ms"] = _ms(self.sender.late_s)
            out["counters"] |= dict(self.sender.counters)
        return out

    def _stream(self, stream: Stream) -> dict[str, Any]:
        delays = sorted(stream.delays_s)
        return {
            "mid": stream.mid,
            "kind": stream.kind,
            "packets": stream.packets,
            "octets": stream.octets,
            "lost": stream.lost,
            "frames": stream.frames,
            "first_packet_ms": _ms(stream.first_at - self._began if stream.first_at is not None else None),
            "longest_gap_ms": _ms(stream.longest_gap_s),
            "delay_ms": {name: _ms(_percentile(delays, part)) for name, part in _PERCENTILES.items()},
        }

    # --- inside ---------------------------------------------------------------------------------------

    def _local(self) -> Local:
        self._began = time.monotonic()
        ice = self.transport.ice
        return Local(ice.ufrag, ice.password, identity().fingerprint)

    def _rtp(self, view: memoryview, length: int, now: float) -> None:
        self.receiver.receive(view, length, now)

    def _rtcp(self, compound: bytes, now: float) -> None:
        try:
            packets = parse_compound(compound)
        except RtcpError:
            self.transport.counters["rtcp_malformed"] += 1
            return
        if self.sender is not None:
            self.sender.receive_rtcp(packets)

    def _send_rtcp(self, packets: list[RtcpPacket]) -> None:
        self.transport.send_rtcp(serialise(packets))

    async def _report(self) -> None:
        turn = 0
        while not self.transport.ended.is_set():
            await asyncio.sleep(FEEDBACK_S)
            self.receiver.feedback()
            turn += 1
            if turn % _FEEDBACKS_A_REPORT == 0:
                self.receiver.report()


_PERCENTILES: Final = {"p50": 0.50, "p95": 0.95, "p99": 0.99, "max": 1.0}


def _percentile(ordered: list[float], part: float) -> float | None:
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else None


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 2)
