"""Recording of a meeting: started, stopped, and the parts that the recorder writes.

| command | refused with |
|---|---|
| `recording.start` | `not_found`, `meeting_ended`, `forbidden`, `already_done` (it runs) |
| `recording.stop` | `not_found`, `meeting_ended`, `forbidden`, `already_done` (it does not run) |
| `recording.part_open`, `recording.part_close` (the hub only) | `not_found` (no such meeting or recording) |

The recorder reports parts until it is heard, also after the meeting has ended and after restarts. So a part
of an ended meeting is always accepted; the hub gives these commands ids made from the part's id, and the
writer answers a repetition with its first answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import CenterCode, Moment, ObjectId, ParticipantId, Text
from hub.gates import require_here, running_meeting
from hub.ruling import CommandData, CommandRule, Context, NoData, RuleFile
from hub.state import HubState, Meeting


@dataclass(slots=True)
class Recordings:
    """The recordings of one open meeting: `meeting.read(Recordings).running`."""

    #: Id of the recording that runs; None when none does.
    running: str | None = None
    #: Ids of all recordings of the meeting, oldest first.
    all: list[str] = field(default_factory=list)
    #: part id -> whether the recorder still writes it.
    parts: dict[str, Literal["recording", "closed"]] = field(default_factory=dict)


class Track(CommandData):
    """One track of a part."""

    kind: Literal["audio", "video"]
    """Sound or picture."""
    codec: str = Field(min_length=1, max_length=32)
    """`opus`, `vp8`, `vp9`, `h264` or `av1`."""


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
    tracks: list[Track] = Field(max_length=8)
    """What it holds."""
    started_at: Moment
    """When its first packet was captured."""


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


def start_draft(meeting: str, context: Context) -> Draft:
    """The entry that starts a new recording of the meeting."""
    return Draft("recording.started", meeting, {"recording": context.new_id("r")})


def stop_drafts(meeting: Meeting) -> list[Draft]:
    """The entry that stops the running recording, or nothing when none runs."""
    running = meeting.read(Recordings).running
    return [] if running is None else [Draft("recording.stopped", meeting.id, {"recording": running})]


def _start(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.minute", context)
    if meeting.read(Recordings).running is not None:
        raise Refusal("already_done", "the meeting is being recorded")
    return [start_draft(meeting.id, context)]


def _stop(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.minute", context)
    drafts = stop_drafts(meeting)
    if not drafts:
        raise Refusal("already_done", "the meeting is not being recorded")
    return drafts


def _meeting_of_part(state: HubState, command: Command, recording: str) -> Recordings | None:
    """The recordings of the part's meeting; None when the meeting has ended."""
    meeting = state.meetings.get(command.meeting or "")
    if meeting is None:
        raise Refusal("not_found", "there is no such meeting", "meeting")
    if not meeting.is_open:
        return None
    recordings = meeting.read(Recordings)
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
    if recordings is not None and recordings.parts.get(data.part) == "closed":
        return []
    return [Draft("recording.part_closed", command.meeting, data.model_dump(mode="json"))]


def _recordings(state: HubState, entry: Entry) -> Recordings:
    """The part of the state to change; a throw-away one when the meeting is unknown or has ended."""
    meeting = state.meetings.get(entry.meeting or "")
    return meeting.edit(Recordings) if meeting is not None and meeting.is_open else Recordings()


def _started(state: HubState, entry: Entry) -> None:
    recordings = _recordings(state, entry)
    recordings.running = entry.data["recording"]
    recordings.all.append(entry.data["recording"])


def _stopped(state: HubState, entry: Entry) -> None:
    _recordings(state, entry).running = None


def _part_opened(state: HubState, entry: Entry) -> None:
    _recordings(state, entry).parts[entry.data["part"]] = "recording"


def _part_closed(state: HubState, entry: Entry) -> None:
    _recordings(state, entry).parts[entry.data["part"]] = "closed"


RULES = RuleFile(
    commands=(
        CommandRule("recording.start", NoData, _start),
        CommandRule("recording.stop", NoData, _stop),
        CommandRule("recording.part_open", PartOpen, _part_open, system=True),
        CommandRule("recording.part_close", PartClose, _part_close, system=True),
    ),
    applies={
        "recording.started": _started,
        "recording.stopped": _stopped,
        "recording.part_opened": _part_opened,
        "recording.part_closed": _part_closed,
    },
)
