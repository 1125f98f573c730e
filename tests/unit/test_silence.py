"""A process is given up for its own silence, and for nobody else's."""

from __future__ import annotations

from hub.silence import FOUND_GRACE_S, GRACE_S, START_GRACE_S, Silence

STEP_S = 0.25


class World:
    """A child that is looked at four times a second, in a time of the test's."""

    def __init__(self) -> None:
        self.silence = Silence()
        self.now = 0.0
        self.heard = 0
        self.pid = 1
        self.found = False

    def quiet_for(self, seconds: float) -> bool:
        """Whether it is given up within that time."""
        end = self.now + seconds
        while self.now < end:
            self.now += STEP_S
            if self.silence.look(self.now, self.pid, self.heard, found=self.found):
                return True
        return False

    def speak(self) -> None:
        self.heard += 1
        self.silence.look(self.now, self.pid, self.heard, found=self.found)


def test_a_process_that_was_heard_is_given_up_after_its_grace() -> None:
    world = World()
    for _ in range(10):
        world.speak()
        assert not world.quiet_for(GRACE_S - 1)
    world.speak()
    assert world.quiet_for(GRACE_S + 1)


def test_one_that_was_never_heard_gets_the_time_to_start() -> None:
    for found, grace_s in ((False, START_GRACE_S), (True, FOUND_GRACE_S)):
        world = World()
        world.found = found
        assert not world.quiet_for(grace_s - 1)
        assert world.quiet_for(2)


def test_a_machine_that_slept_and_a_control_that_lagged_give_nobody_up() -> None:
    world = World()
    world.speak()
    for _ in range(int(GRACE_S) - 2):
        world.now += 3600
        assert not world.silence.look(world.now, world.pid, world.heard)


def test_a_new_process_begins_anew() -> None:
    world = World()
    world.speak()
    assert not world.quiet_for(GRACE_S - 1)
    world.pid, world.heard = 2, 0
    assert not world.quiet_for(START_GRACE_S - 1)
