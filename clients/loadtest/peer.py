"""A light peer: publishes or watches like a browser, without encoding or decoding anything."""

from __future__ import annotations

import functools
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from clients.loadtest.answers import Habits
from clients.loadtest.dtls import identity
from clients.loadtest.histogram import Histogram
from clients.loadtest.offers import Local, publish_offer, read_answer, watch_offer
from clients.loadtest.receiver import Receiver
from clients.loadtest.sender import Sender
from clients.loadtest.sweep import Sweeper
from clients.loadtest.synthetic import VideoShape
from clients.loadtest.transport import CONNECT_S, Transport
from hub.wire.rtcp import RtcpError, RtcpPacket
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound


async def _nothing() -> None:
    return


@dataclass(frozen=True, slots=True)
class Admitted:
    """The hub's answer to an offer, the session's id, and how to end it."""

    answer: str
    session: str = ""
    leave: Callable[[], Awaitable[None]] = _nothing


#: Brings an offer to the hub and its answer back, by whatever way.
Door = Callable[[str], Awaitable[Admitted]]


@functools.cache
def sweeper() -> Sweeper:
    """The one sweeper of this process."""
    return Sweeper()


class LightPeer:
    """One transport to the hub, used once: `publish` or `watch`, then `stats`, then `close`.

    `allowed` are addresses beyond this machine that may be loaded. Of `sample_every` video frames one is opened to
    measure its delay (0: none); `delays` counts those of many peers together. Times are told since `began` (monotonic;
    None: when the offer is made).
    """

    def __init__(
        self,
        *,
        allowed: Collection[str] = (),
        sample_every: int = 10,
        habits: Habits = Habits(),  # noqa: B008 - an immutable value
        delays: Histogram | None = None,
        connect_s: float = CONNECT_S,
        began: float | None = None,
    ) -> None:
        self._allowed = allowed
        self._connect_s = connect_s
        self._habits = habits
        self.transport = Transport(self._rtcp)
        self.receiver = Receiver(
            self.transport.open_rtp,
            self.transport.send_rtcp,
            sample_every,
            habits,
            delays if delays is not None else Histogram(),
            self.transport.take_other,
        )
        self.transport.receive = self.receiver.receive
        self.sender: Sender | None = None
        self.admitted: Admitted | None = None
        #: When the offer was made, and how long after it SRTP could flow.
        self.began = time.monotonic() if began is None else began
        self._begin_with_offer = began is None
        self.connected_s: float | None = None

    # --- coming ---------------------------------------------------------------------------------------

    async def publish(
        self,
        door: Door,
        *,
        shapes: Sequence[VideoShape] = (VideoShape(),),
        sound: bool = True,
        even: bool = False,
        level: int = 20,
        source: int = 0,
        named_sound: bool = False,
    ) -> None:
        """Send pictures (`shapes` are the layers, best first; none: no picture) and sound, until closed.

        `even` spreads the packets of a frame instead of sending them in one burst; `level` is the audio
        level told, −dBov; `source` numbers this publisher in what it sends (in each packet of sound only with
        `named_sound`). Raises NotAllowed, Disconnected,
        SdpError, SdpUnsupported, and what `door` raises.
        """
        sender = self.sender = Sender(
            self.transport.protect,
            self.transport.send,
            self._send_rtcp,
            shapes=shapes,
            sound=sound,
            even=even,
            level=level,
            source=source,
            named_sound=named_sound,
        )
        admitted = self.admitted = await door(publish_offer(self._local(), sender.sections()))
        answered = read_answer(admitted.answer)
        await self.transport.connect(answered, self._allowed, self._connect_s)
        self.connected_s = time.monotonic() - self.began
        sender.start(answered)

    async def watch(self, door: Door, *, video: int = 1, audio: int = 1) -> None:
        """Receive into so many slots, until closed. Raises as `publish`."""
        offer = watch_offer(self._local(), video, audio, self._habits.feedback)
        admitted = self.admitted = await door(offer)
        answered = read_answer(admitted.answer)
        self.receiver.expect(answered)
        await self.transport.connect(answered, self._allowed, self._connect_s)
        now = time.monotonic()
        self.connected_s = now - self.began
        self.receiver.answers.begin(now, (id(self) >> 6) % 97 / 97)
        self.transport.unwatch()
        sweeper().add(self)

    async def close(self) -> None:
        """Leave: stop sending, end the session at the hub, release the socket. May be called twice."""
        if self.sender is not None:
            await self.sender.stop()
        sweeper().remove(self)
        admitted, self.admitted = self.admitted, None
        if admitted is not None:
            await admitted.leave()
        self.transport.close()

    def sweep(self, now: float) -> None:
        """Take what has come and say what is due; called by the sweeper."""
        self.transport.drain()
        self.receiver.answers.due(self.receiver.streams.values(), now)

    # --- what there is to know ------------------------------------------------------------------------

    def stats(self) -> dict[str, Any]:
        """Everything counted so far, as plain JSON. Times in ms, `delay_ms` only where frames were sampled.

        `streams` has one entry a slot (`Stream.to_json`), `sent` one a track or layer.
        """
        counters = self.transport.counters + self.receiver.counters
        out: dict[str, Any] = {
            "connected_ms": _ms(self.connected_s),
            "failure": self.transport.failure,
            "rtt_ms": _ms(self.transport.ice.rtt_s),
            "streams": [stream.to_json(self.began) for stream in self.receiver.streams.values()],
        }
        if self.sender is not None:
            out["sent"] = [encoding.to_json() for encoding in self.sender.encodings]
            out["reported_lost"] = self.sender.reported_lost
            out["late_ms"] = _ms(self.sender.late_s)
            counters += self.sender.counters
        return {**out, "counters": dict(counters)}

    # --- inside ---------------------------------------------------------------------------------------

    def _local(self) -> Local:
        if self._begin_with_offer:
            self.began = time.monotonic()
        ice = self.transport.ice
        return Local(ice.ufrag, ice.password, identity().fingerprint)

    def _rtcp(self, compound: bytes, now: float) -> None:
        try:
            packets = parse_compound(compound)
        except RtcpError:
            self.transport.counters["rtcp_malformed"] += 1
            return
        if self.sender is not None:
            self.sender.receive_rtcp(packets)
        else:
            self.receiver.receive_rtcp(packets, now)

    def _send_rtcp(self, packets: list[RtcpPacket]) -> None:
        self.transport.send_rtcp(serialise(packets))


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 2)
