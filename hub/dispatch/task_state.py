"""Routine tasks as rules keep them: what entries do to them, who may see them, and what the clock brings next."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from datetime import time as clock_time
from typing import Final, Literal

from pydantic import ConfigDict, Field

from hub.clock import from_wire
from hub.codes import PackedCodes
from hub.entry import Entry
from hub.parts import Part
from hub.ruling import Apply, Due, Subject
from hub.state import HubState

#: How long after its moment a task that is asked once can still be answered.
LATE_FOR: Final = timedelta(hours=24)
#: What the clock does to a task: `open` it, `remind` those who have not answered, say that it is `due`, `close` the round.
Step = Literal["open", "remind", "due", "close"]


@dataclass(slots=True)
class Kept:
    """A task that goes on, with the round that can be answered; what became of earlier rounds is not kept here."""

    id: str
    #: The center that gave it.
    center: str
    targets: PackedCodes
    #: Time of day, `18:00`, where it is asked daily, and on which days.
    time: str | None
    weekdays: tuple[int, ...]
    ahead: timedelta
    remind: timedelta
    #: When it is asked next, and by when.
    opens_at: datetime | None
    next_due: datetime | None
    #: After this it is not due any more.
    until: datetime | None = None
    #: Which time it is asked; 0 before the first.
    round: int = 0
    due: datetime | None = None
    #: Who has answered this round.
    answered: set[str] = field(default_factory=set)
    abnormal: int = 0
    late: int = 0
    urged: int = 0
    urged_at: datetime | None = None
    reminded: bool = False
    fallen: bool = False
    closed: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it can be answered."""
        return self.due is not None and not self.closed

    @property
    def missing(self) -> list[str]:
        """Who has not answered this round."""
        return [code for code in self.targets if code not in self.answered]

    @property
    def next_step(self) -> tuple[datetime, Step] | None:
        """What the clock does next while nobody else does, and when."""
        if not self.is_open or self.due is None:
            return None if self.opens_at is None else (self.opens_at, "open")
        if self.remind and not self.reminded:
            return self.due - self.remind, "remind"
        if not self.fallen:
            return self.due, "due"
        return (self.due + LATE_FOR if self.opens_at is None else self.opens_at), "close"


@dataclass(frozen=True, slots=True)
class Over:
    """A task that is over: whose it was, and who was asked."""

    center: str
    targets: PackedCodes


class Tasks(Part):
    """Every task."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    by_id: dict[str, Kept] = Field(default_factory=dict)
    over: dict[str, Over] = Field(default_factory=dict)
    upcoming: list[tuple[datetime, str]] = Field(default_factory=list)
    """Moment and id of all that the clock has to do with, the next one first."""

    def put(self, kept: Kept) -> None:
        """A task as it is from now on; `take` it before it is changed."""
        self.by_id[kept.id] = kept
        if (step := kept.next_step) is not None:
            insort(self.upcoming, (step[0], kept.id))

    def take(self, id: str) -> Kept | None:
        """Take a task out."""
        kept = self.by_id.pop(id, None)
        if kept is not None and (step := kept.next_step) is not None:
            del self.upcoming[bisect_left(self.upcoming, (step[0], id))]
        return kept


def tasks_of(state: HubState) -> Tasks:
    """All tasks, to look at."""
    return state.parts.read(Tasks)


def due_after(time: str, weekdays: tuple[int, ...], zone: tzinfo, after: datetime) -> datetime:
    """The first moment after `after` at which a clock of this zone shows `time` on one of these days.

    A time that a zone leaves out in spring counts as the one an hour later, one that comes twice as the first.
    """
    hour, minute = map(int, time.split(":"))
    day = after.astimezone(zone).date()
    while True:
        if day.isoweekday() in weekdays:
            found = datetime.combine(day, clock_time(hour, minute), tzinfo=zone).astimezone(after.tzinfo)
            if found > after:
                return found
        day += timedelta(days=1)


def next_due(state: HubState) -> Due | None:
    """The next thing that the clock brings about."""
    tasks = tasks_of(state)
    if not tasks.upcoming:
        return None
    at, id = tasks.upcoming[0]
    kept = tasks.by_id[id]
    step = kept.next_step
    return Due(at, "task.advance", None, f"{id}.{kept.round}.{step[1] if step else ''}")


# -- what entries do


def given(state: HubState, entry: Entry) -> None:
    """A task, that waits for its first round."""
    data = entry.data
    state.parts.edit(Tasks).put(
        Kept(
            id=data["task"],
            center=data["by"]["center"],
            targets=PackedCodes(data["centers"]),
            time=data["time"],
            weekdays=tuple(data["weekdays"]),
            ahead=timedelta(minutes=data["ahead_minutes"]),
            remind=timedelta(minutes=data["remind_minutes"]),
            opens_at=from_wire(data["next"]["opens_at"]),
            next_due=from_wire(data["next"]["due"]),
        )
    )


def recalled(state: HubState, entry: Entry) -> None:
    """Of a task that is over only whose it was, and who was asked."""
    over = Over(entry.data["by"]["center"], PackedCodes(entry.data["centers"]))
    state.parts.edit(Tasks).over[entry.data["task"]] = over


def stepped(change: Callable[[Kept, Entry], None]) -> Apply:
    """What changes a task that goes on."""

    def apply(state: HubState, entry: Entry) -> None:
        tasks = state.parts.edit(Tasks)
        kept = tasks.take(entry.data["task"])
        if kept is not None:
            change(kept, entry)
            tasks.put(kept)

    return apply


def open_round(kept: Kept, entry: Entry) -> None:
    """A round begins; nothing is kept of the one before."""
    data = entry.data
    kept.round, kept.due = data["round"], from_wire(data["due"])
    upcoming = data["next"]
    kept.opens_at = None if upcoming is None else from_wire(upcoming["opens_at"])
    kept.next_due = None if upcoming is None else from_wire(upcoming["due"])
    kept.answered, kept.abnormal, kept.late = set(), 0, 0
    kept.urged, kept.urged_at, kept.fallen, kept.closed = 0, None, False, False
    # who is asked when the moment to be urged has passed was asked just now
    kept.reminded = not kept.remind or kept.due - kept.remind <= entry.at


def answer(kept: Kept, entry: Entry) -> None:
    """A center answered."""
    kept.answered.add(entry.data["center"])
    kept.abnormal += entry.data["situation"] == "abnormal"
    kept.late += entry.data["late"]


def urge(kept: Kept, entry: Entry) -> None:
    """Those who have not answered were urged."""
    kept.urged, kept.urged_at = entry.data["number"], entry.at
    if entry.data["by"] is None:
        kept.reminded = True


def fall_due(kept: Kept, entry: Entry) -> None:
    """Who answers from now on is late."""
    kept.fallen = kept.reminded = True


def change(kept: Kept, entry: Entry) -> None:
    """It says something else; another moment holds for the round that it was said of."""
    data = entry.data
    kept.time, upcoming = data["time"], data["next"]
    kept.until = None if data["until"] is None else from_wire(data["until"])
    kept.opens_at = None if upcoming is None else from_wire(upcoming["opens_at"])
    kept.next_due = None if upcoming is None else from_wire(upcoming["due"])
    if data["due"] is not None and data["round"] == kept.round and kept.is_open:
        kept.due = from_wire(data["due"])
        kept.fallen = False
        kept.reminded = not kept.remind or kept.due - kept.remind <= entry.at


def close(kept: Kept, entry: Entry) -> None:
    """The round is over."""
    kept.closed = True


def ended(state: HubState, entry: Entry) -> None:
    """It is asked no more."""
    tasks = state.parts.edit(Tasks)
    kept = tasks.take(entry.data["task"])
    if kept is not None:
        tasks.over[kept.id] = Over(kept.center, kept.targets)


def _round_is_open(state: HubState, subject: str) -> bool:
    task, _, number = subject.partition(".")
    kept = tasks_of(state).by_id.get(task)
    return kept is not None and kept.is_open and str(kept.round) == number


#: What a task itself is about: a restart needs it until it is over.
TASK: Final = Subject(
    lambda entry: str(entry.data["task"]), lambda state, task: task in tasks_of(state).by_id
)
#: What happens in one round: a restart needs it while the round can be answered, so that a year of days costs it nothing.
ROUND: Final = Subject(lambda entry: f"{entry.data['task']}.{entry.data['round']}", _round_is_open)
