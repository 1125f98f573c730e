"""What forwarding costs a server, ours or another: one source, many viewers of the load generator, a stretch of time."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from clients.loadtest.answers import Habits
from clients.loadtest.crowd import Crowd, Watching
from clients.loadtest.measuring import Hub, Window, measure
from clients.loadtest.peer import LightPeer
from clients.loadtest.synthetic import VideoShape, video_frames
from clients.loadtest.venue import Venue

#: 1.5 Mbit/s at 30 fps: six packets a frame, with a key frame of some twenty every three seconds.
PICTURE: Final = VideoShape(1280, 720, 30, 1_500_000)
#: Browsers send transport-wide feedback every 50 to 70 ms.
FEEDBACK_S: Final = 1 / 15
#: After the last viewer has its picture, before anything is counted.
SETTLE_S: Final = 2.0
_JOINING: Final = 8


@dataclass(frozen=True, slots=True)
class Load:
    """How many watch, for how long that is measured, whether the source paces its packets evenly, and of how many
    frames one is opened for its delay. With `remb` they send reports and, as often as others send feedback, REMB."""

    subscribers: int
    seconds: float
    even: bool = False
    sample_every: int = 2
    remb: bool = False


@dataclass(frozen=True, slots=True)
class Cost:
    """What it came to. `memory_bytes` is what the server grew by for each viewer, while they watched."""

    us_per_packet: float
    cpu_share: float
    memory_bytes: int
    window: Window


async def cost_of(venue: Venue, pid: int, load: Load, allowed: Collection[str] = ()) -> Cost:
    """Have the process `pid` behind `venue` serve this load. Raises RuntimeError if not everybody got a picture."""
    video_frames(PICTURE)  # encoding is done before anything is measured
    hub = Hub({"node": pid})
    publisher = LightPeer(allowed=tuple(allowed))
    watching = Watching(
        audio=0,
        sample_every=load.sample_every,
        habits=(Habits(feedback=False, remb_s=FEEDBACK_S) if load.remb else Habits(feedback_s=FEEDBACK_S)),
        allowed=tuple(allowed),
    )
    crowd = Crowd(lambda person: venue.door(person, "watch"), watching)
    try:
        await publisher.publish(venue.door(0, "publish"), shapes=(PICTURE,), sound=False, even=load.even)
        before = hub.memory_bytes()["node"]
        await crowd.join(range(1, load.subscribers + 1), _JOINING)
        await asyncio.sleep(SETTLE_S)
        window = await measure("forward", crowd, [publisher], hub, load.seconds)
        grown = window.memory["node"] - before
    finally:
        await crowd.leave()
        await publisher.close()
    playing = window.tally.video.playing
    if playing < load.subscribers:
        raise RuntimeError(f"only {playing} of {load.subscribers} viewers had a picture")
    cpu_s = window.cpu["node"] * window.seconds
    return Cost(
        us_per_packet=round(cpu_s / window.tally.packets * 1e6, 2),
        cpu_share=round(window.cpu["node"], 3),
        memory_bytes=grown // load.subscribers,
        window=window,
    )
