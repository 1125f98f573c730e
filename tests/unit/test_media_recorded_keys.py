"""What is recorded has a key frame every four seconds, those of several cameras one after the other."""

from __future__ import annotations

import itertools

import pytest

from hub.media.relay.recorded_keys import ASK_S, EVERY_S, SPREAD
from tests.support.lossy import Line
from tests.support.media_world import Camera, World
from tests.unit.test_media_relay import FarEnd


class Watched(Camera):
    """Remembers when it made key frames."""

    def __init__(self, world: World, name: str) -> None:
        self.at: list[float] = []
        super().__init__(world, world.join("publish", name))

    def frame(self) -> None:
        before = self.key_frames
        super().frame()
        if self.key_frames > before:
            self.at.append(self.world.network.now)


def pauses(moments: list[float]) -> list[float]:
    return [after - before for before, after in itertools.pairwise(moments)]


@pytest.mark.parametrize("many", [1, 6, 40])
def test_recorded_cameras_make_a_key_frame_every_four_seconds_one_after_the_other(many: int) -> None:
    world = World()
    began = world.network.now
    cameras = [Watched(world, f"c{number}") for number in range(many)]
    FarEnd(world, Line(delay_s=0.01)).open()
    world.network.run(21)
    for camera in cameras:
        lengths = pauses([*camera.at[1:], world.network.now])
        assert max(lengths) <= EVERY_S, f"a key frame is missing: {lengths}"
        assert len(camera.at) <= 2 + 21 / (ASK_S - 1), "more are asked for than needed"
    # Once they have found their turns, they do not come together.
    late = sorted(moment for camera in cameras for moment in camera.at if moment > began + 8)
    most = max(sum(moment <= each < moment + 0.5 for each in late) for moment in late)
    assert most <= 1.5 * many * 0.5 / (ASK_S * SPREAD) + 1


def test_a_camera_that_is_not_recorded_or_is_off_is_not_asked() -> None:
    world = World()
    camera = Watched(world, "tandu")
    world.network.run(12)
    before = camera.plis
    assert before <= 2, "nobody records it"
    far = FarEnd(world, Line())
    far.open()
    world.network.run(10)
    assert camera.plis >= before + 2
    while world.network.now - camera.at[-1] > 0.5:
        world.network.run(0.1)
    recorded = camera.plis
    camera.on = False
    world.network.run(10)
    assert camera.plis == recorded
    world.sfu.relay_close("r_1.x")
    camera.on = True
    world.network.run(1)
    asked = camera.plis
    world.network.run(10)
    assert camera.plis == asked, "it is recorded no more"


def test_key_frames_that_come_anyway_are_as_good() -> None:
    world = World()
    camera = Watched(world, "tandu")
    FarEnd(world, Line()).open()
    world.network.run(1)

    def by_itself() -> None:
        camera.key_wanted = True

    world.network.every(2.0, by_itself)
    asked = camera.plis
    world.network.run(12)
    assert camera.plis == asked
