"""A station that runs by itself: signs in, waits for calls, joins, publishes, comes back after every loss."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Final

from clients.station.alarms import Alarms
from clients.station.api import HubApi, Refused, Unreachable
from clients.station.backoff import Backoff
from clients.station.call import Call
from clients.station.checks import Checks
from clients.station.company import Company
from clients.station.duties import Duties
from clients.station.hearing import sound_words
from clients.station.media import prepare_source
from clients.station.options import StationOptions
from clients.station.orders import Orders
from clients.station.parts import Parts
from clients.station.ringing import Ringing
from clients.station.socket import HubSocket
from clients.station.source import Source

log = logging.getLogger("station")

#: Limit of saying good-bye at the end, in seconds.
_FAREWELL_S: Final = 8.0
#: How often one that makes room looks who of its center is in the meeting, in seconds: a station is told of itself only.
_LOOK_S: Final = 2.0


class Station:
    """One signed-in account at one center. `run` goes on until `stop`; both belong to one event loop.

    The properties tell what the station sees, for tests and for people.
    """

    def __init__(self, options: StationOptions) -> None:
        self._options = options
        self._api = HubApi(options.url, options.username, options.password)
        self._duties = Duties(self._api, options.pace)
        self._checks = Checks(self._api, self._devices)
        self._stopping = asyncio.Event()
        self._source: Source | None = None
        self._socket: HubSocket | None = None
        self._call: Call | None = None
        self._answering: asyncio.Task[None] | None = None
        self._ringing = Ringing()
        #: After so many seconds the center's stations answer, as the hub has it; 0 for never.
        self._set_s = 0.0
        self._sound: set[str] = set()
        #: The meeting it has left to a person of its own center, and who of the center is in its meeting.
        self._aside: str | None = None
        self._company = Company("", "")
        self._orders = Orders(self._api)
        self._alarms = Alarms(options.told_to)
        #: The entry up to which the greeting told all.
        self._greeted = 0

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
        return dict(self._ringing.calls)

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
    def waits(self) -> bool:
        """Whether it waits to be let into a locked meeting."""
        return self._call is not None and self._call.waits

    @property
    def parts(self) -> Parts:
        """The meeting it is in, as it is told of it; empty outside of one."""
        return self._call.parts if self._call is not None else Parts()

    @property
    def orders(self) -> dict[str, Mapping[str, Any]]:
        """The orders of its center that it was told of, by id."""
        return dict(self._orders.known)

    @property
    def alarms(self) -> dict[str, Mapping[str, Any]]:
        """The situations that its center reported, as the hub told of them, by the id of their alarm."""
        return dict(self._alarms.known)

    # What it does ---------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until `stop`. Raises Refused when the hub does not take the account, OSError or ValueError for bad media."""
        async with self._api:
            work = asyncio.create_task(self._work())
            stop = asyncio.create_task(self._stopping.wait())
            look = asyncio.create_task(self._look_around())
            try:
                await asyncio.wait({work, stop, look}, return_when=asyncio.FIRST_COMPLETED)
                for task in (work, look):
                    if task.done():
                        task.result()
            finally:
                for each in (work, stop, look):
                    each.cancel()
                await asyncio.gather(work, stop, look, return_exceptions=True)
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
        self._ringing.answered(meeting)
        self._call = Call(self._api, meeting, self._source, self._device)
        try:
            await self._call.join(self._options)
        except Refused:
            await self._hang_up()
            raise
        log.info("%s %s", self._name, "waits to be let in" if self._call.waits else "is in the meeting")
        await self._follow(meeting)

    async def decline(self, meeting: str, reason: str) -> None:
        """Say that the center does not come; it is silent until it is called again. Raises Refused."""
        self._ringing.silence(meeting)
        await self._api.command("meeting.decline", meeting, reason=reason)
        log.info("%s declines: %s", self._name, reason)

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
                elif name == "part":
                    await self._part(data)
                elif name == "changed":
                    await self._changed(data)
                elif name == "media":
                    self._media(data)
                elif name == "check_asked":
                    self._checks.asked(data)
                elif name == "hub":
                    backoff.spread_s = int(data.get("spread_ms", 0)) / 1000
        finally:
            self._socket = None
            await socket.close()

    async def _hello(self, hello: Mapping[str, Any]) -> None:
        """The truth at the beginning of a connection; what was missed in between follows from it."""
        calls = {str(call["id"]): call for call in hello.get("calls", ())}
        self._greeted = int(hello.get("seq", 0))
        self._set_s = float(hello.get("answers_after_s", 0))
        if self._call is not None:
            if self._call.meeting in calls:
                await self._follow(self._call.meeting)
            else:
                log.info("%s: the meeting ended meanwhile", self._name)
                await self._hang_up()
        if self._aside is not None and self._aside not in calls:
            self._come_forward()
        self._ringing.begin()
        for call in calls.values():
            self._ring(call)
        for check in hello.get("checks", ()):
            self._checks.asked(check)
        for order in hello.get("orders", ()):
            if self._orders.take(order, self.center):
                self._see_to(order)
        await self._read_alarms()

    async def _read_alarms(self) -> None:
        """What has become of its alarms while it was away. Nothing if it cannot be had now: the next greeting will do it."""
        try:
            for alarm in self._alarms.going:
                if (now := await self._api.alarm(alarm)) is not None:
                    self._alarms.take(now, self.center)
        except (Refused, Unreachable) as error:
            log.info("%s: cannot read its alarms now: %s", self._name, error)

    def _see_to(self, order: Mapping[str, Any]) -> None:
        if self._options.auto_sign:
            self._duties.take_listed(order, self.center)

    async def _follow(self, meeting: str) -> None:
        """Be told of the meeting it is in. Nothing if it cannot be had now: `hello` will do it."""
        call = self._call
        if self._socket is None or call is None:
            return
        try:
            answer = await self._socket.call("follow", {"meeting": meeting, "since": None})
        except (Refused, Unreachable) as error:
            log.info("%s: cannot follow the meeting now: %s", self._name, error)
            return
        if call is not self._call:
            return
        call.parts.settle(answer)
        for event in answer.get("media", ()):
            self._media(event)
        await self._heed_parts()
        if call is self._call:
            await self._device(call.publisher.publishing)

    async def _look_around(self) -> None:
        """For as long as it runs: see whether there is somebody to make room for, if told to."""
        while True:
            await asyncio.sleep(_LOOK_S)
            meeting = self.meeting or self._aside
            if self._options.steps_aside and meeting is not None:
                await self._look(meeting)

    async def _look(self, meeting: str) -> None:
        """Who of the own center is in a meeting, and what follows from it. Nothing if it cannot be had now."""
        company = Company(self._me, self.center)
        try:
            company.take(await self._api.participants(meeting))
            if meeting in (self.meeting, self._aside) or meeting in self._ringing.calls:
                self._company = company
                await self._make_room(meeting)
        except (Refused, Unreachable) as error:
            log.info("%s: cannot see who is in the meeting now: %s", self._name, error)

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
            self._ringing.again(meeting)
            self._ring_next()

    def _come_forward(self) -> None:
        """There is nobody to make room for any more."""
        self._aside = None
        self._duties.rest(False)
        self._ring_next()

    async def _part(self, event: Mapping[str, Any]) -> None:
        """A part of the meeting it is in has changed."""
        if self._call is not None and event.get("meeting") == self._call.meeting:
            self._call.parts.take(event)
            await self._heed_parts()

    async def _heed_parts(self) -> None:
        """Go in once it is let in; hang up where the meeting is over, or where it was put out of it, or not let in.

        What becomes of its own sound is said.
        """
        call = self._call
        self._say_sound()
        if call is None:
            return
        door = call.parts.waits(self._me)
        if door == "refused":
            log.info("%s is not let in", self._name)
        if door == "refused" or call.parts.has_ended or call.parts.is_removed(self._me):
            await self._is_over(call.meeting)
        elif door is None and call.waits and call.parts.is_known:
            log.info("%s is in the meeting", self._name)
            call.let_in()

    def _say_sound(self) -> None:
        words = sound_words(self.parts, self._me)
        for word in sorted(words - self._sound):
            log.info("%s: %s", self._name, word)
        for word in sorted(self._sound - words):
            log.info("%s: no more: %s", self._name, word)
        self._sound = words

    async def _is_over(self, meeting: str) -> None:
        """This meeting calls no more."""
        self._ringing.silence(meeting)
        if meeting == self.meeting:
            await self._hang_up()
            self._ring_next()
        if meeting == self._aside:
            self._come_forward()

    async def _changed(self, event: Mapping[str, Any]) -> None:
        """A call was opened or has ended, or an order of the own center has changed."""
        what, value = event.get("what"), event.get("value")
        if int(event["seq"]) <= self._greeted:
            return
        if what == "meeting" and value is not None:
            if value.get("state") == "ended":
                await self._is_over(str(value["id"]))
            else:
                self._ring(value)
        elif what == "answering" and value is not None and value.get("center") == self.center:
            self._set_s = float(value["seconds"])
        elif what == "alarm" and value is not None:
            self._alarms.take(value, self.center)
        elif what == "order":
            try:
                order = await self._orders.changed(event, self.center)
            except (Refused, Unreachable) as error:
                log.info("%s: cannot read an order now: %s", self._name, error)
                return
            if order is not None:
                self._see_to(order)

    def _devices(self) -> dict[str, Any]:
        """Camera and microphone as a check asks for them: what it sends stands ready, or goes out."""
        state = "works" if self.publishing else "ready" if self._source is not None else "failed"
        return {"camera": state, "microphone": state, "in_meeting": self._call is not None}

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

    def _ring(self, call: Mapping[str, Any]) -> None:
        if str(call["id"]) not in (self.meeting, self._aside) and self._ringing.told(call):
            self._ring_next()

    def _is_free(self) -> bool:
        """Whether it may answer: a person to whom it has left one meeting sees to other calls, too."""
        return self._call is None and self._aside is None

    def _ring_next(self) -> None:
        """Answer the oldest call by itself, when told to and free."""
        wait_s = self._options.waits_s(self._set_s)
        if wait_s is None or not self._is_free() or not self._ringing.calls:
            return
        if self._answering is None or self._answering.done():
            self._answering = asyncio.create_task(self._answer_later(wait_s))

    async def _answer_later(self, wait_s: float) -> None:
        await asyncio.sleep(wait_s)
        while self._ringing.calls and self._is_free():
            meeting = next(iter(self._ringing.calls))
            if self._options.steps_aside:
                await self._look(meeting)
                if not self._is_free():
                    self._ringing.answered(meeting)
                    continue
            try:
                if self._options.declines is not None:
                    await self.decline(meeting, self._options.declines)
                else:
                    await self.answer(meeting)
            except Refused as refused:
                log.info("%s: cannot join or decline: %s", self._name, refused.code)
                self._ringing.silence(meeting)

    async def _device(self, publishing: bool) -> None:
        """Tell the others about camera and microphone; they hear it again after every connection."""
        if self._call is None or self._socket is None:
            return
        state = "on" if publishing else "off"
        device = {
            "meeting": self._call.meeting,
            "camera": state,
            "microphone": state,
            "way": self._call.publisher.way,
        }
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
        await self._checks.stop()
        try:
            async with asyncio.timeout(_FAREWELL_S):
                if self._call is not None:
                    await self.leave()
                await self._api.sign_out()
        except (Refused, Unreachable, TimeoutError) as error:
            log.info("%s goes without a proper leave: %s", self._name, error)
        finally:
            await self._hang_up()
