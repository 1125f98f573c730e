"""Sound (声音): how one is heard in a meeting, and whose loudspeakers are off.

| command | refused with |
|---|---|
| `sound.set` | `not_found`, `meeting_ended`, `forbidden` |
| `sound.unmute_self` | `not_found`, `meeting_ended`, `not_joined`, `removed`, `forbidden` (the chair does not allow it) |
| `speaker.close` | `not_found` (meeting, center), `meeting_ended`, `forbidden`, `invalid` (nobody is named) |
| `speaker.open` | `not_found` (meeting, center), `meeting_ended`, `forbidden` |

Who is muted stays so until the chair lets him speak; where the meeting allows it (自行开麦) he may do so himself. Who comes
for the first time is heard, or muted where the meeting has it so; the chair never. Loudspeakers are turned off by center, for
all who are there for it or come later; those of the chair stay on. What is so already changes nothing.
"""

from __future__ import annotations

from hub.conference.sound_shapes import OwnSounds, Sound, SoundSet, SpeakerClose, SpeakerOpen
from hub.conference.sound_state import SETTINGS
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.gates import require_here, require_joined, running_meeting
from hub.ruling import CommandRule, Context, NoData, RuleFile
from hub.state import HubState, Meeting


def _set(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    data, sound = SoundSet.model_validate(command.data), meeting.read(Sound)
    now = {name: getattr(sound, name) for name in SoundSet.model_fields}
    wanted = {name: value for name, value in data.model_dump().items() if value is not None}
    if wanted.items() <= now.items():
        return []
    ended = []
    if now["mode"] == "talk" != wanted.get("mode", "talk"):
        ended = [
            Draft("talk.ended", meeting.id, {"participant": one.participant, "reason": "mode"})
            for one in sound.talking
        ]
    return [*ended, Draft("sound.changed", meeting.id, {**now, **wanted})]


def _unmute_self(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Be heard again though the chair muted one, where the meeting allows it."""
    meeting = running_meeting(state, command, context)
    require_joined(meeting, context)
    who = context.account.id
    if not meeting.seats[who].muted:
        return []
    if not meeting.read(Sound).self_unmute:
        raise Refusal("forbidden", "the chair decides who is heard: ask for the floor")
    return [Draft("participant.unmuted", meeting.id, {"participant": who})]


def _called(meeting: Meeting, centers: list[str]) -> list[str]:
    """Codes without repetition. Raises Refusal `not_found` for one that is not called."""
    chosen, called = list(dict.fromkeys(centers)), set(meeting.centers)
    for code in chosen:
        if code not in called:
            raise Refusal("not_found", f"center {code} is not called to this meeting", "centers")
    return chosen


def _close(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    data = SpeakerClose.model_validate(command.data)
    chosen = _called(meeting, data.centers)
    if data.all_but:
        chosen = [code for code in meeting.centers if code not in set(chosen)]
    elif not chosen:
        raise Refusal("invalid", "name at least one center", "centers")
    closed = set(meeting.read(Sound).closed)
    wanted = [code for code in chosen if code not in closed and code != meeting.chair.center]
    return [Draft("speaker.closed", meeting.id, {"centers": wanted})] if wanted else []


def _open(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    chosen = _called(meeting, SpeakerOpen.model_validate(command.data).centers)
    closed = meeting.read(Sound).closed
    wanted = [code for code in chosen or closed if code in closed]
    return [Draft("speaker.opened", meeting.id, {"centers": wanted})] if wanted else []


def _after_joining(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who comes for the first time is muted where the meeting has it so, and hears nothing where his center does not."""
    meeting = state.meetings[draft.meeting or ""]
    who, sound = draft.data["participant"], meeting.read(Sound)
    drafts = []
    if sound.joins_muted and who["id"] not in meeting.seats and who["id"] != meeting.chair.id:
        drafts.append(Draft("participant.muted", meeting.id, {"participant": who["id"]}))
    own = meeting.read(OwnSounds).rows.get(who["id"])
    if who["center"] in sound.closed and not (own is not None and own.speaker_off):
        drafts.append(Draft("speaker.closed", meeting.id, {"centers": [who["center"]]}))
    return drafts


def _after_another_chair(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who leads the meeting hears it."""
    meeting, center = state.meetings[draft.meeting or ""], draft.data["participant"]["center"]
    closed = meeting.read(Sound).closed
    return [Draft("speaker.opened", meeting.id, {"centers": [center]})] if center in closed else []


RULES = RuleFile(
    "sound",
    part=Sound,
    commands=(
        CommandRule("sound.set", SoundSet, _set),
        CommandRule("sound.unmute_self", NoData, _unmute_self),
        CommandRule("speaker.close", SpeakerClose, _close),
        CommandRule("speaker.open", SpeakerOpen, _open),
    ),
    entries=SETTINGS,
    follows={"meeting.joined": _after_joining, "chair.changed": _after_another_chair},
)
#: What holds for one alone is a part of its own: each is told his row.
OWN = RuleFile("own_sound", part=OwnSounds)
