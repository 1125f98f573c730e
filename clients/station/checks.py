"""Answering checks before a meeting: what the station has to send, and how its line is; by itself, at a moment of its own."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from typing import Any, Final

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.exceptions import InvalidStateError, OperationError
from aiortc.mediastreams import AudioStreamTrack

from clients.station.api import HubApi, Refused, Unreachable, WhipAnswer
from clients.station.seams import allow_loopback, local_candidate_type

log = logging.getLogger("station.checks")

#: How long ICE and DTLS may take, and how long packets are then counted, in seconds.
_CONNECT_S: Final = 8.0
_MEASURE_S: Final = 4.0
#: A try that nobody waits for.
_UNMEASURED: Final[Mapping[str, Any]] = {"way": "unmeasured"}


class Checks:
    """Answers each check once. `state` gives the words for camera and microphone, and whether it is in a meeting."""

    def __init__(self, api: HubApi, state: Callable[[], Mapping[str, Any]]) -> None:
        self._api = api
        self._state = state
        self._known: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def asked(self, event: Mapping[str, Any]) -> None:
        """A check waits for this center (`check_asked`, or in a greeting)."""
        check = str(event["check"])
        if check in self._known:
            return
        self._known.add(check)
        wait_s = random.uniform(0, int(event["spread_ms"]) / 1000)
        task = asyncio.create_task(self._answer(check, wait_s))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def stop(self) -> None:
        """Answer no more."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a check could not be answered", exc_info=task.exception())

    async def _answer(self, check: str, wait_s: float) -> None:
        await asyncio.sleep(wait_s)
        line = _UNMEASURED if self._state()["in_meeting"] else await self._try_line()
        try:
            await self._api.command(
                "check.report", None, check=check, speaker="unknown", **self._state(), **line
            )
        except Refused as refused:  # its time was up, or a person of the center has answered
            log.info("a check is answered no more: %s", refused.code)

    async def _try_line(self) -> Mapping[str, Any]:
        """Send silence for some seconds to where nobody hears it, and read what the hub reports of it."""
        allow_loopback()
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        answer: WhipAnswer | None = None
        try:
            sender = connection.addTrack(AudioStreamTrack())
            await connection.setLocalDescription(await connection.createOffer())
            answer = await self._api.open_whip("check", connection.localDescription.sdp)
            await connection.setRemoteDescription(RTCSessionDescription(answer.answer, "answer"))
            if not await _connected(connection):
                return {"way": "none"}
            await asyncio.sleep(_MEASURE_S)
            reports = (await sender.getStats()).values()
            heard = next((each for each in reports if each.type == "remote-inbound-rtp"), None)
            way = "relay" if local_candidate_type(connection) == "relay" else "direct"
            if heard is None:
                return {"way": way}
            loss = min(1000, round(heard.fractionLost * 1000 / 256))
            rtt = None if heard.roundTripTime is None else min(60_000, round(heard.roundTripTime * 1000))
            return {"way": way, "loss_permille": loss, "rtt_ms": rtt}
        except (
            Refused,
            Unreachable,
            ValueError,
            AssertionError,
            KeyError,
            InvalidStateError,
            OperationError,
        ) as error:
            log.info("the line cannot be tried now: %s", type(error).__name__)
            return _UNMEASURED
        finally:
            await asyncio.shield(self._good_bye(connection, answer))

    async def _good_bye(self, connection: RTCPeerConnection, answer: WhipAnswer | None) -> None:
        try:
            await asyncio.wait_for(connection.close(), 3.0)
            if answer is not None:
                await asyncio.wait_for(self._api.close_whip(answer.location), 3.0)
        except (Refused, Unreachable, TimeoutError):
            pass


async def _connected(connection: RTCPeerConnection) -> bool:
    changed = asyncio.Event()
    connection.on("connectionstatechange", changed.set)
    try:
        async with asyncio.timeout(_CONNECT_S):
            while connection.connectionState not in ("connected", "failed", "closed"):
                await changed.wait()
                changed.clear()
    except TimeoutError:
        return False
    return connection.connectionState == "connected"
