"""What the journal tells of the directory of cameras: who changed what, never where a camera is reached.

| command | refused with |
|---|---|
| `camera.note_added`, `note_changed`, `note_shared`, `note_removed` (the hub only) | – |
| `camera.note_imported`, `note_undone` (the hub only) | – |

The directory itself stands outside of the journal. The edge checks rights, has the journal told, and then changes the rows
(signaling/camera_desk.py): a change without its entry there is none.
"""

from __future__ import annotations

from typing import Final

from pydantic import Field

from hub.cameras.catalog import MAX_CODE, MAX_NAME, MAX_SHARED
from hub.entry import HOUSE, Command, Draft
from hub.fields import CenterCode, ObjectId, ParticipantId, Text
from hub.ruling import CommandData, CommandRule, Context, Decide, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState

#: What a change may be of, as its entry names it: an address and a password by that word alone.
FIELDS: Final = (
    "center",
    "name",
    "code",
    "kind",
    "tags",
    "place",
    "point",
    "sound",
    "important",
    "shown",
    "addresses",
    "password",
)


class CameraNote(CommandData):
    """Base of what is noted of one camera."""

    account: ParticipantId
    """Who did it."""
    account_name: Text = Field(max_length=200)
    """What others read of who did it."""
    camera: ObjectId
    """Which camera."""
    name: Text = Field(max_length=MAX_NAME)
    """Its name, as it is after the change."""
    code: Text = Field(max_length=MAX_CODE)
    """Its number."""
    center: CenterCode
    """The center that it belongs to."""


class NoteAdded(CameraNote):
    """Note that a camera was put into the directory."""


class NoteChanged(CameraNote):
    """Note that what the directory says of a camera was changed."""

    fields: list[str] = Field(min_length=1, max_length=len(FIELDS))
    """What of it."""


class NoteShared(CameraNote):
    """Note with which centers a camera is shared now."""

    shared: list[CenterCode] = Field(max_length=MAX_SHARED)
    """All of them."""
    was: list[CenterCode] = Field(max_length=MAX_SHARED)
    """Those before."""


class NoteRemoved(CameraNote):
    """Note that a camera was taken out of the directory."""


class ImportNote(CommandData):
    """Base of what is noted of an import."""

    account: ParticipantId
    """Who did it."""
    account_name: Text = Field(max_length=200)
    """What others read of who did it."""
    batch: ObjectId
    """Which import."""
    center: CenterCode
    """Below which center."""
    cameras: int = Field(ge=0)
    """How many cameras."""


class NoteImported(ImportNote):
    """Note that a list of cameras was put into the directory."""

    centers: int = Field(ge=0)
    """How many centers got some."""
    left_out: int = Field(ge=0)
    """How many rows of the file were left out."""
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 over what the directory says of them, in the order of the file."""


class NoteUndone(ImportNote):
    """Note that an import was taken back as a whole."""


class CameraEntry(Wire):
    """Base of entries about one camera of the directory."""

    account: str
    account_name: str
    camera: str
    name: str
    code: str
    center: str


class CameraAdded(CameraEntry):
    """A camera was put into the directory."""


class CameraChanged(CameraEntry):
    """What the directory says of a camera was changed; `fields` names what, no address and no password stands here."""

    fields: list[str]


class CameraShared(CameraEntry):
    """A camera is shared with these centers now, and no longer with others."""

    shared: list[str]
    was: list[str]


class CameraRemoved(CameraEntry):
    """A camera was taken out of the directory."""


class CamerasImported(Wire):
    """A list of cameras was put into the directory: one entry, however many they are."""

    account: str
    account_name: str
    batch: str
    center: str
    cameras: int
    centers: int
    left_out: int
    digest: str


class CameraImportUndone(Wire):
    """An import was taken back: all cameras that it brought are gone."""

    account: str
    account_name: str
    batch: str
    center: str
    cameras: int


def _noted(kind: str, schema: type[CommandData]) -> Decide:
    def decide(state: HubState, command: Command, context: Context) -> list[Draft]:
        return [Draft(kind, None, schema.model_validate(command.data).model_dump(mode="json"), (HOUSE,))]

    return decide


_KINDS: Final[tuple[tuple[str, type[CommandData], str, type[Wire]], ...]] = (
    ("camera.note_added", NoteAdded, "camera.added", CameraAdded),
    ("camera.note_changed", NoteChanged, "camera.changed", CameraChanged),
    ("camera.note_shared", NoteShared, "camera.shared", CameraShared),
    ("camera.note_removed", NoteRemoved, "camera.removed", CameraRemoved),
    ("camera.note_imported", NoteImported, "camera.imported", CamerasImported),
    ("camera.note_undone", NoteUndone, "camera.import_undone", CameraImportUndone),
)

RULES = RuleFile(
    "cameras",
    commands=tuple(
        CommandRule(command, schema, _noted(kind, schema), meeting="never", system=True)
        for command, schema, kind, _ in _KINDS
    ),
    entries=tuple(EntryRule(kind, entry, reads="camera.read", house=True) for _, _, kind, entry in _KINDS),
)
