"""A fresh hub for each browser test, or one for all of a file, and the real film and speech that browsers are fed with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.support.hub_process import HubProcess
from tests.support.real_media import Grey, bunny_mp4, film_fingerprints, make_speech, make_y4m

#: ms: a page on a busy machine takes its time; what never comes fails all the same.
expect.set_options(timeout=15_000)


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubProcess]:
    """A running hub with demo accounts and no demo stations."""
    async with _running(tmp_path) as hub:
        yield hub


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hub_of_file(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HubProcess]:
    """As `hub`, one for all tests of a file: where each has a meeting of its own, and ends it."""
    async with _running(tmp_path_factory.mktemp("shared")) as hub:
        yield hub


@asynccontextmanager
async def _running(folder: Path) -> AsyncIterator[HubProcess]:
    hub = HubProcess(folder / "hub")
    try:
        await hub.start()
        yield hub
    except BaseException:
        print(hub.log_tail())
        raise
    finally:
        hub.stop()


@pytest.fixture(scope="session")
def film_y4m(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_y4m(tmp_path_factory.mktemp("film") / "bunny.y4m")


@pytest.fixture(scope="session")
def speech_wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("speech")
    return make_speech(folder / "report.wav", "报告指挥长，坦渡村未发现任何异常，请指示。")


@pytest.fixture(scope="session")
def film() -> list[Grey]:
    return film_fingerprints(bunny_mp4())
