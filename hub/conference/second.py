"""The second stream (双流): whose shared screen stands beside the speaker.

| command | refused with |
|---|---|
| `stage.share` | `not_found`, `meeting_ended`, `not_joined`, `removed`, `stage_locked`, `wrong_state` (somebody else shares) |
| `stage.unshare` | `not_found`, `meeting_ended`, `forbidden` (somebody else's) |
| `stage.second_away`, `stage.second_back` (the hub only) | `not_found`, `meeting_ended` |
| `stage.second_expire` (the hub only) | `not_found`, `meeting_ended`, `wrong_state` (time is not up) |

Whose screen stands there keeps that place until he stops or leaves, the chair takes it, or nothing has come of his screen for
some time: a page that crashed does not keep the place from others. A locked stage keeps nobody from stopping.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hub.clock import from_wire, to_wire
from hub.conference.stage import require_free
from hub.conference.stage_shapes import Second, SecondOf, SecondReason, Stage
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.gates import may_here, require_here, require_joined, running_meeting
from hub.ruling import CommandRule, Context, Control, Due, EntryRule, NoData, RuleFile
from hub.shapes import OfParticipant
from hub.state import HubState, Meeting

#: How long a screen of which nothing comes keeps its place.
LOST: Final = timedelta(seconds=10)


def _put(meeting: Meeting, participant: str | None, reason: SecondReason = "hand") -> Draft:
    why = {} if reason == "hand" else {"reason": reason}
    return Draft("stage.second", meeting.id, {"participant": participant, **why})


def _share(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Put one's own shared screen beside the speaker."""
    meeting = running_meeting(state, command, context)
    require_joined(meeting, context)
    require_free(meeting, context)
    who, second = context.account.id, meeting.read(Stage).second
    if second == who:
        return []
    if second is not None and not may_here(meeting, "meeting.control", context):
        raise Refusal("wrong_state", "somebody else shares a screen")
    return [_put(meeting, who)]


def _unshare(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Take the screen beside the speaker away: one's own, or as the chair anybody's."""
    meeting = running_meeting(state, command, context)
    second = meeting.read(Stage).second
    if second != context.account.id:
        require_here(meeting, "meeting.control", context)
    return [_put(meeting, None)] if second is not None else []


def _away(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Nothing comes of the screen that stands there."""
    meeting = running_meeting(state, command, context)
    who, stage = SecondOf.model_validate(command.data).participant, meeting.read(Stage)
    if stage.second != who or stage.second_lost_at is not None:
        return []
    return [Draft("stage.second_lost", meeting.id, {"participant": who})]


def _back(state: HubState, command: Command, context: Context) -> list[Draft]:
    """It comes again."""
    meeting = running_meeting(state, command, context)
    who, stage = SecondOf.model_validate(command.data).participant, meeting.read(Stage)
    if stage.second != who or stage.second_lost_at is None:
        return []
    return [Draft("stage.second_returned", meeting.id, {"participant": who})]


def _expire(state: HubState, command: Command, context: Context) -> list[Draft]:
    """It was waited for long enough."""
    meeting = running_meeting(state, command, context)
    lost_at = meeting.read(Stage).second_lost_at
    if lost_at is None:
        return []
    if from_wire(lost_at) + LOST > context.now:
        raise Refusal("wrong_state", "the time is not up yet")
    return [_put(meeting, None, "lost")]


def _after_leaving(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who goes, or is put out, leaves the place."""
    meeting = state.meetings[draft.meeting or ""]
    return [_put(meeting, None, "left")] if meeting.read(Stage).second == draft.data["participant"] else []


def _stands(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is not None and meeting.is_open:
        stage = meeting.parts.edit(Stage)
        stage.second, stage.second_lost_at = entry.data["participant"], None


def _lost(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is not None and meeting.is_open and meeting.read(Stage).second == entry.data["participant"]:
        lost = entry.kind == "stage.second_lost"
        meeting.parts.edit(Stage).second_lost_at = to_wire(entry.at) if lost else None


def _gives_up(meeting: Meeting) -> Due | None:
    """When a screen of which nothing comes loses its place."""
    stage = meeting.read(Stage)
    if stage.second is None or stage.second_lost_at is None:
        return None
    return Due(from_wire(stage.second_lost_at) + LOST, "stage.second_expire", meeting.id, stage.second)


#: What a reason is called in the history of control.
_REASONS: Final = {
    "left": ("共享者离会，双流结束", "who shared left"),
    "lost": ("共享画面中断，自动让出双流", "nothing came of the screen any more"),
}

RULES = RuleFile(
    "second",
    commands=(
        CommandRule("stage.share", NoData, _share),
        CommandRule("stage.unshare", NoData, _unshare),
        CommandRule("stage.second_away", SecondOf, _away, system=True),
        CommandRule("stage.second_back", SecondOf, _back, system=True),
        CommandRule("stage.second_expire", NoData, _expire, system=True),
    ),
    entries=(
        EntryRule(
            "stage.second",
            Second,
            _stands,
            nodes=True,
            control=Control("双流", "second stream", reasons=_REASONS),
        ),
        EntryRule("stage.second_lost", OfParticipant, _lost, control="none"),
        EntryRule("stage.second_returned", OfParticipant, _lost, control="none"),
    ),
    follows={
        "meeting.left": _after_leaving,
        "camera.parted": _after_leaving,
        "participant.removed": _after_leaving,
    },
    due=_gives_up,
)
