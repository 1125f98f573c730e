"""A peer: one transport (ICE, DTLS, SRTP) and what it carries. Knows no meeting and no other peer."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from hub.media.transport.dtls import DtlsEndpoint, DtlsFactory
from hub.media.transport.ice_lite import IceLite
from hub.media.transport.intake import Known
from hub.media.transport.outlet import Outlet
from hub.media.transport.sealer import outbound
from hub.media.transport.srtp import SealBuffer, SrtpKeys, SrtpSession, reason
from hub.wire.sdp import Fingerprint
from hub.wire.sdp_plan import Tagged

#: Different senders of RTCP taken from one peer; each costs libsrtp memory and time.
MAX_RTCP_SENDERS: Final = 64


class State(enum.Enum):
    """What control is told about a peer."""

    NEW = "new"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    CLOSED = "closed"


class MediaSide(Protocol):
    """What a peer carries: a publisher's tracks or a viewer's slots."""

    def refuses(self, ssrc: int, payload_type: int) -> str | None:
        """Why an RTP packet is dropped before it is opened; None if it is awaited."""

    def knows(self, ssrc: int, payload_type: int) -> bool:
        """Whether the source is one for good, so that its packets need not be asked about again."""

    def receive_rtp(self, packet: memoryview, now: float, waited_s: float) -> None:
        """An authentic packet, which came to the machine `waited_s` ago."""

    def receive_rtcp(self, compound: bytes, now: float, waited_s: float = 0.0) -> None:
        """An authentic RTCP datagram, which came to the machine `waited_s` ago."""

    def receive_digest(self, now: float) -> None:
        """The digest of the outlet's line is to be taken."""

    def receive_too_long(self, ssrc: int, payload_type: int, octets: int) -> None:
        """A datagram of so many bytes came from the peer's address, which is more than is opened; by its looks an RTP packet.
        It is not known to be authentic."""

    def connected(self, now: float) -> None: ...
    def returned(self, moved: bool, now: float) -> None:
        """The peer is heard again after a silence, or (`moved`) comes from another address; either way something was
        probably lost."""

    def line_lost(self, now: float) -> None:
        """Nothing comes from the peer any more, not even ICE; it may come back, and `returned` says so then."""

    def tick(self, now: float, *, steady: bool = False) -> None:
        """`steady`: it is the turn in which viewers who want for nothing are looked at."""

    def close(self, now: float) -> None: ...
    def dump(self) -> dict[str, object]: ...


def _nothing() -> None:
    """What is left to do when serving a closed peer fails."""


class Peer:
    """One bundled transport. `side` is put in right after construction; `on_state` hears of each change.

    The DTLS association begins with the first validated address; with `dtls_server` it is the other side that begins the
    handshake. `tagged` is the section that stands for the transport in what is said of it later.
    """

    def __init__(
        self,
        *,
        peer_id: str,
        meeting: str,
        participant: str,
        direction: str,
        ice: IceLite,
        outlet: Outlet,
        side: MediaSide,
        fingerprints: Sequence[Fingerprint],
        dtls_server: bool,
        tagged: Tagged,
        dtls: DtlsFactory,
        clock: Callable[[], float],
        on_state: Callable[[Peer, State, str], None],
        access: str = "",
    ) -> None:
        self.id = peer_id
        self.meeting = meeting
        self.participant = participant
        self.direction = direction
        #: Under which sign-in control opened it: a word that a control that was started anew gets back.
        self.access = access
        self.ice = ice
        self.outlet = outlet
        self.side = side
        self.state = State.NEW
        self.counters: Counter[str] = outlet.counters
        self.tagged = tagged
        self._fingerprints = fingerprints
        self._dtls_server = dtls_server
        self._dtls_factory = dtls
        self._dtls: DtlsEndpoint | None = None
        self._clock = clock
        self._on_state = on_state
        self._inbound: SrtpSession | None = None
        self._rtcp_senders: set[int] = set()
        #: What of this peer is opened on the way in; put in by Ingress where there is a compiled intake.
        self.known: Known | None = None

    # --- DTLS -----------------------------------------------------------------------------------------

    def address_validated(self) -> None:
        """ICE has found (another) way to the peer."""
        before, self.outlet.address = self.outlet.address, self.ice.nominated
        if before is not None and before != self.outlet.address and self.outlet.session is not None:
            self.side.returned(True, self._clock())
        if self._dtls is None and self.state is State.NEW:
            # As a client too not before: a hello goes only to an address that has proved to be the peer's.
            self._dtls = self._dtls_factory(self._fingerprints, self._dtls_server, self)

    def receive_dtls(self, datagram: bytes) -> None:
        """A datagram that passed the guard."""
        if self._dtls is None or not self._dtls.feed(datagram):
            self.counters["dtls_not_awaited"] += 1

    def send_dtls(self, datagram: bytes) -> None:
        """DtlsCallbacks: a DTLS datagram leaves."""
        if self.outlet.address is not None:
            self.outlet.port.send(datagram, self.outlet.address)

    def dtls_connected(self, keys: SrtpKeys) -> None:
        """DtlsCallbacks: the keys are there, media may begin."""
        if self.state is State.CLOSED:
            return
        self._inbound = SrtpSession(keys.profile, keys.receive, inbound=True)
        if self.known is not None:
            self.outlet.draw_line(self.known.found)
            self.known.open(self._inbound, self.outlet.line)
            self.outlet.keep_reports = self.known.keep_reports
        self.outlet.session = outbound(keys.profile, keys.send)
        self._set_state(State.CONNECTED, "")
        self.side.connected(self._clock())

    def dtls_ended(self, why: str) -> None:
        """DtlsCallbacks: the handshake failed or the peer said goodbye."""
        self.close(why, self._clock())

    # --- SRTP -----------------------------------------------------------------------------------------

    def receive_srtp(self, inbox: SealBuffer, length: int, now: float, waited_s: float) -> None:
        """An SRTP or SRTCP datagram stands in `inbox`: refuse cheaply, open in place, hand on."""
        session = self._inbound
        if session is None:
            self.counters["srtp_before_keys"] += 1
            return
        view = inbox.view
        second = view[1]
        if 192 <= second <= 223:
            sender = int.from_bytes(view[4:8], "big")
            if sender not in self._rtcp_senders and len(self._rtcp_senders) >= MAX_RTCP_SENDERS:
                self.counters["rtcp_too_many_senders"] += 1
                return
            opened = session.unprotect_rtcp(inbox, length)
            if opened < 0:
                self.counters[f"rtcp_{reason(opened)}"] += 1
                return
            self._rtcp_senders.add(sender)
            if self.known is not None:
                self.known.control(sender)
            self.ice.heard_at = now
            self.side.receive_rtcp(bytes(view[:opened]), now, waited_s)
            return
        ssrc, payload_type = int.from_bytes(view[8:12], "big"), second & 0x7F
        refusal = self.side.refuses(ssrc, payload_type)
        if refusal is not None:
            self.counters[refusal] += 1
            return
        opened = session.unprotect_rtp(inbox, length)
        if opened < 0:
            self.counters[reason(opened)] += 1
            return
        self.ice.heard_at = now
        self.side.receive_rtp(view[:opened], now, waited_s)
        if self.known is not None and self.side.knows(ssrc, payload_type):
            self.known.media(ssrc, payload_type)

    def receive_opened(
        self, is_rtcp: bool, packet: memoryview, refused: int, now: float, waited_s: float
    ) -> None:
        """The same, of a source known before, already opened; or refused by libsrtp with this code."""
        if self._inbound is None:
            self.counters["srtp_before_keys"] += 1  # closed since it was read
        elif refused:
            self.counters[f"rtcp_{reason(-refused)}" if is_rtcp else reason(-refused)] += 1
        else:
            self.ice.heard_at = now
            if is_rtcp:
                self.side.receive_rtcp(bytes(packet), now, waited_s)
            else:
                self.side.receive_rtp(packet, now, waited_s)

    def receive_digest(self, now: float) -> None:
        """Feedback came that is summed up in the digest of the line."""
        if self._inbound is None:
            self.counters["srtp_before_keys"] += 1  # closed since it was read
        else:
            self.ice.heard_at = now
            self.side.receive_digest(now)

    def receive_too_long(self, view: memoryview, octets: int) -> None:
        """A datagram longer than is opened: its beginning stands in `view`."""
        self.counters["datagram_too_long"] += 1
        if self._inbound is not None and 128 <= view[0] <= 191 and not 192 <= view[1] <= 223:
            self.side.receive_too_long(int.from_bytes(view[8:12], "big"), view[1] & 0x7F, octets)

    # --- life -----------------------------------------------------------------------------------------

    def tick(self, now: float, *, steady: bool = False) -> None:
        """Look at consent, and let the media side do what is due (`steady`: as for it)."""
        if self.ice.expired(now):
            self.close("consent_expired", now)
            return
        if self.state is State.CONNECTED and self.ice.silent(now):
            self.side.line_lost(now)
            self._set_state(State.DISCONNECTED, "silent")
        elif self.state is State.DISCONNECTED and not self.ice.silent(now):
            self._set_state(State.CONNECTED, "")
            self.side.returned(False, now)
        if self.outlet.open:
            self.side.tick(now, steady=steady)

    def close(self, why: str, now: float) -> None:
        """End the transport and what it carries; everybody who has to know is told once."""
        if self.state is State.CLOSED:
            return
        if self._dtls is not None:
            self._dtls.close()
        self._set_state(State.CLOSED, why)
        self.side.close(now)
        self.outlet.session = None
        self.outlet.address = None
        self.outlet.on_failure = _nothing
        self._inbound = None
        self._dtls = None

    def _set_state(self, state: State, why: str) -> None:
        self.state = state
        self._on_state(self, state, why)

    def dump(self) -> dict[str, object]:
        """The peer for people."""
        return {
            "peer": self.id,
            "meeting": self.meeting,
            "participant": self.participant,
            "direction": self.direction,
            "state": self.state.value,
            "ice": self.ice.dump(),
            "sent": {"packets": self.outlet.packets_sent, "bytes": self.outlet.bytes_sent},
            "counters": dict(self.counters),
            **self.side.dump(),
        }
