"""Second factors: time-based codes (RFC 6238) of a phone, and ten codes for bad days.

What makes the codes stands in the database sealed (AES-256-GCM, bound to its account) with a key from the data folder: who has
the database alone has none. It leaves the hub once, for its owner's phone; it stands in no entry and no log.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, Protocol

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.clock import Clock
from hub.errors import Refusal
from signaling.squares import squares

#: Seconds of one code, and codes before and after it that are taken, too: phones go wrong.
STEP_S: Final = 30
DRIFT: Final = 1
RECOVERY_CODES: Final = 10
#: Letters and digits that nobody confuses; 16 of them are 80 bits.
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_RECOVERY: Final = re.compile(r"[a-z0-9]{16}")
_ISSUER: Final = "Lianxian"

How = Literal["code", "recovery"]


class Stored(Protocol):
    """What there is of an account's second factor."""

    @property
    def sealed(self) -> str | None: ...
    @property
    def enrolled_at(self) -> datetime | None: ...
    @property
    def pending(self) -> str | None: ...
    @property
    def recovery_left(self) -> int: ...


class FactorStore(Protocol):
    """Where second factors are kept; hub.store.second_factor_store."""

    async def get(self, account: str) -> Stored | None: ...
    async def enrolled(self, accounts: Collection[str]) -> set[str]: ...
    async def all_enrolled(self) -> set[str]: ...
    async def propose(self, account: str, pending: str) -> None: ...
    async def enrol(
        self, account: str, pending: str, step: int, at: datetime, codes: Collection[str]
    ) -> bool: ...
    async def use_step(self, account: str, step: int) -> bool: ...
    async def use_recovery(self, account: str, code_hash: str) -> bool: ...
    async def replace_recovery(self, account: str, codes: Collection[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a phone needs, shown once: typed in, or read as a QR code (dark squares as an SVG path on `size` by `size`)."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)
    size: int
    path: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FactorState:
    """How it stands with an account's second factor."""

    enrolled_at: datetime | None
    recovery_left: int


class SecondFactors:
    """The second factors of this hub. `key` are 16 or more secret bytes from the data folder."""

    def __init__(self, store: FactorStore, key: bytes, clock: Clock) -> None:
        self._store = store
        self._cipher = AESGCM(hashlib.sha256(b"lianxian second factors\0" + key).digest())
        self._clock = clock

    async def state(self, account: str) -> FactorState:
        """How it stands with an account."""
        found = await self._store.get(account)
        if found is None or found.enrolled_at is None:
            return FactorState(None, 0)
        return FactorState(found.enrolled_at, found.recovery_left)

    async def enrolled(self, accounts: Collection[str]) -> set[str]:
        """Which of these accounts have one."""
        return await self._store.enrolled(accounts)

    async def all_enrolled(self) -> set[str]:
        """All accounts that have one."""
        return await self._store.all_enrolled()

    async def begin(self, account: str, username: str) -> Enrolment:
        """A fresh secret. An older one goes on being good until this one is confirmed."""
        secret = pyotp.random_base32()
        await self._store.propose(account, self._seal(account, secret))
        uri = pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=username, issuer_name=_ISSUER)
        size, path = squares(uri)
        return Enrolment(secret, uri, size, path)

    async def confirm(self, account: str, code: str) -> list[str]:
        """The phone makes the right codes: from now on they are asked for. The codes for bad days, told once.

        Raises Refusal: `wrong_state` when nothing was begun, `invalid` for a wrong code.
        """
        found = await self._store.get(account)
        if found is None or found.pending is None:
            raise Refusal("wrong_state", "begin first")
        step = self._step(self._open(account, found.pending), code)
        if step is None:
            raise Refusal("invalid", "this is not the code of now", "code")
        codes = _recovery_codes()
        hashes = [_recovery_hash(account, each) for each in codes]
        if not await self._store.enrol(account, found.pending, step, self._clock(), hashes):
            raise Refusal("wrong_state", "something else was begun meanwhile")
        return codes

    async def check(self, account: str, code: str) -> How | None:
        """Whether this code opens the account now; it is used up by it. None: it does not."""
        plain = _typed(code)
        if _RECOVERY.fullmatch(plain) is not None:
            used = await self._store.use_recovery(account, _recovery_hash(account, plain))
            return "recovery" if used else None
        found = await self._store.get(account)
        if found is None or found.enrolled_at is None or found.sealed is None:
            return None
        step = self._step(self._open(account, found.sealed), code)
        if step is None or not await self._store.use_step(account, step):
            return None
        return "code"

    async def new_codes(self, account: str) -> list[str]:
        """Other codes for bad days; those that were left are worth nothing any more."""
        codes = _recovery_codes()
        await self._store.replace_recovery(account, [_recovery_hash(account, each) for each in codes])
        return codes

    def _step(self, secret: str, code: str) -> int | None:
        """Which 30 s this code belongs to, if it is one of about now."""
        typed, one = _typed(code), pyotp.TOTP(secret, interval=STEP_S)
        now = int(self._clock().timestamp()) // STEP_S
        found = None
        for step in range(now - DRIFT, now + DRIFT + 1):
            if hmac.compare_digest(one.generate_otp(step).encode(), typed.encode()):
                found = step
        return found

    def _seal(self, account: str, secret: str) -> str:
        nonce = os.urandom(12)
        sealed = nonce + self._cipher.encrypt(nonce, secret.encode(), account.encode())
        return base64.b64encode(sealed).decode()

    def _open(self, account: str, sealed: str) -> str:
        """Raises Refusal `unavailable` where the key is not that with which it was sealed."""
        try:
            raw = base64.b64decode(sealed)
            return self._cipher.decrypt(raw[:12], raw[12:], account.encode()).decode()
        except (binascii.Error, InvalidTag, ValueError):
            raise Refusal(
                "unavailable", "the key of the second factors is another one; see the operator"
            ) from None


def _typed(code: str) -> str:
    """A code as people type it: blanks and strokes are nothing."""
    return re.sub(r"[\s-]", "", code).casefold()


def _recovery_codes() -> list[str]:
    letters = ("".join(secrets.choice(_ALPHABET) for _ in range(16)) for _ in range(RECOVERY_CODES))
    return ["-".join(each[at : at + 4] for at in range(0, 16, 4)) for each in letters]


def _recovery_hash(account: str, code: str) -> str:
    """What is kept of a code for bad days: of 80 random bits a plain digest tells nothing."""
    return hashlib.sha256(f"{account}\0{_typed(code)}".encode()).hexdigest()
