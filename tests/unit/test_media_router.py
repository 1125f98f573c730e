"""How often a meeting is routed: at once for one change, and not once for each of a thousand."""

from __future__ import annotations

import itertools

import pytest

from hub.media.ingest.describe import DESCRIBE
from hub.media.ingest.layer import Layer
from hub.media.ingest.microphone import Microphone
from hub.media.ingest.publication import Publication
from hub.media.ingest.track import Codec
from hub.media.meeting.router import ROUTES_AT_ONCE, Router
from tests.support.media_world import World


@pytest.fixture
def routes(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When any router routed."""
    times: list[float] = []
    route = Router.route

    def counted(self: Router, now: float) -> None:
        times.append(now)
        route(self, now)

    monkeypatch.setattr(Router, "route", counted)
    return times


def sound_of(participant: str) -> Publication:
    microphone = Microphone(object(), participant, has_levels=True)
    codec = Codec("opus", 48_000, 2, "")
    return Publication(
        participant=participant, peer=f"s_{participant}", kind="audio", codec=codec, microphone=microphone
    )


def picture_of(participant: str, codec: str = "vp8", *, twin: bool = False) -> Publication:
    publication = Publication(
        participant=participant,
        peer=f"s_{participant}",
        kind="video",
        codec=Codec(codec, 90_000, 1, ""),
        twin=twin,
    )
    publication.add_layer(Layer(publication, ssrc=1, describe=DESCRIBE[codec], ask_key_frame=lambda: None))
    return publication


def test_one_change_in_a_quiet_meeting_is_routed_at_once(routes: list[float]) -> None:
    world = World()
    viewer = world.join("watch", "county")
    router = world.sfu.routers["m"]
    world.network.run(1)
    world.told.clear()
    routes.clear()
    router.add_publication(sound_of("tandu"), world.network.now)
    router.add_publication(picture_of("tandu"), world.network.now)
    assert routes == [world.network.now] * 2
    assert world.of("slots", peer=viewer.id)[-1]["video"] == ["tandu"]
    assert [source["participant"] for source in world.of("sources")[-1]["sources"]] == ["tandu"]


def test_two_hundred_publishers_that_join_together_are_routed_a_few_times(routes: list[float]) -> None:
    world = World()
    viewer = world.join("watch", "county")
    router = world.sfu.routers["m"]
    world.network.run(1)
    world.told.clear()
    routes.clear()
    pictures = [picture_of(f"village{number}") for number in range(200)]
    for picture in pictures:
        router.add_publication(picture, world.network.now)
    world.network.run(0.1)
    assert len(routes) <= ROUTES_AT_ONCE + 1
    assert len(world.of("sources")) <= ROUTES_AT_ONCE + 1, (
        "the whole truth is not told with each of them either"
    )
    assert len(world.of("sources")[-1]["sources"]) == 200
    for picture in pictures[:-1]:
        router.remove_publication(picture, world.network.now)
    world.network.run(0.1)
    assert len(routes) <= 2 * (ROUTES_AT_ONCE + 1)
    assert world.of("slots", peer=viewer.id)[-1]["video"] == ["village199"]


def test_muting_two_thousand_one_by_one_takes_a_few_routes_and_holds_at_once(routes: list[float]) -> None:
    world = World()
    world.join("watch", "county")
    router = world.sfu.routers["m"]
    sounds = [sound_of(f"village{number}") for number in range(300)]
    for sound in sounds:
        router.add_publication(sound, world.network.now)
    world.network.run(1)
    assert router.audible
    routes.clear()
    names = [f"village{number}" for number in range(2_047)]
    for count in range(1, len(names) + 1):
        world.sfu.meeting_set("m", None, names[:count])
        if count <= 300:
            assert sounds[count - 1].muted, "it is not passed on from this moment"
    world.network.run(0.1)
    assert len(routes) <= ROUTES_AT_ONCE + 1
    assert router.audible == []


def test_changes_that_go_on_are_routed_again_and_again(routes: list[float]) -> None:
    world = World()
    world.join("watch", "county")
    router = world.sfu.routers["m"]
    world.network.run(1)
    routes.clear()
    for number in range(200):
        router.add_publication(picture_of(f"village{number}"), world.network.now)
        world.network.run(0.01)
    assert 60 <= len(routes) <= 110
    assert max(after - before for before, after in itertools.pairwise(routes)) < 0.05


def test_a_picture_that_comes_in_a_second_codec_is_one_word_and_its_twin_is_for_who_takes_no_other() -> None:
    world = World()
    viewer = world.join("watch", "county")  # takes VP8 alone
    router = world.sfu.routers["m"]
    now = world.network.now
    first, twin = picture_of("ca", "h264"), picture_of("ca", "vp8", twin=True)
    router.add_publication(twin, now)
    router.add_publication(first, now)
    [slot] = router.watchers[viewer.id].video
    assert slot.publication is twin
    assert world.of("slots", peer=viewer.id)[-1]["video"] == ["ca"]
    assert [source["video"] for source in world.of("sources")[-1]["sources"]] == ["h264"]
    router.remove_publication(twin, now)
    world.network.run(1)
    assert [slot.publication, first.other] == [None, None]
    router.add_publication(picture_of("ca", "vp8", twin=True), world.network.now)
    router.remove_publication(first, world.network.now)
    world.network.run(1)
    assert slot.publication is None, "a twin does not stand alone"
