"""Pulling one camera: sockets, time and second tries around the conversation of `rtsp_session`.

A pull goes on until it is closed: it finds the camera's address, and that it stands inside the networks allowed; talks TCP,
or UDP where the camera wants that; counts a camera that sends nothing for 3 s as down; and comes back with growing pauses.
All pulls of a process are read in turns of 20 ms, which costs a fraction of a wake-up a packet.
"""

from __future__ import annotations

import asyncio
import logging
import random
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Literal
from urllib.parse import urlsplit

from hub.families import family_of
from hub.gateway.reach import Network, NotAllowed, resolve
from hub.gateway.rtsp_line import Line
from hub.gateway.rtsp_session import Moved, Transport
from hub.gateway.sink import Sink, State, Target
from hub.gateway.turns import Turns

__all__ = ["Network", "RtspPull", "Sink", "State", "Target"]

#: How long connecting may take; for a camera that has played, after which it is tried anew: a kernel that asks again by itself
#: waits longer each time.
CONNECT_S: Final = 4.0
CONNECT_AGAIN_S: Final = 2.0
#: Pauses between two tries: after faults of the line, and after a refusal, which cameras answer with a lock-out if hurried.
FIRST_PAUSE_S: Final = 0.5
#: A camera that is back is to be seen within 5 s, and somebody is watching for it: one that says nothing at all is asked often.
#: Where it answers, but wrongly, that does not change within seconds.
UNHEARD_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 2.0
WRONG_PAUSE_S: Final = 30.0
REFUSED_PAUSE_S: Final = 60.0
REFUSED_LONGEST_S: Final = 600.0
#: How long a picture has to play before pauses begin small again.
_SETTLED_S: Final = 10.0
#: One that has played is starting anew, whatever it answers: for so long wrong answers are taken as the line's faults, and so
#: many refusals as mistakes. Some cameras know neither their streams nor their users until they are up.
STARTING_S: Final = 120.0
_REFUSALS_AT_START: Final = 3
_MOST_MOVES: Final = 3
_DEFAULT_PORT: Final = 554
_LINE: Final = frozenset({"unreachable", "timeout", "silent", "closed", "busy"})
_UNHEARD: Final = frozenset({"unreachable", "timeout", "silent"})
_LASTING: Final = frozenset({"credentials", "forbidden", "not_allowed", "scheme"})

log = logging.getLogger(__name__)


class RtspPull:
    """One camera's stream, from `start()` until `close()`.

    `networks` are those that cameras may stand in; `turns` reads the sockets; `jitter` is random, from 0 to 1.
    """

    def __init__(
        self,
        target: Target,
        sink: Sink,
        clock: Callable[[], float],
        *,
        networks: Sequence[Network],
        turns: Turns,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.state: State | Literal["idle"] = "idle"
        self.reason = ""
        self.connections = 0
        self.packets = 0
        self.octets = 0
        self._target = target
        self._sink = sink
        self._clock = clock
        self._networks = tuple(networks)
        self._turns = turns
        self._jitter = jitter
        self._transport: Transport = target.transport
        self._task: asyncio.Task[None] | None = None
        self._line: Line | None = None

    def start(self) -> None:
        """Begin. To be called once, inside the event loop."""
        self._task = asyncio.create_task(self._run(), name="camera")

    def close(self) -> None:
        """End; the camera is told. From here on nothing more comes."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
        if self._line is not None:
            self._line.close()
        self.state, self.reason = "idle", ""

    def plays(self) -> None:
        """The first packet of a picture is there."""
        self._tell("playing", "")

    def dump(self) -> dict[str, object]:
        """What the pull is doing, for people; without its address or user."""
        line = self._line
        return {
            "state": self.state,
            "reason": self.reason,
            "transport": self._transport,
            "connections": self.connections,
            "packets": self.packets,
            "octets": self.octets,
            "stray": line.reader.stray if line is not None else 0,
        }

    # --- second tries ----------------------------------------------------------------------------------

    async def _run(self) -> None:
        pause = FIRST_PAUSE_S
        refused_pause = REFUSED_PAUSE_S
        played_at, refusals = float("-inf"), 0
        self._tell("connecting", "")
        while True:
            begun = self._clock()
            reason = await self._once(CONNECT_S if played_at == float("-inf") else CONNECT_AGAIN_S)
            played = self._line.first_at if self._line is not None else None
            self._line = None
            if played is not None:
                played_at, refusals = self._clock(), 0
                if self._clock() - played >= _SETTLED_S:
                    pause, refused_pause = FIRST_PAUSE_S, REFUSED_PAUSE_S
            starts = self._clock() - played_at < STARTING_S
            unheard = reason == "silent" and self._transport == "udp" and played is None
            if (reason == "transport" or unheard) and self._other_transport():
                continue
            if reason in _LASTING and starts and refusals < _REFUSALS_AT_START:
                refusals += 1
                self._tell("reconnecting", reason)
                wait = LONGEST_PAUSE_S
            elif reason in _LASTING:
                self._tell("refused", reason)
                wait, refused_pause = refused_pause, min(refused_pause * 2, REFUSED_LONGEST_S)
            elif reason == "no_video":
                self._tell("unplayable", reason)
                wait = WRONG_PAUSE_S
            else:
                self._tell("reconnecting", reason)
                longest = LONGEST_PAUSE_S if reason in _LINE or starts else WRONG_PAUSE_S
                longest = UNHEARD_PAUSE_S if reason in _UNHEARD else longest
                wait, pause = min(pause, longest), min(pause * 2, longest)
            log.info("a camera is away: %s, tried for %.1f s", reason, self._clock() - begun)
            await asyncio.sleep(wait * (0.75 + 0.5 * self._jitter()))

    def _other_transport(self) -> bool:
        """The camera will not have it this way: is there another that was not tried?"""
        tried_both = self._transport != self._target.transport
        self._transport = "udp" if self._transport == "tcp" else "tcp"
        return not tried_both

    def _tell(self, state: State, reason: str) -> None:
        if (state, reason) != (self.state, self.reason):
            self.state, self.reason = state, reason
            self._sink.state(state, reason)

    # --- one connection --------------------------------------------------------------------------------

    async def _once(self, patience_s: float) -> str:
        """One conversation, over redirects; why it ended. `patience_s`: how long connecting may take."""
        url = self._target.url
        target = replace(self._target, transport=self._transport)
        for _ in range(1 + _MOST_MOVES):
            try:
                connection = await self._connect(url, patience_s)
            except NotAllowed:
                return "not_allowed"
            except ValueError:
                return "scheme"
            except (OSError, TimeoutError):
                return "unreachable"
            self.connections += 1
            line = self._line = Line(url, connection, target, self._sink, self._clock, self._turns, self)
            try:
                ended = await line.run()
            finally:
                line.close()
            if not isinstance(ended, Moved):
                return ended.reason
            url = ended.url
        return "moved"

    async def _connect(self, url: str, patience_s: float) -> socket.socket:
        """A connection to the camera. Raises NotAllowed, OSError, TimeoutError, ValueError for what is no rtsp:// URL."""
        parts = urlsplit(url)
        if parts.scheme.lower() != "rtsp" or not parts.hostname:
            raise ValueError("no rtsp:// URL")
        port = parts.port or _DEFAULT_PORT
        async with asyncio.timeout(patience_s):
            address = (await resolve(parts.hostname, port, self._networks))[0]
            connection = socket.socket(family_of(address), socket.SOCK_STREAM)
            try:
                connection.setblocking(False)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                await asyncio.get_running_loop().sock_connect(connection, (address, port))
            except BaseException:
                connection.close()
                raise
        return connection
