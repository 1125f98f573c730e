"""Light peers in virtual time that send simulcast, and that tell what arrived as a browser does."""

from __future__ import annotations

from dataclasses import dataclass, field

from hub.media.ingest.feedback import ArrivalLog
from hub.wire import rtcp, rtp_extensions
from hub.wire.rtp_header import RtpHeader
from tests.support.media_light import MID_ID, RID_ID, TRANSPORT_ID, VP8, LightPeer, vp8_payload
from tests.support.media_world import World

#: Temporal layers of four frames in a row (L1T3), and which of them a viewer may step up at.
_PATTERN = ((0, False), (2, True), (1, True), (2, True))
#: Packets that carry the layer's name, as browsers send it only at first.
_NAMED = 50


@dataclass
class LayerShape:
    """What one layer sends: packets a frame, bytes a packet, pixels."""

    rid: str
    packets: int
    size: int
    shape: tuple[int, int]


#: About 115, 460 and 1,500 kbit/s at 30 frames a second.
QUARTER = LayerShape("q", 1, 480, (320, 180))
HALF = LayerShape("h", 2, 960, (640, 360))
FULL = LayerShape("f", 6, 1040, (1280, 720))


@dataclass
class _Sending:
    shape: LayerShape
    ssrc: int
    seq: int
    timestamp_base: int
    picture: int
    active: bool = True
    sent: int = 0
    tl0: int = 0
    frames: list[bytes] = field(default_factory=list)


class SimulcastCamera:
    """Sends every frame in all active layers; a PLI to any makes a key frame on all, as in Chromium."""

    def __init__(
        self,
        world: World,
        peer: LightPeer,
        shapes: tuple[LayerShape, ...] = (QUARTER, HALF, FULL),
        *,
        temporal: bool = False,
    ) -> None:
        self.world = world
        self.peer = peer
        self.temporal = temporal
        self.key_wanted = True
        self.key_frames = 0
        self.plis: list[tuple[float, str]] = []
        self.number = 0
        self.layers = [
            _Sending(shape, 5000 + index, 60_000 + 777 * index, 123_456 * (index + 1), 100 + 5000 * index)
            for index, shape in enumerate(shapes)
        ]
        peer.on_rtcp = self._heard
        world.network.every(1 / 30, self.frame)

    def activate(self, rids: list[str]) -> None:
        """Send only these layers; one that comes back begins with a key frame."""
        for layer in self.layers:
            active = layer.shape.rid in rids
            self.key_wanted |= active and not layer.active
            layer.active = active

    def obey(self) -> None:
        """From now on send what the hub says is watched, as a page does: no more layers than that, nothing while paused."""
        told = self.world.of

        def look() -> None:
            paused = told("pause", peer=self.peer.id)
            watched = told("layers", peer=self.peer.id)
            rids = watched[-1]["active"] if watched else [layer.shape.rid for layer in self.layers]
            self.activate([] if paused and paused[-1]["paused"] else rids)

        self.world.network.every(0.05, look)

    def frame(self) -> None:
        """One frame in every active layer."""
        key, self.key_wanted = self.key_wanted, False
        self.key_frames += key
        if key:
            self.number = 0
        temporal, sync = _PATTERN[self.number % 4] if self.temporal else (0, False)
        self.number += 1
        for layer in self.layers:
            if not layer.active:
                continue
            shape = layer.shape
            layer.tl0 += temporal == 0
            timestamp = layer.timestamp_base + round(self.world.network.now * 90_000)
            for index in range(shape.packets):
                payload = vp8_payload(
                    layer.picture,
                    key=key,
                    first=index == 0,
                    size=shape.size,
                    tl0=layer.tl0,
                    temporal=temporal,
                    sync=sync,
                    shape=shape.shape,
                )
                named = [(RID_ID, shape.rid.encode())] if layer.sent < _NAMED else []
                last = index == shape.packets - 1
                more = [(MID_ID, b"0"), *named]
                self.peer.send_numbered(VP8, layer.seq, timestamp, layer.ssrc, payload, last, more)
                layer.seq += 1
                layer.sent += 1
            layer.picture += 1

    def _heard(self, packet: rtcp.RtcpPacket) -> None:
        if isinstance(packet, rtcp.Pli):
            rid = next(each.shape.rid for each in self.layers if each.ssrc == packet.media_ssrc)
            self.plis.append((self.world.network.now, rid))
            self.key_wanted = True


class FeedbackSender:
    """Tells the hub what arrived under its transport-wide numbers, every 50 ms, as browsers do.

    To be called with every packet the peer opened (`take`); `arrived_bytes` counts what came.
    """

    def __init__(self, world: World, peer: LightPeer) -> None:
        self.world = world
        self.peer = peer
        self.arrived_bytes = 0
        self._arrivals = ArrivalLog()
        world.network.every(0.05, self._tell)

    def take(self, header: RtpHeader, packet: bytes) -> None:
        """A packet arrived."""
        self.arrived_bytes += len(packet) + 16
        place = rtp_extensions.find_extension(packet, header, TRANSPORT_ID)
        if place is not None:
            number = rtp_extensions.read_transport_sequence(packet, place)
            self._arrivals.arrive(number, self.world.network.now)

    def _tell(self) -> None:
        for message in self._arrivals.messages(1, 2):
            self.peer.send_rtcp(message)
