"""One run: sign in, publish, watch, wait, count, leave."""

from __future__ import annotations

import asyncio
import resource
import statistics
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from clients.loadtest.hub_http import HubRefused, check_allowed, command, http_session, sign_in
from clients.loadtest.peer import LightPeer
from clients.loadtest.synthetic import VideoShape, audio_frames, video_frames
from clients.loadtest.transport import Disconnected
from hub.wire.sdp import SdpError, SdpUnsupported

#: Peers that connect at the same time; more only measures the handshakes of all at once.
_JOINING: Final = 8
#: Who takes part in meetings; an accounts file may hold administrators too.
_ROLES: Final = frozenset({"leader", "dispatcher", "station"})
_FAILURES: Final = (Disconnected, HubRefused, SdpError, SdpUnsupported, aiohttp.ClientError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do; the fields are the options of the command line."""

    url: str
    accounts: list[dict[str, Any]]
    meeting: str | None
    publishers: int
    viewers: int
    video_slots: int
    audio_slots: int
    seconds: float
    shape: VideoShape
    even: bool
    sample_every: int
    allowed: tuple[str, ...]

    @property
    def usable(self) -> list[dict[str, Any]]:
        """The accounts that can take part (those of unknown role are taken at their word)."""
        return [one for one in self.accounts if one.get("role", "station") in _ROLES]

    def check(self) -> None:
        """Raises ValueError for what cannot be run."""
        if not isinstance(self.accounts, list) or not all(
            isinstance(one, dict)
            and isinstance(one.get("username"), str)
            and isinstance(one.get("password"), str)
            for one in self.accounts
        ):
            raise ValueError("the accounts file is a list of objects with username and password")
        if not self.usable or self.publishers > len(self.accounts):
            raise ValueError("a publisher needs an account of its own: there are too few in the file")
        if self.publishers < 0 or self.viewers < 0 or self.publishers + self.viewers == 0:
            raise ValueError("nobody to send or receive")
        if not (
            0 <= self.video_slots <= 16 and 0 <= self.audio_slots <= 4 and self.video_slots + self.audio_slots
        ):
            raise ValueError("a viewer takes up to 16 pictures and 4 sounds, at least one of them")


async def run(plan: Plan) -> dict[str, Any]:
    """Do it; the result as plain JSON: `peers`, `failures` and the totals `summary` prints.

    Raises HubRefused, NotAllowed or OSError if it cannot even begin; a peer that fails is only counted.
    """
    check_allowed(plan.url, plan.allowed)
    # Encoding is done before anything is measured.
    audio_frames()
    if plan.publishers:
        video_frames(plan.shape)
    async with http_session() as http:
        try:
            return await _run(plan, http)
        except aiohttp.ClientError as error:
            raise OSError(f"the hub at {plan.url} does not answer: {error}") from error


async def _run(plan: Plan, http: aiohttp.ClientSession) -> dict[str, Any]:
    used = plan.usable[: plan.publishers + plan.viewers]
    signed = [await sign_in(http, plan.url, one["username"], one["password"]) for one in used]
    tokens = [str(one["token"]) for one in signed]
    # Nobody is shown himself, so viewers take other accounts than publishers as far as there are others.
    watching = tokens[plan.publishers :] or tokens
    meeting = plan.meeting or await _open_meeting(plan, http, signed)
    peers = {f"publisher {index}": _peer(plan, http) for index in range(plan.publishers)}
    viewers = {f"viewer {index}": _peer(plan, http) for index in range(plan.viewers)}
    failures: dict[str, str] = {}
    try:
        await _all(
            failures,
            {
                name: peer.publish(plan.url, tokens[index], meeting, shape=plan.shape, even=plan.even)
                for index, (name, peer) in enumerate(peers.items())
            },
        )
        await _all(
            failures,
            {
                name: peer.watch(
                    plan.url,
                    watching[index % len(watching)],
                    meeting,
                    video=plan.video_slots,
                    audio=plan.audio_slots,
                )
                for index, (name, peer) in enumerate(viewers.items())
            },
        )
        began, cpu = time.monotonic(), _cpu_s()
        await asyncio.sleep(plan.seconds)
        took, cpu = time.monotonic() - began, _cpu_s() - cpu
        peers |= viewers
        stats = {name: peer.stats() for name, peer in peers.items()}
        failures |= {name: one["failure"] for name, one in stats.items() if one["failure"]}
        return {
            "meeting": meeting,
            "seconds": took,
            "own_cpu": cpu / took,
            "peers": stats,
            "failures": failures,
        }
    finally:
        await asyncio.gather(*(peer.close() for peer in (peers | viewers).values()))
        if plan.meeting is None:
            await command(http, plan.url, tokens[0], "meeting.end", meeting)


def _peer(plan: Plan, http: aiohttp.ClientSession) -> LightPeer:
    return LightPeer(allowed=plan.allowed, sample_every=plan.sample_every, http=http)


async def _open_meeting(plan: Plan, http: aiohttp.ClientSession, signed: list[dict[str, Any]]) -> str:
    centers = sorted({one["account"]["center"]["code"] for one in signed})
    data: dict[str, Any] = {"title": "load test", "kind": "dispatch", "centers": centers, "record": False}
    answer = await command(http, plan.url, str(signed[0]["token"]), "meeting.open", data=data)
    return str(next(entry["meeting"] for entry in answer["entries"] if entry["kind"] == "meeting.opened"))


async def _all(failures: dict[str, str], begun: dict[str, Awaitable[None]]) -> None:
    """Await all, a few at a time; who fails is noted."""
    room = asyncio.Semaphore(_JOINING)

    async def one(name: str, joining: Awaitable[None]) -> None:
        async with room:
            try:
                await joining
            except _FAILURES as error:
                failures[name] = f"{type(error).__name__}: {error}"

    await asyncio.gather(*(one(name, joining) for name, joining in begun.items()))


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def summary(result: dict[str, Any]) -> str:
    """The result in a few lines for people."""
    peers = result["peers"].values()
    streams = [stream for peer in peers for stream in peer["streams"]]
    sent = [track for peer in peers for track in peer.get("sent", [])]
    received, lost = (sum(stream[name] for stream in streams) for name in ("packets", "lost"))
    video = [stream for stream in streams if stream["kind"] == "video" and stream["packets"]]
    lines = [
        f"meeting {result['meeting']}, {result['seconds']:.1f} s, own CPU {result['own_cpu']:.0%} of a core",
        f"sent      {sum(track['packets'] for track in sent)} packets by {sum('sent' in p for p in peers)} publishers, "
        f"key frames {sum(track['key_frames'] for track in sent)}",
        f"received  {received} packets ({received / result['seconds']:.0f}/s), lost {lost} "
        f"({lost / max(1, received + lost):.3%}), retransmitted {sum(peer['retransmitted'] for peer in peers)}",
        f"pictures  {len(video)} of {sum(stream['kind'] == 'video' for stream in streams)} slots play",
        _line("connected", [peer["connected_ms"] for peer in peers]),
        _line("first picture", [stream["first_packet_ms"] for stream in video]),
        _line("longest gap", [stream["longest_gap_ms"] for stream in video]),
        _line("delay (median)", [stream["delay_ms"]["p50"] for stream in video]),
        _line("delay (p99)", [stream["delay_ms"]["p99"] for stream in video]),
    ]
    lines += [f"failed    {name}: {why}" for name, why in result["failures"].items()]
    return "\n".join(line for line in lines if line)


def _line(name: str, values: list[float | None]) -> str:
    known = sorted(value for value in values if value is not None)
    if not known:
        return ""
    p95 = known[min(len(known) - 1, int(0.95 * len(known)))]
    return (
        f"{name:15s} median {statistics.median(known):8.1f} ms, p95 {p95:8.1f} ms, worst {known[-1]:8.1f} ms"
    )
