"""Order issued to order shown: ``python -m tests.bench.bench_orders [--orders 50]``. Prints JSON.

From before the leader's POST to the animation frame in which the village's own page, in real Chromium, has the order in its
document. One after the other; the page is that of a station that waits for a call.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from typing import Any

from playwright.async_api import Page

from tests.bench.live import VILLAGE, LiveHub, live_hub, percentiles
from tests.e2e.browser import launch, open_page, playwright_running, sign_in
from tests.support.waiting import eventually

#: Notes the wall clock of the animation frame after an order came into the document.
WATCH = """() => {
  window.__shown = {}
  const look = () => {
    for (const one of document.querySelectorAll('article[data-testid^="station-order-"]')) {
      const name = one.dataset.testid
      if (name in window.__shown) continue
      window.__shown[name] = null
      requestAnimationFrame(() => { window.__shown[name] = Date.now() })
    }
  }
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true })
}"""


async def one_order(live: LiveHub, page: Page, number: int) -> float:
    """Issue one order and wait until the page shows it; milliseconds."""
    data = {"text": f"第 {number} 次巡查河堤", "priority": "urgent", "targets": [VILLAGE]}
    begun = time.time() * 1000
    answer = await live.leader.command("order.issue", data)
    name = f"station-order-{answer['entries'][0]['data']['order']}"

    async def shown() -> float:
        moment = await page.evaluate("name => window.__shown[name] ?? null", name)
        assert moment is not None, f"{name} is not on the page"
        return float(moment)

    return await eventually(shown, 15) - begun


async def run(count: int) -> dict[str, Any]:
    """All orders on one hub."""
    async with live_hub() as live, playwright_running() as playwright:
        browser = await launch(playwright)
        page = await open_page(browser, live.hub.url)
        await sign_in(page, live.hub.account("station", VILLAGE))
        await page.locator('[data-testid="station-line"][data-state="online"]').wait_for()
        await page.evaluate(WATCH)
        await one_order(live, page, 0)
        spent = [await one_order(live, page, number) for number in range(1, count + 1)]
        await browser.close()
    return {"orders": [percentiles(spent)]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=50)
    print(json.dumps(asyncio.run(run(parser.parse_args().orders))))


if __name__ == "__main__":
    main()
