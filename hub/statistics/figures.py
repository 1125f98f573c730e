"""The figures of statistics: what each counts, how they add up over the tree, and the rates made of them. Pure.

All are counts of what stands in the period, drills left out, each belonging to one center:

- meetings and consultations (会议、会商) to the center that convened them, when they opened
- called, attended and minutes (到会) to the center that was called: how often, how often somebody of it came, and for
  how long in sum
- spoken (发言时长): for how long somebody of it was heard in the recordings of the meetings that opened then; of meetings
  that nobody has listened to, for how long it had the word (floor, push-to-talk, roll call)
- reports (收集信息) to the center that reported; `abnormal` of them found something
- incidents (处置信息) and appeals (诉求) to the center that is responsible; `…_closed` of them are
  closed, `overdue` of both were late
- rows (比对) to the center that checks them; `cleared` of them have an outcome
- orders (指令), one for each target: `on_time` were completed in time, `late` were not; what is under way within its time
  is neither
- asked (例行任务), a center a round: `answered` of them in time, `answered_late` after it
- patrols (线上巡逻), rounds that are over, to the center whose people walk, by when they opened: `patrolled` of them were
  walked to their end, `patrols_missed` were not; of their stops (`stops`) `stops_seen` were seen, and at `findings` of
  these something was found
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict


class Figures(BaseModel):
    """What one center, or all centers below one, did in a period. See the module for what each counts."""

    model_config = ConfigDict(extra="forbid")

    meetings: int = 0
    consultations: int = 0
    called: int = 0
    attended: int = 0
    minutes: int = 0
    """Of all who came, in sum; whole minutes."""
    spoken: int = 0
    """In sum; whole minutes."""
    reports: int = 0
    abnormal: int = 0
    incidents: int = 0
    incidents_closed: int = 0
    appeals: int = 0
    appeals_closed: int = 0
    overdue: int = 0
    rows: int = 0
    cleared: int = 0
    orders: int = 0
    on_time: int = 0
    late: int = 0
    asked: int = 0
    answered: int = 0
    answered_late: int = 0
    patrols: int = 0
    patrolled: int = 0
    patrols_missed: int = 0
    stops: int = 0
    stops_seen: int = 0
    findings: int = 0


NAMES: Final = tuple(Figures.model_fields)

#: A rate in percent: its part, and of what. Those by which a league goes.
RATES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "attendance": ("attended", ("called",)),
    "closed": ("closed", ("taken",)),
    "cleared": ("cleared", ("rows",)),
    "on_time": ("on_time", ("on_time", "late")),
    "answered": ("answered", ("asked",)),
    "patrolled": ("patrolled", ("patrols",)),
    "seen": ("stops_seen", ("stops",)),
}

#: Center -> what is counted of it; times in milliseconds under `present_ms` and `spoken_ms`.
Counted = Mapping[str, Mapping[str, int]]


def added(counts: Iterable[Mapping[str, int]]) -> Figures:
    """The figures of several centers in sum. Minutes are rounded once, after adding."""
    sums: dict[str, int] = {}
    for each in counts:
        for name, number in each.items():
            sums[name] = sums.get(name, 0) + number
    minutes, spoken = ((sums.pop(name, 0) + 30_000) // 60_000 for name in ("present_ms", "spoken_ms"))
    return Figures(**sums, minutes=minutes, spoken=spoken)


def rates(figures: Figures) -> dict[str, float | None]:
    """The rates in percent, one digit after the point; None where there is nothing to be part of."""
    numbers = figures.model_dump()
    numbers["taken"] = numbers["incidents"] + numbers["appeals"]
    numbers["closed"] = numbers["incidents_closed"] + numbers["appeals_closed"]
    found: dict[str, float | None] = {}
    for name, (part, whole) in RATES.items():
        of = sum(numbers[each] for each in whole)
        found[name] = None if of == 0 else round(100 * numbers[part] / of, 1)
    return found
