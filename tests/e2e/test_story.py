"""The main job through the pages: convene, report, order, decide, record, review."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import aiohttp
import av
import numpy as np
import pytest
from playwright.async_api import Page

from tests.e2e.browser import (
    FAKE_DEVICES,
    film_switches,
    frames_grow,
    launch,
    open_page,
    picture,
    playwright_running,
    sign_in,
    to_command,
)
from tests.support.hub_process import HubProcess, Tool
from tests.support.real_media import Grey, likeness
from tests.support.waiting import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.alone]

CITY, COUNTY, TOWNSHIP, VILLAGE = "430600000000", "430682000000", "430682115000", "430682115210"
#: A picture of the film is at least this much like it; the fake camera's test picture is far below.
IS_FILM, IS_NOT_FILM = 0.9, 0.6


async def shows_film(page: Page, test_id: str, film: list[Grey]) -> None:
    """Until the element shows a picture of the film."""

    async def shown() -> bool:
        grey = await picture(page, test_id)
        assert grey is not None, f"{test_id} shows nothing"
        assert likeness(grey, film) > IS_FILM, f"{test_id} is like the film by {likeness(grey, film):.2f}"
        return True

    await eventually(shown, 20)


async def sends(page: Page) -> bool:
    """Whether any connection of the page sends a picture or a sound."""
    return bool(
        await page.evaluate(
            "window.__peers.some((peer) => peer.getSenders().some((one) => one.track !== null))"
        )
    )


async def target_state(leader: Page, order: str, state: str) -> None:
    """Until the leader's page shows the village's step of the order."""
    target = leader.get_by_test_id(f"order-{order}-target-{VILLAGE}")
    await target.and_(leader.locator(f'[data-state="{state}"]')).wait_for(timeout=10_000)


def seconds(entry: dict[str, str], snapshot: dict[str, str]) -> float:
    """The moment of an entry on the meeting's time line."""
    return (
        datetime.fromisoformat(entry["at"]) - datetime.fromisoformat(snapshot["opened_at"])
    ).total_seconds()


async def test_a_leader_convenes_a_village_reports_an_order_is_done_and_a_clerk_reviews(
    hub: HubProcess, film_y4m: Path, speech_wav: Path, film: list[Grey], tmp_path: Path
) -> None:
    async with playwright_running() as playwright, aiohttp.ClientSession() as http:
        office = await launch(playwright, *FAKE_DEVICES)
        field = await launch(playwright, *film_switches(film_y4m, speech_wav))
        # County and township have neither camera nor microphone: they join all the same.
        bare = await launch(playwright)
        leader = await open_page(office, hub.url)
        county = await open_page(bare, hub.url)
        township = await open_page(bare, hub.url, width=390, height=780)
        village = await open_page(field, hub.url, width=390, height=780)
        clerk = await open_page(bare, hub.url)
        for page, role, center in (
            (county, "station", COUNTY),
            (township, "station", TOWNSHIP),
            (village, "station", VILLAGE),
            (leader, "leader", CITY),
        ):
            await sign_in(page, hub.account(role, center))
        await to_command(leader)

        # One key: everybody who is online is chosen already.
        await leader.get_by_test_id("chosen-count").and_(leader.get_by_text("3", exact=True)).wait_for()
        await leader.get_by_test_id("convene").click()
        for page in (county, township, village):
            await page.get_by_test_id("station-answer").click()
        tool = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        meeting = (await tool.get("/api/v1/meetings?state=open"))["meetings"][0]["id"]

        async def all_here() -> dict[str, str]:
            snapshot = await tool.get(f"/api/v1/meetings/{meeting}")
            here = {p["center"]: p["id"] for p in snapshot["participants"] if p["state"] == "joined"}
            assert set(here) == {CITY, COUNTY, TOWNSHIP, VILLAGE}, f"here: {set(here)}"
            return here

        here = await eventually(all_here, 20)

        # The leader came in silent and unseen, and no device was asked for: keys open both, the space bar only while held.
        own, talk = leader.get_by_test_id("own-picture"), leader.get_by_test_id("own-talk")
        assert await own.get_attribute("data-live") == "false"
        assert not await sends(leader)
        await leader.keyboard.down("Space")
        await talk.and_(leader.locator('[data-state="on"]')).wait_for()
        await own.and_(leader.locator('[data-live="true"]')).wait_for()
        await leader.keyboard.up("Space")
        await own.and_(leader.locator('[data-live="false"]')).wait_for()
        await leader.get_by_test_id("own-camera").click()
        await leader.get_by_test_id("own-microphone").click()
        await own.and_(leader.locator('[data-live="true"]')).wait_for()

        # The village goes on the stage; all see it, and it is proven by the picture.
        await leader.get_by_test_id(f"tile-{here[VILLAGE]}").hover()
        await leader.get_by_test_id(f"tile-broadcast-{here[VILLAGE]}").click()
        await asyncio.gather(
            shows_film(leader, "stage-video", film),
            shows_film(county, "station-stage-video", film),
            shows_film(township, "station-stage-video", film),
        )
        on_air = village.get_by_test_id("station-onair")
        await on_air.wait_for()
        # The village itself is shown somebody else, never its own film.

        async def shows_another() -> bool:
            grey = await picture(village, "station-stage-video")
            assert grey is not None, "the village's stage shows nothing"
            return likeness(grey, film) < IS_NOT_FILM

        await eventually(shows_another, 20)
        await asyncio.gather(*(frames_grow(page) for page in (leader, county, township, village)))

        # The village reports.
        await village.get_by_test_id("station-report-abnormal").click()
        await village.get_by_test_id("station-report-text").fill("坦渡河水位上涨，暂无险情")
        await village.get_by_test_id("station-report-send").click()
        await leader.get_by_role("tab", name="情况").click()
        await leader.get_by_text("坦渡河水位上涨，暂无险情").first.wait_for()

        # The leader orders with two keys: the target is who is on the stage, the cursor is in the text.
        await leader.get_by_test_id("order-open").click()
        await leader.keyboard.type("加强巡查，每半小时报告一次水位")
        await leader.keyboard.press("Enter")

        async def issued() -> str:
            orders = (await tool.get(f"/api/v1/orders?meeting={meeting}"))["orders"]
            assert orders, "no order yet"
            return str(orders[0]["id"])

        order_id = await eventually(issued, 10)
        await target_state(leader, order_id, "issued")
        await village.get_by_test_id(f"station-order-sign-{order_id}").click()
        await target_state(leader, order_id, "signed")
        await village.get_by_test_id(f"station-order-progress-{order_id}").click()
        await village.get_by_test_id("station-order-progress-text").fill("巡查队已出发")
        await village.get_by_test_id("station-order-progress-send").click()
        await target_state(leader, order_id, "in_progress")
        await village.get_by_test_id(f"station-order-complete-{order_id}").click()
        confirm = village.get_by_test_id("station-order-complete-send")
        if await confirm.count():
            await confirm.click()
        await target_state(leader, order_id, "completed")

        # A decision is recorded.
        await leader.get_by_test_id("decision-open").click()
        await leader.get_by_test_id("decision-text").fill("启动四级响应，各村加强值守")
        await leader.get_by_test_id("decision-send").click()
        await leader.get_by_text("启动四级响应，各村加强值守").first.wait_for()

        # Stopping the recording is asked about: what is not recorded is lost.
        await leader.keyboard.press("r")
        await leader.get_by_test_id("recording-stop-keep").click()
        assert await leader.get_by_test_id("rec-lamp").get_attribute("data-on") == "true"

        # The end: asked once, and the leader lands on the record.
        await leader.get_by_test_id("meeting-end").click()
        await leader.get_by_test_id("meeting-end-confirm").click()
        await leader.wait_for_url(f"**/archive/{meeting}**")

        # The clerk reviews.
        part = await closed_part(tool, meeting, here[VILLAGE])
        await sign_in(clerk, hub.account("clerk", CITY))
        await clerk.wait_for_url("**/archive**")
        await clerk.get_by_test_id(f"archive-meeting-{meeting}").click()
        entries = (await tool.get(f"/api/v1/meetings/{meeting}/entries?since=0"))["entries"]
        snapshot = await tool.get(f"/api/v1/meetings/{meeting}")
        kinds = [entry["kind"] for entry in entries]
        for kind in ("report.filed", "order.issued", "order.completed", "decision.recorded", "meeting.ended"):
            assert kind in kinds
        issued_entry = next(entry for entry in entries if entry["kind"] == "order.issued")
        await clerk.get_by_test_id(f"archive-entry-{issued_entry['seq']}").click()
        wanted = seconds(issued_entry, snapshot)

        async def at_the_order() -> bool:
            shown = float(await clerk.get_by_test_id("archive-time").get_attribute("data-seconds") or -1)
            assert abs(shown - wanted) <= 1.0, f"the player is at {shown:.1f} s, the order at {wanted:.1f} s"
            return True

        await eventually(at_the_order, 10)
        await shows_film(clerk, f"archive-part-{part['id']}", film)
        await recording_is_whole(tool, http, part, film, tmp_path)
        assert hub.run("journal", "verify").returncode == 0


async def closed_part(tool: Tool, meeting: str, participant: str) -> dict[str, str]:
    """The village's part, once it is closed."""

    async def closed() -> dict[str, str]:
        recordings = (await tool.get(f"/api/v1/meetings/{meeting}/recordings"))["recordings"]
        parts = [p for r in recordings for p in r["parts"] if p["participant"] == participant]
        assert parts, "no part of the village"
        assert all(p["state"] == "closed" for p in parts), "parts are not closed yet"
        longest: dict[str, str] = max(parts, key=lambda p: p["duration_ms"])
        return longest

    return await eventually(closed, 20)


async def recording_is_whole(
    tool: Tool, http: aiohttp.ClientSession, part: dict[str, str], film: list[Grey], folder: Path
) -> None:
    """The part decodes: as long as it says, the film's pictures, and sound."""
    path = folder / "part.webm"
    async with http.get(f"{tool.url}{part['media']}", headers=tool.headers) as answer:
        assert answer.status == 200
        path.write_bytes(await answer.read())
    likenesses, ends, loudest = [], [0.0], 0.0
    with av.open(str(path)) as film_file:
        for frame in film_file.decode(video=0):
            ends.append(float(frame.time or 0))
            grey = frame.reformat(32, 18, "gray").to_ndarray()
            likenesses.append(likeness(np.asarray(grey, np.float64), film))
    with av.open(str(path)) as sound_file:
        for sound in sound_file.decode(audio=0):
            ends.append(float(sound.time or 0) + sound.samples / sound.sample_rate)
            samples = np.asarray(sound.to_ndarray(), np.float64)
            scale = 32768.0 if np.abs(samples).max() > 2 else 1.0
            loudest = max(loudest, float(np.sqrt(np.mean((samples / scale) ** 2))))
    assert abs(max(ends) - float(part["duration_ms"]) / 1000) <= 0.5
    assert np.median(likenesses) > IS_FILM
    assert loudest > 0.02
