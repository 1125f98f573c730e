"""A small hub for station tests: the real rules behind the protocol's doors, aiortc as the receiver of WHIP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import socketio
from aiohttp import web
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError

from hub.clock import to_wire
from hub.conference.calls import Calls
from hub.directory.accounts import Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.parts import told
from hub.rules import PARTS
from hub.state import Meeting, Order
from tests.support.rules import TREE, World


class Receiver:
    """The hub's end of one WHIP session."""

    def __init__(self, session: str, account: Account) -> None:
        self.session = session
        self.account = account
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        #: Decoded pictures and sound frames so far.
        self.frames = {"video": 0, "audio": 0}
        self.newest: Any = None
        self._tasks: list[asyncio.Task[None]] = []
        self._gathering: asyncio.Future[None] | None = None
        self.connection.on("track", self._track)

    def _track(self, track: MediaStreamTrack) -> None:
        self._tasks.append(asyncio.create_task(self._read(track)))

    async def _read(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                self.frames[track.kind] += 1
                if track.kind == "video":
                    self.newest = frame
        except MediaStreamError:
            pass

    async def answer(self) -> None:
        answer = await self.connection.createAnswer()
        self._gathering = asyncio.ensure_future(self.connection.setLocalDescription(answer))
        await asyncio.shield(self._gathering)

    async def close(self) -> None:
        if self._gathering is not None:  # aioice forgets a socket it was opening when it is cancelled
            await asyncio.wait([self._gathering], timeout=3.0)
        await self.connection.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class StationHub:
    """Started by `start`, found at `url`. `crash` drops every connection and `start` brings it back at its port."""

    def __init__(self, *accounts: Account) -> None:
        self.world = World()
        self.accounts = {account.username: account for account in accounts}
        self.tokens: dict[str, Account] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.receivers: dict[str, Receiver] = {}
        self.all_receivers: list[Receiver] = []
        self.commands: list[dict[str, Any]] = []
        self.devices: list[dict[str, Any]] = []
        self.port = 0
        #: How many answers to commands get lost before they arrive.
        self.lose_answers = 0
        #: What the center's stations are told of answering by themselves.
        self.answers_after_s = 0.0
        #: How often somebody has asked for the reports.
        self.reports_read = 0
        self._sockets: dict[str, Account] = {}
        self._runner: web.AppRunner | None = None
        self._serial = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self.io = socketio.AsyncServer(async_mode="aiohttp")
        self.io.on("connect", self._connect)
        self.io.on("follow", self._follow)
        self.io.on("device", self._device)
        app = web.Application()
        self.io.attach(app)
        app.router.add_post("/api/v1/session", self._sign_in)
        app.router.add_get("/api/v1/session", self._session)
        app.router.add_delete("/api/v1/session", self._sign_out)
        app.router.add_post("/api/v1/commands", self._command)
        app.router.add_get("/api/v1/reports", self._reports)
        app.router.add_get("/api/v1/meetings/{meeting}", self._meeting)
        app.router.add_post("/whip/{meeting}", self._whip)
        app.router.add_delete("/whip/{meeting}/{session}", self._whip_end)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def crash(self) -> None:
        """Control goes away; the media stay."""
        for sid in list(self._sockets):
            await self.io.disconnect(sid)
        self._sockets.clear()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self.io.shutdown()

    async def stop(self) -> None:
        await self.crash()
        for receiver in self.all_receivers:
            await receiver.close()

    async def do(self, who: Account, kind: str, meeting: str | None = None, /, **data: Any) -> list[Entry]:
        """A command given by somebody else; everybody is told."""
        return await self._tell(self.world.do(who, kind, meeting, **data))

    async def tell_media(self, account: Account, **event: Any) -> None:
        for sid, owner in self._sockets.items():
            if owner.id == account.id:
                await self.io.emit("media", event, to=sid)

    async def _tell(self, entries: list[Entry]) -> list[Entry]:
        for sid, account in list(self._sockets.items()):
            for entry in entries:
                for name, event in self._events(entry, account):
                    await self.io.emit(name, event, to=sid)
        return entries

    def _events(self, entry: Entry, account: Account) -> Iterator[tuple[str, dict[str, Any]]]:
        """What one account is told of an entry: the parts of its meeting, its calls, its orders."""
        seq = entry.seq
        meeting = self.world.state.meetings.get(entry.meeting or "")
        if meeting is not None and account.center in meeting.centers:
            about = {"meeting": meeting.id, "seq": seq}
            for name, part in self._parts(meeting, account).items():
                gone = {account.id: None} if name == "waiting" else {}
                what = {"rows": {**gone, **part["rows"]}} if "rows" in part else {"value": part}
                yield "part", {**about, "name": name, **what}
            if entry.kind in ("meeting.opened", "meeting.ended", "meeting.called", "meeting.declined"):
                value = _call(meeting, account.center)
                yield "changed", {"what": "meeting", "id": meeting.id, **about, "value": value}
        order = self.world.state.orders.get(entry.data.get("order", ""))
        if order is not None and account.center in order.targets:
            changed = {"what": "order", "id": order.id, "meeting": order.meeting, "seq": seq}
            if entry.kind == "order.issued":
                yield "changed", {**changed, "value": _order(order)}
            elif entry.data["center"] == account.center:
                rows = {each["center"]: each for each in _order(order)["targets"]}
                yield "changed", {**changed, "state": order.state, "rows": rows}

    @staticmethod
    def _parts(meeting: Meeting, account: Account) -> dict[str, dict[str, Any]]:
        parts = {name: told(meeting.read(part)) for name, part in PARTS.items()}
        own = {
            name: {"rows": {key: row for key, row in parts[name]["rows"].items() if key == account.id}}
            for name in ("seats", "waiting")
        }
        return {**parts, **own}

    def _who(self, request: web.Request) -> Account:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            raise web.HTTPUnauthorized(text='{"error":{"code":"unauthenticated","message":"sign in"}}')
        return self.tokens[token]

    @staticmethod
    def _public(account: Account) -> dict[str, Any]:
        center = TREE[account.center]
        return {
            "id": account.id,
            "username": account.username,
            "name": account.name,
            "role": account.role,
            "center": {"code": center.code, "name": center.name, "level": center.level},
        }

    async def _sign_in(self, request: web.Request) -> web.Response:
        body = await request.json()
        account = self.accounts.get(body["username"])
        if account is None or body["password"] != "secret":
            raise web.HTTPUnauthorized(text='{"error":{"code":"unauthenticated","message":"no"}}')
        self._serial += 1
        token = f"token-{self._serial}"
        self.tokens[token] = account
        return web.json_response({"token": token, "account": self._public(account)}, status=201)

    async def _session(self, request: web.Request) -> web.Response:
        return web.json_response({"account": self._public(self._who(request))})

    async def _sign_out(self, request: web.Request) -> web.Response:
        self._who(request)
        del self.tokens[request.headers["Authorization"].removeprefix("Bearer ")]
        return web.Response(status=204)

    async def _command(self, request: web.Request) -> web.Response:
        who, body = self._who(request), await request.json()
        answer = self.answers.get(body["id"])
        if answer is None:
            self.commands.append(body)
            try:
                entries = self.world.do(who, body["kind"], body.get("meeting"), **body["data"])
            except Refusal as refusal:
                return web.json_response(refusal.body(), status=refusal.status)
            answer = {"seq": len(self.world.entries), "entries": [entry.to_wire() for entry in entries]}
            self.answers[body["id"]] = answer
            await self._tell(entries)
        if self.lose_answers > 0:
            self.lose_answers -= 1
            raise web.HTTPServiceUnavailable(text="")
        return web.json_response(answer)

    async def _reports(self, request: web.Request) -> web.Response:
        self._who(request)
        self.reports_read += 1
        found = [
            {"account": entry.actor.account, "text": entry.data["text"]}
            for entry in self.world.entries
            if entry.kind == "report.filed"
            and entry.meeting == request.query["meeting"]
            and entry.data["center"] == request.query["center"]
        ]
        return web.json_response({"reports": found})

    async def _whip(self, request: web.Request) -> web.Response:
        who, meeting = self._who(request), request.match_info["meeting"]
        self._serial += 1
        receiver = Receiver(f"s_{self._serial}", who)
        self.receivers[receiver.session] = receiver
        self.all_receivers.append(receiver)
        offer = RTCSessionDescription(await request.text(), "offer")
        await receiver.connection.setRemoteDescription(offer)
        await receiver.answer()
        headers = {"Location": f"/whip/{meeting}/{receiver.session}", "Content-Type": "application/sdp"}
        return web.Response(status=201, text=receiver.connection.localDescription.sdp, headers=headers)

    async def _whip_end(self, request: web.Request) -> web.Response:
        self._who(request)
        receiver = self.receivers.pop(request.match_info["session"], None)
        if receiver is None:
            raise web.HTTPNotFound(text=json.dumps(Refusal("not_found", "no session").body()))
        await receiver.close()
        return web.Response(status=200)

    async def _connect(self, sid: str, environ: Any, auth: Any) -> bool:
        account = self.tokens.get(auth["token"])
        if account is None:
            return False
        self._sockets[sid] = account
        state = self.world.state
        hello = {
            "account": self._public(account),
            "calls": [
                _call(meeting, account.center)
                for meeting in state.meetings.values()
                if meeting.is_open and account.center in meeting.centers
            ],
            "orders": [
                _order(order)
                for order in state.orders.values()
                if order.targets.get(account.center, "completed") != "completed"
            ],
            "seq": state.last_seq,
            "answers_after_s": self.answers_after_s,
        }
        await self.io.emit("hello", hello, to=sid)
        return True

    async def _follow(self, sid: str, data: dict[str, Any]) -> dict[str, Any]:
        meeting = self.world.state.meetings[data["meeting"]]
        parts = self._parts(meeting, self._sockets[sid])
        return {"seq": self.world.state.last_seq, "parts": parts, "media": [], "presence": []}

    async def _meeting(self, request: web.Request) -> web.Response:
        self._who(request)
        meeting = self.world.state.meetings[request.match_info["meeting"]]
        return web.json_response(
            {"participants": [seat.model_dump(mode="json") for seat in meeting.seats.values()]}
        )

    async def _device(self, sid: str, data: dict[str, Any]) -> dict[str, Any]:
        self.devices.append(data)
        return {}


def _call(meeting: Meeting, center: str) -> dict[str, Any]:
    row = meeting.read(Calls).rows.get(center)
    return {
        "id": meeting.id,
        "title": meeting.title,
        "state": "open" if meeting.is_open else "ended",
        "rung_at": to_wire(meeting.opened_at) if row is None else row.called_at,
        "declined": None if row is None or row.declined is None else row.declined.reason,
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "targets": [{"center": code, "state": at} for code, at in order.targets.items()],
    }
