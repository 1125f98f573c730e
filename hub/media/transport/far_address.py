"""Relays that share one far address, as nodes and the recorder have one port for all of them: told apart by SSRC."""

from __future__ import annotations

from collections import Counter
from typing import Final, Protocol

from hub.media.transport.srtp import SealBuffer

#: A sender of feedback that is not known yet is tried with the keys of each relay; so often a second at most.
TRIES_A_SECOND: Final = 200


class Receiver(Protocol):
    """One relay's end for what comes in."""

    def receive(self, inbox: SealBuffer, length: int, now: float) -> bool:
        """Take a datagram; False if it is not sealed with this relay's keys."""

    def awaits(self, ssrc: int) -> bool:
        """Whether media comes under this SSRC."""


class FarAddress:
    """What comes from one address goes to the relay that it is for."""

    def __init__(self, counters: Counter[str]) -> None:
        self.counters = counters
        self._receivers: list[Receiver] = []
        self._by_sender: dict[int, Receiver] = {}
        self._tries_second = -1
        self._tries = 0

    @property
    def empty(self) -> bool:
        """Whether no relay is left."""
        return not self._receivers

    @property
    def relays(self) -> int:
        """How many relays there are to this address."""
        return len(self._receivers)

    def add(self, receiver: Receiver) -> None:
        """One more relay to this address."""
        self._receivers.append(receiver)

    def remove(self, receiver: Receiver) -> None:
        """The relay has closed."""
        if receiver in self._receivers:
            self._receivers.remove(receiver)
        self._by_sender = {ssrc: other for ssrc, other in self._by_sender.items() if other is not receiver}

    def receive(self, inbox: SealBuffer, length: int, now: float) -> None:
        """A datagram shaped like SRTP or SRTCP stands in the inbox."""
        view = inbox.view
        is_rtcp = 192 <= view[1] <= 223
        at = 4 if is_rtcp else 8
        ssrc = int.from_bytes(view[at : at + 4], "big")
        receiver = self._by_sender.get(ssrc)
        if receiver is not None:
            if not receiver.receive(inbox, length, now):
                self.counters["relay_not_opened"] += 1
        elif is_rtcp:
            self._try_all(inbox, length, ssrc, now)
        else:
            found = next((each for each in self._receivers if each.awaits(ssrc)), None)
            if found is None:
                self.counters["relay_unknown_ssrc"] += 1
            elif found.receive(inbox, length, now):
                self._by_sender[ssrc] = found
            else:
                self.counters["relay_not_opened"] += 1

    def forget(self, ssrc: int) -> None:
        """Nothing more is expected from this SSRC."""
        self._by_sender.pop(ssrc, None)

    def _try_all(self, inbox: SealBuffer, length: int, ssrc: int, now: float) -> None:
        """Feedback from a sender that is not known yet: it belongs to the relay whose keys open it."""
        sealed = bytes(inbox.view[:length]) if len(self._receivers) > 1 else b""
        for receiver in self._receivers:
            if int(now) != self._tries_second:
                self._tries_second, self._tries = int(now), 0
            self._tries += 1
            if self._tries > TRIES_A_SECOND:
                self.counters["relay_too_many_tries"] += 1
                return
            if sealed:
                inbox.view[:length] = sealed  # the last try may have left it changed
            if receiver.receive(inbox, length, now):
                self._by_sender[ssrc] = receiver
                return
        self.counters["relay_not_opened"] += 1
