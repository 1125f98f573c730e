"""What control's calls name, read and checked: each raises Refusal `invalid` for what is of another form."""

from __future__ import annotations

from typing import Any

from hub.errors import Refusal
from hub.media.meeting.guests import Lent


def text(args: dict[str, Any], name: str) -> str:
    value = args.get(name)
    if not isinstance(value, str):
        raise Refusal("invalid", f"{name} is a text", name)
    return value


def views(args: dict[str, Any]) -> dict[str, str]:
    """What single viewers see on their stage. Raises Refusal when it is no table of participants."""
    views = args.get("views") or {}
    if not isinstance(views, dict) or not all(
        isinstance(each, str) for pair in views.items() for each in pair
    ):
        raise Refusal("invalid", "participants are expected", "views")
    return views


def words(args: dict[str, Any], name: str, *, none_allowed: bool = False) -> list[str | None]:
    value = args.get(name)
    if not isinstance(value, list) or not all(
        isinstance(word, str) or (none_allowed and word is None) for word in value
    ):
        raise Refusal("invalid", f"{name} is a list of texts", name)
    return value


def names(args: dict[str, Any], name: str) -> list[str]:
    return [word for word in words(args, name) if word is not None]


def sound(args: dict[str, Any]) -> dict[str, Any]:
    """Who hears whom, as the arguments of Hearing; what a control of an earlier version does not tell is as without it."""
    apart, pairs = args.get("apart", []), args.get("listeners", {})
    if not isinstance(apart, list):
        raise Refusal("invalid", "apart is a list of lists", "apart")
    if not isinstance(pairs, dict) or not all(isinstance(to, str) for to in pairs.values()):
        raise Refusal("invalid", "listeners is an object of texts", "listeners")
    return {
        "muted": names(args, "muted"),
        "heard": names(args, "heard") if args.get("heard") is not None else None,
        "apart": [names({"apart": group}, "apart") for group in apart],
        "deaf": names({"deaf": [], **args}, "deaf"),
        "listeners": {str(by): to for by, to in pairs.items()},
        "paused": args.get("paused") is True,
    }


def guests(args: dict[str, Any]) -> dict[str, Lent]:
    """Whom of which other meetings a meeting has; nobody where that is not told."""
    homes = args.get("guests") or {}
    if not isinstance(homes, dict) or not all(isinstance(each, dict) for each in homes.values()):
        raise Refusal("invalid", "guests are an object of objects", "guests")
    return {
        str(home): Lent(
            frozenset(names(each, "pictures")),
            frozenset(names(each, "sounds")) if each.get("sounds") is not None else None,
            each.get("recorded") is True,
        )
        for home, each in homes.items()
    }


def tiles(args: dict[str, Any]) -> list[tuple[int, int] | None] | None:
    """The sizes of a viewer's tiles, None where he told none."""
    value = args.get("tiles")
    if value is None:
        return None
    tiles: list[tuple[int, int] | None] = []
    for tile in value if isinstance(value, list) else [0]:
        if tile is None:
            tiles.append(None)
        elif isinstance(tile, list) and len(tile) == 2 and all(type(side) is int for side in tile):
            tiles.append((tile[0], tile[1]))
        else:
            raise Refusal("invalid", "tiles are pairs of whole numbers", "tiles")
    return tiles


def key(args: dict[str, Any], name: str) -> bytes:
    try:
        return bytes.fromhex(text(args, name))
    except ValueError:
        raise Refusal("invalid", f"{name} is not hexadecimal", name) from None
