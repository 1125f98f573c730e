"""What the journal tells of turning cameras: who took one, and who let go of it after how many moves.

| command | refused with |
|---|---|
| `camera.note_taken`, `camera.note_released` (the hub only) | – |

Moves are no entries: they come five times a second. Who may take a camera from whom is `seats`.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.cameras.changes import CameraEntry, CameraNote
from hub.entry import HOUSE, Command, Draft
from hub.ruling import CommandData, CommandRule, Context, Decide, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState

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


class CameraTaken(CameraEntry):
    """Somebody began to turn a camera; `taken_from` had to give way, empty for nobody."""

    taken_from: str


class CameraReleased(CameraEntry):
    """Somebody turns a camera no more, after so many moves and seconds."""

    reason: ReleaseReason
    moves: int
    seconds: int


def _noted(kind: str, schema: type[CommandData]) -> Decide:
    def decide(state: HubState, command: Command, context: Context) -> list[Draft]:
        return [Draft(kind, None, schema.model_validate(command.data).model_dump(mode="json"), (HOUSE,))]

    return decide


_KINDS: Final[tuple[tuple[str, type[CommandData], str, type[Wire]], ...]] = (
    ("camera.note_taken", NoteTaken, "camera.taken", CameraTaken),
    ("camera.note_released", NoteReleased, "camera.released", CameraReleased),
)

RULES = RuleFile(
    "camera_turning",
    commands=tuple(
        CommandRule(command, schema, _noted(kind, schema), meeting="never", system=True)
        for command, schema, kind, _ in _KINDS
    ),
    entries=tuple(EntryRule(kind, entry, reads="camera.read", house=True) for _, _, kind, entry in _KINDS),
)
