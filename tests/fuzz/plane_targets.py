"""Fuzzing targets of the media plane as a whole: what a stranger, a publisher, a viewer or a relay can send to a node."""

from __future__ import annotations

import asyncio
import hmac
import itertools
import weakref
import zlib
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import aiohttp

from hub.link import Link
from hub.media.estimate.bandwidth import Estimator
from hub.wire import stun
from hub.wire.relay_crypto import RelayCryptoError
from hub.wire.rtcp_transport import RtcpError
from hub.wire.rtp import build_packet
from tests.fuzz import seeds
from tests.fuzz.plane import CODECS, OFFERED, OTHER_NODE, RECORDER, Plane, publisher_types
from tests.fuzz.target import LoggedBugs, Run, Target


def _publisher() -> Run:
    """First byte: which publisher (low three bits), RTCP instead of RTP (bit 3), which payload type (the rest).

    A sequence number below 2^15 counts from the newest of its source, from 16 before to 47 after it.
    """
    plane = Plane()
    newest: Counter[tuple[str, int]] = Counter()

    def run(data: bytes) -> None:
        if len(data) < 13:
            return
        which, packet = data[0], bytearray(data[1:])
        peer = plane.publishers[(which & 7) % len(plane.publishers)]
        if which & 8:
            peer.side.receive_rtcp(plane.meant(bytes(packet), peer), plane.now())
        else:
            types = publisher_types(peer)
            payload_type, first, rids, _ = types[(which >> 4) % len(types)]
            packet[0] = 0x80 | packet[0] & 0x3F
            packet[1] = packet[1] & 0x80 | payload_type
            ssrc = first + packet[11] % len(rids)
            packet[8:12] = ssrc.to_bytes(4, "big")
            if packet[2] < 0x80:
                number = newest[peer.id, ssrc] + packet[3] % 64 - 16
                packet[2:4] = (number & 0xFFFF).to_bytes(2, "big")
                newest[peer.id, ssrc] = max(number, newest[peer.id, ssrc])
            assert peer.side.refuses(ssrc, payload_type) is None, "a known source is refused"
            peer.side.receive_rtp(memoryview(packet), plane.now(), 0.0)
        plane.settle()

    return run


def _viewer() -> Run:
    """First byte: which viewer, each of another codec."""
    plane = Plane()

    def run(data: bytes) -> None:
        if data:
            viewer = plane.viewers[data[0] % len(plane.viewers)]
            viewer.side.receive_rtcp(plane.meant(data[1:], viewer), plane.now())
            plane.settle()

    return run


def _relay() -> Run:
    """First byte: from the recorder or the other node (bit 0), as RTP (bit 1), unsealed (bit 2)."""
    plane = Plane()

    def run(data: bytes) -> None:
        if len(data) < 13:
            return
        way = data[0]
        address = OTHER_NODE if way & 1 else RECORDER
        body = plane.meant(data[1:1300], address)
        sealing = plane.sealing[address]
        try:
            if way & 4:
                pass
            elif way & 2:
                ssrc = OFFERED[body[11] & 1]["ssrc"].to_bytes(4, "big")
                head = bytes([0x80 | body[0] & 0x3F, body[1] & 0x80 | 96])
                body = sealing.seal_rtp(head + body[2:8] + ssrc + body[12:])
            else:
                body = sealing.seal_rtcp(bytes([0x80 | body[0] & 0x3F, 192 | body[1] & 0x1F]) + body[2:])
        except RelayCryptoError:
            return  # nothing that could be sealed could be sent
        plane.world.inject(body, address)
        plane.settle()

    return run


def _datagram() -> Run:
    """First byte: where it comes from (low four bits), and whether it is signed as a check of the peer (bit 4)."""
    plane = Plane()

    def run(data: bytes) -> None:
        if not data:
            return
        source, body = data[0], data[1:]
        if source & 16:
            user = f"{plane.light.remote_ufrag}:{plane.light.ufrag}".encode()
            body = signed_check(body[:1000], user, plane.light.remote_password.encode())
        places = (plane.light.address, RECORDER)
        address = places[source & 15] if source & 15 < 2 else ("10.0.3.1", source & 15)
        plane.world.inject(body, address)
        plane.settle()

    return run


def signed_check(attributes: bytes, user: bytes, password: bytes) -> bytes:
    """A Binding request with these attributes after its user name, correctly signed (RFC 8489 §14.5, §14.7)."""
    body = (6).to_bytes(2, "big") + len(user).to_bytes(2, "big") + user + bytes(-len(user) % 4) + attributes

    def head(length: int) -> bytes:
        return b"\0\x01" + length.to_bytes(2, "big") + stun.MAGIC_COOKIE.to_bytes(4, "big") + bytes(12)

    digest = hmac.digest(password, head(len(body) + 24) + body, "sha1")
    body += b"\0\x08\0\x14" + digest
    crc = zlib.crc32(head(len(body) + 8) + body) ^ 0x5354554E
    return head(len(body) + 8) + body + b"\x80\x28\0\x04" + crc.to_bytes(4, "big")


def _estimator() -> Run:
    """Transport-wide feedback about a line that is always in use."""
    estimator = Estimator(0.0)
    batches = itertools.count()

    def run(data: bytes) -> None:
        batch = next(batches)
        now = batch * 0.02
        estimator.sent(batch * 12 & 0xFFFF, (1100,) * 12, now)
        whole = data[: len(data) // 4 * 4]
        estimator.feedback(b"\x8f\xcd" + (len(whole) // 4).to_bytes(2, "big") + whole, now)
        estimator.probe(now, 4_000_000)
        assert 0 < estimator.bitrate_bps < 1 << 40

    return run


class OneFrame:
    """A WebSocket that brings one text frame and ends."""

    def __init__(self, text: str) -> None:
        self._text = text

    async def __aiter__(self) -> AsyncIterator[aiohttp.WSMessage]:
        yield aiohttp.WSMessage(aiohttp.WSMsgType.TEXT, self._text, None)
        await asyncio.sleep(0)

    async def send_str(self, text: str) -> None:
        await asyncio.sleep(0)

    async def close(self) -> None:
        await asyncio.sleep(0)


def _link() -> Run:
    """A frame between control and a node."""
    bugs = LoggedBugs()
    loop = asyncio.new_event_loop()

    async def handle(args: dict[str, Any]) -> dict[str, Any]:
        return {"known": len(args)}

    async def take(text: str) -> None:
        socket: Any = OneFrame(text)
        link = Link(socket, {"peer.open": handle}, {"stats": lambda data: None})
        await link.run()
        for _ in range(3):
            await asyncio.sleep(0)
        assert link.closed.is_set()

    def run(data: bytes) -> None:
        loop.run_until_complete(take(data.decode("utf-8", "replace")))
        bugs.check()

    weakref.finalize(run, loop.close)
    return run


def _from_publishers() -> list[bytes]:
    """RTP and RTCP for every publisher; the first byte is that of the target."""
    found = []
    for which, codec in enumerate(CODECS):
        found += [bytes([8 | which]) + packet for packet in seeds.rtcp_packets()]
        found += [bytes([kind << 4 | which]) + packet for kind in range(4) for packet in seeds.rtp_packets()]
        for number, payload in enumerate(seeds.payloads(codec)(), start=5):
            numbered = [(4, number.to_bytes(2, "big"))]
            packet = build_packet(0, 17, 3000 * number, number, payload, extensions=numbered, marker=True)
            repair = build_packet(0, number, 9000, number, (number + 20).to_bytes(2, "big") + payload)
            found += [bytes([which]) + packet, bytes([0x10 | which]) + repair]
    # Publisher 4 sends Opus, RED, VP8 and its RTX.
    found += [b"\x04" + build_packet(0, 17, 960 * number, 0, b"abc") for number in range(4)]
    for number, payload in enumerate(seeds.red_payloads(), start=7):
        found.append(b"\x14" + build_packet(0, 19, 960 * number, 0, payload))
    return found


def _from_viewers() -> list[bytes]:
    wishes = [*seeds.requests(), *seeds.rtcp_packets()]
    return [bytes([which]) + wish for which in range(len(CODECS)) for wish in wishes]


def _from_relays() -> list[bytes]:
    picture, sound = seeds.payloads("vp8")()[0], b"abc"
    found = [bytes([way]) + packet for way in (0, 1) for packet in (*seeds.requests(), *seeds.rtcp_packets())]
    for number in range(3):
        found.append(b"\3" + build_packet(96, number, 9, 0, picture))
        found.append(b"\3" + build_packet(111, number, 9, 1, sound))
    found += [bytes([way]) + packet for way in (4, 5) for packet in seeds.rtp_packets()]
    return found


def _datagrams() -> list[bytes]:
    messages = [*seeds.stun_messages(), *seeds.rtp_packets(), *seeds.rtcp_packets()]
    plain = [bytes([place]) + message for place in (0, 1, 5) for message in messages]
    checks = [
        bytes([16 | place]) + attributes for place in (0, 1, 5) for attributes in seeds.check_attributes()
    ]
    dtls = [bytes([place]) + b"\x16\xfe\xfd" + bytes(8) + b"\0\x04abcd" for place in (0, 5)]
    return [*plain, *checks, *dtls]


def _frames() -> list[bytes]:
    return [
        b'{"call":1,"method":"peer.open","args":{"peer":"x"}}',
        b'{"reply":1,"result":{}}',
        b'{"reply":1,"error":{"code":"invalid","message":"no","field":"x"}}',
        b'{"event":"stats","data":{"a":[1,2.5,null]}}',
        b"[" * 4000,
    ]


PLANE_TARGETS = [
    Target("datagram", _datagram, _datagrams),
    Target("publisher", _publisher, _from_publishers),
    Target("viewer", _viewer, _from_viewers),
    Target("relay", _relay, _from_relays),
    Target("estimator", _estimator, seeds.rtcp_bodies(205, 15), (RtcpError,)),
    Target("link", _link, _frames, longest=8192),
]
