"""The lines of grid members' phones: each open page holds one answer open, in which it is told of its call within a moment,
and that an order came into one of its grids, or was taken back.

A line costs a connection and a few objects: no socket with rooms, no beat of its own. That it is open is what is known of a
phone: what is written into it now and then (`KEPT_S`) stays where the phone is gone (`signaling.connections.STALL_S`).
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import Final

from hub.clock import to_wire
from hub.conference.recording import RunningRecording
from hub.conference.stage_shapes import Stage
from hub.directory.accounts import Account
from hub.directory.secrecy import SECRET
from hub.entry import Entry
from hub.grids.catalog import grids_in
from hub.grids.phone_state import call_of
from hub.seats import PhonesHere
from signaling.services import Json, Services

#: How often something is written into a line in which nothing else happens, in s.
KEPT_S: Final = 25.0
#: How long a line stands at most, in s: the page opens another one, so that what holds no page any more ends.
STANDS_S: Final = 900.0
#: Lines of one account; with one more the oldest ends.
MOST: Final = 4


class Line:
    """One open answer; `news` is set when there may be something to tell."""

    __slots__ = ("news", "over")

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self.over = False

    def end(self) -> None:
        """It is over: its page is gone, or another one takes its place."""
        self.over = True
        self.news.set()


class PhoneLines:
    """Who has a line open, and what each is told."""

    def __init__(self, services: Services, monotonic: Callable[[], float] | None = None) -> None:
        self._services = services
        self._lines: dict[str, list[Line]] = {}
        self._seen: dict[str, str] = {}
        self._orders: dict[str, int] = {}
        self._random = random.Random()
        self._forget: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Listen to the journal."""
        self._forget = self._services.writer.subscribe(self.entries)

    def stop(self) -> None:
        """End every line: the hub stops."""
        self._forget()
        for lines in list(self._lines.values()):
            for line in lines:
                line.end()

    def __len__(self) -> int:
        return sum(map(len, self._lines.values()))

    @property
    def accounts(self) -> list[str]:
        """Those of whom a phone's page is there."""
        return list(self._lines)

    def is_open(self, account: str) -> bool:
        """Whether a page of this account's phone is there."""
        return account in self._lines

    def seen_at(self, account: str) -> str | None:
        """When the last line of an account ended that has none; None where none did since the hub began."""
        return self._seen.get(account)

    def take_up(self, account: Account) -> Line:
        """A line of this account, until `told` has ended."""
        lines = self._lines.setdefault(account.id, [])
        if len(lines) >= MOST:
            lines[0].end()
        line = Line()
        lines.append(line)
        return line

    async def told(self, account: Account, line: Line) -> AsyncGenerator[Json | None]:
        """What the page at a line is to know, whenever that is something else; None to keep it. Ends by itself."""
        loop = asyncio.get_running_loop()
        until = loop.time() + STANDS_S * self._random.uniform(0.8, 1.0)
        last: Json | None = None
        try:
            while not line.over and loop.time() < until:
                line.news.clear()
                now = self.state_of(account)
                if now != last:
                    last = now
                    yield now
                    continue
                try:
                    async with asyncio.timeout(KEPT_S * self._random.uniform(0.8, 1.0)):
                        await line.news.wait()
                except TimeoutError:
                    yield None
        finally:
            self._leave(account.id, line)

    def state_of(self, account: Account) -> Json:
        """What the account's phone is to know: its call, or none; the newest entry about orders in its grids."""
        found = call_of(self._services.writer.state, account.id)
        orders = self._orders.get(account.id, 0)
        if found is None:
            return {"call": None, "orders": orders}
        meeting, seat = found
        return {
            "orders": orders,
            "call": {
                "meeting": meeting.id,
                "title": meeting.title,
                "secret": meeting.level == SECRET,
                "by": seat.by,
                "by_center": seat.by_center,
                "state": "in" if seat.state == "joined" else "ringing",
                "until": seat.until,
                "recorded": meeting.read(RunningRecording).running is not None,
                "muted": seat.muted,
                "on_stage": meeting.read(Stage).broadcast == seat.id,
                "household": seat.household,
                "looked": len(seat.looked),
            },
        }

    def entries(self, entries: Iterable[Entry]) -> None:
        """What was written: whose call may have changed by it looks again."""
        if not self._lines:
            return
        meetings = set()
        for entry in entries:
            if entry.kind.startswith("gridtask."):
                self._ordered(entry)
            if entry.meeting is None:
                continue
            meetings.add(entry.meeting)
            if entry.kind == "phone.ended":  # it may be the end of its meeting, and of all that stood there
                self._look_again(str(entry.data["participant"]))
        for name in meetings:
            meeting = self._services.writer.state.meetings.get(name)
            for account in meeting.read(PhonesHere).rows if meeting is not None else ():
                self._look_again(account)

    def _ordered(self, entry: Entry) -> None:
        """Whoever walks the grid has something else to do there; who did it himself knows."""
        by_code = grids_in(self._services.writer.state).by_code
        for code in (entry.data["grid"], entry.data.get("was")):
            for account in by_code[code].people if code in by_code else ():
                if account in self._lines and account != entry.actor.account:
                    self._orders[account] = entry.seq
                    self._look_again(account)

    def _look_again(self, account: str) -> None:
        for line in self._lines.get(account, ()):
            line.news.set()

    def _leave(self, account: str, line: Line) -> None:
        lines = self._lines.get(account, [])
        if line in lines:
            lines.remove(line)
        if not lines:
            self._lines.pop(account, None)
            self._orders.pop(account, None)
            self._seen[account] = to_wire(self._services.clock())


def event(told: Json | None) -> bytes:
    """What is written into a line: a server-sent event, or a comment (HTML Living Standard §9.2)."""
    return b":\n\n" if told is None else b"data: " + json.dumps(told, ensure_ascii=False).encode() + b"\n\n"
