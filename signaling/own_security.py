"""What people do about their own way in: another password, a second factor, and opening a desk that locked itself."""

from __future__ import annotations

from hub.directory.accounts import Account
from hub.errors import Refusal
from hub.house.passwords import Weakness, weaknesses
from signaling.second_factor import Enrolment, FactorState, SecondFactors
from signaling.sessions import MAX_CODE, MAX_PASSWORD, Sessions, token_hash

_SAYS: dict[Weakness, str] = {
    "short": "the password is too short",
    "classes": "the password needs more kinds of characters",
    "common": "the password is one that everybody tries first",
    "name": "the password is made of a name",
    "repeated": "the password was there before",
}


def weak(weakness: Weakness) -> Refusal:
    """That a password is not taken: the field says why, one of `hub.house.passwords.Weakness`."""
    return Refusal("weak_password", _SAYS[weakness], weakness)


class OwnSecurity:
    """All of it is done under a token, also under one for which this has to be done first."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def change_password(self, token: str, old: str, new: str) -> Account:
        """Another password for the account of this token; all its other sessions are dead when this returns.

        Raises Refusal: `unauthenticated` for a dead token; `invalid` with the field `old` for a wrong present password (the
        session stays good), or `new` for an overlong one or the old one; `weak_password` with the weakness; `too_many`.
        """
        sessions = self._sessions
        account = (await sessions.access_for(token, limited=True)).account
        if not 1 <= len(new) <= MAX_PASSWORD:
            raise Refusal("invalid", f"a password has up to {MAX_PASSWORD} characters", "new")
        policy = sessions.policy().password
        found = weaknesses(new, account.username, policy, account.name)
        if found:
            raise weak(found[0])
        await self._require_password(account, old, "old")
        if new == old:
            raise Refusal("invalid", "this is the present password", "new")
        facts = await sessions.store.password_facts(account.id)
        for before in facts.old[: policy.history]:
            if await sessions.verifier.verify(before, new, stranger=None):
                raise weak("repeated")
        await sessions.store.set_password(account.id, new, token_hash(token))
        sessions.withdrawal.end_others(account.id, token_hash(token), "changed")
        await sessions.trace.tell("account.note_password", {"account": account.id, "by_owner": True})
        await self._look_again(account, token)
        return account

    async def unlock(self, token: str, password: str) -> None:
        """Whether the person at a locked desk is its owner.

        Raises Refusal: `unauthenticated` for a dead token, `invalid` with the field `password`, `too_many`.
        """
        account = (await self._sessions.access_for(token, limited=True)).account
        await self._require_password(account, password, "password")
        self._sessions.withdrawal.active(token_hash(token))

    async def factor_state(self, token: str) -> FactorState:
        """How it stands with one's own second factor."""
        account = (await self._sessions.access_for(token, limited=True)).account
        return await self._factors().state(account.id)

    async def begin_factor(self, token: str, password: str, code: str | None) -> Enrolment:
        """What a phone needs. Who has a second factor gives a code of it, too: another phone is not had by a password alone.

        Raises Refusal: `unauthenticated`; `invalid` with the field `password` or `code`; `too_many`.
        """
        account = (await self._sessions.access_for(token, limited=True)).account
        await self._require_password(account, password, "password")
        factors = self._factors()
        if await factors.enrolled([account.id]):
            await self._require_code(account, code or "")
        return await factors.begin(account.id, account.username)

    async def confirm_factor(self, token: str, code: str) -> list[str]:
        """The phone makes the right codes: its codes are asked for from now on. The codes for bad days, told once.

        Raises Refusal: `unauthenticated`, `wrong_state`, `invalid` with the field `code`, `too_many`.
        """
        account = (await self._sessions.access_for(token, limited=True)).account
        keys = {f"confirm {account.id}": self._sessions.limits.pair}
        self._sessions.throttle.begin(keys, self._sessions.monotonic())
        codes = await self._factors().confirm(account.id, code[:MAX_CODE])
        self._sessions.throttle.succeed(keys)
        await self._sessions.trace.tell("second_factor.note", {"account": account.id, "what": "enrolled"})
        await self._look_again(account, token)
        return codes

    async def new_codes(self, token: str, code: str) -> list[str]:
        """Other codes for bad days, told once. Raises Refusal as `begin_factor`, and `wrong_state` without a second factor."""
        account = (await self._sessions.access_for(token)).account
        factors = self._factors()
        if not await factors.enrolled([account.id]):
            raise Refusal("wrong_state", "there is no second factor")
        await self._require_code(account, code)
        codes = await factors.new_codes(account.id)
        await self._sessions.trace.tell("second_factor.note", {"account": account.id, "what": "codes_made"})
        return codes

    def _factors(self) -> SecondFactors:
        if self._sessions.factors is None:
            raise Refusal("unavailable", "this hub keeps no second factors")
        return self._sessions.factors

    async def _require_password(self, account: Account, password: str, field: str) -> None:
        """Raises Refusal `invalid` with the field for a wrong present password, `too_many`."""
        sessions = self._sessions
        if not 1 <= len(password) <= MAX_PASSWORD:
            raise Refusal("invalid", "this is not the present password", field)
        # keys of their own: whoever sits at an open session must not lock its owner out of signing in
        keys = {f"password {account.id}": sessions.limits.pair}
        sessions.throttle.begin(keys, sessions.monotonic())
        stored = await sessions.store.find_by_username(account.username)
        password_hash = stored.password_hash if stored is not None else None
        if not await sessions.verifier.verify(password_hash, password, stranger=None):
            raise Refusal("invalid", "this is not the present password", field)
        sessions.throttle.succeed(keys)

    async def _require_code(self, account: Account, code: str) -> None:
        keys = {f"confirm {account.id}": self._sessions.limits.pair}
        self._sessions.throttle.begin(keys, self._sessions.monotonic())
        if await self._factors().check(account.id, code[:MAX_CODE]) is None:
            raise Refusal("invalid", "this is not the code of now", "code")
        self._sessions.throttle.succeed(keys)

    async def _look_again(self, account: Account, token: str) -> None:
        """What is left to be done under this token before anything else."""
        key = token_hash(token)
        standing = await self._sessions.store.token_standing(key, self._sessions.clock())
        if standing is not None and standing.needs is not None:
            await self._sessions.store.set_needs(key, await self._sessions.needs(account))
