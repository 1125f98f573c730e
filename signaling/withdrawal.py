"""The one place from which everything withdrawn ends: sockets, media, downloads and commands under a token that is no more.

Whatever withdraws a token does so in memory first, at once and whatever becomes of the database; it is written as soon as the
database takes it. What another process withdraws (`hub accounts`, another front, somebody in SQL) is found by looking, every
LOOK_S, at what stands behind the tokens in use here.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol
from weakref import WeakValueDictionary

from hub.clock import Clock
from hub.directory.accounts import Account, TokenStanding
from hub.errors import Refusal
from hub.house.policies import Policy
from hub.house.terms import good_until
from signaling.access import Access, Reason

#: Pause between two looks at the tokens in use. All that runs under a withdrawn one ends within 2 s.
LOOK_S: Final = 0.75
#: How long a sign-out waits until it is written before it is answered; it is in force before.
WRITE_WAIT_S: Final = 1.0
#: How long a withdrawn token is remembered after it was written: longer than any request that began under it.
REMEMBER_S: Final = 600.0
#: Withdrawn tokens that may wait to be written; beyond it only such as are known here are taken.
MAX_UNWRITTEN: Final = 20_000
#: That a person does something is written so often at most; what is not written yet counts here already.
SEEN_EVERY: Final = timedelta(seconds=20)
#: A token in use is extended when it has lost so much of its time.
EXTEND_EVERY: Final = timedelta(hours=1)

log = logging.getLogger(__name__)


class TokenStore(Protocol):
    """Where tokens are kept, by their hashes; see `hub.store.accounts_store.AccountStore`."""

    async def standing(self, token_hashes: Collection[str]) -> dict[str, TokenStanding]: ...
    async def account_and_mark(self, account_id: str) -> tuple[Account, str] | None: ...
    async def extend_tokens(self, token_hashes: Collection[str], expires_at: datetime) -> None: ...
    async def note_seen(self, seen: Mapping[str, datetime]) -> None: ...
    async def revoke_tokens(self, token_hashes: Collection[str]) -> None: ...


class MediaUnderAccess(Protocol):
    """Media sessions by the token under which they were opened."""

    def accesses(self) -> Mapping[str, str]:
        """The tokens' hashes of all media sessions, each with the id of its account."""

    def withdraw(self, access: str) -> None:
        """End every media session opened under this token; their owner is told `withdrawn`."""


class _NoMedia:
    def accesses(self) -> Mapping[str, str]:
        return {}

    def withdraw(self, access: str) -> None:
        pass


class Withdrawal:
    """The tokens in use in this process, and the end of each. `media` is put in when there is any."""

    def __init__(
        self, store: TokenStore, clock: Clock, lifetime: timedelta, policy: Callable[[], Policy] = Policy
    ) -> None:
        self.media: MediaUnderAccess = _NoMedia()
        #: Told of each sign-in in use that ends.
        self.on_end: Callable[[Account, Reason], None] = lambda account, reason: None
        self._store = store
        self._clock = clock
        self._lifetime = lifetime
        self._policy = policy
        self._active: dict[
            str, datetime
        ] = {}  # when a person last did something in it, as far as it is known here
        # In use is what somebody holds: a socket, a request, or `_of_media` for a media session without either.
        self._held: WeakValueDictionary[str, Access] = WeakValueDictionary()
        self._of_media: dict[str, Access] = {}
        self._standing: dict[str, TokenStanding] = {}
        self._dead: OrderedDict[str, float] = OrderedDict()  # withdrawn, and when; the oldest first
        self._unwritten: dict[str, None] = {}
        self._writing: set[asyncio.Task[None]] = set()
        self._away = self._write_failed = False

    def access(self, key: str, account: Account) -> Access:
        """The access by this token, which the store has just said to be good.

        Raises Refusal("unauthenticated") if it was withdrawn meanwhile, or is and could not be written yet.
        """
        self.require_good(key)
        held = self._held.get(key)
        if held is None:
            held = self._held[key] = Access(key, account)
        elif _gives_less(held.account, account):
            self._unwritten[key] = None
            self.end(key, "changed")
        held.require()
        return held

    def active(self, key: str) -> None:
        """A person did something under this token, now."""
        self._active[key] = self._clock()

    def over(self, key: str, standing: TokenStanding, now: datetime) -> bool:
        """Whether a token has had its time, by what it had and by the policy of now."""
        if standing.expires_at <= now:
            return True
        if standing.begun_at is None:
            return False
        active = max(standing.seen_at or standing.begun_at, self._active.get(key, standing.begun_at))
        role = standing.account.role
        return good_until(self._policy(), role, standing.begun_at, active, standing.expires_at) <= now

    def in_use(self, key: str) -> bool:
        """Whether something runs under this token here."""
        return key in self._held

    def names_in_use(self) -> set[str]:
        """What runs here, by the names that lists of sign-ins have for it."""
        return {key[:16] for key in self._held}

    def require_good(self, key: str) -> None:
        """Raises Refusal("unauthenticated") for a token that was withdrawn here."""
        if key in self._dead or key in self._unwritten:
            raise Refusal("unauthenticated", "sign in first")

    def media_opened(self, access: Access) -> None:
        """A media session was opened under this access, which counts as in use as long as there is one.

        Raises Refusal("unauthenticated") if it was withdrawn meanwhile: then the session is ended.
        """
        if access.ended is not None:
            self.media.withdraw(access.key)
        access.require()
        self._of_media[access.key] = access

    def end(self, key: str, reason: Reason) -> None:
        """All that runs under this token ends now."""
        self._dead[key] = time.monotonic()
        self._dead.move_to_end(key)
        self._standing.pop(key, None)
        self._of_media.pop(key, None)
        self._active.pop(key, None)
        # Media first, so that a page hears of it over the socket that ends next.
        self.media.withdraw(key)
        access = self._held.pop(key, None)
        if access is not None:
            log.info("a sign-in of %s ended: %s", access.account.id, reason)
            access.end(reason)
            self.on_end(access.account, reason)

    def end_of(self, account: str, reason: Reason) -> None:
        """All that runs under tokens of this account ends now."""
        self.end_others(account, "", reason)

    def changed(self, account: Account) -> list[Access]:
        """The account is another one than before, by an entry: what gave more ends now, the rest goes on as it is now.

        Returns the accesses that go on.
        """
        held = [each for each in list(self._held.values()) if each.account.id == account.id]
        if any(_gives_less(each.account, account) for each in held):
            self.end_of(account.id, "changed")
            return []
        for each in held:
            each.account = account
        return held

    def end_others(self, account: str, keep: str, reason: Reason) -> None:
        """All that runs under other tokens of this account ends now."""
        keys = {key for key, access in self._held.items() if access.account.id == account}
        keys |= {key for key, owner in self.media.accesses().items() if owner == account}
        for key in keys - {keep}:
            self.end(key, reason)

    async def sign_out(self, key: str) -> None:
        """The token is dead at once; returns when that is written, or after WRITE_WAIT_S if it cannot be yet.

        Raises Refusal("unavailable") only for an unknown token while more wait to be written than can be remembered.
        """
        if len(self._unwritten) >= MAX_UNWRITTEN and not self.in_use(key) and key not in self._unwritten:
            raise Refusal("unavailable", "too many sign-outs wait to be written; try again")
        self._unwritten[key] = None
        self.end(key, "signed_out")
        writing = asyncio.create_task(self._write())
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)
        await asyncio.wait({writing}, timeout=WRITE_WAIT_S)

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.look()
                if self._away:
                    log.warning("tokens can be checked again")
                self._away = False
            except Exception as problem:
                if not self._away:
                    log.warning("tokens cannot be checked now: %s", problem)
                self._away = True
                self.expire()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """End what is not good any more, write what waits, and extend what is used. Raises what the store raises."""
        keys = {*self._held, *self.media.accesses()}
        found = await self._store.standing(keys) if keys else {}
        # What was withdrawn stays so, also if the account is enabled again: so it is written, whoever did it.
        for key in keys - found.keys():
            self.end(key, await self._why(key))
            self._unwritten[key] = None
        now = self._clock()
        enough = now + self._lifetime - EXTEND_EVERY
        timed = {terms.role for terms in self._policy().sessions}
        extend = []
        for key, standing in found.items():
            same = standing is self._standing.get(key) and standing.expires_at > enough and key in self._held
            if same and not (standing.account.role in timed and self.over(key, standing, now)):
                continue  # as it was at the last look: so with nearly all, of thousands
            reason = self._withdrawn(key, standing, now)
            if reason is not None:
                self.end(key, reason)
                self._unwritten[key] = None
            else:
                self._take(key, standing)
                if standing.expires_at <= enough:
                    extend.append(key)
        of_media = self.media.accesses()
        self._of_media = {key: access for key, access in self._held.items() if key in of_media}
        self._standing = {key: standing for key, standing in self._standing.items() if key in self._held}
        self._forget()
        await self._write()
        if extend and not self._unwritten:
            await self._store.extend_tokens(extend, now + self._lifetime)
        if not self._unwritten:
            await self._note_seen(found, now)

    async def _note_seen(self, found: Mapping[str, TokenStanding], now: datetime) -> None:
        """Write where persons do something, and let go of what is written."""
        seen = {}
        for key, at in list(self._active.items()):
            standing = found.get(key)
            written = standing.seen_at if standing is not None else None
            if written is None or at - written >= SEEN_EVERY:
                seen[key] = at
            if written is not None and at <= written and key not in self._held:
                del self._active[key]
        if seen:
            await self._store.note_seen(seen)
            for key in seen.keys() - found.keys():
                del self._active[key]

    async def close(self) -> None:
        """Write what waits, if that can be done now."""
        await self._write()
        await asyncio.gather(*self._writing, return_exceptions=True)

    def _take(self, key: str, standing: TokenStanding) -> None:
        """The token is good: what changed of its account besides its rights (the name) holds from now on."""
        self._standing[key] = standing
        access = self._held.get(key)
        if access is not None:
            access.account = standing.account
        elif key in self.media.accesses():
            # Media that run since before this process: from now on in use here.
            self._of_media[key] = self._held[key] = Access(key, standing.account)

    def _withdrawn(self, key: str, standing: TokenStanding, now: datetime) -> Reason | None:
        """Why a token that is still in the store gives nothing any more; None while it is good."""
        if key in self._dead:
            return "signed_out"
        if standing.account.disabled:
            return "disabled"
        if self.over(key, standing, now):
            return "expired"
        access = self._held.get(key)
        before = access.account if access is not None else standing.account
        return "changed" if _gives_less(before, standing.account) else None

    async def _why(self, key: str) -> Reason:
        """Why a token is not in the store any more."""
        access, before = self._held.get(key), self._standing.get(key)
        owner = access.account.id if access is not None else self.media.accesses().get(key)
        if owner is None:
            return "signed_out"
        found = await self._store.account_and_mark(owner)
        if found is None or found[0].disabled:
            return "disabled"
        if access is not None and _gives_less(access.account, found[0]):
            return "changed"
        if before is not None:
            if before.password_mark != found[1]:
                return "changed"
            if self.over(key, before, self._clock()):
                return "expired"
        return "signed_out"

    def expire(self) -> None:
        """While the store is away, what is known of it: a token does not outlive the time it had."""
        now = self._clock()
        for key in [key for key, standing in self._standing.items() if self.over(key, standing, now)]:
            self.end(key, "expired")

    async def _write(self) -> None:
        """Write the withdrawals that wait; those that cannot be written go on waiting."""
        keys = list(self._unwritten)
        if not keys:
            return
        try:
            await self._store.revoke_tokens(keys)
        except Exception as problem:
            # A full disk, a database that is away: the tokens are dead here all the same.
            if not self._write_failed:
                log.warning("withdrawn tokens cannot be written yet: %s", problem)
            self._write_failed = True
            return
        self._write_failed = False
        now = time.monotonic()
        for key in keys:
            self._unwritten.pop(key, None)
            self._dead[key] = now
            self._dead.move_to_end(key)

    def _forget(self) -> None:
        """Let go of what was withdrawn and written long ago: the store says so itself."""
        before = time.monotonic() - REMEMBER_S
        while self._dead and next(iter(self._dead.values())) < before:
            self._dead.popitem(last=False)


def _gives_less(before: Account, after: Account) -> bool:
    """Whether what runs for an account as it was may not go on: another role or center, or clearance that was withdrawn."""
    if (before.role, before.center) != (after.role, after.center):
        return True
    return before.cleared and not after.cleared
