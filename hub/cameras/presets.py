"""What the directions of a camera are called: by the camera itself, or as somebody named them here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hub.cameras.catalog import Preset
from hub.errors import Refusal


def named(told: Iterable[Mapping[str, Any]], kept: Iterable[Preset]) -> list[Preset]:
    """What the camera told (`token`, `name`), by the names that were given here.

    A name holds while the camera calls that direction as it did then: what was changed at the camera itself is not covered up.
    """
    names = {(each.token, each.told): each.name for each in kept}
    found = []
    for one in told:
        token, name = str(one["token"]), str(one["name"])
        found.append(Preset(token=token, name=names.get((token, name), name), told=name))
    return found


def require_name(presets: Sequence[Preset], name: str, but: str) -> str:
    """The name in one line. Raises Refusal: `invalid` for none, `conflict` where another direction has it."""
    plain = " ".join(name.split())
    if not plain:
        raise Refusal("invalid", "a direction needs a name", "name")
    if any(each.name == plain and each.token != but for each in presets):
        raise Refusal("conflict", "another direction of this camera has this name", "name")
    return plain


def require_preset(presets: Sequence[Preset], token: str) -> Preset:
    """The one with this token. Raises Refusal `not_found`."""
    found = next((each for each in presets if each.token == token), None)
    if found is None:
        raise Refusal("not_found", "the camera remembers no such direction", "preset")
    return found


def renamed(presets: Sequence[Preset], token: str, name: str) -> list[Preset]:
    """All of them, this one under another name."""
    return [each.model_copy(update={"name": name}) if each.token == token else each for each in presets]
