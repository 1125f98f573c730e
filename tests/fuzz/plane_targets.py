"""Fuzzing targets of the media plane as a whole: what a stranger, a publisher, a viewer or a relay can send to a node.

Each input meets a node that goes on from the one before. In its bytes the small numbers 1 to 9, where an SSRC may stand,
mean sources that exist: no fuzzer would guess the real ones.
"""

from __future__ import annotations

import asyncio
import hmac
import itertools
import os
import weakref
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import aiohttp

from hub.link import Link
from hub.media.bandwidth import Estimator
from hub.media.peer import Peer
from hub.media.srtp import Profile, SrtpKeys
from hub.wire import stun
from hub.wire.relay_crypto import RelayCrypto, RelayCryptoError
from hub.wire.rtcp_transport import RtcpError
from hub.wire.rtp import build_packet
from tests.fuzz import seeds
from tests.fuzz.target import LoggedBugs, Run, Target
from tests.support.media_world import Camera, World
from tests.support.packets import captured_offer

RECORDER: Final = ("10.0.9.9", 9999)
OTHER_NODE: Final = ("10.0.9.8", 9998)
#: A picture and a sound that the other node offers.
OFFERED: Final = ({"kind": "video", "codec": "vp8", "ssrc": 7}, {"kind": "audio", "codec": "opus", "ssrc": 8})
#: Virtual time that passes with each input.
STEP_S: Final = 0.001


class Plane:
    """A node with publishers of every codec, a viewer of all of them, the recorder, and another node."""

    def __init__(self) -> None:
        self.bugs = LoggedBugs()
        self.world = World()
        self.publishers = [self._publisher(index, text) for index, text in enumerate(publish_offers())]
        camera = Camera(self.world, self.world.join("publish", "camera"))
        light = self.world.join("watch", "viewer", video=4, audio=2)
        self.viewer = self.world.sfu.peers[light.id]
        self.light = light
        self.sealing = {
            RECORDER: self._relay("r", RECORDER, None),
            OTHER_NODE: self._relay("n", OTHER_NODE, "n2"),
        }
        for stream in OFFERED:
            self.world.sfu.relays.stream(
                {
                    **stream,
                    "relay": "n",
                    "meeting": "m",
                    "participant": "far",
                    "peer": "s_far",
                    "source": "camera",
                    "clock_rate": 90_000 if stream["kind"] == "video" else 48_000,
                    "channels": 1,
                    "fmtp": "",
                    "rid": "",
                    "rank": 0,
                    "rids": [],
                    "levels": stream["kind"] == "audio",
                    "state": "open",
                }
            )
        self.world.network.run(1.0)
        camera.on = False
        told = self.world.of("relay.stream")
        self.relay_words = {
            RECORDER: _words([one["ssrc"] for one in told if one["relay"] == "r"][:6]),
            OTHER_NODE: _words([one["ssrc"] for one in told if one["relay"] == "n"][:6]),
        }
        self.viewer_words = _words(light.slots)
        self._peers = set(self.world.sfu.peers)

    def now(self) -> float:
        """Virtual time."""
        return self.world.network.now

    def _publisher(self, index: int, offer: str) -> Peer:
        name = f"publisher{index}"
        self.world.sfu.peer_open(name, "m", name, "publish", offer)
        peer = self.world.sfu.peers[name]
        peer.outlet.address = ("10.0.1.1", index + 1)
        peer.dtls_connected(SrtpKeys(Profile.AEAD_AES_128_GCM, os.urandom(28), os.urandom(28)))
        return peer

    def _relay(self, name: str, address: tuple[str, int], node: str | None) -> RelayCrypto:
        keys = os.urandom(28), os.urandom(28)
        self.world.sfu.relay_open(name, "m", address, *keys, node)
        return RelayCrypto(send_key=keys[1], receive_key=keys[0])

    def settle(self) -> None:
        """Let what came have its effects. Raises what was caught and logged on the way."""
        for peer in self.publishers:
            peer.ice.heard_at = self.now()
        self.world.sfu.drained()
        self.world.network.run(STEP_S)
        self.world.told.clear()
        self.bugs.check()
        assert set(self.world.sfu.peers) == self._peers, "a peer was ended"


def publish_offers() -> list[str]:
    """One publisher of each codec, with layers where it may have them, and one with sound; sources are learnt."""
    simulcast = captured_offer("chromium-offer-simulcast")
    offers = []
    for left_out in ((), ("VP8",), ("VP8", "H264"), ("VP8", "H264", "VP9")):
        text = simulcast
        for name in left_out:
            text = text.replace(f" {name}/90000", " X/90000")
        offers.append(text)
    lines = captured_offer("chromium-offer").splitlines()
    offers.append("\r\n".join(line for line in lines if not line.startswith("a=ssrc")) + "\r\n")
    return offers


def _words(sources: list[int]) -> dict[bytes, bytes]:
    return {
        number.to_bytes(4, "big"): ssrc.to_bytes(4, "big") for number, ssrc in enumerate(sources[:9], start=1)
    }


def _meant(data: bytes, words: dict[bytes, bytes]) -> bytes:
    """`data` with small numbers replaced by the sources they mean."""
    parts = [data[at : at + 4] for at in range(0, len(data), 4)]
    return b"".join(words.get(part, part) for part in parts)


def _publisher() -> Run:
    """First byte: which publisher (low three bits), RTCP instead of RTP (bit 3), which payload type (the rest)."""
    plane = Plane()

    def run(data: bytes) -> None:
        if len(data) < 13:
            return
        which, packet = data[0], bytearray(data[1:])
        side: Any = plane.publishers[(which & 7) % len(plane.publishers)].side
        if which & 8:
            sources = list(side.incoming.streams)
            side.receive_rtcp(_meant(bytes(packet), _words(sources)), plane.now())
        else:
            codecs = [track.plan.codec for track in side.tracks]
            types = [t for one in codecs for t in (one.payload_type, one.rtx, one.red) if t is not None]
            packet[0] = 0x80 | packet[0] & 0x3F
            packet[1] = packet[1] & 0x80 | types[(which >> 4) % len(types)]
            packet[8:11] = b"\0\0\0"
            packet[11] &= 7
            if side.refuses(packet[11], packet[1] & 0x7F) is None:
                side.receive_rtp(memoryview(packet), plane.now())
        plane.settle()

    return run


def _viewer() -> Run:
    plane = Plane()

    def run(data: bytes) -> None:
        plane.viewer.side.receive_rtcp(_meant(data, plane.viewer_words), plane.now())
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
        body = _meant(data[1:1300], plane.relay_words[address])
        sealing = plane.sealing[address]
        try:
            if way & 4:
                pass
            elif way & 2:
                body = sealing.seal_rtp(bytes([0x80 | body[0] & 0x3F, body[1] & 0x80 | 96]) + body[2:])
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


def _after(head: bytes, bodies: Callable[[], list[bytes]]) -> Callable[[], list[bytes]]:
    """Seeds with a first byte of the target's own."""
    return lambda: [head + body for body in bodies()]


def _from_publishers() -> list[bytes]:
    packets = [bytes([which]) + packet for which in range(5) for packet in seeds.rtp_packets()]
    reports = [bytes([8 | which]) + packet for which in range(5) for packet in seeds.rtcp_packets()]
    red = [b"\x54" + seeds.rtp_packets()[0][:12] + payload for payload in seeds.red_payloads()]
    return [*packets, *reports, *red, *_from_cameras()]


def _from_cameras() -> list[bytes]:
    """Payloads of each codec in packets that name their layer, so that it is learnt; and repairs of it."""
    found = []
    for which, codec in enumerate(("vp8", "h264", "vp9", "av1")):
        for number, payload in enumerate(seeds.payloads(codec)()):
            named = [(4, number.to_bytes(2, "big")), (10, b"qhf"[number % 3 : number % 3 + 1])]
            found.append(
                bytes([which]) + build_packet(0, number, number, number % 3, payload, extensions=named)
            )
            repaired = [(11, b"q")]
            again = number.to_bytes(2, "big") + payload
            found.append(
                bytes([0x10 | which]) + build_packet(0, number, number, 4, again, extensions=repaired)
            )
    return found


def _relay_wishes() -> list[bytes]:
    wishes = [*seeds.requests(), *seeds.rtcp_packets(), *seeds.rtp_packets()]
    wishes += [
        build_packet(96, number, 9, 7 + number % 2, b"\x90\xe0\x05\x0a\x60\x51\x01") for number in range(3)
    ]
    return [bytes([way]) + packet for way in range(4) for packet in wishes]


def _datagrams() -> list[bytes]:
    messages = [*seeds.stun_messages(), *seeds.rtp_packets(), *seeds.rtcp_packets()]
    plain = [bytes([place]) + message for place in (0, 1, 5) for message in messages]
    checks = [bytes([16 | place]) + message[20:] for place in (0, 1, 5) for message in seeds.stun_messages()]
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
    Target("viewer", _viewer, lambda: [*seeds.requests(), *seeds.rtcp_packets()]),
    Target("relay", _relay, _relay_wishes),
    Target("estimator", _estimator, seeds.rtcp_bodies(205, 15), (RtcpError,)),
    Target("link", _link, _frames, longest=8192),
]
