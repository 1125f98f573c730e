"""What a first visit costs: ``python -m tests.bench.bench_loading``. Prints JSON.

A fresh profile of real Chromium opens station, console and archive of a demo hub, and each once more with its cache. "first"
counts all answers to HTTP requests until half a second goes by without one, as bytes on the line with headers and as bytes
unpacked; sockets and media are not counted. "again" is the same for the second visit.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path

from tests.e2e.browser import launch, playwright_running
from tests.e2e.first_load import load_page
from tests.e2e.test_first_load import PAGES
from tests.support.hub_process import HubProcess


async def measure() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        hub = HubProcess(Path(folder) / "data")
        await hub.start()
        try:
            async with playwright_running() as playwright:
                browser = await launch(playwright)
                for page, (path, role, center, shown, _) in PAGES.items():
                    account = hub.account(role, center)
                    first, again = await load_page(browser, hub.url, account, path, shown, times=2)
                    rows.append(
                        {
                            "page": page,
                            "requests": len(first.asked),
                            "first_kb": round(first.on_line / 1000, 1),
                            "unpacked_kb": round(first.unpacked / 1000, 1),
                            "again_requests": len(again.asked),
                            "again_kb": round(again.on_line / 1000, 1),
                        }
                    )
                await browser.close()
        finally:
            hub.stop()
    return rows


if __name__ == "__main__":
    print(json.dumps({"loading": asyncio.run(measure())}, indent=2))
