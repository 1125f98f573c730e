"""kill -9 while six publishers are recorded: ``python -m tests.bench.bench_recording_kills [--kills 50]``. Prints JSON.

A hub records six publishers (VP8 and Opus each, over WebRTC to its node). One after the other, at random, recorder, node or
control is killed at a random moment; control is started again from here, the others by their supervisor, and publishers
come back as browsers do. At each kill all files that grow are copied as they lie there and decoded unrepaired: how much of what
had been said before the kill is missing (`tail`). After a kill of recorder or node each publisher must have a new part, begun
at most 5 s after it. At the end every packet of every copy must stand in the finished file, in its place and the same, and
`hub journal verify` must find every file as the journal has it. Ends with 1 when one of these does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import av

from tests.support.hub_process import HubProcess, wait_gone
from tests.support.media_files import flash_and_beep
from tests.support.recorded_stand import OnDisk, Seen, Stand, look, newest, parts_on_disk
from tests.support.waiting import eventually

PUBLISHERS = 6
WHO = ("recorder", "node", "control")
#: What is promised.
TAIL_S, NEW_PART_S = 2.0, 5.0
#: How long a hub may take until all record again.
BACK_S = 40.0


@dataclass
class Kill:
    """One kill and what came of it."""

    who: str
    tail_s: float = 0.0
    new_part_s: float = 0.0
    opened: int = 0
    troubles: list[str] = field(default_factory=list)


class Copies:
    """Files as they lay there at a kill, to be compared with what they become."""

    def __init__(self) -> None:
        self.seen: list[tuple[OnDisk, Seen]] = []

    def changed(self) -> list[str]:
        """The parts whose finished files do not begin with what had been written."""
        finished: dict[str, Seen] = {}
        wrong = []
        for part, before in self.seen:
            if part.part not in finished:
                finished[part.part] = look(part.path)
            for stream in {index for index, _ in before.packets}:
                was = [data for index, data in before.packets if index == stream]
                now = [data for index, data in finished[part.part].packets if index == stream]
                if now[: len(was)] != was:
                    wrong.append(part.part)
        return wrong


async def _all_record(stand: Stand, since: float) -> dict[str, OnDisk]:
    """The newest parts, once each publisher's began after `since` and grows."""

    async def found() -> dict[str, OnDisk]:
        parts = await asyncio.to_thread(lambda: newest(parts_on_disk(stand.recordings)))
        growing = {who: each for who, each in parts.items() if each.data["state"] == "writing"}
        fresh = {who: each for who, each in growing.items() if each.started > since}
        assert len(fresh) == PUBLISHERS, f"{len(fresh)} of {PUBLISHERS} are recorded"
        return fresh

    found_at: dict[str, OnDisk] = await eventually(found, BACK_S)
    return found_at


async def _grow(parts: dict[str, OnDisk]) -> None:
    """Until each of these files has grown."""
    sizes = {who: each.path.stat().st_size for who, each in parts.items()}

    def grown() -> bool:
        still = [who for who, each in parts.items() if each.path.stat().st_size <= sizes[who]]
        assert not still, f"{len(still)} parts do not grow"
        return True

    await eventually(grown, BACK_S)


def _copy(parts: dict[str, OnDisk], folder: Path) -> list[tuple[OnDisk, Path]]:
    folder.mkdir()
    copies = []
    for each in parts.values():
        target = folder / each.path.name
        shutil.copyfile(each.path, target)
        copies.append((each, target))
    return copies


async def one(stand: Stand, who: str, wait_s: float, place: Path, copies: Copies) -> Kill:
    """Kill one, look at what lies there, and wait until all record again."""
    kill = Kill(who)
    parts = await _all_record(stand, 0.0)
    await _grow(parts)
    await asyncio.sleep(wait_s)
    pid = stand.hub.pid(who) if who != "control" else None
    killed_at = time.time()
    stand.hub.kill(who)
    if pid is not None:
        await wait_gone(pid)
    # What a recorder that lives has taken it writes within a second; a killed one has written all it ever will.
    if who != "recorder":
        await asyncio.sleep(0.8)
    for part, copy in await asyncio.to_thread(_copy, parts, place):
        try:
            seen = await asyncio.to_thread(look, copy)
        except av.FFmpegError as trouble:
            kill.troubles.append(f"{part.part} does not open: {trouble}")
            continue
        kill.opened += 1
        copies.seen.append((part, seen))
        tail = killed_at - part.started - min(seen.picture_s, seen.sound_s)
        kill.tail_s = max(kill.tail_s, tail)
    if kill.tail_s > TAIL_S:
        kill.troubles.append(f"{kill.tail_s:.2f} s are missing")
    if who == "control":
        await stand.hub.start()
        await _grow(parts)
    else:
        fresh = await _all_record(stand, killed_at)
        kill.new_part_s = max(each.started for each in fresh.values()) - killed_at
        if kill.new_part_s > NEW_PART_S:
            kill.troubles.append(f"a new part only after {kill.new_part_s:.2f} s")
    shutil.rmtree(place)
    return kill


async def measure(
    kills: int, seed: int, folder: Path, say: Callable[[str], None]
) -> tuple[list[Kill], list[str]]:
    """All kills, and what is wrong at the end."""
    luck = random.Random(seed)
    hub = HubProcess(folder / "hub", stations=False)
    stand = Stand(hub, flash_and_beep("vp8", 10, fps=15), PUBLISHERS)
    done: list[Kill] = []
    copies = Copies()
    try:
        await hub.start()
        async with aiohttp.ClientSession() as http:
            await stand.begin(http)
            for number in range(kills):
                who = luck.choice(WHO) if number >= len(WHO) else WHO[number]
                done.append(await one(stand, who, luck.uniform(0, 3), folder / f"at-{number}", copies))
                last = done[-1]
                say(
                    f"{number + 1}/{kills} {who}: tail {last.tail_s:.2f} s, new part {last.new_part_s:.2f} s"
                    f" {' '.join(last.troubles)}"
                )
            await stand.end()

        async def closed() -> bool:
            parts = await asyncio.to_thread(parts_on_disk, stand.recordings)
            still = [part.part for part in parts if not part.data["closed_told"]]
            assert not still, f"{len(still)} parts are not closed"
            return True

        await eventually(closed, 120)
        wrong = [f"{part} is not what it was" for part in await asyncio.to_thread(copies.changed)]
        verified = await asyncio.to_thread(hub.run, "journal", "verify")
        if verified.returncode != 0:
            wrong.append(verified.stdout)
    finally:
        hub.stop()
    return done, wrong


def rows_of(done: list[Kill], wrong: list[str]) -> list[dict[str, Any]]:
    """One row each for what was killed, and one for all."""
    rows = []
    for who in (*WHO, "all"):
        of = [kill for kill in done if who in (kill.who, "all")]
        if of:
            rows.append(
                {
                    "killed": who,
                    "kills": len(of),
                    "all_right": sum(not kill.troubles for kill in of),
                    "files_opened_unrepaired": sum(kill.opened for kill in of),
                    "of_files": len(of) * PUBLISHERS,
                    "tail_worst_s": round(max(kill.tail_s for kill in of), 2),
                    "new_part_worst_s": round(max(kill.new_part_s for kill in of), 2) or None,
                    "earlier_bytes_changed": len(wrong) if who == "all" else None,
                }
            )
    return rows


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        done, wrong = await measure(
            options.kills, options.seed, Path(folder), lambda line: print(line, file=sys.stderr, flush=True)
        )
    print(json.dumps({"recording_kills": rows_of(done, wrong)}, indent=1))
    for line in wrong:
        print(line, file=sys.stderr)
    return int(bool(wrong) or any(kill.troubles for kill in done))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
