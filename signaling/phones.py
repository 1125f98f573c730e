"""Phones of grid members: codes given out, and a phone signed in by one.

A phone's token comes in two halves. One is the cookie, which no script reads; the other the page gets once, keeps under the
PIN of the phone and sends as a header (`signaling.auth.HALF_HEADER`). So neither a script that got into the page nor a phone
that was found without its PIN reads anything of the hub. Of a code and of a token the hub keeps hashes alone.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from hub.clock import Clock, from_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command, Entry
from hub.errors import Refusal
from hub.house.parts import Accounts
from hub.rules import parse_data
from hub.state import HubState
from signaling.address import counted_as
from signaling.throttle import Slowing, Throttle

#: Letters and digits that nobody confuses: 12 of them are 59 bits, good for minutes, and guesses are slowed.
_ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_GROUPS, _GROUP = 3, 4
#: Wrong codes from one address: ten at once, then one in half a minute.
_GUESSES: Final = Slowing(free=10, forgive_s=30.0, longest_s=60.0)
#: Characters of a token that stand in the cookie: 126 of its 256 bits.
COOKIE_HALF: Final = 21


class PhoneRow(Protocol):
    """A phone as it stands: hub.store.device_store.StoredDevice."""

    @property
    def id(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def issued_at(self) -> datetime: ...
    @property
    def issued_by(self) -> str: ...
    @property
    def until(self) -> datetime: ...
    @property
    def bound_at(self) -> datetime | None: ...
    @property
    def agent(self) -> str: ...
    @property
    def withdrawn_at(self) -> datetime | None: ...
    @property
    def withdrawn_by(self) -> str | None: ...
    @property
    def why(self) -> str | None: ...
    @property
    def reason(self) -> str: ...
    @property
    def seen_at(self) -> datetime | None: ...


class PhoneRows(Protocol):
    """Where phones and the hashes of codes are kept: hub.store.device_store.DeviceStore."""

    async def keep_code(self, code_hash: str, device: str, until: datetime) -> None: ...
    async def use_code(self, code_hash: str, now: datetime) -> str | None: ...
    async def state_of(self, device: str) -> str | None: ...
    async def of_accounts(self, accounts: Collection[str]) -> Sequence[PhoneRow]: ...


class Answer(Protocol):
    """What a command brought about."""

    @property
    def entries(self) -> tuple[Entry, ...]: ...


class Journal(Protocol):
    """The journal's writer, as far as this needs it."""

    @property
    def state(self) -> HubState: ...
    async def submit(self, command: Command, account: Account) -> Answer: ...


class SignIns(Protocol):
    """Who begins sign-ins: signaling.sessions.Sessions."""

    async def open_phone(self, account: Account, device: str, address: str, agent: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Issued:
    """A code, told once to who asked for it."""

    device: str
    code: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Bound:
    """A phone that is signed in: the token's halves, and whose it is."""

    device: str
    cookie: str = field(repr=False)
    half: str = field(repr=False)
    account: Account


class Phones:
    """Gives codes out and signs phones in by them."""

    def __init__(
        self,
        rows: PhoneRows,
        sign_ins: SignIns,
        journal: Journal,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rows = rows
        self._sign_ins = sign_ins
        self._journal = journal
        self._clock = clock
        self._monotonic = monotonic
        self._throttle = Throttle()

    async def issue(self, asker: Account, account: str) -> Issued:
        """A code that binds one phone to this account. Raises Refusal as `device.issue` does."""
        told = await self._tell("device.issue", {"account": account}, asker, "device.issued")
        code = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
        until = from_wire(told["until"])
        await self._rows.keep_code(_hash(code), told["device"], until)
        return Issued(told["device"], code, until)

    async def bind(self, code: str, address: str, agent: str) -> Bound:
        """Sign a phone in by this code, which is used up with it.

        Raises Refusal: `unauthenticated` for a code that is none, was used or is too old (all alike); `too_many`.
        """
        keys = {f"phone code {counted_as(address)}": _GUESSES}
        self._throttle.begin(keys, self._monotonic())
        device = await self._rows.use_code(_hash(code), self._clock())
        if device is None:
            raise Refusal("unauthenticated", "this code opens nothing; have another one shown", "code")
        try:
            told = await self._tell(
                "device.note_bound", {"device": device, "agent": agent}, SYSTEM_ACCOUNT, "device.bound"
            )
        except Refusal as refusal:
            if refusal.code == "unavailable":
                raise
            raise Refusal(
                "unauthenticated", "this code opens nothing; have another one shown", "code"
            ) from None
        self._throttle.succeed(keys)
        account = self._journal.state.parts.read(Accounts).by_id[told["account"]]
        token = await self._sign_ins.open_phone(account, device, address, agent)
        return Bound(device, token[:COOKIE_HALF], token[COOKIE_HALF:], account)

    async def _tell(self, kind: str, data: dict[str, Any], who: Account, brings: str) -> dict[str, Any]:
        """Give a command; what the entry that it brings tells."""
        command = Command(f"phone-{secrets.token_hex(8)}", kind, None, parse_data(kind, data))
        entries = (await self._journal.submit(command, who)).entries
        return dict(next(each.data for each in entries if each.kind == brings))


def _hash(code: str) -> str:
    """What is kept of a code, however it is typed."""
    letters = "".join(each for each in code.upper() if each.isalnum())
    return hashlib.sha256(f"lianxian phone\0{letters}".encode()).hexdigest()
