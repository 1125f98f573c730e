"""Alarms about the hub itself and about meetings: what is the matter now, against what the journal has as alarms.

Each trouble has a subject. One that stands for its grace without an alarm is raised, an alarm whose trouble is over is cleared:
both by commands of the hub, so that an alarm that was raised before a crash is found again and cleared after it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from hub.conference.recording import RunningRecording
from hub.house.backups import Backups
from signaling.mass_loss import MassLoss
from signaling.services import Services
from signaling.watching import Watch

#: How long a trouble stands before it is an alarm, and how long it must be gone before that is over.
GRACE_S: Final[Mapping[str, float]] = {
    "disk": 1.0,
    "unrecorded": 5.0,
    "service": 10.0,
    "lost": 0.0,
    "backup": 0.0,
    "certificate": 0.0,
    "checkpoints": 0.0,
    "damaged": 0.0,
    "copies": 0.0,
    "camera": 0.0,
}
GONE_S: Final = 3.0
#: Who was lost before a restart is not known after it: such an alarm stands until they have had time to come back.
COME_BACK_S: Final = 60.0


class Trouble(NamedTuple):
    """What is the matter."""

    kind: str
    meeting: str | None
    words: Mapping[str, str | int]
    center: str | None = None
    """Where, when it is not the hub itself or a meeting."""


def troubles(services: Services, losses: MassLoss, now: float) -> dict[str, Trouble]:
    """All that is the matter now, by subject."""
    found = {
        f"disk:{folder}": Trouble("disk", None, {"folder": folder}) for folder in services.low_on_space()
    }
    if services.recording_room() == "none":
        found["disk:recordings"] = Trouble("disk", None, {"folder": "recordings"})
    if not services.parts().get("node", True):
        found["service:node"] = Trouble("service", None, {"part": "node"})
    if services.copies is not None and services.copies.trouble:
        found["copies"] = Trouble("copies", None, {"why": services.copies.trouble})
    if services.camera_standing is not None:
        for camera in services.camera_standing.missing():
            words: dict[str, str | int] = {
                "camera": camera.camera,
                "name": camera.name,
                "state": camera.facts.state,
            }
            found[f"camera:{camera.camera}"] = Trouble("camera", None, words, camera.center)
    found |= _upkeep(services)
    for meeting in services.writer.state.meetings.values():
        recording = meeting.read(RunningRecording)
        if meeting.is_open and recording.owed:
            why = {"reason": "no_room", "title": meeting.title}
            found[f"unrecorded:{meeting.id}"] = Trouble("unrecorded", meeting.id, why)
        if not meeting.is_open or recording.running is None:
            continue
        told = services.media.recording_state(meeting.id)
        # Without a reason it only begins.
        if told is not None and told[0] != "recording" and told[1] is not None:
            why = {"reason": told[1], "title": meeting.title}
            found[f"unrecorded:{meeting.id}"] = Trouble("unrecorded", meeting.id, why)
    for id, (lost, of) in losses.standing(now).items():
        standing = services.writer.state.meetings.get(id)
        if standing is not None and standing.is_open:
            found[f"lost:{id}"] = Trouble("lost", id, {"lost": lost, "of": of, "title": standing.title})
    return found


def _upkeep(services: Services) -> dict[str, Trouble]:
    """The last backup that ended has failed or does not hold; a certificate is about to run out."""
    found = {}
    kept = services.writer.state.parts.read(Backups).by_name.values()
    last = next((each for each in reversed(kept) if each.state in ("made", "failed")), None)
    if last is not None and (last.state == "failed" or last.holds is False):
        found["backup"] = Trouble("backup", None, {"backup": last.name})
    for part in services.health.to_wire()["parts"] if services.health is not None else ():
        if part["part"] == "certificate" and part["state"] == "bad" and "days" in part["figures"]:
            words = {"name": part["name"], "days": part["figures"]["days"]}
            found[f"certificate:{part['name']}"] = Trouble("certificate", None, words)
        if part["part"] == "scan" and part["state"] == "bad":
            found["damaged"] = Trouble("damaged", None, {"count": part["figures"]["damaged"]})
        if part["part"] == "checkpoints" and part["state"] == "bad":
            found[f"checkpoints:{part['name']}"[:100]] = Trouble("checkpoints", None, {"why": part["why"]})
    return found


class HubAlarms(Watch):
    """Raises and clears them."""

    def __init__(
        self, services: Services, losses: MassLoss, now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(services, "alarm")
        self._losses = losses
        self._now = now
        self._began = now()
        self._since: dict[str, float] = {}
        self._gone: dict[str, float] = {}

    async def look(self) -> None:
        """Raise what stands, clear what is over. Raises Refusal while the journal cannot be written."""
        now = self._now()
        standing = troubles(self._services, self._losses, now)
        known = {
            alarm.subject: alarm.meeting
            for alarm in self._services.writer.state.alarms.values()
            if alarm.subject is not None and alarm.kind in GRACE_S
        }
        self._since = {subject: self._since.get(subject, now) for subject in standing}
        self._gone = {subject: self._gone.get(subject, now) for subject in known if subject not in standing}
        for subject, trouble in standing.items():
            if subject not in known and now - self._since[subject] >= GRACE_S[trouble.kind]:
                words = {"kind": trouble.kind, "subject": subject, "words": dict(trouble.words)}
                await self._give("alarm.raise", trouble.meeting, {**words, "center": trouble.center})
        for subject, since in self._gone.items():
            is_early = subject.startswith("lost:") and since - self._began < COME_BACK_S
            if now - since >= (COME_BACK_S if is_early else GONE_S):
                await self._give("alarm.clear", known[subject], {"subject": subject})
