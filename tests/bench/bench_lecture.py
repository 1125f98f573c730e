"""How many viewers one node on one core serves: ``python -m tests.bench.bench_lecture [--steps 100,300,…] [--seconds 15]``.

One publisher sends 500 kbit/s of video (VP8, 15 pictures a second in a pacer's bursts) with sound (Opus, 50 packets a
second); each viewer receives both and answers as a browser does: feedback ten times a second, a report each second, NACKs.
The node has one core to itself, the load generator (clients/loadtest) the other. Each step is measured with viewers added to
those of the step before; it ends with the first that breaks a promise (lost < 0.1 %, delay p95 < 20 ms), whose cause is named.
Where that is the generator or the machine (`stolen` is the share of a core's time that its host took for others), the step says
nothing of the hub and is measured again, up to three times in all; each attempt is a row.
The delay is from a picture's last packet leaving the publisher to the kernel's stamp on it at the viewer's socket. Prints JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from typing import Any

from clients.loadtest.plan import Plan
from clients.loadtest.synthetic import VideoShape
from tests.support.node_venue import perform_on_node

#: What a station of a lecture gets.
PICTURE = VideoShape(640, 360, 15, 500_000)
STEPS = (100, 300, 500, 700, 850, 1000, 1100, 1200, 1500, 2000)


async def run(steps: tuple[int, ...], seconds: float) -> dict[str, Any]:
    """The whole curve."""
    plan = Plan(
        scenario="curve",
        viewers=steps[-1],
        steps=steps,
        seconds=seconds,
        layers=(PICTURE,),
        running=0,
        joining=8,
    )
    result = await perform_on_node(plan)
    notes = " ".join(note["en"] for note in result["notes"])
    return {"lecture": result["curve"], "cause": notes, "bottleneck": result["bottleneck"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", default=",".join(map(str, STEPS)))
    parser.add_argument("--seconds", type=float, default=15.0)
    options = parser.parse_args()
    steps = tuple(int(step) for step in options.steps.split(","))
    print(json.dumps(asyncio.run(run(steps, options.seconds)), indent=1))


if __name__ == "__main__":
    main()
