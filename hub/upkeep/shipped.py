"""How the sending of checkpoints fares, as a part of the hub's health; and what is sent where, by the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from hub.clock import Clock, to_wire
from hub.config import Config
from hub.evidence.places import FolderPlace, HttpPlace, Place
from hub.evidence.shipping import Shipping
from hub.upkeep.health import Looked


def shipping_of(config: Config, public_key: Callable[[], str], clock: Clock) -> Shipping:
    """What sends checkpoints to the places of the settings; maybe to none."""
    places: list[Place] = []
    if config.checkpoints_url is not None:
        places.append(HttpPlace(config.checkpoints_url, config.checkpoints_token or ""))
    if config.checkpoints_dir is not None:
        places.append(FolderPlace(config.checkpoints_dir))
    return Shipping(config.data_dir, places, public_key, clock)


def shipped(shipping: Shipping, alarm_after: timedelta) -> Iterator[Looked]:
    """One row a place: good, a warning while it is tried again, bad after `alarm_after` or when the histories differ."""
    if not shipping.standing:
        yield Looked("checkpoints", state="off")
    for each in shipping.standing:
        figures: dict[str, int | str] = {"sent_seq": each.sent_seq, "behind": each.behind}
        if each.sent_at is not None:
            figures["sent_at"] = to_wire(each.sent_at)
        if not each.trouble:
            yield Looked("checkpoints", each.name, figures=figures)
        else:
            bad = shipping.failing(each, alarm_after)
            yield Looked("checkpoints", each.name, "bad" if bad else "warning", each.trouble, figures)
