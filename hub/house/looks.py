"""Looks: who looked at what a meeting left, and who took it with him; noted by the hub, read by the audit administrator.

| command | refused with |
|---|---|
| `recording.note_viewed`, `note_downloaded` (the hub only) | – |

Once a sitting, whatever a player asks for: the edge says when one begins (signaling/looks.py).
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.entry import HOUSE, Command, Draft
from hub.fields import ObjectId, ParticipantId, Text
from hub.house.parts import DIRECTORY, Accounts
from hub.ruling import CommandData, CommandRule, Context, Decide, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState

#: What was looked at: a recorded file, a film, a clip, a picture, minutes.
LookedAt = TypeAliasType("LookedAt", Literal["recording", "film", "clip", "picture", "minutes"])


class Look(CommandData):
    """Base of what is noted of a look at a recording, or at what was made of it."""

    account: ParticipantId
    """Who looked."""
    meeting: ObjectId
    """The meeting that was recorded."""
    title: Text = Field(max_length=400)
    """Its title."""
    recording: ObjectId
    """Which recording; of a film, a clip or a picture its job, of minutes their meeting."""
    what: LookedAt = "recording"
    """What was looked at."""
    network: str = Field(max_length=64)
    """The network that it was asked from."""


class NoteViewed(Look):
    """Note that somebody played a recording."""


class NoteDownloaded(Look):
    """Note that somebody took a file of a recording as a whole."""


class RecordingLook(Wire):
    """Base of entries about a look at a recording."""

    account: str
    username: str
    name: str
    meeting: str
    title: str
    recording: str
    what: LookedAt = "recording"
    """Of a film, a clip or a picture `recording` is its job, of minutes their meeting."""
    network: str


class RecordingViewed(RecordingLook):
    """Somebody played a recording, or opened what came of a meeting: the first time in a sitting."""


class RecordingDownloaded(RecordingLook):
    """Somebody took a file as a whole: the first time in a sitting."""


def _noted(kind: str, schema: type[Look]) -> Decide:
    def decide(state: HubState, command: Command, context: Context) -> list[Draft]:
        data = schema.model_validate(command.data).model_dump(mode="json")
        found = state.parts.read(Accounts).by_id.get(data["account"])
        who = {"username": found.username, "name": found.name} if found else {"username": "", "name": ""}
        return [Draft(kind, None, {**data, **who}, (HOUSE,))]

    return decide


def _entry(kind: str, schema: type[Wire]) -> EntryRule:
    return EntryRule(kind, schema, reads="audit.read", subject=DIRECTORY, house=True)


RULES = RuleFile(
    "looks",
    commands=(
        CommandRule(
            "recording.note_viewed",
            NoteViewed,
            _noted("recording.viewed", NoteViewed),
            meeting="never",
            system=True,
        ),
        CommandRule(
            "recording.note_downloaded",
            NoteDownloaded,
            _noted("recording.downloaded", NoteDownloaded),
            meeting="never",
            system=True,
        ),
    ),
    entries=(
        _entry("recording.viewed", RecordingViewed),
        _entry("recording.downloaded", RecordingDownloaded),
    ),
)
