"""Has the journal told who watched which camera: once a minute, an entry for the cameras of each center."""

from __future__ import annotations

import asyncio
import itertools
import logging
import math
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, Protocol

from hub.cameras.catalog import Facts
from hub.cameras.watched import MOST_LOOKS
from hub.clock import Clock, to_wire
from hub.coordination.camera_looks import TOLD_S, Key, Look, LookLog
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command
from hub.errors import Refusal
from hub.people import Accounts
from hub.rules import parse_data
from hub.state import HubState

log = logging.getLogger(__name__)

#: Pause before what could not be written is tried again, and how often that is done.
RETRY_S: Final = 5.0
RETRIES: Final = 12


class CameraRow(Protocol):
    """What is needed of a camera (hub.cameras.catalog.Camera)."""

    @property
    def center(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def sound(self) -> bool: ...
    @property
    def facts(self) -> Facts: ...


class Rows(Protocol):
    """What is needed of the directory."""

    async def some(self, cameras: Iterable[str]) -> Mapping[str, CameraRow]: ...


class Journal(Protocol):
    """The writer, as far as this needs it."""

    @property
    def state(self) -> HubState: ...
    async def submit(self, command: Command, account: Account) -> Any: ...


class CameraRecord:
    """Gathers looks and tells of them."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._looks = LookLog()
        self._told_at: float | None = None
        self._ids = (f"watched-{os.urandom(6).hex()}-{number}" for number in itertools.count())

    def see(self, shown: Iterable[Key], flowing: Collection[Key], heard: Mapping[str, str]) -> None:
        """These cameras are shown to these accounts now; of some the picture flows, and these accounts each hear one."""
        self._looks.see(shown, flowing, heard, self._clock())

    def due(self, now: float) -> bool:
        """Whether it is time to tell. `now` is the loop's."""
        if self._told_at is None:
            self._told_at = now
        return now - self._told_at >= TOLD_S

    async def tell(self, rows: Rows) -> None:
        """Have the journal told what was not told yet."""
        self._told_at = asyncio.get_running_loop().time()
        told = self._looks.take(self._clock())
        if not told:
            return
        cameras = await rows.some({camera for (_, camera), _ in told})
        people = self._journal.state.parts.read(Accounts).by_id
        by_center: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for (account, camera), look in told:
            who, row = people.get(account), cameras.get(camera)
            if who is not None and row is not None:
                by_center[row.center].append(_row(who, camera, row.name, look))
        for center, looks in sorted(by_center.items()):
            for start in range(0, len(looks), MOST_LOOKS):
                await self._write({"at": center, "looks": looks[start : start + MOST_LOOKS]})

    async def _write(self, data: dict[str, Any]) -> None:
        command = Command(
            next(self._ids), "camera.note_watched", None, parse_data("camera.note_watched", data)
        )
        for _ in range(RETRIES):
            try:
                await self._journal.submit(command, SYSTEM_ACCOUNT)
                return
            except Refusal as refusal:
                if refusal.code not in ("unavailable", "too_many"):
                    log.error("who watched cameras is not told: %s", refusal.message)
                    return
            await asyncio.sleep(RETRY_S)
        log.error("who watched cameras is not told: the journal cannot be written")


def _row(who: Account, camera: str, name: str, look: Look) -> dict[str, Any]:
    return {
        "camera": camera,
        "camera_name": name,
        "account": who.id,
        "name": who.name,
        "center": who.center,
        "begun": to_wire(look.begun),
        "until": to_wire(look.until),
        "seconds": round(look.seconds),
        "heard": math.ceil(look.heard),
    }
