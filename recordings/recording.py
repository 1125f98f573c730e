"""One running recording: its relay keys, its publishers, and the way of a packet from the port to a publisher."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from hub.wire.relay_crypto import KEY_BYTES, RelayCrypto
from recordings.feeding import Relays
from recordings.muxer import Track
from recordings.packets import RtpPacket
from recordings.part import Part
from recordings.publisher import Publisher
from recordings.relay_port import RelayPort, Route
from recordings.stream_info import StreamInfo

#: Keys that are remembered: those of the relays that run, one a node, and of some before them.
KEPT_KEYS: Final = 16

log = logging.getLogger(__name__)


class NewPart(Protocol):
    """Begins a part of a recording."""

    def __call__(
        self, recording: Recording, info: StreamInfo, tracks: list[Track], started_us: int, parameters: bytes
    ) -> Part: ...


@dataclass(frozen=True, slots=True)
class RelayKeys:
    """The keys for the node's ``relay.open`` (28 bytes each): `send_key` is what the node sends with."""

    send_key: bytes
    receive_key: bytes


class Recording:
    """Everything of one recording in this process. Control's calls and the port's packets come in here."""

    def __init__(
        self,
        recording: str,
        meeting: str,
        folder: str,
        port: RelayPort,
        new_part: NewPart,
        now_us: Callable[[], int],
    ) -> None:
        self.recording = recording
        self.meeting = meeting
        self.folder = folder
        self._port = port
        self._new_part = new_part
        self._now_us = now_us
        self._own_ssrc = secrets.randbits(32)
        self._keys: list[tuple[str, RelayKeys, RelayCrypto]] = []  # with the relay they are for, newest first
        self._publishers: dict[str, Publisher] = {}
        self._routes: dict[int, tuple[Route, Publisher, str]] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._relays = Relays()

    @property
    def is_fed(self) -> bool:
        """Whether packets come by every relay of which streams were told."""
        return self._relays.are_fed(self._now_us())

    def await_streams(self) -> None:
        """Control has just linked, and tells again of every stream that runs."""
        self._relays.doubt(self._now_us())

    def relay_keys(self, relay: str = "") -> RelayKeys:
        """Keys for a relay that is to be opened now; each node that feeds the recording has one of its own.

        The same as last time while nothing has come with them (the call was repeated), else fresh ones: a key with which a node
        has sent must not be used by another one, which would count its packets from zero again.
        """
        used = {route.crypto for route, _, _ in self._routes.values()}
        for name, keys, crypto in self._keys:
            if name == relay and crypto not in used:
                return keys
        fresh = RelayKeys(secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES))
        self._keys.insert(0, (relay, fresh, RelayCrypto(fresh.receive_key, fresh.send_key)))
        del self._keys[KEPT_KEYS:]
        return fresh

    def stream(self, info: StreamInfo) -> None:
        """A stream of the relay opened or closed; an open one may be told again."""
        now_us = self._now_us()
        if not info.is_open:
            self._relays.closed(info.relay, info.ssrc)
            self._close_stream(info, now_us)
            return
        self._relays.opened(info.relay, info.ssrc, now_us)
        known = self._routes.get(info.ssrc)
        cryptos = [crypto for _, _, crypto in self._keys]
        if known is not None:
            publisher, kind = known[1], known[2]
            track = publisher.tracks.get(kind)
            if track is not None and track.info == info and known[0].keys == cryptos:
                return
            self._port.remove(known[0])
        publisher = self._publishers.get(info.peer) or self._add_publisher(info.peer)
        self._forget_route_of(publisher, info.kind)
        publisher.open_stream(info)
        route = Route(
            info.ssrc,
            cryptos,
            self._own_ssrc,
            lambda packet, at_us: self._packet(publisher, info, packet, at_us),
            lambda ntp_us, timestamp: publisher.report(info.kind, ntp_us, timestamp),
        )
        self._routes[info.ssrc] = (route, publisher, info.kind)
        self._port.add(route)

    def tick(self) -> None:
        """Let time pass: several times a second."""
        now_us = self._now_us()
        for publisher in self._publishers.values():
            publisher.tick(now_us)
        for route, publisher, kind in self._routes.values():
            track = publisher.tracks.get(kind)
            feedback = track.feedback(now_us) if track is not None else None
            if feedback is not None:
                self._port.ask(route, feedback.missing, feedback.key_frame)

    def cut(self) -> None:
        """Have other parts begin as soon as that can be."""
        for publisher in self._publishers.values():
            publisher.cut(self._now_us())

    async def close(self) -> None:
        """End every part and wait until each is final. No packet is taken any more."""
        for route, _, _ in self._routes.values():
            self._port.remove(route)
        self._routes.clear()
        for publisher in self._publishers.values():
            publisher.end(self._now_us())
        self._publishers.clear()
        if self._ending:
            await asyncio.wait(set(self._ending))

    def dump(self) -> dict[str, Any]:
        """What it is doing, for people."""
        return {
            "recording": self.recording,
            "meeting": self.meeting,
            "publishers": {peer: publisher.dump() for peer, publisher in self._publishers.items()},
            "parts_being_finished": len(self._ending),
        }

    def _add_publisher(self, peer: str) -> Publisher:
        def new_part(info: StreamInfo, tracks: list[Track], started_us: int, parameters: bytes) -> Part:
            return self._new_part(self, info, tracks, started_us, parameters)

        publisher = self._publishers[peer] = Publisher(new_part, self._end_part)
        return publisher

    def _end_part(self, part: Part) -> None:
        task = part.end()
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _packet(self, publisher: Publisher, info: StreamInfo, packet: RtpPacket, now_us: int) -> None:
        self._relays.heard(info.relay, now_us)
        publisher.receive(info.kind, packet, now_us)

    def _close_stream(self, info: StreamInfo, now_us: int) -> None:
        known = self._routes.get(info.ssrc)
        if known is None:
            return
        route, publisher, _ = known
        del self._routes[info.ssrc]
        self._port.remove(route)
        publisher.close_stream(info, now_us)
        if not publisher.tracks:
            self._publishers = {
                peer: each for peer, each in self._publishers.items() if each is not publisher
            }

    def _forget_route_of(self, publisher: Publisher, kind: str) -> None:
        """The stream goes on under another SSRC: nothing more is to be expected under the old one."""
        for ssrc, (route, owner, route_kind) in list(self._routes.items()):
            if owner is publisher and route_kind == kind:
                track = publisher.tracks.get(kind)
                if track is not None:
                    self._relays.closed(track.info.relay, ssrc)
                self._port.remove(route)
                del self._routes[ssrc]
