"""What a browser that has never been here fetches for one page: requests, bytes on the line, bytes unpacked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from playwright.async_api import Browser

from tests.support.waiting import eventually


@dataclass(slots=True)
class Load:
    """One load of a page. Sockets and media are not counted, they go on for as long as the page is open."""

    #: Paths that were asked for, in order, with the status each was answered with.
    asked: list[tuple[str, int]] = field(default_factory=list)
    #: Bytes that came over the line, headers included.
    on_line: int = 0
    #: Bytes of the bodies, unpacked.
    unpacked: int = 0

    def paths(self, part: str) -> list[str]:
        """The paths with `part` in them."""
        return [path for path, _ in self.asked if part in path]


async def load_page(
    browser: Browser, url: str, account: Mapping[str, str], path: str, shown: str, *, times: int = 1
) -> list[Load]:
    """Open `path` as this account in a fresh browser profile, `times` times over with the cache of the load before.

    A load is over when the element with the test id `shown` is there and half a second went by without a request.
    """
    loads = []
    context = await browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})
    try:
        body = {"username": account["username"], "password": account["password"]}
        answer = await context.request.post(f"{url}/api/v1/session", data=body)
        assert answer.ok, f"{account['username']} cannot sign in: {answer.status}"
        for _ in range(times):
            load = Load()
            page = await context.new_page()
            session = await context.new_cdp_session(page)
            await session.send("Network.enable")
            names: dict[str, str] = {}

            def begun(event: Any, names: dict[str, str] = names) -> None:
                names[event["requestId"]] = event["request"]["url"].removeprefix(url)

            def answered(event: Any, names: dict[str, str] = names, load: Load = load) -> None:
                name = names.get(event["requestId"], "")
                if name.startswith("/") and not name.startswith("/socket.io"):
                    load.asked.append((name.split("?")[0], int(event["response"]["status"])))

            def data(event: Any, names: dict[str, str] = names, load: Load = load) -> None:
                if not names.get(event["requestId"], "").startswith("/socket.io"):
                    load.unpacked += int(event["dataLength"])

            def finished(event: Any, names: dict[str, str] = names, load: Load = load) -> None:
                if not names.get(event["requestId"], "").startswith("/socket.io"):
                    load.on_line += int(event["encodedDataLength"])

            session.on("Network.requestWillBeSent", begun)
            session.on("Network.responseReceived", answered)
            session.on("Network.dataReceived", data)
            session.on("Network.loadingFinished", finished)
            await page.goto(url + path)
            await page.get_by_test_id(shown).first.wait_for(timeout=20_000)
            still = [0, 0]

            def quiet(load: Load = load, still: list[int] = still) -> bool:
                still[:] = [still[0] + 1 if still[1] == load.on_line else 0, load.on_line]
                assert still[0] >= 20, f"{len(load.asked)} requests so far, the last one is {load.asked[-1:]}"
                return True

            await eventually(quiet, 20.0, "the page goes on loading")
            await page.close()
            loads.append(load)
    finally:
        await context.close()
    return loads


async def shell_sizes(url: str) -> dict[str, int]:
    """Path -> bytes, compressed as browsers get them, of all that the service worker of the phone page keeps."""
    async with aiohttp.ClientSession(url, auto_decompress=False) as http:
        async with http.get("/grid/sw.js", headers={"Accept-Encoding": "identity"}) as answer:
            assert answer.headers["Service-Worker-Allowed"] == "/grid"
            found = re.search(r'"files":(\[[^]]*\])', await answer.text())
        assert found is not None
        sizes = {}
        for path in json.loads(found[1]):
            async with http.get(path, headers={"Accept-Encoding": "br, gzip"}) as answer:
                assert answer.status == 200, path
                sizes[path] = len(await answer.read())
    return sizes
