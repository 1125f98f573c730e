"""Passwords against argon2 hashes, in two lanes: who is known does not wait behind strangers who guess."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import argon2

from signaling.errors import HeaderedRefusal

#: Passwords of known people verified at the same time: each takes a core and 64 MiB for some 50 ms.
KNOWN_AT_ONCE: Final = 2
#: Of strangers one at a time, so that a flood of guesses leaves cores to everything else.
STRANGERS_AT_ONCE: Final = 1
#: Sign-ins that may wait in one lane.
WAITING_AT_MOST: Final = 256
#: Of those, strangers from one address: a room full of new stations passes, a flood does not take all places.
WAITING_FROM_ONE: Final = 32


class _Lane:
    def __init__(self, at_once: int) -> None:
        self.turn = asyncio.Semaphore(at_once)
        self.waiting = 0
        self.sources: Counter[str] = Counter()


class Verifier:
    """Verifies passwords. An unknown name takes as long as a known one."""

    def __init__(self) -> None:
        self._hasher = argon2.PasswordHasher()
        self._known = _Lane(KNOWN_AT_ONCE)
        self._strangers = _Lane(STRANGERS_AT_ONCE)
        self._decoy: str | None = None

    async def verify(self, password_hash: str | None, password: str, *, stranger: str | None) -> bool:
        """Whether the password fits the hash. `stranger` names where an unknown caller comes from, None: he is known.

        Raises Refusal("too_many") when too many wait already.
        """
        lane = self._known if stranger is None else self._strangers
        async with _place(lane, stranger), lane.turn:
            return await asyncio.to_thread(self._verify_now, password_hash, password)

    def _verify_now(self, password_hash: str | None, password: str) -> bool:
        cheap = password_hash is None or self._hasher.check_needs_rehash(password_hash)
        if cheap and self._decoy is None:
            self._decoy = self._hasher.hash(secrets.token_urlsafe(16))
        if cheap and password_hash is not None and self._decoy is not None:
            # Made by the hub with a cheaper hash: that must not be heard, or it would tell which names wait to be used.
            with contextlib.suppress(argon2.exceptions.VerificationError):
                self._hasher.verify(self._decoy, password)
        try:
            self._hasher.verify(password_hash or self._decoy or "", password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
        return password_hash is not None


@asynccontextmanager
async def _place(lane: _Lane, stranger: str | None) -> AsyncIterator[None]:
    """A place in the lane, for as long as the block runs."""
    if lane.waiting >= WAITING_AT_MOST or (
        stranger is not None and lane.sources[stranger] >= WAITING_FROM_ONE
    ):
        raise HeaderedRefusal(
            "too_many", "too many sign-ins at the same time; try again", {"Retry-After": "1"}
        )
    lane.waiting += 1
    if stranger is not None:
        lane.sources[stranger] += 1
    try:
        yield
    finally:
        lane.waiting -= 1
        if stranger is not None:
            lane.sources[stranger] -= 1
            if not lane.sources[stranger]:
                del lane.sources[stranger]
