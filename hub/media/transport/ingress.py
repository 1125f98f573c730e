"""From a datagram to the peer it belongs to: by ICE user name for STUN, by validated address for all else.

Everything is refused as early and as cheaply as it can be told from what belongs here; each refusal has a
name and is counted. A bug met while handling a packet ends the peer it came from, and nobody else.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import Final

from hub.media.transport.address import Address
from hub.media.transport.far_address import FarAddress, Receiver
from hub.media.transport.guard import dtls_refusal
from hub.media.transport.ice_lite import UFRAG_BYTES, UFRAG_MARK, Credentials
from hub.media.transport.intake import DIGEST, RTCP, Intake
from hub.media.transport.outlet import Port
from hub.media.transport.peer import Peer
from hub.media.transport.srtp import SealBuffer
from hub.wire import demux, stun

log = logging.getLogger(__name__)

_COOKIE: Final = stun.MAGIC_COOKIE.to_bytes(4, "big")


class Ingress:
    """Who is reached by which user name and which address."""

    def __init__(self, port: Port, inbox: SealBuffer) -> None:
        self.counters: Counter[str] = Counter()
        self._port = port
        self._inbox = inbox
        self._by_ufrag: dict[str, Peer] = {}
        self._by_address: dict[Address, Peer] = {}
        self._far: dict[Address, FarAddress] = {}
        self._intake: Intake | None = None
        self._by_number: dict[int, Peer] = {}

    def use(self, intake: Intake) -> None:
        """Have the packets of peers' known sources opened on the way in. To be called before there are peers."""
        self._intake = intake

    # --- who is who -----------------------------------------------------------------------------------

    def add(self, peer: Peer, credentials: Credentials) -> None:
        """Checks with this user name are for `peer`."""
        self._by_ufrag[credentials.ufrag] = peer
        if self._intake is not None and peer.known is None:
            peer.known = self._intake.add()
            self._by_number[peer.known.sender.number] = peer

    def remove(self, peer: Peer) -> None:
        """Nothing that comes is for `peer` any more."""
        self._by_ufrag = {ufrag: other for ufrag, other in self._by_ufrag.items() if other is not peer}
        for address in [address for address, other in self._by_address.items() if other is peer]:
            self._leave(address)
        if self._intake is not None and peer.known is not None:
            self._intake.remove(peer.known)
            self._by_number.pop(peer.known.sender.number, None)
            peer.known = None

    def forget_ended(self, peer: Peer) -> None:
        """Drop user names and addresses that the peer's ICE has given up."""
        ended, retired = peer.ice.take_ended()
        for credentials in ended:
            self._by_ufrag.pop(credentials.ufrag, None)
        for old in retired:
            if self._by_address.get(old) is peer:
                self._leave(old)

    def _leave(self, address: Address) -> None:
        del self._by_address[address]
        if self._intake is not None:
            self._intake.drop(address)

    def add_receiver(self, address: Address, receiver: Receiver) -> None:
        """What comes from this address and is no peer's may be for `receiver`; several share the address of a node."""
        self._far.setdefault(address, FarAddress(self.counters)).add(receiver)

    def remove_receiver(self, address: Address, receiver: Receiver) -> None:
        """Undo `add_receiver`."""
        far = self._far.get(address)
        if far is not None:
            far.remove(receiver)
            if far.empty:
                del self._far[address]

    def forget_source(self, address: Address, ssrc: int) -> None:
        """Nothing more is expected under this SSRC from a relay's far end."""
        if address in self._far:
            self._far[address].forget(ssrc)

    # --- datagrams ------------------------------------------------------------------------------------

    def receive(self, length: int, address: Address, now: float, waited_s: float = 0.0) -> None:
        """Handle the datagram in the first `length` bytes of the inbox, which came `waited_s` ago. Never raises."""
        inbox = self._inbox
        peer = self._by_address.get(address)
        try:
            if peer is not None and length >= demux.RTP_HEADER_BYTES and 128 <= inbox.view[0] <= 191:
                peer.receive_srtp(inbox, length, now, waited_s)  # nearly all there is
                return
            data = inbox.view[:length]
            kind = demux.classify(data)
            if kind in (demux.RTP, demux.RTCP):
                if peer is not None:
                    peer.receive_srtp(inbox, length, now, waited_s)
                elif address in self._far:
                    self._far[address].receive(inbox, length, now)
                else:
                    self.counters["srtp_unvalidated_address"] += 1
            elif kind == demux.STUN:
                self._receive_stun(data, address, now)
            elif kind == demux.DTLS:
                refusal = dtls_refusal(data, address, self._by_address)
                if refusal is None and peer is not None:
                    peer.receive_dtls(bytes(data))
                else:
                    self.counters[refusal or "dtls_unvalidated_address"] += 1
            else:
                self.counters["not_ours"] += 1
        except Exception:
            self._failed(peer, now)

    def receive_too_long(self, length: int, address: Address, now: float) -> None:
        """More came from `address` than is looked at; the first bytes stand in the inbox. Never raises."""
        peer = self._by_address.get(address)
        if peer is None:
            self.counters["datagram_too_long"] += 1
            return
        try:
            peer.receive_too_long(self._inbox.view[:length], length)
        except Exception:
            self._failed(peer, now)

    def receive_opened(
        self, number: int, kind: int, packet: memoryview, refused: int, now: float, waited_s: float
    ) -> None:
        """A packet of a peer's known source, as the intake opened it (or was refused to), or that feedback was summed up.
        Never raises."""
        peer = self._by_number.get(number)
        if peer is None:
            self.counters["srtp_unvalidated_address"] += 1  # gone since it was read
            return
        try:
            if kind == DIGEST:
                peer.receive_digest(now)
                return
            peer.receive_opened(kind == RTCP, packet, refused, now, waited_s)
        except Exception:
            self._failed(peer, now)

    def _failed(self, peer: Peer | None, now: float) -> None:
        log.exception("handling a datagram failed; its peer is ended")
        self.counters["bugs"] += 1
        if peer is not None:
            peer.close("internal_error", now)

    def _receive_stun(self, data: memoryview, address: Address, now: float) -> None:
        # A lite agent only ever gets requests; everything else is dropped before it is taken apart.
        if data[0] != 0 or data[1] != 1 or data[4:8] != _COOKIE:
            self.counters["stun_not_a_request"] += 1
            return
        message_bytes = bytes(data)
        at = message_bytes.find(UFRAG_MARK, stun.HEADER_BYTES)
        peer = self._by_ufrag.get(message_bytes[at : at + UFRAG_BYTES].decode("latin-1")) if at > 0 else None
        if peer is None:
            self.counters["stun_unknown_ufrag"] += 1
            return
        if peer.ice.forged(message_bytes, address, now):
            self.counters["stun_wrong_integrity"] += 1
            return
        try:
            message = stun.parse(message_bytes)
        except stun.StunError:
            self.counters["stun_malformed"] += 1
            return
        answer = peer.ice.check(message, address, now)
        if isinstance(answer, str):
            self.counters[answer] += 1
            return
        self._port.send(answer.data, address)
        if not answer.validated:
            self.counters["stun_refused"] += 1
            return
        if self._by_address.get(address) is not peer:
            self._by_address[address] = peer
            if self._intake is not None and peer.known is not None:
                self._intake.put(address, peer.known)
        self.forget_ended(peer)
        peer.address_validated()

    def dump(self) -> dict[str, object]:
        """The ways in, for people."""
        return {
            "ufrags": len(self._by_ufrag),
            "addresses": len(self._by_address),
            "receivers": sum(far.relays for far in self._far.values()),
            "dropped": dict(self.counters),
        }
