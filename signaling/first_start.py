"""The first start: whoever holds the set-up code of a hub without accounts makes its three administrators, once."""

from __future__ import annotations

import asyncio
import hmac
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command, Entry
from hub.errors import Refusal
from hub.house.parts import Accounts
from hub.house.passwords import weaknesses
from hub.house.policies import policy_of
from hub.rules import parse_data
from hub.state import HubState
from signaling.own_security import weak
from signaling.schemas.security import FirstStart as Wanted
from signaling.throttle import Slowing, Throttle

DUTIES: Final = ("system", "security", "audit")
#: Wrong codes, from wherever: a guess in a minute after the first ten.
_GUESSES: Final = Slowing(free=10, forgive_s=60.0, longest_s=60.0)
_KEYS: Final = {"set-up code": _GUESSES}


class Answer(Protocol):
    """What a command brought about."""

    @property
    def entries(self) -> tuple[Entry, ...]: ...


class Journal(Protocol):
    """The journal's writer, as far as this needs it."""

    @property
    def state(self) -> HubState: ...
    async def submit(self, command: Command, account: Account) -> Answer: ...


SetPassword = Callable[[str, str], Awaitable[None]]


class FirstStart:
    """Without a code (None) nothing waits to be set up, and nothing ever will in this process."""

    def __init__(
        self, code: str | None, journal: Journal, set_password: SetPassword, done: Callable[[], None]
    ) -> None:
        self._code = code
        self._journal = journal
        self._set_password = set_password
        self._done = done
        self._throttle = Throttle()
        self._turn = asyncio.Lock()
        #: Account ids by duty: made, but one or another has no password yet.
        self._made: dict[str, str] = {}

    @property
    def needed(self) -> bool:
        """Whether the hub waits to be set up."""
        begun = self._journal.state.parts.read(Accounts).begun
        return self._code is not None and (not begun or bool(self._made))

    async def set_up(self, wanted: Wanted) -> None:
        """Make the three, with their passwords; all is refused alike once there was an account.

        Raises Refusal: `already_done`, `forbidden` for a wrong code, `too_many`, `invalid`; `weak_password`: whose, and
        why, its field says.
        """
        async with self._turn:
            if not self.needed or self._code is None:
                raise Refusal("already_done", "this hub was set up before")
            self._throttle.begin(_KEYS, time.monotonic())
            given = wanted.code.strip().upper().replace(" ", "")
            if not hmac.compare_digest(given.encode(), self._code.encode()):
                raise Refusal("forbidden", "this is not the set-up code of this hub", "code")
            self._throttle.succeed(_KEYS)
            self._require_strong(wanted)
            if not self._made:
                await self._make(wanted)
            for duty in DUTIES:
                await self._set_password(self._made[duty], getattr(wanted, duty).password)
            self._code, self._made = None, {}
            self._done()

    def _require_strong(self, wanted: Wanted) -> None:
        policy = policy_of(self._journal.state).password
        taken = set()
        for duty in DUTIES:
            one = getattr(wanted, duty)
            found = weaknesses(one.password, one.username, policy, one.name)
            if found:
                refusal = weak(found[0])
                raise Refusal(refusal.code, refusal.message, f"{duty}.{found[0]}")
            if one.password in taken:
                raise Refusal("invalid", "each of the three has a password of his own", f"{duty}.password")
            taken.add(one.password)

    async def _make(self, wanted: Wanted) -> None:
        data: dict[str, Any] = {
            duty: {"username": getattr(wanted, duty).username, "name": getattr(wanted, duty).name}
            for duty in DUTIES
        }
        if wanted.root is not None:
            data["root"] = {"code": wanted.root.code, "name": wanted.root.name}
        command = Command(f"set-up-{os.urandom(6).hex()}", "hub.set_up", None, parse_data("hub.set_up", data))
        entries = (await self._journal.submit(command, SYSTEM_ACCOUNT)).entries
        self._made = dict(next(each.data for each in entries if each.kind == "hub.begun"))
