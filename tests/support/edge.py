"""A whole edge for tests: real server, real sockets, real journal and store on SQLite; media is a fake."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import argon2
import socketio
from aiohttp import web

from hub.cameras.sealing import CameraKey
from hub.clock import system_clock
from hub.config import load
from hub.depot.build import build_depot
from hub.depot.depot import Depot
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command
from hub.grids.answer_sealing import AnswersKey
from hub.grids.registry_sealing import RegistryKey
from hub.house.policies import policy_of
from hub.jobs.runner import JobRunner
from hub.rules import parse_data
from hub.sheets.sealing import HubKey
from hub.store.accounts_store import AccountStore
from hub.store.camera_store import CameraStore
from hub.store.clearing_store import ClearingStore
from hub.store.custody_store import CustodyStore
from hub.store.database import Database
from hub.store.device_store import DeviceStore
from hub.store.job_rows import JobStore
from hub.store.match_store import MatchStore
from hub.store.minutes_store import MinutesStore
from hub.store.object_rows import SqlObjectRows
from hub.store.queries import Queries
from hub.store.registry_store import RegistryStore
from hub.store.second_factor_store import SecondFactorStore
from hub.store.sweep_store import SweepStore
from hub.store.view_store import ViewStore
from hub.store.work_store import WorkStore
from hub.turn import turn_of
from hub.upkeep.health import Health
from signaling.app import build_app
from signaling.metrics import METRICS
from signaling.second_factor import SecondFactors
from signaling.server import EdgeRunner, start_server
from signaling.services import Lists, Services
from signaling.sessions import Sessions, token_hash
from signaling.trace import Trace
from tests.support import job_child, rules
from tests.support.directory_rows import put_account, put_password
from tests.support.fake_media import FakeMedia
from tests.support.journal import HubWriter, running_writer
from tests.support.waiting import eventually

PASSWORD = "五谷丰登-3721"
_serial = itertools.count(1)


@cache
def password_hash() -> str:
    """The hash of PASSWORD, made cheaply and once."""
    return argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


@dataclass
class Person:
    """An account that is signed in, with an HTTP session that carries its token."""

    account: Account
    token: str = field(repr=False)
    http: aiohttp.ClientSession
    edge: Edge

    async def command(self, kind: str, meeting: str | None = None, /, **data: Any) -> dict[str, Any]:
        """Give a command by HTTP; the answer, which must be 200."""
        body: dict[str, Any] = {"id": f"t{next(_serial)}", "kind": kind, "data": data}
        if meeting is not None:
            body["meeting"] = meeting
        async with self.http.post("/api/v1/commands", json=body) as answer:
            found: dict[str, Any] = await answer.json()
            assert answer.status == 200, found
            return found

    async def get(self, path: str, **params: str) -> dict[str, Any]:
        """The JSON behind a path; the answer must be 200."""
        async with self.http.get(path, params=params) as answer:
            found: dict[str, Any] = await answer.json()
            assert answer.status == 200, found
            return found


class Listener:
    """A Socket.IO client that keeps what it heard."""

    def __init__(self) -> None:
        self.client = socketio.AsyncClient(reconnection=False)
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.client.on("*", self._hear)

    async def _hear(self, event: str, data: dict[str, Any]) -> None:
        self.heard.append((event, data))

    def of(self, event: str, **fields: Any) -> list[dict[str, Any]]:
        """What was heard of an event with these fields."""
        return [
            data
            for name, data in self.heard
            if name == event and all(data.get(key) == value for key, value in fields.items())
        ]

    async def call(self, event: str, body: Any) -> Any:
        """Send an event and wait for its acknowledgement."""
        return await self.client.call(event, body, timeout=5)

    async def until(self, event: str, **fields: Any) -> dict[str, Any]:
        """The first such event, waited for."""
        return (await eventually(lambda: self.of(event, **fields), 5, f"no {event} {fields}"))[0]


@dataclass
class Edge:
    """A running edge with its parts."""

    url: str
    port: int
    services: Services
    writer: HubWriter
    database: Database
    store: AccountStore
    media: FakeMedia
    depot: Depot
    folder: Path
    ready: dict[str, bool]
    runner: EdgeRunner
    app: web.Application
    stack: AsyncExitStack

    async def person(
        self, role: str, center: str, *, number: int = 0, disabled: bool = False, cleared: bool = False
    ) -> Person:
        """An account of this role, added and signed in."""
        account = rules.account(role, center, number=number, disabled=disabled, cleared=cleared)
        await put_account(self.database, account, password_hash())
        return await self._signed_in(account)

    async def known_person(self, role: str, center: str, *, cleared: bool = False) -> Person:
        """An account that the journal tells of, as all of a hub are, signed in: rules find it."""
        username = f"{role}{next(_serial)}"
        new = {"username": username, "name": "某", "role": role, "center": center}
        made = await self.writer.submit(
            Command(username, "account.create", None, parse_data("account.create", {"accounts": [new]})),
            SYSTEM_ACCOUNT,
        )
        id = made.entries[0].data["accounts"][0]["account"]
        if cleared:
            await self.clear(id)
        account = Account(id, username, "某", role, center, cleared=cleared)
        await put_password(self.database, account.id, password_hash())
        return await self._signed_in(account)

    async def clear(self, account: str, *, cleared: bool = True) -> None:
        """Give an account clearance, or withdraw it, as the hub's owner."""
        data = parse_data("account.change", {"account": account, "cleared": cleared})
        command = Command(f"clear{next(_serial)}", "account.change", None, data)
        await self.writer.submit(command, SYSTEM_ACCOUNT)

    async def signed_in_again(self, person: Person) -> Person:
        """Another sign-in of the same account."""
        return await self._signed_in(person.account)

    def waiting(self) -> int:
        """Events in the inboxes of all sockets."""
        return int(self.app[METRICS].registry.get_sample_value("hub_inbox_events") or 0)

    async def _signed_in(self, account: Account) -> Person:
        token = f"{next(_serial):043d}"
        now = system_clock()
        await self.store.add_token(token_hash(token), account.id, now, now + timedelta(days=30))
        http = await self.stack.enter_async_context(
            aiohttp.ClientSession(self.url, headers={"Authorization": f"Bearer {token}"})
        )
        return Person(account, token, http, self)

    async def listen(self, person: Person, **options: Any) -> Listener:
        """Connect a socket for this person and wait for its hello."""
        listener = Listener()
        options.setdefault("transports", ["websocket"])
        await listener.client.connect(self.url, auth={"token": person.token}, **options)
        self.stack.push_async_callback(listener.client.disconnect)
        await listener.until("hello")
        return listener

    async def raw(self, request: bytes, *, timeout_s: float = 5.0) -> bytes:
        """Send bytes over a fresh connection and return all that comes back until it is closed."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request)
            await writer.drain()
            async with asyncio.timeout(timeout_s):
                return await reader.read()
        finally:
            writer.close()


@asynccontextmanager
async def running_edge(
    folder: Path,
    link_handler: Any = None,
    database_url: str | None = None,
    *,
    signs: str = "",
    clock: Any = system_clock,
    **environment: str,
) -> AsyncIterator[Edge]:
    """An edge on an ephemeral port, with the small tree of the rule tests; on SQLite unless a database is given.

    `clock` (a `Clock`) is the journal's.
    """
    config = load({"HUB_DATA_DIR": str(folder), "HUB_WEB_DIR": str(folder / "dist"), **environment})
    async with AsyncExitStack() as stack:
        writer, database = await stack.enter_async_context(
            running_writer(
                database_url or f"sqlite:///{folder}/hub.db", folder=folder if signs else None, clock=clock
            )
        )
        store = AccountStore(database)
        media = FakeMedia()
        depot = build_depot(config, SqlObjectRows(database), system_clock)
        stack.push_async_callback(depot.close)
        registry = RegistryStore(database, RegistryKey(b"a key of tests, kept nowhere"), system_clock)
        sweeps = SweepStore(database, AnswersKey(b"a key of tests, kept nowhere"), registry.touched)
        ready = {"journal": True, "node": True, "recorder": True}
        services = Services(
            config=config,
            clock=system_clock,
            tree=rules.TREE,
            writer=writer,
            queries=Queries(database),
            accounts=Sessions(
                store,
                system_clock,
                config.session_days,
                trace=Trace(writer, system_clock),
                policy=lambda: policy_of(writer.state),
                factors=SecondFactors(
                    SecondFactorStore(database), b"a key of tests, kept nowhere", system_clock
                ),
            ),
            media=media,
            objects=depot,
            lists=Lists(
                ClearingStore(database), HubKey(b"a key of tests, kept nowhere"), MatchStore(database)
            ),
            minutes=MinutesStore(database),
            registry=registry,
            sweeps=sweeps,
            work=WorkStore(database, registry, sweeps),
            views=ViewStore(
                database,
                RegistryKey(b"a key of tests, kept nowhere"),
                AnswersKey(b"a key of tests, kept nowhere"),
                sweeps,
                ZoneInfo(config.time_zone),
            ),
            cameras=CameraStore(
                database, CameraKey(b"a key of tests, kept nowhere"), system_clock, lambda: services.tree
            ),
            phones=DeviceStore(database),
            custody=CustodyStore(database),
            seals=writer,
            turn=turn_of(config),
            parts=lambda: ready,
            jobs=JobRunner(
                config,
                JobStore(database),
                writer,
                system_clock,
                kinds=job_child.KINDS,
                program=job_child.PROGRAM,
            ),
            health=Health(config, system_clock, Queries(database).ping, lambda: ready, lambda: ["node"]),
        )
        app = build_app(services, link_handler)
        runner, port = await start_server(app, "127.0.0.1", 0)
        stack.push_async_callback(runner.cleanup)
        url = f"http://127.0.0.1:{port}"
        people = await stack.enter_async_context(AsyncExitStack())
        parts = (services, writer, database, store, media, depot, folder, ready, runner, app, people)
        yield Edge(url, port, *parts)
