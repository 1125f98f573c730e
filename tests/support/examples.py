"""Makes docs/examples.md from calls to a real hub: ``python -m tests.support.examples``."""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import aiohttp
import socketio

from clients.station.options import StationOptions
from clients.station.station import Station
from tests.support.hub_process import ROOT, HubProcess, Tool
from tests.support.waiting import eventually

CITY, COUNTY, VILLAGE = "430600000000", "430682000000", "430682115210"
#: Longer answers are cut here: an example shows the form.
MOST_CHARACTERS = 1500
HEADERS_SHOWN = ("Location", "ETag", "Accept-Post", "Content-Range")

HEAD = """# Examples

One example for each call and event, taken from a running hub by `python -m tests.support.examples`; the forms are described in
[protocol.md](protocol.md). Requests carry `Authorization: Bearer <token>` unless they need none. Of a command's answer the
entries after the first, and of an entry `alg`, `prev` and `hash`, are shown once and then left out.

"""


class Page:
    """The page being written."""

    def __init__(self) -> None:
        self._parts: list[str] = [HEAD]
        self._whole_entry_shown = False

    def chapter(self, title: str) -> None:
        self._parts.append(f"## {title}\n\n")

    def add(self, title: str, request: str, answer: str, body: Any) -> None:
        self._parts.append(f"**{title}**\n\n```\n{request}\n→ {answer}\n")
        if body is not None:
            text = json.dumps(self._shorter(body), ensure_ascii=False)
            cut = text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + " …"
            self._parts.append(f"{cut}\n")
        self._parts.append("```\n\n")

    def _shorter(self, body: Any) -> Any:
        if isinstance(body, dict) and body.get("entries"):
            first = dict(body["entries"][0])
            if self._whole_entry_shown:
                for name in ("alg", "prev", "hash"):
                    first.pop(name, None)
            self._whole_entry_shown = True
            return {**body, "entries": [first]}
        return body

    def text(self) -> str:
        return "".join(self._parts)


class Caller:
    """Calls the hub and writes down what was asked and answered."""

    def __init__(self, page: Page, http: aiohttp.ClientSession, url: str) -> None:
        self._page = page
        self._http = http
        self._url = url
        self._ids = iter(f"example-{number}" for number in range(1, 1000))

    async def call(
        self, title: str, method: str, path: str, tool: Tool | None = None, body: Any = None, **headers: str
    ) -> Any:
        sent = {**(tool.headers if tool else {}), **headers}
        async with self._http.request(method, self._url + path, json=body, headers=sent) as answer:
            text = await answer.text(errors="replace")
            told = "".join(f"\n{n}: {answer.headers[n]}" for n in HEADERS_SHOWN if n in answer.headers)
            request = f"{method} {path}" + "".join(f"\n{name}: {value}" for name, value in headers.items())
            if body is not None:
                request += f"\n{json.dumps(body, ensure_ascii=False)}"
            found = json.loads(text) if answer.content_type == "application/json" and text else None
            self._page.add(title, request, f"{answer.status}{told}", found)
            return found

    async def command(self, tool: Tool, kind: str, data: Any, meeting: str | None = None) -> dict[str, Any]:
        body = {
            "id": next(self._ids),
            "kind": kind,
            **({"meeting": meeting} if meeting else {}),
            "data": data,
        }
        found: dict[str, Any] = await self.call(kind, "POST", "/api/v1/commands", tool, body)
        return found


async def write(folder: Path) -> str:
    """The page, made with a hub in `folder`."""
    hub = HubProcess(folder / "hub")
    page = Page()
    await hub.start()
    try:
        async with aiohttp.ClientSession() as http:
            await _story(page, hub, http, folder)
    finally:
        hub.stop()
    return page.text()


async def _story(page: Page, hub: HubProcess, http: aiohttp.ClientSession, folder: Path) -> None:
    caller = Caller(page, http, hub.url)
    leader, village, clerk = [
        await Tool.sign_in(http, hub.url, hub.account(role, center))
        for role, center in (("leader", CITY), ("station", VILLAGE), ("clerk", CITY))
    ]
    page.chapter("Session and directory")
    page.add(
        "Sign in",
        'POST /api/v1/session\n{"username": "yueyang", "password": "…"}',
        "201",
        {"token": "…", "account": leader.account},
    )
    wrong = {"username": "yueyang", "password": "wrong"}
    await caller.call("Sign in, refused", "POST", "/api/v1/session", body=wrong)
    await caller.call("Who am I", "GET", "/api/v1/session", leader)
    await caller.call("Centers", "GET", "/api/v1/centers?q=tdc", leader)
    await caller.call("Children of a center", "GET", "/api/v1/centers?parent=430682115000", leader)

    socket = socketio.AsyncClient()
    events: list[tuple[str, Any]] = []
    for name in ("hello", "entry", "presence", "media"):
        socket.on(name, lambda data, name=name: events.append((name, data)))
    await socket.connect(hub.url, auth={"token": village.token})
    county = hub.account("station", COUNTY)
    station = Station(
        StationOptions(hub.url, county["username"], county["password"], cache_dir=folder, auto_answer_s=0.1)
    )
    running = asyncio.create_task(station.run())
    await eventually(lambda: station.connected)

    page.chapter("Commands")
    opening = {
        "title": "岳阳市防疫指挥调度",
        "kind": "dispatch",
        "centers": [VILLAGE, COUNTY],
        "record": True,
    }
    opened = await caller.command(leader, "meeting.open", opening)
    meeting = opened["entries"][0]["meeting"]
    await caller.command(leader, "meeting.join", {}, meeting)
    await village.command("meeting.join", meeting=meeting)
    who = {"participant": village.account["id"]}
    followed = await socket.call("follow", {"meeting": meeting, "since": None})
    device = {"meeting": meeting, "camera": "on", "microphone": "on"}
    device_answer = await socket.call("device", device)
    for kind in ("participant.mute", "participant.unmute", "stage.broadcast"):
        await caller.command(leader, kind, who, meeting)
    report = {"situation": "normal", "text": "报告指挥长，坦渡村未发现任何异常"}
    await caller.command(village, "report.file", report, meeting)
    order = {"text": "加强巡查", "priority": "urgent", "due": None, "targets": [VILLAGE]}
    issued = await caller.command(leader, "order.issue", order, meeting)
    which = {"order": issued["entries"][0]["data"]["order"]}
    await caller.command(village, "order.sign", which)
    await caller.command(village, "order.progress", {**which, "text": "巡查队已出发", "percent": 50})
    await caller.command(village, "order.complete", {**which, "text": "已办结"})
    await caller.command(leader, "decision.record", {"text": "启动四级响应"}, meeting)
    await clerk.command("meeting.join", meeting=meeting)
    await caller.command(clerk, "note.add", {"text": "此处重点", "at": None}, meeting)
    await eventually(lambda: station.publishing, 20)
    await asyncio.sleep(3)  # something to record
    await caller.command(leader, "recording.stop", {}, meeting)
    await caller.command(leader, "recording.start", {}, meeting)
    await caller.command(leader, "participant.remove", {**who, "reason": "误入"}, meeting)
    await caller.command(clerk, "meeting.leave", {}, meeting)
    await caller.command(leader, "meeting.end", {}, meeting)
    await caller.command(leader, "meeting.join", {}, meeting)

    async def closed() -> str:
        found = await leader.get(f"/api/v1/meetings/{meeting}/recordings")
        parts = [part for recording in found["recordings"] for part in recording["parts"]]
        assert parts
        assert all(part["state"] == "closed" for part in parts)
        return str(parts[0]["media"])

    media = await eventually(closed, 20)
    page.chapter("Reading")
    for title, path in (
        ("Meetings, searched", "/api/v1/meetings?q=巡查&limit=1"),
        ("A meeting", f"/api/v1/meetings/{meeting}"),
        ("Its entries", f"/api/v1/meetings/{meeting}/entries?since=0&limit=1"),
        ("Orders", f"/api/v1/orders?meeting={meeting}"),
        ("Reports", f"/api/v1/reports?meeting={meeting}"),
        ("Decisions", f"/api/v1/decisions?meeting={meeting}"),
        ("Recordings", f"/api/v1/meetings/{meeting}/recordings"),
    ):
        await caller.call(title, "GET", path, leader)
    await caller.call("The first bytes of a part", "GET", media, leader, Range="bytes=0-3")
    await caller.call("Ready?", "GET", "/readyz")

    page.chapter("WHIP and WHEP")
    await caller.call("What may be posted", "OPTIONS", f"/whip/{meeting}")
    page.add(
        "Publish (watch likewise at /whep/)",
        f"POST /whip/{meeting}\nContent-Type: application/sdp\n\nv=0 …",
        f'201\nContent-Type: application/sdp\nLocation: /whip/{meeting}/s_…\nETag: "…"\n\nv=0 …',
        None,
    )

    page.chapter("Socket.IO")
    page.add("follow", f'emit("follow", {json.dumps({"meeting": meeting, "since": None})})', "ack", followed)
    page.add("device", f'emit("device", {json.dumps(device)})', "ack", device_answer)
    session = {"session": "s_…", "video": ["stage", village.account["id"], None]}
    page.add("select", f'emit("select", {json.dumps(session, ensure_ascii=False)})', "ack", {})
    page.add("unfollow", f'emit("unfollow", {json.dumps({"meeting": meeting})})', "ack", {})
    shown: set[str] = set()
    for name, data in events:
        form = f"{name} {data.get('kind', '') if name == 'media' else 'meeting' in data}"
        if form not in shown:
            shown.add(form)
            page.add(f"event `{name}`", name, "", data)
    await socket.disconnect()
    await station.stop()
    await running


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        (ROOT / "docs" / "examples.md").write_text(asyncio.run(write(Path(made))))
