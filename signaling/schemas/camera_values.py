"""Answers about cameras. Where one is reached stands in `CameraAddresses` alone, for who manages it, without its password."""

from __future__ import annotations

from hub.cameras.catalog import Camera
from hub.shapes import Wire


class CameraHere(Camera):
    """A camera as the reader sees it."""

    center_name: str
    """Empty where its center is no more."""
    path: list[str]
    """Names of the centers above, the top first, its own last."""
    can: list[str]
    """What the reader may do about it: `watch`, `move`, `keep`, `manage`."""


class CameraPage(Wire):
    """Cameras, by center."""

    cameras: list[CameraHere]
    next: str | None
    """Where the next page begins; null at the end."""
    seq: int


class CameraCount(Wire):
    """How many cameras in use there are at a center and all below it, by state."""

    center: str
    name: str
    cameras: int
    ok: int
    away: int
    """Without a picture, for whatever reason."""
    unknown: int
    """Not looked at yet."""
    own: int
    """How many of them are the center's own."""
    below: bool
    """Whether the center has centers below it."""


class CameraCounts(Wire):
    """The centers below one, with their cameras; the first is the center itself."""

    centers: list[CameraCount]
    shared: int
    """Cameras of other centers that are shared with one's own."""
    at: str


class CameraTag(Wire):
    """A tag, and how many cameras have it."""

    tag: str
    cameras: int


class CameraTags(Wire):
    """The tags in use, the most used first."""

    tags: list[CameraTag]


class CameraAddresses(Wire):
    """Where a camera is reached: what stands for a password in an address is covered."""

    main: str
    sub: str | None
    onvif: str | None
    user: str
    password: bool
    """Whether there is one; nobody is told it."""
