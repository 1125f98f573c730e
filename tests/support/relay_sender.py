"""The node's end of a relay, for tests: sends clips as SRTP, answers NACKs, counts PLIs, loses what it is told to."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hub.wire import ntp, rtcp
from hub.wire.relay_crypto import RelayCrypto
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound
from hub.wire.rtp import build_packet
from tests.support.media_files import Clip
from tests.support.packetizers import PACKETIZERS


@dataclass(slots=True)
class OutgoingStream:
    """One stream of a clip on the wire: its numbers begin anywhere.

    `late_s` delays its packets on the way; `sender_clock_s` is what the sender's clock shows more than ours.
    """

    clip: Clip
    ssrc: int = field(default_factory=lambda: random.getrandbits(32))
    sequence: int = field(default_factory=lambda: random.getrandbits(16))
    timestamp: int = field(default_factory=lambda: random.getrandbits(32))
    late_s: float = 0.0
    sender_clock_s: float = 0.0
    packets: int = 0
    octets: int = 0

    def stamp(self, at_s: float) -> int:
        """The RTP time stamp of a moment of the clip."""
        return (self.timestamp + round(at_s * self.clip.clock_rate)) & 0xFFFF_FFFF

    def rtp(self) -> Iterator[tuple[float, bytes]]:
        """(moment in the clip, RTP packet) of everything, in order."""
        packetize = PACKETIZERS[self.clip.codec]
        for number, frame in enumerate(self.clip.frames):
            payloads = packetize(frame, number)
            for payload in payloads:
                marker = self.clip.kind == "video" and payload is payloads[-1]
                kind = 96 if self.clip.kind == "video" else 111
                packet = build_packet(
                    kind, self.sequence, self.stamp(frame.at_s), self.ssrc, payload, marker=marker
                )
                self.sequence = (self.sequence + 1) & 0xFFFF
                yield frame.at_s, packet

    def report(self, at_s: float, wall_s: float) -> bytes:
        """A sender report: at `wall_s` of our clock the clip was at `at_s`."""
        stamp = ntp.from_unix(wall_s + self.sender_clock_s)
        return serialise(
            [rtcp.SenderReport(self.ssrc, stamp, self.stamp(at_s), self.packets, self.octets, ())]
        )

    def told(self, relay: str, recording: str, meeting: str, peer: str, **more: Any) -> dict[str, Any]:
        """The event `stream` for it."""
        return {
            "relay": relay,
            "recording": recording,
            "meeting": meeting,
            "peer": peer,
            "participant": "a_000000000000000001",
            "name": "坦渡村",
            "center": "430682115210",
            "kind": self.clip.kind,
            "codec": self.clip.codec,
            "clock_rate": self.clip.clock_rate,
            "channels": 2 if self.clip.kind == "audio" else 0,
            "fmtp": "",
            "ssrc": self.ssrc,
            "state": "open",
            **more,
        }


class RelaySender:
    """Sends to a recorder. `loses(packet)` decides which packets never leave; retransmissions always do, if `answers_nacks`."""

    def __init__(self, opened: dict[str, Any], *, answers_nacks: bool = True) -> None:
        """`opened` is the recorder's answer to ``recording.open``."""
        self._crypto = RelayCrypto(bytes.fromhex(opened["send_key"]), bytes.fromhex(opened["receive_key"]))
        self._target = (opened["host"], opened["port"])
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(("127.0.0.1", 0))
        self._answers = answers_nacks
        self._sent: dict[tuple[int, int], bytes] = {}
        self.loses: Callable[[bytes], bool] = lambda packet: False
        self.reorders: random.Random | None = None
        self.reports = True
        self.key_frame_requests = 0
        self.nacked = 0
        self.lost = 0
        asyncio.get_running_loop().add_reader(self._socket, self._hear)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def send_raw(self, datagram: bytes) -> None:
        """Anything, as it is."""
        self._socket.sendto(datagram, self._target)

    def send_rtp(self, packet: bytes) -> None:
        """Seal and send one RTP packet."""
        self.send_raw(self._crypto.seal_rtp(packet))

    async def play(
        self, *streams: OutgoingStream, seconds: float | None = None, report_every_s: float = 0.5
    ) -> float:
        """Send the clips in real time with sender reports; returns the Unix time of their start."""
        planned: list[tuple[float, int, OutgoingStream, bytes]] = []
        for stream in streams:
            for number, (at_s, packet) in enumerate(stream.rtp()):
                if seconds is None or at_s < seconds:
                    late = self.reorders.uniform(0, 0.03) if self.reorders else 0.0
                    planned.append((at_s + stream.late_s + late, number, stream, packet))
        planned.sort(key=lambda each: each[:2])
        began = time.time()
        next_report = 0.0
        for due, _, stream, packet in planned:
            wait = began + due - time.time()
            if wait > 0.001:
                await asyncio.sleep(wait)
            if self.reports and due >= next_report:
                next_report += report_every_s
                for each in streams:
                    self.send_raw(self._crypto.seal_rtcp(each.report(time.time() - began, time.time())))
            self._sent[stream.ssrc, int.from_bytes(packet[2:4], "big")] = packet
            stream.packets += 1
            stream.octets += len(packet) - 12
            if self.loses(packet):
                self.lost += 1
            else:
                self.send_rtp(packet)
        return began

    def _hear(self) -> None:
        while True:
            try:
                datagram = self._socket.recv(2048)
            except (BlockingIOError, ConnectionError):
                return
            for packet in parse_compound(self._crypto.open_rtcp(datagram)):
                if isinstance(packet, rtcp.Pli):
                    self.key_frame_requests += 1
                elif isinstance(packet, rtcp.Nack):
                    self.nacked += len(packet.sequences)
                    if self._answers:
                        for sequence in packet.sequences:
                            # One that is still to be sent, in its reordered turn, is not there yet.
                            if (again := self._sent.get((packet.media_ssrc, sequence))) is not None:
                                self.send_rtp(again)
