"""Looking again and again at what no entry tells of, and telling the rules by commands of the hub itself."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
from abc import ABC, abstractmethod
from typing import Any, Final

from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.entry import Command
from hub.errors import Refusal
from hub.rules import parse_data
from signaling.services import Services

#: How often it is looked.
LOOK_S: Final = 0.5

log = logging.getLogger(__name__)


class Watch(ABC):
    """Looks at one thing. `name` stands in the ids of its commands and in the log."""

    def __init__(self, services: Services, name: str) -> None:
        self._services = services
        self._name = name
        self._ids = (f"{name}-{os.urandom(6).hex()}-{number}" for number in itertools.count())

    async def run(self) -> None:
        """Look, until cancelled; what could not be written is found again at the next look."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self.look()
            except Refusal as refusal:
                log.debug("%s: it cannot be written, it is tried again: %s", self._name, refusal.message)
            except Exception:
                log.exception("%s: looking failed", self._name)

    @abstractmethod
    async def look(self) -> None:
        """Tell what is another than the journal has it. Raises Refusal while that cannot be written."""

    async def _give(self, kind: str, meeting: str | None, data: dict[str, Any]) -> None:
        command = Command(next(self._ids), kind, meeting, parse_data(kind, data))
        await self._services.writer.submit(command, SYSTEM_ACCOUNT)
