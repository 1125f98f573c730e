"""One meeting's WHIP session, kept alive: begun again after every loss until it is closed or refused for good."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from time import monotonic
from typing import Any, Final

from aioice.stun import TransactionError
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.exceptions import InvalidStateError, OperationError

from clients.station.api import HubApi, Refused, Unreachable, WhipAnswer
from clients.station.backoff import Backoff
from clients.station.seams import allow_loopback, goes_by_relay
from clients.station.sound_repair import with_sound_repair
from clients.station.source import Source
from clients.station.way import WayIn

log = logging.getLogger("station.publisher")

#: How long ICE and DTLS may take, in seconds.
_CONNECT_S: Final = 10.0
#: The straight way has so long where there is a relay, in seconds: some round trips of the slowest lines.
_HEAD_START_S: Final = 2.0
#: A hub that sends no RTCP for so long, in seconds, has lost us: its reports come every few seconds at the latest
#: (RFC 3550 section 6.2). aioice's own consent checks would need 30 s.
_SILENCE_S: Final = 8.0
#: Reasons of the hub's `closed` after which one does not come back. `replaced`, said of the session that runs, means
#: that somebody publishes with this account elsewhere, say from the station page: two that both insist would take
#: turns for ever, and the person at the page is right.
_FINAL_REASONS: Final = frozenset({"removed", "ended", "replaced"})
#: Refusals that trying again does not change.
_FINAL_CODES: Final = frozenset(
    {"removed", "meeting_ended", "not_found", "forbidden", "unprocessable", "malformed"}
)


class Publisher:
    """Publishes `source` to `meeting`: `run` until cancelled, or until the hub does not want it any more."""

    def __init__(
        self,
        api: HubApi,
        meeting: str,
        source: Source,
        told: Callable[[bool], None] = lambda publishing: None,
    ) -> None:
        self._api = api
        self._meeting = meeting
        self._source = source
        self._told = told
        self._lost: asyncio.Event = asyncio.Event()
        self._finished = False
        #: Id of the running WHIP session, as media events name it.
        self.session: str | None = None
        #: How many sessions were connected so far; more than one tells of a loss.
        self.sessions = 0
        self.publishing = False
        #: By which way: `direct` or `relay`, as ICE has chosen it; None while nothing is connected.
        self.way: str | None = None
        self._way = WayIn()

    def hub_closed(self, session: str, reason: str) -> None:
        """The hub said that it closed a session."""
        if session == self.session:
            self._finished = self._finished or reason in _FINAL_REASONS
            self._lost.set()

    def hub_paused(self, session: str, paused: bool) -> None:
        """The hub said that nobody watches, or somebody does again."""
        if session == self.session:
            self._source.pause(paused)

    async def run(self) -> None:
        """Publish until cancelled, removed or the meeting's end."""
        allow_loopback()
        backoff = Backoff()
        while not self._finished:
            try:
                await self._one_session(backoff)
            except Refused as refused:
                if refused.code in _FINAL_CODES:
                    log.warning("publishing is refused for good: %s", refused.code)
                    return
                log.info("publishing is refused: %s", refused.code)
            except Unreachable as away:
                log.info("no publishing: %s", away)
            except OSError as error:
                log.warning("no picture: %s", error)
            if not self._finished:
                await asyncio.sleep(backoff.next_s())

    async def _one_session(self, backoff: Backoff) -> None:
        """From the offer until the loss. Raises Refused, Unreachable, or OSError for a missing camera."""
        began = monotonic()
        connection = RTCPeerConnection(RTCConfiguration(iceServers=self._way.servers))
        self._lost = asyncio.Event()
        answer: WhipAnswer | None = None
        connected = asyncio.Event()

        @connection.on("connectionstatechange")
        def changed() -> None:
            if connection.connectionState == "connected":
                connected.set()
            elif connection.connectionState in ("failed", "closed"):
                self._lost.set()

        try:
            self._source.attach(connection)
            await self._gather(connection)
            offer = with_sound_repair(connection.localDescription.sdp)
            answer = await self._api.open_whip(self._meeting, offer)
            self.session = answer.session
            self._way.take(answer.links)
            try:
                await connection.setRemoteDescription(RTCSessionDescription(answer.answer, "answer"))
            except (ValueError, AssertionError, KeyError, InvalidStateError, OperationError) as error:
                raise Unreachable("the hub's answer is no usable SDP") from error
            await self._until_connected(connected)
            backoff.reset()
            self.sessions += 1
            self.way = "relay" if goes_by_relay(connection) else "direct"
            log.info("publishing, %s, after %.1f s", self.way, monotonic() - began)
            self._set_publishing(True)
            await self._until_lost(connection)
        finally:
            self.session = None
            self.way = None
            self._set_publishing(False)
            self._source.detach()
            # Shielded: a cancelled publisher still says good-bye, within a limit.
            await asyncio.shield(self._good_bye(connection, answer))

    async def _gather(self, connection: RTCPeerConnection) -> None:
        """Make the offer. Raises Unreachable where the relay that is to be taken cannot be reached."""
        try:
            await _whole(connection.setLocalDescription(await connection.createOffer()))
        except (OSError, TimeoutError, TransactionError):
            if not self._way.servers:
                raise
        # aioice goes on without a relay that does not answer within 5 s; nothing would come of it.
        if self._way.servers and " typ relay" not in connection.localDescription.sdp:
            self._way.failed()
            raise Unreachable("the relay does not answer")

    async def _until_connected(self, connected: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(connected.wait()), asyncio.ensure_future(self._lost.wait())]
        try:
            first = self._way.has_other and not self._way.servers
            patience_s = _HEAD_START_S if first else _CONNECT_S
            await asyncio.wait(waits, timeout=patience_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if not connected.is_set():
            self._way.failed()
            raise Unreachable("the media did not connect")

    async def _until_lost(self, connection: RTCPeerConnection) -> None:
        """Returns when the hub closed the session, ICE failed, or no RTCP came for _SILENCE_S."""
        loop = asyncio.get_running_loop()
        received, since = -1, loop.time()
        while not self._lost.is_set():
            now_received = await _bytes_received(connection)
            if now_received != received:
                received, since = now_received, loop.time()
            elif loop.time() - since > _SILENCE_S:
                log.info("the hub's media went silent")
                return
            try:
                await asyncio.wait_for(self._lost.wait(), 1.0)
            except TimeoutError:
                pass

    async def _good_bye(self, connection: RTCPeerConnection, answer: WhipAnswer | None) -> None:
        try:
            await asyncio.wait_for(connection.close(), 3.0)
            if answer is not None:
                await asyncio.wait_for(self._api.close_whip(answer.location), 3.0)
        except (Refused, Unreachable, TimeoutError):
            pass

    def _set_publishing(self, publishing: bool) -> None:
        if self.publishing != publishing:
            self.publishing = publishing
            self._told(publishing)


async def _whole(gathering: Coroutine[Any, Any, None]) -> None:
    """Gather candidates to the end even when cancelled meanwhile: aioice forgets a socket it was just opening."""
    task = asyncio.ensure_future(gathering)
    try:
        await asyncio.shield(task)
    finally:
        await asyncio.wait([task], timeout=3.0)


async def _bytes_received(connection: RTCPeerConnection) -> int:
    """Bytes of SRTP and SRTCP that came over the connection so far."""
    for sender in connection.getSenders():
        for report in (await sender.getStats()).values():
            if report.type == "transport":
                return int(report.bytesReceived)
    return 0
