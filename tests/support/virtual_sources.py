"""Sources in virtual time: a microphone that sends audio/red like Chromium, a camera in three layers."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from hub.wire import rtcp
from hub.wire.red import build_red
from tests.support.media_light import MID_ID, OPUS, RED, REPAIRED_RID_ID, RID_ID, RTX, VP8, LightPeer
from tests.support.media_world import World

FRAME_TICKS = 960
#: Frames that Chromium repeats in each RED packet.
_CHROMIUM_DEPTH = 1
_FIRST_SEQ = 3000


class Speaker:
    """Sends 20 ms of sound each 20 ms, with `red` as audio/red with the frame before it. Frames carry their number. What is
    asked for again is sent again as it was, as Chromium does."""

    def __init__(
        self, world: World, peer: LightPeer, *, red: bool = True, size: int = 80, mid: bytes = b"1"
    ) -> None:
        self.peer = peer
        self.red = red
        self.size = size
        self.frames = 0
        self.again = 0
        self._mid = mid
        self._heard_before = peer.on_rtcp
        peer.on_rtcp = self._hear
        world.network.every(0.02, self.frame)

    def frame(self) -> None:
        """The next frame."""
        self._send(self.frames)
        self.frames += 1

    def _hear(self, packet: rtcp.RtcpPacket) -> None:
        if isinstance(packet, rtcp.Nack) and packet.media_ssrc == self.peer.audio_ssrc:
            for sequence in packet.sequences:
                number = self.frames - ((_FIRST_SEQ + self.frames - sequence) & 0xFFFF)
                if 0 <= number < self.frames:
                    self.again += 1
                    self._send(number)
        else:
            self._heard_before(packet)

    def _send(self, number: int) -> None:
        payload = self._frame(number)
        payload_type = OPUS
        if self.red:
            earlier = range(max(0, number - _CHROMIUM_DEPTH), number)
            blocks = [((number - one) * FRAME_TICKS, self._frame(one)) for one in earlier]
            payload, payload_type = build_red(OPUS, payload, blocks), RED
        more = ((MID_ID, self._mid), (1, bytes([0x80 | 20])))
        seq, timestamp = _FIRST_SEQ + number, number * FRAME_TICKS
        self.peer.send_numbered(payload_type, seq, timestamp, self.peer.audio_ssrc, payload, more=more)

    def _frame(self, number: int) -> bytes:
        return number.to_bytes(4, "big") * (self.size // 4)


@dataclass
class CameraLayer:
    """One encoding: its name, bit rate and picture, and what it has sent."""

    rid: str
    bps: int
    width: int
    height: int
    ssrc: int = 0
    rtx_ssrc: int = 0
    seq: int = 100
    rtx_seq: int = 0
    picture: int = 50
    key_wanted: bool = True
    kept: dict[int, tuple[int, bytes, bool]] = field(default_factory=dict)


#: What the page of a station sends of a 720p camera.
THREE_LAYERS = (("q", 120_000, 320, 180), ("h", 450_000, 640, 360), ("f", 1_000_000, 1280, 720))


class SimulcastCamera:
    """Sends VP8 at 30 fps in layers; stops those the hub names no more, answers PLI (with key frames on all layers, as
    Chromium does) and NACK. Sizes of frames vary; a key frame has five times the size."""

    def __init__(
        self,
        world: World,
        peer: LightPeer,
        layers: Sequence[tuple[str, int, int, int]] = THREE_LAYERS,
        seed: int = 1,
    ) -> None:
        self.world = world
        self.peer = peer
        self.layers = [CameraLayer(*shape) for shape in layers]
        self.counters: Counter[str] = Counter()
        self._chance = random.Random(seed)
        for layer in self.layers:
            layer.ssrc, layer.rtx_ssrc = self._chance.getrandbits(31) + 1, self._chance.getrandbits(31) + 1
        self._begun = world.network.now
        peer.on_rtcp = self._heard
        world.network.every(1 / 30, self._frame)

    def active(self) -> list[str]:
        """The layers the hub wants."""
        told = self.world.of("layers", peer=self.peer.id)
        return told[-1]["active"] if told else [layer.rid for layer in self.layers]

    def _frame(self) -> None:
        timestamp = int((self.world.network.now - self._begun) * 90_000)
        wanted = self.active()
        for layer in self.layers:
            if layer.rid in wanted:
                self._send_frame(layer, timestamp)
            else:
                layer.key_wanted = True  # a stopped encoding begins anew with a key frame

    def _send_frame(self, layer: CameraLayer, timestamp: int) -> None:
        key, layer.key_wanted = layer.key_wanted, False
        self.counters[f"key_{layer.rid}"] += key
        size = int(layer.bps / 8 / 30 * self._chance.uniform(0.7, 1.3)) * (5 if key else 1)
        count = max(1, -(-size // 1100))
        more = ((MID_ID, b"0"), (RID_ID, layer.rid.encode()))
        for index in range(count):
            payload = _vp8(layer, key, index == 0, size // count)
            marker = index == count - 1
            layer.kept[layer.seq & 0x3FF] = (timestamp, payload, marker)
            self.peer.send_numbered(VP8, layer.seq, timestamp, layer.ssrc, payload, marker, more)
            layer.seq += 1
        layer.picture += 1

    def _heard(self, packet: rtcp.RtcpPacket) -> None:
        if isinstance(packet, rtcp.Pli):
            self.counters["pli"] += 1
            for layer in self.layers:
                layer.key_wanted = True
        elif isinstance(packet, rtcp.Nack):
            for asked in (one for one in self.layers if one.ssrc == packet.media_ssrc):
                for number in packet.sequences:
                    found = asked.kept.get(number & 0x3FF)
                    if found is not None and (asked.seq - number) & 0xFFFF < 0x400:
                        self._repair(asked, number, *found)

    def _repair(self, layer: CameraLayer, number: int, timestamp: int, payload: bytes, marker: bool) -> None:
        layer.rtx_seq += 1
        again = number.to_bytes(2, "big") + payload
        more = ((MID_ID, b"0"), (REPAIRED_RID_ID, layer.rid.encode()))
        self.peer.send_numbered(RTX, layer.rtx_seq, timestamp, layer.rtx_ssrc, again, marker, more)


def _vp8(layer: CameraLayer, key: bool, first: bool, size: int) -> bytes:
    """A packet of the layer's next picture; the first of a key frame says how large the picture is (RFC 6386 §9.1)."""
    descriptor = bytes([0x90 if first else 0x80, 0xE0]) + (0x8000 | (layer.picture & 0x7FFF)).to_bytes(
        2, "big"
    )
    descriptor += bytes([layer.picture & 0xFF, 0x00])
    head = b"\x55"
    if first and key:
        head = (
            b"\x10\x00\x00\x9d\x01\x2a"
            + layer.width.to_bytes(2, "little")
            + layer.height.to_bytes(2, "little")
        )
    elif first:
        head = b"\x11"
    return descriptor + head + bytes(max(0, size - len(descriptor) - len(head)))
