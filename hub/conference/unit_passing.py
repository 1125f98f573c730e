"""What passes from a meeting down to its units: mutes of them, roll calls, that it is recorded, pauses, lines of words for all.

It is written into the record of the meeting below, too. What stands above comes with joining, and goes with parting.
"""

from __future__ import annotations

from typing import Any

from hub.conference.banner_shapes import BannerSent, SentLine
from hub.conference.pause import Pause
from hub.conference.recording import RunningRecording
from hub.conference.roll_call_shapes import RollCall
from hub.conference.unit_shapes import Unit, Upper
from hub.conference.unit_state import units_of
from hub.entry import SYSTEM, Draft
from hub.gates import signature_of
from hub.ruling import Consequence, Context
from hub.state import HubState, Meeting


def author(context: Context) -> dict[str, str] | None:
    """Who does it; None for the hub itself."""
    return None if context.account.id == SYSTEM else signature_of(context.account, context.tree)


def _units(state: HubState, draft: Draft) -> tuple[Meeting, list[tuple[Unit, Meeting]]]:
    meeting = state.meetings[draft.meeting or ""]
    return meeting, units_of(state, meeting)


def _between(lower: Meeting, unit: Unit, kind: str, **data: Any) -> Draft:
    """What is written below alone."""
    upper = lower.read(Upper).of
    of = {} if upper is None else upper.model_dump(mode="json")
    return Draft(kind, lower.id, {"upper": of, "lower": unit.of.model_dump(mode="json"), **data})


# --- mutes ----------------------------------------------------------------------------------------------


def _after_mute(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    _, units = _units(state, draft)
    muted, who = draft.kind == "participant.muted", draft.data["participant"]
    return [
        _between(lower, unit, "unit.muted", muted=muted, by=author(context))
        for unit, lower in units
        if unit.participant == who and lower.read(Upper).muted != muted
    ]


def _after_mute_of_all(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    _, units = _units(state, draft)
    muted, but = draft.kind == "participant.all_muted", draft.data.get("but", ())
    return [
        _between(lower, unit, "unit.muted", muted=muted, by=author(context))
        for unit, lower in units
        if unit.participant not in but and lower.read(Upper).muted != muted
    ]


# --- roll calls -----------------------------------------------------------------------------------------


def _center(upper: Meeting, unit: Unit) -> str | None:
    seat = upper.seats.get(unit.participant or "")
    return None if seat is None else seat.center


def _after_call(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    upper, units = _units(state, draft)
    called = draft.data.get("center") if draft.kind == "roll_call.called" else None
    return [
        _between(lower, unit, "unit.called", called=not lower.read(Upper).called)
        for unit, lower in units
        if lower.read(Upper).called != (called is not None and called == _center(upper, unit))
    ]


# --- recordings -----------------------------------------------------------------------------------------


def _after_recording(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    if draft.meeting not in state.meetings:  # it is recorded from its opening on
        return []
    _, units = _units(state, draft)
    on = draft.kind == "recording.started"
    return [
        _between(lower, unit, "unit.recorded", recorded=on)
        for unit, lower in units
        if lower.read(Upper).recorded != on
    ]


# --- pauses ---------------------------------------------------------------------------------------------


def _after_pause(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    _, units = _units(state, draft)
    return [
        _paused(lower, draft.data["by"], draft.data["reason"])
        for _, lower in units
        if not lower.read(Pause).paused
    ]


def _after_resuming(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """What rests because the meeting above did goes on with it; what its own chair paused does not."""
    _, units = _units(state, draft)
    return [Draft("meeting.resumed", lower.id, {}) for _, lower in units if lower.read(Pause).above]


def _paused(lower: Meeting, by: dict[str, Any], reason: str) -> Draft:
    return Draft("meeting.paused", lower.id, {"by": by, "reason": reason, "above": True})


# --- lines of words -------------------------------------------------------------------------------------


def _standing(meeting: Meeting) -> list[SentLine]:
    sent = meeting.read(BannerSent)
    return [line for line in (sent.banner, sent.ticker) if line is not None]


def _removed(lower: Meeting, line: SentLine, reason: str) -> Draft:
    gone = {"banner": line.id, "kind": line.kind, "text": line.text, "reason": reason}
    return Draft("banner.removed", lower.id, gone)


def _shown_below(lower: Meeting, shown: dict[str, Any], going: set[str]) -> list[Draft]:
    """A line for all is shown below, too, under the same id, in place of the one of its kind that stands there."""
    replaced = [
        _removed(lower, line, "replaced")
        for line in _standing(lower)
        if line.kind == shown["kind"] and line.id not in going
    ]
    return [*replaced, Draft("banner.shown", lower.id, shown)]


def _after_banner(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    meeting, units = _units(state, draft)
    if draft.data["centers"] is not None:
        return []
    going = {line.id for line in _standing(meeting)}  # what is replaced above is taken off below by that
    return [each for _, lower in units for each in _shown_below(lower, dict(draft.data), going)]


def _after_banner_removed(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    _, units = _units(state, draft)
    if draft.data["reason"] == "ended":
        return []  # parting takes it away
    return [
        _removed(lower, line, draft.data["reason"])
        for _, lower in units
        for line in _standing(lower)
        if line.id == draft.data["banner"]
    ]


# --- joining and parting --------------------------------------------------------------------------------


def brought_down(upper: Meeting, lower: Meeting, between: dict[str, Any]) -> list[Draft]:
    """What stands above comes down to one that joins; `between`: how entries name the two."""
    drafts: list[Draft] = []
    roll = upper.read(RollCall)
    if roll.state in ("running", "paused") and roll.center == lower.chair.center:
        drafts.append(Draft("unit.called", lower.id, {**between, "called": True}))
    if upper.read(RunningRecording).running is not None:
        drafts.append(Draft("unit.recorded", lower.id, {**between, "recorded": True}))
    rests = upper.read(Pause)
    if rests.paused and rests.by is not None and not lower.read(Pause).paused:
        drafts.append(_paused(lower, rests.by.model_dump(mode="json"), rests.reason))
    for line in _standing(upper):
        if line.centers is None:
            shown = {
                "banner": line.id,
                **line.model_dump(mode="json", include={"kind", "text", "style", "run_seconds", "until"}),
                "centers": None,
                "times": None,
                "by": line.by.model_dump(mode="json"),
            }
            drafts += _shown_below(lower, shown, set())
    return drafts


def brought_back(upper: Meeting, lower: Meeting) -> list[Draft]:
    """What came down from above goes with parting."""
    above = {line.id for line in _standing(upper) if line.centers is None}
    drafts = [_removed(lower, line, "taken_off") for line in _standing(lower) if line.id in above]
    if lower.read(Pause).above:
        drafts.append(Draft("meeting.resumed", lower.id, {}))
    return drafts


#: Kind of a draft in the meeting above -> what it brings about below.
PASSED: dict[str, Consequence] = {
    "participant.muted": _after_mute,
    "participant.unmuted": _after_mute,
    "participant.all_muted": _after_mute_of_all,
    "participant.all_unmuted": _after_mute_of_all,
    "roll_call.called": _after_call,
    "roll_call.finished": _after_call,
    "recording.started": _after_recording,
    "recording.stopped": _after_recording,
    "meeting.paused": _after_pause,
    "meeting.resumed": _after_resuming,
    "banner.shown": _after_banner,
    "banner.removed": _after_banner_removed,
}
