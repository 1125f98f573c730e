"""Light peers against a real media node: what is sent arrives, and the counting is right."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from clients.loadtest.crowd import Crowd, Watching
from clients.loadtest.peer import Admitted, Door, LightPeer
from clients.loadtest.plan import Plan, simulcast
from clients.loadtest.run import perform
from clients.loadtest.synthetic import VideoShape
from clients.loadtest.transport import Disconnected
from tests.support.media_node import media_node
from tests.support.node_venue import NodeVenue
from tests.support.waiting import eventually

SMALL = VideoShape(320, 180, 30, 300_000)


async def test_viewers_get_every_packet_of_a_publisher() -> None:
    async with media_node() as (control, node):
        venue = NodeVenue(control)
        publisher, viewers = LightPeer(), [LightPeer(sample_every=1) for _ in range(3)]
        try:
            await publisher.publish(venue.door(0, "publish"), shapes=[SMALL], source=9)
            for index, viewer in enumerate(viewers):
                await viewer.watch(venue.door(index + 1, "watch"))

            def all_playing() -> bool:
                playing = [stream["frames"] for viewer in viewers for stream in viewer.stats()["streams"]]
                assert min(playing) >= 40, f"frames so far: {playing}"
                return True

            await eventually(all_playing, 15)
            sent = publisher.stats()
            assert sent["counters"]["feedback"] >= 3
            assert sent["counters"]["pli"] >= 1
            assert sent["reported_lost"] == 0
            for viewer in viewers:
                got = viewer.stats()
                assert got["connected_ms"] < 5000
                assert got["counters"]["feedback_sent"] >= 10
                for stream in got["streams"]:
                    assert stream["lost"] == 0
                video: dict[str, Any] = got["streams"][0]
                assert video["kind"] == "video"
                assert video["shown"] == video["frames"]
                assert 0 < video["delay_ms"]["p50"] < 200
                assert viewer.receiver.shown == {"0": 9}
        finally:
            for peer in (*viewers, publisher):
                await peer.close()
        await eventually(lambda: not node.sfu.peers, 5, "the node still has peers")


async def test_a_lost_picture_is_answered_with_a_key_frame() -> None:
    async with media_node() as (control, _):
        venue = NodeVenue(control)
        publisher, viewer = LightPeer(), LightPeer()
        try:
            await publisher.publish(venue.door(0, "publish"), shapes=[SMALL], sound=False, even=True)
            await viewer.watch(venue.door(1, "watch"), audio=0)
            await eventually(lambda: viewer.stats()["streams"][0]["frames"] > 30, 15, "no picture yet")
            before = publisher.stats()["sent"][0]["key_frames"]
            viewer.receiver.ask_key_frame("0")
            await eventually(
                lambda: publisher.stats()["sent"][0]["key_frames"] > before, 2.5, "no key frame was sent"
            )
        finally:
            await viewer.close()
            await publisher.close()


class Lossy:
    """Loses every so many-th packet between a node and one viewer."""

    def __init__(self, viewer: LightPeer, every: int) -> None:
        self._take = viewer.transport.receive
        self._every = every
        self._count = 0
        viewer.transport.receive = self

    def __call__(self, view: memoryview, pieces: Any, shift_ns: int) -> None:
        kept = []
        for start, end, segment, arrived in pieces:
            for at in range(start, end, segment):
                until = min(at + segment, end)
                if 192 <= view[at + 1] <= 223 or view[at] < 128:
                    kept.append((at, until, until - at, arrived))
                    continue
                self._count += 1
                if self._count % self._every:
                    kept.append((at, until, until - at, arrived))
        self._take(view, kept, shift_ns)


async def test_lost_packets_are_asked_for_and_mended() -> None:
    async with media_node() as (control, _):
        venue = NodeVenue(control)
        publisher, viewer = LightPeer(), LightPeer()
        try:
            await publisher.publish(venue.door(0, "publish"), shapes=[SMALL], sound=False)
            await viewer.watch(venue.door(1, "watch"), audio=0)
            await eventually(lambda: viewer.stats()["streams"][0]["frames"] > 30, 15, "no picture yet")
            viewer.receiver.begin()
            Lossy(viewer, 25)
            await eventually(lambda: viewer.stats()["streams"][0]["mended"] >= 5, 10, "nothing is mended")
            stream = viewer.stats()["streams"][0]
            # What was lost last is being asked for still.
            assert stream["missed"] - stream["mended"] <= 3
            assert stream["lost"] <= 3
        finally:
            await viewer.close()
            await publisher.close()


async def test_layers_are_sent_as_a_browser_would_and_obeyed() -> None:
    async with media_node() as (control, _):
        venue = NodeVenue(control)
        publisher, viewer = LightPeer(), LightPeer(sample_every=1)
        try:
            await publisher.publish(venue.door(0, "publish"), shapes=simulcast(SMALL), sound=False)
            sender = publisher.sender
            assert sender is not None
            assert [encoding.rid for encoding in sender.video] == ["f", "h", "q"]
            await viewer.watch(venue.door(1, "watch"), audio=0)
            await eventually(lambda: viewer.stats()["streams"][0]["shown"] > 20, 15, "no picture yet")
            assert viewer.stats()["streams"][0]["lost"] == 0
            sender.activate(["q"])
            await asyncio.sleep(0.1)
            before = [encoding.frames for encoding in sender.video]
            await asyncio.sleep(0.3)
            rested = [now.frames == then for now, then in zip(sender.video, before, strict=True)]
            assert rested == [True, True, False]
            sender.pause(True)
            await asyncio.sleep(0.1)
            still = sender.video[2].frames
            await asyncio.sleep(0.2)
            assert sender.video[2].frames == still
        finally:
            await viewer.close()
            await publisher.close()


async def test_a_closed_peer_says_so_and_a_wrong_answer_does_not_hang() -> None:
    async with media_node() as (control, node):
        venue = NodeVenue(control)
        viewer = LightPeer()
        await viewer.watch(venue.door(1, "watch"))
        node.sfu.close()
        await asyncio.wait_for(viewer.transport.ended.wait(), 5)
        assert viewer.stats()["failure"] == "the hub closed the connection"
        await viewer.close()

        def with_another_certificate(door: Door) -> Door:
            async def offer(text: str) -> Admitted:
                lines = (await door(text)).answer.split("\r\n")
                wrong = "a=fingerprint:sha-256 " + ":".join(["00"] * 32)
                return Admitted(
                    "\r\n".join(wrong if line.startswith("a=fingerprint") else line for line in lines)
                )

            return offer

        impostor = LightPeer()
        with pytest.raises(Disconnected, match="certificate"):
            await impostor.watch(with_another_certificate(venue.door(2, "watch")))
        await impostor.close()


async def test_a_crowd_counts_who_was_kept_out() -> None:
    async with media_node() as (control, node):
        venue = NodeVenue(control)

        def door_of(person: int) -> Door:
            return venue.door(person, "watch" if person else "nonsense")

        crowd = Crowd(door_of, Watching())
        await crowd.join(range(3), 2)
        tally = await crowd.tally()
        await crowd.leave()
        assert tally.viewers == 3
        assert tally.connected.count == 2
        assert sum(tally.failures.values()) == 1
        await eventually(lambda: not node.sfu.peers, 5, "the node still has peers")


@pytest.mark.parametrize(
    "plan",
    [
        Plan("lecture", publishers=1, viewers=3, running=0, seconds=1.5, layers=(SMALL,)),
        Plan(
            "discussion",
            publishers=3,
            viewers=0,
            running=0,
            seconds=5,
            layers=simulcast(SMALL),
            video_slots=2,
        ),
        Plan("storm", publishers=1, viewers=12, running=2, seconds=1.5, layers=(SMALL,)),
        Plan("curve", publishers=1, viewers=0, running=0, seconds=1, layers=(SMALL,), steps=(1, 3)),
    ],
    ids=lambda plan: plan.scenario,
)
async def test_a_scenario_comes_to_its_end_and_leaves_nothing(plan: Plan) -> None:
    async with media_node() as (control, node):
        venue = NodeVenue(control)
        result = await perform(plan, venue)
        await venue.close()
        await eventually(lambda: not node.sfu.peers, 5, "the node still has peers")
    assert result["windows"]
    for window in result["windows"]:
        assert window["seen"]["failures"] == {}
        assert window["seen"]["video_loss_permille"] == 0
        assert window["seen"]["packets_per_s"] > 50
    broken = {one["en"] for one in result["criteria"] if one["limit"] == 0 and not one["met"]}
    assert not broken
    if plan.scenario == "curve":
        assert [row["viewers"] for row in result["curve"]][:1] == [1]
        assert result["notes"]
    if plan.scenario == "discussion":
        switch = next(one for one in result["criteria"] if one["en"].startswith("Switch of"))
        assert switch["measured"] is not None
