"""Who turns cameras comes here: rights, seats, the gateway, and what others are told of it.

A page says `move` five times a second while a key is held down; the gateway ends a move half a second after the last of them.
Whoever watches the camera is told whose hand it is under; taking and letting go are entries, moves are not.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from typing import Any, Final

from hub.cameras.catalog import Camera, Preset
from hub.cameras.seats import Seat, require_seat
from hub.cameras.turning import ReleaseReason
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command
from hub.errors import Refusal
from hub.ids import new_id
from hub.rules import parse_data
from signaling.camera_desk import CameraDesk
from signaling.camera_presets import CameraPresets
from signaling.services import Json, Services
from signaling.socket_bodies import Turn

#: How often seats are looked at.
LOOK_S: Final = 1.0
#: A move that is not renewed has ended at the gateway after this.
HELD_S: Final = 0.6
#: Reasons that a gateway gives for what a camera would not do.
REASONS: Final = frozenset({"credentials", "not_offered", "unreachable", "malformed", "not_allowed"})

log = logging.getLogger(__name__)

#: Tells a `media` event to one account.
Tell = Callable[[str, Json], None]


class CameraTurning:
    """The seats at all cameras. Everything raises Refusal; what may not be seen is `not_found`."""

    def __init__(self, services: Services, tell: Tell, clock: Callable[[], float]) -> None:
        """`tell` gives an event to all pages of an account; `clock` is monotonic."""
        self._services = services
        self._desk = CameraDesk(services)
        self._tell = tell
        self._clock = clock
        self._presets = CameraPresets(services, self._ask)
        self._seats: dict[str, Seat] = {}
        self._cameras: dict[str, Camera] = {}
        self._moving: dict[str, float] = {}  # camera -> when its move was last renewed
        self._taking = asyncio.Lock()

    async def do(self, account: Account, page: str, asked: Turn) -> Json:
        """What a page asks; answered with whose hand the camera is under."""
        match asked.do:
            case "look":
                await self._allowed(account, asked.camera)
            case "take":
                await self._take(account, page, asked.camera)
            case "move":
                await self._move(account, page, asked)
            case "stop":
                await self._stop(account, asked.camera)
            case "recall":
                await self._recall(account, page, asked)
            case "remember" | "rename" | "forget":
                found = await self._change(account, page, asked)
                return {"hand": self._hand(asked.camera), "presets": [each.model_dump() for each in found]}
            case "release":
                await self._allowed(account, asked.camera)
                if self._mine(account, asked.camera):
                    await self._release(asked.camera, "released")
        return {"hand": self._hand(asked.camera)}

    async def presets(self, account: Account, camera: str) -> list[Json]:
        """The directions that the camera remembers."""
        found = await self._presets.read(await self._allowed(account, camera))
        used = await self._presets.used(account, camera)
        return [{**each.model_dump(), "stops": used.get(each.token, 0)} for each in found]

    async def left(self, page: str) -> None:
        """A page has gone: what it turned stands still at once, and is free."""
        for camera, seat in list(self._seats.items()):
            if seat.page == page:
                await self._release(camera, "gone")

    def refused(self, camera: str, reason: str) -> None:
        """The gateway says that the camera would not turn."""
        seat = self._seats.get(camera)
        if seat is not None:
            self._moving.pop(camera, None)
            self._tell(seat.account, self._event(camera, reason if reason in REASONS else "unreachable"))

    async def run(self) -> None:
        """Take off hands that rest too long, or have lost their right. Until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self.look()
            except Refusal as refusal:
                log.warning("seats at cameras are not looked at: %s", refusal.message)
            except Exception:
                log.exception("looking at the seats failed")

    async def look(self) -> None:
        """What is due by time."""
        now = self._clock()
        for camera, renewed in list(self._moving.items()):
            if now - renewed > HELD_S:
                del self._moving[camera]
                self._news(camera)
        for camera, seat in list(self._seats.items()):
            if seat.is_idle(now):
                await self._release(camera, "idle")

    # --- what a page asks ------------------------------------------------------------------------------

    async def _allowed(self, account: Account, camera: str) -> Camera:
        found = await self._desk.seen(account, camera, "camera.move")
        if not found.onvif:
            raise Refusal("unprocessable", "this camera cannot be turned", "camera")
        return found

    async def _take(self, account: Account, page: str, camera: str) -> Seat:
        """The seat, which is the account's from here on. A change of directory or rights is heard at each taking."""
        async with self._taking:
            found = await self._allowed(account, camera)
            now, seat = self._clock(), self._seats.get(camera)
            require_seat(self._services.tree, account, seat, now)
            if seat is not None and seat.account == account.id:
                seat.page, seat.used_at = page, now
                return seat
            taken_from = ""
            if seat is not None:
                taken_from = "" if seat.is_idle(now) else seat.name
                await self._release(camera, "taken" if taken_from else "idle")
            await self._note("taken", found, account.id, account.name, taken_from=taken_from)
            seat = Seat(account.id, account.name, account.center, page, now, now)
            self._seats[camera], self._cameras[camera] = seat, found
            self._news(camera)
            if taken_from:
                log.info("a camera was taken over by a higher center")
            return seat

    async def _move(self, account: Account, page: str, asked: Turn) -> None:
        camera = asked.camera
        speeds = {"pan": asked.pan, "tilt": asked.tilt, "zoom": asked.zoom}
        if not all(math.isfinite(speed) for speed in speeds.values()):
            raise Refusal("invalid", "a speed is a number from -1 to 1", "pan")
        if not any(speeds.values()):
            await self._stop(account, camera)
            return
        seat = await self._take(account, page, camera)
        begins = camera not in self._moving
        self._moving[camera] = self._clock()
        seat.moves += begins
        await self._ask("ptz.move", camera, **speeds)
        if begins:
            self._news(camera)

    async def _stop(self, account: Account, camera: str) -> None:
        """Whoever may turn it may stop it, whose hand ever it is under."""
        await self._allowed(account, camera)
        if camera in self._seats:
            await self._stand_still(camera)

    async def _recall(self, account: Account, page: str, asked: Turn) -> None:
        if not asked.preset:
            raise Refusal("invalid", "which direction?", "preset")
        seat = await self._take(account, page, asked.camera)
        seat.moves += 1
        await self._ask("ptz.recall", asked.camera, preset=asked.preset)

    async def _change(self, account: Account, page: str, asked: Turn) -> list[Preset]:
        """Of what the camera remembers. It stands still for it, and others who turn it or watch it read anew."""
        seat = await self._take(account, page, asked.camera)
        seat.used_at, camera = self._clock(), self._cameras[asked.camera]
        if asked.camera in self._moving:
            await self._stand_still(asked.camera)
        found = await self._presets.change(account, camera, asked)
        self._news(asked.camera, presets=True)
        return found

    # --- inside ----------------------------------------------------------------------------------------

    def _mine(self, account: Account, camera: str) -> bool:
        seat = self._seats.get(camera)
        return seat is not None and seat.account == account.id

    async def _ask(self, method: str, camera: str, **more: Any) -> Json:
        return await self._services.media.cameras.asks.turn(method, camera, **more)

    async def _stand_still(self, camera: str) -> None:
        """Stop at once; a gateway that is away stops by itself."""
        moved = self._moving.pop(camera, None) is not None
        try:
            await self._ask("ptz.stop", camera)
        except Refusal as refusal:
            log.warning("a camera was not told to stop, and stops by itself: %s", refusal.message)
        if moved:
            self._news(camera)

    async def _release(self, camera: str, reason: ReleaseReason) -> None:
        """The hand is off: first it stands still, then the journal is told, then the others."""
        seat, found = self._seats.pop(camera), self._cameras.pop(camera)
        if camera in self._moving:
            await self._stand_still(camera)
        held = round(self._clock() - seat.since)
        about = {"reason": reason, "moves": seat.moves, "seconds": held}
        try:
            await self._note("released", found, seat.account, seat.name, **about)
        finally:
            self._news(camera, seat.account)

    async def _note(self, what: str, camera: Camera, account: str, name: str, **more: Any) -> None:
        """Have the journal told."""
        about = {field: getattr(camera, field) for field in ("camera", "name", "code", "center")}
        kind = f"camera.note_{what}"
        data = parse_data(kind, {"account": account, "account_name": name, **about, **more})
        command = Command(f"camera-{new_id('s', self._services.clock())}", kind, None, data)
        await self._services.writer.submit(command, SYSTEM_ACCOUNT)

    def _hand(self, camera: str) -> Json | None:
        seat = self._seats.get(camera)
        return None if seat is None else {"account": seat.account, "name": seat.name, "center": seat.center}

    def _event(self, camera: str, refused: str = "", *, presets: bool = False) -> Json:
        return {
            "meeting": "cameras",
            "kind": "turning",
            "camera": camera,
            "hand": self._hand(camera),
            "moving": camera in self._moving,
            "refused": refused,
            "presets": presets,
        }

    def _news(self, camera: str, *more: str, presets: bool = False) -> None:
        """Tell everybody who watches the camera, whose hand it is under, and whose it was."""
        told = {each["account"] for each in self._services.media.cameras.watchers(camera)} | set(more)
        if (seat := self._seats.get(camera)) is not None:
            told.add(seat.account)
        for account in told:
            self._tell(account, self._event(camera, presets=presets))
