"""Janus with its VideoRoom as a venue of the load generator, to compare with: the Debian package in a folder of its own.

One room, one publisher who offers, and subscribers to whom Janus offers; our light peers always offer, so that here their
offer is turned round.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from clients.loadtest.machine import cpu_s
from clients.loadtest.peer import Admitted, Door
from clients.loadtest.venue import OnMedia
from hub.wire.sdp_parse import parse_offer
from tests.support.waiting import eventually

ROOM = 1234
_CALL_S = 15.0
_PLUGINS = "audiobridge duktape echotest lua nosip recordplay sip streaming textroom videocall voicemail"
_TRANSPORTS = "mqtt nanomsg pfunix rabbitmq websockets"


def janus_version() -> str | None:
    """What stands in `janus --help`, or None where Janus is not installed."""
    if shutil.which("janus") is None:
        return None
    told = subprocess.run(["janus", "--version"], capture_output=True, text=True, check=False)
    for line in (told.stdout + told.stderr).splitlines():
        if line.startswith("Janus version:"):
            return line.partition("(")[2].rstrip(")") or line
    return "unknown"


def own_address() -> str:
    """An address of this machine that is not loopback's, which Janus does not take; its packets stay inside all the
    same. Raises OSError where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing
        return str(probe.getsockname()[0])


class JanusProcess:
    """A running Janus with `event_loops` threads for media (None: a thread a peer, Janus's default)."""

    def __init__(self, event_loops: int | None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="janus-")
        folder = Path(self._folder.name)
        libraries = next(Path("/usr/lib").glob("*/janus/plugins")).parent
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        loops = f"event_loops = {event_loops}\n" if event_loops else ""
        (folder / "janus.jcfg").write_text(
            f'general: {{\nconfigs_folder = "{folder}"\nplugins_folder = "{libraries}/plugins"\n'
            f'transports_folder = "{libraries}/transports"\nevents_folder = "{libraries}/events"\n'
            f'loggers_folder = "{libraries}/loggers"\ndebug_level = 2\nsession_timeout = 0\n{loops}}}\n'
            f'nat: {{\nice_tcp = false\nice_enforce_list = "{own_address()}"\nignore_mdns = true\n}}\n'
            "media: {\nipv6 = false\n}\n"
            f'plugins: {{\ndisable = "{",".join(f"libjanus_{name}.so" for name in _PLUGINS.split())}"\n}}\n'
            f'transports: {{\ndisable = "{",".join(f"libjanus_{name}.so" for name in _TRANSPORTS.split())}"\n}}\n'
        )
        (folder / "janus.transport.http.jcfg").write_text(
            'general: {\njson = "compact"\nbase_path = "/janus"\nhttp = true\nhttps = false\n'
            f'port = {self.port}\nip = "127.0.0.1"\n}}\nadmin: {{\nadmin_http = false\n}}\n'
        )
        (folder / "janus.plugin.videoroom.jcfg").write_text("general: {\n}\n")
        with (folder / "janus.log").open("wb") as log:
            self.process = subprocess.Popen(
                ["janus", "-F", str(folder)], stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/janus"

    def cpu_s(self) -> float:
        """CPU time of all its threads so far."""
        return cpu_s(self.pid) or 0.0

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._folder.cleanup()


class JanusVenue:
    """Venue of the load generator over Janus's HTTP API, on one session with a handle for each peer."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self._url = url
        self._http = http
        self._session = 0
        self._feed = 0
        self._awaited: dict[int, asyncio.Queue[dict[str, Any]]] = {}
        self._polling: asyncio.Task[None] | None = None
        self._names = itertools.count(1)

    async def start(self) -> None:
        """Make the session and the room."""
        self._session = int((await self._post(self._url, {"janus": "create"}))["data"]["id"])
        self._polling = asyncio.create_task(self._poll(), name="poll")
        handle = await self._attach()
        room = {
            "request": "create",
            "room": ROOM,
            "publishers": 1,
            "videocodec": "vp8",
            "audiocodec": "opus",
            "bitrate": 0,
            "notify_joining": False,
        }
        await self._post(f"{self._url}/{self._session}/{handle}", {"janus": "message", "body": room})

    def participant(self, person: int) -> str:
        return f"a_{person}"

    def door(self, person: int, direction: str) -> Door:
        return self._publish if direction == "publish" else self._watch

    async def select(self, person: int, admitted: Admitted, wanted: Sequence[str | None]) -> None:
        """VideoRoom has no such thing here."""

    async def listen(self, person: int, on_media: OnMedia) -> None:
        """Janus tells its publishers nothing."""

    async def close(self) -> None:
        """Leave."""
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)

    # --- both ways in ---------------------------------------------------------------------------------

    async def _publish(self, offer: str) -> Admitted:
        handle = await self._attach()
        joined = await self._ask(handle, {"request": "join", "ptype": "publisher", "room": ROOM})
        self._feed = int(joined["plugindata"]["data"]["id"])
        # Our light peers begin the handshake; Janus would, if it were left to choose.
        begins = offer.replace("a=setup:actpass", "a=setup:active")
        answered = await self._ask(handle, {"request": "publish"}, {"type": "offer", "sdp": begins})
        return Admitted(str(answered["jsep"]["sdp"]), str(handle), self._leaving(handle))

    async def _watch(self, offer: str) -> Admitted:
        handle = await self._attach()
        join = {"request": "join", "ptype": "subscriber", "room": ROOM, "streams": [{"feed": self._feed}]}
        attached = await self._ask(handle, join)
        theirs = str(attached["jsep"]["sdp"])
        answer = {"type": "answer", "sdp": _turned(theirs, offer)}
        await self._ask(handle, {"request": "start"}, answer)
        return Admitted(theirs, str(handle), self._leaving(handle))

    def _leaving(self, handle: int) -> Any:
        async def leave() -> None:
            await self._post(f"{self._url}/{self._session}/{handle}", {"janus": "detach"})

        return leave

    # --- the API --------------------------------------------------------------------------------------

    async def _attach(self) -> int:
        request = {"janus": "attach", "plugin": "janus.plugin.videoroom"}
        handle = int((await self._post(f"{self._url}/{self._session}", request))["data"]["id"])
        self._awaited[handle] = asyncio.Queue()
        return handle

    async def _ask(
        self, handle: int, body: Mapping[str, Any], jsep: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Send a message and wait for the event that answers it."""
        message: dict[str, Any] = {"janus": "message", "body": body}
        if jsep is not None:
            message["jsep"] = jsep
        transaction = await self._post(f"{self._url}/{self._session}/{handle}", message)
        while True:
            event = await asyncio.wait_for(self._awaited[handle].get(), _CALL_S)
            if event.get("transaction") != transaction["transaction"]:
                continue
            data = event.get("plugindata", {}).get("data", {})
            if "error" in data:
                raise ConnectionError(f"Janus refuses: {data['error']}")
            return event

    async def _post(self, url: str, request: Mapping[str, Any]) -> dict[str, Any]:
        transaction = secrets.token_hex(6)
        async with self._http.post(url, json={**request, "transaction": transaction}) as response:
            answer: dict[str, Any] = await response.json(content_type=None)
        if answer.get("janus") == "error":
            raise ConnectionError(f"Janus refuses: {answer['error']}")
        return {**answer, "transaction": transaction}

    async def _poll(self) -> None:
        while True:
            async with self._http.get(f"{self._url}/{self._session}", params={"maxev": "20"}) as response:
                events = await response.json(content_type=None)
            for event in events if isinstance(events, list) else [events]:
                queue = self._awaited.get(event.get("sender", 0))
                if queue is not None and event.get("janus") == "event":
                    queue.put_nowait(event)


def _turned(theirs: str, ours: str) -> str:
    """An answer to the offer `theirs` with the transport of the offer `ours`: all its sections are received."""
    transport = parse_offer(ours).sections[0]
    (fingerprint, *_) = transport.fingerprints
    lines: list[str] = []
    for line in theirs.split("\r\n"):
        if line.startswith(
            ("a=candidate", "a=ssrc", "a=msid", "a=end-of-candidates", "a=ice-options", "a=ice-lite")
        ):
            continue
        if line.startswith("a=ice-ufrag"):
            line = f"a=ice-ufrag:{transport.ice_ufrag}"
        elif line.startswith("a=ice-pwd"):
            line = f"a=ice-pwd:{transport.ice_pwd}"
        elif line.startswith("a=fingerprint"):
            line = f"a=fingerprint:{fingerprint.algorithm} {fingerprint.value}"
        elif line.startswith("a=setup"):
            line = "a=setup:active"
        elif line == "a=sendonly":
            line = "a=recvonly"
        lines.append(line)
    return "\r\n".join(lines)


@asynccontextmanager
async def janus_venue(event_loops: int | None) -> AsyncIterator[tuple[JanusVenue, JanusProcess]]:
    """A fresh Janus on the first core; this process, the generator, moves to the others for as long."""
    before = os.sched_getaffinity(0)
    cores = sorted(before)
    process = JanusProcess(event_loops)
    try:
        if len(cores) > 1:
            for task in Path(f"/proc/{process.pid}/task").iterdir():
                os.sched_setaffinity(int(task.name), cores[:1])
            os.sched_setaffinity(0, cores[1:])
        async with aiohttp.ClientSession() as http:
            await eventually(lambda: _listens(process.port), 15, "Janus does not listen")
            venue = JanusVenue(process.url, http)
            await venue.start()
            try:
                yield venue, process
            finally:
                await venue.close()
    finally:
        os.sched_setaffinity(0, before)
        process.close()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
