"""The general rehearsal (全网演练): ``make rehearsal``, or ``python -m tests.rehearsal [--stations 2047]``.

A real hub (control, node, recorder; SQLite) with the tree of Yueyang and a station at every center, on loopback only. All are
convened; some of them really send picture and sound; the roll is called by itself, as it is with people, through a crash of
control, and of every village as fast as it goes. What was measured stands in one HTML file. It stops by itself.

Stations are plain sockets that behave on the line as their page does; people, machine and generator share this computer's
cores, and what the generator takes the hub does not get.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

import aiohttp

from clients.loadtest import report
from hub.descriptors import raise_descriptor_limit
from tests.bench.bench_city import Crowd
from tests.bench.city_directory import build_city
from tests.bench.city_people import hang_up_silent
from tests.rehearsal.people import RollChair, RollStation
from tests.rehearsal.steps import Rehearsal
from tests.rehearsal.told import Told, result
from tests.support.hub_process import HubProcess


async def rehearse(stations: int, media: int, roll: int, broken: int) -> Told:
    """Do it; what was found."""
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as name:
        folder = Path(name) / "hub"
        city = await build_city(folder, stations)
        hub = HubProcess(folder)
        async with aiohttp.ClientSession() as http:
            crowd = Crowd(hub, city, http, RollStation, RollChair)
            rehearsal = Rehearsal(crowd, http, media=media, roll=roll, broken=broken)
            watching = asyncio.create_task(hang_up_silent(crowd.members))
            try:
                await hub.start(60)
                await rehearsal.run()
                refusals = sum((member.refusals for member in crowd.members), Counter[str]())
            finally:
                watching.cancel()
                await crowd.stop()
                hub.stop()
    return Told(stations, media, rehearsal, dict(refusals))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--stations", type=int, default=2047, help="centers below the city, each with a station"
    )
    parser.add_argument("--media", type=int, default=12, help="stations that really send picture and sound")
    parser.add_argument("--roll", type=int, default=200, help="centers in the roll call with people")
    parser.add_argument(
        "--broken", type=int, default=40, help="centers in the roll call in which control dies"
    )
    parser.add_argument(
        "--report", type=Path, default=Path("rehearsal.html"), help="where the report goes (.html or .md)"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON, too")
    chosen = parser.parse_args()
    if not 2 <= chosen.media <= chosen.roll <= chosen.stations or not 2 <= chosen.broken <= chosen.stations:
        parser.error("2 <= media <= roll <= stations, and 2 <= broken <= stations")
    raise_descriptor_limit()
    found = result(asyncio.run(rehearse(chosen.stations, chosen.media, chosen.roll, chosen.broken)))
    report.write(found, chosen.report)
    print(report.summary(found))
    print(f"report: {chosen.report.resolve()}")
    if chosen.json:
        json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
    return 0 if found["met"] else 1


if __name__ == "__main__":
    sys.exit(main())
