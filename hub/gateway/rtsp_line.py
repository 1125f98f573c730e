"""One connection to a camera: its socket read in turns, its conversation driven, its packets handed on."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import Final, Protocol

from hub.gateway.datagrams import Datagrams
from hub.gateway.rtsp_session import Described, Event, Failed, Moved, Placed, Playing, Session
from hub.gateway.sink import Sink, Target
from hub.gateway.turns import Turns
from hub.wire.rtp_header import RtpError
from hub.wire.rtsp import Interleaved, Reader, RtspError
from hub.wire.sdp_rtsp import Description, Track

#: How long the whole way to the first packet may take.
BEGIN_S: Final = 12.0
#: A camera that sends no packet of what it is asked for first for so long is down (a first one may take until BEGIN_S).
SILENT_S: Final = 3.0
#: Bytes of one camera that are read in one turn at most, so that none starves the others.
_TURN_BYTES: Final = 4 << 20

log = logging.getLogger(__name__)


class Tally(Protocol):
    """Who counts what comes."""

    packets: int
    octets: int

    def plays(self) -> None:
        """The first packet of the picture is there."""


class Line:
    """One connection and what is carried beside it."""

    def __init__(
        self,
        url: str,
        connection: socket.socket,
        target: Target,
        sink: Sink,
        clock: Callable[[], float],
        turns: Turns,
        tally: Tally,
    ) -> None:
        """`url` is where the conversation is held, which a redirect may have changed; `connection` is taken over."""
        self.reader = Reader()
        self.first_at: float | None = None
        self._target = target
        self._sink = sink
        self._clock = clock
        self._turns = turns
        self._tally = tally
        self._socket = connection
        self._main: Track | None = None
        self._channels: dict[int, Track] = {}
        self._datagrams: dict[str, Datagrams] = {}
        self._begun = self._heard = self._clock()
        self._unsent = bytearray()
        self._ended: asyncio.Future[Failed | Moved] = asyncio.get_running_loop().create_future()
        self._session = Session(
            url, target.user, target.password, target.transport, self._wanted, self._ports
        )

    async def run(self) -> Failed | Moved:
        """Talk until it ends."""
        self._session.begin(self._clock())
        self._flush()
        self._turns.add(self._turn)
        return await self._ended

    def close(self) -> None:
        """Tell the camera, and let go of everything. Never fails; a second time does nothing."""
        if self._socket.fileno() < 0:
            return
        self._turns.discard(self._turn)
        self._session.end(self._clock())
        self._flush()
        self._socket.close()
        for datagrams in self._datagrams.values():
            datagrams.close()
        if not self._ended.done():
            self._ended.cancel()

    def _wanted(self, description: Description) -> list[Track]:
        """The first track of each kind that is asked for; without the first kind none."""
        known = [track for track in description.tracks if track.codec]
        first = {track.kind: track for track in reversed(known)}
        kinds = self._target.kinds
        return [first[kind] for kind in kinds if kind in first] if kinds[0] in first else []

    def _ports(self, track: Track) -> tuple[int, int] | None:
        host = self._socket.getsockname()[0]
        try:
            datagrams = Datagrams(self._socket.family, host, self._socket.getpeername()[0])
        except OSError:
            return None
        self._datagrams[track.control] = datagrams
        return datagrams.ports

    # --- a turn ----------------------------------------------------------------------------------------

    def _turn(self) -> None:
        """Read what came. Faults of the camera end this connection, and nothing else."""
        now = self._clock()
        try:
            self._read(now)
            for datagrams in self._datagrams.values():
                datagrams.read(self._sink, now, self._count)
            self._session.tick(now)
            self._settle()
            self._flush()
        except (RtspError, RtpError) as problem:
            self._end(Failed("malformed", str(problem)))
        except OSError:
            self._end(Failed("closed"))
        except Exception:
            log.exception("a fault of ours ends a camera's connection")
            self._end(Failed("malformed"))
        silent = now - self._heard > SILENT_S
        if silent and (self.first_at is not None or now - self._begun > BEGIN_S):
            self._end(Failed("silent" if self._session.playing else "timeout"))

    def _read(self, now: float) -> None:
        reader, channels, sink = self.reader, self._channels, self._sink
        taken = 0
        while taken < _TURN_BYTES and not self._ended.done():
            room = reader.room()
            try:
                count = self._socket.recv_into(room)
            except (BlockingIOError, InterruptedError):
                return
            if count == 0:
                self._end(Failed("closed"))
                return
            reader.came(count)
            taken += count
            for message in reader.messages():
                if isinstance(message, Interleaved):
                    track = channels.get(message.channel)
                    if track is not None:
                        self._count(track, len(message.data), now)
                        sink.rtp(track, message.data, now)
                else:
                    self._session.receive(message, now)
                    self._settle()
            if count < len(room):
                return

    def _count(self, track: Track, octets: int, now: float) -> None:
        """A packet came."""
        self._tally.packets += 1
        self._tally.octets += octets
        if track is self._main:
            self._heard = now
            if self.first_at is None:
                self.first_at = now
                self._tally.plays()

    def _settle(self) -> None:
        """What the conversation brought about."""
        events, self._session.events = self._session.events, []
        for event in events:
            self._happened(event)

    def _happened(self, event: Event) -> None:
        match event:
            case Described(description):
                tracks = self._wanted(description)
                self._main = tracks[0] if tracks else None
                self._sink.described(tracks)
            case Placed(track, channel, server_ports):
                if channel is not None:
                    self._channels[channel] = track
                elif track.control in self._datagrams:
                    self._datagrams[track.control].placed(track, server_ports)
            case Playing():
                # A camera that is asked for its picture may take its time for the first of it.
                self._heard = self._clock()
            case Moved() | Failed():
                self._end(event)

    def _end(self, event: Failed | Moved) -> None:
        if not self._ended.done():
            self._ended.set_result(event)

    def _flush(self) -> None:
        """Send what is to be sent; a camera that takes nothing is one that will be silent."""
        for data in self._session.out:
            self._unsent += data
        self._session.out.clear()
        if self._unsent:
            try:
                sent = self._socket.send(self._unsent)
                del self._unsent[:sent]
            except (BlockingIOError, InterruptedError):
                pass
            except OSError:
                self._end(Failed("closed"))
