"""Cameras end to end in one process: control's coordination, a real node, a real gateway, and cameras that are made up."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpReceiver, RTCSessionDescription

from clients.camera.server import CameraServer
from hub.cameras.catalog import Facts
from hub.directory.accounts import Account
from hub.gateway.process import Gateway
from hub.gateway.pulls import Puller
from hub.gateway.rtsp_port import Sink, State, Target
from hub.media.node.process import Node
from hub.people import Accounts
from hub.wire import rtp
from hub.wire.sdp_rtsp import Track
from tests.support.coordination_stand import KEY, LEADER, STATION, VILLAGE, Stand, standing
from tests.support.h264_sender import FPS, clip, described, one_by_one, units_of
from tests.support.media_aiortc import Viewer
from tests.support.media_node import node_config
from tests.support.waiting import eventually

LOOPBACK = ip_network("127.0.0.0/8")
CAMERA, OTHER = "ca_01m82v7m00dg4wd111", "ca_01m82v7m00dg4wd112"
#: Widths of the streams that a made-up camera has.
WIDTHS = {"main": 640, "sub": 320}


@dataclass(frozen=True)
class Secret:
    main: str
    sub: str | None = None
    onvif: str | None = None
    user: str = "admin"
    password: str = "a secret"


@dataclass(frozen=True)
class Row:
    center: str = VILLAGE
    name: str = "村口"
    sound: bool = False
    facts: Facts = field(default_factory=Facts)


class Directory:
    """Cameras as control finds them: where each is reached, and who may watch it."""

    def __init__(self) -> None:
        self.secrets: dict[str, Secret] = {}
        self.readers: dict[str, set[str]] = {}
        self.sounding: set[str] = set()
        self.facts: dict[str, Facts] = {}
        self._callbacks: list[Callable[[frozenset[str] | None], None]] = []

    def put(self, camera: str, *readers: Account, sub: bool = False) -> None:
        url = f"rtsp://127.0.0.1/{camera}"
        self.secrets[camera] = Secret(f"{url}/main", f"{url}/sub" if sub else None)
        self.share(camera, *readers)

    def put_real(self, camera: str, server: CameraServer, name: str, *readers: Account) -> None:
        """One that a server really serves."""
        sub = server.url(name, "sub") if "sub" in server.cameras[name].streams else None
        self.secrets[camera] = Secret(server.url(name), sub)
        self.share(camera, *readers)

    def share(self, camera: str, *readers: Account) -> None:
        """Who may watch it, from now on."""
        self.readers[camera] = {reader.id for reader in readers}
        for callback in self._callbacks:
            callback(frozenset({camera}))

    async def readable(self, account: Account, camera: str) -> object | None:
        return self.secrets.get(camera) if account.id in self.readers.get(camera, ()) else None

    async def some(self, cameras: Iterable[str]) -> dict[str, Row]:
        return {
            camera: Row(sound=camera in self.sounding, facts=self.facts.get(camera, Facts()))
            for camera in cameras
            if camera in self.secrets
        }

    async def secret(self, camera: str) -> Secret | None:
        return self.secrets.get(camera)

    def listen(self, callback: Callable[[frozenset[str] | None], None]) -> Callable[[], None]:
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)


@dataclass
class Scene:
    """What the made-up cameras are like. `away`: nothing answers; `still`: nothing comes; `codec` as it is described."""

    away: bool = False
    still: bool = False
    codec: str = "h264"
    opened: list[Target] = field(default_factory=list)
    running: set[Any] = field(default_factory=set)


class MadeUpCamera:
    """A Puller that plays a clip over and over, as a camera does: it cannot be asked for a key frame."""

    def __init__(self, target: Target, sink: Sink, scene: Scene) -> None:
        self._sink = sink
        self._scene = scene
        self._target = target
        self._clip = clip(WIDTHS[target.url.rpartition("/")[2]])
        self._task: asyncio.Task[None] | None = None
        scene.opened.append(target)

    def start(self) -> None:
        self._scene.running.add(self)
        self._task = asyncio.create_task(self._play())

    def close(self) -> None:
        assert self._task is not None
        self._scene.running.discard(self)
        self._task.cancel()

    def dump(self) -> dict[str, object]:
        return {"made": "up"}

    async def _play(self) -> None:
        sink, scene = self._sink, self._scene
        self._tell("connecting")
        loop = asyncio.get_running_loop()
        while True:
            if scene.away:
                self._tell("reconnecting", "unreachable")
                await asyncio.sleep(0.05)
                continue
            track = Track("video", scene.codec, 96, 90_000, 1, described(self._clip), "", fps=FPS)
            sink.described([track])
            self._tell("playing")
            sequence, begun, pictures = 7, loop.time(), 0
            # A reboot begins anew with numbers and stamps of its own.
            while not scene.away:
                units = units_of(self._clip.frames[pictures % len(self._clip.frames)].data)
                for stamp, payload, marker in one_by_one(units, pictures * 90_000 // FPS):
                    packet = rtp.build_packet(
                        96, sequence & 0xFFFF, stamp & 0xFFFF_FFFF, 1, payload, marker=marker
                    )
                    sequence += 1
                    if not scene.still:
                        sink.rtp(track, memoryview(packet), loop.time())
                pictures += 1
                await asyncio.sleep(max(0.0, begun + pictures / FPS - loop.time()))

    def _tell(self, state: State, reason: str = "") -> None:
        self._sink.state(state, reason)


class CameraGateway(Gateway):
    """A real gateway whose cameras are made up."""

    def __init__(self, url: str, scene: Scene) -> None:
        self.scene = scene
        super().__init__(_config(url, "gateway-1"), [LOOPBACK])

    def _open_pull(self, target: Target, sink: Sink) -> Puller:
        return MadeUpCamera(target, sink, self.scene)


def _config(url: str, name: str) -> Any:
    return dataclasses.replace(node_config(url), node_id=name, link_key=KEY)


class Looker:
    """An account's browser as far as pictures go: one session of the place `cameras`, or of a meeting, decoded by aiortc."""

    def __init__(self, stand: CameraStand, account: Account, meeting: str | None = None) -> None:
        self._meeting = meeting
        self.account = account
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.viewers: list[Viewer] = []
        self.session = ""
        self._coordination = stand.stand.coordination

    async def open(self, slots: int = 1, *, sound: bool = False, codec: str | None = None) -> None:
        """With so many pictures, and a place for sound. `codec`: the only one that it takes of pictures."""
        for kind in [*["video"] * slots, *["audio"] * sound]:
            transceiver = self.pc.addTransceiver(kind, direction="recvonly")
            if kind == "video" and codec is not None:
                capabilities = RTCRtpReceiver.getCapabilities("video")
                known = capabilities.codecs if capabilities is not None else []
                kept = ("video/rtx", f"video/{codec}".lower())
                transceiver.setCodecPreferences([one for one in known if one.mimeType.lower() in kept])
        await self.pc.setLocalDescription(await self.pc.createOffer())
        offer = self.pc.localDescription.sdp
        if self._meeting is None:
            opened = await self._coordination.open_cameras(self.account, offer)
        else:
            opened = await self._coordination.open(self.account, self._meeting, "watch", offer)
        self.session = opened.id
        await self.pc.setRemoteDescription(RTCSessionDescription(opened.answer, "answer"))
        await eventually(lambda: self.pc.connectionState == "connected", why="the viewer is not connected")
        self.viewers = [Viewer(transceiver.receiver.track) for transceiver in self.pc.getTransceivers()]
        for viewer in self.viewers:
            viewer.start()

    async def select(self, *cameras: str | None, tile: tuple[int, int] = (320, 180)) -> None:
        tiles: list[list[int] | None] = [[*tile] for _ in cameras]
        await self._coordination.select(self.account, self.session, list(cameras), tiles)

    async def listen(self, camera: str | None) -> None:
        await self._coordination.listen(self.account, self.session, camera)

    @property
    def sound(self) -> Viewer:
        """What it hears."""
        return next(viewer for viewer in self.viewers if viewer.track.kind == "audio")

    async def sees(self, frames: int = 10, slot: int = 0, timeout_s: float = 10.0) -> None:
        """Wait until so many more pictures have come."""
        viewer = self.viewers[slot]
        before = viewer.frames
        await eventually(lambda: viewer.frames >= before + frames, timeout_s, "no picture comes")

    async def close(self) -> None:
        for viewer in self.viewers:
            await viewer.stop()
        await self.pc.close()


class CameraStand:
    """Control, a node and a gateway, all real, and what was told to pages."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        self.scene = Scene()
        self.directory = Directory()
        stand.coordination.cameras.use(self.directory)
        people = stand.writer.state.parts.edit(Accounts)
        for account in (LEADER, STATION):
            people.put(account)
        self.nodes: list[Node] = []
        self._running: dict[Node, asyncio.Task[None]] = {}
        self._lookers: list[Looker] = []

    @property
    def cameras(self) -> Any:
        return self.stand.coordination.cameras

    def start(self, node: Node) -> Node:
        self._running[node] = asyncio.create_task(node.run())
        return node

    def node(self, name: str = "n1") -> Node:
        made = Node(_config(self.stand.url, name))
        self.nodes.append(made)
        return self.start(made)

    def gateway(self) -> CameraGateway:
        gateway = CameraGateway(self.stand.url, self.scene)
        self.start(gateway)
        return gateway

    def real_gateway(self, transcodes: int = 1) -> Gateway:
        """A gateway that dials what the directory says, by RTSP."""
        gateway = Gateway(_config(self.stand.url, "gateway-1"), [LOOPBACK], transcodes)
        self.start(gateway)
        return gateway

    async def ready(self, nodes: int = 1) -> None:
        table = self.stand.coordination._nodes
        await eventually(lambda: len(table) == nodes and bool(table.gateways()), why="not all have linked")

    async def end(self, node: Node) -> None:
        node.stopping.set()
        await self._running.pop(node)

    async def looker(
        self,
        account: Account = LEADER,
        slots: int = 1,
        meeting: str | None = None,
        *,
        sound: bool = False,
        codec: str | None = None,
    ) -> Looker:
        looker = Looker(self, account, meeting)
        self._lookers.append(looker)
        await looker.open(slots, sound=sound, codec=codec)
        return looker

    def told(self, kind: str, account: Account = LEADER) -> list[dict[str, Any]]:
        """The events of one kind that an account was told."""
        return [event for who, event in self.stand.told if who == account.id and event["kind"] == kind]

    def state(self, camera: str = CAMERA, account: Account = LEADER) -> str:
        """What the account was last told of a camera."""
        told = [event for event in self.told("camera", account) if event["camera"] == camera]
        return str(told[-1]["state"]) if told else ""

    async def close(self) -> None:
        for looker in self._lookers:
            await looker.close()
        for node in list(self._running):
            await self.end(node)


@contextlib.asynccontextmanager
async def camera_stand(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[CameraStand]:
    """A CameraStand with a node and a gateway that have linked."""
    async with standing(monkeypatch) as stand:
        made = CameraStand(stand)
        try:
            yield made
        finally:
            await made.close()
