"""What a first visit costs: on a village's line every kilobyte is waited for."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.browser import launch, playwright_running
from tests.e2e.first_load import load_page, shell_sizes
from tests.support.hub_process import HubProcess

#: Page, whose (role and center), what shows that it is there, and how many bytes it may take.
PAGES = {
    "station": ("/station", "station", "430682115210", "station-orders", 150_000),
    "console": ("/command", "leader", "430600000000", "console", 260_000),
    "archive": ("/archive", "clerk", "430600000000", "archive-search", 250_000),
}


#: The page of grid members is a bundle of its own: all of its shell, as its service worker fetches it, words included.
GRID_LIMIT = 100_000


async def test_the_shell_of_the_phone_page_is_small(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path / "data", demo=False)
    await hub.start()
    try:
        sizes = await shell_sizes(hub.url)
        print(sizes)
        assert "/grid" in sizes
        assert sum(sizes.values()) <= GRID_LIMIT, sizes
    finally:
        hub.stop()


async def test_a_first_load_is_small_and_a_second_one_fetches_no_more_than_the_news(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path / "data")
    await hub.start()
    try:
        async with playwright_running() as playwright:
            browser = await launch(playwright)
            for page, (path, role, center, shown, limit) in PAGES.items():
                account = hub.account(role, center)
                first, second = await load_page(browser, hub.url, account, path, shown, times=2)
                print(f"{page}: {len(first.asked)} requests, {first.on_line} bytes, again {second.on_line}")
                assert first.on_line <= limit, (page, first.asked)
                assert not first.paths("DueCalendar"), "the calendar is fetched before anybody wants it"
                assert not first.paths("/en-"), "words of a language nobody asked for are fetched"
                # Everything is there: what comes is that it is so, the tree of 2,048 centers included.
                assert second.paths("/api/v1/"), "the second visit asked the hub for nothing"
                assert second.on_line < 10_000, (page, second.asked)
            await browser.close()
    finally:
        hub.stop()
