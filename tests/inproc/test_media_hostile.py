"""Hostile datagrams by the hundred thousand at the media port during a call: nobody is thrown out, nothing is lost."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

from hub.media.transport.dtls import Certificate
from hub.wire import rtcp, rtp
from hub.wire.rtp_header import RtpHeader
from tests.support.media_light import RTX, LightPeer, LightSocket, vp8_payload
from tests.support.media_node import FakeControl
from tests.support.media_process import NodeProcess
from tests.support.waiting import eventually

#: A million in `make bench`.
COUNT = int(os.environ.get("LIANXIAN_HOSTILE_DATAGRAMS", "200000"))
PER_SECOND = 20_000


class Call:
    """One publisher and one viewer with real sockets and handshakes, and what they keep of their packets."""

    def __init__(self, control: FakeControl, port: int) -> None:
        self.control = control
        self.port = port
        self.certificate = Certificate()
        self.captured: list[bytes] = []
        self.sent: dict[int, bytes] = {}
        self.got: set[int] = set()
        self.first = -1
        self.newest = -1
        self.seq = 30_000
        self.key_wanted = True
        self._rtx_seq = 0

    async def open(self) -> None:
        self.station, self.station_socket = await self._connect("tandu", "publish")
        self.viewer, self.viewer_socket = await self._connect("leader", "watch")
        self.station.on_rtcp = self._station_heard
        self.viewer.on_rtp = self._viewer_got

    async def _connect(self, name: str, direction: str) -> tuple[LightPeer, LightSocket]:
        sock = LightSocket(self.port)
        peer = LightPeer(sock.send, self.certificate.endpoint, self.certificate.fingerprint)
        sock.peer = peer
        opened = await self.control.call(
            "peer.open",
            peer=f"s_{name}",
            meeting="m",
            participant=name,
            direction=direction,
            offer=peer.offer("sendonly" if direction == "publish" else "recvonly", audio=0),
        )
        peer.take_answer(opened["answer"])
        peer.check()
        await eventually(lambda: peer.keys is not None, why=f"{name} has no keys")
        return peer, sock

    def _station_heard(self, packet: rtcp.RtcpPacket) -> None:
        if isinstance(packet, rtcp.Pli):
            self.key_wanted = True
        elif isinstance(packet, rtcp.Nack):
            for number in packet.sequences:
                if number in self.sent:
                    self._rtx_seq += 1
                    payload = number.to_bytes(2, "big") + self.sent[number]
                    packet_again = rtp.build_packet(RTX, self._rtx_seq, 0, self.station.rtx_ssrc, payload)
                    self.station.send(self.station.sealed(packet_again))

    def _viewer_got(self, header: RtpHeader, packet: bytes) -> None:
        sequence = header.sequence
        if header.ssrc == self.viewer.slots[1]:
            sequence = int.from_bytes(packet[header.payload_offset : header.payload_offset + 2], "big")
        if self.first < 0:
            self.first = self.newest = sequence
        full = self.newest + ((sequence - self.newest + 0x8000) & 0xFFFF) - 0x8000
        self.newest = max(self.newest, full)
        self.got.add(full)

    async def talk(self) -> None:
        """30 frames of 6 packets a second, checks for consent, and NACKs for what is missing."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        for frame in range(1_000_000):
            for index in range(6):
                payload = vp8_payload(frame, key=self.key_wanted, first=index == 0, size=1000)
                self.sent[self.seq & 0xFFFF] = payload
                self.station.send_video(self.seq, frame * 3000, payload, index == 5)
                self.seq += 1
            self.key_wanted = False
            if frame % 75 == 0:
                self.station.check()
                self.viewer.check()
            lost = [
                n & 0xFFFF
                for n in range(max(self.first, self.newest - 200), self.newest)
                if n not in self.got
            ]
            if lost and self.first >= 0:
                self.viewer.send_rtcp(rtcp.Nack(1, self.viewer.slots[0], tuple(lost[:100])))
            await asyncio.sleep(max(0.0, start + (frame + 1) / 30 - loop.time()))

    def insult(self) -> None:
        """What a validated address may send: sources nobody announced, replays, broken records."""
        for datagram in self.captured[-3:]:
            self.station_socket.send(datagram)
            self.viewer_socket.send(datagram)
        self.viewer_socket.send(self.viewer.sealed(rtp.build_packet(96, 1, 2, 3, b"from a viewer")))
        self.station_socket.send(self.station.sealed(rtp.build_packet(96, 1, 2, 0xDEAD, b"unannounced")))
        for rubbish in (
            b"\x16\xfe\xfd" + bytes(10),
            b"\x17\xfe\xfd" + bytes(8) + b"\x00\x03abc",
            b"",
            b"\x80",
        ):
            self.station_socket.send(rubbish)


async def test_a_flood_of_hostile_datagrams_harms_no_call(tmp_path: Path) -> None:
    control = FakeControl()
    await control.start()
    log = tmp_path / "node.log"
    with NodeProcess(control.url, log) as process:
        await eventually(lambda: control.link is not None, why="the node has not linked")
        call = Call(control, control.hellos[-1]["media"]["port"])
        await call.open()
        send = call.station_socket.send

        def capture(data: bytes) -> None:
            if len(call.captured) < 100:
                call.captured.append(data)
            send(data)

        call.station.send = capture
        talking = asyncio.create_task(call.talk())
        await eventually(lambda: len(call.got) > 60, why="the viewer sees nothing")
        flood = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.support.media_flood",
            str(call.port),
            str(COUNT),
            str(PER_SECOND),
            cwd=Path(__file__).resolve().parents[2],
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        samples = [f"ufrag:{call.station.remote_ufrag}", *(data.hex() for data in call.captured)]
        insults = asyncio.create_task(_repeat(call.insult, 0.1))
        begun = time.monotonic()
        output, _ = await flood.communicate("\n".join(samples).encode())
        took = time.monotonic() - begun
        assert int(output.split()[0]) == COUNT
        await eventually(lambda: call.newest - call.first > 5 * 180, why="the call stopped")
        await asyncio.sleep(1.0)  # what is being mended now may come
        for task in (talking, insults):
            task.cancel()
        await asyncio.gather(talking, insults, return_exceptions=True)
        expected = call.newest - 30 - call.first
        missing = [n for n in range(call.first, call.newest - 30) if n not in call.got]
        dump = await control.call("dump")
        assert len(missing) <= expected // 1000, (
            f"{len(missing)} of {expected} packets lost in {took:.0f} s; {dump['port']}; {dump['ingress']['dropped']}"
        )
        assert [event["state"] for event in control.of("peer")] == ["connected", "connected"], (
            "a session ended"
        )
        assert dump["ingress"]["dropped"].get("bugs", 0) == 0
        assert process.process is not None
        assert process.process.poll() is None
        dropped = sum(dump["ingress"]["dropped"].values()) + dump["port"].get("dropped_oversize", 0)
        assert dropped > COUNT * 0.5, f"the flood did not reach the node: {dropped} dropped"
        call.station.close()
        call.viewer.close()
        for sock in (call.station_socket, call.viewer_socket):
            sock.close()
    await control.stop()
    text = log.read_text()
    assert "Traceback" not in text, text[-2000:]


async def _repeat(action: object, every_s: float) -> None:
    assert callable(action)
    while True:
        action()
        await asyncio.sleep(every_s)
