"""What the entries of a tour do: to its state, to who is shown, and of an own tour to what its viewer sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from hub.clock import from_wire, to_wire
from hub.conference.stage import Stage, see
from hub.conference.tour_shapes import (
    ALL,
    Seen,
    Tour,
    TourFace,
    TourFaces,
    TourList,
    TourLists,
    TourPaced,
    TourRested,
    TourResumed,
    Tours,
    TourStarted,
    TourStayed,
    TourStepped,
    TourStopped,
)
from hub.entry import Entry
from hub.ruling import Control, EntryRule
from hub.shapes import Author
from hub.state import HubState, Meeting


def _meeting(state: HubState, entry: Entry) -> Meeting | None:
    meeting = state.meetings.get(entry.meeting or "")
    return meeting if meeting is not None and meeting.is_open else None


def _tour(meeting: Meeting, tour: str) -> tuple[str, Tour] | None:
    """A tour by its id, to change, with its key."""
    for key, row in meeting.read(Tours).rows.items():
        if row.tour == tour and (found := meeting.parts.row(Tours, key)) is not None:
            return key, found
    return None


def _show(meeting: Meeting, key: str, tour: Tour, shown: list[str]) -> None:
    """These and nobody else are shown in this tour."""
    faces = meeting.read(TourFaces).rows
    for who in [who for who, face in faces.items() if key in face.by and who not in shown]:
        left = {other: seen for other, seen in faces[who].by.items() if other != key}
        if left:
            meeting.parts.put_row(TourFaces, who, TourFace(by=left))
        else:
            meeting.parts.drop_row(TourFaces, who)
    for who in shown:
        known = faces[who].by if who in faces else {}
        if key not in known:
            seen = Seen(kind=tour.kind, name=tour.by.name)
            meeting.parts.put_row(TourFaces, who, TourFace(by={**known, key: seen}))


def _started(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is None:
        return
    data, stage = entry.data, meeting.read(Stage)
    key = data["viewer"] if data["viewer"] is not None else ALL
    known: dict[str, Any] = {name: data[name] for name in ("tour", "kind", "viewer", "seconds", "grid", "to")}
    tour = Tour(
        **known,
        state="running",
        by=Author.model_validate({name: data["by"][name] for name in Author.model_fields}),
        begun_at=to_wire(entry.at),
        before=stage.broadcast,
        before_layout=stage.layout,
    )
    meeting.parts.put_row(Tours, key, tour)
    meeting.parts.put_row(TourLists, key, TourList(centers=list(data["centers"])))


def _stepped(state: HubState, entry: Entry) -> None:
    meeting = _meeting(state, entry)
    found = _tour(meeting, entry.data["tour"]) if meeting is not None else None
    if meeting is None or found is None:
        return
    (key, tour), data = found, entry.data
    tour.place, tour.centers, tour.shown = data["place"], list(data["centers"]), list(data["shown"])
    tour.since, tour.until, tour.left_ms = to_wire(entry.at), data["until"], None
    tour.steps += 1
    tour.seen += [code for code in tour.centers if code not in tour.seen]
    before = meeting.read(TourLists).rows[key].passed
    passed = [*(code for code in before if code not in tour.centers), *data["passed"]]
    if passed != before and (listed := meeting.parts.row(TourLists, key)) is not None:
        listed.passed = passed
    _show(meeting, key, tour, tour.shown)
    if tour.viewer is not None:
        see(meeting, tour.viewer, tour.shown[0] if tour.shown else None)


def _stayed(state: HubState, entry: Entry) -> None:
    meeting = _meeting(state, entry)
    if meeting is not None and (found := _tour(meeting, entry.data["tour"])) is not None:
        found[1].until = entry.data["until"]


def _paused(state: HubState, entry: Entry) -> None:
    meeting = _meeting(state, entry)
    if meeting is None or (found := _tour(meeting, entry.data["tour"])) is None:
        return
    key, tour = found
    rests, until = entry.data["reason"], tour.until
    left = from_wire(until) - entry.at if rests == "meeting" and until is not None else None
    tour.left_ms = None if left is None else max(0, left // timedelta(milliseconds=1))
    tour.state, tour.rests, tour.until = "paused", rests, None
    if tour.rests in ("taken_over", "voice"):  # it is not the tour that shows whom one sees now
        _show(meeting, key, tour, [])


def _resumed(state: HubState, entry: Entry) -> None:
    meeting = _meeting(state, entry)
    if meeting is not None and (found := _tour(meeting, entry.data["tour"])) is not None:
        tour, until = found[1], entry.data.get("until")  # entries of before it was kept have none
        if until is not None:  # he was shown for a part of his time before it rested
            whole = timedelta(milliseconds=max(tour.seconds * 1000, tour.left_ms or 0))
            tour.since = to_wire(from_wire(until) - whole)
        tour.state, tour.rests, tour.until, tour.left_ms = "running", None, until, None


def _paced(state: HubState, entry: Entry) -> None:
    meeting = _meeting(state, entry)
    if meeting is not None and (found := _tour(meeting, entry.data["tour"])) is not None:
        tour = found[1]
        tour.seconds, tour.until, tour.left_ms = entry.data["seconds"], entry.data["until"], None


def _stopped(state: HubState, entry: Entry) -> None:
    meeting = _meeting(state, entry)
    if meeting is None or (found := _tour(meeting, entry.data["tour"])) is None:
        return
    key, tour = found
    _show(meeting, key, tour, [])
    meeting.parts.drop_row(Tours, key)
    meeting.parts.drop_row(TourLists, key)


_RESTS: Final = {
    "chair": ("手动暂停", "by hand"),
    "taken_over": ("主画面被手动切换", "the stage was changed by hand"),
    "voice": ("发言者占用主画面", "who spoke took the stage"),
    "locked": ("画面锁定", "the stage is locked"),
    "meeting": ("会议暂停", "the meeting is paused"),
}
_ENDS: Final = {
    "stopped": ("手动停止", "by hand"),
    "left": ("发起人离会", "its viewer left"),
    "handed_over": ("不再主持会议", "no longer in control"),
    "ended": ("会议结束", "the meeting ended"),
}

ENTRIES = (
    EntryRule("tour.started", TourStarted, _started, control=Control("开始轮巡", "tour begun")),
    EntryRule("tour.stepped", TourStepped, _stepped, nodes=True, control="none"),
    EntryRule("tour.stayed", TourStayed, _stayed, control=Control("轮巡多看一会儿", "tour stayed longer")),
    EntryRule("tour.paused", TourRested, _paused, control=Control("轮巡暂停", "tour paused", reasons=_RESTS)),
    EntryRule("tour.paced", TourPaced, _paced, control=Control("轮巡间隔", "tour interval")),
    EntryRule("tour.resumed", TourResumed, _resumed, control=Control("轮巡继续", "tour went on")),
    EntryRule("tour.stopped", TourStopped, _stopped, control=Control("轮巡结束", "tour over", reasons=_ENDS)),
)
