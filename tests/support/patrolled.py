"""Patrols in tests: a directory of a few cameras, and a route through them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from hub.directory.accounts import Account
from hub.directory.permissions import may
from signaling.camera_service import CameraService
from tests.support.edge import Edge, Person
from tests.support.rules import TREE, VILLAGE


@dataclass(frozen=True)
class KnownCamera:
    """A camera, as the directory has it."""

    camera: str
    name: str
    center: str
    shared: tuple[str, ...] = ()


@dataclass
class FewCameras:
    """A directory of cameras: one may watch those that one may look into by `patrol.read`."""

    known: dict[str, KnownCamera] = field(default_factory=dict)

    async def readable(self, account: Account, camera: str) -> KnownCamera | None:
        """See Cameras."""
        found = self.known.get(camera)
        return found if found is not None and may(account, "patrol.read", TREE, found.center) else None


def cameras(*centers: str) -> list[KnownCamera]:
    """One for each center."""
    return [
        KnownCamera(f"ca_{number:018d}", f"{TREE[center].name}{number}号", center)
        for number, center in enumerate(centers)
    ]


def know(edge: Edge, *known: KnownCamera) -> None:
    """The hub knows these cameras."""
    edge.services.cameras = cast(CameraService, FewCameras({each.camera: each for each in known}))


async def keep_route(who: Person, known: list[KnownCamera], center: str = VILLAGE, **more: Any) -> str:
    """A route through these cameras; its id."""
    stops = [{"camera": each.camera, "look_for": "积水、堵塞"} for each in known]
    kept = await who.command("patrol.keep", **{"center": center, "title": "夜间巡查", "stops": stops, **more})
    return str(kept["entries"][0]["data"]["route"])


async def begun_round(who: Person, route: str) -> str:
    """A round of a route, which this one walks; its id."""
    opened = await who.command("patrol.open", route=route)
    round = str(opened["entries"][0]["data"]["round"])
    await who.command("patrol.take", round=round)
    return round
