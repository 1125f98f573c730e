"""The media plane in virtual time: a whole Sfu, light peers, and a bad network between them; no sockets, no sleep."""

from __future__ import annotations

import functools
import itertools
from typing import Any

from hub.media.ingest.upload_cap import PUBLISHER_BPS
from hub.media.node.sfu import Sfu
from hub.media.transport.address import Address
from hub.media.transport.srtp import SealBuffer
from hub.wire import rtcp, rtp
from hub.wire.rtp_header import RtpHeader
from hub.wire.sdp import Fingerprint
from tests.support.lossy import Line, LossyNetwork
from tests.support.media_light import RTX, KeyedDtls, LightPeer, fresh_fingerprint, vp8_payload

_addresses = itertools.count(10_000)


class World:
    """A node's media plane whose datagrams cross a LossyNetwork. `told` are its events for control."""

    def __init__(
        self, seed: int = 1, network: LossyNetwork | None = None, publisher_bps: int = PUBLISHER_BPS
    ) -> None:
        """A network of its own with this seed, or one that is shared with other nodes."""
        self.network = network or LossyNetwork(seed)
        self.inbox = SealBuffer(2048)
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.peers: dict[Address, tuple[LightPeer, Line]] = {}
        self.sfu = Sfu(
            port=self,
            inbox=self.inbox,
            candidates=[("127.0.0.1", 5000)],
            fingerprint=Fingerprint("sha-256", ":".join(["AB"] * 32)),
            dtls=KeyedDtls,
            tell=lambda event, data: self.told.append((event, data)),
            clock=lambda: self.network.now,
            to_unix=lambda now: now + 1_700_000_000.0,
            publisher_bps=publisher_bps,
        )
        self.network.every(0.02, self.sfu.tick)

    def of(self, event: str, **match: Any) -> list[dict[str, Any]]:
        """What was told under this name with these values, oldest first."""
        return [
            data
            for name, data in self.told
            if name == event and all(data.get(key) == value for key, value in match.items())
        ]

    # --- Port -----------------------------------------------------------------------------------------

    def send(self, data: bytes | memoryview, address: Address) -> None:
        self._down(bytes(data), address)

    def send_run(self, run: memoryview, segment: int, address: Address) -> None:
        for start in range(0, len(run), segment):
            self._down(bytes(run[start : start + segment]), address)

    def _down(self, data: bytes, address: Address) -> None:
        known = self.peers.get(address)
        if known is not None:
            peer, line = known
            self.network.carry(line, "down", len(data), functools.partial(peer.receive, data))

    # --- peers ----------------------------------------------------------------------------------------

    def inject(self, data: bytes, address: Address) -> None:
        """A datagram arrives at the node now."""
        self.inbox.view[: len(data)] = data
        self.sfu.receive(len(data), address)
        self.drained()

    def drained(self) -> None:
        """What the node's process does when its port is drained."""
        again = self.sfu.drained()
        if again is not None:
            self.network.at(again, self.drained)

    def join(
        self,
        direction: str,
        participant: str,
        *,
        meeting: str = "m",
        line: Line | None = None,
        down: Line | None = None,
        sources_of: LightPeer | None = None,
        video: int = 1,
        audio: int = 1,
        source: str = "camera",
        **offer: Any,
    ) -> LightPeer:
        """Open a peer and connect it; `peer.id` and `peer.address` say where it is.

        `line` is both its directions, or only that towards the hub where `down` is given. With `sources_of` it
        announces the very SSRCs of another peer.
        """
        line = line or Line()
        address: Address = ("10.0.0.1", next(_addresses))
        peer = LightPeer(lambda data: self.up(data, peer), KeyedDtls, fresh_fingerprint())
        peer.id, peer.address, peer.line = f"s_{participant}_{address[1]}", address, line
        self.peers[address] = (peer, down or line)
        if sources_of is not None:
            peer.video_ssrc, peer.rtx_ssrc = sources_of.video_ssrc, sources_of.rtx_ssrc
            peer.audio_ssrc = sources_of.audio_ssrc
        text = peer.offer(
            "sendonly" if direction == "publish" else "recvonly", video=video, audio=audio, **offer
        )
        opened = self.sfu.peer_open(peer.id, meeting, participant, direction, text, source)
        peer.take_answer(opened["answer"])
        for _ in range(40):
            peer.check()
            self.network.run(0.05)
            if peer.keys is not None:
                break
        self.network.every(2.5, lambda: peer.check() if peer.checking else None)
        assert peer.keys is not None, "the peer never connected"
        return peer

    def up(self, data: bytes, peer: LightPeer) -> None:
        """What a peer sends goes up its line."""
        deliver = functools.partial(self.inject, data, peer.address)
        self.network.carry(peer.line, "up", len(data), deliver)

    def rebind(self, peer: LightPeer) -> None:
        """The peer is reached at another address from now on, and knows nothing of it."""
        self.peers[new_address := ("10.0.0.2", next(_addresses))] = self.peers.pop(peer.address)
        peer.address = new_address


class Camera:
    """Sends frames of `packets` VP8 packets, answers NACKs (by RTX) and PLIs as a browser does."""

    def __init__(self, world: World, peer: LightPeer, *, packets: int = 4, size: int = 900) -> None:
        self.world = world
        self.peer = peer
        self.packets = packets
        self.size = size
        self.seq = 65_000
        self.picture = 32_700
        self.frames = 0
        self.key_frames = 0
        self.plis = 0
        self.key_wanted = True
        self.on = True
        self._sent: dict[int, bytes] = {}
        self._rtx_seq = 100
        peer.on_rtcp = self._heard
        world.network.every(1 / 30, self.frame)

    def frame(self) -> None:
        """One frame; the next is a key frame if one was asked for."""
        if not self.on:
            return
        key, self.key_wanted = self.key_wanted, False
        self.key_frames += key
        for index in range(self.packets):
            payload = vp8_payload(
                self.picture, key=key, first=index == 0, size=self.size, tl0=self.picture & 0xFF
            )
            marker = index == self.packets - 1
            self.peer.send_video(self.seq, self.picture * 3000, payload, marker)
            self._sent[self.seq & 0xFFFF] = rtp.build_packet(
                RTX,
                0,
                self.picture * 3000 & 0xFFFF_FFFF,
                self.peer.rtx_ssrc,
                (self.seq & 0xFFFF).to_bytes(2, "big") + payload,
                marker=marker,
            )
            self.seq += 1
        self.picture += 1
        self.frames += 1

    def _heard(self, packet: rtcp.RtcpPacket) -> None:
        if isinstance(packet, rtcp.Pli):
            self.plis += 1
            self.key_wanted = True
        elif isinstance(packet, rtcp.Nack):
            for number in packet.sequences:
                repaired = self._sent.get(number)
                if repaired is not None:
                    self._rtx_seq += 1
                    numbered = repaired[:2] + (self._rtx_seq & 0xFFFF).to_bytes(2, "big") + repaired[4:]
                    self.peer.send(self.peer.sealed(numbered))


class Screen:
    """Takes the packets of one video slot, asks for missing ones, and counts whole pictures."""

    def __init__(self, world: World, peer: LightPeer, ssrc: int, rtx_ssrc: int) -> None:
        self.world = world
        self.peer = peer
        self.ssrc = ssrc
        self.rtx_ssrc = rtx_ssrc
        self.payloads: dict[int, bytes] = {}
        self.timestamps: dict[int, int] = {}
        self.arrived: dict[int, float] = {}
        self.newest = -1
        self.first = -1
        self.duplicates = 0
        peer.on_rtp = self._take
        world.network.every(0.05, self._ask)

    def _take(self, header: RtpHeader, packet: bytes) -> None:
        seq, payload = header.sequence, packet[header.payload_offset : header.payload_end]
        if header.ssrc == self.rtx_ssrc:
            seq, payload = int.from_bytes(payload[:2], "big"), payload[2:]
        elif header.ssrc != self.ssrc:
            return
        if self.newest < 0:
            self.newest = self.first = seq + 65_536
        full = self.newest + ((seq - self.newest + 0x8000) & 0xFFFF) - 0x8000
        self.duplicates += full in self.payloads
        self.payloads[full] = payload
        self.timestamps[full] = header.timestamp
        self.arrived.setdefault(full, self.world.network.now)
        self.newest = max(self.newest, full)

    def missing(self, behind: int = 0) -> list[int]:
        """Numbers between the first and the newest that never came."""
        return [n for n in range(self.first, self.newest - behind) if n not in self.payloads]

    def _ask(self) -> None:
        recent = [n & 0xFFFF for n in range(max(self.first, self.newest - 300), self.newest)]
        lost = [n for n in recent if not self._has(n)]
        if lost and self.newest >= 0:
            self.peer.send_rtcp(rtcp.Nack(1, self.ssrc, tuple(lost[:100])))

    def _has(self, number: int) -> bool:
        return self.newest + ((number - self.newest + 0x8000) & 0xFFFF) - 0x8000 in self.payloads

    def pictures(self) -> list[int]:
        """Picture ids in order of their numbers, each once."""
        seen: list[int] = []
        for number in sorted(self.payloads):
            picture = int.from_bytes(self.payloads[number][2:4], "big") & 0x7FFF
            if not seen or seen[-1] != picture:
                seen.append(picture)
        return seen
