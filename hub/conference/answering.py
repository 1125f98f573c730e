"""Answering by itself: after how long a center's stations answer a call that nobody answers, or that they never do.

| command | refused with |
|---|---|
| `answering.change` | `not_found` (center), `forbidden` |

It is a center's setting, kept here and not in a browser: its station changes it, or whoever leads it or a center above.
With `below` the same is said of all below it. The same twice changes nothing.
"""

from __future__ import annotations

from typing import Final

from pydantic import Field

from hub.entry import Command, Draft, Entry, center_audience
from hub.fields import CenterCode
from hub.gates import own_targets
from hub.parts import Part
from hub.ruling import CommandData, CommandRule, Context, Document, EntryRule, RuleFile, Subject
from hub.shapes import Wire
from hub.state import HubState

#: Where nothing else was said.
DEFAULT_S: Final = 15


class Answering(Part):
    """What centers have said, by code."""

    seconds: dict[str, int] = Field(default_factory=dict)

    def of(self, center: str) -> int:
        """After so many seconds its stations answer; 0 for never."""
        return self.seconds.get(center, DEFAULT_S)


class AnsweringChange(CommandData):
    """Say after how long the stations of a center answer by themselves."""

    center: CenterCode
    """Whose."""
    seconds: int = Field(ge=0, le=120)
    """0 for never."""
    below: bool = False
    """Whether the same holds for all centers below it."""


class AnsweringChanged(Wire):
    """The stations of a center answer by themselves after so many seconds; 0 for never."""

    center: str
    seconds: int


def _change(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = AnsweringChange.model_validate(command.data)
    own_targets([data.center], "answering.change", "center", context)
    codes = [data.center]
    if data.below:
        below = [each.code for each in context.tree.subtree(data.center)]
        codes = own_targets(below, "answering.change", "center", context)
    now = state.parts.read(Answering)
    return [
        Draft("answering.changed", None, {"center": code, "seconds": data.seconds}, (center_audience(code),))
        for code in codes
        if now.of(code) != data.seconds
    ]


def _changed(state: HubState, entry: Entry) -> None:
    state.parts.edit(Answering).seconds[entry.data["center"]] = entry.data["seconds"]


RULES = RuleFile(
    "answering",
    commands=(CommandRule("answering.change", AnsweringChange, _change, meeting="never"),),
    entries=(
        EntryRule(
            "answering.changed",
            AnsweringChanged,
            _changed,
            reads="answering.change",
            document=Document("answering", "center"),
            everywhere=True,
            subject=Subject(lambda entry: f"answering:{entry.data['center']}", lambda state, subject: True),
        ),
    ),
)
