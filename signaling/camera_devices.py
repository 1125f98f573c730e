"""Devices that may become cameras: which answer on the networks, what streams one offers, a picture of a stream.

Who searches never sees an address with a password in it, so a camera is made of a device by the tokens of its streams: the hub
asks the device once more for their addresses.
"""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any, Final

from hub.cameras.addresses import host_of, same_address
from hub.cameras.catalog import Camera, Secret
from hub.cameras.rights import may_about
from hub.directory.accounts import Account
from hub.errors import Refusal
from signaling.schemas.camera_asked import CameraDevice, CameraStreams
from signaling.services import Json, Services

#: Where the device service of nearly all is.
USUAL_PATH: Final = "/onvif/device_service"


class CameraDevices:
    """For who manages cameras: the caller has seen to that. Everything raises Refusal."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def networks(self) -> list[Json]:
        """Where cameras may be: networks, as the operator named them, and whether each address can be asked."""
        return [
            {
                "network": str(each),
                "addresses": min(each.num_addresses, 2**31),
                "asked": isinstance(each, IPv4Network),
            }
            for each in self._services.config.camera_networks
        ]

    async def search(self, account: Account, network: str) -> list[Json]:
        """Who answers a call into the networks, or at the addresses of this one; with what the directory has of it."""
        if not self._services.config.camera_networks:
            raise Refusal("unprocessable", "no network of cameras is set (HUB_CAMERA_NETWORKS)")
        asked = {"network": network} if network else {}
        found = (await self._services.media.cameras.asks.onvif("onvif.discover", **asked))["found"]
        hosts = {str(each["address"]) for each in found}
        there = await self._services.cameras.at_hosts(hosts) if hosts else []
        cameras = await self._services.cameras.some(camera for camera, _ in there)
        return [self._with_known(account, each, there, cameras) for each in found]

    async def profiles(self, secret: Secret) -> Json:
        """What the device at `secret.onvif` offers: the large streams first, each with the camera that has it already."""
        answer = await self._ask("onvif.profiles", secret)
        found = []
        for each in answer["profiles"]:
            _, taken = await self._services.cameras.taken("", str(each["url"]))
            found.append({"source": "", "sound": False, **each, "known": taken})
        return {"device": answer.get("device", {}), "profiles": found}

    async def picture(self, secret: Secret, profile: str) -> str:
        """What the device itself gives as a picture of a stream: JPEG in base64."""
        return str((await self._ask("onvif.picture", secret, profile=profile))["jpeg"])

    async def named(self, secret: Secret, streams: CameraStreams) -> dict[str, str]:
        """`main` and `sub`: the addresses of these streams, as the device has them now. Raises Refusal `not_found`."""
        urls = {
            str(each["token"]): str(each["url"])
            for each in (await self._ask("onvif.profiles", secret))["profiles"]
        }
        found = {"main": urls.get(streams.main), "sub": urls.get(streams.sub) if streams.sub else ""}
        for name, url in found.items():
            if url is None:
                raise Refusal("not_found", "the device has no such stream any more", name)
        return {name: url for name, url in found.items() if url is not None}

    async def _ask(self, method: str, secret: Secret, **more: Any) -> Json:
        if secret.onvif is None:
            raise Refusal("invalid", "where is the device asked?", "onvif")
        about = {"onvif": secret.onvif, "user": secret.user, "password": secret.password, **more}
        return await self._services.media.cameras.asks.onvif(method, **about)

    def _with_known(
        self, account: Account, found: Json, there: list[tuple[str, Secret]], cameras: dict[str, Camera]
    ) -> Json:
        """`known`: the camera that is this device; `here`: how many others are at its address, and may be of it."""
        url, host = same_address(str(found["onvif"])), str(found["address"])
        known, here = None, 0
        for camera, secret in there:
            if secret.onvif is not None and same_address(secret.onvif) == url:
                known = camera
            elif secret.onvif is None and host_of(secret.main) == host:
                here += 1
        one = cameras.get(known or "")
        mine = one is not None and may_about(account, "camera.manage", self._services.tree, one)
        return {**found, "known": known is not None, "camera": known if mine else None, "here": here}


def device_of(asked: CameraDevice, old: Secret | None, address: tuple[str, str, str] | None) -> Secret:
    """Where and by whose name a device is asked. What is kept of a camera goes to the camera's own host, and to no other.

    `address` is (url, user, password) as it was written; None: that of the camera, or the usual one at its host.
    """
    kept = old or Secret("")
    host = host_of(kept.main)
    url, user, password = address or ("", "", "")
    if not url:
        if kept.onvif is None and not host:
            raise Refusal("invalid", "where is the device asked?", "onvif")
        url = kept.onvif or f"http://{f'[{host}]' if ':' in host else host}{USUAL_PATH}"
    own = host_of(url) in {host, host_of(kept.onvif or "")} - {""}
    given = bool(asked.user or asked.password or user)
    if own and not given:
        user, password = kept.user, kept.password
    return Secret(kept.main, kept.sub, url, asked.user or user, asked.password or password)
