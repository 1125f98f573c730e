"""A recorded part of a meeting as the queries give it, with a file: stands for what a recorder has written."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from hub.ids import new_id
from tests.support.edge import Edge


class RecordedPart:
    """One part; `url` is where its media are read."""

    def __init__(self, edge: Edge, meeting: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.recording = new_id("r", edge.services.clock())
        self.part = new_id("p", edge.services.clock())
        self.row: dict[str, Any] = {
            "meeting": meeting,
            "file": f"{meeting}/part.webm",
            "state": "recording",
            "sha256": None,
            "tracks": [],
        }
        self.path = edge.services.config.recordings_dir / meeting / "part.webm"
        self.path.parent.mkdir(parents=True)
        self.url = f"/api/v1/recordings/{self.recording}/parts/{self.part}/media"
        self.small = f"/api/v1/recordings/{self.recording}/parts/{self.part}/small"

        async def part(recording: str, part: str) -> dict[str, Any] | None:
            return self.row if (recording, part) == (self.recording, self.part) else None

        monkeypatch.setattr(edge.services.queries, "part", part)

    def write(self, size: int) -> None:
        """Give it so many bytes, without taking room on the disk for them."""
        with self.path.open("wb") as file:
            file.truncate(size)

    def close(self) -> None:
        """The part is finished: it has its digest."""
        digest = hashlib.sha256(self.path.read_bytes()).hexdigest()
        self.row.update(state="closed", sha256=digest)
