"""The steps of a tour: who comes next, whom it passes over, and what that puts on the stage or before its viewer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from hub.clock import to_wire
from hub.conference.stage import Layout, Stage, broadcasting, laid_out, viewed
from hub.conference.tour_shapes import ALL, Tour, TourList, TourLists, Tours
from hub.directory.accounts import GRID_ROLES
from hub.entry import Draft
from hub.ids import is_id
from hub.ruling import Context
from hub.seats import Seat
from hub.state import Meeting


@dataclass(frozen=True, slots=True)
class Picked:
    """Who is shown at a step."""

    #: Places in the list, from 0 on, in the order of showing.
    places: tuple[int, ...]
    #: Codes of those on the way that nobody has joined for.
    passed: tuple[str, ...]


def faces(meeting: Meeting, but: Iterable[str] = (), more: Iterable[Seat] = ()) -> dict[str, Seat]:
    """Who is shown for each center: its station, else who joined first; cameras and phones for themselves, by their ids.

    Without those of `but`, with `more`.
    """
    out = set(but)
    found: dict[str, Seat] = {}
    for seat in [*meeting.joined, *meeting.beside_now, *more]:
        step = step_of(seat.id, seat.role, seat.center)
        known = found.get(step)
        if seat.id not in out and (known is None or (seat.role == "station" and known.role != "station")):
            found[step] = seat
    return found


def step_of(who: str, role: str, center: str) -> str:
    """As what somebody stands in the list of a tour: people as their center; a camera, or a grid member's phone, as itself."""
    return who if is_id(who, "ca") or role in GRID_ROLES else center


def pick(centers: Sequence[str], start: int, count: int, here: Mapping[str, object], way: int = 1) -> Picked:
    """The first `count` centers that are there from a place on, around the end of the list; `way` -1: backwards.

    Backwards the last of them stands at `start`, and they are shown in the order of the list, too.
    """
    places: list[int] = []
    passed: list[str] = []
    skipped: list[str] = []
    for step in range(len(centers)):
        place = (start + way * step) % len(centers)
        if centers[place] not in here:
            skipped.append(centers[place])
            continue
        places.append(place)
        passed += skipped
        skipped = []
        if len(places) == count:
            break
    if not places or len(places) < count:
        passed += skipped
    return Picked(tuple(places[::way]), tuple(passed))


def shown_at_once(tour: Tour) -> int:
    """How many are shown at a time."""
    return 1 if tour.grid is None else int(tour.grid)


def key_of(tour: Tour) -> str:
    """The key of a tour: that of all, or its viewer's account."""
    return tour.viewer if tour.viewer is not None else ALL


def after(tour: Tour, listed: TourList) -> int:
    """The place from which the next step looks for somebody."""
    last = max((listed.centers.index(code) for code in tour.centers[-1:]), default=tour.place - 2)
    return (last + 1) % len(listed.centers)


def stepping(
    meeting: Meeting,
    tour: Tour,
    listed: TourList,
    start: int,
    context: Context,
    *,
    way: int = 1,
    paused: bool = False,
    here: Mapping[str, Seat] | None = None,
) -> list[Draft]:
    """The step to who is there from a place on: the entry, and what it changes on the stage.

    `paused`: it rests there. `here`: who is shown for each center, where that is not as the state has it.
    """
    count = shown_at_once(tour)
    there = here if here is not None else faces(meeting, _never(tour))
    picked = pick(listed.centers, start, count, there, way)
    codes = [listed.centers[place] for place in picked.places]
    shown = [there[code].id for code in codes]
    known = sum(code in there for code in listed.centers)
    waits = paused or known <= count
    stepped = {
        "tour": tour.tour,
        "place": picked.places[0] + 1 if picked.places else max(tour.place, 1),
        "centers": codes,
        "shown": shown,
        "passed": [code for code in picked.passed if code not in set(listed.passed)],
        "until": None if waits else to_wire(context.now + timedelta(seconds=tour.seconds)),
    }
    return [Draft("tour.stepped", meeting.id, stepped), *_on_stage(meeting, tour, shown)]


def _never(tour: Tour) -> list[str]:
    """Whom a tour never shows: nobody is shown himself."""
    return [] if tour.viewer is None else [tour.viewer]


def _on_stage(meeting: Meeting, tour: Tour, shown: list[str]) -> list[Draft]:
    """What a step changes for all. An own tour changes its viewer's picture by its own entry."""
    if tour.kind == "own" or not shown:
        return []
    if tour.kind == "broadcast":
        return broadcasting(meeting, shown[0], "tour")
    cells: list[str | None] = [*shown, *[None] * (shown_at_once(tour) - len(shown))]
    return laid_out(meeting, Layout(grid=tour.grid or "4", cells=cells, to=tour.to), "tour")


def standing_again(meeting: Meeting, tour: Tour) -> list[Draft]:
    """What stood before a tour stands again, as far as those are still there; what was taken over by hand stays."""
    if tour.rests in ("taken_over", "voice"):
        return []
    stage, here = meeting.read(Stage), {seat.id for seat in meeting.joined}
    here |= {each.id for each in meeting.beside_now}
    if tour.kind == "own":
        mine = stage.views.get(tour.viewer or "") in tour.shown
        return viewed(meeting, tour.viewer or "", None, "tour") if mine else []
    if tour.kind == "broadcast":
        return broadcasting(meeting, tour.before if tour.before in here else None, "tour")
    before = tour.before_layout
    if before is not None:
        cells = [who if who in here else None for who in before.cells]
        before = before.model_copy(update={"cells": cells})
    return laid_out(meeting, before, "tour")


def stopped(meeting: Meeting, tour: Tour, reason: str) -> Draft:
    """The end of a tour, with its numbers."""
    listed = meeting.read(TourLists).rows[key_of(tour)]
    return Draft(
        "tour.stopped",
        meeting.id,
        {
            "tour": tour.tour,
            "by": tour.by.model_dump(mode="json"),
            "kind": tour.kind,
            "viewer": tour.viewer,
            "reason": reason,
            "begun_at": tour.begun_at,
            "seconds": tour.seconds,
            "steps": tour.steps,
            "seen": len(tour.seen),
            "total": len(listed.centers),
        },
    )


def going_on(meeting: Meeting) -> list[Tour]:
    """The tours of a meeting, running or paused."""
    return list(meeting.read(Tours).rows.values())
