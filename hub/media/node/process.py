"""A media node as a process: the UDP port, the clock and the link around the media plane."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import time
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hub.errors import Refusal
from hub.families import families_of, family_of, numeric_addresses, reachable
from hub.link import CallHandler, EventHandler, LinkDialer
from hub.media.ingest.track import CAMERA
from hub.media.ingest.upload_cap import PUBLISHER_BPS
from hub.media.meeting.stage import Aside
from hub.media.node import arguments
from hub.media.node.node_stats import STATS_S, NodeStats
from hub.media.node.sfu import Sfu
from hub.media.transport.address import Address
from hub.media.transport.dtls import Certificate
from hub.media.transport.intake import intake
from hub.media.transport.socket import UdpPort

#: The media plane looks at what is due whenever packets came; without any, this often. A wake-up by a timer
#: costs up to 0.2 ms on a virtual machine, so there are few of them.
QUIET_TICK_S: Final = 0.1
#: Tracing garbage collection is kept out of the packet path: it is done between two turns, once so many objects are new.
#: Each is looked at once (0.1 to 0.2 µs); the thousands that a storm of joins makes would take 75 ms in one go.
COLLECT_OBJECTS: Final = 8_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NodeConfig:
    """What a node needs to know.

    `media_host` are the addresses (or names) at which clients reach it, `media_bind` and `media_port` where its
    one UDP port is bound (0: any free one). Without control for `orphan_timeout_s` it ends by itself. `node_host` is where
    other nodes reach it (empty: the first of `media_host`), `region` the beginning of the center codes it is for,
    `publisher_bps` what the picture of one publisher may take.
    """

    node_id: str
    link_url: str
    link_key: str = field(repr=False)
    media_host: Sequence[str]
    media_bind: str
    media_port: int
    data_dir: Path
    orphan_timeout_s: float
    region: str = ""
    node_host: str = ""
    publisher_bps: int = PUBLISHER_BPS


class Node:
    """One running media node. `hosts` are the addresses that clients are told; `sfu` and `port` are there for tests."""

    def __init__(self, config: NodeConfig) -> None:
        """Binds the UDP port; raises OSError if that cannot be done."""
        self._config = config
        certificate = Certificate()
        self.port = UdpPort(config.media_bind, config.media_port)
        self.hosts = _candidates(config.media_host, self.port.families)
        if not self.hosts:
            self.port.close()
            raise OSError(
                f"the media port, bound to {config.media_bind}, is reached at none of {config.media_host}"
            )
        own = _candidates([config.node_host], self.port.families) if config.node_host else []
        self._node_hosts = own or self.hosts
        # Monotonic time drives everything; the wall clock enters once, so that a step of it moves nothing.
        self._epoch = time.time() - time.monotonic()
        self.sfu = Sfu(
            port=self.port,
            inbox=self.port.inbox,
            candidates=[(host, self.port.port) for host in self.hosts],
            fingerprint=certificate.fingerprint,
            dtls=certificate.endpoint,
            tell=self._tell,
            clock=time.monotonic,
            to_unix=self.to_unix,
            publisher_bps=config.publisher_bps,
        )
        self.stats = NodeStats(self.sfu, self.port, time.monotonic())
        self.port.on_datagram = self.sfu.receive
        self.port.on_too_long = self.sfu.receive_too_long
        self.port.on_drained = self._drained
        self.port.on_turn = self._tick
        opener = intake()
        if opener is not None:
            self.sfu.ingress.use(opener)
            opener.on_raw, opener.on_opened = self.port.receive_raw, self.sfu.receive_opened
            opener.on_kept = self.sfu.receive_kept
            self.port.intake = opener
        self.dialer = LinkDialer(config.link_url, config.link_key, self._hello, self._calls(), self._events())
        self.stopping = asyncio.Event()
        self._rest: asyncio.TimerHandle | None = None
        self._quiet: asyncio.TimerHandle | None = None

    def to_unix(self, now: float) -> float:
        """The wall clock's time of a monotonic one."""
        return now + self._epoch

    def retell(self) -> None:
        """Tell everything that holds once more, to a new link."""
        self.sfu.retell()

    async def run(self) -> None:
        """Serve until `stopping` is set or control has been away for too long."""
        loop = asyncio.get_running_loop()
        self.port.start(loop)
        self._tick()
        log.info("node %s listens on UDP port %d", self._config.node_id, self.port.port)
        tasks: list[asyncio.Task[Any]] = [
            loop.create_task(self.dialer.run(), name="dial"),
            loop.create_task(self._watch_control(), name="watch control"),
        ]
        try:
            stopped = loop.create_task(self.stopping.wait(), name="stop")
            tasks.append(stopped)
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self.sfu.close()
            if self._quiet is not None:
                self._quiet.cancel()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.port.close()

    # --- time -----------------------------------------------------------------------------------------

    def _drained(self) -> None:
        again = self.sfu.drained()
        if again is None:
            if self._rest is not None:
                self._rest.cancel()
                self._rest = None
        elif self._rest is None:
            left = max(0.0, again - time.monotonic())
            self._rest = asyncio.get_running_loop().call_later(left, self._rest_due)

    def _rest_due(self) -> None:
        """The rest of a picture has not come in time."""
        self._rest = None
        self._drained()

    def _tick(self) -> None:
        """What is due by time. Where packets come again and again the clock wakes nobody."""
        if self.sfu.tick() or self._quiet is None:
            self._await_quiet()
        if gc.get_count()[0] > COLLECT_OBJECTS:
            gc.collect(1)

    def _await_quiet(self) -> None:
        loop = asyncio.get_running_loop()
        if self._quiet is not None:
            if self._quiet.when() - loop.time() > QUIET_TICK_S / 2:
                return  # soon enough; a timer costs more than it saves
            self._quiet.cancel()
        self._quiet = loop.call_later(QUIET_TICK_S, self._quiet_due)

    def _quiet_due(self) -> None:
        """No packet has come for a while."""
        self._quiet = None
        self._tick()

    async def _watch_control(self) -> None:
        """Retell everything to each new link, and stop when control stays away."""
        loop = asyncio.get_running_loop()
        seen = None
        away_since = told = loop.time()
        while True:
            due = loop.time() + 0.5
            await asyncio.sleep(0.5)
            now, link = loop.time(), self.dialer.link
            self.stats.lagged(now - due)
            if now - told >= STATS_S:
                told = now
                self._tell("stats", self.stats.take(time.monotonic()))
            if link is not None:
                away_since = now
                if link is not seen:
                    self.retell()
            elif now - away_since > self._config.orphan_timeout_s:
                log.warning("control has been away for %d s; the node stops", now - away_since)
                self.stopping.set()
                return
            seen = link

    # --- the link -------------------------------------------------------------------------------------

    def _tell(self, event: str, data: dict[str, Any]) -> None:
        link = self.dialer.link
        if link is not None:
            link.tell(event, data)

    def _hello(self) -> dict[str, Any]:
        media = {"host": self._node_hosts[0], "hosts": self._node_hosts, "port": self.port.port}
        return {
            "kind": "node",
            "id": self._config.node_id,
            "pid": os.getpid(),
            "region": self._config.region,
            "media": media,
            **self.sfu.hello(),
        }

    def _events(self) -> Mapping[str, EventHandler]:
        return {"relay.stream": self.sfu.relays.stream, "relay.told": self.sfu.relays.told}

    def _calls(self) -> Mapping[str, CallHandler]:
        sfu = self.sfu

        async def peer_open(args: dict[str, Any]) -> dict[str, Any]:
            return sfu.peer_open(
                peer=arguments.text(args, "peer"),
                meeting=arguments.text(args, "meeting"),
                participant=arguments.text(args, "participant"),
                direction=arguments.text(args, "direction"),
                offer=arguments.text(args, "offer"),
                source=str(args.get("source") or CAMERA),
                access=str(args.get("access") or ""),
                mirror=bool(args.get("mirror")),
            )

        async def peer_restart(args: dict[str, Any]) -> dict[str, Any]:
            return sfu.peer_restart(arguments.text(args, "peer"), arguments.text(args, "fragment"))

        async def peer_close(args: dict[str, Any]) -> None:
            sfu.peer_close(arguments.text(args, "peer"), str(args.get("reason") or "closed"))

        async def peer_select(args: dict[str, Any]) -> None:
            wanted = arguments.words(args, "video", none_allowed=True)
            sfu.peer_select(arguments.text(args, "peer"), wanted, arguments.tiles(args))

        async def meeting_set(args: dict[str, Any]) -> None:
            broadcast = args.get("broadcast")
            stage = str(broadcast) if broadcast is not None else None
            second = arguments.text(args, "second") if args.get("second") is not None else None
            fallback = arguments.text(args, "fallback") if args.get("fallback") is not None else None
            sfu.meeting_set(
                arguments.text(args, "meeting"),
                stage,
                aside=Aside(arguments.views(args), second, fallback),
                guests=arguments.guests(args),
                **arguments.sound(args),
            )

        async def meeting_close(args: dict[str, Any]) -> None:
            sfu.meeting_close(arguments.text(args, "meeting"))

        async def relay_open(args: dict[str, Any]) -> None:
            keys = (arguments.key(args, "send_key"), arguments.key(args, "receive_key"))
            node = arguments.text(args, "node") if args.get("node") is not None else None
            # The other node chooses among the addresses that it was told of this one: so both choose one family.
            mine = self.port.families & families_of(self._node_hosts) if node else self.port.families
            hosts = arguments.words(args, "hosts") if args.get("hosts") else [arguments.text(args, "host")]
            address = await _resolve([str(host) for host in hosts], int(args["port"]), mine, self.port.family)
            sfu.relay_open(
                arguments.text(args, "relay"), arguments.text(args, "meeting"), address, *keys, node
            )

        async def relay_close(args: dict[str, Any]) -> None:
            sfu.relay_close(arguments.text(args, "relay"))

        async def dump(args: dict[str, Any]) -> dict[str, Any]:
            after = arguments.text(args, "after") if args.get("after") is not None else None
            page = sfu.dump(after)
            if after is None:
                page |= {
                    "port": self.port.dump(),
                    "pid": os.getpid(),
                    "tasks": len(asyncio.all_tasks()),
                }
            return page

        return {
            "peer.open": peer_open,
            "peer.restart": peer_restart,
            "peer.close": peer_close,
            "peer.select": peer_select,
            "meeting.set": meeting_set,
            "meeting.close": meeting_close,
            "relay.open": relay_open,
            "relay.close": relay_close,
            "dump": dump,
        }


async def run_node(config: NodeConfig) -> None:
    """Run one media node until SIGTERM or SIGINT, or until control has been away for too long."""
    await run_until_told(Node(config))


async def run_until_told(node: Node) -> None:
    """Run a node until SIGTERM or SIGINT, or until control has been away for too long."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, node.stopping.set)
    # What is loaded now stays: out of every collection. The packet path makes no cycles, so the young
    # generations are collected rarely and the old one never by surprise.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 1000)
    try:
        await node.run()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def _candidates(hosts: Sequence[str], families: Set[socket.AddressFamily]) -> list[str]:
    """The addresses of these hosts at which the port can be reached: one in a family that it does not speak would be dead.

    Raises OSError for a name that is not known.
    """
    found: list[str] = []
    for address in dict.fromkeys(address for host in hosts for address in numeric_addresses(host)):
        if family_of(address) in families:
            found.append(address)
        else:
            log.warning("nobody is told of %s: the media port does not speak its family", address)
    return found


async def _resolve(
    hosts: Sequence[str], port: int, usable: Set[socket.AddressFamily], family: socket.AddressFamily
) -> Address:
    """The address to send to, as packets from there show it at a socket of this family."""
    loop = asyncio.get_running_loop()
    address = await loop.run_in_executor(None, reachable, hosts, usable)
    if address is None:
        raise Refusal("invalid", "the relay's host is not known, or not in a family of this node", "host")
    try:
        found = await loop.getaddrinfo(
            address, port, family=family, type=socket.SOCK_DGRAM, flags=socket.AI_V4MAPPED
        )
    except OSError:
        raise Refusal("invalid", "the relay's host cannot be reached from here", "host") from None
    return tuple(found[0][4])
