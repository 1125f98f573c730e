"""A camera that is none of ours: GStreamer's RTSP server, with its own reading of the RFCs."""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.gateway.sink import Target
from tests.support.camera_pull import Taken, annex_b, pull_of, pulled
from tests.support.waiting import eventually

SERVER = Path(__file__).resolve().parents[1] / "support" / "gst_rtsp_server.py"
_PICTURE = "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=180,framerate=25/1"
_ENCODER = "x264enc tune=zerolatency speed-preset=ultrafast bitrate=400 key-int-max=25"
MOUNTS = {
    "/plain": f"( {_PICTURE} ! {_ENCODER} ! rtph264pay name=pay0 pt=96 )",
    "/short": f"( {_PICTURE} ! {_ENCODER} ! rtph264pay name=pay0 pt=96 mtu=500 aggregate-mode=zero-latency )",
    "/sound": f"( {_PICTURE} ! {_ENCODER} ! rtph264pay name=pay0 pt=97 audiotestsrc is-live=true ! alawenc ! "
    "rtppcmapay name=pay1 pt=8 )",
    "/h265": f"( {_PICTURE} ! x265enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! rtph265pay name=pay0 pt=96 )",
}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    command = ["/usr/bin/python3", str(SERVER), "--digest", "admin:secret word", "0"]
    command += [f"{path}={launch}" for path, launch in MOUNTS.items()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        yield int(server.stdout.readline().split()[1])
        server.stdin.close()
        server.wait(10)


def target(port: int, path: str, transport: str = "tcp", *, kinds: tuple[str, ...] = ("video",)) -> Target:
    url = f"rtsp://127.0.0.1:{port}{path}"
    return Target(url, "admin", "secret word", transport, kinds)  # type: ignore[arg-type]


@pytest.mark.parametrize(("path", "transport"), [("/plain", "tcp"), ("/plain", "udp"), ("/short", "tcp")])
async def test_its_pictures_arrive_whole(port: int, path: str, transport: str) -> None:
    taken = await pulled(target(port, path, transport), 20)
    assert taken.fit is not None
    assert (taken.fit.size, taken.fit.lost, taken.fit.b_pictures) == ((320, 180), 0, False)
    assert taken.fit.stamps.made == 0
    assert len(annex_b(taken.out)) > 1000
    assert max(len(each.payload) for each in taken.out) <= 1200


async def test_its_sound_comes_beside(port: int) -> None:
    taken = await pulled(target(port, "/sound", kinds=("video", "audio")), 20)
    assert [track.codec for track in taken.tracks] == ["h264", "pcma"]
    assert taken.sound


async def test_its_h265_has_its_name(port: int) -> None:
    taken = Taken()
    pull = pull_of(target(port, "/h265"), taken)
    pull.start()
    await eventually(lambda: taken.packets > 5)
    pull.close()
    assert taken.tracks[0].codec == "h265"


async def test_what_it_does_not_have_and_whom_it_does_not_know(port: int) -> None:
    for asked, state in (
        (target(port, "/nothing"), ("reconnecting", "no_stream")),
        (Target(f"rtsp://127.0.0.1:{port}/plain", "admin", "wrong"), ("refused", "credentials")),
    ):
        taken = Taken()
        pull = pull_of(asked, taken)
        pull.start()
        await eventually(functools.partial(taken.is_in, "reconnecting", "refused"))
        pull.close()
        assert taken.states[-1] == state
