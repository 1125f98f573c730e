"""The demo's six cameras: what stands at the roads, dykes and squares of its villages, all made up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from clients.camera.scene import Scene
from clients.camera.server import Camera

#: How the demo signs in at its cameras; they listen on loopback only.
USER: Final = "demo"
PASSWORD: Final = "loopback-only"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Place:
    """One of the six: its path at the server, the center it belongs to, and what it is called there."""

    path: str
    center: str
    name: str
    ptz: bool = False


PLACES: Final = (
    Place("cam1", "430682115210", "坦渡村 村口"),
    Place("cam2", "430682115210", "坦渡村 河堤", ptz=True),
    Place("cam3", "430682115001", "长岭社区 广场"),
    Place("cam4", "430682115000", "坦渡镇 集市", ptz=True),
    Place("cam5", "430682000000", "临湘市 收费站"),
    Place("cam6", "430682115210", "坦渡村 卡口"),
)


def cameras() -> list[Camera]:
    """The six, each with a main and a sub stream."""
    made = []
    for number, place in enumerate(PLACES):
        hue = number * 0.618 % 1
        main = Scene(place.name, 1280, 720, 12, 900_000, hue, loop_s=30)
        sub = Scene(place.name, 480, 270, 12, 220_000, hue, loop_s=30)
        made.append(Camera(place.path, main, sub, USER, PASSWORD))
    return made
