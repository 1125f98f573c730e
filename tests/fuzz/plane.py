"""A node for fuzzing: publishers of every codec, somebody who watches each, the recorder, and another node."""

from __future__ import annotations

import os
import re
from typing import Any, Final

from hub.media.transport.address import Address
from hub.media.transport.peer import Peer
from hub.media.transport.srtp import Profile, SrtpKeys
from hub.wire.relay_crypto import RelayCrypto
from hub.wire.rtp import build_packet
from tests.fuzz import seeds
from tests.fuzz.target import LoggedBugs
from tests.support.media_world import World
from tests.support.packets import captured_offer

RECORDER: Final = ("10.0.9.9", 9999)
OTHER_NODE: Final = ("10.0.9.8", 9998)
#: A picture and a sound that the other node offers.
OFFERED: Final[tuple[dict[str, Any], ...]] = (
    {"kind": "video", "codec": "vp8", "ssrc": 106, "clock_rate": 90_000, "levels": False},
    {"kind": "audio", "codec": "opus", "ssrc": 107, "clock_rate": 48_000, "levels": True},
)
#: What each publisher sends by preference, in the order of `publish_offers`.
CODECS: Final = ("vp8", "h264", "vp9", "av1", "vp8")
#: Virtual time that passes with each input.
STEP_S: Final = 0.001
#: Extensions of Chromium's offer with layers: rid and repaired rid.
_RID, _REPAIRED = 10, 11
SSRC: Final = re.compile(r"a=ssrc:(\d+) cname")


class Watched(World):
    """Remembers the last number sent under each SSRC: what a receiver could ask for again."""

    def __init__(self) -> None:
        super().__init__()
        self.last: dict[int, int] = {}

    def _down(self, data: bytes, address: Address) -> None:
        if len(data) >= 12 and data[0] & 0xC0 == 0x80 and not 192 <= data[1] <= 223:
            self.last[int.from_bytes(data[8:12], "big")] = int.from_bytes(data[2:4], "big")
        super()._down(data, address)


class Plane:
    """The node. It goes on from input to input."""

    def __init__(self) -> None:
        self.bugs = LoggedBugs()
        self._answers: dict[str, str] = {}
        self.world = Watched()
        self.light = self.world.join("watch", "light", video=4, audio=2)
        self.publishers = [
            self._peer(f"publisher{index}", "publish", text) for index, text in enumerate(publish_offers())
        ]
        self.viewers = [
            self._peer(f"viewer{index}", "watch", captured_offer("chromium-offer"))
            for index in range(len(self.publishers))
        ]
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
                    "channels": 1,
                    "fmtp": "",
                    "rid": "",
                    "rank": 0,
                    "rids": [],
                    "state": "open",
                }
            )
        for codec, peer in zip(CODECS, self.publishers, strict=True):
            self._begin(peer, codec)
        for index, viewer in enumerate(self.viewers):
            self.world.sfu.peer_select(viewer.id, [f"publisher{index}"])
        told = self.world.of("relay.stream")
        self._sources: dict[object, list[int]] = {
            RECORDER: [one["ssrc"] for one in told if one["relay"] == "r"],
            OTHER_NODE: [one["ssrc"] for one in told if one["relay"] == "n"],
        }
        for viewer in self.viewers:
            self._sources[viewer] = [int(ssrc) for ssrc in SSRC.findall(self._answers[viewer.id])]
        for peer in self.publishers:
            kinds = publisher_types(peer)
            self._sources[peer] = [first + index for _, first, rids, _ in kinds for index in range(len(rids))]
        self._peers = set(self.world.sfu.peers)
        self.settle()

    def now(self) -> float:
        """Virtual time."""
        return self.world.network.now

    def _peer(self, name: str, direction: str, offer: str) -> Peer:
        """A peer that is connected at once, with keys nobody else has."""
        self._answers[name] = self.world.sfu.peer_open(name, "m", name, direction, offer)["answer"]
        peer = self.world.sfu.peers[name]
        peer.outlet.address = ("10.0.1.1", len(self.world.sfu.peers))
        peer.dtls_connected(SrtpKeys(Profile.AEAD_AES_128_GCM, os.urandom(28), os.urandom(28)))
        return peer

    def _relay(self, name: str, address: tuple[str, int], node: str | None) -> RelayCrypto:
        keys = os.urandom(28), os.urandom(28)
        self.world.sfu.relay_open(name, "m", address, *keys, node)
        return RelayCrypto(send_key=keys[1], receive_key=keys[0])

    def _begin(self, peer: Peer, codec: str) -> None:
        """The first packets of every source of a publisher, which name its layer."""
        for payload_type, first, rids, repairs in publisher_types(peer):
            picture = seeds.payloads(codec)()[0] if rids != ("",) or codec == "av1" else b"\x10\x00\x00\x00"
            for index, rid in enumerate(rids):
                for number in range(4):
                    named = [(_REPAIRED if repairs else _RID, rid.encode())] if rid else []
                    payload = number.to_bytes(2, "big") + picture if repairs else picture
                    packet = build_packet(
                        payload_type, number, 3000 * number, first + index, payload, extensions=named
                    )
                    if peer.side.refuses(first + index, payload_type) is None:
                        peer.side.receive_rtp(memoryview(packet), self.now(), 0.0)
        self.world.drained()

    def meant(self, data: bytes, whom: object) -> bytes:
        """`data` with small numbers replaced by what they mean to a peer or relay: 1 to 9 one of its sources, 17 to 25
        the last number sent under it and the two after it, as a NACK would name them."""
        words = {}
        for number, ssrc in enumerate(self._sources[whom][:9], start=1):
            words[number.to_bytes(4, "big")] = ssrc.to_bytes(4, "big")
            last = self.world.last.get(ssrc, 0)
            words[(16 + number).to_bytes(4, "big")] = ((last - 1) & 0xFFFF).to_bytes(2, "big") + b"\0\3"
        parts = [data[at : at + 4] for at in range(0, len(data), 4)]
        return b"".join(words.get(part, part) for part in parts)

    def settle(self) -> None:
        """Let what came have its effects. Raises what was caught and logged on the way."""
        for peer in (*self.publishers, *self.viewers):
            peer.ice.heard_at = self.now()
        self.world.drained()
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


def publisher_types(peer: Peer) -> list[tuple[int, int, tuple[str, ...], bool]]:
    """(payload type, first SSRC, layers, whether it repairs) of all that a publisher may send; RED comes from
    where Opus does."""
    side: Any = peer.side
    found = []
    for index, track in enumerate(side.sections):
        codec, rids = track.plan.codec, track.plan.rids or ("",)
        found.append((codec.payload_type, 32 * index, rids, False))
        if codec.red is not None:
            found.append((codec.red, 32 * index, rids, False))
        if codec.rtx is not None:
            found.append((codec.rtx, 32 * index + 16, rids, True))
    return found
