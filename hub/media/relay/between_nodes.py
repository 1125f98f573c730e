"""A relay to another node, both ways: what is published here is offered there, what is watched here is asked for there.

The contract is docs/link.md. A publication crosses at most once, however many watch it at the other node, and not at
all while nobody does. What came from another node is never passed on to a third one.
"""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from hub.media.ingest.layer import Layer
from hub.media.ingest.publication import Publication
from hub.media.meeting.resting import Tell
from hub.media.meeting.router import Router
from hub.media.relay.relay_in import RelayIn
from hub.media.relay.relay_out import RelayOut
from hub.media.transport.address import Address
from hub.media.transport.outlet import Outlet, Port
from hub.media.transport.srtp import Profile, SealBuffer, SrtpSession, reason
from hub.wire import relay_app, rtcp
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound

log = logging.getLogger(__name__)

#: Repairs between nodes need no tighter budget than this.
_RESEND_FLOOR_BYTES_PER_S: Final = 2_500_000
#: How often demand and loudness are looked at. What the pictures are like the other node is told once in so many of
#: these, some of them each time: a thousand at once would hold up the packets.
DEMAND_S: Final = 0.1
NOTES_TURNS: Final = 10


class NodeRelay:
    """One end of a relay between two nodes, for one meeting."""

    records: Final = False

    def __init__(
        self,
        *,
        relay_id: str,
        node: str,
        router: Router,
        address: Address,
        send_key: bytes,
        receive_key: bytes,
        port: Port,
        buffer: SealBuffer,
        tell: Tell,
        mark: Callable[[Layer], None],
        forget: Callable[[int], None],
        clock: Callable[[], float],
        to_unix: Callable[[float], float],
    ) -> None:
        """`node` is the far one's name; `forget` is told SSRCs that nothing more comes from.

        Raises ValueError for keys of a wrong length.
        """
        self.id = relay_id
        self.node = node
        self.meeting = router.meeting
        self.address = address
        self.outlet = Outlet(port, buffer, _RESEND_FLOOR_BYTES_PER_S)
        self.outlet.session = SrtpSession(Profile.AEAD_AES_128_GCM, send_key, inbound=False)
        self.outlet.address = address
        self.counters: Counter[str] = self.outlet.counters
        self.ssrc = secrets.randbelow(0xFFFF_FFFE) + 1
        self.outgoing = RelayOut(relay_id, self.meeting, self.outlet, tell)
        self.incoming = RelayIn(
            ssrc=self.ssrc,
            destination=router,
            send=self._send,
            mark=mark,
            forget=self._forget,
            counters=self.counters,
            to_unix=to_unix,
            clock=clock,
        )
        self._router = router
        self._forget_source = forget
        self._inbound = SrtpSession(Profile.AEAD_AES_128_GCM, receive_key, inbound=True)
        self._clock = clock
        self._demand_due = 0.0
        self._turn = 0
        self._levels: dict[int, int] = {}

    # --- RelayLike: what is published here ------------------------------------------------------------

    def add(self, publication: Publication) -> None:
        """A publication has begun."""
        self.outgoing.add(publication)

    def layers_changed(self, publication: Publication, now: float) -> None:
        """A publication has one more layer."""
        self.add(publication)

    def remove(self, publication: Publication) -> None:
        """A publication has ended, or the relay has."""
        self.outgoing.remove(publication)

    # --- control --------------------------------------------------------------------------------------

    def stream(self, data: dict[str, Any]) -> None:
        """A stream of the far node opened or closed."""
        try:
            self.incoming.stream(data, self._clock())
        except (KeyError, TypeError, ValueError):
            log.warning("a stream of node %s is not understood: %s", self.node, data)

    def told(self, data: dict[str, Any]) -> None:
        """Every stream of the far node has been told."""
        self.incoming.told({int(ssrc) for ssrc in data["ssrcs"]}, self._clock())

    # --- packets --------------------------------------------------------------------------------------

    def awaits(self, ssrc: int) -> bool:
        """Receiver: whether media comes under this SSRC."""
        return ssrc in self.incoming.layers

    def receive(self, inbox: SealBuffer, length: int, now: float) -> bool:
        """Receiver: media of the far node, its reports, and what it asks for."""
        view = inbox.view
        if 192 <= view[1] <= 223:
            opened = self._inbound.unprotect_rtcp(inbox, length)
            if opened < 0:
                self.counters[f"rtcp_{reason(opened)}"] += 1
                return False
            self._receive_rtcp(view[:opened], now)
            return True
        if int.from_bytes(view[8:12], "big") not in self.incoming.layers:
            self.counters["relay_unknown_ssrc"] += (
                1  # refused unopened: each new SSRC makes all of them dearer
            )
            return True
        opened = self._inbound.unprotect_rtp(inbox, length)
        if opened < 0:
            self.counters[f"rtp_{reason(opened)}"] += 1
            return False
        self.incoming.receive_rtp(view[:opened], now)
        return True

    def _receive_rtcp(self, compound: memoryview, now: float) -> None:
        try:
            for packet in parse_compound(compound):
                if isinstance(packet, rtcp.PauseResume):
                    for entry in packet.entries:
                        stream = self.outgoing.streams.get(entry.ssrc)
                        if stream is None:
                            self.counters["resume_unknown_stream"] += 1
                        else:
                            stream.ask(entry, now)
                elif isinstance(packet, rtcp.Nack | rtcp.Pli):
                    self._repair(packet, now)
                else:
                    self.incoming.receive_rtcp(packet, now)
        except rtcp.RtcpError:
            self.counters["rtcp_malformed"] += 1

    def _repair(self, wish: rtcp.Nack | rtcp.Pli, now: float) -> None:
        stream = self.outgoing.streams.get(wish.media_ssrc)
        if stream is None:
            self.counters["repair_unknown_stream"] += 1
        elif isinstance(wish, rtcp.Nack):
            stream.subscription.resend(wish.sequences, now)
        elif stream.layer.kind == "video":
            # The far node has merged its viewers' wishes already, and asks only while one is open.
            stream.layer.key_frames.want(now)

    def _send(self, packets: list[rtcp.RtcpPacket]) -> None:
        self.outlet.send_rtcp(serialise(packets))

    def _forget(self, ssrc: int) -> None:
        self._inbound.forget(ssrc)
        self._forget_source(ssrc)

    # --- time -----------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Repairs every time, the rest at its own pace."""
        self.incoming.tick(now)
        if now < self._demand_due:
            return
        self._demand_due = now + DEMAND_S
        self.incoming.demand(now)
        for stream in self.outgoing.streams.values():
            stream.tick(now)
        levels = self.outgoing.levels(self._router.loud, now)
        if levels or self._levels:
            self._send([relay_app.levels_packet(self.ssrc, levels)])
        self._levels = levels
        self._turn = (self._turn + 1) % NOTES_TURNS
        notes = self.outgoing.notes(now, self._turn, NOTES_TURNS)
        for start in range(0, len(notes), relay_app.LAYERS_A_DATAGRAM):
            some = notes[start : start + relay_app.LAYERS_A_DATAGRAM]
            self._send([relay_app.layers_packet(self.ssrc, some)])

    # --- life -----------------------------------------------------------------------------------------

    def close(self) -> None:
        """Nothing is sent or taken any more. The router has taken the streams away before."""
        self.incoming.close(self._clock())
        self.outlet.session = None
        self.outlet.address = None

    def opened(self) -> None:
        """It is open and has been given what is published: tell control that this is all."""
        self.outgoing.tell_complete()

    def retell(self) -> None:
        """Tell control every stream once more."""
        self.outgoing.tell_all()

    def hello(self) -> dict[str, Any]:
        """The relay in the node's hello. Its streams are told afterwards: those of a thousand would not fit."""
        return {"relay": self.id, "meeting": self.meeting, "node": self.node}

    def dump(self) -> dict[str, object]:
        """The relay for people."""
        return {
            "relay": self.id,
            "meeting": self.meeting,
            "node": self.node,
            "to": f"{self.address[0]}:{self.address[1]}",
            "sent": {"packets": self.outlet.packets_sent, "bytes": self.outlet.bytes_sent},
            "streams": {
                stream.layer.label: stream.subscription.packets for stream in self.outgoing.streams.values()
            },
            "received": {layer.label: layer.report.received for layer in self.incoming.layers.values()},
            "asked": sorted(layer.label for layer in self.incoming.layers.values() if layer.asked),
            "counters": dict(self.counters),
        }
