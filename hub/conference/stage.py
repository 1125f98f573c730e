"""The stage: whose picture everybody sees, what single viewers see instead, and several pictures beside each other.

| command | refused with |
|---|---|
| `stage.broadcast` | `not_found`, `meeting_ended`, `forbidden`, `stage_locked`, `wrong_state` (not joined now) |
| `stage.view` | `not_found`, `meeting_ended`, `forbidden`, `stage_locked`, `wrong_state`, `invalid` (himself), `too_many` |
| `stage.layout` | `not_found`, `meeting_ended`, `forbidden`, `stage_locked`, `wrong_state` (not joined now) |
| `stage.lock`, `stage.follow_voice` | `not_found`, `meeting_ended`, `forbidden`, `stage_locked` |
| `stage.heard` (the hub only) | `not_found`, `meeting_ended` |

What stands already changes nothing. A locked stage is changed by who locked it and by the chair, and by nobody and nothing
else: tours, roll calls and voices stop short of it (`is_free`). Whoever leaves or is removed is taken off the stage, out of
views and cells by entries of their own, locked or not, so that no reader has to know that rule.
"""

from __future__ import annotations

from typing import Any, Final

from hub.conference.roll_call_shapes import RollCall
from hub.conference.stage_shapes import (
    CELLS,
    MAX_VIEWS,
    Broadcast,
    LaidOut,
    Layout,
    LayoutWanted,
    Stage,
    StageBecause,
    StageBroadcast,
    StageFollowVoice,
    StageHeard,
    StageHeld,
    StageLayout,
    StageLock,
    StageView,
    Viewed,
    VoiceFollowed,
)
from hub.entry import SYSTEM, Command, Draft, Entry
from hub.errors import Refusal
from hub.gates import GOING, require_here, running_meeting, shown_of, signature_of
from hub.ruling import CommandRule, Context, Control, EntryRule, RuleFile
from hub.shapes import Author
from hub.state import HubState, Meeting

__all__ = [
    "CELLS",
    "RULES",
    "Layout",
    "Stage",
    "broadcasting",
    "is_free",
    "laid_out",
    "require_free",
    "see",
    "viewed",
    "whole_layout",
    "without",
]


def is_free(meeting: Meeting, account: str = SYSTEM) -> bool:
    """Whether this account may change the stage as far as its lock goes; without one: whether the hub by itself may."""
    locked = meeting.read(Stage).locked
    return locked is None or account in (locked.account, meeting.chair.id)


def require_free(meeting: Meeting, context: Context) -> None:
    """Raises Refusal `stage_locked` unless `is_free` for who asks."""
    if not is_free(meeting, context.account.id):
        locked = meeting.read(Stage).locked
        raise Refusal("stage_locked", f"the stage is locked by {locked.name if locked is not None else ''}")


def viewed(meeting: Meeting, viewer: str, source: str | None, because: StageBecause = "chair") -> list[Draft]:
    """What shows this viewer a participant of his own, or with None the stage again; nothing where he sees that already."""
    if meeting.read(Stage).views.get(viewer) == source:
        return []
    return [Draft("stage.view", meeting.id, {"viewer": viewer, "source": source, **_why(because)})]


def laid_out(meeting: Meeting, layout: Layout | None, because: StageBecause = "chair") -> list[Draft]:
    """What has pictures stand like this; nothing where they do already."""
    if meeting.read(Stage).layout == layout:
        return []
    told = None if layout is None else layout.model_dump(mode="json")
    return [Draft("stage.layout", meeting.id, {"layout": told, **_why(because)})]


def broadcasting(meeting: Meeting, participant: str | None, because: StageBecause = "chair") -> list[Draft]:
    """What puts a participant on the stage, or clears it; nothing where that stands already."""
    if meeting.read(Stage).broadcast == participant:
        return []
    return [Draft("stage.broadcast", meeting.id, {"participant": participant, **_why(because)})]


def _why(because: StageBecause) -> dict[str, str]:
    return {} if because == "chair" else {"because": because}


def see(meeting: Meeting, viewer: str, source: str | None) -> None:
    """In the state: this viewer sees a participant of his own from now on, or with None the stage again."""
    stage = meeting.parts.edit(Stage)
    others = {who: seen for who, seen in stage.views.items() if who != viewer}
    stage.views = others if source is None else {**others, viewer: source}


def whole_layout(meeting: Meeting, wanted: LayoutWanted) -> Layout:
    """A layout as it stands, with all its cells. Raises Refusal `not_found`, `wrong_state` for who is not there."""
    for who in wanted.cells:
        if who is not None:
            _require_there(meeting, who, "layout")
    cells = [*wanted.cells, *[None] * (CELLS[wanted.grid] - len(wanted.cells))]
    return Layout(grid=wanted.grid, cells=cells, to=wanted.to, plates=wanted.plates)


def without(layout: Layout, who: str) -> Layout:
    """A layout from whose cells somebody was taken."""
    return layout.model_copy(update={"cells": [None if each == who else each for each in layout.cells]})


def _changing(state: HubState, command: Command, context: Context) -> Meeting:
    """The meeting, for who changes its stage. Raises Refusal as the table says."""
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    require_free(meeting, context)
    return meeting


def _require_there(meeting: Meeting, participant: str, field: str) -> None:
    if shown_of(meeting, participant).state != "joined":
        raise Refusal("wrong_state", "this participant is not in the meeting now", field)


def _broadcast(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = _changing(state, command, context)
    participant = StageBroadcast.model_validate(command.data).participant
    if participant is not None:
        _require_there(meeting, participant, "participant")
    return broadcasting(meeting, participant)


def _view(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = _changing(state, command, context)
    data, views = StageView.model_validate(command.data), meeting.read(Stage).views
    if data.source is not None:
        _require_there(meeting, data.viewer, "viewer")
        _require_there(meeting, data.source, "source")
        if data.source == data.viewer:
            raise Refusal("invalid", "nobody is shown himself", "source")
        if data.viewer not in views and len(views) >= MAX_VIEWS:
            raise Refusal("too_many", f"{MAX_VIEWS} are shown something of their own; let some see the stage")
    return viewed(meeting, data.viewer, data.source)


def _layout(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = _changing(state, command, context)
    wanted = StageLayout.model_validate(command.data).layout
    if wanted is None:
        return laid_out(meeting, None)
    return laid_out(meeting, whole_layout(meeting, wanted))


def _lock(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = _changing(state, command, context)
    wanted = StageLock.model_validate(command.data).locked
    if wanted == (meeting.read(Stage).locked is not None):
        return []
    by = {"by": signature_of(context.account, context.tree)}
    return [Draft("stage.locked", meeting.id, by) if wanted else Draft("stage.unlocked", meeting.id, by)]


def _follow_voice(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = _changing(state, command, context)
    on = StageFollowVoice.model_validate(command.data).on
    return [Draft("stage.voice_followed", meeting.id, {"on": on})] if on != meeting.read(Stage).voice else []


def _heard(state: HubState, command: Command, context: Context) -> list[Draft]:
    """What was true when it was heard may not be any more: then nothing changes."""
    meeting = running_meeting(state, command, context)
    participant = StageHeard.model_validate(command.data).participant
    seat, roll = meeting.seats.get(participant), meeting.read(RollCall)
    if not meeting.read(Stage).voice or not is_free(meeting) or seat is None or seat.state != "joined":
        return []
    if roll.state == "running" and roll.shows:  # the stage is the roll call's
        return []
    return broadcasting(meeting, participant, "voice")


def _clear(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """A participant goes: he is taken off the stage, out of views and cells, wherever he is."""
    meeting = state.meetings.get(draft.meeting or "")
    if meeting is None:
        return []
    stage, who = meeting.read(Stage), draft.data["participant"]
    drafts = [
        each
        for viewer, source in stage.views.items()
        if who in (viewer, source)
        for each in viewed(meeting, viewer, None, "left")
    ]
    if stage.layout is not None and who in stage.layout.cells:
        drafts += laid_out(meeting, without(stage.layout, who), "left")
    if stage.broadcast == who:
        drafts += broadcasting(meeting, None, "left")
    return drafts


def _stage(state: HubState, entry: Entry) -> Stage | None:
    """The stage that an entry is about, to change; None where the meeting is over or not known."""
    meeting = state.meetings.get(entry.meeting or "")
    return meeting.parts.edit(Stage) if meeting is not None and meeting.is_open else None


def _put(state: HubState, entry: Entry) -> None:
    if (stage := _stage(state, entry)) is not None:
        stage.broadcast = entry.data["participant"]


def _put_view(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is not None and meeting.is_open:
        see(meeting, entry.data["viewer"], entry.data["source"])


def _put_layout(state: HubState, entry: Entry) -> None:
    if (stage := _stage(state, entry)) is not None:
        told = entry.data["layout"]
        known = None if told is None else {name: told[name] for name in Layout.model_fields if name in told}
        stage.layout = None if known is None else Layout.model_validate(known)


def _put_lock(state: HubState, entry: Entry) -> None:
    if (stage := _stage(state, entry)) is not None:
        by = {name: entry.data["by"][name] for name in Author.model_fields}
        stage.locked = Author.model_validate(by) if entry.kind == "stage.locked" else None


def _put_voice(state: HubState, entry: Entry) -> None:
    if (stage := _stage(state, entry)) is not None:
        stage.voice = entry.data["on"]


def _to_node(meeting: Meeting) -> dict[str, Any]:
    stage = meeting.read(Stage)
    return {"broadcast": stage.broadcast, "views": dict(stage.views), "second": stage.second}


_ENTRIES: Final = (
    EntryRule("stage.broadcast", Broadcast, _put, nodes=True, control=Control("广播", "broadcast")),
    EntryRule("stage.view", Viewed, _put_view, nodes=True, control=Control("选看", "selected view")),
    EntryRule("stage.layout", LaidOut, _put_layout, control=Control("布局", "layout")),
    EntryRule("stage.locked", StageHeld, _put_lock, control=Control("锁定画面", "stage locked")),
    EntryRule("stage.unlocked", StageHeld, _put_lock, control=Control("解锁画面", "stage unlocked")),
    EntryRule(
        "stage.voice_followed", VoiceFollowed, _put_voice, control=Control("声控切换", "voice-activated")
    ),
)

RULES = RuleFile(
    "stage",
    part=Stage,
    commands=(
        CommandRule("stage.broadcast", StageBroadcast, _broadcast),
        CommandRule("stage.view", StageView, _view),
        CommandRule("stage.layout", StageLayout, _layout),
        CommandRule("stage.lock", StageLock, _lock),
        CommandRule("stage.follow_voice", StageFollowVoice, _follow_voice),
        CommandRule("stage.heard", StageHeard, _heard, system=True),
    ),
    entries=_ENTRIES,
    follows=dict.fromkeys(GOING, _clear),
    to_node=_to_node,
)
