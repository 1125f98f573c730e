"""Sound and picture in step after an hour: ``python -m tests.bench.bench_recording_hour [--minutes 60]``. Prints JSON.

Six publishers (VP8 and H264 in turn, upright and across, Opus) are recorded for so long in accelerated time: real packets
through a real recording into real files. Their clocks run up to 100 ppm fast or slow and are wrong by up to an hour; 1 % of
packets is lost and asked for again; about every four minutes somebody leaves and comes back as another session, is muted,
switches the camera off, or has a line that is cut. Each second a flash and a tone are made at the same moment. Every file is
decoded: flashes by their stamps, tones by samples, as browsers play them. Ends with 1 when a part does not decode, a tone is
100 ms away from its flash, a flash 0.5 s from its true moment, or a second in which both were sent is missing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

from tests.support.recorded_hour import Hour, judge, row

PUBLISHERS = 6
STEP_MS, MOMENT_MS = 100, 500
#: Of the seconds in which both were sent; a few have lost a packet for good.
FOUND = 0.99


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        hour = Hour(Path(folder), people=PUBLISHERS, seconds=options.minutes * 60, seed=options.seed)
        verdict = judge(hour, await hour.play())
    found = row(hour, verdict)
    print(json.dumps({"recording_hour": [found]}, indent=1))
    for line in verdict.undecodable:
        print(line, file=sys.stderr)
    good = (
        not verdict.undecodable
        and found["flash_to_tone_worst_ms"] <= STEP_MS
        and found["off_the_true_moment_worst_ms"] <= MOMENT_MS
        and found["seconds_with_both"] >= FOUND * found["of_seconds"]
        and found["muted_and_dark_stretches_told"] == found["of_stretches"]
    )
    return int(not good)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
