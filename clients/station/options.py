"""What a station is told at its start."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

from clients.station.duties import Pace

#: Reasons with which a call is declined.
REASONS: Final = ("handling", "unattended", "later", "unable", "other")


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
    #: Whether calls are answered after so long as the hub has it for the center, in place of `auto_answer_s`.
    answers_as_set: bool = False
    #: The reason with which every call is declined, after `auto_answer_s` or at once; None: none is.
    declines: str | None = None
    #: The name of who is present, and in which duty; it signs in with it. None: it does not.
    present: str | None = None
    duty: str = ""
    #: What is reported (as normal) after joining, once a meeting; None: nothing.
    auto_report: str | None = None
    #: Whether orders are signed for, reported on and completed.
    auto_sign: bool = False
    #: How fast that goes.
    pace: Pace = field(default_factory=Pace)
    #: Where each step of the center's alarms is written, a line of JSON each; None: in the log alone.
    told_to: TextIO | None = None
    #: Whether it leaves a meeting, and the orders, to a person of its own center while one is in that meeting.
    steps_aside: bool = False

    def waits_s(self, set_s: float) -> float | None:
        """After how long it answers or declines a call, where the center has set this many seconds; None for never."""
        if self.answers_as_set:
            return set_s or None
        if self.auto_answer_s is None and self.declines is not None:
            return 0.0
        return self.auto_answer_s
