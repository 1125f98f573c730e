"""A pair of UDP sockets for one track of a camera, beside its connection."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Final

from hub.gateway.reorder import Reorder
from hub.gateway.sink import Sink
from hub.wire.sdp_rtsp import Track

_RECEIVE_BUFFER: Final = 1 << 20
#: Datagrams that are read in one turn at most.
_TURN_DATAGRAMS: Final = 4096
#: An empty receiver report: it opens the way through what stands between.
_OPENER: Final = b"\x80\xc9\0\1\0\0\0\0"


class Datagrams:
    """A pair of UDP sockets for one track: packets, and the camera's reports, which nobody needs."""

    def __init__(self, family: int, host: str, camera: str) -> None:
        """Raises OSError where there is no pair of neighbouring ports, the first even (RFC 3550 §11)."""
        self._family = family
        self._camera = camera
        self._sockets = _pair_of_sockets(family, host)
        self._track: Track | None = None
        self._reorder = Reorder()
        self._buffer = bytearray(65_536)

    @property
    def ports(self) -> tuple[int, int]:
        first, second = (each.getsockname()[1] for each in self._sockets)
        return first, second

    def placed(self, track: Track, server_ports: tuple[int, int]) -> None:
        """The camera will send; a first datagram to it opens the way through what stands between."""
        self._track = track
        for each, port in zip(self._sockets, server_ports, strict=True):
            if port:
                try:
                    each.sendto(_OPENER, (self._camera, port))
                except OSError:
                    pass

    def read(self, sink: Sink, now: float, count: Callable[[Track, int, float], None]) -> None:
        """What came from the camera's address, in its order. Datagrams of others are dropped unread."""
        track = self._track
        view = memoryview(self._buffer)
        for _ in range(_TURN_DATAGRAMS):
            try:
                length, sender = self._sockets[0].recvfrom_into(self._buffer)
            except (BlockingIOError, InterruptedError):
                break
            if track is None or sender[0] != self._camera or length < 12:
                continue
            count(track, length, now)
            for packet in self._reorder.take(view[:length], now):
                sink.rtp(track, packet, now)
        if track is not None:
            for packet in self._reorder.due(now):
                sink.rtp(track, packet, now)
        try:
            while True:
                self._sockets[1].recv_into(self._buffer)
        except (BlockingIOError, InterruptedError):
            pass

    def close(self) -> None:
        for each in self._sockets:
            each.close()


def _pair_of_sockets(family: int, host: str) -> tuple[socket.socket, socket.socket]:
    for _ in range(32):
        first = socket.socket(family, socket.SOCK_DGRAM)
        second = socket.socket(family, socket.SOCK_DGRAM)
        try:
            first.bind((host, 0))
            port = first.getsockname()[1]
            if port % 2 == 0:
                second.bind((host, port + 1))
                for each in (first, second):
                    each.setblocking(False)
                first.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
                return first, second
        except OSError:
            pass
        first.close()
        second.close()
    raise OSError("no pair of free ports")
