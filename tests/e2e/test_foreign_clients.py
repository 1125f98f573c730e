"""Plain WHIP publishers and WHEP players that share no code with the product meet on a real hub."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import aioice.ice
import pytest
from aiohttp import web
from playwright.async_api import Page

from tests.e2e.browser import FAKE_DEVICES, film_switches, launch, open_page, picture, playwright_running
from tests.support.foreign_media import FilmTrack, ForeignPeer, SpeechTrack, foreign_peer
from tests.support.hub_process import HubProcess, Tool
from tests.support.real_media import Grey, likeness
from tests.support.waiting import eventually

pytestmark = pytest.mark.e2e

CITY, VILLAGE = "430600000000", "430682115210"
IS_FILM = 0.9
#: RMS of speech that is not silence, full scale is 1.
IS_SOUND = 0.02
NPM = Path(__file__).resolve().parents[1] / "npm"

FRAGMENT = (
    "a=ice-ufrag:{user}\r\na=ice-pwd:{password}\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
    "a=candidate:1 1 udp 2130706431 127.0.0.1 {port} typ host\r\na=end-of-candidates\r\n"
)


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """aioice leaves the loopback address out; here it is the only one that is meant."""
    monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"])


class Meeting:
    """An open meeting of the city's leader with the village, and both their tokens."""

    def __init__(
        self, hub: HubProcess, http: aiohttp.ClientSession, leader: Tool, village: Tool, id: str
    ) -> None:
        self.hub, self.http, self.leader, self.village, self.id = hub, http, leader, village, id
        self.whip = f"{hub.url}/whip/{id}"
        self.whep = f"{hub.url}/whep/{id}"

    async def joined(self) -> set[str]:
        """Accounts that are in the meeting now."""
        snapshot = await self.leader.get(f"/api/v1/meetings/{self.id}")
        return {one["id"] for one in snapshot["participants"] if one["state"] == "joined"}

    async def send(self, method: str, url: str, **options: Any) -> tuple[int, dict[str, str], str]:
        """One request in the village's name unless the headers say otherwise: status, headers, text."""
        headers = {**self.village.headers, **options.pop("headers", {})}
        async with self.http.request(method, url, headers=headers, **options) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, await answer.text()


@pytest.fixture
async def meeting(hub_of_file: HubProcess) -> AsyncIterator[Meeting]:
    hub = hub_of_file
    async with aiohttp.ClientSession() as http:
        leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        village = await Tool.sign_in(http, hub.url, hub.account("station", VILLAGE))
        opened = await leader.command(
            "meeting.open", {"title": "外来设备", "kind": "dispatch", "centers": [VILLAGE], "record": False}
        )
        meeting = Meeting(hub, http, leader, village, opened["entries"][0]["meeting"])
        try:
            yield meeting
        finally:
            await leader.command("meeting.end", meeting=meeting.id)


async def test_what_aiortc_publishes_by_whip_aiortc_sees_and_hears_by_whep(
    meeting: Meeting, film: list[Grey], speech_wav: Path
) -> None:
    async with (
        foreign_peer(meeting.http, meeting.village.token) as publisher,
        foreign_peer(meeting.http, meeting.leader.token) as player,
    ):
        publisher.send(SpeechTrack(speech_wav), FilmTrack())
        await publisher.connect(meeting.whip)
        assert meeting.village.account["id"] in await meeting.joined(), "publishing is joining"
        player.receive("audio", "video")
        await player.connect(meeting.whep)
        await shows_film(player, film)
        await eventually(
            lambda: player.sinks["audio"].loudest > IS_SOUND,
            10,
            "the sound is silent",
        )
        seen = player.sinks["video"].frames
        await eventually(lambda: player.sinks["video"].frames > seen + 30, 10, "the picture stopped")

        for peer in (publisher, player):
            assert peer.location.startswith(meeting.whip if peer is publisher else meeting.whep)
            assert await peer.delete() == 200
            assert await peer.delete() == 404, "a session that has ended is not there"


async def shows_film(player: ForeignPeer, film: list[Grey]) -> None:
    """Until the player decodes a picture of the film."""

    def check() -> bool:
        newest = player.sinks["video"].picture
        assert newest is not None, "no picture yet"
        alike = likeness(newest, film)
        assert alike > IS_FILM, f"likeness {alike:.2f}"
        return True

    await eventually(check, 15)


async def test_the_doors_answer_as_rfc_9725_has_it(meeting: Meeting) -> None:
    for door in (meeting.whip, meeting.whep):
        status, headers, _ = await meeting.send("OPTIONS", door)
        assert (status, headers["accept-post"]) == (204, "application/sdp")
        status, headers, _ = await meeting.send("GET", door)
        assert status == 405
        assert "POST" in headers["allow"]
        status, headers, _ = await meeting.send(
            "POST", door, data="v=0", headers={"Content-Type": "text/plain"}
        )
        assert (status, headers["accept-post"]) == (415, "application/sdp")
    async with foreign_peer(meeting.http, meeting.village.token) as publisher:
        publisher.send(FilmTrack())
        await publisher.connect(meeting.whip)
        headers = publisher.headers
        assert headers["etag"].startswith('"')
        assert headers["etag"].endswith('"')
        fragment_type = {"Content-Type": "application/trickle-ice-sdpfrag"}
        own = publisher.pc.localDescription.sdp
        user, password = value_of(own, "a=ice-ufrag:"), value_of(own, "a=ice-pwd:")
        candidates = FRAGMENT.format(user=user, password=password, port=9)
        tagged = {**fragment_type, "If-Match": headers["etag"]}
        assert (await meeting.send("PATCH", publisher.location, data=candidates, headers=tagged))[0] == 204
        assert (await meeting.send("PATCH", publisher.location, data=candidates, headers=fragment_type))[
            0
        ] == 204
        stale = {**fragment_type, "If-Match": '"something-else"'}
        assert (await meeting.send("PATCH", publisher.location, data=candidates, headers=stale))[0] == 412

        fresh = FRAGMENT.format(user="newuser1", password="n" * 24, port=9)
        anew = {**fragment_type, "If-Match": "*"}
        status, restarted, text = await meeting.send("PATCH", publisher.location, data=fresh, headers=anew)
        assert status == 200, text
        assert restarted["content-type"].startswith("application/trickle-ice-sdpfrag")
        assert restarted["etag"] != headers["etag"]
        assert value_of(text, "a=ice-ufrag:")
        assert value_of(text, "a=ice-pwd:")
        assert (await meeting.send("PATCH", publisher.location, data=fresh, headers=tagged))[0] == 412
        assert (await meeting.send("GET", publisher.location))[0] == 405
        assert await publisher.delete() == 200


def value_of(sdp: str, name: str) -> str:
    """The value of the first line that begins so."""
    return next(line.removeprefix(name).strip() for line in sdp.splitlines() if line.startswith(name))


async def test_offers_that_cannot_be_served_are_refused_with_the_reason(meeting: Meeting) -> None:
    sdp_type = {"Content-Type": "application/sdp"}
    async with (
        foreign_peer(meeting.http, meeting.village.token) as publisher,
        foreign_peer(meeting.http, meeting.village.token) as player,
    ):
        publisher.send(FilmTrack())
        player.receive("video")
        offers = {meeting.whip: await publisher.offer(), meeting.whep: await player.offer()}
    wrong = {}
    for door, offer in offers.items():
        unknown = offer
        for name in ("VP8", "H264", "rtx"):
            unknown = unknown.replace(f" {name}/90000", " X-NOBODY/90000")
        bad: dict[str, tuple[str, int, dict[str, str]]] = {
            "no SDP at all": ("this is no session description", 400, {}),
            "an empty body": ("", 400, {}),
            "no media": ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n", 400, {}),
            "no codec in common": (unknown, 422, {}),
            "no fingerprint": (without(offer, "a=fingerprint:"), 422, {}),
            "no credentials": (without(offer, "a=ice-"), 422, {}),
            "another answer wanted": (offer, 406, {"Accept": "text/html"}),
            "a wrong token": (offer, 401, {"Authorization": "Bearer nonsense"}),
        }
        for what, (body, expected, extra) in bad.items():
            status, _, text = await meeting.send("POST", door, data=body, headers={**sdp_type, **extra})
            if status != expected or not text.startswith('{"error"'):
                wrong[f"{what}: {door}"] = f"{status} instead of {expected}: {text}"
        nowhere = door.replace(meeting.id, "m_00000000000000000z")
        assert (await meeting.send("POST", nowhere, data=offer, headers=sdp_type))[0] == 404
    assert wrong == {}
    # The way back: an offer of watching at the door for publishing and the other way round.
    for door, offer in zip(offers, reversed(list(offers.values())), strict=True):
        assert (await meeting.send("POST", door, data=offer, headers=sdp_type))[0] == 422


def without(sdp: str, beginning: str) -> str:
    """The description without the lines that begin so."""
    return "".join(line for line in sdp.splitlines(keepends=True) if not line.startswith(beginning))


# A page of another origin with the npm client ------------------------------------------------------------------

PAGE = """<!doctype html><meta charset="utf-8"><title>another tool</title>
<video data-testid="player" autoplay playsinline></video>
<script type="module">
import { WHIPClient } from '/whip-whep/whip.js'
import { WHEPClient } from '/whip-whep/whep.js'
window.publish = async (url, token) => {
  const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 360 } })
  const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
  for (const track of media.getTracks()) pc.addTransceiver(track, { direction: 'sendonly', streams: [media] })
  window.client = new WHIPClient()
  await window.client.publish(pc, url, token)
  window.pc = pc
}
window.play = async (url, token) => {
  const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
  pc.addTransceiver('audio', { direction: 'recvonly' })
  pc.addTransceiver('video', { direction: 'recvonly' })
  const shown = new MediaStream()
  pc.ontrack = event => { shown.addTrack(event.track); document.querySelector('video').srcObject = shown }
  window.client = new WHEPClient()
  await window.client.view(pc, url, token)
  window.pc = pc
}
window.ready = true
</script>"""

HEARD = """async () => {
  const found = { frames: 0, energy: 0, state: window.pc.connectionState }
  for (const one of (await window.pc.getStats()).values()) {
    if (one.type !== 'inbound-rtp') continue
    if (one.kind === 'video') found.frames = one.framesDecoded ?? 0
    if (one.kind === 'audio') found.energy = one.totalAudioEnergy ?? 0
  }
  return found
}"""


@asynccontextmanager
async def another_site() -> AsyncIterator[str]:
    """A web site of its own origin that has the npm client; its address."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_static("/whip-whep", NPM / "node_modules" / "whip-whep")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def keep_answers(page: Page) -> list[tuple[str, int]]:
    """Method and status of what the page asks of the two doors from now on."""
    answers: list[tuple[str, int]] = []

    def heard(response: Any) -> None:
        if "/whip/" in response.url or "/whep/" in response.url:
            answers.append((response.request.method, response.status))

    page.on("response", heard)
    return answers


async def test_the_npm_client_in_a_page_of_another_origin_publishes_and_plays(
    meeting: Meeting, film: list[Grey], film_y4m: Path, speech_wav: Path
) -> None:
    async with another_site() as site, playwright_running() as playwright:
        camera = await launch(playwright, *film_switches(film_y4m, speech_wav))
        screen = await launch(playwright, *FAKE_DEVICES)
        sender, viewer = await open_page(camera, site), await open_page(screen, site)
        sent, asked = keep_answers(sender), keep_answers(viewer)
        tokens = {sender: meeting.village.token, viewer: meeting.leader.token}
        for one in (sender, viewer):
            await one.wait_for_function("window.ready === true")
        await sender.evaluate(
            "([url, token]) => window.publish(url, token)", [meeting.whip, meeting.village.token]
        )
        await viewer.evaluate(
            "([url, token]) => window.play(url, token)", [meeting.whep, meeting.leader.token]
        )
        await decodes(viewer)

        async def film_is_shown() -> bool:
            shown = await picture(viewer, "player")
            assert shown is not None, "no picture yet"
            alike = likeness(shown, film)
            assert alike > IS_FILM, f"likeness {alike:.2f}"
            return True

        await eventually(film_is_shown, 15)
        for answers in (sent, asked):
            await answered(answers, "POST", 201)
        await answered(sent, "PATCH", 204)

        # An ICE restart keeps the picture.
        for one, answers in ((sender, sent), (viewer, asked)):
            await one.evaluate("window.client.restart()")
            await answered(answers, "PATCH", 200)
        await decodes(viewer)

        for one, answers in ((sender, sent), (viewer, asked)):
            await one.evaluate("window.client.stop()")
            # It closes its connection first: the hub may know of the end before it is told.
            await answered(answers, "DELETE", 200, 404)
            location = await one.evaluate("window.client.resourceURL.href")
            status, _, _ = await meeting.send(
                "DELETE", location, headers={"Authorization": f"Bearer {tokens[one]}"}
            )
            assert status == 404, "a session that has ended is not there"
        for browser in (camera, screen):
            await browser.close()


async def answered(answers: list[tuple[str, int]], method: str, *statuses: int) -> None:
    """Until the hub has answered so, in one of these ways."""

    def heard() -> bool:
        assert any((method, status) in answers for status in statuses), f"no {method} {statuses}: {answers}"
        return True

    await eventually(heard, 5)


async def decodes(page: Page, frames: int = 20, timeout_s: float = 20) -> None:
    """Until the player has decoded that many more pictures, and some more sound."""
    before = await page.evaluate(HEARD)

    async def more() -> bool:
        now = await page.evaluate(HEARD)
        assert now["frames"] >= before["frames"] + frames, f"{before} then {now}"
        assert now["energy"] > before["energy"], "silent"
        return True

    await eventually(more, timeout_s)
