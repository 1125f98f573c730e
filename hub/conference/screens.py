"""The screens of a wall (电视墙): what each of them shows, where that is not the layout that was sent to the wall.

| command | refused with |
|---|---|
| `stage.screen` | `not_found`, `meeting_ended`, `forbidden`, `stage_locked`, `wrong_state` (not joined now) |

A screen has a number, which stands in its address. It shows the layout of the wall, one of its own, or its part of that of the
wall: the first of two, the third of four. Who goes is taken out of its cells, and a locked stage holds screens, too.
"""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from hub.conference.stage import require_free, whole_layout, without
from hub.conference.stage_shapes import Layout, LayoutWanted
from hub.entry import Command, Draft, Entry
from hub.gates import GOING, require_here, running_meeting
from hub.parts import Part
from hub.ruling import CommandData, CommandRule, Context, Control, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState

#: Screens of one wall: each of them watches, and one account watches with so many pages.
MAX_SCREENS: Final = 6


class Share(Wire):
    """A part of the layout of the wall: its cells are dealt out in order, as many to each."""

    at: int
    """Which part, from 1 on."""
    of: int
    """Of how many."""


class Screen(Wire):
    """What one screen shows."""

    layout: Layout | None
    """A layout of its own."""
    share: Share | None
    """Its part of the layout of the wall; null with a layout of its own."""


class Screens(Part):
    """What the screens of the wall show."""

    by_number: dict[str, Screen] = Field(default_factory=dict)
    """By the screen's number; one that is not here shows the layout of the wall."""


class ShareWanted(CommandData):
    """A part of the layout of the wall."""

    at: int = Field(ge=1, le=MAX_SCREENS)
    """Which part, from 1 on."""
    of: int = Field(ge=2, le=MAX_SCREENS)
    """Of how many."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.at > self.of:
            raise PydanticCustomError("share", "there is no such part")
        return self


class StageScreen(CommandData):
    """Say what one screen of the wall shows: a layout of its own, a part of the wall's, or with neither the wall's."""

    screen: Annotated[str, StringConstraints(pattern=rf"^[1-{MAX_SCREENS}]$")]
    """Its number."""
    layout: LayoutWanted | None = None
    """A layout of its own; to whom it says it goes does not count here."""
    share: ShareWanted | None = None
    """Its part of the layout of the wall; not together with a layout."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.layout is not None and self.share is not None:
            raise PydanticCustomError("both", "a screen has a layout of its own or a part of the wall's")
        return self


class ScreenSet(Wire):
    """What a screen shows from now on."""

    screen: str
    shows: Screen | None
    """Null: the layout of the wall."""


def _set(screen: str, shows: Screen | None, meeting: str) -> Draft:
    told = None if shows is None else shows.model_dump(mode="json")
    return Draft("stage.screen", meeting, {"screen": screen, "shows": told})


def _screen(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    require_free(meeting, context)
    data = StageScreen.model_validate(command.data)
    shows = None
    if data.layout is not None:
        wanted = data.layout.model_copy(update={"to": "wall"})
        shows = Screen(layout=whole_layout(meeting, wanted), share=None)
    elif data.share is not None:
        shows = Screen(layout=None, share=Share(at=data.share.at, of=data.share.of))
    before = meeting.read(Screens).by_number.get(data.screen)
    return [] if before == shows else [_set(data.screen, shows, meeting.id)]


def _clear(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who goes is taken out of the cells of every screen."""
    meeting = state.meetings.get(draft.meeting or "")
    if meeting is None:
        return []
    who = draft.data["participant"]
    return [
        _set(number, Screen(layout=without(shows.layout, who), share=None), meeting.id)
        for number, shows in meeting.read(Screens).by_number.items()
        if shows.layout is not None and who in shows.layout.cells
    ]


def _put(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is None or not meeting.is_open:
        return
    screens, shows = meeting.parts.edit(Screens), entry.data["shows"]
    kept = {number: each for number, each in screens.by_number.items() if number != entry.data["screen"]}
    if shows is not None:
        kept[entry.data["screen"]] = Screen.model_validate(shows)
    screens.by_number = dict(sorted(kept.items()))


RULES = RuleFile(
    "screens",
    part=Screens,
    commands=(CommandRule("stage.screen", StageScreen, _screen),),
    entries=(EntryRule("stage.screen", ScreenSet, _put, control=Control("共享屏幕", "screen")),),
    follows=dict.fromkeys(GOING, _clear),
)
