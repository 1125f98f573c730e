"""The second copy (异地副本): which recorded files stand there alone, and that somebody had them brought back.

| command | refused with |
|---|---|
| `copy.bring_back` | `forbidden`, `invalid` (a part without its recording, or with a meeting) |
| `copy.note_released`, `copy.note_returned` (the hub only) | – |

A file is let go from this machine only after what stands in the copy was read back and was what the journal tells; the entry
stands before the file goes, and names it with its digest. How far copying is, is no entry.
"""

from __future__ import annotations

from typing import Final

from pydantic import Field

from hub.directory.permissions import may_whole
from hub.entry import HOUSE, SYSTEM, Command, Draft
from hub.errors import Refusal
from hub.fields import ObjectId
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState

#: Files told of by one entry.
MOST_PARTS: Final = 100


class CopyBringBack(CommandData):
    """Bring files back from the second copy: all that is not on this machine, or a meeting's, or one."""

    meeting: ObjectId | None = None
    """Those of this meeting."""
    recording: ObjectId | None = None
    """With `part`: that one."""
    part: ObjectId | None = None
    """Which."""


class CopiedPart(CommandData):
    """A recorded file."""

    recording: ObjectId
    """Its recording."""
    part: ObjectId
    """Its part."""
    file: str = Field(max_length=400)
    """Its name in the folder of recordings."""
    bytes: int = Field(ge=0)
    """Its size."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """As the journal told when it was closed, and as it was read back from the copy."""


class NoteReleased(CommandData):
    """Note that files go from this machine: the copy of each was read back just now."""

    place: str = Field(max_length=400)
    """Where they stand."""
    parts: list[CopiedPart] = Field(min_length=1, max_length=MOST_PARTS)
    """Which."""


class NoteReturned(CommandData):
    """Note that files are on this machine again, and are what they were."""

    parts: list[CopiedPart] = Field(min_length=1, max_length=MOST_PARTS)
    """Which."""


class CopyAskedBack(Wire):
    """Somebody had files brought back from the second copy: all, a meeting's, or one."""

    meeting: str | None
    recording: str | None
    part: str | None


class CopyReleased(Wire):
    """These files stand in the second copy alone from now on."""

    place: str
    parts: list[CopiedPart]


class CopyReturned(Wire):
    """These files stand on this machine again, too."""

    parts: list[CopiedPart]


def _bring_back(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = CopyBringBack.model_validate(command.data)
    if context.account.id != SYSTEM and not may_whole(context.account, "house.manage", context.tree):
        raise Refusal("forbidden", "this is the system administrator's to do")
    if (data.part is None) != (data.recording is None) or (
        data.part is not None and data.meeting is not None
    ):
        raise Refusal("invalid", "name a meeting, or a part with its recording, or nothing for all", "part")
    return [Draft("copy.asked_back", None, data.model_dump(mode="json"), (HOUSE,))]


def _note_released(state: HubState, command: Command, context: Context) -> list[Draft]:
    return [
        Draft(
            "copy.released", None, NoteReleased.model_validate(command.data).model_dump(mode="json"), (HOUSE,)
        )
    ]


def _note_returned(state: HubState, command: Command, context: Context) -> list[Draft]:
    return [
        Draft(
            "copy.returned", None, NoteReturned.model_validate(command.data).model_dump(mode="json"), (HOUSE,)
        )
    ]


def _entry(kind: str, schema: type[Wire]) -> EntryRule:
    return EntryRule(kind, schema, reads="house.read", house=True)


RULES = RuleFile(
    "copies",
    commands=(
        CommandRule("copy.bring_back", CopyBringBack, _bring_back, meeting="never", owner=True),
        CommandRule("copy.note_released", NoteReleased, _note_released, meeting="never", system=True),
        CommandRule("copy.note_returned", NoteReturned, _note_returned, meeting="never", system=True),
    ),
    entries=(
        _entry("copy.asked_back", CopyAskedBack),
        _entry("copy.released", CopyReleased),
        _entry("copy.returned", CopyReturned),
    ),
)
