"""``make campaign``: 65 meetings, 159 consultations, 16,274 reports, 15,739 appeals and a list of 65,218 rows, people made up.

A real hub (SQLite) with the tree of Yueyang, on loopback alone. All is done through the public API; then statistics have to
show exactly what was done, and what pages read first is timed. It stops by itself; with ``--keep`` the data folder stays.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import aiohttp

from hub.descriptors import raise_descriptor_limit
from tests.bench.city_directory import build_city
from tests.campaign.work import Campaign, Size
from tests.support.hub_process import HubProcess

#: What a page may take, in ms, 95 times of a hundred.
AIM_MS = 300


async def hold(folder: Path, share: float, times: int, stations: int = 2047) -> dict[str, Any]:
    """Do it; what statistics say of it, and how long pages took."""
    size = Size() if share == 1 else Size().part(share)
    city = await build_city(folder, stations, leading=12)
    hub = HubProcess(folder)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=300)) as http:
        try:
            await hub.start(60)
            campaign = Campaign(hub, city, http, size)
            await campaign.run(lambda words: print(words, file=sys.stderr, flush=True))
            counted = await campaign.counted()
            pages = await campaign.pages(times)
        finally:
            hub.stop()
    return {"counted": counted, "left_out": campaign.left_out, "pages_p95_ms": pages}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--share", type=float, default=1.0, help="a smaller campaign: 0.01 for a hundredth")
    parser.add_argument("--times", type=int, default=40, help="how often each page is read")
    parser.add_argument("--keep", type=Path, help="a new data folder that stays, to be looked at")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON alone")
    chosen = parser.parse_args()
    if not 0 < chosen.share <= 1 or chosen.times < 1:
        parser.error("0 < share <= 1, and times of 1 or more")
    if chosen.keep is not None and chosen.keep.exists():
        parser.error(f"{chosen.keep} is there already")
    raise_descriptor_limit()
    with tempfile.TemporaryDirectory(prefix="campaign-") as name:
        folder = chosen.keep or Path(name) / "hub"
        found = asyncio.run(hold(folder, chosen.share, chosen.times))
    if chosen.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for name, (said, done) in found["counted"].items():
            print(f"{name:14} {said:>7} {'as done' if said == done else f'NOT {done}'}")
        for name, ms in found["pages_p95_ms"].items():
            print(f"{name}: {ms} ms{'' if ms <= AIM_MS else f', more than {AIM_MS}'}")
    return 0 if all(said == done for said, done in found["counted"].values()) else 1


if __name__ == "__main__":
    sys.exit(main())
