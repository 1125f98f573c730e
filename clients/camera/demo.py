"""The demo's cameras: what stands at the roads, dykes and squares of its villages, all made up."""

from __future__ import annotations

from clients.camera.scene import Scene
from clients.camera.server import Camera
from clients.camera.turntable import Turntable
from hub.demo_places import PASSWORD, PLACES, UNLISTED, USER

__all__ = ["PASSWORD", "PLACES", "USER", "cameras"]


def cameras() -> list[Camera]:
    """The six of the directory and one that can be found, each with a main and a sub stream."""
    made = []
    for number, place in enumerate((*PLACES, UNLISTED)):
        hue = number * 0.618 % 1
        main = Scene(place.name, 1280, 720, 12, 900_000, hue, loop_s=30)
        sub = Scene(place.name, 480, 270, 12, 220_000, hue, loop_s=30)
        table = Turntable() if place.ptz else None
        made.append(Camera(place.path, main, sub, USER, PASSWORD, turntable=table))
    return made
