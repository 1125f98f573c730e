"""Socket.IO: signing in, following meetings, commands; entries, media and presence as they happen."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import socketio
from aiohttp import web

from hub.directory.accounts import Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.gates import rights_here
from hub.people import Accounts
from signaling.access import Access, Reason
from signaling.auth import COOKIE
from signaling.camera_turning import CameraTurning
from signaling.chair_watch import ChairWatch
from signaling.checks_told import ChecksTold
from signaling.commands import run_command
from signaling.documents_told import DocumentsTold
from signaling.emitting import DirectManager, DirectRedisManager, TextPacket
from signaling.fan_out import FanOut
from signaling.following import follow
from signaling.greeting import greeting
from signaling.hub_alarms import HubAlarms
from signaling.hub_watch import HubWatch, hub_event
from signaling.inbox import Inbox
from signaling.jobs_told import JobsTold
from signaling.media_told import Speakers, addressed, with_people
from signaling.metrics import Metrics
from signaling.pace import Paces
from signaling.parts_told import PartsTold
from signaling.patrol_watch import PatrolWatch
from signaling.presence import Presence
from signaling.recording_room import RoomNotes
from signaling.rooms import (
    account_room,
    entry_rooms,
    following_rooms,
    level_rooms,
    standing_rooms,
)
from signaling.screen_watch import ScreenWatch
from signaling.services import Json, Services
from signaling.sight import own_meeting, readable_meeting, sees
from signaling.socket_bodies import Device, Follow, Listen, Probe, Select, Turn, Unfollow, parse_body
from signaling.socket_guard import (
    MAX_FRAME_BYTES,
    MAX_UNSENT,
    SocketGuard,
    StrictJson,
    Unreadable,
    quiet_logger,
)

#: How often the hub asks a client whether it is there, and how long that may take.
PING_INTERVAL_S: Final = 10
PING_TIMEOUT_S: Final = 8
#: How often slow clients are looked for.
SWEEP_S: Final = 20.0
#: How long a socket whose access was withdrawn may wait for what was told before.
FAREWELL_S: Final = 0.3
#: Meetings one socket follows at most.
MAX_FOLLOWED: Final = 16

_SIGN_IN: Final = Refusal("unauthenticated", "sign in first")

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Client:
    """One connected socket."""

    sid: str
    access: Access
    inbox: Inbox
    follows: set[str] = field(default_factory=set)
    rights: dict[str, list[str]] = field(default_factory=dict)
    """What it was told it may do in the meetings it follows."""
    forget: Callable[[], None] = lambda: None
    """Ends its hearing of the end of its access."""

    @property
    def account(self) -> Account:
        return self.access.account


def _redis_manager(url: str | None) -> Any:
    """What fans events out over several front processes; None for one process alone."""
    if url is None:
        return None
    logger = logging.getLogger("signaling.redis")
    return DirectRedisManager(url, logger=logger, redis_options={"socket_connect_timeout": 2.0})


def _taken(body: Any) -> Any:
    """The body of an event. Raises Refusal("malformed") for one that the guard could not read."""
    if isinstance(body, Unreadable):
        raise Refusal("malformed", f"the body is not strict JSON: {body.why}")
    return body


def _refused(refusal: Refusal) -> Exception:
    # Clients find the code as the message of their connect_error, and the whole refusal as its data.
    error: Exception = socketio.exceptions.ConnectionRefusedError(refusal.code, refusal.body())
    return error


class Sockets:
    """The Socket.IO side of the edge. `handle` is its aiohttp handler."""

    def __init__(self, services: Services, metrics: Metrics, paces: Paces) -> None:
        self._redis = _redis_manager(services.config.redis_url)
        self.server = socketio.AsyncServer(
            async_mode="aiohttp",
            client_manager=self._redis or DirectManager(),
            serializer=TextPacket,
            json=StrictJson,
            cors_allowed_origins=[],  # origins are checked by the guard
            http_compression=False,
            ping_interval=PING_INTERVAL_S,
            ping_timeout=PING_TIMEOUT_S,
            max_http_buffer_size=MAX_FRAME_BYTES,
            logger=quiet_logger(),
            engineio_logger=quiet_logger(),
        )
        self.guard = SocketGuard(self.server, metrics)
        self.fan_out = FanOut(self.server)
        self.presence = Presence(services, self.fan_out)
        self._parts = PartsTold(services, self.fan_out, self._tell_rights)
        self._documents = DocumentsTold(services, self.fan_out)
        self._checks = ChecksTold(services, self.fan_out)
        self._jobs = JobsTold(services, self.fan_out)
        self._speakers = Speakers()
        self._hub_watch = HubWatch(services, self.fan_out, lambda: len(self._clients))
        self._alarms = HubAlarms(services, self.presence.losses)
        self._room = RoomNotes(services)
        self._chairs = ChairWatch(services, self.presence)
        self._screens = ScreenWatch(services, self.presence)
        self.turning = CameraTurning(services, self._tell_camera, time.monotonic)
        self._patrol = services.patrol = PatrolWatch(services, self.fan_out)
        self._services = services
        self._metrics = metrics
        self._paces = paces
        self._clients: dict[str, Client] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._farewells: set[asyncio.Task[None]] = set()
        self._unsubscribe: Callable[[], None] = lambda: None
        self.server.on("connect", self._connect)
        self.server.on("disconnect", self._disconnect)
        self.server.on("*", self._unknown)
        for event, run in {
            "command": self._command,
            "follow": self._follow,
            "unfollow": self._unfollow,
            "select": self._select,
            "listen": self._listen,
            "turn": self._turn,
            "device": self._device,
            "probe": self._probe,
        }.items():
            self.server.on(event, self._enqueue(run))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """``/socket.io/``."""
        return await self.guard.handle(request)

    async def start(self) -> None:
        """Begin to listen to the journal and to media, and to tell the sockets."""
        self.presence.take_state()
        self._parts.take_state()
        if self._redis is not None:
            # Otherwise python-socketio listens to Redis from its first own client on, and misses what comes before.
            self.server.manager_initialized = True
            self._redis.initialize()
        self._unsubscribe = self._services.writer.subscribe(self._entries)
        self._services.media.on_event = self._media_event
        self._services.media.cameras.on_turn_refused = self.turning.refused
        self._services.media.cameras.on_flow.append(self._patrol.flowed)
        self._tasks = [
            asyncio.create_task(self.fan_out.run()),
            asyncio.create_task(self.presence.run()),
            asyncio.create_task(self._parts.run()),
            asyncio.create_task(self._documents.run()),
            asyncio.create_task(self._checks.run()),
            asyncio.create_task(self._jobs.run()),
            asyncio.create_task(self._hub_watch.run()),
            asyncio.create_task(self._alarms.run()),
            asyncio.create_task(self._room.run()),
            asyncio.create_task(self._chairs.run()),
            asyncio.create_task(self._screens.run()),
            asyncio.create_task(self.turning.run()),
            asyncio.create_task(self._sweep()),
        ]

    async def stop(self) -> None:
        """Close every socket and stop."""
        self._unsubscribe()
        await self.guard.close()
        if self._redis is not None:
            self._redis.thread.cancel()
            await asyncio.gather(self._redis.thread, return_exceptions=True)
            if self._redis.redis is not None:
                await self._redis.pubsub.aclose()
                await self._redis.redis.aclose()
        for client in self._clients.values():
            client.inbox.close()
        await self._patrol.close()
        tasks = [*self._tasks, *self._farewells]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def waiting(self) -> int:
        """Events in all inboxes."""
        return sum(len(client.inbox) for client in self._clients.values())

    # -- what clients do

    async def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        request: web.Request = environ["aiohttp.request"]
        token = auth.get("token") if isinstance(auth, dict) else None
        if token is None:
            # The guard has turned away what a foreign page opens.
            token = request.cookies.get(COOKIE)
        try:
            access = await self._services.accounts.access_for(token if isinstance(token, str) else "")
        except Refusal as refusal:
            raise _refused(refusal) from None
        except Exception:
            log.exception("a socket could not be signed in")
            raise _refused(Refusal("unavailable", "the hub cannot sign you in now")) from None
        client = Client(sid, access, Inbox())
        account = client.account
        self._clients[sid] = client
        client.forget = access.on_end(lambda reason: self._withdrawn(client, reason))
        for room in standing_rooms(account, self._services.tree):
            await self.server.enter_room(sid, room)
        self.presence.connected(account, sid)
        self._metrics.sockets.set(len(self._clients))
        client.inbox.put(lambda: self._greet(client))

    async def _disconnect(self, sid: str, reason: str) -> None:
        client = self._clients.pop(sid, None)
        if client is None:
            return
        client.forget()
        client.inbox.close()
        self.presence.disconnected(client.account, sid)
        await self.turning.left(sid)
        self._metrics.sockets.set(len(self._clients))
        engine_sid = self.server.manager.eio_sid_from_sid(sid, "/")
        if engine_sid is not None and reason == self.server.reason.CLIENT_DISCONNECT:
            self.guard.expect_namespace(engine_sid)

    async def _greet(self, client: Client) -> Json:
        services, account = self._services, client.account
        await self.server.emit("hello", await greeting(services, account), to=client.sid)
        await self.server.emit("hub", hub_event(services, len(self._clients)), to=client.sid)
        await self.server.emit("presence", self.presence.centers_in_sight(account), to=client.sid)
        return {}

    def _enqueue(self, run: Callable[[Client, Any], Awaitable[Json]]) -> Callable[..., Awaitable[Json]]:
        """The handler of one event: one body, done in this socket's turn."""

        async def handler(sid: str, *arguments: Any) -> Json:
            client = self._clients.get(sid)
            if client is None or client.access.ended is not None:
                return dict(_SIGN_IN.body())
            if len(arguments) != 1:
                return dict(Refusal("invalid", "an event has one body").body())
            try:
                self._paces.commands.take(client.account.id, asyncio.get_running_loop().time())
            except Refusal as refusal:
                return dict(refusal.body())
            return await client.inbox.put(lambda: run(client, _taken(arguments[0])))

        return handler

    async def _unknown(self, event: str, sid: str, *arguments: Any) -> Json:
        return dict(Refusal("invalid", "there is no such event").body())

    async def _command(self, client: Client, body: Any) -> Json:
        return await run_command(self._services, self._metrics, client.access, body)

    async def _follow(self, client: Client, body: Any) -> Json:
        wanted = parse_body(Follow, body)
        services = self._services
        own_meeting(services.writer.state, services.tree, client.account, wanted.meeting)
        await readable_meeting(services, client.account, wanted.meeting)
        if wanted.meeting not in client.follows and len(client.follows) >= MAX_FOLLOWED:
            raise Refusal("too_many", f"a socket follows at most {MAX_FOLLOWED} meetings", "meeting")
        # First the rooms, then the snapshot: an entry between the two comes twice, never not at all.
        for room in following_rooms(client.account, wanted.meeting):
            await self.server.enter_room(client.sid, room)
        client.follows.add(wanted.meeting)
        answer = await follow(services, client.account, wanted.meeting, wanted.since)
        own_meeting(services.writer.state, services.tree, client.account, wanted.meeting)
        if wanted.meeting not in client.follows:
            raise Refusal("removed", "you were removed from this meeting", "meeting")
        client.rights[wanted.meeting] = answer["can"]
        return {**answer, "presence": self.presence.participants(wanted.meeting, client.account)}

    async def _unfollow(self, client: Client, body: Any) -> Json:
        wanted = parse_body(Unfollow, body)
        if wanted.meeting in client.follows:
            client.follows.discard(wanted.meeting)
            client.rights.pop(wanted.meeting, None)
            for room in following_rooms(client.account, wanted.meeting):
                await self.server.leave_room(client.sid, room)
        return {}

    async def _select(self, client: Client, body: Any) -> Json:
        wanted = parse_body(Select, body)
        media = self._services.media
        await media.select(client.account, wanted.session, wanted.video, wanted.tiles)
        return {}

    async def _listen(self, client: Client, body: Any) -> Json:
        wanted = parse_body(Listen, body)
        await self._services.media.listen(client.account, wanted.session, wanted.camera)
        return {}

    async def _turn(self, client: Client, body: Any) -> Json:
        return await self.turning.do(client.account, client.sid, parse_body(Turn, body))

    async def _device(self, client: Client, body: Any) -> Json:
        told = parse_body(Device, body)
        services = self._services
        meeting = own_meeting(services.writer.state, services.tree, client.account, told.meeting)
        seat = meeting.seats.get(client.account.id)
        if seat is None or seat.state != "joined":
            raise Refusal("not_joined", "you are not in this meeting", "meeting")
        self.presence.device(client.account, told)
        return {}

    async def _probe(self, client: Client, body: Any) -> Json:
        parse_body(Probe, body)
        return {}

    # -- what clients are told

    def _entries(self, entries: Sequence[Entry]) -> None:
        services = self._services
        for entry in entries:
            if entry.kind == "secrecy.raised" and entry.meeting is not None:
                self._unfollow_uncleared(entry.meeting)
            elif entry.kind == "account.changed":
                self._another_account(str(entry.data["account"]))
        self.presence.entries(entries)
        self._parts.entries(entries)
        self._documents.entries(entries)
        self._checks.entries(entries)
        for entry in entries:
            self._metrics.entries.labels(entry.kind).inc()
            if entry.kind == "meeting.ended" and entry.meeting is not None:
                self._speakers.ended(entry.meeting)
            rooms = entry_rooms(entry, services.tree, services.writer.state)
            if entry.kind == "participant.removed" and entry.meeting is not None:
                self._unfollow_removed(entry.meeting, entry.data["participant"])
            self.fan_out.put("entry", entry.to_wire(), rooms)

    def _tell_rights(self, meeting: str, accounts: Collection[str] | None) -> None:
        """Whoever (of these accounts) follows the meeting and may do something else in it than before is told."""
        services = self._services
        found = services.writer.state.meetings[meeting]
        for client in self._clients.values():
            if meeting in client.rights and (accounts is None or client.account.id in accounts):
                can = rights_here(found, client.account, services.tree)
                if can != client.rights[meeting]:
                    client.rights[meeting] = can
                    self.fan_out.put(
                        "can", {"meeting": meeting, "can": can}, [account_room(client.account.id)]
                    )

    def _unfollow_removed(self, meeting: str, account: str) -> None:
        """Who was removed hears nothing more of the meeting, at once."""
        for client in self._clients.values():
            if client.account.id == account and meeting in client.follows:
                self._unfollow_now(client, meeting)

    def _unfollow_uncleared(self, meeting: str) -> None:
        """Who may know nothing of the meeting any more hears nothing more of it, at once, but that it is gone for him."""
        services = self._services
        found = services.writer.state.meetings[meeting]
        for client in self._clients.values():
            if meeting in client.follows and not sees(services.tree, client.account, found):
                self._unfollow_now(client, meeting)
                gone = {
                    "what": "meeting",
                    "id": meeting,
                    "meeting": meeting,
                    "seq": services.writer.state.last_seq,
                }
                self.fan_out.put("changed", gone, [account_room(client.account.id)])

    def _unfollow_now(self, client: Client, meeting: str) -> None:
        client.follows.discard(meeting)
        client.rights.pop(meeting, None)
        for room in following_rooms(client.account, meeting):
            self.server.manager.basic_leave_room(client.sid, "/", room)

    def _another_account(self, id: str) -> None:
        """What ran for the account as it was ends, or goes on with what it may now: its sockets hear of it at once."""
        services = self._services
        found = services.writer.state.parts.read(Accounts).by_id.get(id)
        if found is None:
            return
        mine = [client for client in self._clients.values() if client.account.id == id]
        before = {client.sid: level_rooms(client.account, services.tree) for client in mine}
        goes_on = services.accounts.withdrawal.changed(found)
        for client in mine:
            after = level_rooms(client.account, services.tree)
            if client.access not in goes_on or after == before[client.sid]:
                continue
            for room in before[client.sid]:
                self.server.manager.basic_leave_room(client.sid, "/", room)
            for room in after:
                self.server.manager.basic_enter_room(client.sid, "/", room)
            client.inbox.put(partial(self._greet, client))

    def _media_event(self, meeting: str, account: str | None, event: Json) -> None:
        if event["kind"] == "sources":
            self.presence.sources(meeting, event)
        state = self._services.writer.state
        event = with_people(event, state.meetings.get(meeting), state)
        for room, told in addressed(event, account):
            self.fan_out.put("media", told, [room], replaceable=event["kind"] == "levels")
        if event["kind"] == "levels" and account is None and (news := self._speakers.news(event)) is not None:
            self.fan_out.put("media", news[1], [news[0]], replaceable=True)

    def _tell_camera(self, account: str, event: Json) -> None:
        """Who turns a camera, to one who watches it."""
        self.fan_out.put("media", event, [account_room(account)])

    # -- who has to go

    def _withdrawn(self, client: Client, reason: Reason) -> None:
        """Its access is withdrawn: nothing more is done for it, it is told so, and its connection ends."""
        client.inbox.close(_SIGN_IN)
        farewell = asyncio.create_task(self._bid_farewell(client, reason))
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)

    async def _bid_farewell(self, client: Client, reason: Reason) -> None:
        await self.fan_out.sent(FAREWELL_S)  # first what the same withdrawal tells of media
        # Past the queue between front processes, so that it goes before the end of the connection.
        await self.server.emit("session_ended", {"reason": reason}, to=client.sid, ignore_queue=True)
        engine_sid = self.server.manager.eio_sid_from_sid(client.sid, "/")
        if engine_sid is not None:
            await self.guard.taken(engine_sid, FAREWELL_S)  # a client that polls may be between two polls
        await self._dismiss(client, reason.replace("_", " "))

    async def _sweep(self) -> None:
        """Close clients that no longer read."""
        while True:
            await asyncio.sleep(SWEEP_S)
            for client in list(self._clients.values()):
                engine_sid = self.server.manager.eio_sid_from_sid(client.sid, "/")
                if engine_sid is not None and self.guard.unsent(engine_sid) > MAX_UNSENT:
                    await self._dismiss(client, "too slow")

    async def _dismiss(self, client: Client, reason: str) -> None:
        engine_sid = self.server.manager.eio_sid_from_sid(client.sid, "/")
        if engine_sid is not None:
            await self.guard.drop(engine_sid, reason)
