"""What has become of the situations that a station's center reported: delivered, acknowledged, ordered about, over."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any, Final, TextIO

log = logging.getLogger("station.alarms")

#: The steps of an alarm in their order, with what the log says; each is a field of the alarm once it has been taken.
STEPS: Final = {"delivered": "已送达", "acknowledged": "已阅", "ordered": "已下令", "cleared": "已解除"}


class Alarms:
    """Alarms by id, each as it was told last (docs/protocol.md, "Reading"). Each step is said once.

    `told_to` gets one line of JSON a step: `{"event": "alarm", "alarm", "report", "step", "at", "by", "center", "order"}`.
    """

    def __init__(self, told_to: TextIO | None = None) -> None:
        self._told_to = told_to
        self.known: dict[str, Mapping[str, Any]] = {}

    @property
    def going(self) -> list[str]:
        """Ids of those that are not over, as far as it was told."""
        return [alarm for alarm, value in self.known.items() if value.get("cleared") is None]

    def take(self, alarm: Mapping[str, Any], center: str) -> list[str]:
        """An alarm as a whole. Returns the steps that are new; none for one that is not of this center."""
        if alarm.get("center") != center or alarm.get("kind") != "situation":
            return []
        before = self.known.get(str(alarm["id"]), {})
        self.known[str(alarm["id"])] = alarm
        new = [step for step in STEPS if alarm.get(step) is not None and before.get(step) is None]
        for step in new:
            self._say(alarm, step, alarm[step])
        return new

    def _say(self, alarm: Mapping[str, Any], step: str, taken: Mapping[str, Any]) -> None:
        by = taken.get("by") or {}
        who = f"{by['center_name']} {by['name']}" if by else ""
        log.info("%s: %s %s", alarm.get("text") or alarm["id"], STEPS[step], who)
        if self._told_to is not None:
            line = {
                "event": "alarm",
                "alarm": alarm["id"],
                "report": alarm.get("report"),
                "step": step,
                "at": taken.get("at"),
                "by": by.get("name"),
                "center": by.get("center_name"),
                "order": taken.get("order"),
            }
            print(json.dumps(line, ensure_ascii=False), file=self._told_to, flush=True)
