"""Patrol as rules keep it: routes, the rounds that go on, what entries do to them, and what the clock brings next."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final, Literal

from pydantic import ConfigDict, Field

from hub.clock import from_wire
from hub.dispatch.task_state import due_after
from hub.entry import Entry
from hub.parts import Part
from hub.ruling import Apply, Due, Subject
from hub.state import HubState

#: So long after it was due a round can still be walked; the next round of its route ends it earlier.
LATE_FOR: Final = timedelta(hours=2)
#: What the clock does: `open` a round of a route, say that one is `due`, `close` it.
Step = Literal["open", "due", "close"]


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop of a route."""

    camera: str
    name: str
    center: str
    center_name: str


@dataclass(slots=True)
class Route:
    """A route that is walked."""

    id: str
    center: str
    title: str
    version: int
    stops: tuple[Stop, ...]
    #: (time of day, days) at which rounds begin.
    times: tuple[tuple[str, tuple[int, ...]], ...]
    by_shift: bool
    within: timedelta
    #: Counts what was said of the next round; 0 before anything was.
    number: int = 0
    next_at: datetime | None = None
    #: The round that goes on.
    round: str | None = None

    def after(self, moment: datetime, zone: tzinfo, shifts: list[datetime]) -> datetime | None:
        """When the first round after this moment begins; `shifts` are the beginnings of the center's shifts."""
        found = [due_after(time, days, zone, moment) for time, days in self.times]
        if self.by_shift:
            found += [each for each in shifts if each > moment][:1]
        return min(found, default=None)


@dataclass(slots=True)
class Round:
    """A round that goes on."""

    id: str
    route: str
    center: str
    title: str
    stops: tuple[Stop, ...]
    due: datetime
    #: What came of each stop; None for nothing yet.
    outcomes: list[str | None]
    #: Who walks it, as entries name him; None for nobody.
    walker: dict[str, str] | None = None
    #: Whether somebody ever did.
    taken: bool = False
    #: The stop at which it stands, from 1 on, and since when who walks it stands there.
    stop: int = 1
    since: datetime | None = None
    #: How long and how well the hub saw this stop's picture flow to him.
    seconds: int = 0
    quality: str | None = None
    fallen: bool = False

    @property
    def state(self) -> Literal["waiting", "walking"]:
        """Whether somebody walks it."""
        return "waiting" if self.walker is None else "walking"

    @property
    def checked(self) -> int:
        """How many stops something came of."""
        return len(self.outcomes) - self.outcomes.count(None)

    @property
    def next_step(self) -> tuple[datetime, Step]:
        """What the clock does next, and when."""
        return (self.due + LATE_FOR, "close") if self.fallen else (self.due, "due")

    def stand(self, at: datetime | None) -> None:
        """Who walks it begins to stand at its stop: nothing was seen there yet."""
        self.since, self.seconds, self.quality = at, 0, None


class Patrols(Part):
    """All routes, and the rounds that go on."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    routes: dict[str, Route] = Field(default_factory=dict)
    rounds: dict[str, Round] = Field(default_factory=dict)
    of_center: dict[str, list[str]] = Field(default_factory=dict)
    """Center -> its routes."""
    walks: dict[str, str] = Field(default_factory=dict)
    """Account -> the round that it walks."""
    agenda: list[tuple[datetime, str]] = Field(default_factory=list)
    """Moment and id of the routes and rounds that the clock has to do with, the next one first."""

    def put(self, moment: datetime | None, id: str) -> None:
        """Have the clock look at it then; None: not at all."""
        if moment is not None:
            insort(self.agenda, (moment, id))

    def drop(self, moment: datetime | None, id: str) -> None:
        """The clock need not look at it then."""
        if moment is None:
            return
        place = bisect_left(self.agenda, (moment, id))
        if place < len(self.agenda) and self.agenda[place] == (moment, id):
            del self.agenda[place]


def patrols_of(state: HubState) -> Patrols:
    """All routes and rounds, to look at."""
    return state.parts.read(Patrols)


def next_due(state: HubState) -> Due | None:
    """The next thing that the clock brings about."""
    patrols = patrols_of(state)
    if not patrols.agenda:
        return None
    at, id = patrols.agenda[0]
    route = patrols.routes.get(id)
    what = f"open.{route.number}" if route is not None else patrols.rounds[id].next_step[1]
    return Due(at, "patrol.advance", None, f"{id}.{what}")


# -- what entries do


def kept(state: HubState, entry: Entry) -> None:
    """A route as it is from now on; its round and its next one stay."""
    patrols, data = state.parts.edit(Patrols), entry.data
    before = patrols.routes.get(data["route"])
    route = Route(
        id=data["route"],
        center=data["center"],
        title=data["title"],
        version=data["version"],
        stops=tuple(
            Stop(each["camera"], each["name"], each["center"], each["center_name"]) for each in data["stops"]
        ),
        times=tuple((each["time"], tuple(each["weekdays"])) for each in data["times"]),
        by_shift=data["by_shift"],
        within=timedelta(minutes=data["within_minutes"]),
    )
    if before is None:
        patrols.of_center.setdefault(route.center, []).append(route.id)
    else:
        route.number, route.next_at, route.round = before.number, before.next_at, before.round
    patrols.routes[route.id] = route


def withdrawn(state: HubState, entry: Entry) -> None:
    """There are no rounds of it any more."""
    patrols = state.parts.edit(Patrols)
    route = patrols.routes.pop(entry.data["route"], None)
    if route is None:
        return
    patrols.drop(route.next_at, route.id)
    left = patrols.of_center[route.center]
    left.remove(route.id)
    if not left:
        del patrols.of_center[route.center]


def timed(state: HubState, entry: Entry) -> None:
    """Its next round begins then."""
    patrols, data = state.parts.edit(Patrols), entry.data
    route = patrols.routes.get(data["route"])
    if route is not None:
        patrols.drop(route.next_at, route.id)
        route.number = data["number"]
        route.next_at = None if data["at"] is None else from_wire(data["at"])
        patrols.put(route.next_at, route.id)


def untimed(state: HubState, entry: Entry) -> None:
    """It is not known when its next round begins."""
    patrols = state.parts.edit(Patrols)
    route = patrols.routes.get(entry.data["route"])
    if route is not None:
        patrols.drop(route.next_at, route.id)
        route.number, route.next_at = 0, None


def opened(state: HubState, entry: Entry) -> None:
    """A round waits for somebody."""
    patrols, data = state.parts.edit(Patrols), entry.data
    route = patrols.routes.get(data["route"])
    if route is None:
        return
    one = Round(
        id=data["round"],
        route=route.id,
        center=route.center,
        title=route.title,
        stops=route.stops,
        due=from_wire(data["due"]),
        outcomes=[None] * len(route.stops),
    )
    route.round = one.id
    patrols.rounds[one.id] = one
    patrols.put(one.next_step[0], one.id)


def going(change: Callable[[Patrols, Round, Entry], None]) -> Apply:
    """What changes a round that goes on."""

    def apply(state: HubState, entry: Entry) -> None:
        patrols = state.parts.edit(Patrols)
        one = patrols.rounds.get(entry.data["round"])
        if one is not None:
            change(patrols, one, entry)

    return apply


def _leave(patrols: Patrols, one: Round) -> None:
    if one.walker is not None:
        patrols.walks.pop(one.walker["account"], None)
    one.walker = None


def taken(patrols: Patrols, one: Round, entry: Entry) -> None:
    """Somebody walks it; what another saw does not count for him."""
    _leave(patrols, one)
    one.walker, one.taken = dict(entry.data["by"]), True
    patrols.walks[one.walker["account"]] = one.id
    one.stand(entry.at)


def interrupted(patrols: Patrols, one: Round, entry: Entry) -> None:
    """Nobody walks it."""
    _leave(patrols, one)
    one.stand(None)


def seen(patrols: Patrols, one: Round, entry: Entry) -> None:
    """The picture of the stop flows to who walks it."""
    one.seconds, one.quality = entry.data["seconds"], entry.data["quality"]


def checked(patrols: Patrols, one: Round, entry: Entry) -> None:
    """Something came of the stop; it stands at the next one."""
    one.outcomes[entry.data["stop"] - 1] = entry.data["outcome"]
    one.stop += 1
    one.stand(entry.at)


def fell_due(patrols: Patrols, one: Round, entry: Entry) -> None:
    """It is late."""
    patrols.drop(one.next_step[0], one.id)
    one.fallen = True
    patrols.put(one.next_step[0], one.id)


def ended(patrols: Patrols, one: Round, entry: Entry) -> None:
    """It is over."""
    _leave(patrols, one)
    patrols.drop(one.next_step[0], one.id)
    del patrols.rounds[one.id]
    route = patrols.routes.get(one.route)
    if route is not None and route.round == one.id:
        route.round = None


def shifts_of(shifts: list[Any]) -> list[datetime]:
    """When shifts on watch begin, each moment once."""
    return sorted({each.starts_at for each in shifts if each.role == "watch"})


#: What a route itself is about: a restart needs it until it is withdrawn.
ROUTE: Final = Subject(
    lambda entry: str(entry.data["route"]), lambda state, route: route in patrols_of(state).routes
)
#: What happens to a round: a restart needs it while the round goes on.
ROUND: Final = Subject(
    lambda entry: str(entry.data["round"]), lambda state, round: round in patrols_of(state).rounds
)


def _holds(state: HubState, subject: str) -> bool:
    route, _, number = subject.partition(".")
    found = patrols_of(state).routes.get(route)
    return found is not None and str(found.number) == number


#: When the next round of a route begins: a restart needs what was said of it last, and none of a year of rounds before.
TIMING: Final = Subject(lambda entry: f"{entry.data['route']}.{entry.data['number']}", _holds)
