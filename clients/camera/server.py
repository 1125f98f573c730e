"""The RTSP server of cameras that are none: as many as one likes behind one port, each with its own faults."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from clients.camera.conversation import Conversation
from clients.camera.faults import Faults
from clients.camera.scene import Scene
from clients.camera.stream import Listener, Stream
from clients.camera.turntable import Turntable


@dataclass(eq=False)
class Camera:
    """One camera: `main` and `sub` are its streams (``/NAME/main``, ``/NAME/sub``).

    `algorithm` is "MD5", "SHA-256", "" (MD5, unsaid) or "basic"; `qop` whether the challenge offers it; without a `user`
    anybody may look.
    """

    name: str
    main: Scene = field(default_factory=Scene)
    sub: Scene | None = None
    user: str = ""
    password: str = field(default="", repr=False)
    algorithm: str = "MD5"
    qop: bool = False
    realm: str = "IP Camera (C 1)"
    sound: str = ""
    """The kind of its sound (`clients.camera.sounds`); empty: it hears nothing."""
    timeout_s: int = 60
    faults: Faults = field(default_factory=Faults)
    turntable: Turntable | None = None
    """Where it looks; None for a camera that cannot be turned."""
    asked: list[str] = field(default_factory=list)
    """Methods that were asked for, in their order."""
    sessions: int = 0
    """How many PLAYs were answered."""
    nonce: str = field(default_factory=lambda: secrets.token_hex(8))
    conversations: set[Conversation] = field(default_factory=set, repr=False)
    streams: dict[str, Stream] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.streams["main"] = Stream(self.main, self.faults)
        if self.sub is not None:
            self.streams["sub"] = Stream(self.sub, self.faults)

    @property
    def playing(self) -> int:
        """Who plays the picture of any of its streams."""
        return sum(each.send is not None for each in self._listeners)

    @property
    def heard(self) -> int:
        """Who plays its sound."""
        return sum(each.sound is not None for each in self._listeners)

    @property
    def _listeners(self) -> list[Listener]:
        return [each for stream in self.streams.values() for each in stream.listeners]

    def change(self, layer: str, scene: Scene) -> None:
        """Somebody set another size, or another codec, while it runs."""
        self.streams[layer].scene = scene

    def reboot(self) -> None:
        """Everything that was open is gone, without a word."""
        for conversation in list(self.conversations):
            conversation.abort()
        self.nonce = secrets.token_hex(8)


class CameraServer:
    """Cameras behind one port of one address."""

    def __init__(self, cameras: Iterable[Camera] = ()) -> None:
        self.cameras: dict[str, Camera] = {camera.name: camera for camera in cameras}
        self.host = "127.0.0.1"
        self.port = 0
        self._server: asyncio.Server | None = None
        self._open: set[Conversation] = set()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; `port` tells where, if 0 was given. Raises OSError."""
        self.host = host
        self._server = await asyncio.get_running_loop().create_server(self._begin, host, port)
        self.port = self._server.sockets[0].getsockname()[1]

    def url(self, name: str, layer: str = "main") -> str:
        """Where a stream is."""
        return f"rtsp://{self.host}:{self.port}/{name}/{layer}"

    async def close(self) -> None:
        """Stop listening, and close what is open."""
        if self._server is not None:
            self._server.close()
        for conversation in list(self._open):
            conversation.abort()
        await asyncio.sleep(0)

    def _begin(self) -> Conversation:
        conversation = Conversation(self.cameras, self._open.discard)
        self._open.add(conversation)
        return conversation
