"""The orders of a station's center, as the hub tells of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clients.station.api import HubApi


class Orders:
    """Orders by id, each as it was told last (docs/protocol.md, "Reading"); those of other centers are left aside."""

    def __init__(self, api: HubApi) -> None:
        self._api = api
        self.known: dict[str, Mapping[str, Any]] = {}

    def take(self, order: Mapping[str, Any], center: str) -> bool:
        """An order as a whole. Returns whether it concerns this center."""
        if all(target.get("center") != center for target in order.get("targets", ())):
            return False
        self.known[str(order["id"])] = order
        return True

    async def changed(self, event: Mapping[str, Any], center: str) -> Mapping[str, Any] | None:
        """A `changed` event of an order: the order as it is now, if it concerns this center.

        Reads it where the event does not hold what is new. Raises Refused or Unreachable.
        """
        order, rows = event.get("value"), event.get("rows")
        known = self.known.get(str(event["id"]))
        if order is None and rows is not None:
            if center not in rows:
                return None
            if known is not None:
                targets = [rows.get(target["center"], target) for target in known["targets"]]
                order = {**known, "targets": targets}
        if order is None:
            order = await self._api.order(str(event["id"]))
        return order if order is not None and self.take(order, center) else None
