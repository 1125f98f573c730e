"""Publishers that others wrote, with the settings they come with: what they send is seen, heard, in step, and recorded so.

The whole table is docs/compatibility.md (`make matrix`); these are the rows that tell most.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.matrix.place import Place, Refused, open_meeting, recorded, running_hub
from tests.matrix.publishers import certificate, ffmpeg, gstreamer
from tests.matrix.viewers import gstreamer_viewer
from tests.support import flash_beep
from tests.support.hub_process import HubProcess
from tests.support.waiting import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.alone]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hub(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HubProcess]:
    """One for all: each has a meeting of its own, which ends with it."""
    async with running_hub(tmp_path_factory.mktemp("shared")) as hub:
        try:
            yield hub
        except BaseException:
            print(hub.log_tail())
            raise


@pytest.fixture
async def place(hub: HubProcess, tmp_path: Path) -> AsyncIterator[Place]:
    async with open_meeting(hub, tmp_path / "row") as place:
        yield place


async def seen_heard_and_recorded(place: Place, publishing: AbstractAsyncContextManager[None]) -> None:
    """A viewer and the recorder get what `publishing` sends."""
    async with publishing, gstreamer_viewer(place) as viewer:

        async def enough() -> bool:
            verdict = await viewer.judged()
            assert not verdict.fault, f"{verdict.fault}: {verdict}"
            return True

        await eventually(enough, 30)
        verdict = await recorded(place)
        assert not verdict.fault, f"recorded: {verdict.fault}: {verdict}"
        assert verdict.pictures > 6 * flash_beep.FPS


@asynccontextmanager
async def ffmpeg_with_its_own_certificate(place: Place) -> AsyncIterator[None]:
    made, key = await certificate(place.folder)
    async with ffmpeg(place, f"cert_file={made}", f"key_file={key}"):
        yield


async def test_ffmpeg_which_waits_for_the_handshake_is_seen_heard_and_recorded(place: Place) -> None:
    """Its offer says setup:passive. The certificate is one of P-256: its own is of P-224 where it was built with GnuTLS."""
    await seen_heard_and_recorded(place, ffmpeg_with_its_own_certificate(place))


@pytest.mark.parametrize("codec", ["VP8", "H264"])
async def test_gstreamer_with_its_long_packets_is_seen_heard_and_recorded(place: Place, codec: str) -> None:
    """Its payloaders make RTP packets of 1,400 bytes, and leave the parameter sets of H264 to the session description."""
    await seen_heard_and_recorded(place, gstreamer(place, codec, "max-bundle"))


async def test_gstreamer_without_a_bundle_is_turned_away_in_words(place: Place) -> None:
    with pytest.raises(Refused, match="bundled"):
        async with gstreamer(place, "VP8", "none"):
            await asyncio.sleep(0)
