"""Evidence: that somebody took a session's record out as a bundle, with what it was.

| command | refused with |
|---|---|
| `evidence.note_taken` (the hub only) | – |

Who may is `evidence.take` of the table of rights, asked at the edge. The entry stands before the first byte is given out.
"""

from __future__ import annotations

from pydantic import Field

from hub.entry import HOUSE, Command, Draft
from hub.fields import ObjectId, ParticipantId, Text
from hub.house.parts import DIRECTORY, Accounts
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState


class NoteEvidenceTaken(CommandData):
    """Note that somebody took a bundle of a meeting."""

    account: ParticipantId
    """Who took it."""
    meeting: ObjectId
    """The meeting that it tells of."""
    title: Text = Field(max_length=400)
    """Its title."""
    recordings: bool
    """Whether the recorded files are in it."""
    entries: int = Field(ge=0)
    """Entries of the meeting in it."""
    left_out: int = Field(ge=0)
    """Of those, told by their digest alone: who took it may not read them."""
    size: int = Field(ge=0)
    """Entries of the journal that it rests on."""
    bytes: int = Field(ge=0)
    """Size of the file."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Of the whole file."""


class EvidenceTaken(Wire):
    """Somebody took the record of a meeting out as an evidence bundle, whose SHA-256 is this."""

    account: str
    username: str
    name: str
    meeting: str
    title: str
    recordings: bool
    entries: int
    left_out: int
    size: int
    bytes: int
    sha256: str


def _note_taken(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = NoteEvidenceTaken.model_validate(command.data).model_dump(mode="json")
    found = state.parts.read(Accounts).by_id.get(data["account"])
    who = {"username": found.username, "name": found.name} if found else {"username": "", "name": ""}
    return [Draft("evidence.taken", None, {**data, **who}, (HOUSE,))]


RULES = RuleFile(
    "evidence",
    commands=(
        CommandRule("evidence.note_taken", NoteEvidenceTaken, _note_taken, meeting="never", system=True),
    ),
    entries=(EntryRule("evidence.taken", EvidenceTaken, reads="audit.read", subject=DIRECTORY, house=True),),
)
