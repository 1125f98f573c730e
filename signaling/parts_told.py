"""Telling the parts of meetings: what changed in the committed state, coalesced, to those who follow it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

from hub.conference.secrecy import is_cleared
from hub.directory.accounts import Account
from hub.directory.secrecy import NORMAL
from hub.entry import Entry
from hub.parts import Change, Keyed, Part, told
from hub.rules import PARTS
from hub.seats import Seats
from hub.state import Life, Meeting
from signaling.fan_out import FanOut
from signaling.rooms import account_room, called_room, cleared, desk_room, meeting_room
from signaling.services import Json, Services

log = logging.getLogger(__name__)

#: Pause after telling: a part is told at most so often.
PAUSE_S: Final = 0.25

_NAMES: Final = {part: name for name, part in PARTS.items()}


def parts_of(meeting: Meeting, account: Account, *, desk: bool) -> Json:
    """All parts of a meeting by name, as this account may see them; `desk` is whether it follows as a desk."""
    return {name: _seen(meeting.read(part), account, desk=desk) for name, part in PARTS.items()}


def _seen(part: Part, account: Account, *, desk: bool) -> Json:
    if part.audience == "meeting" or (desk and part.audience == "desk"):
        return told(part)
    if isinstance(part, Keyed):
        own = account.id if part.own_rows else account.center if part.own_centers else ""
        row = part.rows.get(own)
        return {"rows": {} if row is None else {own: row.model_dump(mode="json")}}
    return told(type(part)())


class PartsTold:
    """Gathers what changed and tells it: at once when nothing was told lately, else after a pause."""

    def __init__(
        self, services: Services, fan_out: FanOut, on_rights: Callable[[str, Collection[str] | None], None]
    ) -> None:
        """`on_rights` is called with a meeting and the accounts that may have got other rights in it, None for all."""
        self._services = services
        self._fan_out = fan_out
        self._on_rights = on_rights
        self._changes: dict[str, dict[Change, None]] = {}
        self._due = asyncio.Event()

    def take_state(self) -> None:
        """What changed before anybody listened is told to nobody."""
        for meeting in self._services.writer.state.meetings.values():
            meeting.parts.take_changes()

    def entries(self, entries: Sequence[Entry]) -> None:
        """Committed entries, just put into the state."""
        meetings = self._services.writer.state.meetings
        for entry in entries:
            meeting = meetings.get(entry.meeting or "")
            if meeting is not None and (changes := meeting.parts.take_changes()):
                self._changes.setdefault(meeting.id, {}).update(dict.fromkeys(changes))
                self._due.set()

    async def run(self) -> None:
        """Tell changes until cancelled."""
        while True:
            await self._due.wait()
            try:
                self.tell()
            except Exception:
                # Whoever follows anew is given all of it; the next changes must be told.
                log.exception("changed parts could not be told")
            await asyncio.sleep(PAUSE_S)

    def tell(self) -> None:
        """Tell what changed since the last time."""
        self._due.clear()
        changes, self._changes = self._changes, {}
        state = self._services.writer.state
        for meeting_id, changed in changes.items():
            meeting = state.meetings.get(meeting_id)
            if meeting is None:
                continue
            parts: dict[type[Part], set[str] | None] = {}
            for part, row in changed:
                if row is None:
                    parts[part] = None
                elif (rows := parts.setdefault(part, set())) is not None:
                    rows.add(row)
            for part, keys in parts.items():
                # After the end only its being over is left to tell.
                if meeting.is_open or part is Life:
                    self._tell(meeting, part, keys)
            if Life in parts:  # another chair
                self._on_rights(meeting_id, None)
            elif Seats in parts:
                self._on_rights(meeting_id, parts[Seats])

    def _tell(self, meeting: Meeting, kind: type[Part], keys: set[str] | None) -> None:
        part = meeting.read(kind)
        everybody = meeting_room(meeting.id) if part.audience == "meeting" else desk_room(meeting.id)
        if not isinstance(part, Keyed):
            self._put(meeting, kind, [everybody], {"value": told(part)})
            return
        rows = {key: _row(part, key) for key in (part.rows if keys is None else sorted(keys))}
        if part.audience != "own":
            self._put(
                meeting, kind, [everybody], {"rows": rows} if keys is not None else {"value": told(part)}
            )
        if part.own_rows and part.audience != "meeting":
            state = self._services.writer.state
            for key, row in rows.items():
                if meeting.level == NORMAL or is_cleared(state, key):
                    self._put(meeting, kind, [account_room(key)], {"rows": {key: row}})
        if part.own_centers and part.audience != "meeting":
            for key, row in rows.items():
                room = called_room(key)
                called = [room if meeting.level == NORMAL else cleared(room)]
                self._put(meeting, kind, called, {"rows": {key: row}})

    def _put(self, meeting: Meeting, kind: type[Part], rooms: list[str], news: dict[str, Any]) -> None:
        seq = self._services.writer.state.last_seq
        self._fan_out.put("part", {"meeting": meeting.id, "name": _NAMES[kind], "seq": seq, **news}, rooms)


def _row(part: Keyed[Any], key: str) -> Json | None:
    row = part.rows.get(key)
    return None if row is None else dict(row.model_dump(mode="json"))
