"""Light peers on real sockets: connecting them with real handshakes, a source that talks, a viewer that counts."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

from hub.media.transport.dtls import Certificate
from hub.wire import rtcp, rtp
from hub.wire.rtp_header import RtpHeader
from tests.support.media_files import Clip
from tests.support.media_light import RTX, LightPeer, LightSocket, vp8_payload
from tests.support.media_node import FakeControl
from tests.support.relay_sender import OutgoingStream
from tests.support.waiting import eventually

FRAMES_PER_S = 30
#: Chromium checks a good connection this often, and this often when nothing comes any more.
CHECK_S, WEAK_CHECK_S = 2.5, 0.5


class Connected:
    """A light peer with its socket, kept alive by checks as a browser does. `heard_at` is when media last came."""

    def __init__(self, peer: LightPeer, sock: LightSocket) -> None:
        self.peer = peer
        self.socket = sock
        self.heard_at = 0.0
        self.longest_gap_s = 0.0
        self._loop = asyncio.get_running_loop()
        self._any_at = self._loop.time()
        self._checked_at = self._loop.time()
        receive = peer.receive

        def noticed(data: bytes) -> None:
            self._any_at = self._loop.time()
            receive(data)

        peer.receive = noticed  # type: ignore[method-assign]

    def check_if_due(self) -> None:
        """Send a connectivity check if a browser would now."""
        now = self._loop.time()
        pause = WEAK_CHECK_S if now - self._any_at > CHECK_S else CHECK_S
        if now - self._checked_at >= pause:
            self._checked_at = now
            self.peer.check()

    def close(self) -> None:
        self.peer.close()
        self.socket.close()


async def connect(
    control: FakeControl,
    port: int,
    certificate: Certificate,
    name: str,
    direction: str,
    *,
    meeting: str = "m",
    video: int = 1,
    audio: int = 1,
    timeout_s: float = 15.0,
    **offered: Any,
) -> Connected:
    """One light peer with a real DTLS handshake; its id is its name. `offered`: as LightPeer.offer takes it."""
    sock = LightSocket(port)
    peer = LightPeer(sock.send, certificate.endpoint, certificate.fingerprint)
    sock.peer = peer
    offer = peer.offer(
        "sendonly" if direction == "publish" else "recvonly", video=video, audio=audio, **offered
    )
    participant = name.removesuffix("-watch")
    opened = await control.call(
        "peer.open", peer=name, meeting=meeting, participant=participant, direction=direction, offer=offer
    )
    peer.id = name
    peer.take_answer(opened["answer"])
    connected = Connected(peer, sock)
    peer.check()
    await eventually(lambda: peer.keys is not None, timeout_s, why=f"{name} has no keys")
    return connected


class Talker:
    """Sends pictures of `packets` VP8 packets and, if it has a microphone, sound; answers PLI and NACK."""

    def __init__(
        self,
        station: Connected,
        *,
        packets: int = 4,
        size: int = 900,
        level: int | None = 20,
        fps: int = FRAMES_PER_S,
    ) -> None:
        self.station = station
        self.packets = packets
        self.size = size
        self.level = level
        self.fps = fps
        self.seq, self.picture, self.audio_seq = 65_000, 1, 10_000
        self.key_wanted = True
        self.plis: list[float] = []
        self.counters: Counter[str] = Counter()
        self._kept: dict[int, bytes] = {}
        self._rtx_seq = 0
        self._loop = asyncio.get_running_loop()
        station.peer.on_rtcp = self._heard

    def frame(self) -> None:
        """One picture, and the sound beside it."""
        peer = self.station.peer
        key, self.key_wanted = self.key_wanted, False
        for index in range(self.packets):
            payload = vp8_payload(self.picture, key=key, first=index == 0, size=self.size, tl0=self.picture)
            peer.send_video(self.seq, self.picture * 3000, payload, index == self.packets - 1)
            self._kept[self.seq & 0x1FF] = payload
            self.seq += 1
        self.picture += 1
        if self.level is not None:
            peer.send_audio(self.audio_seq, self.audio_seq * 960, self.level)
            self.audio_seq += 1

    def _heard(self, packet: rtcp.RtcpPacket) -> None:
        if isinstance(packet, rtcp.Pli | rtcp.Fir):
            self.key_wanted = True
            self.plis.append(self._loop.time())
        elif isinstance(packet, rtcp.Nack):
            for number in packet.sequences:
                payload = self._kept.get(number & 0x1FF)
                if payload is not None and (self.seq - number) & 0xFFFF < 0x200:
                    self._rtx_seq += 1
                    again = number.to_bytes(2, "big") + payload
                    peer = self.station.peer
                    peer.send(
                        peer.sealed(rtp.build_packet(RTX, self._rtx_seq & 0xFFFF, 0, peer.rtx_ssrc, again))
                    )
                    self.counters["repaired"] += 1

    async def run(self) -> None:
        """Talk until cancelled."""
        start, frame = self._loop.time(), 0
        while True:
            self.frame()
            self.station.check_if_due()
            frame += 1
            await asyncio.sleep(max(0.0, start + frame / self.fps - self._loop.time()))


class ClipTalker:
    """Sends clips in real time, over and over, so that what arrives can be decoded and looked at."""

    def __init__(self, station: Connected, clips: Sequence[Clip]) -> None:
        self.station = station
        self._streams = [OutgoingStream(clip) for clip in clips]
        self._loop = asyncio.get_running_loop()

    async def run(self) -> None:
        """Talk until cancelled."""
        begun = self._loop.time()
        while True:
            packets = [(at_s, stream, packet) for stream in self._streams for at_s, packet in stream.rtp()]
            for at_s, stream, packet in sorted(packets, key=lambda each: each[0]):
                await asyncio.sleep(max(0.0, begun + at_s - self._loop.time()))
                self.station.check_if_due()
                self._send(stream, rtp.read_header(packet), packet)
            length_s = max(stream.clip.seconds for stream in self._streams)
            begun += length_s
            for stream in self._streams:
                stream.timestamp += round(length_s * stream.clip.clock_rate)

    def _send(self, stream: OutgoingStream, header: RtpHeader, packet: bytes) -> None:
        peer, payload = self.station.peer, packet[header.payload_offset : header.payload_end]
        if stream.clip.kind == "audio":
            peer.send_audio(header.sequence, header.timestamp, 20, payload)
        else:
            peer.send_video(header.sequence, header.timestamp, payload, header.marker)


class Viewer:
    """Counts what comes in the first picture slot, asks for what is missing and for a key frame like a browser."""

    def __init__(self, watching: Connected) -> None:
        self.watching = watching
        self.got: set[int] = set()
        self.first = self.newest = -1
        self.rtcp_on = True
        self.heard_at = 0.0
        self._loop = asyncio.get_running_loop()
        self._asked: dict[int, tuple[float, int]] = {}
        self.ssrc, self.rtx_ssrc = watching.peer.slots[0], watching.peer.slots[1]
        watching.peer.on_rtp = self._take

    def _take(self, header: RtpHeader, packet: bytes) -> None:
        number = header.sequence
        if header.ssrc == self.rtx_ssrc:
            number = int.from_bytes(packet[header.payload_offset : header.payload_offset + 2], "big")
        elif header.ssrc != self.ssrc:
            return
        self.heard_at = self._loop.time()
        if self.newest < 0:
            self.first = self.newest = number + 0x1_0000
        full = self.newest + ((number - self.newest + 0x8000) & 0xFFFF) - 0x8000
        self.newest = max(self.newest, full)
        self.got.add(full)

    def missing(self, behind: int = 40) -> list[int]:
        """Numbers from the first to shortly before the newest that never came."""
        return [n for n in range(self.first, self.newest - behind) if n not in self.got]

    def tend(self) -> None:
        """To be called often: checks and NACKs that are due."""
        self.watching.check_if_due()
        if not self.rtcp_on or self.newest < 0:
            return
        now, ask = self._loop.time(), []
        for number in range(max(self.first, self.newest - 200), self.newest):
            if number in self.got:
                continue
            asked_at, times = self._asked.get(number, (0.0, 0))
            if times < 10 and now - asked_at > 0.1:
                self._asked[number] = (now, times + 1)
                ask.append(number & 0xFFFF)
        if ask:
            self.watching.peer.send_rtcp(rtcp.Nack(1, self.ssrc, tuple(ask[:100])))

    async def run(self) -> None:
        """Tend until cancelled."""
        while True:
            self.tend()
            await asyncio.sleep(0.03)
