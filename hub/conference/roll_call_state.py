"""What the entries of a roll call do: to its state, to its list, and to who is heard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from hub.clock import from_wire, to_wire
from hub.conference.roll_call_shapes import (
    AnswerState,
    RollCall,
    RollCallAnswered,
    RollCallBegun,
    RollCallCalled,
    RollCallFinished,
    RollCallList,
    RollCallPaused,
    RollCallResumed,
    RollCallRow,
    RollCallSkipped,
    RollCallUnanswered,
)
from hub.entry import Entry
from hub.ruling import Control, EntryRule
from hub.shapes import Author
from hub.state import HubState, Meeting

#: The fields of RollCall that count rows in these states.
_COUNTED: dict[AnswerState, str] = {
    "answered": "answered",
    "unanswered": "unanswered",
    "skipped": "skipped",
    "waiting": "waiting",
}


def _meeting(state: HubState, entry: Entry) -> Meeting | None:
    meeting = state.meetings.get(entry.meeting or "")
    return meeting if meeting is not None and (meeting.is_open or state.keeps_ended) else None


def _count(roll: RollCall, row: RollCallRow, one: int) -> None:
    name = _COUNTED.get(row.state)
    if name is not None:
        setattr(roll, name, getattr(roll, name) + one)
    if row.situation == "abnormal":
        roll.abnormal += one


def _put(meeting: Meeting, center: str, **values: Any) -> None:
    """Change a row, and what is counted."""
    roll, row = meeting.parts.edit(RollCall), meeting.parts.row(RollCallList, center)
    if row is None:
        return
    _count(roll, row, -1)
    for name, value in values.items():
        setattr(row, name, value)
    _count(roll, row, 1)


def _look_ahead(meeting: Meeting) -> None:
    """Who is the next one: the first that waits behind who is called, else the first that waits."""
    roll, rows = meeting.parts.edit(RollCall), meeting.read(RollCallList).rows
    here = rows[roll.center].place if roll.center in rows else 0
    waiting = [(row.place < here, row.place, code) for code, row in rows.items() if row.state == "waiting"]
    roll.next = min(waiting)[2] if waiting else None


def listen(meeting: Meeting) -> None:
    """Work out anew who is heard: the chair and the center that is called, and nobody else while the roll call runs."""
    roll = meeting.read(RollCall)
    heard = None
    if roll.state == "running":
        called = [seat.id for seat in meeting.joined if seat.center == roll.center]
        heard = list(dict.fromkeys((meeting.chair.id, *called)))
    if heard != roll.heard:
        meeting.parts.edit(RollCall).heard = heard


def _begun(state: HubState, entry: Entry) -> None:
    meeting = _meeting(state, entry)
    if meeting is None:
        return
    meeting.parts.forget(RollCallList)
    for place, code in enumerate(entry.data["centers"], 1):
        meeting.parts.put_row(RollCallList, code, RollCallRow.model_construct(place=place, state="waiting"))
    meeting.parts.forget(RollCall)
    roll = meeting.parts.edit(RollCall)
    roll.state, roll.roll, roll.begun_at = "running", entry.data["roll"], to_wire(entry.at)
    roll.by = Author.model_validate({name: entry.data["by"][name] for name in Author.model_fields})
    roll.seconds, roll.automatic, roll.shows = (
        entry.data[name] for name in ("seconds", "automatic", "shows")
    )
    roll.total = roll.waiting = len(entry.data["centers"])
    _look_ahead(meeting)
    listen(meeting)


def _called(state: HubState, entry: Entry) -> None:
    meeting = _meeting(state, entry)
    if meeting is None:
        return
    at, center = to_wire(entry.at), entry.data["center"]
    _put(
        meeting,
        center,
        state="called",
        called_at=at,
        at=None,
        late=False,
        situation=None,
        report=None,
        by=None,
        marked=False,
    )
    roll = meeting.parts.edit(RollCall)
    roll.center, roll.called_at, roll.until, roll.left_ms = center, at, entry.data["until"], None
    _look_ahead(meeting)
    listen(meeting)


def _unanswered(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is not None:
        _put(
            meeting,
            entry.data["center"],
            state="unanswered",
            at=to_wire(entry.at),
            situation=None,
            report=None,
            by=None,
            marked=False,
        )
        _look_ahead(meeting)


def _answered(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is not None:
        data = entry.data
        _put(
            meeting,
            data["center"],
            state="answered",
            at=to_wire(entry.at),
            late=data["late"],
            situation=data["situation"],
            report=data["report"],
            by=data["name"],
            marked=data["marked"],
        )
        _look_ahead(meeting)


def _skipped(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is not None:
        _put(meeting, entry.data["center"], state="skipped", at=to_wire(entry.at))
        _look_ahead(meeting)


def _paused(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is not None:
        roll, reason = meeting.parts.edit(RollCall), entry.data.get("reason")
        left = from_wire(roll.until) - entry.at if reason == "meeting" and roll.until is not None else None
        roll.left_ms = None if left is None else max(0, left // timedelta(milliseconds=1))
        roll.state, roll.rests, roll.until = "paused", reason, None
        listen(meeting)


def _resumed(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is not None:
        roll = meeting.parts.edit(RollCall)
        roll.state, roll.rests, roll.until, roll.left_ms = "running", None, entry.data.get("until"), None
        listen(meeting)


def _finished(state: HubState, entry: Entry) -> None:
    meeting = _meeting(state, entry)
    if meeting is None:
        return
    for code in [code for code, row in meeting.read(RollCallList).rows.items() if row.state == "waiting"]:
        _put(meeting, code, state="uncalled")
    roll = meeting.parts.edit(RollCall)
    roll.state, roll.finished_at = "finished", to_wire(entry.at)
    roll.center = roll.called_at = roll.until = roll.next = roll.rests = roll.left_ms = None
    listen(meeting)


#: What a reason is called in the history of control.
_RESTS: Final = {
    "chair": ("手动暂停", "by hand"),
    "abnormal": ("有情况，等待处理", "something is the matter"),
    "meeting": ("会议暂停", "the meeting is paused"),
}

ENTRIES = (
    EntryRule(
        "roll_call.begun", RollCallBegun, _begun, nodes=True, control=Control("开始点名", "roll call begun")
    ),
    EntryRule(
        "roll_call.called",
        RollCallCalled,
        _called,
        nodes=True,
        control=Control("点到", "called in the roll call"),
    ),
    EntryRule(
        "roll_call.unanswered",
        RollCallUnanswered,
        _unanswered,
        control=Control("点名未应答", "no answer to the roll call"),
    ),
    EntryRule("roll_call.answered", RollCallAnswered, _answered, control="none"),
    EntryRule(
        "roll_call.skipped",
        RollCallSkipped,
        _skipped,
        control=Control("点名跳过", "skipped in the roll call"),
    ),
    EntryRule(
        "roll_call.paused",
        RollCallPaused,
        _paused,
        nodes=True,
        control=Control("点名暂停", "roll call paused", reasons=_RESTS),
    ),
    EntryRule(
        "roll_call.resumed",
        RollCallResumed,
        _resumed,
        nodes=True,
        control=Control("点名继续", "roll call went on"),
    ),
    EntryRule(
        "roll_call.finished",
        RollCallFinished,
        _finished,
        nodes=True,
        control=Control("点名结束", "roll call over"),
    ),
)
