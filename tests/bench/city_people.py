"""Stations and consoles of a city as their pages behave on the line: greeted, following, joined, back after every loss."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
import uuid
from collections import Counter
from collections.abc import Coroutine, Sequence
from typing import Any, Final

import aiohttp

from tests.bench.city_directory import Person
from tests.bench.hub_line import HubLine, LineLost, Refused

#: As the pages have it (clients/web/src/protocol): connecting, answers, reading again, commands again.
_CONNECT_S: Final = 5.0
_ANSWER_S: Final = 8.0
_READ_AGAIN_S: Final = 1.0
_SEND_AGAIN_S: Final = (0.5, 5.0)
_TURNED_AWAY_S: Final = 2.0
#: The hub says it may do it later.
_PASSING: Final = frozenset({"too_many", "unavailable"})
#: socket.io-client: first and longest wait, and its jitter.
_BACK_S: Final = (0.4, 3.0)
_JITTER: Final = 0.4
#: A person takes so long to answer a call.
ANSWERING_S: Final = (0.5, 3.0)

_SEQ: Final = re.compile(rb'"seq":(\d+)')
_KIND: Final = re.compile(rb'"kind":"([a-z_.]+)"')


class Member:
    """One account with its page. What it heard is counted since the last `begin`."""

    def __init__(self, port: int, person: Person, http: aiohttp.ClientSession, seed: int) -> None:
        self.person = person
        self.chance = random.Random(seed)
        self.bytes_heard = 0
        self.heard: Counter[str] = Counter()
        self.losses = 0
        self.refusals: Counter[str] = Counter()
        """What the hub said no to, by its word."""
        self.greeted_at = 0.0
        """time.monotonic() of the newest greeting, 0 while there is no line."""
        self.followed_at = 0.0
        """When the meeting was last read on this line, 0 before."""
        self.last_heard_at = 0.0
        self.meeting: str | None = None
        self.seq = 0
        self._port = port
        self._http = http
        self._line: HubLine | None = None
        self._events_before: Counter[str] = Counter()
        self._bytes_before = 0
        self._work: set[asyncio.Task[None]] = set()
        self._reading = False

    # -- counting

    def begin(self) -> None:
        """Count anew from here."""
        self.bytes_heard, self.heard = 0, Counter()
        line = self._line
        self._bytes_before = line.bytes_in if line is not None else 0
        self._events_before = Counter(line.events) if line is not None else Counter()

    def count(self) -> tuple[int, Counter[str]]:
        """Bytes and events heard since `begin`."""
        line = self._line
        if line is None:
            return self.bytes_heard, self.heard
        return self.bytes_heard + line.bytes_in - self._bytes_before, self.heard + (
            line.events - self._events_before
        )

    # -- the line

    async def run(self) -> None:
        """Connect, and come back after every loss, until cancelled."""
        attempts = 0
        try:
            while True:
                line = self._new_line()
                try:
                    await line.open(_CONNECT_S)
                except LineLost:
                    pass
                except Refused:
                    await asyncio.sleep(_TURNED_AWAY_S)
                    continue
                else:
                    attempts = 0
                    await asyncio.shield(line.lost)
                    self._let_go(line)
                await asyncio.sleep(self._backoff_s(attempts))
                attempts += 1
        finally:
            for task in self._work:
                task.cancel()
            if self._line is not None:
                self._line.close()

    def _new_line(self) -> HubLine:
        line = HubLine(self._port, self.person.token, lambda name, body: self._event(line, name, body))
        return line

    def _take(self, line: HubLine) -> None:
        self._line = line
        self._bytes_before, self._events_before = 0, Counter()

    def _let_go(self, line: HubLine) -> None:
        if self._line is not line:  # it ended before it was greeted
            return
        self.bytes_heard += line.bytes_in - self._bytes_before
        self.heard += line.events - self._events_before
        self._line = None
        self.greeted_at = self.followed_at = 0.0
        self.losses += 1

    def _backoff_s(self, attempts: int) -> float:
        """As socket.io-client (backo2) waits."""
        wait: float = _BACK_S[0] * 2**attempts
        share = self.chance.random()
        off = share * _JITTER * wait
        return min(_BACK_S[1], wait - off if int(share * 10) % 2 == 0 else wait + off)

    def hang_up_if_silent(self, now: float) -> None:
        """As a page does that hears no ping any more."""
        if self._line is not None:
            self._line.hang_up_if_silent(now)

    def begin_work(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    # -- what a page does

    async def read(self) -> None:
        """Follow the meeting with all since what is known, again until it is answered."""
        if self._reading:
            return
        self._reading = True
        try:
            while self.meeting is not None and (line := self._line) is not None:
                try:
                    answer = await line.call(
                        "follow", {"meeting": self.meeting, "since": self.seq}, _ANSWER_S
                    )
                    self.followed_at = self.last_heard_at = time.monotonic()
                    self.on_followed(answer)
                    return
                except LineLost:
                    await asyncio.sleep(_READ_AGAIN_S)
                except Refused as refused:
                    self.refusals[refused.code] += 1
                    if refused.code not in _PASSING:
                        return
                    await asyncio.sleep(_READ_AGAIN_S)
        finally:
            self._reading = False

    async def ask(self, name: str, body: dict[str, Any]) -> bytes:
        """An event with its answer, once there is a line. Raises Refused, LineLost."""
        while (line := self._line) is None:
            await asyncio.sleep(_READ_AGAIN_S)
        return await line.call(name, body, _ANSWER_S)

    async def command(self, kind: str, data: dict[str, Any], meeting: str | None = None) -> dict[str, Any]:
        """A command, sent again under its id until it is answered. Raises Refused for a no that stays."""
        body: dict[str, Any] = {"id": uuid.UUID(int=self.chance.getrandbits(128)).hex, "kind": kind}
        body |= {"data": data} if meeting is None else {"data": data, "meeting": meeting}
        wait = _SEND_AGAIN_S[0]
        while True:
            line = self._line
            try:
                if line is None:
                    raise LineLost("no line")
                answer: dict[str, Any] = json.loads(await line.call("command", body, _ANSWER_S))
                self._note_seq(int(answer["seq"]))
                return answer
            except LineLost:
                pass
            except Refused as refused:
                self.refusals[refused.code] += 1
                if refused.code not in _PASSING:
                    raise
            await asyncio.sleep(wait)
            wait = min(2 * wait, _SEND_AGAIN_S[1])

    async def _read_orders(self) -> None:
        """What the page reads by HTTP after each greeting."""
        center, headers = self.person.account.center, {"Authorization": f"Bearer {self.person.token}"}
        url = f"http://127.0.0.1:{self._port}/api/v1/orders?center={center}&limit=100"
        try:
            async with self._http.get(url, headers=headers) as answer:
                self.bytes_heard += len(await answer.read())
        except (aiohttp.ClientError, TimeoutError):
            pass  # the page leaves it at that, too

    def _note_seq(self, seq: int) -> None:
        self.seq = max(self.seq, seq)

    def _event(self, line: HubLine, name: str, body: bytes) -> None:
        self.last_heard_at = time.monotonic()
        if name == "entry":
            kind, seq = _KIND.search(body), _SEQ.search(body)
            if kind is not None and seq is not None:
                self.on_entry(kind[1].decode())
                self._note_seq(int(seq[1]))
        elif name == "changed":
            if body.startswith((b'{"what":"meeting"', b'{"what":"order"')):
                self.on_changed(json.loads(body))
        elif name == "hello":
            self._take(line)
            self.greeted_at = self.last_heard_at
            self.begin_work(self.on_hello())
        else:
            self.on_told(name, body)

    async def on_hello(self) -> None:
        """Greeted: what the page does then."""
        await self.read()

    def on_entry(self, kind: str) -> None:
        """An entry was told."""

    def on_followed(self, body: bytes) -> None:
        """The meeting was read: the answer, as it came."""

    def on_told(self, name: str, body: bytes) -> None:
        """Any other event was told."""

    def on_changed(self, told: dict[str, Any]) -> None:
        """A meeting that calls, or an order, is new or another one."""


class StationPage(Member):
    """A station: rings, is answered, follows and joins; signs each order at once."""

    called_at = 0.0
    joined_at = 0.0
    ordered_at = 0.0
    signed_at = 0.0

    async def on_hello(self) -> None:
        self.begin_work(self._read_orders())
        await super().on_hello()
        if self.meeting is not None:
            await self._tell_devices()

    def on_changed(self, told: dict[str, Any]) -> None:
        value = told.get("value")
        if value is None:
            return
        if told["what"] == "meeting" and value["state"] == "open" and not self.called_at:
            self.called_at = time.monotonic()
            self.begin_work(self._answer(str(told["id"])))
        elif told["what"] == "order" and not self.ordered_at:
            self.ordered_at = time.monotonic()
            self.begin_work(self._sign(str(told["id"])))

    async def _answer(self, meeting: str) -> None:
        await asyncio.sleep(self.chance.uniform(*ANSWERING_S))
        self.meeting = meeting
        self.begin_work(self.read())
        await asyncio.sleep(0)  # the page has asked to follow before it asks to join
        await self.command("meeting.join", {}, meeting)
        self.joined_at = time.monotonic()
        await self._tell_devices()

    async def _tell_devices(self) -> None:
        if self._line is not None:
            try:
                device = {"meeting": self.meeting, "camera": "on", "microphone": "on"}
                await self._line.call("device", device, _ANSWER_S)
            except (LineLost, Refused):
                pass  # the page tells it again on the next line

    async def _sign(self, order: str) -> None:
        await self.command("order.sign", {"order": order})
        self.signed_at = time.monotonic()


class ConsolePage(Member):
    """A console: follows the meeting it convenes or is called to, and joins it."""

    def __init__(self, port: int, person: Person, http: aiohttp.ClientSession, seed: int) -> None:
        super().__init__(port, person, http, seed)
        self.told: Counter[str] = Counter()
        """Entries of each kind it was told of."""

    def on_entry(self, kind: str) -> None:
        self.told[kind] += 1

    def on_changed(self, told: dict[str, Any]) -> None:
        if told["what"] == "meeting" and told["value"]["state"] == "open" and self.meeting is None:
            self.meeting = str(told["id"])
            self.begin_work(self._enter(self.meeting))

    async def _enter(self, meeting: str) -> None:
        self.begin_work(self.read())
        await asyncio.sleep(0)
        await self.command("meeting.join", {}, meeting)


async def hang_up_silent(members: Sequence[Member]) -> None:
    """Look once a second, until cancelled, for lines on which no ping comes any more."""
    while True:
        await asyncio.sleep(1.0)
        now = asyncio.get_running_loop().time()
        for member in members:
            member.hang_up_if_silent(now)
