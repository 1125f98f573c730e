"""What the journal tells of turning cameras: who took one, and who let go of it after how many moves.

| command | refused with |
|---|---|
| `camera.note_taken`, `camera.note_released`, `camera.note_preset` (the hub only) | – |

Moves are no entries: they come five times a second. Who may take a camera from whom is `seats`.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.cameras.changes import CameraEntry, CameraNote
from hub.entry import HOUSE, Command, Draft
from hub.fields import Text
from hub.ruling import CommandData, CommandRule, Context, Decide, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState

PresetDone = TypeAliasType("PresetDone", Literal["set", "replaced", "renamed", "removed"])
#: Longest token of a direction, and longest name.
MAX_TOKEN: Final = 64
MAX_PRESET_NAME: Final = 60

ReleaseReason = TypeAliasType("ReleaseReason", Literal["released", "taken", "idle", "gone", "withdrawn"])


class NoteTaken(CameraNote):
    """Note that somebody began to turn a camera."""

    taken_from: str = Field(max_length=200)
    """Who turned it until then and had to give way; empty for nobody."""


class NoteReleased(CameraNote):
    """Note that somebody turns a camera no more."""

    reason: ReleaseReason
    """released: by a key; taken: by a higher center; idle: long unused; gone: the page; withdrawn: the right to it."""
    moves: int = Field(ge=0)
    """How often it was turned."""
    seconds: int = Field(ge=0)
    """How long it was held."""


class NotePreset(CameraNote):
    """Note that what a camera remembers as a direction was changed."""

    done: PresetDone
    """set: made where it looked; replaced: set anew where it looked; renamed; removed."""
    preset: Text = Field(min_length=1, max_length=MAX_TOKEN)
    """What the camera calls it."""
    preset_name: Text = Field(max_length=MAX_PRESET_NAME)
    """What people call it from then on."""
    was: Text = Field(max_length=MAX_PRESET_NAME)
    """What they called it before; empty for a new one."""


class CameraTaken(CameraEntry):
    """Somebody began to turn a camera; `taken_from` had to give way, empty for nobody."""

    taken_from: str


class CameraReleased(CameraEntry):
    """Somebody turns a camera no more, after so many moves and seconds."""

    reason: ReleaseReason
    moves: int
    seconds: int


class CameraPresetChanged(CameraEntry):
    """What a camera remembers as a direction was changed; `was` is its name before, empty for a new one."""

    done: PresetDone
    preset: str
    preset_name: str
    was: str


def _noted(kind: str, schema: type[CommandData]) -> Decide:
    def decide(state: HubState, command: Command, context: Context) -> list[Draft]:
        return [Draft(kind, None, schema.model_validate(command.data).model_dump(mode="json"), (HOUSE,))]

    return decide


_KINDS: Final[tuple[tuple[str, type[CommandData], str, type[Wire]], ...]] = (
    ("camera.note_taken", NoteTaken, "camera.taken", CameraTaken),
    ("camera.note_released", NoteReleased, "camera.released", CameraReleased),
    ("camera.note_preset", NotePreset, "camera.preset_changed", CameraPresetChanged),
)

RULES = RuleFile(
    "camera_turning",
    commands=tuple(
        CommandRule(command, schema, _noted(kind, schema), meeting="never", system=True)
        for command, schema, kind, _ in _KINDS
    ),
    entries=tuple(EntryRule(kind, entry, reads="camera.read", house=True) for _, _, kind, entry in _KINDS),
)
