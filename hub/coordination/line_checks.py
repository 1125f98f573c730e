"""Line checks: one account sends to a node and watches itself for some seconds, in a place of its own that nobody else can see.

It is no meeting: nothing of it is in the journal, nothing is recorded, nobody else is let in. It ends by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from hub.coordination.background import Background
from hub.coordination.meetings import MeetingKeeper
from hub.coordination.nodes import NodeTable
from hub.coordination.sessions import Session, SessionTable, check_place
from hub.errors import Refusal

#: A check is over after so long, whoever forgot it.
LONGEST_S: Final = 20.0
#: Most accounts that try their lines at the same time: meetings go before.
MOST_AT_ONCE: Final = 128

#: Opens a peer by the fields of `peer.open`; its session and the answer to its offer.
Open = Callable[[dict[str, Any]], Awaitable[tuple[Session, str]]]


class LineChecks:
    """The checks that run, each with the moment of its end."""

    def __init__(
        self, nodes: NodeTable, sessions: SessionTable, meetings: MeetingKeeper, background: Background
    ) -> None:
        self._nodes = nodes
        self._sessions = sessions
        self._meetings = meetings
        self._background = background
        self._running: dict[str, asyncio.TimerHandle] = {}

    def __len__(self) -> int:
        return len(self._running)

    async def begin(self, account: str, direction: str, open_peer: Open) -> tuple[Session, str]:
        """Send (`publish`, which begins a check) or watch in the account's own place.

        Raises Refusal: `too_many` (others try theirs), `wrong_state` (to watch, one sends first), and what `open_peer` raises.
        """
        place = check_place(account)
        if direction == "publish":
            if place not in self._running and len(self._running) >= MOST_AT_ONCE:
                raise Refusal("too_many", "many try their lines just now")
            await self._end(place)
            loop = asyncio.get_running_loop()
            self._running[place] = loop.call_later(LONGEST_S, self._time_is_up, place)
        elif place not in self._running:
            raise Refusal("wrong_state", "a line check begins with what is sent")
        try:
            session, answer = await open_peer({"meeting": place, "mirror": direction == "watch"})
        except BaseException:
            if direction == "publish":
                self._time_is_up(place)
            raise
        if place not in self._running:  # its time was up meanwhile
            await self._meetings.end(place)
            raise Refusal("wrong_state", "the line check is over")
        node = self._nodes.get(session.node)
        if node is not None:
            node.informed.add(place)  # so that its end is told to the node
        return session, answer

    def _time_is_up(self, place: str) -> None:
        self._background.spawn(self._end(place))

    async def _end(self, place: str) -> None:
        timer = self._running.pop(place, None)
        if timer is not None:
            timer.cancel()
            await self._meetings.end(place)
