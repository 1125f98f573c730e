"""What gateways are to bring: each camera that somebody asked for, into the place it is wanted in, until nobody wants it."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple, Protocol

from hub.cameras.catalog import StreamFacts
from hub.coordination.background import Background
from hub.coordination.nodes import Node, NodeTable
from hub.errors import Refusal

log = logging.getLogger(__name__)

Data = dict[str, Any]
#: Pause before a gateway that refused, or is away, is asked again.
RETRY_S: Final = 1.0
#: What a gateway brings that nobody here asked for may be known again soon: control has just started.
UNKNOWN_S: Final = 20.0
#: A camera is dialled and looked at: its own time-outs are shorter.
PROBE_S: Final = 20.0


class CameraSecret(Protocol):
    """Where a camera is reached: hub.cameras.catalog.Secret."""

    @property
    def main(self) -> str: ...
    @property
    def sub(self) -> str | None: ...
    @property
    def onvif(self) -> str | None: ...
    @property
    def user(self) -> str: ...
    @property
    def password(self) -> str: ...


class Wanted(NamedTuple):
    """A camera in a place: the meeting (or `cameras`) and the camera, which is the participant there, too."""

    meeting: str
    camera: str


@dataclass(frozen=True, slots=True)
class CameraState:
    """How the picture of a camera is, as its gateway last told.

    `state`: idle, connecting, playing, reconnecting, refused, unplayable; `reason` a word that says more. `instead` is what
    viewers are given where browsers cannot play it: `transcoded`, `snapshots`, or nothing.
    """

    state: str = "idle"
    reason: str = ""
    instead: str | None = None
    codec: str = ""
    width: int = 0
    height: int = 0
    fps: int = 0
    bps: int = 0
    sound: str | None = None
    """How its sound is, while anybody hears it: connecting, playing, away, none."""
    twin: str | None = None
    """How its picture is for browsers without H264, while one watches: connecting, playing, quota, failed."""

    def without_h264(self, *, vp8: bool) -> CameraState:
        """The same for a browser that takes no H264: transcoded where it takes `vp8` and there is a place, else by pictures."""
        if self.state in ("refused", "reconnecting"):
            return self
        if not vp8:
            return CameraState("unplayable", "browser_h264", "snapshots")
        if self.twin in ("quota", "failed"):
            why = "quota" if self.twin == "quota" else "transcode_failed"
            return CameraState("unplayable", why, "snapshots")
        if self.twin == "playing":
            return replace(self, state="playing", reason="", instead="transcoded", codec="vp8")
        # Nobody asks for it where the line has no room for one more picture.
        return CameraState("connecting" if self.twin else "idle")

    @property
    def plays(self) -> bool:
        """Whether pictures come of it, for any browser."""
        return "playing" in (self.state, self.twin)

    @classmethod
    def told(cls, data: Data) -> CameraState:
        """As an event `camera.state` has it. Raises KeyError, TypeError, ValueError."""
        instead, sound, twin = data.get("instead"), data.get("sound"), data.get("twin")
        numbers = {name: int(data.get(name) or 0) for name in ("width", "height", "fps", "bps")}
        return cls(
            str(data["state"]),
            str(data.get("reason") or ""),
            str(instead) if instead is not None else None,
            str(data.get("codec") or ""),
            **numbers,
            sound=str(sound) if sound is not None else None,
            twin=str(twin) if twin is not None else None,
        )


@dataclass(slots=True)
class _Offer:
    """`gateway` has it, or is being asked; None while there is nobody to ask. `sound`: with its sound; `twin`: with its picture
    for browsers without H264."""

    sound: bool
    twin: bool = False
    gateway: str | None = None
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class CameraOffers:
    """Keeps gateways to what is wanted. Each of `on_state` is told each change of a camera's picture."""

    def __init__(self, nodes: NodeTable, background: Background) -> None:
        self.on_state: list[Callable[[str, CameraState], None]] = []
        #: A camera would not turn: which one, and a reason.
        self.on_refused: Callable[[str, str], None] = lambda camera, reason: None
        #: Is told the meeting into which a camera has just been brought.
        self.on_placed: Callable[[str], None] = lambda meeting: None
        #: Where a camera is reached; None for one that is not there (any more).
        self.secret: Callable[[str], Any] = _no_secret
        #: Whether its sound may be heard.
        self.has_sound: Callable[[str], Awaitable[bool]] = _no_sound
        #: What was found of its streams when they were last looked at.
        self.streams: Callable[[str], Awaitable[Sequence[StreamFacts]]] = _no_streams
        self.states: dict[str, CameraState] = {}
        self._nodes = nodes
        self._background = background
        self._offers: dict[Wanted, _Offer] = {}

    # -- what is wanted

    def want(self, wanted: Wanted, *, sound: bool, twin: bool = False) -> None:
        """Have it brought from now on, with its sound or without, and with its picture for browsers without H264 (`twin`)."""
        offer = self._offers.get(wanted)
        if offer is None or (offer.sound, offer.twin) != (sound, twin):
            if offer is None:
                self._offers[wanted] = _Offer(sound, twin)
            else:
                offer.sound, offer.twin = sound, twin
            self._bring(wanted)

    def drop(self, wanted: Wanted) -> None:
        """It is not wanted any more: its gateway lets go of it at once."""
        offer = self._offers.pop(wanted, None)
        if offer is None:
            return
        if offer.task is not None:
            offer.task.cancel()
        gateway = self._nodes.get(offer.gateway) if offer.gateway is not None else None
        if gateway is not None and gateway.answers:
            self._background.spawn(self._withdraw(gateway, wanted))
        if not any(other.camera == wanted.camera for other in self._offers):
            self._know(wanted.camera, CameraState())

    def refresh(self, camera: str) -> None:
        """Its addresses may have changed."""
        for wanted in self._offers:
            if wanted.camera == camera:
                self._bring(wanted)

    def wanted_in(self, meeting: str) -> set[str]:
        """The cameras that are wanted in a place."""
        return {wanted.camera for wanted in self._offers if wanted.meeting == meeting}

    def meetings_of(self, camera: str) -> set[str]:
        """The meetings, and the place of cameras, in which it is wanted."""
        return {wanted.meeting for wanted in self._offers if wanted.camera == camera}

    def gateways_of(self, meeting: str) -> list[Node]:
        """The gateways that bring something into this meeting, and can be asked now."""
        names = {offer.gateway for wanted, offer in self._offers.items() if wanted.meeting == meeting}
        return [gateway for gateway in self._nodes.gateways() if gateway.id in names]

    def state(self, camera: str) -> CameraState:
        """How its picture is."""
        return self.states.get(camera) or CameraState()

    def playing(self) -> Collection[str]:
        """Cameras that are pulled now."""
        return {camera for camera, state in self.states.items() if state.state != "idle"}

    # -- gateways come and go

    def take_gateway(self, gateway: Node, hello: Data) -> None:
        """A gateway has linked: it is told the whole truth again, and keeps what it brings already."""
        for wanted, offer in list(self._offers.items()):
            if offer.gateway in (None, gateway.id):
                self._bring(wanted)
        strangers = [Wanted(str(each["meeting"]), str(each["camera"])) for each in hello.get("cameras", [])]
        if strangers:
            self._background.spawn(self._withdraw_strangers(gateway, strangers))

    def lose_gateway(self, gateway: str) -> None:
        """It stays away: another one takes its cameras over."""
        for wanted, offer in list(self._offers.items()):
            if offer.gateway == gateway:
                offer.gateway = None
                self._know(wanted.camera, CameraState("reconnecting", "gateway_away"))
                self._bring(wanted)

    def take_state(self, gateway: Node, data: Data) -> None:
        """A gateway tells how the picture of one of its cameras is."""
        camera = str(data["camera"])
        if any(each.camera == camera and offer.gateway == gateway.id for each, offer in self._offers.items()):
            self._know(camera, CameraState.told(data))

    def _know(self, camera: str, state: CameraState) -> None:
        if self.state(camera) == state:
            return
        if state == CameraState():
            self.states.pop(camera, None)
        else:
            self.states[camera] = state
        for listener in self.on_state:
            listener(camera, state)

    # -- for one look

    async def ask(self, method: str, camera: str, secret: CameraSecret, **more: Any) -> Data:
        """Have a gateway look at a camera once (`camera.probe`, `camera.picture`). Raises Refusal."""
        gateway = self._choose(None)
        if gateway is None:
            raise Refusal("unavailable", "no gateway of cameras is linked")
        for wanted, offer in self._offers.items():
            if wanted.camera == camera and offer.gateway is not None:
                gateway = self._nodes.get(offer.gateway) or gateway
        return await gateway.link.call(method, {"camera": camera, **reached(secret), **more}, PROBE_S)

    async def ask_any(self, method: str, args: Data) -> Data:
        """Have a gateway ask what no camera of the directory is. Raises Refusal."""
        gateway = self._choose(None)
        if gateway is None:
            raise Refusal("unavailable", "no gateway of cameras is linked")
        return await gateway.link.call(method, args, PROBE_S)

    def take_refused(self, gateway: Node, data: Data) -> None:
        """A gateway tells that a camera would not turn."""
        self.on_refused(str(data["camera"]), str(data["reason"]))

    # -- inside

    def _choose(self, before: str | None) -> Node | None:
        """The gateway for one more camera: the one it has, else the one with the fewest."""
        gateways = self._nodes.gateways()
        has = Counter(offer.gateway for offer in self._offers.values())
        return min(gateways, key=lambda each: (each.id != before, has[each.id], each.id), default=None)

    def _bring(self, wanted: Wanted) -> None:
        offer = self._offers[wanted]
        if offer.task is not None:
            offer.task.cancel()
        offer.task = asyncio.create_task(self._bring_until_done(wanted, offer))

    async def _bring_until_done(self, wanted: Wanted, offer: _Offer) -> None:
        while self._offers.get(wanted) is offer:
            gateway = self._choose(offer.gateway)
            if gateway is None:
                offer.gateway = None
                self._know(wanted.camera, CameraState("connecting", "gateway_away"))
                return  # the next one that links is told
            offer.gateway = gateway.id
            try:
                secret = await self.secret(wanted.camera)
                if secret is None:
                    self._know(wanted.camera, CameraState("refused", "unknown_camera"))
                    return
                asked = {"meeting": wanted.meeting, "participant": wanted.camera, "camera": wanted.camera}
                sound = offer.sound and await self.has_sound(wanted.camera)
                more = {"sound": sound, "twin": offer.twin}
                where = reached(secret, await self.streams(wanted.camera))
                await gateway.link.call("camera.offer", {**asked, **where, **more})
                self.on_placed(wanted.meeting)
            except Refusal as refusal:
                log.warning("camera %s is not offered yet: %s", wanted.camera, refusal.message)
                if refusal.code == "invalid":
                    self._know(wanted.camera, CameraState("refused", refusal.field or "invalid"))
                    return
                await asyncio.sleep(RETRY_S)
                continue
            return

    async def _withdraw(self, gateway: Node, wanted: Wanted) -> None:
        await gateway.link.call("camera.withdraw", {"meeting": wanted.meeting, "camera": wanted.camera})

    async def _withdraw_strangers(self, gateway: Node, strangers: list[Wanted]) -> None:
        await asyncio.sleep(UNKNOWN_S)
        for wanted in strangers:
            if wanted not in self._offers and gateway.answers:
                await self._withdraw(gateway, wanted)

    async def stop(self) -> None:
        """Let go; gateways are left as they are."""
        tasks = [offer.task for offer in self._offers.values() if offer.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def reached(secret: CameraSecret, found: Sequence[StreamFacts] = ()) -> Data:
    """How a gateway is told where a camera is reached: the large stream first. `found`: what its streams were like last."""
    streams: list[Data] = [{"rid": "main", "url": secret.main}]
    if secret.sub:
        streams.append({"rid": "sub", "url": secret.sub})
    for stream in streams:
        for each in found:
            if each.layer == stream["rid"]:
                stream |= {"width": each.width, "height": each.height, "bps": each.bps}
    return {"streams": streams, "user": secret.user, "password": secret.password}


async def _no_secret(camera: str) -> None:
    return None


async def _no_sound(camera: str) -> bool:
    return False


async def _no_streams(camera: str) -> Sequence[StreamFacts]:
    return ()
