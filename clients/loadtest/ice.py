"""ICE of a light peer: checks one pair, as the controlling side unless told otherwise, nominates it at once, keeps consent."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from hub.wire import stun
from hub.wire.sdp import RemoteTransport

#: The first check is repeated after this time, each next one after half as long again, until there is an answer;
#: afterwards consent is asked for so often (RFC 7675 §5.1).
CHECK_S: Final = 0.05
SLOWEST_CHECK_S: Final = 0.5
CONSENT_S: Final = 5.0
_ROLE_CONFLICT: Final = 487
#: Host candidate, component 1, one local preference: the priority of RFC 8445 §5.1.2 as peer-reflexive.
_PRIORITY: Final = 110 << 24 | 65535 << 8 | 255


class NotAllowed(Exception):
    """The hub's addresses are neither on this machine nor named by the user."""


def choose_candidate(candidates: Collection[str], allowed: Collection[str]) -> tuple[str, int]:
    """The first UDP candidate that is loopback or one of `allowed`. Raises NotAllowed if there is none."""
    for candidate in candidates:
        parts = candidate.split()
        if len(parts) < 8 or parts[1] != "1" or parts[2].lower() != "udp":
            continue
        try:
            address = ip_address(parts[4])
        except ValueError:
            continue  # a name; the hub's answers hold addresses
        if address.is_loopback or str(address) in allowed:
            return str(address), int(parts[5])
    raise NotAllowed("no candidate of the hub is on this machine or among the allowed addresses")


@dataclass(slots=True)
class IceAgent:
    """One pair. `ufrag` and `password` are ours. Time is passed in; `due` says when the next check goes out."""

    ufrag: str = field(default_factory=lambda: secrets.token_hex(4))
    password: str = field(default_factory=lambda: secrets.token_hex(12), repr=False)
    connected: bool = False
    controlling: bool = True
    due: float = 0.0
    rtt_s: float | None = None
    refused: tuple[int, str] | None = None
    _pause_s: float = CHECK_S
    _tie_breaker: int = field(default_factory=lambda: secrets.randbits(64))
    _pending: dict[bytes, float] = field(default_factory=dict)

    def check(self, remote: RemoteTransport, now: float) -> bytes:
        """The next connectivity check."""
        transaction = secrets.token_bytes(12)
        if len(self._pending) > 16:
            self._pending.clear()
        self._pending[transaction] = now
        self.due = now + (CONSENT_S if self.connected else self._pause_s)
        self._pause_s = min(SLOWEST_CHECK_S, self._pause_s * 1.5)
        return stun.binding_request(
            transaction,
            f"{remote.ice_ufrag}:{self.ufrag}",
            remote.ice_pwd.encode(),
            priority=_PRIORITY,
            controlling=self._tie_breaker if self.controlling else None,
            controlled=None if self.controlling else self._tie_breaker,
            use_candidate=self.controlling,
        )

    def answer(self, data: bytes, source: tuple[str, int]) -> bytes | None:
        """The answer to a check of the other side, which a full agent makes (RFC 8445 §7.3); None if it is none."""
        try:
            message = stun.parse(data)
        except stun.StunError:
            return None
        password = self.password.encode()
        if message.message_class != stun.REQUEST or not message.verify(password):
            return None
        if self.controlling and message.controlling is not None:
            if self._tie_breaker >= message.controlling:
                return stun.binding_error(message.transaction_id, _ROLE_CONFLICT, "Role Conflict", password)
            self.controlling = False
        return stun.binding_success(message.transaction_id, source, password)

    def receive(self, data: bytes, remote: RemoteTransport, now: float) -> bool:
        """Take a STUN message. True if it made the pair valid just now; others are ignored."""
        try:
            message = stun.parse(data)
        except stun.StunError:
            return False
        sent = self._pending.get(message.transaction_id)
        if sent is None:
            return False
        if message.message_class == stun.ERROR:
            self.refused = message.error
            if message.error is not None and message.error[0] == _ROLE_CONFLICT:
                self.controlling = not self.controlling  # §7.2.5.1
            return False
        if message.message_class != stun.SUCCESS or not message.verify(remote.ice_pwd.encode()):
            return False
        self._pending.clear()
        self.rtt_s = now - sent
        before, self.connected = self.connected, True
        self.due = now + CONSENT_S
        return not before
