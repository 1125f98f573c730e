"""A viewer of a camera's picture who goes without a word: nothing is pulled for him, and whoever comes back has it at once."""

from __future__ import annotations

import itertools

import pytest

from hub.gateway.camera_layer import CameraLayer, publication_of
from hub.gateway.pulls import KEEP_S
from hub.gateway.twin import VP8
from tests.support.lossy import Line
from tests.support.media_light import LightPeer, vp8_payload
from tests.support.media_world import World
from tests.support.virtual_sources import Speaker
from tests.support.virtual_viewer import PicturePlayer, VirtualViewer

#: So long a camera may be pulled for somebody who has gone; what the gateway keeps it for is a part of that.
MOST_S = 15.0
#: Checks come this often: before one nobody can know that a viewer is back.
CHECK_S = 2.5
FPS = 25


class Scene:
    """A camera whose key frames come every two seconds, whoever asks, and one who watches it behind a line."""

    def __init__(self, seed: int) -> None:
        self.world = world = World(seed)
        self.publication = publication_of("ca_1", ("",), VP8)
        self.layer = CameraLayer(
            self.publication, rid="", rank=0, asked=lambda: None, promising=lambda now: True
        )
        self.publication.add_layer(self.layer)
        world.sfu.router_of("m").add_publication(self.publication, world.network.now)
        self._sequence, self._pictures = itertools.count(7), itertools.count()
        world.network.every(1 / FPS, self._picture)
        self.line = Line(delay_s=0.02)
        self.viewer: LightPeer = world.join("watch", "leader", line=self.line, red=True)
        world.sfu.peer_select(self.viewer.id, ["ca_1"], [(640, 360)])
        self.shown: PicturePlayer = VirtualViewer(world, self.viewer).pictures[0]
        world.network.run(8)
        assert self.shown.shown[-1] > world.network.now - 0.5

    def _picture(self) -> None:
        number, now = next(self._pictures), self.world.network.now
        key = number % (2 * FPS) == 0
        count = 4 if key else 1
        for part in range(count):
            payload = vp8_payload(number, key=key, first=part == 0, size=200, tl0=number & 0xFF)
            if self.layer.receive(
                next(self._sequence) & 0xFFFF, number * 90_000 // FPS, part == count - 1, payload, now
            ):
                self.world.sfu.mark(self.layer)
        self.world.drained()

    def watched_for_s(self, most_s: float) -> float:
        """How long from now on somebody counts as watching it."""
        begun = self.world.network.now
        while self.publication.watched and self.world.network.now - begun < most_s:
            self.world.network.run(0.1)
        return self.world.network.now - begun


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_who_goes_without_a_word_counts_as_watching_no_longer_than_he_is_missed(seed: int) -> None:
    scene = Scene(seed)
    scene.line.dark = True
    assert scene.watched_for_s(20.0) + KEEP_S <= MOST_S
    scene.world.network.run(10.0)
    assert not scene.publication.watched, "it is asked for again though nobody is there"


@pytest.mark.parametrize("away_s", [1.0, 3.0, 8.0, 20.0])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_who_was_away_has_the_picture_again_with_his_next_word(seed: int, away_s: float) -> None:
    scene = Scene(seed)
    scene.line.dark = True
    scene.world.network.run(away_s)
    if away_s <= 3.0:
        assert scene.publication.watched, "a moment is no reason to let go"
    scene.line.dark = False
    since = scene.world.network.now
    scene.world.network.run(CHECK_S + 0.5)
    again = [at - since for at in scene.shown.shown if at > since]
    assert again, "nothing is shown"
    scene.world.network.run(5)
    assert scene.shown.longest_gap_s(since + CHECK_S + 1, scene.world.network.now) < 0.2, "it goes on"


def test_sound_beside_it_is_let_go_and_back_with_it() -> None:
    scene = Scene(1)
    world = scene.world
    speaker = world.join("publish", "tandu", red=True)
    Speaker(world, speaker)
    world.network.run(3)
    (sound,) = (each for each in world.sfu.router_of("m").publications if each.kind == "audio")

    def heard() -> bool:
        return sound.watched

    assert heard()
    scene.line.dark = True
    world.network.run(7.5)
    assert not heard()
    world.sfu.router_of("m").route(world.network.now)
    world.network.run(1.0)
    assert not heard(), "whatever changes beside"
    scene.line.dark = False
    world.network.run(CHECK_S + 0.5)
    assert heard()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_line_that_loses_much_is_no_absence(seed: int) -> None:
    scene = Scene(seed)
    scene.line.loss = 0.2
    begun = scene.world.network.now
    assert scene.watched_for_s(30.0) >= 30.0
    assert [at for at in scene.shown.shown if at > begun]
