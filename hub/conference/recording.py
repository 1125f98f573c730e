"""Recording of a meeting: started, stopped, and the parts that the recorder writes.

| command | refused with |
|---|---|
| `recording.start` | `not_found`, `meeting_ended`, `forbidden`, `already_done` (it runs), `no_room` (the disk is short) |
| `recording.stop` | `not_found`, `meeting_ended`, `forbidden`, `already_done` (it does not run) |
| `recording.part_open`, `recording.part_close` (the hub only) | `not_found` (no such meeting, recording, or part to close) |

The recorder reports parts until it is heard, also after the meeting has ended and after restarts. So a part
of an ended meeting is always accepted; the hub gives these commands ids made from the part's id, and the
writer answers a repetition with its first answer.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from hub.conference.recording_room import has_room
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import CenterCode, Moment, ObjectId, ParticipantId, Text
from hub.gates import require_here, running_meeting
from hub.parts import Part
from hub.ruling import CommandData, CommandRule, Context, Control, Document, EntryRule, NoData, RuleFile
from hub.shapes import Wire
from hub.state import HubState, Meeting

#: Holes that are told of one part.
MOST_HOLES: Final = 200


class RunningRecording(Part):
    """The recordings of one open meeting."""

    running: str | None = None
    """Id of the recording that runs; null when none does."""
    owed: bool = False
    """Whether it was to be recorded and is not, since the disk takes no new recording; it begins when it does."""
    all: list[str] = Field(default_factory=list, exclude=True)
    """Ids of all recordings of the meeting, oldest first."""
    parts: dict[str, Literal["recording", "closed"]] = Field(default_factory=dict, exclude=True)
    """Part id -> whether the recorder still writes it."""


class RecordedTrack(CommandData):
    """One track of a part."""

    kind: Literal["audio", "video"]
    """Sound or picture."""
    codec: str = Field(min_length=1, max_length=32)
    """`opus`, `vp8`, `vp9`, `h264` or `av1`."""


class Hole(CommandData):
    """A stretch in which a track of a part shows or says nothing, two seconds or longer."""

    kind: Literal["audio", "video"]
    """Sound or picture."""
    from_ms: int = Field(ge=0)
    """From the part's start."""
    to_ms: int = Field(ge=0)
    """Where it goes on, or the part's end."""
    why: Literal["nothing", "lost", "disk"]
    """`nothing` came (muted, paused, a line that was cut); what came was `lost` in part; the `disk` did not keep up."""


class PartOpen(CommandData):
    """The recorder began a part: one publisher's media session, picture and sound together."""

    recording: ObjectId
    """The recording it belongs to."""
    part: ObjectId
    """The part's id, made by the recorder."""
    participant: ParticipantId
    """Whose picture and sound."""
    center: CenterCode
    """Code of the participant's center."""
    name: Text = Field(max_length=200)
    """The center's name, for the archive."""
    file: Text = Field(min_length=1, max_length=300)
    """The file, relative to the recordings folder."""
    tracks: list[RecordedTrack] = Field(max_length=8)
    """What it holds."""
    started_at: Moment
    """When its first packet was captured."""
    source: Literal["camera", "screen"] = "camera"
    """What its picture shows; `camera` for sound alone, too."""


class PartClose(CommandData):
    """The recorder finished a part; the file does not change any more."""

    recording: ObjectId
    """The recording it belongs to."""
    part: ObjectId
    """The part."""
    duration_ms: int = Field(ge=0)
    """Length of the part."""
    bytes: int = Field(ge=0)
    """Size of the file."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Of the whole file."""
    holes: list[Hole] = Field(default_factory=list, max_length=MOST_HOLES)
    """Its holes, oldest first; of more than there is place for, the longest."""


class OfRecording(Wire):
    """It happened to this recording."""

    recording: str


class PartOpened(Wire):
    """The recorder began a part."""

    recording: str
    part: str
    participant: str
    center: str
    name: str
    file: str
    tracks: list[RecordedTrack]
    started_at: str
    source: Literal["camera", "screen"] = "camera"


class PartClosed(Wire):
    """The recorder closed a part."""

    recording: str
    part: str
    duration_ms: int
    bytes: int
    sha256: str
    holes: list[Hole] = Field(default_factory=list)


class RecordingRefused(Wire):
    """A meeting that was to be recorded is not: the disk takes no new recording. It is owed one."""

    reason: Literal["no_room"]


def _start_draft(meeting: str, context: Context) -> Draft:
    return Draft("recording.started", meeting, {"recording": context.new_id("r")})


def _with_meeting(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """A meeting that is to be recorded is recorded from its first moment."""
    if draft.meeting is None or not draft.data["record"]:
        return []
    if not has_room(state):
        return [Draft("recording.refused", draft.meeting, {"reason": "no_room"})]
    return [_start_draft(draft.meeting, context)]


def _with_room(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """There is room again: what meetings were owed begins."""
    if draft.data["room"] == "none":
        return []
    return [
        _start_draft(meeting.id, context)
        for meeting in state.meetings.values()
        if meeting.is_open and meeting.read(RunningRecording).owed
    ]


def _before_end(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """The recording is stopped before its meeting ends."""
    return _stop_drafts(state.meetings[draft.meeting or ""])


def _stop_drafts(meeting: Meeting) -> list[Draft]:
    running = meeting.read(RunningRecording).running
    return [] if running is None else [Draft("recording.stopped", meeting.id, {"recording": running})]


def _start(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Have the meeting recorded."""
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.minute", context)
    if meeting.read(RunningRecording).running is not None:
        raise Refusal("already_done", "the meeting is being recorded")
    if not has_room(state):
        raise Refusal("no_room", "the disk has too little room for a new recording")
    return [_start_draft(meeting.id, context)]


def _stop(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Have it recorded no more."""
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.minute", context)
    drafts = _stop_drafts(meeting)
    if not drafts:
        raise Refusal("already_done", "the meeting is not being recorded")
    return drafts


def _meeting_of_part(state: HubState, command: Command, recording: str) -> RunningRecording | None:
    """The recordings of the part's meeting; None when the meeting has ended."""
    meeting = state.meetings.get(command.meeting or "")
    if meeting is None:
        raise Refusal("not_found", "there is no such meeting", "meeting")
    if not meeting.is_open:
        return None
    recordings = meeting.read(RunningRecording)
    if recording not in recordings.all:
        raise Refusal("not_found", "there is no such recording in this meeting", "recording")
    return recordings


def _part_open(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = PartOpen.model_validate(command.data)
    recordings = _meeting_of_part(state, command, data.recording)
    if recordings is not None and data.part in recordings.parts:
        return []
    return [Draft("recording.part_opened", command.meeting, data.model_dump(mode="json"))]


def _part_close(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = PartClose.model_validate(command.data)
    recordings = _meeting_of_part(state, command, data.recording)
    if recordings is not None:
        known = recordings.parts.get(data.part)
        if known is None:
            raise Refusal("not_found", "this part was not opened", "part")
        if known == "closed":
            return []
    return [Draft("recording.part_closed", command.meeting, data.model_dump(mode="json"))]


def _recordings(state: HubState, entry: Entry) -> RunningRecording:
    """The part of the state to change; a throw-away one when the meeting is unknown or has ended."""
    meeting = state.meetings.get(entry.meeting or "")
    return (
        meeting.parts.edit(RunningRecording)
        if meeting is not None and meeting.is_open
        else RunningRecording()
    )


def _started(state: HubState, entry: Entry) -> None:
    recordings = _recordings(state, entry)
    recordings.running, recordings.owed = entry.data["recording"], False
    recordings.all.append(entry.data["recording"])


def _stopped(state: HubState, entry: Entry) -> None:
    _recordings(state, entry).running = None


def _refused(state: HubState, entry: Entry) -> None:
    _recordings(state, entry).owed = True


def _part_opened(state: HubState, entry: Entry) -> None:
    _recordings(state, entry).parts[entry.data["part"]] = "recording"


def _part_closed(state: HubState, entry: Entry) -> None:
    _recordings(state, entry).parts[entry.data["part"]] = "closed"


#: The archive's view of it.
_DOCUMENT: Final = Document("recording", "recording")

RULES = RuleFile(
    "recording",
    part=RunningRecording,
    commands=(
        CommandRule("recording.start", NoData, _start),
        CommandRule("recording.stop", NoData, _stop),
        CommandRule("recording.part_open", PartOpen, _part_open, system=True),
        CommandRule("recording.part_close", PartClose, _part_close, system=True),
    ),
    entries=(
        EntryRule(
            "recording.started",
            OfRecording,
            _started,
            document=_DOCUMENT,
            control=Control("开始录像", "recording started"),
        ),
        EntryRule(
            "recording.stopped",
            OfRecording,
            _stopped,
            document=_DOCUMENT,
            control=Control("停止录像", "recording stopped"),
        ),
        EntryRule("recording.refused", RecordingRefused, _refused, control="none"),
        EntryRule("recording.part_opened", PartOpened, _part_opened, document=_DOCUMENT, control="none"),
        EntryRule("recording.part_closed", PartClosed, _part_closed, document=_DOCUMENT, control="none"),
    ),
    precedes={"meeting.ended": _before_end},
    follows={"meeting.opened": _with_meeting, "recording.room_noted": _with_room},
)
