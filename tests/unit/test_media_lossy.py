"""The media plane over bad lines, in virtual time: what is lost is mended, both ways, and nothing storms."""

from __future__ import annotations

from hub.media.egress.repair import PAST_S
from hub.wire import rtcp
from tests.support.lossy import Line
from tests.support.media_world import Camera, Screen, World


def test_on_good_lines_every_packet_arrives_once_in_order() -> None:
    world = World()
    camera = Camera(world, world.join("publish", "tandu"))
    viewer = world.join("watch", "leader")
    screen = Screen(world, viewer, viewer.slots[0], viewer.slots[1])
    world.network.run(10)
    assert not screen.missing()
    assert screen.duplicates == 0
    assert len(screen.payloads) > 30 * 4 * 9
    assert camera.key_frames <= 2
    assert "refused_by_srtp" not in viewer.counters


def test_ten_percent_loss_on_the_viewers_line_is_mended_from_the_cache() -> None:
    world = World(seed=7)
    Camera(world, world.join("publish", "tandu"))
    line = Line(loss=0.1, delay_s=0.03, jitter_s=0.01)
    viewer = world.join("watch", "leader", line=line, transport_cc=False)
    screen = Screen(world, viewer, viewer.slots[0], viewer.slots[1])
    world.network.run(60)
    missing = screen.missing(behind=300)
    assert len(missing) <= len(screen.payloads) // 500, f"{len(missing)} of {len(screen.payloads)} never came"


def test_ten_percent_loss_on_the_publishers_line_is_mended_for_every_viewer() -> None:
    world = World(seed=8)
    line = Line(loss=0.1, duplicate=0.02, delay_s=0.03, jitter_s=0.02)
    camera = Camera(world, world.join("publish", "tandu", line=line))
    screens = []
    for name in ("leader", "county", "clerk"):
        viewer = world.join("watch", name)
        screens.append(Screen(world, viewer, viewer.slots[0], viewer.slots[1]))
    world.network.run(60)
    layer = world.sfu.routers["m"].publications[0].layers[0]
    assert layer.gaps.mended > 200
    for screen in screens:
        missing = screen.missing(behind=300)
        assert len(missing) <= len(screen.payloads) // 1000, f"{len(missing)} never came"
    assert camera.plis < 70, "loss that can be mended must not cost key frames"


def test_plain_repeats_are_the_same_packet_and_are_taken() -> None:
    """Without RTX a repeated packet has the number of the lost one; libsrtp at the far end accepts it once."""
    world = World(seed=9)
    Camera(world, world.join("publish", "tandu"))
    viewer = world.join("watch", "leader", line=Line(loss=0.1, delay_s=0.02), with_rtx=False)
    screen = Screen(world, viewer, viewer.slots[0], 0)
    world.network.run(30)
    assert len(screen.missing(behind=300)) <= len(screen.payloads) // 500
    assert viewer.counters["refused_by_srtp"] == 0, "nobody may be sent a number again with other bytes"


def test_a_viewer_that_asks_for_everything_again_is_held_to_its_budget() -> None:
    world = World()
    Camera(world, world.join("publish", "tandu"))
    viewer = world.join("watch", "greedy")
    screen = Screen(world, viewer, viewer.slots[0], viewer.slots[1])
    world.network.run(5)
    before = viewer.counters["rtp"]
    world.network.every(
        0.02,
        lambda: viewer.send_rtcp(
            rtcp.Nack(1, screen.ssrc, tuple(n & 0xFFFF for n in range(screen.newest - 100, screen.newest)))
        ),
    )
    world.network.run(10)
    got = viewer.counters["rtp"] - before
    fair = 30 * 4 * 10
    assert got < fair * 1.6, f"{got} packets where {fair} were due"
    counters = world.sfu.peers[viewer.id].counters
    assert counters["nack_over_budget"] > 0


def test_a_publisher_gets_transport_feedback_about_every_packet() -> None:
    world = World(seed=3)
    publisher = world.join("publish", "tandu", line=Line(loss=0.05, delay_s=0.02))
    Camera(world, publisher)
    told: dict[int, bool] = {}
    heard = publisher.on_rtcp

    def listen(packet: rtcp.RtcpPacket) -> None:
        heard(packet)
        if isinstance(packet, rtcp.TransportFeedback):
            for number, arrival in packet.arrivals():
                told[number] = told.get(number, False) or arrival is not None

    publisher.on_rtcp = listen
    world.network.run(20)
    newest = max(told)
    lost_messages = [number for number in range(1, newest) if number not in told]
    assert len(lost_messages) < newest * 0.1, "only feedback that was itself lost may be missing"
    share = sum(told.values()) / len(told)
    assert 0.9 < share < 0.99, f"{share:.3f} of the packets are told as arrived at 5 % loss"
    messages = publisher.counters["rtcp_TransportFeedback"]
    assert 150 <= messages <= 220, f"{messages} messages in 20 s"


def test_without_transport_cc_a_publisher_gets_remb_and_reports_each_second() -> None:
    world = World()
    publisher = world.join("publish", "tandu", transport_cc=False)
    Camera(world, publisher)
    world.network.run(10)
    assert 8 <= publisher.counters["rtcp_Remb"] <= 12
    assert 8 <= publisher.counters["rtcp_ReceiverReport"] <= 12
    assert publisher.counters["rtcp_TransportFeedback"] == 0


def _latest_repair_s(screen: Screen) -> float:
    """By how much the picture of a packet was past, at most, when it came."""
    latest, newest = 0, -1
    for number in sorted(screen.arrived, key=screen.arrived.__getitem__):
        newest = max(newest, number)
        latest = max(latest, screen.timestamps[newest] - screen.timestamps[number])
    return latest / 90_000


def test_what_an_outage_of_a_viewers_line_swallowed_is_not_sent_after_it_is_past() -> None:
    world = World(seed=3)
    camera = Camera(world, world.join("publish", "tandu"))
    line = Line(delay_s=0.02)
    viewer = world.join("watch", "leader", line=line)
    screen = Screen(world, viewer, viewer.slots[0], viewer.slots[1])
    world.network.run(5)
    key_frames = camera.key_frames
    line.dark = True
    world.network.run(1.8)
    line.dark = False
    world.network.run(3)
    assert screen.missing(behind=200), "nothing was lost"
    counters = world.sfu.peers[viewer.id].counters
    assert counters["nack_past"] > 0
    assert _latest_repair_s(screen) <= PAST_S + 0.1, (
        "a past picture teaches the browser a delay that is not there"
    )
    assert 1 <= camera.key_frames - key_frames <= 2, "one key frame ends it, however often the viewer asks"


def test_what_an_outage_of_a_publishers_line_swallowed_is_not_asked_for_after_it_is_past() -> None:
    world = World(seed=4)
    line = Line(delay_s=0.02)
    camera = Camera(world, world.join("publish", "tandu", line=line))
    viewer = world.join("watch", "leader")
    screen = Screen(world, viewer, viewer.slots[0], viewer.slots[1])
    world.network.run(5)
    key_frames = camera.key_frames
    line.dark = True
    world.network.run(1.8)
    line.dark = False
    world.network.run(3)
    layer = world.sfu.routers["m"].publications[0].layers[0]
    assert layer.gaps.too_many > 100
    assert _latest_repair_s(screen) <= 0.1
    assert 1 <= camera.key_frames - key_frames <= 2
