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
from hub.journal.checkpoint import CHECKPOINTS_FILE, line_of, read_checkpoints
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
        known = False
        seen: tuple[int, int] = (-1, -1)
        while True:
            try:
                stamp = await asyncio.to_thread(self._stamp)
                if not known or stamp != seen:
                    await self._send(place, standing, ask=not known)
                    known, seen = True, stamp
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
                known = False
                await asyncio.sleep(self._pauses_s[min(failed, len(self._pauses_s) - 1)])
                failed += 1

    def _stamp(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_size, found.st_mtime_ns

    async def _send(self, place: Place, standing: Standing, *, ask: bool) -> None:
        """Send what is not there yet. What is there must be what was signed here."""
        signed = await asyncio.to_thread(lambda: list(read_checkpoints(self._path)))
        kept = await place.last() if ask else None
        if kept is None and not ask and standing.sent_seq:
            kept = next((each for each in signed if each.seq == standing.sent_seq), None)
        if kept is not None:
            _compare(kept, signed)
            self._learnt(standing, kept)
        left = [each for each in signed if kept is None or each.seq > kept.seq]
        own = [each for each in left if each.key == left[-1].key] if left else []
        standing.behind = len(own)
        for start in range(0, len(own), MOST_AT_ONCE):
            piece = own[start : start + MOST_AT_ONCE]
            told = await place.send(self._public_key(), [line_of(each) for each in piece])
            if told is None or told.seq != piece[-1].seq or line_of(told) != line_of(piece[-1]):
                raise OtherHistory("what it says it keeps is not what was sent")
            self._learnt(standing, told)
            standing.behind = len(own) - start - len(piece)

    def _learnt(self, standing: Standing, kept: Checkpoint) -> None:
        standing.sent_seq, standing.sent_at = kept.seq, self._clock()


def _compare(kept: Checkpoint, signed: Sequence[Checkpoint]) -> None:
    """Raises OtherHistory when the last one kept there was not signed here, as far as this hub knows."""
    if all(line_of(each) != line_of(kept) for each in signed if each.seq == kept.seq) or not any(
        each.seq == kept.seq for each in signed
    ):
        raise OtherHistory(f"it keeps a checkpoint of entry {kept.seq} that is not one of this journal")
