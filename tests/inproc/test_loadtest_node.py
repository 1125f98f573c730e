"""Light peers against a real media node: what is sent arrives, and the counting is right."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest

from clients.loadtest.peer import LightPeer, Signal
from clients.loadtest.synthetic import VideoShape
from clients.loadtest.transport import Disconnected
from tests.support.media_node import FakeControl, media_node
from tests.support.waiting import eventually

SMALL = VideoShape(320, 180, 30, 300_000)
_numbers = itertools.count(1)


def to_node(control: FakeControl, participant: str, direction: str) -> Signal:
    async def signal(offer: str) -> str:
        opened = await control.call(
            "peer.open",
            peer=f"s_{participant}_{next(_numbers)}",
            meeting="m_1",
            participant=participant,
            direction=direction,
            offer=offer,
        )
        return str(opened["answer"])

    return signal


async def test_viewers_get_every_packet_of_a_publisher() -> None:
    async with media_node() as (control, node):
        publisher, viewers = LightPeer(), [LightPeer(sample_every=1) for _ in range(3)]
        try:
            await publisher.publish_by(to_node(control, "a_1", "publish"), shape=SMALL)
            for index, viewer in enumerate(viewers):
                await viewer.watch_by(to_node(control, f"a_v{index}", "watch"))

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
                assert set(got["counters"]) == {"opened"}
                for stream in got["streams"]:
                    assert stream["lost"] == 0
                video: dict[str, Any] = got["streams"][0]
                assert video["kind"] == "video"
                assert 0 < video["delay_ms"]["p50"] < 200
        finally:
            for peer in (*viewers, publisher):
                await peer.close()
        await eventually(lambda: not node.sfu.peers, 5, "the node still has peers")


async def test_a_lost_picture_is_answered_with_a_key_frame() -> None:
    async with media_node() as (control, _):
        publisher, viewer = LightPeer(), LightPeer()
        try:
            await publisher.publish_by(
                to_node(control, "a_1", "publish"), shape=SMALL, sound=False, even=True
            )
            await viewer.watch_by(to_node(control, "a_2", "watch"), audio=0)
            await eventually(lambda: viewer.stats()["streams"][0]["frames"] > 30, 15, "no picture yet")
            before = publisher.stats()["sent"][0]["key_frames"]
            viewer.receiver.ask_key_frame("0")
            await eventually(
                lambda: publisher.stats()["sent"][0]["key_frames"] > before, 2.5, "no key frame was sent"
            )
        finally:
            await viewer.close()
            await publisher.close()


async def test_a_closed_peer_says_so_and_a_wrong_answer_does_not_hang() -> None:
    async with media_node() as (control, node):
        viewer = LightPeer()
        await viewer.watch_by(to_node(control, "a_1", "watch"))
        node.sfu.close()
        await asyncio.wait_for(viewer.transport.ended.wait(), 5)
        assert viewer.stats()["failure"] == "the hub closed the connection"
        await viewer.close()

        async def with_another_certificate(offer: str) -> str:
            answer = await to_node(control, "a_2", "watch")(offer)
            lines = answer.split("\r\n")
            wrong = "a=fingerprint:sha-256 " + ":".join(["00"] * 32)
            return "\r\n".join(wrong if line.startswith("a=fingerprint") else line for line in lines)

        impostor = LightPeer()
        with pytest.raises(Disconnected, match="certificate"):
            await impostor.watch_by(with_another_certificate)
        await impostor.close()
