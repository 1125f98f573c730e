"""Changes of the directory of cameras: rights, then the journal, then the rows. One at a time, so that two agree.

An entry names what was changed and by whom; addresses and passwords it never holds. Between the entry and the row a hub that
dies leaves an entry without its row: then what was told is done once more by hand, and nothing was changed unseen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from hub.cameras.addresses import Address, NoAddress, What, read_address
from hub.cameras.catalog import Camera, Facts, Layer, Secret
from hub.cameras.networks import within
from hub.cameras.rights import may_about
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.directory.permissions import may
from hub.entry import Command
from hub.errors import Refusal
from hub.ids import new_id
from hub.rules import parse_data
from signaling.camera_devices import CameraDevices, device_of
from signaling.schemas.camera_asked import CameraChange, CameraDevice, CameraNew, CameraProbe, CameraStreams
from signaling.services import Services

#: How long one look may take.
PROBE_S: Final = 20.0
#: What who keeps a camera, at its own center, may change.
KEPT: Final = frozenset({"name", "tags", "place", "point", "no_point", "shared"})
_SECRET: Final = ("main", "sub", "onvif", "user", "password")
_SAYS: Final = {
    "scheme": "an address begins with rtsp:// (ONVIF: http://)",
    "host": "the address names no host",
    "port": "the port is none",
    "long": "the address is too long",
    "characters": "an address has no blanks or control characters",
}


class CameraDesk:
    """Who changes cameras comes here. Everything raises Refusal; what may not be seen is `not_found`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._turn = asyncio.Lock()

    async def seen(self, account: Account, camera: str, action: str = "camera.read") -> Camera:
        """The camera, if the account may do this about it."""
        found = await self._services.cameras.get(camera)
        if found is None or not may_about(account, "camera.read", self._services.tree, found):
            raise Refusal("not_found", "there is no such camera")
        if not may_about(account, action, self._services.tree, found):
            raise Refusal("forbidden", "this is not yours to do")
        return found

    async def add(self, account: Account, asked: CameraNew) -> Camera:
        """Put a new camera in."""
        self._require_center(account, asked.center)
        self._require_shared(asked.shared)
        written: dict[str, str | None] = {name: getattr(asked, name) for name in _SECRET}
        if asked.streams is not None:
            written |= await self._named(written | {"main": None, "sub": None}, Secret(""), asked.streams)
        secret = self.secret_of(written, Secret(""))
        async with self._turn:
            await self._require_free(asked.code, secret.main)
            plain = asked.model_dump(exclude={*_SECRET, "point", "streams"})
            camera = Camera(
                camera=new_id("ca", self._services.clock()),
                **plain,
                point=asked.point,
                layers=layers_of(secret),
                onvif=secret.onvif is not None,
                facts=Facts(),
            )
            await self._tell("added", account, camera)
            await self._services.cameras.add(camera, secret)
        return camera

    async def change(self, account: Account, camera: str, asked: CameraChange) -> Camera:
        """Change what is not null."""
        given = {name for name in asked.model_fields_set if getattr(asked, name) not in (None, False)}
        given -= {"main", "sub"} if asked.streams is not None else set()
        given |= {name for name in ("sound", "important", "shown") if getattr(asked, name) is not None}
        async with self._turn:
            was = await self.seen(account, camera)
            manages = may_about(account, "camera.manage", self._services.tree, was)
            if not manages and not (
                given <= KEPT and may_about(account, "camera.keep", self._services.tree, was)
            ):
                raise Refusal("forbidden", "this is not yours to change")
            secret, old = None, None
            if given & {*_SECRET, "streams"}:
                old = await self._services.cameras.secret(camera)
                written: dict[str, str | None] = {
                    name: getattr(asked, name) for name in _SECRET if name in given
                }
                if asked.streams is not None:
                    written |= await self._named(written, old or Secret(""), asked.streams)
                secret = self.secret_of(written, old or Secret(""))
            now = self._changed(was, asked, given, secret)
            if secret is not None and old is not None and secret.onvif != old.onvif:
                # another device, whose directions are others
                now = now.model_copy(update={"facts": now.facts.model_copy(update={"presets": []})})
            if now.center != was.center:
                self._require_center(account, now.center)
            self._require_shared(set(now.shared) - set(was.shared))
            moved = secret is not None and (old is None or secret.main != old.main)
            code = now.code if now.code != was.code else ""
            await self._require_free(code, secret.main if secret is not None and moved else None, camera)
            fields = _different(was, now, secret, old)
            if fields:
                await self._tell("changed", account, now, fields=fields)
            if now.shared != was.shared:
                await self._tell("shared", account, now, shared=now.shared, was=was.shared)
            if fields or now.shared != was.shared:
                await self._services.cameras.change(now, secret)
        return now

    async def remove(self, account: Account, camera: str) -> None:
        """Take a camera out, with all that is known of it."""
        async with self._turn:
            was = await self.seen(account, camera, "camera.manage")
            await self._tell("removed", account, was)
            await self._services.cameras.remove(camera)

    async def probe(self, account: Account, asked: CameraProbe) -> Facts:
        """Look at a camera now, as it is or as it is to be. What is found of one as it is stands with it."""
        prober = self._services.prober
        if asked.camera is None:
            if not may(account, "camera.manage", self._services.tree, account.center):
                raise Refusal("forbidden", "cameras are the system administrator's to try")
            old = None
        else:
            await self.seen(account, asked.camera, "camera.manage")
            old = await self._services.cameras.secret(asked.camera)
        written = {name: getattr(asked, name) for name in _SECRET if getattr(asked, name) is not None}
        if old is None and "main" not in written:
            raise Refusal("invalid", "a camera needs an address", "main")
        secret = self.secret_of(written, old or Secret(""))
        if prober is None:
            raise Refusal("unavailable", "nobody is there to look at cameras")
        try:
            async with asyncio.timeout(PROBE_S):
                found = await prober.probe(asked.camera or new_id("ca", self._services.clock()), secret)
        except TimeoutError:
            found = Facts(state="away", reason="timeout")
        if asked.camera is not None and secret == old:
            return await self._services.cameras.note(asked.camera, found)
        return found

    async def _named(
        self, written: Mapping[str, str | None], old: Secret, streams: CameraStreams
    ) -> dict[str, str]:
        """The addresses of these streams, asked of the device as it is written, or kept."""
        url, user, password = (written.get(name) for name in ("onvif", "user", "password"))
        at = self.address_of(url, "onvif", "onvif") if url else None
        asked = CameraDevice(user=user or "", password=password or "")
        secret = device_of(asked, old, (at.url, at.user, at.password) if at else None)
        found = await CameraDevices(self._services).named(secret, streams)
        # That it may be turned by the same address, though nobody wrote it down.
        return found if url or old.onvif or secret.onvif is None else {**found, "onvif": secret.onvif}

    def secret_of(self, written: Mapping[str, str | None], old: Secret) -> Secret:
        """What is written in the place of what was; users and passwords in addresses are taken out. Raises `invalid`."""
        found = {name: getattr(old, name) for name in _SECRET}
        user, password = written.get("user"), written.get("password")
        for name, what in _ADDRESSES:
            if (text := written.get(name)) is None:
                continue
            if not text.strip():
                if name == "main":
                    raise Refusal("invalid", "a camera needs an address", "main")
                found[name] = None
                continue
            address = self.address_of(text, what, name)
            found[name] = address.url
            if address.user and not user:
                user, password = address.user, password or address.password
        if user is not None:
            found["user"] = user
        if password is not None:
            found["password"] = password
        return Secret(**found)

    def address_of(self, text: str, what: What, field: str) -> Address:
        """An address that may be dialled. Raises `invalid`, with a word of why, and never with what stands there."""
        try:
            address = read_address(text, what)
        except NoAddress as problem:
            raise Refusal("invalid", _SAYS[str(problem)], field) from None
        if within(address.host, self._services.config.camera_networks) is False:
            raise Refusal("unprocessable", "no network of cameras has this address", field)
        return address

    def _changed(self, was: Camera, asked: CameraChange, given: set[str], secret: Secret | None) -> Camera:
        plain = ("name", "tags", "place", "shared", "center", "code", "kind", "sound", "important", "shown")
        new: dict[str, Any] = {name: getattr(asked, name) for name in plain if name in given}
        for name in ("tags", "shared"):
            if name in new:
                new[name] = list(dict.fromkeys(new[name]))
        if asked.point is not None or asked.no_point:
            new["point"] = asked.point
        if secret is not None:
            new |= {"layers": layers_of(secret), "onvif": secret.onvif is not None}
        return was.model_copy(update=new)

    def _require_center(self, account: Account, center: str) -> None:
        tree = self._services.tree
        if center not in tree or not may(account, "camera.read", tree, center):
            raise Refusal("not_found", "there is no such center", "center")
        if not may(account, "camera.manage", tree, center):
            raise Refusal("forbidden", "cameras are the system administrator's to add", "center")

    def _require_shared(self, centers: set[str] | list[str]) -> None:
        if unknown := [center for center in centers if center not in self._services.tree]:
            raise Refusal("not_found", f"there is no center {unknown[0]}", "shared")

    async def _require_free(self, code: str, main: str | None, but: str = "") -> None:
        by_code, by_address = await self._services.cameras.taken(code, main, but)
        if by_code:
            raise Refusal("conflict", "another camera has this number", "code")
        if by_address:
            raise Refusal("conflict", "another camera has this address", "main")

    async def _tell(self, what: str, account: Account, camera: Camera, **more: Any) -> None:
        """Have the journal told."""
        data = {
            "account": account.id,
            "account_name": account.name,
            **{name: getattr(camera, name) for name in ("camera", "name", "code", "center")},
            **more,
        }
        kind = f"camera.note_{what}"
        command = Command(f"camera-{new_id('s', self._services.clock())}", kind, None, parse_data(kind, data))
        await self._services.writer.submit(command, SYSTEM_ACCOUNT)


_ADDRESSES: Final[tuple[tuple[str, What], ...]] = (("main", "rtsp"), ("sub", "rtsp"), ("onvif", "onvif"))


def layers_of(secret: Secret) -> list[Layer]:
    """The streams that there are addresses of."""
    return ["main", "sub"] if secret.sub else ["main"]


def _different(was: Camera, now: Camera, secret: Secret | None, old: Secret | None) -> list[str]:
    """What is other, as the entry names it."""
    plain = ("center", "name", "code", "kind", "tags", "place", "point", "sound", "important", "shown")
    found = [name for name in plain if getattr(was, name) != getattr(now, name)]
    if secret is not None:
        if old is None or (secret.main, secret.sub, secret.onvif) != (old.main, old.sub, old.onvif):
            found.append("addresses")
        if old is None or (secret.user, secret.password) != (old.user, old.password):
            found.append("password")
    return found
