"""Whom a booking, a template or a group means: centers one by one, and words for many, such as `临湘市 到乡镇`."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from hub.directory.tree import CenterTree
from hub.errors import Refusal
from hub.fields import CenterCode
from hub.gates import own_targets
from hub.ruling import CommandData, Context
from hub.shapes import Level
from hub.state import Meeting

#: The most centers that are called; a whole city.
MAX_CALLED: Final = 2048
#: The most words for many.
MAX_REACHES: Final = 64
_LEVELS: Final = ("city", "county", "township", "village")


class Reach(CommandData):
    """A center with those below it, down to a level; or, with `only`, those of that level alone."""

    center: CenterCode
    """The center at the top."""
    to: Level
    """The lowest level that is meant."""
    only: bool = False
    """Whether centers of other levels are left out, the one at the top, too."""


def centers_field() -> list[CenterCode]:
    """The field of a command that names centers one by one."""
    made: list[CenterCode] = Field(default_factory=list, max_length=MAX_CALLED)
    return made


def reaches_field() -> list[Reach]:
    """The field of a command that names many by a word."""
    made: list[Reach] = Field(default_factory=list, max_length=MAX_REACHES)
    return made


def reached(reach: Reach, tree: CenterTree) -> list[str]:
    """Codes of the centers that are meant now, parents first; none where the top is not there any more."""
    if reach.center not in tree:
        return []
    lowest = _LEVELS.index(reach.to)
    return [
        each.code
        for each in tree.subtree(reach.center)
        if (
            each.level == reach.to
            if reach.only
            else each.code == reach.center or _LEVELS.index(each.level) <= lowest
        )
    ]


def called_codes(centers: list[CenterCode], reaches: list[Reach], action: str, context: Context) -> list[str]:
    """Codes of all centers that are meant, each once, each of which `action` is allowed for.

    Raises Refusal `invalid` for none or for more than MAX_CALLED, else as `own_targets`.
    """
    found = own_targets(list(centers), action, "centers", context)
    own_targets([reach.center for reach in reaches], action, "reaches", context)
    for reach in reaches:
        found += reached(reach, context.tree)
    found = list(dict.fromkeys(found))
    if not found:
        raise Refusal("invalid", "name at least one center to call", "centers")
    if len(found) > MAX_CALLED:
        raise Refusal("invalid", f"a meeting calls at most {MAX_CALLED} centers", "centers")
    return found


def meant_here(
    meeting: Meeting, centers: list[CenterCode], reaches: list[Reach], context: Context
) -> list[str] | None:
    """Codes of the called centers of a meeting that a control of it means, each once; None for all: neither was named.

    Raises Refusal `not_found` for one that is not called or not there, `invalid` where a word means nobody that is called.
    """
    if not centers and not reaches:
        return None
    called = set(meeting.centers)
    for code in centers:
        if code not in called:
            raise Refusal("not_found", f"center {code} is not called to this meeting", "centers")
    found = list(centers)
    for reach in reaches:
        if reach.center not in context.tree:
            raise Refusal("not_found", f"there is no center {reach.center}", "reaches")
        found += [code for code in reached(reach, context.tree) if code in called]
    if not found:
        raise Refusal("invalid", "none of these centers is called to this meeting", "reaches")
    return list(dict.fromkeys(found))


def first_names(codes: list[str], context: Context) -> list[str]:
    """Names of the first three, for a line in a list."""
    return [context.tree[code].name for code in codes[:3]]
