"""An evidence bundle with its recordings as a job's process makes it: straight from the disk, of any size."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hub.clock import from_wire
from hub.config import Config
from hub.evidence.bundle import recorded_bytes
from hub.handover.sealed import begin_out, read_handed, write_bundle
from hub.jobs.work import Data, Order, Told


def make_bundle(settings: Config, order: Order, told: Told) -> Data:
    """Make it. Raises WorkFailed, OSError."""
    told("reading", 0, 1)
    found = read_handed(settings, order)
    needed = recorded_bytes(found.material.parts)
    begin_out(settings, order, needed)
    opened = from_wire(found.opened_at).astimezone(ZoneInfo(settings.time_zone))
    path = order.out / f"evidence-{opened:%Y%m%d-%H%M}-{order.meeting}.zip"

    def packed(what: str, done: int, total: int) -> None:
        told("packing", done, max(1, total))

    with path.open("wb+") as file:
        built = write_bundle(settings, order, file, told, recordings=settings.recordings_dir, progress=packed)
    parts = sum(part.there for part in found.material.parts)
    return {"entries": built.entries, "left_out": built.left_out, "size": built.size, "parts": parts}
