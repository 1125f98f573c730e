"""What entries about units do, and which meetings belong together by them."""

from __future__ import annotations

from typing import Any

from hub.clock import to_wire
from hub.conference.unit_shapes import (
    MeetingRef,
    Unit,
    UnitCalled,
    UnitCounted,
    UnitDeclined,
    UnitJoined,
    UnitLed,
    UnitLeft,
    UnitMuted,
    UnitProposed,
    UnitRecorded,
    Units,
    Upper,
)
from hub.entry import Entry
from hub.ruling import Control, EntryRule
from hub.shapes import Author
from hub.state import HubState, Meeting


def upper_of(state: HubState, meeting: Meeting) -> Meeting | None:
    """The meeting above that this one has joined."""
    upper = meeting.read(Upper)
    if upper.state != "joined" or upper.of is None:
        return None
    found = state.meetings.get(upper.of.meeting)
    return found if found is not None and found.is_open else None


def units_of(state: HubState, meeting: Meeting) -> list[tuple[Unit, Meeting]]:
    """The meetings below that have joined this one."""
    joined = [row for row in meeting.read(Units).rows.values() if row.state == "joined"]
    found = ((row, state.meetings.get(row.of.meeting)) for row in joined)
    return [(row, lower) for row, lower in found if lower is not None and lower.is_open]


def together(state: HubState, meeting: str) -> list[str]:
    """The open meetings that are one conference with this one, itself among them: the highest first."""
    top = state.meetings.get(meeting)
    if top is None or not top.is_open:
        return [meeting]
    while (above := upper_of(state, top)) is not None:
        top = above
    found, waiting = [], [top]
    while waiting:
        each = waiting.pop(0)
        found.append(each.id)
        waiting += [lower for _, lower in units_of(state, each)]
    return found


def unit_of(meeting: Meeting, participant: str) -> Unit | None:
    """The unit that this participant speaks for here."""
    rows = meeting.read(Units).rows.values()
    return next((row for row in rows if row.state == "joined" and row.participant == participant), None)


def _ref(data: Any) -> MeetingRef:
    return MeetingRef.model_validate({name: data[name] for name in MeetingRef.model_fields})


def _author(data: Any) -> Author:
    return Author.model_validate({name: data[name] for name in Author.model_fields})


def _side(state: HubState, entry: Entry) -> tuple[Meeting | None, bool]:
    """The open meeting that the entry stands in, and whether that is the one above."""
    meeting = state.meetings.get(entry.meeting or "")
    is_upper = entry.meeting == entry.data["upper"]["meeting"]
    return (meeting if meeting is not None and meeting.is_open else None), is_upper


def _row(state: HubState, entry: Entry) -> Unit | None:
    """The row of the unit that the entry is about, to change; None in the meeting below."""
    meeting, is_upper = _side(state, entry)
    if meeting is None or not is_upper:
        return None
    return meeting.parts.row(Units, entry.data["lower"]["meeting"])


def _proposed(state: HubState, entry: Entry) -> None:
    meeting, is_upper = _side(state, entry)
    data, at = entry.data, to_wire(entry.at)
    if meeting is None:
        return
    by = _author(data["by"])
    if is_upper:
        row = Unit(of=_ref(data["lower"]), state=data["state"], by=by, at=at)
        meeting.parts.put_row(Units, row.of.meeting, row)
    else:
        upper = meeting.parts.edit(Upper)
        upper.of, upper.state, upper.by, upper.at = _ref(data["upper"]), data["state"], by, at


def _over(state: HubState, entry: Entry) -> None:
    meeting, is_upper = _side(state, entry)
    if meeting is not None and is_upper:
        meeting.parts.drop_row(Units, entry.data["lower"]["meeting"])
    elif meeting is not None:
        meeting.parts.forget(Upper)


def _joined(state: HubState, entry: Entry) -> None:
    meeting, is_upper = _side(state, entry)
    data, at = entry.data, to_wire(entry.at)
    if meeting is None:
        return
    by = _author(data["by"])
    if is_upper:
        row = Unit(of=_ref(data["lower"]), state="joined", by=by, at=at, participant=data["chair"]["id"])
        row.present, row.called, row.counted_at = data["present"], data["called"], at
        meeting.parts.put_row(Units, row.of.meeting, row)
    else:
        upper = meeting.parts.edit(Upper)
        upper.of, upper.state, upper.by, upper.at = _ref(data["upper"]), "joined", by, at
        upper.muted = data["muted"]
        upper.told, upper.counted_at = (data["present"], data["called"]), at


def _led(state: HubState, entry: Entry) -> None:
    if (row := _row(state, entry)) is not None:
        row.participant = entry.data["chair"]["id"]


def _muted(state: HubState, entry: Entry) -> None:
    meeting, is_upper = _side(state, entry)
    if meeting is not None and not is_upper:
        meeting.parts.edit(Upper).muted = entry.data["muted"]


def _called(state: HubState, entry: Entry) -> None:
    meeting, is_upper = _side(state, entry)
    if meeting is not None and not is_upper:
        meeting.parts.edit(Upper).called = entry.data["called"]


def _recorded(state: HubState, entry: Entry) -> None:
    meeting, is_upper = _side(state, entry)
    if meeting is not None and not is_upper:
        meeting.parts.edit(Upper).recorded = entry.data["recorded"]


def _counted(state: HubState, entry: Entry) -> None:
    data, at = entry.data, to_wire(entry.at)
    if (row := _row(state, entry)) is not None:
        row.present, row.called, row.counted_at = data["present"], data["called"], at
    lower = state.meetings.get(data["lower"]["meeting"])
    if lower is not None and lower.is_open and lower.read(Upper).state == "joined":
        upper = lower.parts.edit(Upper)
        upper.told, upper.counted_at = (data["present"], data["called"]), at


_ENDS = {
    "upper": ("由上级主席", "by the upper chair"),
    "lower": ("由下级主席", "by the lower chair"),
    "ended": ("会议结束", "a meeting ended"),
    "left": ("其主席离会", "its chair left"),
    "removed": ("其主席被移出", "its chair was removed"),
    "chair": ("主席变更", "another chair"),
}

_NOS = {
    "refused": ("对方未同意", "refused by the other one"),
    "withdrawn": ("提出方撤回", "withdrawn by who proposed it"),
    "ended": ("会议结束", "a meeting ended"),
}

ENTRIES = (
    EntryRule(
        "unit.proposed", UnitProposed, _proposed, control=Control("提出级联", "joining as a unit proposed")
    ),
    EntryRule(
        "unit.declined",
        UnitDeclined,
        _over,
        control=Control("级联未成", "not joined as a unit", reasons=_NOS),
    ),
    EntryRule(
        "unit.joined",
        UnitJoined,
        _joined,
        nodes=True,
        control=Control("级联加入", "joined as a unit"),
    ),
    EntryRule(
        "unit.left",
        UnitLeft,
        _over,
        nodes=True,
        control=Control("级联断开", "unit left", reasons=_ENDS),
    ),
    EntryRule("unit.led", UnitLed, _led, nodes=True, control="none"),
    EntryRule("unit.muted", UnitMuted, _muted, control=Control("上级静音本级", "muted by the meeting above")),
    EntryRule("unit.called", UnitCalled, _called, control="none"),
    EntryRule("unit.recorded", UnitRecorded, _recorded, control="none"),
    EntryRule("unit.counted", UnitCounted, _counted, control="none"),
)
