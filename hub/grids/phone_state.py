"""Calls to phones of grid members as the state has them: the places beside the seats, and which meeting has whose phone."""

from __future__ import annotations

from sys import intern

from pydantic import Field

from hub.clock import to_wire
from hub.entry import Entry
from hub.parts import Part
from hub.seats import PhoneSeat, PhonesHere, taken_seat
from hub.state import HubState, Meeting


class PhoneCalls(Part):
    """Which meeting calls an account's phone, or has it."""

    of_account: dict[str, str] = Field(default_factory=dict)


def call_of(state: HubState, account: str) -> tuple[Meeting, PhoneSeat] | None:
    """The running meeting that calls this account's phone, or has it, and its place there."""
    meeting = state.meetings.get(state.parts.read(PhoneCalls).of_account.get(account, ""))
    seat = meeting.read(PhonesHere).rows.get(account) if meeting is not None else None
    return None if meeting is None or seat is None else (meeting, seat)


def _seat(state: HubState, entry: Entry) -> PhoneSeat | None:
    meeting = state.meetings.get(entry.meeting or "")
    return meeting.parts.row(PhonesHere, entry.data["participant"]) if meeting is not None else None


def called(state: HubState, entry: Entry) -> None:
    """A phone is called."""
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is None or not meeting.is_open:
        return
    who = entry.data["participant"]
    before = meeting.read(PhonesHere).rows.get(who["id"])
    seat = taken_seat(who, before, to_wire(entry.at)).model_dump()
    made = PhoneSeat.model_construct(
        **{
            **seat,
            "state": "left",
            "left_at": before.left_at if before is not None else None,
            "grid_name": entry.data["grid_name"],
            "by": entry.data["by"]["name"],
            "by_center": entry.data["by"]["center_name"],
            "until": entry.data["until"],
            "rings": False,
            "why": None,
            "household": None,
            "grid": None,
            "looked": [],
        }
    )
    meeting.parts.put_row(PhonesHere, intern(who["id"]), made)
    state.parts.edit(PhoneCalls).of_account[who["id"]] = meeting.id


def rang(state: HubState, entry: Entry) -> None:
    """It rings."""
    seat = _seat(state, entry)
    if seat is not None:
        seat.rings = True


def joined(state: HubState, entry: Entry) -> None:
    """It was answered."""
    seat = _seat(state, entry)
    if seat is not None:
        seat.state, seat.until, seat.left_at = "joined", None, None


def ended(state: HubState, entry: Entry) -> None:
    """It is called, or in, no more."""
    seat = _seat(state, entry)
    if seat is not None:
        if seat.state == "joined":
            seat.state, seat.left_at = "left", to_wire(entry.at)
        seat.until, seat.rings, seat.why = None, False, entry.data["why"]
        seat.household, seat.grid, seat.looked = None, None, []
    calls = state.parts.edit(PhoneCalls).of_account
    if calls.get(entry.data["participant"]) == entry.meeting:
        del calls[entry.data["participant"]]


def shown(state: HubState, entry: Entry) -> None:
    """A household's case is shown from it."""
    seat = _seat(state, entry)
    if seat is not None:
        seat.household, seat.grid, seat.looked = entry.data["household"], entry.data["grid"], []


def hidden(state: HubState, entry: Entry) -> None:
    """It is taken back."""
    seat = _seat(state, entry)
    if seat is not None:
        seat.household, seat.grid, seat.looked = None, None, []


def looked(state: HubState, entry: Entry) -> None:
    """Somebody looked at it."""
    seat = _seat(state, entry)
    if seat is not None:
        seat.looked = [*seat.looked, entry.actor.account]
