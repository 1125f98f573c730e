"""What room there is for recordings, against what the journal has of it: a change is noted, and with it what may begin."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
from typing import Final

from hub.conference.recording_room import RecordingRoom
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.entry import Command
from hub.errors import Refusal
from hub.rules import parse_data
from signaling.services import Services

#: How often it is looked.
LOOK_S: Final = 0.5

log = logging.getLogger(__name__)


class RoomNotes:
    """Notes each change (`recording.note_room`)."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._ids = (f"room-{os.urandom(6).hex()}-{number}" for number in itertools.count())

    async def run(self) -> None:
        """Look, until cancelled."""
        while True:
            try:
                await self.look()
            except Refusal as refusal:
                log.debug("room for recordings cannot be noted, it is tried again: %s", refusal.message)
            except Exception:
                log.exception("noting the room for recordings failed")
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Note what has changed. Raises Refusal while the journal cannot be written."""
        room = self._services.recording_room()
        known = self._services.writer.state.parts.read(RecordingRoom).room
        if room is None or room == known:
            return
        kind = "recording.note_room"
        command = Command(next(self._ids), kind, None, parse_data(kind, {"room": room}))
        await self._services.writer.submit(command, SYSTEM_ACCOUNT)
