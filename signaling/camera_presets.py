"""The directions that cameras remember: read, made where a camera looks now, renamed, taken away.

The camera keeps them; the hub keeps what people call them, for many cameras know ASCII alone, and ONVIF gives none another
name without setting it anew. Each change is an entry, made after the camera did it: a refusal of the camera is no change.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from hub.cameras.catalog import Camera, Preset
from hub.cameras.patrol_state import Patrols
from hub.cameras.presets import named, renamed, require_name, require_preset
from hub.cameras.turning import MAX_PRESET_NAME, PresetDone
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command
from hub.errors import Refusal
from hub.ids import new_id
from hub.rules import parse_data
from signaling.services import Json, Services
from signaling.socket_bodies import Turn

#: Asks a camera by ONVIF: method, camera, more.
Ask = Callable[..., Awaitable[Json]]
#: Routes that are looked through for a preset: more of one camera there are not.
MOST_ROUTES: Final = 50


class CameraPresets:
    """For whoever has the right and, for a change, the seat: both are the caller's to see to. Everything raises Refusal."""

    def __init__(self, services: Services, ask: Ask) -> None:
        self._services = services
        self._ask = ask

    async def read(self, camera: Camera) -> list[Preset]:
        """Those that the camera remembers now. Their names are kept with what is known of it."""
        told = (await self._ask("ptz.presets", camera.camera))["presets"]
        current = await self._services.cameras.get(camera.camera)
        kept = (current or camera).facts.presets
        found = named(told, kept)
        if found != kept:
            await self._services.cameras.note_presets(camera.camera, found)
        return found

    async def change(self, account: Account, camera: Camera, asked: Turn) -> list[Preset]:
        """`remember`, `rename` or `forget`: what the camera remembers then."""
        before = await self.read(camera)
        match asked.do:
            case "remember":
                return await self._remember(account, camera, before, asked)
            case "rename":
                return await self._rename(account, camera, before, asked)
            case "forget":
                return await self._forget(account, camera, before, asked)
        raise Refusal("invalid", "what is to be done with the direction?", "do")

    async def used(self, account: Account, camera: str) -> dict[str, int]:
        """By token: at how many stops of routes in the account's sight the camera is turned there."""
        services = self._services
        routes = services.writer.state.parts.read(Patrols).routes.values()
        through = [each.id for each in routes if any(stop.camera == camera for stop in each.stops)]
        counts: dict[str, int] = {}
        for route in through[:MOST_ROUTES]:
            found = await services.queries.patrol_route(account, services.tree, route)
            for stop in (found or {}).get("stops", ()):
                if stop["camera"] == camera and stop.get("preset"):
                    token = str(stop["preset"]["token"])
                    counts[token] = counts.get(token, 0) + 1
        return counts

    async def _remember(
        self, account: Account, camera: Camera, before: list[Preset], asked: Turn
    ) -> list[Preset]:
        was = require_preset(before, asked.preset) if asked.preset else None
        name = require_name(before, asked.name or (was.name if was else ""), asked.preset)
        answer = await self._ask("ptz.remember", camera.camera, name=name, preset=asked.preset)
        token = str(answer["token"])
        after = renamed(await self.read(camera), token, name)
        await self._services.cameras.note_presets(camera.camera, after)
        await self._note(account, camera, "replaced" if was else "set", Preset(token=token, name=name), was)
        return after

    async def _rename(
        self, account: Account, camera: Camera, before: list[Preset], asked: Turn
    ) -> list[Preset]:
        was = require_preset(before, asked.preset)
        name = require_name(before, asked.name, asked.preset)
        if name == was.name:
            return before
        after = renamed(before, asked.preset, name)
        await self._note(account, camera, "renamed", was.model_copy(update={"name": name}), was)
        await self._services.cameras.note_presets(camera.camera, after)
        return after

    async def _forget(
        self, account: Account, camera: Camera, before: list[Preset], asked: Turn
    ) -> list[Preset]:
        was = require_preset(before, asked.preset)
        await self._ask("ptz.forget", camera.camera, preset=asked.preset)
        await self._note(account, camera, "removed", was, was)
        return await self.read(camera)

    async def _note(
        self, account: Account, camera: Camera, done: PresetDone, preset: Preset, was: Preset | None
    ) -> None:
        about = {field: getattr(camera, field) for field in ("camera", "name", "code", "center")}
        data = {
            "account": account.id,
            "account_name": account.name,
            **about,
            "done": done,
            "preset": preset.token,
            "preset_name": preset.name[:MAX_PRESET_NAME],
            "was": "" if was is None else was.name[:MAX_PRESET_NAME],
        }
        command_id = f"camera-{new_id('s', self._services.clock())}"
        kind = "camera.note_preset"
        await self._services.writer.submit(
            Command(command_id, kind, None, parse_data(kind, data)), SYSTEM_ACCOUNT
        )
