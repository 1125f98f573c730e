"""Checkpoints sent to other machines by themselves: what was signed here is known there within seconds, or an alarm says so."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from hub.clock import Clock
from hub.evidence.places import OtherHistory, Place, PlaceAway
from hub.evidence.receiver import MOST_AT_ONCE
from hub.journal.checkpoint import CHECKPOINTS_FILE, id_of_key, line_of, parse_line
from hub.journal.ports import Checkpoint

#: How often it is looked whether there is something new, and the pauses before a place that is away is tried again.
LOOK_S: Final = 2.0
PAUSES_S: Final = (2.0, 5.0, 15.0, 60.0, 300.0)

log = logging.getLogger(__name__)

Trouble = Literal["", "not_sent", "other_history"]


@dataclass(slots=True)
class Standing:
    """How one place stands."""

    name: str
    trouble: Trouble = ""
    since: datetime | None = None
    """Since when it fails."""
    sent_seq: int = 0
    """The newest entry whose checkpoint is kept there."""
    sent_at: datetime | None = None
    """When that was learnt."""
    behind: int = 0
    """Checkpoints that are signed and not there yet."""


class Shipping:
    """Sends to each place, on its own pace. `run` until cancelled."""

    def __init__(
        self,
        data_dir: Path,
        places: Sequence[Place],
        public_key: Callable[[], str],
        clock: Clock,
        pauses_s: Sequence[float] = PAUSES_S,
        look_s: float = LOOK_S,
    ) -> None:
        self._path = data_dir / CHECKPOINTS_FILE
        self._places = places
        self._public_key = public_key
        self._clock = clock
        self._pauses_s = pauses_s
        self._look_s = look_s
        self.standing = [Standing(place.name) for place in places]

    async def run(self) -> None:
        """Send, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for place, standing in zip(self._places, self.standing, strict=True):
                group.create_task(self._serve(place, standing))

    def failing(self, standing: Standing, longer_than: timedelta) -> bool:
        """Whether it has failed for so long, or must be looked at by a person."""
        if standing.trouble == "other_history":
            return True
        return standing.since is not None and self._clock() - standing.since >= longer_than

    async def _serve(self, place: Place, standing: Standing) -> None:
        failed = 0
        at: int | None = None  # how far the file was sent; None: it is asked what is kept there
        while True:
            try:
                size = await asyncio.to_thread(self._size)
                if at is None or size != at:
                    at = await self._send(place, standing, at if at is not None and size > at else None)
                if standing.trouble:
                    log.warning("checkpoints are kept at %s again", standing.name)
                standing.trouble, standing.since, failed = "", None, 0
                await asyncio.sleep(self._look_s)
            except (PlaceAway, OtherHistory, OSError) as problem:
                other = isinstance(problem, OtherHistory)
                if not standing.trouble or (other and standing.trouble != "other_history"):
                    log.error("checkpoints cannot be sent to %s: %s", standing.name, problem)
                standing.trouble = "other_history" if other else "not_sent"
                standing.since = standing.since or self._clock()
                at = None
                await asyncio.sleep(self._pauses_s[min(failed, len(self._pauses_s) - 1)])
                failed += 1

    def _size(self) -> int:
        """Of the file, in bytes."""
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0

    async def _send(self, place: Place, standing: Standing, at: int | None) -> int:
        """Send what stands in the file from there on, or after what is kept; how far the file is sent then.

        What is kept must be one of this file.
        """
        key = id_of_key(self._public_key())
        if at is None:
            at, kept = 0, await place.last()
            if kept is not None:
                at = await asyncio.to_thread(_behind, self._path, line_of(kept))
                self._learnt(standing, kept)
        while True:
            lines, end = await asyncio.to_thread(_piece, self._path, at)
            read = [parse_line(line) for line in lines]
            # Of another key: from before it was lost. Signed twice, which a kill may bring about: the first counts.
            fresh = {
                each.seq: each for each in reversed(read) if each.key == key and each.seq > standing.sent_seq
            }
            piece = [fresh[seq] for seq in sorted(fresh)]
            if piece:
                told = await place.send(self._public_key(), [line_of(each) for each in piece])
                if told is None or line_of(told) != line_of(piece[-1]):
                    raise OtherHistory("what it says it keeps is not what was sent")
                self._learnt(standing, told)
            if end == at:
                standing.behind = 0
                return at
            at = end
            standing.behind = await asyncio.to_thread(_lines_from, self._path, at)

    def _learnt(self, standing: Standing, kept: Checkpoint) -> None:
        standing.sent_seq, standing.sent_at = kept.seq, self._clock()


def _behind(path: Path, wanted: str) -> int:
    """Where the file goes on after this line. Raises OtherHistory where it has none such. Blocks."""
    at = 0
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                at += len(line)
                if line == wanted.encode() + b"\n":
                    return at
    raise OtherHistory("it keeps a checkpoint that was not signed here")


def _piece(path: Path, at: int) -> tuple[list[str], int]:
    """The next whole lines from there, not more than are sent at once, and where they end. Blocks."""
    lines: list[str] = []
    if path.exists():
        with path.open("rb") as file:
            file.seek(at)
            for line in file:
                if len(lines) == MOST_AT_ONCE or not line.endswith(b"\n"):
                    break
                lines.append(line[:-1].decode(errors="replace"))
                at += len(line)
    return lines, at


def _lines_from(path: Path, at: int) -> int:
    with path.open("rb") as file:
        file.seek(at)
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
