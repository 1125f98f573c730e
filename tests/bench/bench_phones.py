"""Phones of grid members under `kill -9`: ``python -m tests.bench.bench_phones [--phones 20] [--kills 50]``. Prints JSON.

A real hub, and phones that are real browsers (three of five Chromium, two Firefox) with profiles of their own, five at a time.
Each is bound by a code, chooses a PIN, and loses its line for two hours of its own clock, in which its member walks past six
households by the page's own keys: 无变化, absent and again, met with photos. Browsers are killed at random meanwhile and come
back from what is on their disk, with the shell and the queue that they kept. Then the line is back, 480 kbit/s a phone, and the
browsers and the hub's control are killed at random until each phone says that all is there and proven. What a phone had said it
keeps is held against the journal: `lost`, `doubled`, `out_of_order` (of a household), `otherwise` (another thing or moment than
was said), `photos_wrong` (not the bytes that left the camera's canvas, by SHA-256), `unsound` (what the verification of the
chain says).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from tests.e2e.browser import playwright_running
from tests.support.forked_hub import ForkedHub
from tests.support.phones_killed import Play
from tests.support.walked_grid import WalkedGrid

KINDS: Final = ("chromium", "firefox", "chromium", "firefox", "chromium")
HOUSEHOLDS: Final = 6
#: Of all kills, those while there is no line.
WITHOUT_LINE: Final = 0.5


async def measure(phones: int, kills: int, at_once: int, seed: int) -> dict[str, Any]:
    """All phones, some at a time. Raises AssertionError where one does not come to its end."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-phones-") as name:
        hub = ForkedHub(Path(name) / "hub")
        try:
            await hub.start()
            walked = WalkedGrid(hub)
            await walked.begin(HOUSEHOLDS, members=phones, of_grids=phones)
            async with playwright_running() as playwright:
                play = Play(hub, walked, playwright, seed)
                for first in range(0, phones, at_once):
                    last = min(phones, first + at_once)
                    share = kills * last // phones - kills * first // phones
                    walking = round(share * WITHOUT_LINE)
                    kinds = [KINDS[at % len(KINDS)] for at in range(first, last)]
                    await play.some(kinds, Path(name), walking=walking, sending=share - walking)
                    said = sum(len(each.said) for each in play.phones)
                    print(f"{last} phones, {said} visits, {play.kills} kills", file=sys.stderr, flush=True)
        finally:
            hub.stop()
        found = play.count()
    for each in found.wrong[:20]:
        print(each, file=sys.stderr)
    return {
        "phones": phones,
        "chromium": sum(each.browser.kind == "chromium" for each in play.phones),
        "firefox": sum(each.browser.kind == "firefox" for each in play.phones),
        "visits": found.kept,
        "photos": found.photos,
        "kills_of_browsers": found.kills_of_browsers,
        "kills_of_hub": found.kills_of_hub,
        "lost": len(found.lost),
        "doubled": len(found.doubled),
        "out_of_order": len(found.out_of_order),
        "otherwise": len(found.otherwise),
        "photos_wrong": len(found.photos_wrong),
        "unsound": len(found.unsound),
        "took_s": round(time.monotonic() - begun),
        "load": round(os.getloadavg()[0], 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=20)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--at-once", type=int, default=5)
    parser.add_argument("--seed", type=int, default=24)
    asked = parser.parse_args()
    row = asyncio.run(measure(asked.phones, asked.kills, asked.at_once, asked.seed))
    print(json.dumps({"phones": [row]}, indent=1))


if __name__ == "__main__":
    main()
