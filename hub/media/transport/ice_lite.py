"""ICE-lite (RFC 8445 §2.5): answers checks, learns from them where the peer is, notices when it has gone.

Sans-I/O: a parsed message, an address and the time in; a datagram to send back out. What we do not do as the
RFCs say stands in docs/deviations.md.
"""

from __future__ import annotations

import hmac
import secrets
import string
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from hub.media.transport.address import Address
from hub.wire import stun

#: Consent is gone when nothing authentic came for so long (RFC 7675 §5.1).
CONSENT_S: Final = 30.0
#: After so much silence the peer counts as disconnected; it may come back.
SILENCE_S: Final = 6.0
#: A nominated address that did not check for so long gives way to one that does. Some agents (aioice) nominate once
#: and never again, and check each 4 to 6 s; behind a NAT that forgot them they come from a new address.
UNCHECKED_S: Final = 3.5
#: Validated addresses kept a peer (Safari uses up to three at once).
MAX_ADDRESSES: Final = 8

#: Forged checks a second and peer whose integrity is looked at; then only validated addresses are listened to.
MAX_FORGED_PER_S: Final = 100
#: Type and length of MESSAGE-INTEGRITY and of FINGERPRINT (RFC 8489 §14.5, §14.7).
_INTEGRITY_HEAD: Final = b"\x00\x08\x00\x14"
_FINGERPRINT_HEAD: Final = b"\x80\x28\x00\x04"
_CHARACTERS: Final = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Credentials:
    """Our side of one ICE generation (RFC 8445 §5.3: at least 24 and 128 bits of randomness)."""

    ufrag: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials({self.ufrag})"  # the password does not belong in a log

    @staticmethod
    def fresh() -> Credentials:
        """New random credentials."""
        return Credentials(UFRAG_MARK.decode() + _random(8), _random(24))


def _random(length: int) -> str:
    return "".join(secrets.choice(_CHARACTERS) for _ in range(length))


#: How every user name of this process begins: a datagram without it is not for us, and seen so in a microsecond.
UFRAG_MARK: Final = _random(4).encode()
UFRAG_BYTES: Final = len(UFRAG_MARK) + 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What a check led to. `data` goes back to where it came from; `validated` says that the address is good."""

    data: bytes
    validated: bool = False
    nominated: bool = False


class IceLite:
    """One peer's ICE state.

    `generations` are the credentials that are valid now: the current ones, and during a restart the next
    ones as well, until the peer has nominated a pair with them. `nominated` is where media is sent.
    """

    def __init__(self, credentials: Credentials, now: float) -> None:
        self.generations: list[Credentials] = [credentials]
        self.validated: OrderedDict[Address, Credentials] = OrderedDict()
        self.nominated: Address | None = None
        self.moves = 0
        self.heard_at = now
        self._nominated_checked_at = now
        self.checks = 0
        self._forged = 0
        self._forged_second = 0
        self.ended: list[Credentials] = []
        self.retired: list[Address] = []

    @property
    def credentials(self) -> Credentials:
        """The newest generation: what the peer was told last."""
        return self.generations[-1]

    def restart(self, credentials: Credentials) -> None:
        """Begin a new generation; media goes on by the old one until the new one has a pair."""
        self.ended += self.generations[1:]  # a restart that was never used is replaced
        self.generations = [self.generations[0], credentials]

    def forged(self, data: bytes, address: Address, now: float) -> bool:
        """Whether a check is none of this peer's, told before it is taken apart.

        Looks at MESSAGE-INTEGRITY where every client puts it, right before FINGERPRINT at the end; a check of
        another form is for `check` to judge. Taking a message apart costs ten times as much as this. Who forges
        more than MAX_FORGED_PER_S is not even computed for; addresses that are validated are not touched by that.
        """
        second = int(now)
        if second != self._forged_second:
            self._forged_second, self._forged = second, 0
        if self._forged >= MAX_FORGED_PER_S and address not in self.validated:
            return True
        if self._looks_forged(data):
            self._forged += 1
            return True
        return False

    def _looks_forged(self, data: bytes) -> bool:
        if data[-32:-28] != _INTEGRITY_HEAD or data[-8:-4] != _FINGERPRINT_HEAD:
            return False
        signed = data[:2] + (len(data) - 28).to_bytes(2, "big") + data[4:-32]
        return not any(
            hmac.compare_digest(hmac.digest(known.password.encode(), signed, "sha1"), data[-28:-8])
            for known in self.generations
        )

    def check(self, message: stun.StunMessage, address: Address, now: float) -> Answer | str:
        """Handle a Binding request whose user name names this peer. A str says why it was dropped."""
        mine = (message.username or "").partition(":")[0]
        generation = next((known for known in self.generations if known.ufrag == mine), None)
        if generation is None:
            return "stun_unknown_ufrag"
        password = generation.password.encode()
        if not message.verify(password):
            return "stun_wrong_integrity"
        self.heard_at = now
        self.checks += 1
        if message.unknown:
            unknown = message.unknown
            return Answer(
                stun.binding_error(message.transaction_id, 420, "Unknown Attribute", password, unknown)
            )
        if message.controlled is not None:
            # A lite agent is always controlled (RFC 8445 §6.1.1), so both claim the same role.
            return Answer(stun.binding_error(message.transaction_id, 487, "Role Conflict", password))
        self._validate(address, generation)
        nominated = message.use_candidate
        # Where nothing better is known the address of any check is taken: else a DTLS answer could not leave
        # before nomination, nor anything after a change of address that is never nominated.
        lost = self.nominated not in self.validated or now - self._nominated_checked_at >= UNCHECKED_S
        if address != self.nominated and (nominated or lost):
            self.moves += self.nominated is not None
            self.nominated = address
        if address == self.nominated:
            self._nominated_checked_at = now
        if nominated:
            self.settle()
        data = stun.binding_success(message.transaction_id, (str(address[0]), int(address[1])), password)
        return Answer(data, validated=True, nominated=nominated)

    def settle(self) -> None:
        """After a nomination: end what the pair of a restart has replaced."""
        newest = self.generations[-1]
        if len(self.generations) < 2 or self.nominated is None:
            return
        if self.validated.get(self.nominated) is not newest:
            return
        self.ended += self.generations[:-1]
        self.generations = [newest]
        for address in [known for known, by in self.validated.items() if by is not newest]:
            del self.validated[address]
            self.retired.append(address)

    def take_ended(self) -> tuple[list[Credentials], list[Address]]:
        """The generations and addresses that are not valid any more since this was last asked."""
        ended, retired = self.ended, self.retired
        self.ended, self.retired = [], []
        return ended, retired

    def heard(self, now: float) -> None:
        """Something authentic came (SRTP, SRTCP): the peer is there and agrees (RFC 7675)."""
        self.heard_at = now

    def expired(self, now: float) -> bool:
        """Whether consent has run out."""
        return now - self.heard_at >= CONSENT_S

    def silent(self, now: float) -> bool:
        """Whether the peer has not been heard for a while."""
        return now - self.heard_at >= SILENCE_S

    def _validate(self, address: Address, generation: Credentials) -> None:
        self.validated[address] = generation
        self.validated.move_to_end(address)
        while len(self.validated) > MAX_ADDRESSES:
            oldest = next(known for known in self.validated if known != self.nominated)
            del self.validated[oldest]
            self.retired.append(oldest)

    def dump(self) -> dict[str, object]:
        """The ICE state for people, without passwords."""
        return {
            "ufrags": [generation.ufrag for generation in self.generations],
            "validated": [f"{address[0]}:{address[1]}" for address in self.validated],
            "nominated": f"{self.nominated[0]}:{self.nominated[1]}" if self.nominated else None,
            "checks": self.checks,
            "moves": self.moves,
        }
