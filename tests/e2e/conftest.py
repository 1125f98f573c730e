"""A fresh hub for each browser test, and the real film and speech that browsers are fed with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.support.hub_process import HubProcess
from tests.support.real_media import Grey, bunny_mp4, film_fingerprints, make_speech, make_y4m

#: ms: a page on a busy machine takes its time; what never comes fails all the same.
expect.set_options(timeout=15_000)


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubProcess]:
    """A running hub with demo accounts and no demo stations."""
    hub = HubProcess(tmp_path / "hub")
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
