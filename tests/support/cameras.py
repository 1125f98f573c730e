"""A camera for tests, with nothing said of it but what a test is about."""

from __future__ import annotations

from typing import Any, Final

from hub.cameras.catalog import Camera, Facts

_PLAIN: Final = {
    "camera": "ca_" + "0" * 18,
    "center": "430682115210",
    "name": "村口",
    "code": "",
    "kind": "fixed",
    "tags": [],
    "place": "",
    "point": None,
    "layers": ["main"],
    "onvif": False,
    "sound": False,
    "important": False,
    "shown": True,
    "shared": [],
}


def a_camera(**more: Any) -> Camera:
    """At 坦渡村, in use, shared with nobody, never looked at."""
    return Camera.model_validate({**_PLAIN, "facts": Facts(), **more})
