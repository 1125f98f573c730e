"""When the next backup is due, and which ones have had their time. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

from hub.clock import from_wire
from hub.house.backups import Kept


def last_due(now: datetime, hour: int, zone: tzinfo | None = None) -> datetime:
    """The newest moment at this hour of the hub's machine that is not after now."""
    local = now.astimezone(zone)
    due = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return due if due <= local else due - timedelta(days=1)


def is_due(now: datetime, hour: int, backups: Iterable[Kept], zone: tzinfo | None = None) -> bool:
    """Whether nothing was begun by the clock since the last such moment: what a hub missed that was down is made up for."""
    due = last_due(now, hour, zone)
    return not any(each.scheduled and from_wire(each.begun_at) >= due for each in backups)


def outlived(backups: Iterable[Kept], keep: int) -> list[Kept]:
    """The scheduled backups beyond the newest `keep`, oldest first. What a person made stays; so does the newest that holds."""
    made = [each for each in backups if each.scheduled and each.state == "made"]
    newest_sound = next((each for each in reversed(made) if each.holds is not False), None)
    return [each for each in made[: max(0, len(made) - keep)] if each is not newest_sound]


def next_due(now: datetime, hour: int, zone: tzinfo | None = None) -> datetime:
    """The first moment at this hour of the hub's machine that is after now."""
    return last_due(now, hour, zone) + timedelta(days=1)
