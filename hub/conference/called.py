"""Whom a booking or a template calls: centers one by one, and words for many, such as `临湘市 到乡镇`."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from hub.errors import Refusal
from hub.fields import CenterCode
from hub.gates import own_targets
from hub.ruling import CommandData, Context
from hub.shapes import Level, Wire

#: The most centers that are called; a whole city.
MAX_CALLED: Final = 2048
#: The most words for many.
MAX_GROUPS: Final = 64
_LEVELS: Final = ("city", "county", "township", "village")


class CalledGroup(CommandData):
    """A center with those below it, down to a level."""

    center: CenterCode
    """The center at the top."""
    to: Level
    """The lowest level that is called."""


class CalledWords(Wire):
    """A center with those below it, down to a level."""

    center: str
    to: Level


def centers_field() -> list[CenterCode]:
    """The field of a command that names centers one by one."""
    made: list[CenterCode] = Field(default_factory=list, max_length=MAX_CALLED)
    return made


def groups_field() -> list[CalledGroup]:
    """The field of a command that names many by a word."""
    made: list[CalledGroup] = Field(default_factory=list, max_length=MAX_GROUPS)
    return made


def called_codes(
    centers: list[CenterCode], groups: list[CalledGroup], action: str, context: Context
) -> list[str]:
    """Codes of all centers that are meant, each once, each of which `action` is allowed for.

    Raises Refusal `invalid` for none or for more than MAX_CALLED, else as `own_targets`.
    """
    found = own_targets(list(centers), action, "centers", context)
    own_targets([group.center for group in groups], action, "groups", context)
    for group in groups:
        lowest = _LEVELS.index(group.to)
        found += [
            each.code
            for each in context.tree.subtree(group.center)
            if each.code == group.center or _LEVELS.index(each.level) <= lowest
        ]
    found = list(dict.fromkeys(found))
    if not found:
        raise Refusal("invalid", "name at least one center to call", "centers")
    if len(found) > MAX_CALLED:
        raise Refusal("invalid", f"a meeting calls at most {MAX_CALLED} centers", "centers")
    return found


def first_names(codes: list[str], context: Context) -> list[str]:
    """Names of the first three, for a line in a list."""
    return [context.tree[code].name for code in codes[:3]]
