"""A meeting that is over, with recorded parts whose files are real: stands for what a recorder has left."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hub.clock import from_wire, system_clock, to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.ids import new_id
from tests.support.edge import Edge, Person
from tests.support.journal import command
from tests.support.rules import TREE


@dataclass
class RecordedMeeting:
    """`parts` are ids in the order in which they were given."""

    edge: Edge
    id: str
    recording: str
    opened_at: str
    parts: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)

    async def add(
        self,
        source: Path,
        of: Person,
        duration_ms: int,
        *,
        offset_ms: int = 0,
        picture: bool = True,
        holes: Sequence[dict[str, Any]] = (),
    ) -> str:
        """A closed part of this person, its file a copy of `source`; `holes` as the recorder tells them."""
        part = new_id("p", self.edge.services.clock())
        file = f"{self.id}/{self.recording}/{part}{source.suffix}"
        path = self.edge.services.config.recordings_dir / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source.read_bytes())
        codec = "h264" if source.suffix == ".mkv" else "vp8"
        tracks = [{"kind": "video", "codec": codec}] if picture else []
        facts: dict[str, Any] = {
            "participant": of.account.id,
            "center": of.account.center,
            "name": TREE[of.account.center].name,
            "file": file,
            "tracks": [*tracks, {"kind": "audio", "codec": "opus"}],
            "started_at": to_wire(from_wire(self.opened_at) + timedelta(milliseconds=offset_ms)),
        }
        named = {"recording": self.recording, "part": part}
        writer = self.edge.writer
        await writer.submit(command("recording.part_open", self.id, **named, **facts), SYSTEM_ACCOUNT)
        sealed: dict[str, Any] = {
            "duration_ms": duration_ms,
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "holes": list(holes),
        }
        await writer.submit(command("recording.part_close", self.id, **named, **sealed), SYSTEM_ACCOUNT)
        self.parts.append(part)
        self.files.append(path)
        return part


class PastClock:
    """A clock for the journal: so long ago it stands still, and goes on when it is told; then it is the real one."""

    def __init__(self, ago_s: float) -> None:
        self.now: datetime | None = system_clock() - timedelta(seconds=ago_s)

    def __call__(self) -> datetime:
        return self.now or system_clock()

    def pass_s(self, seconds: float) -> None:
        """So much later."""
        assert self.now is not None
        self.now += timedelta(seconds=seconds)

    def catch_up(self) -> None:
        """From now on it is as late as it is."""
        self.now = None


async def recorded_meeting(edge: Edge, leader: Person, centers: list[str]) -> RecordedMeeting:
    """A meeting that this leader opened, with its recording; `leader` ends it."""
    opened = await leader.command("meeting.open", title="防汛", kind="dispatch", centers=centers, record=True)
    entries = opened["entries"]
    recording = next(each["data"]["recording"] for each in entries if each["kind"] == "recording.started")
    return RecordedMeeting(edge, entries[0]["meeting"], recording, entries[0]["at"])
