"""What is to be done and what counts as good: the options of the command line as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from clients.loadtest.answers import Habits
from clients.loadtest.synthetic import VideoShape

SCENARIOS: Final = ("lecture", "discussion", "storm", "rollcall", "curve")
#: Who takes part in meetings; an accounts file may hold administrators too.
_ROLES: Final = frozenset({"leader", "dispatcher", "station"})
#: The longest run there is: a forgotten load test ends by itself.
LONGEST_S: Final = 3600.0
#: How often a step of a curve is measured at most: again only while the measuring side was the bottleneck.
ATTEMPTS: Final = 3
STEPS: Final = (100, 200, 400, 700, 1000, 1400, 2000, 2800, 4000)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is promised: shares in permille, times in ms."""

    loss_permille: float = 1.0
    delay_p95_ms: float = 20.0
    storm_delay_p95_ms: float = 50.0
    first_picture_p95_ms: float = 1000.0
    storm_media_ms: float = 30_000.0
    frozen_permille: float = 10.0
    switch_p95_ms: float = 300.0
    answer_p95_ms: float = 1000.0


@dataclass(frozen=True, slots=True)
class Plan:
    """One run. `layers` are the pictures each publisher sends, best first; `running` the viewers of the call that a
    storm must not hurt; `steps` the numbers of viewers of a curve; `rounds` how often the roll is called."""

    scenario: str = "lecture"
    publishers: int = 1
    viewers: int = 1
    running: int = 20
    steps: tuple[int, ...] = STEPS
    rounds: int = 3
    video_slots: int = 1
    audio_slots: int = 1
    seconds: float = 10.0
    layers: tuple[VideoShape, ...] = (VideoShape(),)
    sound: bool = True
    even: bool = False
    sample_every: int = 10
    habits: Habits = field(default_factory=Habits)
    joining: int = 8
    processes: int = 1
    allowed: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)

    def check(self) -> None:
        """Raises ValueError for what cannot be run."""
        if self.scenario not in SCENARIOS:
            raise ValueError(f"a scenario is one of {', '.join(SCENARIOS)}")
        if min(self.publishers, self.viewers, self.running) < 0 or self.publishers + self.viewers == 0:
            raise ValueError("nobody to send or receive")
        if not (
            0 <= self.video_slots <= 16 and 0 <= self.audio_slots <= 4 and self.video_slots + self.audio_slots
        ):
            raise ValueError("a viewer takes up to 16 pictures and 4 sounds, at least one of them")
        if not 0 < self.seconds <= LONGEST_S:
            raise ValueError(f"a run takes up to {LONGEST_S:.0f} s")
        if not self.steps or list(self.steps) != sorted(set(self.steps)) or self.steps[0] < 1:
            raise ValueError("the steps of a curve rise")
        if not 1 <= self.processes <= 64 or self.joining < 1 or self.rounds < 1:
            raise ValueError("at least one process, one joining at a time, one round")

    @property
    def longest_s(self) -> float:
        """When a run that does not come to its end is broken off."""
        stretches = len(self.steps) * ATTEMPTS if self.scenario == "curve" else self.rounds + 1
        people = max(self.viewers, self.steps[-1] if self.scenario == "curve" else 0) + self.publishers
        return 120.0 + stretches * (self.seconds + 60.0) + people * 0.5

    def asked(self) -> dict[str, Any]:
        """For the report: what was asked for, in words."""
        best = self.layers[0] if self.layers else None
        pictures = "none" if best is None else f"VP8 {best.width}x{best.height}, {best.fps} fps"
        rates = " + ".join(f"{shape.bitrate_bps // 1000}" for shape in self.layers)
        told: dict[str, Any] = {
            "scenario": self.scenario,
            "publishers": self.publishers,
            "viewers": list(self.steps) if self.scenario == "curve" else self.viewers,
            "picture": f"{pictures}, {rates} kbit/s, {'even' if self.even else 'in bursts'}",
            "sound": "Opus, 20 ms" if self.sound else "none",
            "slots of a viewer": f"{self.video_slots} pictures, {self.audio_slots} sounds",
            "seconds": self.seconds,
            "generator processes": self.processes,
        }
        if self.scenario == "storm":
            told["running call"] = self.running
        if self.scenario == "rollcall":
            told = {"scenario": "rollcall", "stations": self.viewers, "rounds": self.rounds}
        return told


def usable(accounts: object, publishers: int) -> list[Mapping[str, Any]]:
    """The accounts that can take part (those of unknown role are taken at their word). Raises ValueError."""
    if not isinstance(accounts, list) or not all(
        isinstance(one, dict)
        and isinstance(one.get("username"), str)
        and isinstance(one.get("password"), str)
        for one in accounts
    ):
        raise ValueError("the accounts file is a list of objects with username and password")
    found = [one for one in accounts if one.get("role", "station") in _ROLES]
    if not found or publishers > len(found):
        raise ValueError("a publisher needs an account of its own: there are too few in the file")
    return found


def called(accounts: Sequence[Mapping[str, Any]], stations: int) -> list[Mapping[str, Any]]:
    """Who takes part in a roll call: one who may call, then so many stations, as far as the file tells roles and
    centers (accounts of which it does not are all taken along)."""
    unknown = [one for one in accounts if "role" not in one]
    chairs = [one for one in accounts if one.get("role") in ("leader", "dispatcher")][:1]
    by_center = {one.get("center", one["username"]): one for one in accounts if one.get("role") == "station"}
    return chairs + list(by_center.values())[:stations] + unknown


def simulcast(best: VideoShape) -> tuple[VideoShape, ...]:
    """Three layers as a browser makes them of its best: half and a quarter of each side, a third and a tenth of the
    bit rate."""
    return tuple(
        VideoShape(best.width // by // 2 * 2, best.height // by // 2 * 2, best.fps, best.bitrate_bps // share)
        for by, share in ((1, 1), (2, 3), (4, 10))
    )
