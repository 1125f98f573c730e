"""What a camera is asked once, by way of a gateway: a look at it, a picture, a move, and what stands in a network."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from hub.cameras.catalog import Facts
from hub.coordination.camera_offers import CameraOffers, CameraSecret
from hub.errors import Refusal

Data = dict[str, Any]


class CameraAsks:
    """Asks the gateway that brings the camera, else any. `secret` says where a camera is reached; None: it is not there."""

    def __init__(self, offers: CameraOffers) -> None:
        self.secret: Callable[[str], Awaitable[CameraSecret | None]] = _nowhere
        self._offers = offers

    async def probe(self, camera: str, secret: CameraSecret) -> Facts:
        """Have a gateway dial it, look and hang up: what was found. Raises Refusal("unavailable")."""
        found = await self._offers.ask("camera.probe", camera, secret)
        try:
            return Facts.model_validate({name: found[name] for name in ("state", "reason", "streams")})
        except (KeyError, ValueError):
            raise Refusal("unavailable", "the gateway's answer is not understood") from None

    async def picture(self, camera: str, *, series: bool = False) -> Data:
        """One picture of it as JPEG (`jpeg`, base64); `series`: one of many, every few seconds. Raises Refusal: `not_found`,
        `unavailable`."""
        secret, more = await self._there(camera), {"series": True} if series else {}
        return await self._offers.ask("camera.picture", camera, secret, **more)

    async def turn(self, method: str, camera: str, **more: Any) -> Data:
        """Ask a camera by ONVIF (`ptz.…`). Raises Refusal: `not_found`, `unavailable`; `unprocessable` where it has none."""
        secret = await self._there(camera)
        if secret.onvif is None:
            raise Refusal("unprocessable", "this camera cannot be turned", "camera")
        return await self._offers.ask(method, camera, secret, onvif=secret.onvif, **more)

    async def onvif(self, method: str, **more: Any) -> Data:
        """Ask a device that is no camera of the directory yet (`onvif.…`). Raises Refusal `unavailable`."""
        return await self._offers.ask_any(method, more)

    def playing(self) -> Collection[str]:
        """Cameras that are pulled now: nobody needs to probe them."""
        return self._offers.playing()

    async def _there(self, camera: str) -> CameraSecret:
        secret = await self.secret(camera)
        if secret is None:
            raise Refusal("not_found", "there is no such camera")
        return secret


async def _nowhere(camera: str) -> None:
    return None
