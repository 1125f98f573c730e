"""The media plane as plain calls: what docs/link.md lets control ask of a node. Datagrams and time are passed in."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from hub.errors import Refusal
from hub.media.egress.watch_side import WatchSide, takes_told
from hub.media.ingest.layer import Layer
from hub.media.ingest.publisher import Publisher
from hub.media.ingest.track import CAMERA, SOURCES
from hub.media.ingest.upload_cap import PUBLISHER_BPS
from hub.media.meeting.guests import Lent
from hub.media.meeting.hearing import Hearing
from hub.media.meeting.resting import Tell
from hub.media.meeting.router import Router
from hub.media.meeting.stage import NOTHING_ASIDE, Aside
from hub.media.node.opening import Opening, open_side
from hub.media.node.rota import Rota
from hub.media.relay.table import RelayTable
from hub.media.transport.address import Address
from hub.media.transport.dtls import DtlsFactory
from hub.media.transport.ice_lite import Credentials, IceLite
from hub.media.transport.ingress import Ingress
from hub.media.transport.outlet import RUN_BUFFER_BYTES, Outlet, Port
from hub.media.transport.peer import Peer, State
from hub.media.transport.srtp import SealBuffer
from hub.wire.sdp import Fingerprint, LocalTransport, SdpError, SdpUnsupported
from hub.wire.sdp_fragment import build_fragment, parse_fragment
from hub.wire.sdp_parse import parse_offer

log = logging.getLogger(__name__)

#: The media plane's own pace: NACKs, feedback and key-frame requests are looked at this often.
TICK_S: Final = 0.02
#: Peers told of in one page of the dump: a viewer with sixteen slots takes some 5 KiB, and all at once would hold up packets.
DUMP_PEERS: Final = 64
MAX_PEERS: Final = 4096  # more than one node serves; beyond it control has to look elsewhere


class Sfu:
    """Every peer, meeting and relay of a node. Not thread-safe; everything happens on the node's loop.

    `port` sends; `inbox` is where `receive` finds the datagram; `candidates` are the addresses peers are told; `tell` gets the
    events of docs/link.md; `clock` is a monotonic time in seconds and `to_unix` turns it into wall-clock time.
    """

    def __init__(
        self,
        *,
        port: Port,
        inbox: SealBuffer,
        candidates: Sequence[tuple[str, int]],
        fingerprint: Fingerprint,
        dtls: DtlsFactory,
        tell: Tell,
        clock: Callable[[], float],
        to_unix: Callable[[float], float],
        publisher_bps: int = PUBLISHER_BPS,
    ) -> None:
        """`publisher_bps` is what the picture of one publisher may take."""
        self.ingress = Ingress(port, inbox)
        self.peers: dict[str, Peer] = {}
        self.routers: dict[str, Router] = {}
        self._port = port
        self._candidates = tuple(candidates)
        self._fingerprint = fingerprint
        self._dtls = dtls
        self._tell = tell
        self._clock = clock
        self._to_unix = to_unix
        self._publisher_bps = publisher_bps
        self._buffer = SealBuffer(RUN_BUFFER_BYTES)
        self.relays = RelayTable(self, self.ingress, port, self._buffer, clock, to_unix)
        self._dirty: list[Layer] = []
        self._restarts: dict[str, int] = {}
        #: Bytes of all datagrams that came, and who is told when a peer has ended (node_stats).
        self.received_bytes = 0
        self.on_peer_closed: Callable[[Peer], None] = lambda peer: None
        self._ticks = 0
        self._tick_due = 0.0
        #: Whose turn it is; empty when peers have come or gone since it was made.
        self._rota = Rota()

    # --- control's calls: peers -----------------------------------------------------------------------

    def peer_open(
        self,
        peer: str,
        meeting: str,
        participant: str,
        direction: str,
        offer: str,
        source: str = CAMERA,
        access: str = "",
        mirror: bool = False,
    ) -> dict[str, Any]:
        """Answer an offer: the peer exists from now on and is awaited for 30 s. `access` is kept for control's hello; a viewer
        with `mirror` is shown what its participant sends. Raises Refusal: `malformed` (no SDP), `unprocessable` (cannot be
        served), `conflict` (id taken), `invalid` (direction, source), `too_many`.
        """
        if direction not in ("publish", "watch"):
            raise Refusal("invalid", "a peer publishes or watches", "direction")
        if source not in SOURCES:
            raise Refusal("invalid", "a source is a camera or a screen", "source")
        if peer in self.peers:
            raise Refusal("conflict", "there is a peer with this id", "peer")
        if len(self.peers) >= MAX_PEERS:
            raise Refusal("too_many", "this node is full")
        credentials = Credentials.fresh()
        local = LocalTransport(
            credentials.ufrag,
            credentials.password,
            self._fingerprint,
            self._candidates,
            session_id=secrets.randbits(62),
        )
        now = self._clock()
        outlet = Outlet(self._port, self._buffer)
        opening = Opening(peer, meeting, participant, direction, source, mirror)
        try:
            opened = open_side(
                opening, parse_offer(offer), local, outlet, self, self._to_unix, now, self._publisher_bps
            )
        except SdpError as error:
            raise Refusal("malformed", f"no session description: {error}", "offer") from error
        except SdpUnsupported as error:
            raise Refusal("unprocessable", f"an offer that cannot be served: {error}", "offer") from error
        made = Peer(
            peer_id=peer,
            meeting=meeting,
            participant=participant,
            direction=direction,
            ice=IceLite(credentials, now),
            outlet=outlet,
            side=opened.side,
            fingerprints=opened.remote.fingerprints,
            dtls_server=opened.remote.hub_is_server,
            tagged=opened.tagged,
            dtls=self._dtls,
            clock=self._clock,
            on_state=self._peer_state,
            access=access,
        )
        outlet.on_failure = lambda: made.close("internal_error", self._clock())
        self.peers[peer] = made
        self._rota = Rota()
        self._restarts[peer] = 1
        self.ingress.add(made, credentials)
        self.router_of(meeting)
        return {"answer": opened.answer, "etag": "1", "video": opened.video, "audio": opened.audio}

    def peer_restart(self, peer: str, fragment: str) -> dict[str, Any]:
        """ICE restart (RFC 9725 §4.3.3): new credentials; media goes on by the old ones until the new ones work.

        Raises Refusal: `not_found`, `malformed`.
        """
        found = self._peer(peer)
        try:
            wanted = parse_fragment(fragment)
        except SdpError as error:
            raise Refusal("malformed", f"no ICE fragment: {error}", "fragment") from error
        if wanted.ice_ufrag is None:
            raise Refusal("malformed", "a restart needs new ICE credentials", "fragment")
        credentials = Credentials.fresh()
        found.ice.restart(credentials)
        self.ingress.add(found, credentials)
        self.ingress.forget_ended(found)
        self._restarts[peer] += 1
        local = LocalTransport(credentials.ufrag, credentials.password, self._fingerprint, self._candidates)
        return {"fragment": build_fragment(local, found.tagged), "etag": str(self._restarts[peer])}

    def peer_close(self, peer: str, reason: str) -> None:
        """End a peer; an unknown one is no error."""
        found = self.peers.get(peer)
        if found is not None:
            found.close(reason, self._clock())

    def peer_select(
        self,
        peer: str,
        video: Sequence[str | None],
        tiles: Sequence[tuple[int, int] | None] | None = None,
    ) -> None:
        """What a viewer's slots show, and how large (device pixels). Raises Refusal: `not_found`, `wrong_state` (publisher)."""
        found = self._peer(peer)
        if not isinstance(found.side, WatchSide):
            raise Refusal("wrong_state", "a publisher has no slots", "peer")
        self.router_of(found.meeting).select(found.side.watcher, video, tiles, self._clock())

    # --- control's calls: meetings and relays ---------------------------------------------------------

    def meeting_set(
        self,
        meeting: str,
        broadcast: str | None,
        muted: Sequence[str],
        heard: Sequence[str] | None = None,
        aside: Aside = NOTHING_ASIDE,
        guests: Mapping[str, Lent] | None = None,
        **sound: Any,
    ) -> None:
        """The whole truth about a meeting's stage, its guests, and who hears whom; `sound`: the other arguments of Hearing."""
        homes = {self.router_of(home).guests: lent for home, lent in (guests or {}).items()}
        self.router_of(meeting).set(broadcast, Hearing(muted, heard, **sound), aside, self._clock(), homes)

    def meeting_close(self, meeting: str) -> None:
        """End a meeting with its peers and relays."""
        for peer in [peer for peer in self.peers.values() if peer.meeting == meeting]:
            peer.close("ended", self._clock())
        self.relays.close_meeting(meeting)
        if (router := self.routers.pop(meeting, None)) is not None:
            router.guests.end()

    def relay_open(
        self,
        relay: str,
        meeting: str,
        address: Address,
        send_key: bytes,
        receive_key: bytes,
        node: str | None = None,
    ) -> None:
        """Link the meeting to the recorder, or to the node named. Raises Refusal: `conflict`, `invalid`."""
        self.relays.open(relay, meeting, address, send_key, receive_key, node)

    def relay_close(self, relay: str) -> None:
        """Stop a relay; an unknown one is no error."""
        self.relays.close(relay)

    # --- packets and time -----------------------------------------------------------------------------

    def receive(self, length: int, address: Address, waited_s: float = 0.0) -> None:
        """A datagram stands in the inbox, after it lay in the kernel's socket for `waited_s`."""
        self.received_bytes += length
        self.ingress.receive(length, address, self._clock(), waited_s)

    def receive_too_long(self, length: int, address: Address) -> None:
        """The beginning of a datagram longer than is looked at stands in the inbox."""
        self.received_bytes += length
        self.ingress.receive_too_long(length, address, self._clock())

    def receive_opened(
        self, number: int, kind: int, packet: memoryview, refused: int, waited_s: float
    ) -> None:
        """A packet that the intake has opened."""
        self.received_bytes += len(packet)
        self.ingress.receive_opened(number, kind, packet, refused, self._clock(), waited_s)

    def receive_kept(self, octets: int) -> None:
        """So many bytes came as feedback, of which the digests tell."""
        self.received_bytes += octets

    def drained(self) -> float | None:
        """The port is drained: fan out what came in, sound first.

        Returns when to call this again for packets that wait for the rest of their picture; None if there are none.
        """
        if not self._dirty:
            return None
        dirty, self._dirty = self._dirty, []
        now, again = self._clock(), None
        dirty.sort(key=lambda layer: layer.kind)
        for layer in dirty:
            due = layer.due_at()
            if due > now:
                self._dirty.append(layer)
                again = due if again is None else min(again, due)
                continue
            layer.marked = False
            try:
                layer.flush(now)
            except Exception:
                log.exception("fanning out %s failed; its publisher is ended", layer.label)
                self.peer_close(layer.publication.peer, "internal_error")
        return again

    def tick(self) -> bool:
        """What is due by time; to be called whenever packets came, and every 100 ms at least. Whether it was time."""
        now = self._clock()
        if now < self._tick_due:
            return False
        self._tick_due = now + TICK_S
        self._ticks += 1
        if not self._rota:
            self._rota = Rota(self.peers.values(), now)
        for peer, steady in self._rota.turn(self._ticks, now):
            try:
                peer.tick(now, steady=steady)
            except Exception:
                log.exception("the tick of a peer failed; it is ended")
                peer.close("internal_error", now)
        self.relays.tick(now)
        for router in self.routers.values():
            try:
                router.tick(now)
            except Exception:
                log.exception("the tick of meeting %s failed", router.meeting)
        return True

    def close(self, reason: str = "node_stopping") -> None:
        """End everything."""
        for peer in list(self.peers.values()):
            peer.close(reason, self._clock())
        for meeting in list(self.routers):
            self.meeting_close(meeting)

    # --- inside ---------------------------------------------------------------------------------------

    def mark(self, layer: Layer) -> None:
        """A layer has packets to fan out when the port is drained."""
        if not layer.marked:
            layer.marked = True
            self._dirty.append(layer)

    def tell(self, event: str, data: dict[str, Any]) -> None:
        """An event for control."""
        self._tell(event, data)

    def router_of(self, meeting: str) -> Router:
        """The router of a meeting, made if it is not there yet."""
        router = self.routers.get(meeting)
        if router is None:
            router = self.routers[meeting] = Router(meeting, self._tell)
        return router

    def _peer(self, peer: str) -> Peer:
        found = self.peers.get(peer)
        if found is None:
            raise Refusal("not_found", "no such peer", "peer")
        return found

    def _peer_state(self, peer: Peer, state: State, reason: str) -> None:
        if state is State.CLOSED:
            self.peers.pop(peer.id, None)
            self._rota = Rota()
            self.on_peer_closed(peer)
            self._restarts.pop(peer.id, None)
            self.ingress.remove(peer)
        self._tell(
            "peer",
            {
                "peer": peer.id,
                "meeting": peer.meeting,
                "participant": peer.participant,
                "direction": peer.direction,
                "state": state.value,
                "reason": reason,
            },
        )

    # --- for hello and people -------------------------------------------------------------------------

    def hello(self) -> dict[str, Any]:
        """The state a restarted control learns from (docs/link.md)."""
        return {
            "peers": [
                {
                    "peer": peer.id,
                    "meeting": peer.meeting,
                    "participant": peer.participant,
                    "direction": peer.direction,
                    "source": peer.side.source if isinstance(peer.side, Publisher) else CAMERA,
                    "etag": str(self._restarts[peer.id]),
                    "access": peer.access,
                    "connected": peer.state is State.CONNECTED,
                    **takes_told(peer.side),
                }
                for peer in self.peers.values()
            ],
            "meetings": [router.hello() for router in self.routers.values()],
            "relays": self.relays.hello(),
        }

    def retell(self) -> None:
        """Tell everything that holds now once more: a control that came back knows none of it."""
        for router in self.routers.values():
            router.retell()
        self.relays.retell()

    def dump(self, after: str | None = None) -> dict[str, Any]:
        """Everything, for people; empty lists when all is closed.

        Peers come in pages, by their ids: `next` is what to pass as `after` for the next one, None with the last. What there
        is besides peers is told with the first.
        """
        later = sorted(peer for peer in self.peers if after is None or peer > after)
        page, more = later[:DUMP_PEERS], len(later) > DUMP_PEERS
        dump: dict[str, Any] = {
            "peers": [self.peers[peer].dump() for peer in page],
            "next": page[-1] if more else None,
        }
        if after is None:
            dump["meetings"] = [router.dump() for router in self.routers.values()]
            dump |= {"relays": self.relays.dump(), "ingress": self.ingress.dump()}
        return dump
