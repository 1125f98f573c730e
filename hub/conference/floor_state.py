"""What the entries about the floor do to the state: who waits at which place, and who speaks."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hub.clock import from_wire, to_wire
from hub.conference.floor_shapes import (
    Claim,
    Floor,
    FloorChanged,
    FloorDenied,
    FloorGoesOn,
    FloorGranted,
    FloorMoved,
    FloorRequested,
    FloorRevoked,
    FloorSettings,
)
from hub.conference.pause import Pause
from hub.conference.talk import RANKS
from hub.entry import Entry
from hub.parts import PartTable
from hub.ruling import Control, EntryRule
from hub.seats import Seats
from hub.shapes import OfParticipant
from hub.state import HubState


def waiting(parts: PartTable) -> list[str]:
    """Who waits, the first one first."""
    rows = parts.read(Floor).rows
    return sorted(
        (who for who, claim in rows.items() if claim.state == "waiting"), key=lambda who: rows[who].place
    )


def rank_of(parts: PartTable, participant: str) -> int:
    """How high his level is, 1 for the city's; for one without a seat the lowest."""
    seat = parts.read(Seats).rows.get(participant)
    return max(RANKS.values()) if seat is None else RANKS[seat.level]


def _number(parts: PartTable, order: list[str]) -> None:
    """Give places anew, from 1 on; who keeps his is not touched."""
    rows = parts.read(Floor).rows
    for place, who in enumerate(order, 1):
        if rows[who].place != place and (claim := parts.row(Floor, who)) is not None:
            claim.place = place


def _take_out(parts: PartTable, participant: str) -> None:
    """Take a claim out; who waits behind it moves up."""
    if participant in parts.read(Floor).rows:
        parts.drop_row(Floor, participant)
        _number(parts, waiting(parts))


def _parts(state: HubState, entry: Entry) -> PartTable | None:
    meeting = state.meetings.get(entry.meeting or "")
    return meeting.parts if meeting is not None and meeting.is_open else None


def _asked(state: HubState, entry: Entry) -> None:
    if (parts := _parts(state, entry)) is None:
        return
    who, before = entry.data["participant"], parts.read(Floor).rows.get(entry.data["participant"])
    order = [one for one in waiting(parts) if one != who]
    place = entry.data.get("place") or len(order) + 1
    asked_before = before is not None and before.state == "waiting"
    claim = Claim(
        state="waiting",
        place=place,
        at=before.at if before is not None and asked_before else to_wire(entry.at),
        until=None,
        reason=entry.data.get("reason", ""),
    )
    parts.drop_row(Floor, who)  # one who was turned down before stands behind the others
    parts.put_row(Floor, who, claim)
    _number(parts, [*order[: place - 1], who, *order[place - 1 :]])


def _given(state: HubState, entry: Entry) -> None:
    if (parts := _parts(state, entry)) is None:
        return
    who = entry.data["participant"]
    before, seat = parts.read(Floor).rows.get(who), parts.read(Seats).rows.get(who)
    goes_on = before is not None and before.state == "speaking"
    claim = Claim(
        state="speaking",
        place=0,
        at=before.at if before is not None and goes_on else to_wire(entry.at),
        until=entry.data["until"],
        reason=before.reason if before is not None and before.state != "denied" else "",
        muted_before=(seat is not None and seat.muted) or (before is not None and before.muted_before),
        shown=entry.data.get("shows", False) or (before is not None and before.shown),
    )
    if parts.read(Pause).paused:
        _hold(claim, entry)
    _take_out(parts, who)
    parts.put_row(Floor, who, claim)


def _hold(claim: Claim, entry: Entry) -> None:
    """His time stands still from now on."""
    if claim.until is not None:
        claim.left_ms = max(0, (from_wire(claim.until) - entry.at) // timedelta(milliseconds=1))
        claim.until = None


def _denied(state: HubState, entry: Entry) -> None:
    """He stays in the list as one who was turned down, until he asks again: so he is told why."""
    if (parts := _parts(state, entry)) is None:
        return
    who = entry.data["participant"]
    before = parts.read(Floor).rows.get(who)
    _take_out(parts, who)
    if before is not None:
        answer = entry.data.get("reason", "")
        denied = Claim(
            state="denied", place=0, at=to_wire(entry.at), until=None, reason=before.reason, answer=answer
        )
        parts.put_row(Floor, who, denied)


def _moved(state: HubState, entry: Entry) -> None:
    if (parts := _parts(state, entry)) is None:
        return
    who, place = entry.data["participant"], entry.data["place"]
    order = [one for one in waiting(parts) if one != who]
    _number(parts, [*order[: place - 1], who, *order[place - 1 :]])


def _overran(state: HubState, entry: Entry) -> None:
    parts = _parts(state, entry)
    claim = parts.row(Floor, entry.data["participant"]) if parts is not None else None
    if claim is not None:
        claim.over = True


def _held(state: HubState, entry: Entry) -> None:
    parts = _parts(state, entry)
    claim = parts.row(Floor, entry.data["participant"]) if parts is not None else None
    if claim is not None:
        _hold(claim, entry)


def _goes_on(state: HubState, entry: Entry) -> None:
    parts = _parts(state, entry)
    claim = parts.row(Floor, entry.data["participant"]) if parts is not None else None
    if claim is not None:
        claim.until, claim.left_ms = entry.data["until"], None


def _over(state: HubState, entry: Entry) -> None:
    if (parts := _parts(state, entry)) is not None:
        _take_out(parts, entry.data["participant"])


def _changed(state: HubState, entry: Entry) -> None:
    if (parts := _parts(state, entry)) is None:
        return
    settings = parts.edit(FloorSettings)
    reorder = settings.order != entry.data["order"]
    for name in FloorChanged.model_fields:
        setattr(settings, name, entry.data[name])
    if reorder:
        rows = parts.read(Floor).rows
        by_time = sorted(waiting(parts), key=lambda who: rows[who].at)
        by_level = settings.order == "level"
        _number(parts, sorted(by_time, key=lambda who: rank_of(parts, who)) if by_level else by_time)


#: What a reason is called in the history of control.
_REASONS: Final = {
    "chair": ("主席收回", "by the chair"),
    "next": ("给了下一位", "given to the next one"),
    "time": ("时间到", "time was up"),
    "removed": ("已移出", "was removed"),
}

ENTRIES = (
    EntryRule("floor.requested", FloorRequested, _asked, control="none"),
    EntryRule("floor.withdrawn", OfParticipant, _over, control="none"),
    EntryRule(
        "floor.granted", FloorGranted, _given, nodes=True, control=Control("允许发言", "floor granted")
    ),
    EntryRule("floor.denied", FloorDenied, _denied, control=Control("不允许发言", "floor denied")),
    EntryRule("floor.moved", FloorMoved, _moved, control=Control("调整发言次序", "moved in the queue")),
    EntryRule(
        "floor.overran", OfParticipant, _overran, control=Control("发言超时", "over the time to speak")
    ),
    EntryRule("floor.held", OfParticipant, _held, control="none"),
    EntryRule("floor.went_on", FloorGoesOn, _goes_on, control="none"),
    EntryRule("floor.released", OfParticipant, _over, nodes=True, control="none"),
    EntryRule(
        "floor.revoked",
        FloorRevoked,
        _over,
        nodes=True,
        control=Control("收回发言", "floor revoked", reasons=_REASONS),
    ),
    EntryRule("floor.changed", FloorChanged, _changed, control=Control("发言规则", "rules of the floor")),
)
