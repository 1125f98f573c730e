"""Cameras are pulled over real sockets, whatever is wrong with them."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from ipaddress import ip_network
from urllib.parse import quote

import pytest

from clients.camera.faults import ODDITIES, Faults
from clients.camera.scene import Scene
from clients.camera.server import Camera, CameraServer
from hub.gateway import rtsp_port
from hub.gateway.rtsp_port import RtspPull
from hub.gateway.sink import Target
from hub.gateway.turns import Turns
from tests.support.camera_pull import Taken, numbers, pull_of, pulled
from tests.support.waiting import eventually

USER, PASSWORD = "admin", "a:b c"
#: One scene for all: what is encoded once is not encoded again.
SCENE = Scene("村口", 320, 180, 20, 400_000, stretch_s=1, loop_s=2, noise=True)
OTHER = Scene("村口", 480, 270, 20, 400_000, stretch_s=1, loop_s=2)
B_PICTURES = Scene("村口", 320, 180, 20, 400_000, stretch_s=1, loop_s=2, b_pictures=2)
H265 = Scene("村口", 320, 180, 20, 400_000, stretch_s=1, loop_s=2, codec="h265")

Make = Callable[..., Camera]


@pytest.fixture
async def server() -> AsyncIterator[CameraServer]:
    server = CameraServer()
    await server.start()
    yield server
    await server.close()


@pytest.fixture
def make(server: CameraServer) -> Make:
    """A camera of its own for a test."""

    def made(name: str = "one", scene: Scene = SCENE, **more: object) -> Camera:
        settings: dict[str, object] = {"user": USER, "password": PASSWORD, **more}
        camera = Camera(name, scene, **settings)  # type: ignore[arg-type]
        server.cameras[name] = camera
        return camera

    return made


def target(server: CameraServer, name: str = "one", query: str = "", **more: object) -> Target:
    settings: dict[str, object] = {"user": USER, "password": PASSWORD, **more}
    return Target(server.url(name) + query, **settings)  # type: ignore[arg-type]


def running(found: list[int], scene: Scene = SCENE) -> bool:
    """Whether pictures follow each other, over the seam of the loop too."""
    total = scene.stretches * scene.pictures
    return all((after - before) % total == 1 for before, after in itertools.pairwise(found))


@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_each_picture_arrives_whole_and_in_its_order(
    server: CameraServer, make: Make, transport: str
) -> None:
    camera = make()
    taken = await pulled(target(server, transport=transport), 24)
    found = numbers(taken.out)
    assert len(found) >= 23
    assert running(found), found
    assert max(len(each.payload) for each in taken.out) <= 1200
    assert [each.sequence for each in taken.out] == list(range(len(taken.out)))
    assert taken.out[0].key
    assert taken.fit is not None
    assert taken.fit.size == (320, 180)
    await eventually(lambda: camera.playing == 0, why="the camera was not told that nobody watches")
    assert camera.asked[-1] == "TEARDOWN"


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256", "", "basic"])
@pytest.mark.parametrize("qop", [False, True])
async def test_every_way_of_signing_in(server: CameraServer, make: Make, algorithm: str, qop: bool) -> None:
    make(algorithm=algorithm, qop=qop)
    assert (await pulled(target(server), 1)).pictures


async def test_a_nonce_that_holds_once(server: CameraServer, make: Make) -> None:
    make(faults=Faults(stale=True))
    assert (await pulled(target(server), 1)).pictures


@pytest.mark.parametrize("oddity", sorted(ODDITIES))
async def test_descriptions_and_answers_as_vendors_send_them(
    server: CameraServer, make: Make, oddity: str
) -> None:
    make(faults=Faults(odd=frozenset({oddity})))
    taken = await pulled(target(server, query="?channel=1&subtype=0"), 3)
    assert running(numbers(taken.out))


@pytest.mark.parametrize(
    "faults",
    [
        Faults(oversize=True),
        Faults(whole_pictures=True),
        Faults(aggregates=True, notes=True),
        Faults(notes=True, marks="none"),
        Faults(marks="none", mtu=300),
        Faults(marks="all"),
        Faults(stray=True),
        Faults(mtu=1460, alive_refused=True),
        Faults(odd=frozenset({"sets_once", "bare_lines", "empty_connection"}), notes=True),
        Faults(midway=True),
    ],
    ids=lambda faults: ",".join(
        name for name, value in vars(faults).items() if value != getattr(Faults(), name)
    ),
)
async def test_packets_as_vendors_cut_them(server: CameraServer, make: Make, faults: Faults) -> None:
    make(faults=faults)
    taken = await pulled(target(server), 12)
    found = numbers(taken.out)
    assert len(found) >= 11
    assert running(found), found
    assert max(len(each.payload) for each in taken.out) <= 1200


async def test_stamps_run_with_arrival_while_the_cameras_clock_jumps_by_hours(
    server: CameraServer, make: Make
) -> None:
    make(faults=Faults(stamps="jump"))
    taken = await pulled(target(server), 60)
    stamps_s = [each.timestamp / 90_000 for each in taken.out if each.marker]
    steps = [after - before for before, after in itertools.pairwise(stamps_s)]
    assert 0 < min(steps) <= max(steps) < 0.6


async def test_a_wrong_password_is_refused_and_not_tried_in_a_hurry(server: CameraServer, make: Make) -> None:
    camera = make()
    taken = Taken()
    pull = pull_of(target(server, password="wrong"), taken)
    pull.start()
    await eventually(lambda: taken.is_in("refused"))
    tried = camera.asked.count("DESCRIBE")
    assert taken.states[-1] == ("refused", "credentials")
    assert tried <= 2  # each of them counts for a camera that locks out
    await asyncio.sleep(0.8)  # longer than the pause after a fault of the line
    assert camera.asked.count("DESCRIBE") == tried
    pull.close()


@pytest.mark.parametrize(
    ("faults", "state", "reason"),
    [
        (Faults(refuse=True), "reconnecting", "closed"),
        (Faults(statuses={"DESCRIBE": 404}), "reconnecting", "no_stream"),
        (Faults(statuses={"PLAY": 503}), "reconnecting", "busy"),
        (Faults(statuses={"SETUP": 403}), "refused", "forbidden"),
        (Faults(no_tcp=True, no_udp=True), "reconnecting", "transport"),
        (Faults(redirect="rtsp://192.0.2.7/one/main"), "refused", "not_allowed"),
        (Faults(redirect="http://127.0.0.1/"), "refused", "scheme"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_a_camera_refuses_has_its_word(
    server: CameraServer, make: Make, faults: Faults, state: str, reason: str
) -> None:
    make(faults=faults)
    taken = Taken()
    pull = pull_of(target(server), taken)
    pull.start()
    await eventually(lambda: taken.is_in("reconnecting", "refused", "unplayable"))
    pull.close()
    assert taken.states[-1] == (state, reason)


async def test_names_and_passwords_of_cameras_are_in_no_log_and_no_dump(
    server: CameraServer, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    user, password = "planted-user", "planted:pass word@7"
    told = []
    for faults in (
        Faults(),
        Faults(refuse=True),
        Faults(wrong_digest=True),
        Faults(statuses={"SETUP": 403}),
        Faults(statuses={"DESCRIBE": 404}, odd=frozenset({"bare_lines"})),
        Faults(redirect="http://planted-user@127.0.0.1/"),
    ):
        for algorithm in ("MD5", "basic"):
            make(faults=faults, user=user, password=password, algorithm=algorithm)
            taken = Taken()
            pull = pull_of(target(server, user=user, password=password), taken)
            pull.start()
            await eventually(partial(taken.is_in, "playing", "reconnecting", "refused"))
            told += [str(pull.dump()), repr(pull.dump()), str(taken.states)]
            pull.close()
    told += [repr(target(server, user=user, password=password))]
    told += [f"{record.getMessage()} {record.exc_text}" for record in caplog.records]
    assert any("a camera is away" in each for each in told), "nothing was logged that could have told it"
    secrets = (user, password, quote(password), b64encode(f"{user}:{password}".encode()).decode())
    assert [each for each in told for secret in secrets if secret in each] == []


async def test_a_camera_that_has_no_tcp_is_pulled_by_udp(server: CameraServer, make: Make) -> None:
    make(faults=Faults(no_tcp=True))
    assert (await pulled(target(server), 3)).pictures >= 3


async def test_a_redirect_is_followed_where_it_stays_inside(server: CameraServer, make: Make) -> None:
    make("two")
    make(faults=Faults(redirect=server.url("two")))
    assert (await pulled(target(server), 1)).pictures


async def test_no_connection_is_made_outside_the_networks_of_cameras(
    server: CameraServer, make: Make
) -> None:
    camera = make()
    taken = Taken()
    pull = RtspPull(target(server), taken, time.monotonic, networks=[ip_network("10.0.0.0/8")], turns=Turns())
    pull.start()
    await eventually(lambda: taken.is_in("refused"))
    pull.close()
    assert taken.states[-1] == ("refused", "not_allowed")
    assert not camera.asked


async def test_a_camera_that_is_rebooted_twenty_times_comes_back_in_the_same_numbers(
    server: CameraServer, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rtsp_port, "FIRST_PAUSE_S", 0.02)
    monkeypatch.setattr(rtsp_port, "LONGEST_PAUSE_S", 0.1)
    camera = make()
    taken = Taken()
    pull = pull_of(target(server), taken)
    pull.start()
    await eventually(lambda: taken.has(10))

    def dialled(times: int) -> bool:
        assert pull.connections == times, f"{pull.connections} connections, not {times}"
        return True

    for again in range(20):
        camera.reboot()
        await eventually(partial(dialled, again + 2), 10.0)
        await eventually(partial(taken.has, taken.pictures + 3), 10.0)
    pull.close()
    assert taken.states.count(("reconnecting", "closed")) == 20
    assert [each.sequence for each in taken.out] == list(range(len(taken.out)))
    stamps = [each.timestamp for each in taken.out]
    assert stamps == sorted(stamps)
    assert sum(each.key for each in taken.out) >= 21


async def test_an_unplugged_camera_is_noticed_and_back_at_once(server: CameraServer, make: Make) -> None:
    camera = make()
    taken = Taken()
    pull = pull_of(target(server), taken)
    pull.start()
    await eventually(lambda: taken.has(3))
    camera.faults.silent = camera.faults.deaf = True
    begun = time.monotonic()
    await eventually(lambda: taken.is_in("reconnecting"))
    assert time.monotonic() - begun < 4.0
    assert taken.states[-1][1] == "silent"
    camera.faults.silent = camera.faults.deaf = False
    before = taken.pictures
    await eventually(lambda: taken.has(before + 1), 10.0)
    pull.close()


async def test_another_size_in_mid_stream_goes_on(server: CameraServer, make: Make) -> None:
    camera = make()
    taken = Taken()
    pull = pull_of(target(server), taken)
    pull.start()
    await eventually(lambda: taken.has(5))
    camera.change("main", OTHER)
    await eventually(
        lambda: taken.fit is not None and taken.fit.size == (480, 270), why="the size is the old one"
    )
    before = taken.pictures
    await eventually(lambda: taken.has(before + 25))
    pull.close()
    assert len(numbers(taken.out)) >= 25


async def test_another_codec_in_mid_stream_leaves_nothing_that_is_none(
    server: CameraServer, make: Make
) -> None:
    camera = make()
    taken = Taken()
    pull = pull_of(target(server), taken)
    pull.start()
    await eventually(lambda: taken.has(5))
    camera.change("main", H265)
    before = taken.packets
    await eventually(lambda: taken.packets > before + 40, why="nothing comes any more")
    camera.reboot()
    await eventually(lambda: taken.tracks[0].codec == "h265", why="it was not described anew")
    pull.close()


async def test_b_pictures_are_found(server: CameraServer, make: Make) -> None:
    make(scene=B_PICTURES)
    taken = await pulled(target(server), 15)
    assert taken.fit is not None
    assert taken.fit.b_pictures
    make("two")
    other = await pulled(target(server, "two"), 15)
    assert other.fit is not None
    assert not other.fit.b_pictures


async def test_h265_has_its_name(server: CameraServer, make: Make) -> None:
    make(scene=H265)
    taken = Taken()
    pull = pull_of(target(server), taken)
    pull.start()
    await eventually(lambda: taken.packets > 20)
    pull.close()
    assert (taken.tracks[0].codec, taken.tracks[0].size) == ("h265", (320, 180))


async def test_sound_comes_only_where_it_is_wanted(server: CameraServer, make: Make) -> None:
    make(sound="pcma")
    without = await pulled(target(server), 10)
    assert (without.sound, len(without.tracks)) == (0, 1)
    wanted = await pulled(replace(target(server), kinds=("video", "audio")), 40)
    assert wanted.sound
    assert [track.codec for track in wanted.tracks] == ["h264", "pcma"]


async def test_a_session_is_kept_alive_well_before_it_ends(server: CameraServer, make: Make) -> None:
    camera = make(timeout_s=5)
    taken = Taken()
    pull = pull_of(target(server), taken)
    pull.start()
    await eventually(
        lambda: camera.asked.count("GET_PARAMETER") >= 1, 4.0, "the camera was not asked for anything"
    )
    pull.close()
    assert taken.states[-1] == ("playing", "")


async def test_lost_datagrams_leave_a_hole_in_the_numbers(server: CameraServer, make: Make) -> None:
    make(faults=Faults(loss=15))
    taken = Taken()
    pull = pull_of(target(server, transport="udp"), taken)
    pull.start()
    await eventually(lambda: taken.fit is not None and taken.fit.lost > 3 and taken.pictures > 10)
    pull.close()
    sequences = [each.sequence for each in taken.out]
    assert sequences == sorted(sequences)
    assert sequences[-1] - sequences[0] >= len(sequences) - 1 + 3


async def test_a_camera_that_starts_anew_is_not_believed_when_it_answers_wrongly(
    server: CameraServer, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rtsp_port, "FIRST_PAUSE_S", 0.02)
    monkeypatch.setattr(rtsp_port, "LONGEST_PAUSE_S", 0.1)
    camera = make(user="admin", password="geheim")
    taken = Taken()
    pull = pull_of(replace(target(server), user="admin", password="geheim"), taken)
    pull.start()
    await eventually(lambda: taken.has(3))
    # its streams are not there yet
    camera.faults.statuses["DESCRIBE"] = 404
    camera.reboot()
    before = pull.connections
    await eventually(lambda: pull.connections >= before + 12, 5, "pauses grow though it is only starting")
    camera.faults.statuses.clear()
    pictures = taken.pictures
    await eventually(lambda: taken.has(pictures + 3), 3)
    # nor are its users; but one that goes on refusing is not dialled every second
    camera.faults.wrong_digest = True
    camera.reboot()
    await eventually(lambda: taken.states[-1] == ("refused", "credentials"), 5, "it is believed too late")
    assert ("reconnecting", "credentials") in taken.states
    pull.close()
