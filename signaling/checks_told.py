"""Telling checks: stations that they are asked, those who see the check what was answered, several answers at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from hub.clock import to_wire
from hub.conference.checks import Checks
from hub.directory.accounts import Account
from hub.entry import Entry
from hub.rules import ENTRIES
from hub.state import HubState
from signaling.fan_out import FanOut
from signaling.rooms import above
from signaling.services import Json, Services

#: Pause after telling: two thousand answer within two minutes.
PAUSE_S: Final = 0.25


def asked(state: HubState, account: Account) -> list[Json]:
    """The checks that wait for this account's center, for its greeting."""
    return [
        {"check": check, "until": one.until, "spread_ms": one.spread_ms}
        for check, one in state.parts.read(Checks).running.items()
        if account.center in one.waiting
    ]


class ChecksTold:
    """Gathers what was answered and tells it."""

    def __init__(self, services: Services, fan_out: FanOut) -> None:
        self._services = services
        self._fan_out = fan_out
        #: Check -> where it is told, the answers by center, the entry up to which they go.
        self._news: dict[str, tuple[list[str], dict[str, Json], int]] = {}
        self._due = asyncio.Event()

    def entries(self, entries: Sequence[Entry]) -> None:
        """Committed entries, just put into the state."""
        for entry in entries:
            if not entry.kind.startswith("check."):
                continue
            check, tree = str(entry.data["check"]), self._services.tree
            action = ENTRIES[entry.kind].reads
            rooms = above(action, [word.removeprefix("center:") for word in entry.audience], tree)
            if entry.kind == "check.reported":
                told = {name: value for name, value in entry.data.items() if name not in ("check", "center")}
                rows = self._news[check][1] if check in self._news else {}
                rows[str(entry.data["center"])] = {"at": to_wire(entry.at), **told}
                self._news[check] = rooms, rows, entry.seq
                self._due.set()
                continue
            self._tell(check)
            if entry.kind == "check.started":
                event = {name: entry.data[name] for name in ("check", "until", "spread_ms")}
                self._fan_out.put("check_asked", event, [f"called:{code}" for code in entry.data["centers"]])
            self._fan_out.put("changed", self._head(check, entry.seq), rooms)

    async def run(self) -> None:
        """Tell answers until cancelled."""
        while True:
            await self._due.wait()
            self._due.clear()
            for check in list(self._news):
                self._tell(check)
            await asyncio.sleep(PAUSE_S)

    def _tell(self, check: str) -> None:
        rooms, rows, seq = self._news.pop(check, ([], {}, 0))
        if rows:
            self._fan_out.put("changed", {**self._head(check, seq), "answers": rows}, rooms)

    @staticmethod
    def _head(check: str, seq: int) -> Json:
        return {"what": "check", "id": check, "meeting": None, "seq": seq}
