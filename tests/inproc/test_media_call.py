"""A call through a real node on loopback: aiortc publishes, aiortc watches."""

from __future__ import annotations

from tests.support.media_aiortc import Client, ColourTrack, ToneTrack
from tests.support.media_node import media_node
from tests.support.waiting import eventually


async def test_a_viewer_sees_and_hears_a_publisher() -> None:
    async with media_node() as (control, node):
        station = Client(control, "m_1", "tandu")
        await station.publish(ColourTrack(200), ToneTrack(440))
        viewer = Client(control, "m_1", "leader")
        await viewer.watch()
        picture, sound = viewer.viewers
        await picture.shows(200, 8)
        await sound.shows(440, 60)
        await eventually(
            lambda: control.of("slots", peer=viewer.id, video=["tandu"], audio=["tandu"]),
            why="the viewer was not told who stands in its slots",
        )
        assert control.of("sources", meeting="m_1")[-1]["sources"] == [
            {"participant": "tandu", "peer": station.id, "video": "vp8", "audio": "opus"}
        ]
        await viewer.close()
        await station.close()
        await eventually(lambda: not node.sfu.peers, why=f"peers remain: {list(node.sfu.peers)}")
        await control.call("meeting.close", meeting="m_1")
        dump = await control.call("dump")
        assert dump["peers"] == dump["meetings"] == dump["relays"] == []
        assert dump["ingress"]["ufrags"] == dump["ingress"]["addresses"] == 0
