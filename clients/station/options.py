"""What a station is told at its start."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from clients.station.duties import Pace


@dataclass(frozen=True, slots=True)
class StationOptions:
    """One station. Without `video`, `audio` and `camera` it shows the scene made for its center."""

    #: Where the hub answers, as `http://127.0.0.1:8080`.
    url: str
    username: str
    password: str = field(repr=False)
    #: A file whose picture is sent (and its sound, unless `audio` is given).
    video: Path | None = None
    #: A file whose sound is sent.
    audio: Path | None = None
    #: A camera, as `/dev/video0`; its picture is encoded once, on this machine.
    camera: str | None = None
    #: Where media that were encoded once are kept.
    cache_dir: Path = Path.home() / ".cache" / "lianxian-station"
    #: Seconds after which a call is answered; None: only `Station.answer` does.
    auto_answer_s: float | None = None
    #: What is reported (as normal) after joining, once a meeting; None: nothing.
    auto_report: str | None = None
    #: Whether orders are signed for, reported on and completed.
    auto_sign: bool = False
    #: How fast that goes.
    pace: Pace = field(default_factory=Pace)
    #: Whether it leaves a meeting, and the orders, to a person of its own center while one is in that meeting.
    steps_aside: bool = False
