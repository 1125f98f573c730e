"""A station that runs by itself: signs in, waits for calls, joins, publishes, comes back after every loss."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Final

from clients.station.api import HubApi, Refused, Unreachable
from clients.station.backoff import Backoff
from clients.station.call import Call
from clients.station.company import Company
from clients.station.duties import Duties
from clients.station.media import prepare_source
from clients.station.options import StationOptions
from clients.station.socket import HubSocket
from clients.station.source import Source

log = logging.getLogger("station")

#: Limit of saying good-bye at the end, in seconds.
_FAREWELL_S: Final = 8.0
#: How many entries are remembered, the newest ones.
_MOST_ENTRIES: Final = 5000


class Station:
    """One signed-in account at one center. `run` goes on until `stop`; both belong to one event loop.

    The properties tell what the station sees, for tests and for people.
    """

    def __init__(self, options: StationOptions) -> None:
        self._options = options
        self._api = HubApi(options.url, options.username, options.password)
        self._duties = Duties(self._api, options.pace)
        self._stopping = asyncio.Event()
        self._source: Source | None = None
        self._socket: HubSocket | None = None
        self._call: Call | None = None
        self._answering: asyncio.Task[None] | None = None
        self._ringing: dict[str, str] = {}
        self._barred: set[str] = set()
        #: The meeting it has left to a person of its own center, and who of the center is in its meeting.
        self._aside: str | None = None
        self._company = Company("", "")
        self._entries: dict[int, dict[str, Any]] = {}

    # What it sees ---------------------------------------------------------------------------------------------

    @property
    def account(self) -> dict[str, Any]:
        """The account signed in with, as the hub describes it; empty before."""
        return self._api.account

    @property
    def center(self) -> str:
        """Code of its center; empty before signing in."""
        return str(self._api.account.get("center", {}).get("code", ""))

    @property
    def connected(self) -> bool:
        """Whether the hub's events come in."""
        return self._socket is not None

    @property
    def ringing(self) -> dict[str, str]:
        """Calls not answered yet: meeting id -> title."""
        return dict(self._ringing)

    @property
    def meeting(self) -> str | None:
        """Id of the meeting it is in."""
        return self._call.meeting if self._call is not None else None

    @property
    def aside(self) -> str | None:
        """Id of the meeting that it has left to a person of its own center."""
        return self._aside

    @property
    def publishing(self) -> bool:
        """Whether its picture and sound reach the hub."""
        return self._call is not None and self._call.publisher.publishing

    @property
    def media_sessions(self) -> int:
        """How many media sessions were connected in this meeting; more than one tells of a loss."""
        return self._call.publisher.sessions if self._call is not None else 0

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The newest entries it was told, by seq, each once."""
        return [self._entries[seq] for seq in sorted(self._entries)]

    # What it does ---------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until `stop`. Raises Refused when the hub does not take the account, OSError or ValueError for bad media."""
        async with self._api:
            work = asyncio.create_task(self._work())
            stop = asyncio.create_task(self._stopping.wait())
            try:
                await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
                if work.done():
                    work.result()
            finally:
                for task in (work, stop):
                    task.cancel()
                await asyncio.gather(work, stop, return_exceptions=True)
                await self._farewell()

    async def stop(self) -> None:
        """Leave the meeting, sign out and let `run` return."""
        self._stopping.set()

    async def answer(self, meeting: str) -> None:
        """Join a meeting that calls this center, and publish. Raises Refused."""
        if self._source is None:
            raise RuntimeError("the station has not signed in yet")
        if self._call is not None:
            raise RuntimeError("the station is in a meeting")
        self._ringing.pop(meeting, None)
        self._call = Call(self._api, meeting, self._source, self._device)
        try:
            await self._call.join(self._options.auto_report)
        except Refused:
            await self._hang_up()
            raise
        log.info("%s is in the meeting", self._name)
        await self._follow(meeting)

    async def leave(self) -> None:
        """Leave the meeting; it can be answered again. Raises Refused."""
        if self._call is not None:
            await self._call.leave()
            await self._hang_up()

    @property
    def _name(self) -> str:
        return str(self._api.account.get("center", {}).get("name", self._options.username))

    async def _work(self) -> None:
        backoff = Backoff()
        while True:
            try:
                await self._api.check_session()
                if self._source is None:
                    self._source = await prepare_source(self._options, self._api.account["center"])
                await self._one_connection(backoff)
            except Refused as refused:
                if refused.status in (401, 403):
                    raise
                log.info("%s: the hub refuses: %s", self._name, refused.code)
            except Unreachable as away:
                log.info("%s: the hub is away: %s", self._name, away)
            except (KeyError, TypeError, AttributeError) as error:
                log.error("%s: the hub said something that makes no sense", self._name, exc_info=error)
            await asyncio.sleep(backoff.next_s())

    async def _one_connection(self, backoff: Backoff) -> None:
        """Connect and handle events until the connection is lost. Raises Unreachable."""
        socket = HubSocket()
        await socket.connect(self._options.url, self._api.token or "")
        backoff.reset()
        self._socket = socket
        try:
            async for name, data in socket.events():
                if name == "hello":
                    await self._hello(data)
                elif name == "entry":
                    await self._entry(data)
                elif name == "media":
                    self._media(data)
        finally:
            self._socket = None
            await socket.close()

    async def _hello(self, hello: Mapping[str, Any]) -> None:
        """The truth at the beginning of a connection; what was missed in between follows from it."""
        calls = {str(call["id"]): call for call in hello.get("calls", ())}
        if self._call is not None:
            if self._call.meeting in calls:
                await self._follow(self._call.meeting)
            else:
                log.info("%s: the meeting ended meanwhile", self._name)
                await self._hang_up()
        if self._aside is not None:
            if self._aside in calls:
                await self._follow(self._aside)
            else:
                self._come_forward()
        self._ringing = {}
        for meeting, call in calls.items():
            self._ring(meeting, str(call.get("title", "")))
        if self._options.auto_sign:
            for order in hello.get("orders", ()):
                self._duties.take_listed(order, self.center)

    async def _follow(self, meeting: str) -> None:
        """Hear a meeting's entries, those missed first. Nothing if it cannot be had now: `hello` will do it."""
        if self._socket is None:
            return
        call = self._call
        since = call.last_seq if call is not None else None
        try:
            answer = await self._socket.call("follow", {"meeting": meeting, "since": since})
        except (Refused, Unreachable) as error:
            log.info("%s: cannot follow the meeting now: %s", self._name, error)
            return
        snapshot = answer.get("snapshot", {})
        self._company = Company(self._me, self.center)
        self._company.take(snapshot.get("participants", ()))
        if call is not None:
            call.last_seq = max(call.last_seq or 0, int(snapshot.get("seq", 0)))
        for entry in answer.get("entries", ()):
            await self._entry(entry)
        for event in answer.get("media", ()):
            self._media(event)
        await self._make_room(meeting)
        if call is not None and call is self._call:
            await self._device(call.publisher.publishing)

    async def _make_room(self, meeting: str) -> None:
        """Leave the meeting to a person of the own center, if told to; come back when nobody is there any more."""
        if not self._options.steps_aside:
            return
        if self._company and self._aside is None:
            log.info("%s leaves the meeting to a person of its center", self._name)
            self._aside = meeting
            self._duties.rest(True)
            if self._call is not None:
                await self.leave()
        elif not self._company and self._aside == meeting:
            self._come_forward()
            self._ring(meeting, "")

    def _come_forward(self) -> None:
        """There is nobody to make room for any more."""
        self._aside = None
        self._duties.rest(False)
        self._ring_next()

    async def _entry(self, entry: dict[str, Any]) -> None:
        seq, kind, meeting = int(entry["seq"]), str(entry["kind"]), entry.get("meeting")
        if seq in self._entries:
            return
        self._entries[seq] = entry
        if len(self._entries) > _MOST_ENTRIES:
            del self._entries[next(iter(self._entries))]
        data = entry.get("data", {})
        if self._call is not None and meeting == self._call.meeting:
            self._call.last_seq = max(self._call.last_seq or 0, seq)
        if kind == "meeting.opened" and self.center in data["centers"]:
            self._ring(str(meeting), str(data["title"]))
        elif kind == "meeting.ended" or (kind == "participant.removed" and data["participant"] == self._me):
            self._ringing.pop(str(meeting), None)
            self._barred.add(str(meeting))
            if meeting == self.meeting:
                await self._hang_up()
                self._ring_next()
            if meeting == self._aside:
                self._come_forward()
        elif kind == "order.issued" and self._options.auto_sign and self.center in _targets(data):
            self._duties.take(str(data["order"]), "issued")
        if meeting is not None and meeting in (self.meeting, self._aside):
            self._company.hear(kind, data)
            await self._make_room(str(meeting))

    @property
    def _me(self) -> str:
        return str(self._api.account.get("id", ""))

    def _media(self, event: Mapping[str, Any]) -> None:
        if self._call is None or event.get("meeting") != self._call.meeting:
            return
        session = str(event.get("session", ""))
        if event.get("kind") == "closed":
            self._call.publisher.hub_closed(session, str(event.get("reason", "")))
        elif event.get("kind") == "pause":
            self._call.publisher.hub_paused(session, bool(event.get("paused")))

    def _ring(self, meeting: str, title: str) -> None:
        if meeting in self._barred or meeting in (self.meeting, self._aside):
            return
        self._ringing[meeting] = title
        self._ring_next()

    def _is_free(self) -> bool:
        """Whether it may answer: a person to whom it has left one meeting sees to other calls, too."""
        return self._call is None and self._aside is None

    def _ring_next(self) -> None:
        """Answer the oldest call by itself, when told to and free."""
        if self._options.auto_answer_s is None or not self._is_free() or not self._ringing:
            return
        if self._answering is None or self._answering.done():
            self._answering = asyncio.create_task(self._answer_later(self._options.auto_answer_s))

    async def _answer_later(self, wait_s: float) -> None:
        await asyncio.sleep(wait_s)
        while self._ringing and self._is_free():
            meeting = next(iter(self._ringing))
            if self._options.steps_aside:
                await self._follow(meeting)
                if not self._is_free():
                    self._ringing.pop(meeting, None)
                    continue
            try:
                await self.answer(meeting)
            except Refused as refused:
                log.info("%s: cannot join: %s", self._name, refused.code)
                self._barred.add(meeting)

    async def _device(self, publishing: bool) -> None:
        """Tell the others about camera and microphone; they hear it again after every connection."""
        if self._call is None or self._socket is None:
            return
        state = "on" if publishing else "off"
        device = {"meeting": self._call.meeting, "camera": state, "microphone": state}
        try:
            await self._socket.call("device", device)
        except (Refused, Unreachable):
            pass

    async def _hang_up(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            await call.close()

    async def _farewell(self) -> None:
        if self._answering is not None:
            self._answering.cancel()
            await asyncio.gather(self._answering, return_exceptions=True)
        await self._duties.stop()
        try:
            async with asyncio.timeout(_FAREWELL_S):
                if self._call is not None:
                    await self.leave()
                await self._api.sign_out()
        except (Refused, Unreachable, TimeoutError) as error:
            log.info("%s goes without a proper leave: %s", self._name, error)
        finally:
            await self._hang_up()


def _targets(order: Mapping[str, Any]) -> set[str]:
    """Codes of the centers that an `order.issued` is for."""
    return {str(target["center"]) for target in order["targets"]}
