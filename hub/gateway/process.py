"""The gateway as a process: a node without peers, whose publications are cameras (docs/link.md)."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hub.errors import Refusal
from hub.gateway.camera_layer import RIDS
from hub.gateway.cameras import Cameras
from hub.gateway.choice import Expected
from hub.gateway.looks import Looks
from hub.gateway.onvif_calls import OnvifCalls
from hub.gateway.pulls import Puller
from hub.gateway.rtsp_port import Network, RtspPull, Sink, Target
from hub.gateway.turns import Turns
from hub.link import CallHandler
from hub.media.ingest.layer import Layer
from hub.media.node import arguments
from hub.media.node.process import Node, NodeConfig, run_until_told

#: How often demand is looked at, where nobody has just begun to wait.
LOOK_S: Final = 0.1
#: Most cameras that one gateway brings at the same time.
MOST_CAMERAS: Final = 512

log = logging.getLogger(__name__)


class Gateway(Node):
    """One running gateway. `networks` are those that cameras may stand in; so many of them are transcoded at once."""

    def __init__(self, config: NodeConfig, networks: Sequence[Network], transcodes: int = 1) -> None:
        """Binds the UDP port; raises OSError if that cannot be done."""
        self._networks = tuple(networks)
        self._turns = Turns()
        self._draining = False
        self._look_due = 0.0
        self.onvif = OnvifCalls(self._networks, time.monotonic, self._tell)
        super().__init__(config)
        self.cameras = Cameras(
            self.sfu, self._open_pull, self._tell, time.monotonic, self.to_unix, self._mark, transcodes
        )
        self.looks = Looks(self.cameras, self._open_pull, time.monotonic)

    def _open_pull(self, target: Target, sink: Sink) -> Puller:
        return RtspPull(target, sink, time.monotonic, networks=self._networks, turns=self._turns)

    def _mark(self, layer: Layer) -> None:
        """What came of all cameras in this turn is fanned out together."""
        self.sfu.mark(layer)
        if not self._draining:
            self._draining = True
            asyncio.get_running_loop().call_soon(self._fan_out)

    def _fan_out(self) -> None:
        self._draining = False
        self._drained()

    def _tick(self) -> None:
        super()._tick()
        now = time.monotonic()
        if now >= self._look_due:
            self._look_due = now + LOOK_S
            self.cameras.look(now)
            self.onvif.hands.look(now)

    def retell(self) -> None:
        """Everything that holds, to a new link."""
        super().retell()
        self.cameras.retell()

    async def run(self) -> None:
        """Serve until told to stop; cameras are told, too."""
        try:
            await super().run()
        finally:
            await self.cameras.close()
            await self.looks.close()
            await self.onvif.hands.close()

    # --- the link -------------------------------------------------------------------------------------

    def _hello(self) -> dict[str, Any]:
        return {**super()._hello(), "kind": "gateway", "cameras": self.cameras.hello()}

    def _calls(self) -> Mapping[str, CallHandler]:
        calls = dict(super()._calls())
        close_meeting, dump_node = calls["meeting.close"], calls["dump"]

        async def meeting_close(args: dict[str, Any]) -> dict[str, Any] | None:
            self.cameras.forget(arguments.text(args, "meeting"))
            return await close_meeting(args)

        async def dump(args: dict[str, Any]) -> dict[str, Any] | None:
            page = await dump_node(args)
            if args.get("after") is None and page is not None:
                page["cameras"] = self.cameras.dump()
                page["transcodes"] = self.cameras.quota.dump()
                page["turning"] = self.onvif.hands.dump()
            return page

        return {
            **calls,
            "meeting.close": meeting_close,
            "dump": dump,
            **self._camera_calls(),
            **self.onvif.calls(),
        }

    def _camera_calls(self) -> Mapping[str, CallHandler]:
        async def offer(args: dict[str, Any]) -> None:
            camera = arguments.text(args, "camera")
            if camera not in self.cameras.by_id and len(self.cameras.by_id) >= MOST_CAMERAS:
                raise Refusal("too_many", "this gateway brings as many cameras as it can", "camera")
            self.cameras.offer(
                arguments.text(args, "meeting"),
                arguments.text(args, "participant"),
                camera,
                _targets(args),
                sound=args.get("sound") is True,
                twin=args.get("twin") is True,
                expected=_expected(args),
            )

        async def withdraw(args: dict[str, Any]) -> None:
            self.cameras.withdraw(arguments.text(args, "meeting"), arguments.text(args, "camera"))

        async def probe(args: dict[str, Any]) -> dict[str, Any]:
            return await self.looks.probe(_targets(args))

        async def picture(args: dict[str, Any]) -> dict[str, Any]:
            series = args.get("series") is True
            return await self.looks.picture(arguments.text(args, "camera"), _targets(args), series=series)

        return {
            "camera.offer": offer,
            "camera.withdraw": withdraw,
            "camera.probe": probe,
            "camera.picture": picture,
        }


def _targets(args: dict[str, Any]) -> dict[str, Target]:
    """The streams of a camera, by name. Raises Refusal for what does not follow the contract."""
    streams = args.get("streams")
    if not isinstance(streams, list) or not streams:
        raise Refusal("invalid", "a camera has a stream", "streams")
    user, password = str(args.get("user") or ""), str(args.get("password") or "")
    found = {}
    for stream in streams:
        rid, url = str(stream.get("rid")), str(stream.get("url"))
        if rid not in RIDS:
            raise Refusal("invalid", f"a stream is one of {', '.join(RIDS)}", "streams")
        found[rid] = Target(url, user, password)
    return found


def _expected(args: dict[str, Any]) -> dict[str, Expected]:
    """What its streams were like, by name, as far as that is known."""
    found = {}
    for stream in args["streams"]:
        width, height, bps = (max(int(stream.get(name) or 0), 0) for name in ("width", "height", "bps"))
        if width and height:
            found[str(stream["rid"])] = Expected((width, height), bps)
    return found


async def run_gateway(config: NodeConfig, networks: Sequence[Network], transcodes: int) -> None:
    """Run a gateway until SIGTERM or SIGINT, or until control has been away for too long."""
    await run_until_told(Gateway(config, networks, transcodes))
