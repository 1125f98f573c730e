"""The directory of cameras as others see it, and what it needs of who reaches them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol

from hub.cameras.catalog import Camera, Facts, Preset, Secret
from hub.directory.accounts import Account

#: Is told which cameras, or rights to them, changed; None: so many that each has to be asked again.
Changed = Callable[[frozenset[str] | None], None]


class CameraRows(Protocol):
    """The directory of cameras: hub.store.camera_store.CameraStore. Everything raises Refusal `unavailable`."""

    async def get(self, camera: str) -> Camera | None: ...
    async def some(self, cameras: Iterable[str]) -> dict[str, Camera]: ...
    async def readable(self, account: Account, camera: str) -> Camera | None:
        """The camera, if the account may watch it."""

    async def secret(self, camera: str) -> Secret | None:
        """Where it is reached. For who dials it, and nobody else."""

    async def note(self, camera: str, facts: Facts) -> Facts:
        """What was found of it just now; `since` stays while the state does. What is kept then."""

    async def note_presets(self, camera: str, presets: Sequence[Preset]) -> None:
        """The directions that it remembers, by the names that people gave them."""

    def listen(self, callback: Changed) -> Callable[[], None]:
        """Be told, at once, of every change; returns what ends it."""


class Missing(Protocol):
    """Who knows which cameras that matter give no picture: hub.upkeep.camera_standing.CameraStanding."""

    def missing(self) -> list[Camera]:
        """Important cameras that have given none for minutes."""


class Prober(Protocol):
    """Who can look at a camera: the gateway, by coordination."""

    async def probe(self, camera: str, secret: Secret) -> Facts:
        """Dial it, look, hang up. Raises Refusal `unavailable` where there is nobody to do so."""

    def playing(self) -> Collection[str]:
        """Cameras that are watched now."""
