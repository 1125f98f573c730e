"""The key-frame manager: merges, repeats until the picture is there, lets no viewer storm a camera."""

from __future__ import annotations

import pytest

from hub.media.ingest.keyframes import CALM_S, CROWD, EAGER_REPEATS, PACE_S, KeyFrameManager


class Camera:
    """Counts what it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def ask(self) -> None:
        self.asked += 1


def run(manager: KeyFrameManager, start: float, end: float) -> None:
    now = start
    while now < end:
        manager.tick(now)
        now += 0.02


def test_many_requests_at_once_are_one_question() -> None:
    camera = Camera()
    manager = KeyFrameManager(camera.ask)
    for step in range(50):
        manager.want(step * 0.001)
    assert camera.asked == 1
    assert manager.merged == 49


def test_it_asks_again_after_350_ms_and_at_its_pace_until_the_key_frame_is_there() -> None:
    camera = Camera()
    manager = KeyFrameManager(camera.ask)
    manager.want(0.0)
    run(manager, 0.0, 0.4)
    assert camera.asked == 2, "the first may have been lost"
    run(manager, 0.4, 1.45)
    assert camera.asked == 4
    manager.arrived(1.5)
    run(manager, 1.5, 10.0)
    assert camera.asked == 4


@pytest.mark.parametrize("per_second", [1, 2])
def test_whatever_the_viewers_send_no_second_has_more_requests_than_the_pace(per_second: int) -> None:
    moments: list[float] = []
    now = 0.0
    manager = KeyFrameManager(lambda: moments.append(now), per_second)
    while now < 20.0:
        manager.want(now, urgent=int(now * 1000) % 3 == 0)
        if int(now * 1000) % 70 == 0:
            manager.arrived(now)
        now += 0.005
    assert len(moments) > 10 * per_second
    for begin in moments:
        assert sum(begin <= moment < begin + PACE_S for moment in moments) <= per_second


def test_two_requests_are_never_closer_than_chromium_heeds() -> None:
    camera = Camera()
    manager = KeyFrameManager(camera.ask)
    manager.want(0.0)
    manager.arrived(0.05)
    manager.want(0.1)
    assert camera.asked == 1, "the second within 350 ms would be dropped silently"
    run(manager, 0.1, 0.4)
    assert camera.asked == 2


def test_a_viewer_that_keeps_asking_gets_at_most_one_key_frame_per_calm_interval() -> None:
    camera = Camera()
    manager = KeyFrameManager(camera.ask)
    now = 0.0
    while now < 10.0:
        before = camera.asked
        manager.want(now, urgent=False)
        if camera.asked > before:
            manager.arrived(now + 0.01)
        now += 0.02
    assert camera.asked <= 10.0 / CALM_S + 1


def test_a_camera_that_never_answers_is_asked_ever_more_patiently() -> None:
    camera = Camera()
    manager = KeyFrameManager(camera.ask)
    manager.want(0.0)
    run(manager, 0.0, 60.0)
    assert EAGER_REPEATS < camera.asked < EAGER_REPEATS + 60


def test_when_nobody_watches_any_more_it_stops_asking() -> None:
    camera = Camera()
    manager = KeyFrameManager(camera.ask)
    manager.want(0.0)
    manager.cancel()
    run(manager, 0.0, 5.0)
    assert camera.asked == 1
    assert not manager.pending


def test_where_many_join_at_once_one_key_frame_a_second_serves_them_until_few_come() -> None:
    camera = Camera()
    manager = KeyFrameManager(camera.ask)
    now = 0.0
    for _ in range(15 * CROWD):
        manager.want(now)
        if manager.asked > manager.arrived_count:
            manager.arrived(now + 0.005)
        now += 0.01
        manager.tick(now)
    asked = camera.asked
    assert asked <= 4, "3 s: at once, 350 ms later, then each second"
    manager.arrived(now)
    run(manager, now, now + 5.0)
    manager.want(now + 5.0)
    manager.arrived(now + 5.1)
    manager.want(now + 5.4)
    assert camera.asked == asked + 2, "a single viewer does not wait for the second to pass"


def test_one_viewer_who_asks_again_and_again_is_no_crowd() -> None:
    camera = Camera()
    manager = KeyFrameManager(camera.ask)
    manager.want(0.0)
    for step in range(5 * CROWD):
        manager.want(step * 0.001, urgent=False)
    manager.arrived(0.2)
    manager.want(0.4)
    assert camera.asked == 2, "another viewer waits for him"
