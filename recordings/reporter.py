"""Tells control of parts until it has acknowledged each, across every restart of either side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from hub.errors import Refusal
from hub.link import Link
from recordings.part_record import PartRecord

#: Pause before telling again what control could not take.
RETRY_S: Final = 1.0
#: Pause before telling again what control refused for good, such as a part of a meeting that it does not know.
REFUSED_RETRY_S: Final = 60.0

log = logging.getLogger(__name__)


class Reporter:
    """The parts that control has not acknowledged yet. `link` gives the open link to control, or None."""

    def __init__(self, root: Path, link: Callable[[], Link | None]) -> None:
        self._root = root
        self._link = link
        self._records: dict[str, PartRecord] = {}
        self._not_before: dict[str, float] = {}
        self._wake = asyncio.Event()
        self._told = asyncio.Condition()

    def note(self, record: PartRecord) -> None:
        """Something is to be told of this part: it was opened, or it was closed."""
        self._records[record.part] = record
        self._not_before.pop(record.part, None)
        self._wake.set()

    def unreported(self) -> list[dict[str, Any]]:
        """The closed parts that control has not acknowledged, for the hello: without their holes, which may be many."""
        return [
            {name: value for name, value in record.closed().items() if name != "holes"}
            for record in self._records.values()
            if record.state == "closed"
        ]

    def control_is_back(self) -> None:
        """A new link: try everything again at once."""
        self._not_before.clear()
        self._wake.set()

    async def run(self) -> None:
        """Tell, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            self._wake.clear()
            for record in sorted(self._records.values(), key=lambda record: record.part):
                if self._not_before.get(record.part, 0.0) <= loop.time():
                    await self._tell(record)
            async with self._told:
                self._told.notify_all()
            try:
                async with asyncio.timeout(RETRY_S):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def told(self, recording: str, timeout_s: float) -> None:
        """Wait until control has acknowledged every closed part of this recording, or as long as may be waited."""

        def all_told() -> bool:
            return not any(
                record.recording == recording and record.state == "closed"
                for record in self._records.values()
            )

        try:
            async with asyncio.timeout(timeout_s), self._told:
                await self._told.wait_for(all_told)
        except TimeoutError:
            log.warning("parts of %s are closed, and control has not taken that yet", recording)

    async def _tell(self, record: PartRecord) -> None:
        link = self._link()
        if link is None:
            return
        try:
            if not record.opened_told:
                await link.call("part.opened", record.opened())
                record.opened_told = True
                await self._save(record)
            if record.state == "closed":
                await link.call("part.closed", record.closed())
                record.closed_told = True
                await self._save(record)
                self._records.pop(record.part, None)
        except Refusal as refusal:
            wait_s = RETRY_S if refusal.code == "unavailable" else REFUSED_RETRY_S
            self._not_before[record.part] = asyncio.get_running_loop().time() + wait_s
            if refusal.code != "unavailable":
                log.warning("control refuses part %s: %s", record.part, refusal.message)

    async def _save(self, record: PartRecord) -> None:
        try:
            await asyncio.to_thread(record.save, self._root)
        except OSError as trouble:
            # It is told once more after a restart, which control bears.
            log.error("the record of part %s cannot be written: %s", record.part, trouble.strerror)
