"""The scenarios: who comes when, what is measured meanwhile, and what that proves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from clients.loadtest.crowd import RUNNING, Crowd, Viewers, Watching
from clients.loadtest.histogram import Histogram
from clients.loadtest.measuring import Hub, Measuring, Window, find_hub, measure
from clients.loadtest.peer import LightPeer
from clients.loadtest.plan import ATTEMPTS, Plan
from clients.loadtest.synthetic import audio_frames, video_frames
from clients.loadtest.tally import Tally
from clients.loadtest.venue import Venue
from clients.loadtest.verdict import Bottleneck, Criterion, bottleneck, joining, viewing

#: After the last viewer came, before anything is counted.
SETTLE_S: Final = 1.0
#: How often a storm is looked at for whether all have media, and the longest it is waited for.
_LOOK_S: Final = 0.25
STORM_WAIT_S: Final = 60.0

#: Makes a crowd; its first argument is a short name.
NewCrowd = Callable[[str], Viewers]


@dataclass(slots=True)
class Outcome:
    """What a scenario came to. `curve` has a row a step; `points` are distributions to be drawn, by name; `facts`
    what else was found, by name."""

    windows: list[Window] = field(default_factory=list)
    criteria: list[Criterion] = field(default_factory=list)
    bottleneck: Bottleneck | None = None
    curve: list[dict[str, Any]] = field(default_factory=list)
    points: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """Whether all that was promised holds."""
        return all(criterion.met for criterion in self.criteria)

    def judge(self, window: Window) -> None:
        """Name the bottleneck of this stretch."""
        self.bottleneck = bottleneck(window, self.criteria)


@dataclass(slots=True)
class Stage:
    """What all scenarios need: where, what, and the publishers once they are there."""

    venue: Venue
    plan: Plan
    new_crowd: NewCrowd
    url: str = ""
    publishers: list[LightPeer] = field(default_factory=list)
    crowds: list[Viewers] = field(default_factory=list)

    def crowd(self, name: str = "viewers") -> Viewers:
        """A new crowd, which leaves at the end."""
        made = self.new_crowd(name)
        self.crowds.append(made)
        return made

    async def publish(self, on_media: bool = False) -> None:
        """Bring the publishers; with `on_media` they obey what the hub tells their pages."""
        plan = self.plan
        for shape in plan.layers:
            video_frames(shape)  # encoding is done before anything is measured
        audio_frames()
        for person in range(plan.publishers):
            peer = LightPeer(allowed=plan.allowed)
            self.publishers.append(peer)
            await peer.publish(
                self.venue.door(person, "publish"),
                shapes=plan.layers,
                sound=plan.sound,
                even=plan.even,
                source=person,
            )
            if on_media:
                await self.venue.listen(person, _obeys(peer))

    def persons(self, count: int, first: int = 0) -> range:
        """The numbers of so many viewers, from the `first` on."""
        start = self.plan.publishers + first
        return range(start, start + count)

    def hub(self) -> Hub:
        """The hub's processes on this machine; looking for them takes a while, so not right before measuring."""
        return find_hub(self.publishers, self.url)

    async def close(self) -> None:
        """Everybody leaves."""
        await asyncio.gather(*(crowd.leave() for crowd in self.crowds))
        await asyncio.gather(*(peer.close() for peer in self.publishers))


def _obeys(peer: LightPeer) -> Callable[[dict[str, Any]], None]:
    def on_media(event: dict[str, Any]) -> None:
        admitted, sender = peer.admitted, peer.sender
        if admitted is None or sender is None or event.get("session") != admitted.session:
            return
        if event.get("kind") == "pause":
            sender.pause(bool(event.get("paused")))
        elif event.get("kind") == "layers":
            sender.activate([str(rid) for rid in event.get("active", [])])

    return on_media


async def lecture(stage: Stage) -> Outcome:
    """Few send, many watch."""
    plan = stage.plan
    await stage.publish()
    crowd = stage.crowd()
    hub = stage.hub()
    await crowd.join(stage.persons(plan.viewers), plan.joining)
    await asyncio.sleep(SETTLE_S)
    joined = await crowd.tally()
    window = await measure("lecture", crowd, stage.publishers, hub, plan.seconds)
    _keep_joining(window, joined)
    outcome = Outcome([window], viewing(window, plan.limits))
    if plan.video_slots:
        outcome.criteria.append(joining(window, plan.limits.first_picture_p95_ms))
    outcome.judge(window)
    return outcome


async def curve(stage: Stage) -> Outcome:
    """Ever more viewers, until a promise is broken: where that is, and why.

    A step that breaks one while the measuring side was the bottleneck says nothing of the hub: it is measured again, up to
    ATTEMPTS times in all. Every attempt is a row.
    """
    plan, outcome = stage.plan, Outcome()
    await stage.publish()
    crowd, there, last_good = stage.crowd(), 0, 0
    hub = stage.hub()
    for step in plan.steps:
        await crowd.join(stage.persons(step - there, there), plan.joining)
        there = step
        for _ in range(ATTEMPTS):
            await asyncio.sleep(SETTLE_S)
            window = await measure(f"{step} viewers", crowd, stage.publishers, hub, plan.seconds)
            criteria = viewing(window, plan.limits)
            met = all(criterion.met for criterion in criteria)
            limit = bottleneck(window, criteria)
            outcome.windows.append(window)
            outcome.curve.append(_curve_row(step, window, met, limit))
            outcome.criteria, outcome.bottleneck = criteria, limit
            if met or not limit.is_ours:
                break
        if not met:
            break
        last_good = step
    else:
        outcome.notes.append(
            (f"{there} 个站点时仍未到达上限", f"the limit was not reached with {there} viewers")
        )
        return outcome
    why = outcome.bottleneck
    broken = "、".join(one.zh for one in outcome.criteria if not one.met)
    broken_en = ", ".join(one.en for one in outcome.criteria if not one.met)
    outcome.notes.append(
        (
            f"{last_good} 个站点达标，{there} 个站点时不达标（{broken}）；原因：{why.zh if why else ''}",
            f"{last_good} viewers are served as promised, {there} are not ({broken_en}); "
            f"cause: {why.en if why else ''}",
        )
    )
    return outcome


def _curve_row(viewers: int, window: Window, met: bool, limit: Bottleneck) -> dict[str, Any]:
    told = window.told()
    seen, cost = told["seen"], told["cost"]
    nodes = [share for name, share in cost["cpu"].items() if name.startswith("node")]
    return {
        "viewers": viewers,
        "packets_per_s": seen["packets_per_s"],
        "loss_permille": max(seen["video_loss_permille"], seen["audio_loss_permille"]),
        "delay_p50_ms": seen["delay_ms"]["p50"],
        "delay_p95_ms": seen["delay_ms"]["p95"],
        "node_cpu": max(nodes, default=None),
        "node_us_per_packet": cost["node_us_per_packet"],
        "generator_cpu": told["generator"]["busiest_process"],
        "stolen": told["machine"]["stolen"],
        "met": met,
        "bottleneck": limit.who,
    }


async def storm(stage: Stage) -> Outcome:
    """A running call is measured while many others (re)join all at once."""
    plan = stage.plan
    await stage.publish()
    running, joiners = stage.crowd(RUNNING), stage.crowd("joining")
    hub = stage.hub()
    await running.join(stage.persons(plan.running), plan.joining)
    await asyncio.sleep(SETTLE_S)
    before = await measure("before", running, stage.publishers, hub, min(5.0, plan.seconds))
    measuring = Measuring(running, stage.publishers, hub)
    await measuring.begin()
    began = time.monotonic()
    coming = asyncio.create_task(joiners.join(stage.persons(plan.viewers, plan.running), plan.viewers))
    all_playing: float | None = None
    while time.monotonic() - began < STORM_WAIT_S:
        await asyncio.sleep(_LOOK_S)
        if coming.done() and (await joiners.pulse()).playing >= plan.viewers * min(1, plan.video_slots):
            all_playing = time.monotonic() - began
            break
    await coming
    during = await measuring.end("storm")
    joined = await joiners.tally()
    after = await measure("after", joiners, stage.publishers, hub, plan.seconds)
    _keep_joining(after, joined)
    slowest = joined.first_picture if plan.video_slots else joined.first_sound
    missing = plan.viewers - slowest.count
    limits = plan.limits
    outcome = Outcome(
        [before, during, after],
        [
            Criterion("没有媒体的重连站点", "Joiners without media", "", 0, float(missing)),
            Criterion(
                "全部恢复画面用时",
                "Until all have media",
                "ms",
                limits.storm_media_ms,
                slowest.largest * 1000 if not missing else None,
            ),
            *viewing(during, limits, limits.storm_delay_p95_ms),
        ],
        points={"首个画面 · First picture (ms)": slowest.points()},
    )
    if all_playing is None:
        outcome.notes.append(
            ("并非所有站点都恢复了画面", f"not everybody had a picture within {STORM_WAIT_S:.0f} s")
        )
    outcome.judge(during)
    return outcome


#: How long one person speaks, and how often everybody looks at somebody else.
_TURN_S: Final = 2.0
_SPEAKS, _LISTENS = 15, 80
#: A choice that shows nothing within this time has failed.
_SWITCH_S: Final = 5.0


async def discussion(stage: Stage) -> Outcome:
    """All send and all watch some of the others, chosen anew every two seconds; one after the other speaks."""
    plan = stage.plan
    await stage.publish(on_media=True)
    watching = Watching(plan.video_slots, plan.audio_slots, plan.sample_every, plan.habits, plan.allowed)
    crowd = Crowd(lambda person: stage.venue.door(person, "watch"), watching)
    stage.crowds.append(crowd)
    # In order and one after the other, so that the peer with a number is that person's.
    hub = stage.hub()
    await crowd.join(range(plan.publishers), 1)
    await asyncio.sleep(SETTLE_S)
    switches, failed = Histogram(), 0
    measuring = Measuring(crowd, stage.publishers, hub)
    await measuring.begin()
    turn, ends = 0, time.monotonic() + plan.seconds
    while time.monotonic() < ends:
        turn += 1
        for person, publisher in enumerate(stage.publishers):
            if publisher.sender is not None:
                publisher.sender.level = _SPEAKS if person == turn % plan.publishers else _LISTENS
        failed += await _choose(stage, crowd.peers, turn, switches)
        await asyncio.sleep(max(0.0, min(_TURN_S, ends - time.monotonic())))
    window = await measuring.end("discussion")
    outcome = Outcome([window], points={"切换用时 · Switch (ms)": switches.points()})
    # A slot that changes its source stands still until that one's key frame: told as the time of a switch.
    frozen = "Time that pictures stood still"
    outcome.criteria = [one for one in viewing(window, plan.limits) if one.en != frozen]
    if plan.video_slots and plan.publishers > 1:
        p95 = switches.percentile(0.95)
        measured = None if p95 is None else p95 * 1000
        outcome.criteria += [
            Criterion("切换未成功", "Switches that showed nothing", "", 0, float(failed)),
            Criterion("选看切换 p95", "Switch of a slot, p95", "ms", plan.limits.switch_p95_ms, measured),
        ]
    outcome.judge(window)
    return outcome


async def _choose(stage: Stage, viewers: Sequence[LightPeer], turn: int, switches: Histogram) -> int:
    """Have everybody look at others, and wait until they see them; how many did not."""
    plan = stage.plan
    others = plan.publishers - 1
    if not plan.video_slots or others < 1:
        return 0
    waits: list[asyncio.Future[None]] = []
    loop = asyncio.get_running_loop()

    async def one(person: int, peer: LightPeer) -> None:
        if peer.admitted is None or peer.transport.ended.is_set():
            return
        # Those after oneself, a different first one each turn.
        chosen = [
            (person + 1 + (turn + slot) % others) % plan.publishers
            for slot in range(min(plan.video_slots, others))
        ]
        done: asyncio.Future[None] = loop.create_future()
        waits.append(done)
        first = next(s for s in peer.receiver.streams.values() if s.video)
        peer.receiver.sample_every = 1
        asked = time.monotonic()

        def seen(now: float) -> None:
            peer.receiver.sample_every = plan.sample_every
            switches.add(now - asked)
            if not done.done():
                done.set_result(None)

        peer.receiver.await_source(first.mid, chosen[0], seen)
        await stage.venue.select(person, peer.admitted, [stage.venue.participant(one) for one in chosen])

    await asyncio.gather(*(one(person, peer) for person, peer in enumerate(viewers)))
    if not waits:
        return 0
    _, late = await asyncio.wait(waits, timeout=_SWITCH_S)
    return len(late)


def _keep_joining(window: Window, joined: Tally) -> None:
    """The joining happened before the stretch that is measured."""
    window.tally.failures.update(joined.failures - window.tally.failures)


SCENARIOS: Final = {"lecture": lecture, "curve": curve, "storm": storm, "discussion": discussion}
