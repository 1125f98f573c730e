"""Calls through a real node on loopback: aiortc publishes, aiortc watches, control asks over the real link."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from hub.errors import Refusal
from hub.media import native
from hub.media.node.process import Node
from hub.media.transport.dtls import Certificate
from tests.support.light_call import Talker, Viewer, connect
from tests.support.media_aiortc import Client, ColourTrack, ToneTrack
from tests.support.media_light import LightPeer, LightSocket
from tests.support.media_node import FakeControl, media_node, node_config
from tests.support.waiting import eventually


@pytest.fixture(autouse=True, params=["compiled", "python"])
def _loops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each call is made with the compiled loops (where they are built) and without."""
    if request.param == "python":
        monkeypatch.setenv(native.SWITCH, "0")
    elif not native.LIBRARY.exists():
        pytest.skip("the compiled loops are not built here")
    native.native.cache_clear()
    yield
    native.native.cache_clear()


async def test_a_viewer_sees_and_hears_a_publisher_and_everything_ends_empty() -> None:
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
            {"participant": "tandu", "peer": station.id, "video": "vp8", "audio": "opus", "screen": None}
        ]
        await viewer.close()
        await station.close()
        await eventually(lambda: not node.sfu.peers, why=f"peers remain: {list(node.sfu.peers)}")
        assert control.of("peer", peer=station.id)[-1]["reason"] == "closed_by_peer"
        await control.call("meeting.close", meeting="m_1")
        dump = await control.call("dump")
        assert dump["peers"] == dump["meetings"] == dump["relays"] == []
        assert dump["ingress"]["ufrags"] == dump["ingress"]["addresses"] == 0


@pytest.mark.parametrize("setup", ["actpass", "active", "passive"])
async def test_whoever_may_begin_the_handshake_of_the_two_the_picture_comes(setup: str) -> None:
    async with media_node() as (control, node):
        certificate = Certificate()
        station = await connect(control, node.port.port, certificate, "tandu", "publish", setup=setup)
        watching = await connect(control, node.port.port, certificate, "leader", "watch", setup=setup)
        assert station.peer.dtls_server == (setup == "passive")
        talker, viewer = Talker(station), Viewer(watching)
        talking = asyncio.create_task(talker.run())
        await eventually(lambda: len(viewer.got) > 20, why="no picture")
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)
        station.close()
        watching.close()


async def test_a_handshake_the_hub_begins_is_kept_from_strangers() -> None:
    """As the DTLS client, too, it speaks to nobody and listens to nobody whose address no check has proved."""
    async with media_node() as (control, node):
        certificate, forged = Certificate(), b"\x16\xfe\xfd" + bytes(8) + b"\x00\x20" + bytes(32)
        there, stranger = LightSocket(node.port.port), LightSocket(node.port.port)
        peer = LightPeer(there.send, certificate.endpoint, certificate.fingerprint)
        opened = await control.call(
            "peer.open",
            peer="tandu",
            meeting="m",
            participant="tandu",
            direction="publish",
            offer=peer.offer("sendonly", setup="passive"),
        )
        peer.take_answer(opened["answer"])
        for socket in (there, stranger):
            socket.send(forged)
        counters = node.sfu.ingress.counters
        await eventually(
            lambda: counters["dtls_unvalidated_address"] == 2, why="the forged records are not refused"
        )
        assert there.received == 0, "nothing is sent to who has proved nothing"
        there.peer = peer
        peer.check()
        await eventually(lambda: peer.keys is not None, why="no keys")
        assert stranger.received == 0
        peer.close()
        there.close()
        stranger.close()


async def test_a_slot_is_switched_between_sources_and_sound_is_cut_by_mute() -> None:
    async with media_node() as (control, _):
        bright, dark = Client(control, "m_1", "bright"), Client(control, "m_1", "dark")
        await bright.publish(ColourTrack(220), ToneTrack(1000, 0.9))
        await dark.publish(ColourTrack(40))
        viewer = Client(control, "m_1", "leader")
        await viewer.watch(video=2, audio=1)
        first, second, sound = viewer.viewers
        await first.shows(220, 8)
        await sound.shows(1000, 80)
        await control.call("peer.select", peer=viewer.id, video=["dark", "bright"])
        await first.shows(40, 8)
        await second.shows(220, 8)
        await control.call("peer.select", peer=viewer.id, video=["bright", None])
        await first.shows(220, 8)
        stopped = second.frames
        await control.call("meeting.set", meeting="m_1", broadcast="dark", muted=["bright"])
        await control.call("peer.select", peer=viewer.id, video=["stage"])
        await first.shows(40, 8)
        assert second.frames - stopped < 15
        await eventually(
            lambda: control.of("slots", peer=viewer.id)[-1]["audio"] == [None],
            why="a muted one keeps its slot",
        )
        for client in (viewer, bright, dark):
            await client.close()


async def test_a_late_joiner_sees_a_picture_at_once() -> None:
    async with media_node() as (control, _):
        station = Client(control, "m_1", "tandu")
        await station.publish(ColourTrack(120))
        await eventually(lambda: control.of("sources", meeting="m_1"))
        viewer = Client(control, "m_1", "leader")
        await viewer.watch(video=1, audio=0)
        connected = asyncio.get_running_loop().time()
        await viewer.viewers[0].shows(120, 8, timeout_s=3)
        assert asyncio.get_running_loop().time() - connected < 1.5
        await viewer.close()
        await station.close()


async def test_a_replaced_publisher_takes_the_slot_over() -> None:
    async with media_node() as (control, _):
        old, new = Client(control, "m_1", "tandu"), Client(control, "m_1", "tandu")
        await old.publish(ColourTrack(50))
        viewer = Client(control, "m_1", "leader")
        await viewer.watch(video=1, audio=0)
        await viewer.viewers[0].shows(50, 8)
        await new.publish(ColourTrack(180))
        await control.call("peer.close", peer=old.id, reason="replaced")
        await viewer.viewers[0].shows(180, 8)
        assert control.of("peer", peer=old.id)[-1]["reason"] == "replaced"
        await eventually(
            lambda: old.pc.connectionState == "closed",
            why="the replaced side was not told by DTLS",
        )
        for client in (viewer, old, new):
            await client.close()


async def test_pictures_go_on_while_control_is_away_and_it_takes_the_node_back() -> None:
    control = FakeControl()
    await control.start()
    port = int(control.url.rsplit(":", 1)[1].split("/")[0])
    node = Node(node_config(control.url))
    running = asyncio.create_task(node.run())
    try:
        await eventually(lambda: control.link is not None)
        station, viewer = Client(control, "m_1", "tandu"), Client(control, "m_1", "leader")
        await station.publish(ColourTrack(90))
        await viewer.watch(video=1, audio=0)
        await viewer.viewers[0].shows(90, 8)
        await control.call("meeting.set", meeting="m_1", broadcast="tandu", muted=["x"])
        clients, control.clients = control.clients, []
        await control.stop()
        seen = viewer.viewers[0].frames
        await eventually(lambda: viewer.viewers[0].frames > seen + 15, why="pictures stopped with control")
        second = FakeControl()
        await second.start(port)
        await eventually(lambda: second.hellos, why="the node does not dial again")
        hello = second.hellos[-1]
        assert {(p["peer"], p["direction"], p["connected"], p["etag"]) for p in hello["peers"]} == {
            (station.id, "publish", True, "1"),
            (viewer.id, "watch", True, "1"),
        }
        assert hello["meetings"] == [{"meeting": "m_1", "broadcast": "tandu", "muted": ["x"]}]
        await eventually(lambda: second.of("sources") and second.of("slots"), why="nothing was told again")
        second.clients += clients
        await second.stop()
    finally:
        node.stopping.set()
        await running
        await control.stop()


async def test_a_node_that_control_has_left_for_good_ends_by_itself() -> None:
    control = FakeControl()
    await control.start()
    node = Node(node_config(control.url, orphan_timeout_s=0.5))
    running = asyncio.create_task(node.run())
    await eventually(lambda: control.link is not None)
    await control.stop()
    await asyncio.wait_for(running, 10)


async def test_the_link_refuses_calls_of_a_wrong_form() -> None:
    async with media_node() as (control, _):
        for method, args in (
            ("peer.open", {}),
            ("peer.open", {"peer": 1, "meeting": "m", "participant": "p", "direction": "x", "offer": ""}),
            ("peer.select", {"peer": "s", "video": "stage"}),
            ("meeting.set", {"meeting": "m", "broadcast": None, "muted": [None]}),
            ("meeting.set", {"meeting": "m", "broadcast": None, "muted": [], "apart": ["ab"]}),
            ("meeting.set", {"meeting": "m", "broadcast": None, "muted": [], "deaf": [1]}),
            ("meeting.set", {"meeting": "m", "broadcast": None, "muted": [], "listeners": {"a": None}}),
            (
                "relay.open",
                {
                    "relay": "r",
                    "meeting": "m",
                    "host": "127.0.0.1",
                    "port": 1,
                    "send_key": "zz",
                    "receive_key": "00",
                },
            ),
        ):
            with pytest.raises(Refusal) as refused:
                await control.call(method, **args)
            assert refused.value.code == "invalid", method
