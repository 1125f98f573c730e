"""The one walk through all reads over HTTP: role × read × own, child, parent, sibling, with the three administrators' duties.

Each read is tried by every role from four places on things of one county; what it gives is held against the table of rights.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.cameras.catalog import Secret
from hub.clock import system_clock, to_wire
from hub.directory.accounts import ADMINISTRATORS, ROLES, SYSTEM_ACCOUNT
from hub.directory.permissions import RELATIONS, TABLE, may, may_whole, sees_meeting
from hub.house.parts import Accounts
from hub.ids import new_id
from hub.store import tables
from signaling.operations import OPERATIONS
from signaling.read_rights import OWN, READS
from tests.support.cameras import a_camera
from tests.support.edge import Edge, Person, running_edge
from tests.support.journal import command
from tests.support.minutes import approved_minutes
from tests.support.objects import jpeg, put
from tests.support.patrolled import begun_round, cameras, keep_route, know
from tests.support.recorded_part import RecordedPart
from tests.support.registered import BATCH, BUILDING, HOUSEHOLD, registered
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, TOWN, TREE, VILLAGE

#: From where it is read: the county itself, above it, below it, beside it.
PLACES = (COUNTY, CITY, VILLAGE, OTHER_COUNTY)
FULL = {"security_admin", "audit_admin"}
#: Reads that an administrator has, written by hand; no other gives an administrator anything of others.
ADMINISTRATORS_READ = {
    "/api/v1/accounts": {"system_admin", *FULL},
    "/api/v1/accounts/{account}": {"system_admin", *FULL},
    "/api/v1/accounts/export": {"system_admin", *FULL},
    "/api/v1/accounts/sessions": {"system_admin", *FULL},
    "/api/v1/stations": {"system_admin", *FULL},
    "/api/v1/sessions": {"system_admin", *FULL},
    "/api/v1/devices": {"audit_admin"},
    "/api/v1/centers": {"system_admin", *FULL},
    "/api/v1/centers/{code}/use": {"system_admin", *FULL},
    "/api/v1/centers/export": {"system_admin", *FULL},
    "/api/v1/policy": FULL,
    "/api/v1/audit/own": {"system_admin", *FULL},
    "/api/v1/retention": {"system_admin", "audit_admin"},
    "/api/v1/health": {"system_admin", "audit_admin"},
    "/api/v1/health/damaged": {"system_admin", "audit_admin"},
    "/api/v1/health/storage": {"system_admin", "audit_admin"},
    "/api/v1/health/backups": {"system_admin", "audit_admin"},
    "/api/v1/health/copies": {"system_admin", "audit_admin"},
    "/api/v1/rights": {"security_admin"},
    "/api/v1/grids": {"system_admin", "audit_admin"},
    "/api/v1/grids/counts": {"system_admin", "audit_admin"},
    "/api/v1/grids/imports": {"system_admin"},
    "/api/v1/grids/imports/{batch}/people": {"system_admin"},
    "/api/v1/grids/{grid}": {"system_admin", "audit_admin"},
    "/api/v1/grids/present": {"system_admin", "audit_admin"},
    "/api/v1/grids/people": {"system_admin"},
    "/api/v1/cameras": {"system_admin", "audit_admin"},
    "/api/v1/cameras/counts": {"system_admin", "audit_admin"},
    "/api/v1/cameras/tags": {"system_admin", "audit_admin"},
    "/api/v1/cameras/{camera}": {"system_admin", "audit_admin"},
    "/api/v1/cameras/{camera}/presets": set(),
    "/api/v1/cameras/{camera}/addresses": {"system_admin"},
    "/api/v1/cameras/imports": {"system_admin"},
    "/api/v1/cameras/networks": {"system_admin"},
    "/api/v1/cameras/export": {"system_admin"},
    "/api/v1/accounts/guarded": {"security_admin"},
    "/api/v1/accounts/factors": {"security_admin"},
    **{
        path: {"audit_admin"}
        for path in (
            "/api/v1/search",
            "/api/v1/search/spoken",
            "/api/v1/meetings",
            "/api/v1/meetings/{meeting}",
            "/api/v1/meetings/{meeting}/entries",
            "/api/v1/meetings/{meeting}/controls",
            "/api/v1/meetings/{meeting}/recordings",
            "/api/v1/meetings/{meeting}/copies",
            "/api/v1/meetings/{meeting}/jobs",
            "/api/v1/meetings/{meeting}/film/cost",
            "/api/v1/meetings/{meeting}/custody",
            "/api/v1/holds",
            "/api/v1/retention/dry-run",
            "/api/v1/disposals",
            "/api/v1/disposals/{disposal}",
            "/api/v1/jobs/{job}/files/{name}",
            "/api/v1/meetings/{meeting}/marks",
            "/api/v1/recordings/{recording}/parts/{part}/small",
            "/api/v1/recordings/{recording}/parts/{part}/small/{name}",
            "/api/v1/meetings/{meeting}/voices",
            "/api/v1/meetings/{meeting}/said",
            "/api/v1/meetings/{meeting}/attendance",
            "/api/v1/meetings/{meeting}/attendance/file",
            "/api/v1/meetings/{meeting}/roll-calls",
            "/api/v1/meetings/{meeting}/roll-calls/{roll}",
            "/api/v1/recordings/{recording}/parts/{part}/media",
            "/api/v1/meetings/{meeting}/minutes",
            "/api/v1/meetings/{meeting}/minutes/texts/{which}",
            "/api/v1/meetings/{meeting}/minutes/texts/{which}/file",
            "/api/v1/minutes",
            "/api/v1/decisions",
            "/api/v1/audit",
            "/api/v1/audit/export",
            "/api/v1/audit/standing",
            "/api/v1/audit/entries/{seq}",
            "/api/v1/orders",
            "/api/v1/orders/ledger",
            "/api/v1/reports",
            "/api/v1/reports/totals",
            "/api/v1/statistics",
            "/api/v1/statistics/file",
            "/api/v1/tasks",
            "/api/v1/tasks/{task}/rounds",
            "/api/v1/tasks/{task}/rounds/{round}",
            "/api/v1/tasks/{task}/rounds/{round}/file",
            "/api/v1/alarms",
            "/api/v1/incidents",
            "/api/v1/incidents/{incident}",
            "/api/v1/grid-tasks",
            "/api/v1/errands",
            "/api/v1/errands/counts",
            "/api/v1/errands/file",
            "/api/v1/errands/{errand}",
            "/api/v1/visits/days",
            "/api/v1/sweeps",
            "/api/v1/sweeps/{sweep}",
            "/api/v1/sweeps/{sweep}/board",
            "/api/v1/sweeps/{sweep}/board/file",
            "/api/v1/sweeps/{sweep}/rows",
            "/api/v1/sweeps/{sweep}/rows/{row}",
            "/api/v1/visits/doors/{household}",
            "/api/v1/patrol/routes",
            "/api/v1/patrol/routes/{route}",
            "/api/v1/patrol/findings",
            "/api/v1/patrol/findings/file",
            "/api/v1/patrol/rounds",
            "/api/v1/patrol/rounds/file",
            "/api/v1/patrol/rounds/{round}",
            "/api/v1/patrol/statistics",
            "/api/v1/patrol/statistics/file",
            "/api/v1/duty",
            "/api/v1/duty/roster",
            "/api/v1/duty/turns",
            "/api/v1/duty/log",
            "/api/v1/checks",
            "/api/v1/checks/{check}",
            "/api/v1/bookings",
            "/api/v1/bookings/{booking}",
            "/api/v1/bookings/{booking}/calendar",
            "/api/v1/bookings/calendar",
            "/api/v1/objects/{object}",
            "/api/v1/clearings",
            "/api/v1/clearings/{clearing}",
            "/api/v1/clearings/{clearing}/board",
            "/api/v1/clearings/{clearing}/board/file",
            "/api/v1/clearings/{clearing}/rows",
            "/api/v1/clearings/{clearing}/grids",
        )
    },
}
#: Calls that change something, and the administrators who may make them; a list of accounts has rows for either.
WRITES = {
    "/api/v1/accounts/one-time": {"system_admin"},
    "/api/v1/centers/import": {"system_admin"},
    "/api/v1/accounts/import": {"system_admin", "security_admin"},
    "/api/v1/grids/import": {"system_admin"},
}


def gets() -> set[str]:
    """Every read that needs a sign-in."""
    return {each.path for each in OPERATIONS if each.method == "get" and not each.open}


def test_every_read_has_its_right_and_the_three_administrators_read_what_their_duty_is() -> None:
    assert set(READS) == gets()
    for path, actions in READS.items():
        having = {role for action in actions for role in TABLE[action]} & set(ADMINISTRATORS)
        assert having == ADMINISTRATORS_READ.get(path, set()), path


@dataclass
class Try:
    """A read of something of the county: it is seen where the answer is 200 and holds the mark (given in bytes)."""

    path: str
    url: str
    mark: str
    centers: tuple[str, ...] = (COUNTY,)
    """Centers about which one of the rights is enough."""
    whole: bool = False
    """The right has to reach every center."""


async def made_file(
    edge: Edge, meeting: str, kind: str = "film", subject: str | None = None, name: str = "made.txt"
) -> str:
    """Where a file is read that came of a job about this meeting."""
    job, content = new_id("jb", system_clock()), b"made"
    folder = edge.services.config.made_dir / job
    folder.mkdir(parents=True)
    (folder / name).write_bytes(content)
    listed = {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    row = {
        "id": job,
        "subject": subject or job,
        "kind": kind,
        "meeting": meeting,
        "options": "{}",
        "state": "done",
        "tries": 1,
    }
    row |= {"result": json.dumps({"files": [listed]}), "asked_at": to_wire(system_clock())}
    await edge.database.write(lambda connection: connection.execute(tables.jobs.insert(), row))
    return f"/api/v1/jobs/{job}/files/{name}"


async def things(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> tuple[str, list[Try]]:
    """One thing of each kind, of the county and the township that it calls; who made them reads nothing here."""
    maker = await edge.person("leader", COUNTY, number=9)
    helper = await edge.person("dispatcher", COUNTY, number=9)
    new = {"username": "rights-victim", "name": "值守", "role": "station", "center": COUNTY}
    member = {"username": "rights-member", "name": "网格员", "role": "grid_member", "center": COUNTY}
    answer = await edge.writer.submit(command("account.create", accounts=[new, member]), SYSTEM_ACCOUNT)
    victim = str(answer.entries[0].data["accounts"][0]["account"])
    changed = await edge.writer.submit(
        command("policy.change", approval={"rights": True, "approver": victim}), SYSTEM_ACCOUNT
    )
    now = system_clock()
    await edge.store.add_token("0" * 64, victim, now, now + timedelta(days=1))
    guard = await edge.person("security_admin", CITY, number=9)
    await guard.command("right.propose", account=victim, role="leader", reason="接任")
    due = to_wire(now + timedelta(hours=1))
    given = await maker.command("task.give", title="每日平安", due=due, centers=[TOWN])
    task = str(given["entries"][0]["data"]["task"])
    opened = await maker.command("meeting.open", title="防汛", kind="dispatch", centers=[TOWN])
    meeting = str(opened["entries"][0]["meeting"])
    begun = await maker.command("roll_call.begin", meeting)
    roll = str(begun["entries"][0]["data"]["roll"])
    made = await made_file(edge, meeting)
    part = RecordedPart(edge, meeting, monkeypatch)
    part.write(16)
    await made_file(edge, meeting, "small_pictures", part.part, "sheet-000.jpg")
    await maker.command("decision.record", meeting, text="转移低洼户")
    await maker.command("mark.add", meeting, at=to_wire(system_clock()), text="待核一处")
    status, photo = await put(helper.http, jpeg(5000))
    assert status == 201
    attached = [{**photo, "name": "水位.jpg"}]
    await helper.command("report.file", situation="abnormal", text="水位上涨", attachments=attached)
    order = (await maker.command("order.issue", text="上堤巡查", targets=[TOWN]))["entries"][0]["data"]
    check = (await maker.command("check.start", centers=[TOWN]))["entries"][-1]["data"]["check"]
    await maker.command("duty.take", name="值守员甲")
    day = {"starts_at": to_wire(system_clock()), "ends_at": to_wire(system_clock() + timedelta(days=1))}
    shift = {**day, "name": "值守员乙"}
    await maker.command("duty.plan", center=COUNTY, **day, shifts=[shift])
    starts = to_wire(system_clock() + timedelta(days=9))
    booked = {"title": "下周调度", "kind": "dispatch", "starts_at": starts, "centers": [TOWN]}
    taken_in = {"kind": "appeal", "title": "低洼户要求转移", "site": TOWN}
    incident = (await maker.command("incident.register", **taken_in))["entries"][0]["data"]["incident"]
    booking = (await maker.command("booking.make", **booked))["entries"][0]["data"]["booking"]
    await maker.command("answering.change", center=TOWN, seconds=30)
    await maker.command("group.save", name="堤防组", scope="center", centers=[TOWN])
    await maker.command("layout.save", name="四方", grid="4", cells=[TOWN])
    asks = {"columns": ["village"]}
    await maker.command("view.save", name="独居老人缺药", asks=asks)
    await maker.command("wall.save", name="各村村口", scope="center", grid="4", cameras=["ca_" + "0" * 18])
    await maker.command("wording.save", name="报水位", text="每小时报【站名】水位")
    await maker.command("plan.save", name="山洪", meeting={"title": "山洪"}, centers=[TOWN])
    known = cameras(COUNTY)
    directory = edge.services.cameras
    know(edge, *known)
    route = await keep_route(maker, known, COUNTY)
    walks = await edge.known_person("grid_member", VILLAGE)
    grid_list = "cb_" + "1" * 18
    grids = [{"name": "第一网格"}]
    (gridded,) = (await maker.command("grid.make", village=VILLAGE, grids=grids, batch=grid_list))["entries"]
    grid = gridded["data"]["grids"][0]["grid"]
    await maker.command("grid.assign", grid=grid, members=[walks.account.id], batch=grid_list)
    await registered(edge, grid, COUNTY, maker.account.id, system_clock())
    registry = "/api/v1/registry"
    opening = {"id": "x", "title": "来源地排查", "sort": "blanket", "center": COUNTY}
    async with maker.http.post("/api/v1/sweeps", json=opening) as answered:
        sweep = (await answered.json())["sweep"]
    one_sweep = "/api/v1/sweeps/{sweep}"
    household = (await edge.services.registry.in_grids([grid]))[0].household
    wanted = {"id": "e", "household": household, "kind": "food", "text": "米", "asked_on": "2026-11"}
    station = await edge.person("station", VILLAGE, number=9)
    async with station.http.post("/api/v1/errands", json=wanted) as answered:
        errand = (await answered.json())["errand"]
    passed_on = await maker.command("order.issue", text="入户", targets=[VILLAGE])
    in_grids = str(passed_on["entries"][0]["data"]["order"])
    await station.command("order.sign", order=in_grids)
    await station.command("gridtask.give", order=in_grids, grids=[grid])
    edge.services.cameras = directory
    round = await begun_round(maker, route)
    floating = {"becomes": "report", "text": "桥头漂浮物"}
    await maker.command("patrol.check", round=round, stop=1, outcome="finding", finding=floating)
    patrol = "/api/v1/patrol"
    await maker.command("template.save", scope="center", title="周例会", kind="dispatch", centers=[TOWN])
    opened = await maker.command("meeting.open", title="会后", kind="dispatch", centers=[TOWN])
    over = str(opened["entries"][0]["meeting"])
    await maker.command("meeting.end", over)
    await approved_minutes(maker, over)
    clerk = await edge.person("clerk", COUNTY, number=9)
    await clerk.command("hold.place", meeting, reason="复查")
    listing = b'{"format":"lianxian-disposal-1","meetings":[]}'
    status, listed = await put(clerk.http, listing, "application/json")
    assert status == 201
    by = {"account": clerk.account.id, "name": "某", "center": COUNTY, "center_name": TREE[COUNTY].name}
    on_list: dict[str, Any] = {
        "by": by,
        "role": "clerk",
        "on": due,
        "kinds": [{"kind": "films", "items": 1, "bytes": 1}],
    }
    on_list |= {
        "content": {**listed, "name": "disposal.json"},
        "centers": [COUNTY],
        "meetings": 1,
        "reason": "到期",
    }
    asked = await edge.writer.submit(command("disposal.note_asked", **on_list), SYSTEM_ACCOUNT)
    disposal = str(asked.entries[0].data["disposal"])
    both = (COUNTY, TOWN)
    clearing = "li_" + "0" * 18
    facts: dict[str, Any] = {
        "clearing": clearing,
        "title": "比对",
        "account": maker.account.id,
        "name": "某",
        "center": COUNTY,
    }
    facts |= {"counts": {TOWN: 1}, "left_out": 0, "repeated": 0, "commitment": "0" * 64, "delete_at": starts}
    await edge.services.lists.rows.begin(clearing, edge.services.lists.key.seal(clearing, b"k" * 32), [], now)
    await edge.writer.submit(command("clearing.load", **facts), SYSTEM_ACCOUNT)
    await maker.command("clearing.issue", clearing=clearing)
    one_list = "/api/v1/clearings/{clearing}"
    camera, batch = "ca_" + "0" * 18, "cb_" + "0" * 18
    await edge.services.cameras.batches.begin(batch, COUNTY, maker.account.id, "某")
    brought: dict[str, Any] = {
        "account": maker.account.id,
        "account_name": "某",
        "batch": batch,
        "center": COUNTY,
        "cameras": 0,
        "centers": 0,
        "left_out": 0,
        "digest": "0" * 64,
    }
    await edge.writer.submit(command("camera.note_imported", **brought), SYSTEM_ACCOUNT)
    await edge.services.cameras.add(
        a_camera(camera=camera, center=COUNTY, name="大堤", tags=["堤防"], onvif=True),
        Secret("rtsp://10.0.0.1/1"),
    )
    edge.media.cameras.answers["ptz.presets"] = {"presets": [{"token": "1", "name": "桥头"}]}
    edge.media.cameras.jpegs[camera] = base64.b64encode(b"\xff\xd8\xff\xe0 a picture").decode()
    async with maker.http.post(f"/api/v1/cameras/{camera}/pictures") as pictured:
        assert pictured.status == 201
    look: dict[str, Any] = {
        "camera": camera,
        "camera_name": "大堤",
        "account": maker.account.id,
        "name": "某",
        "center": COUNTY,
    }
    look |= {"begun": to_wire(now), "until": due, "seconds": 55}
    await edge.writer.submit(command("camera.note_watched", at=COUNTY, looks=[look]), SYSTEM_ACCOUNT)
    swept = (COUNTY, VILLAGE)
    tries = [
        Try("/api/v1/sessions", f"/api/v1/sessions?account={victim}", '"sessions"'),
        Try("/api/v1/policy", "/api/v1/policy", '"second_factor":[', whole=True),
        Try("/api/v1/rights", "/api/v1/rights", "rights-victim"),
        Try("/api/v1/accounts/guarded", "/api/v1/accounts/guarded", "rights-victim"),
        Try("/api/v1/accounts/factors", "/api/v1/accounts/factors", '{"role":"station","accounts":1'),
        Try("/api/v1/devices", f"/api/v1/devices?center={COUNTY}", "rights-member"),
        Try("/api/v1/accounts", "/api/v1/accounts", "rights-victim"),
        Try("/api/v1/accounts/{account}", f"/api/v1/accounts/{victim}", "rights-victim"),
        Try("/api/v1/accounts/export", "/api/v1/accounts/export?format=csv", "rights-victim"),
        Try("/api/v1/accounts/sessions", f"/api/v1/accounts/sessions?center={COUNTY}", victim),
        Try("/api/v1/stations", f"/api/v1/stations?within={COUNTY}", COUNTY),
        Try("/api/v1/centers", f"/api/v1/centers?subtree={COUNTY}&limit=500", COUNTY),
        Try("/api/v1/centers/{code}/use", f"/api/v1/centers/{COUNTY}/use", COUNTY),
        Try("/api/v1/centers/export", f"/api/v1/centers/export?format=csv&within={COUNTY}", COUNTY),
        Try("/api/v1/answering", "/api/v1/answering", f'"center":"{TOWN}"', (TOWN,)),
        Try("/api/v1/groups", "/api/v1/groups", "堤防组"),
        Try("/api/v1/layouts", "/api/v1/layouts", "四方"),
        Try("/api/v1/plans", "/api/v1/plans", "山洪"),
        Try("/api/v1/orders/wordings", "/api/v1/orders/wordings", "报水位"),
        Try("/api/v1/meetings", "/api/v1/meetings", meeting),
        Try("/api/v1/meetings/{meeting}", f"/api/v1/meetings/{meeting}", meeting),
        Try("/api/v1/meetings/{meeting}/entries", f"/api/v1/meetings/{meeting}/entries", "meeting.opened"),
        Try(
            "/api/v1/meetings/{meeting}/controls",
            f"/api/v1/meetings/{meeting}/controls",
            "meeting.opened",
        ),
        Try("/api/v1/meetings/{meeting}/controls/export", f"/api/v1/meetings/{meeting}/controls/export", ""),
        Try("/api/v1/meetings/{meeting}/evidence", f"/api/v1/meetings/{meeting}/evidence", '"left_out"'),
        Try("/api/v1/meetings/{meeting}/recordings", f"/api/v1/meetings/{meeting}/recordings", "recordings"),
        Try("/api/v1/handovers", "/api/v1/handovers", '"title":"会后"'),
        Try("/api/v1/handovers/contents", "/api/v1/handovers/contents", "会后"),
        Try("/api/v1/meetings/{meeting}/copies", f"/api/v1/meetings/{meeting}/copies", '"copied"'),
        Try("/api/v1/meetings/{meeting}/marks", f"/api/v1/meetings/{meeting}/marks", "待核一处"),
        Try(
            "/api/v1/meetings/{meeting}/attendance", f"/api/v1/meetings/{meeting}/attendance", TREE[TOWN].name
        ),
        Try(
            "/api/v1/meetings/{meeting}/attendance/file",
            f"/api/v1/meetings/{meeting}/attendance/file",
            TREE[TOWN].name,
        ),
        Try("/api/v1/meetings/{meeting}/voices", f"/api/v1/meetings/{meeting}/voices", '"listened"'),
        Try("/api/v1/meetings/{meeting}/said", f"/api/v1/meetings/{meeting}/said", '"lines"'),
        Try("/api/v1/meetings/{meeting}/roll-calls", f"/api/v1/meetings/{meeting}/roll-calls", roll),
        Try(
            "/api/v1/meetings/{meeting}/roll-calls/{roll}",
            f"/api/v1/meetings/{meeting}/roll-calls/{roll}",
            TREE[TOWN].name,
        ),
        Try("/api/v1/recordings/{recording}/parts/{part}/media", part.url, ""),
        Try("/api/v1/recordings/{recording}/parts/{part}/small", part.small, '"state"'),
        Try("/api/v1/recordings/{recording}/parts/{part}/small/{name}", f"{part.small}/sheet-000.jpg", ""),
        Try("/api/v1/meetings/{meeting}/jobs", f"/api/v1/meetings/{meeting}/jobs", "jobs"),
        Try("/api/v1/meetings/{meeting}/film/cost", f"/api/v1/meetings/{meeting}/film/cost", "work_s"),
        Try("/api/v1/jobs/{job}/files/{name}", made, ""),
        Try("/api/v1/meetings/{meeting}/minutes", f"/api/v1/meetings/{over}/minutes", over),
        Try("/api/v1/meetings/{meeting}/minutes/draft", f"/api/v1/meetings/{over}/minutes/draft", "会后"),
        Try(
            "/api/v1/meetings/{meeting}/minutes/texts/{which}",
            f"/api/v1/meetings/{over}/minutes/texts/1",
            "会后",
        ),
        Try("/api/v1/minutes", "/api/v1/minutes", over),
        Try("/api/v1/meetings/{meeting}/custody", f"/api/v1/meetings/{meeting}/custody", "复查"),
        Try("/api/v1/holds", "/api/v1/holds", meeting),
        Try("/api/v1/retention", "/api/v1/retention", '"needs_copy"', PLACES),
        Try("/api/v1/retention/dry-run", "/api/v1/retention/dry-run", '"goes"', PLACES),
        Try("/api/v1/disposals", "/api/v1/disposals", '"disposals"', PLACES),
        Try("/api/v1/disposals/{disposal}", f"/api/v1/disposals/{disposal}", disposal),
        Try("/api/v1/decisions", "/api/v1/decisions", "转移低洼户"),
        Try("/api/v1/audit", "/api/v1/audit?kind=policy.changed", "policy.changed", whole=True),
        Try("/api/v1/audit/export", "/api/v1/audit/export?kind=policy.changed", "policy.changed", whole=True),
        Try("/api/v1/audit/standing", "/api/v1/audit/standing", "signed_seq", whole=True),
        Try(
            "/api/v1/audit/entries/{seq}",
            f"/api/v1/audit/entries/{changed.entries[0].seq}",
            "policy.changed",
            whole=True,
        ),
        Try("/api/v1/audit/own", "/api/v1/audit/own", '"entries"'),
        Try("/api/v1/health", "/api/v1/health", '"parts"'),
        Try("/api/v1/health/damaged", "/api/v1/health/damaged", '"findings"'),
        Try("/api/v1/health/storage", "/api/v1/health/storage", '"recordings"'),
        Try("/api/v1/health/backups", "/api/v1/health/backups", '"backups"'),
        Try("/api/v1/health/copies", "/api/v1/health/copies", '"troubles"'),
        Try("/api/v1/orders", "/api/v1/orders", order["order"], both),
        Try("/api/v1/orders/ledger", "/api/v1/orders/ledger?state=all", order["order"], both),
        Try("/api/v1/reports", "/api/v1/reports", "水位上涨"),
        Try("/api/v1/search", "/api/v1/search?q=水位上涨&sort=report", '"sort":"report"'),
        Try("/api/v1/search/spoken", f"/api/v1/search/spoken?center={TOWN}", '"why":"roll_call"'),
        Try("/api/v1/reports/totals", "/api/v1/reports/totals", COUNTY),
        Try("/api/v1/statistics", f"/api/v1/statistics?center={COUNTY}", f'"center":"{COUNTY}"'),
        Try("/api/v1/statistics/file", f"/api/v1/statistics/file?center={COUNTY}", COUNTY),
        Try("/api/v1/tasks", "/api/v1/tasks", task, both),
        Try("/api/v1/tasks/{task}/rounds", f"/api/v1/tasks/{task}/rounds", '"round":1', both),
        Try("/api/v1/tasks/{task}/rounds/{round}", f"/api/v1/tasks/{task}/rounds/1", '"answers"', both),
        Try("/api/v1/tasks/{task}/rounds/{round}/file", f"/api/v1/tasks/{task}/rounds/1/file", "未报", both),
        Try("/api/v1/alarms", "/api/v1/alarms", '"kind":"situation"'),
        Try("/api/v1/incidents", "/api/v1/incidents", incident, both),
        Try("/api/v1/incidents/{incident}", f"/api/v1/incidents/{incident}", incident, both),
        Try("/api/v1/duty", "/api/v1/duty", "值守员甲"),
        Try("/api/v1/duty/above", "/api/v1/duty/above", "值守员甲"),
        Try("/api/v1/duty/roster", f"/api/v1/duty/roster?center={COUNTY}", "值守员乙"),
        Try("/api/v1/duty/turns", f"/api/v1/duty/turns?center={COUNTY}", "值守员甲"),
        Try("/api/v1/duty/log", f"/api/v1/duty/log?center={COUNTY}", "duty.taken"),
        Try(f"{patrol}/routes", f"{patrol}/routes", route),
        Try(f"{patrol}/routes/{{route}}", f"{patrol}/routes/{route}", "夜间巡查"),
        Try(f"{patrol}/rounds", f"{patrol}/rounds", round),
        Try(f"{patrol}/rounds/file", f"{patrol}/rounds/file", round),
        Try(f"{patrol}/findings", f"{patrol}/findings", "桥头漂浮物"),
        Try(f"{patrol}/findings/file", f"{patrol}/findings/file", "桥头漂浮物"),
        Try(f"{patrol}/rounds/{{round}}", f"{patrol}/rounds/{round}", round),
        Try(f"{patrol}/statistics", f"{patrol}/statistics?center={COUNTY}", f'"center":"{COUNTY}"'),
        Try(f"{patrol}/statistics/file", f"{patrol}/statistics/file?center={COUNTY}", COUNTY),
        Try("/api/v1/checks", "/api/v1/checks", check),
        Try("/api/v1/checks/{check}", f"/api/v1/checks/{check}", check),
        Try("/api/v1/bookings", "/api/v1/bookings", booking, both),
        Try("/api/v1/bookings/{booking}", f"/api/v1/bookings/{booking}", booking, both),
        Try("/api/v1/bookings/{booking}/calendar", f"/api/v1/bookings/{booking}/calendar", "VEVENT", both),
        Try("/api/v1/bookings/calendar", "/api/v1/bookings/calendar", "VEVENT", both),
        Try("/api/v1/templates", "/api/v1/templates", "周例会"),
        Try("/api/v1/clearings", "/api/v1/clearings", clearing, both),
        Try(one_list, f"/api/v1/clearings/{clearing}", clearing, both),
        Try(f"{one_list}/board", f"/api/v1/clearings/{clearing}/board", clearing, both),
        Try(f"{one_list}/board/file", f"/api/v1/clearings/{clearing}/board/file", TREE[COUNTY].name, both),
        Try(f"{one_list}/rows", f"/api/v1/clearings/{clearing}/rows?center={TOWN}", '"rows"', both),
        Try(f"{one_list}/grids", f"/api/v1/clearings/{clearing}/grids?center={TOWN}", '"villages"', both),
        Try("/api/v1/cameras", "/api/v1/cameras", camera),
        Try("/api/v1/cameras/counts", f"/api/v1/cameras/counts?parent={COUNTY}", '"cameras":1'),
        Try("/api/v1/cameras/imports", "/api/v1/cameras/imports", batch),
        Try("/api/v1/cameras/networks", "/api/v1/cameras/networks", "networks", tuple(PLACES)),
        Try("/api/v1/cameras/export", "/api/v1/cameras/export?format=csv", "大堤"),
        Try("/api/v1/cameras/tags", "/api/v1/cameras/tags", "堤防"),
        Try("/api/v1/cameras/{camera}", f"/api/v1/cameras/{camera}", camera),
        Try("/api/v1/cameras/{camera}/presets", f"/api/v1/cameras/{camera}/presets", "桥头"),
        Try("/api/v1/walls", "/api/v1/walls", "各村村口"),
        Try("/api/v1/views", "/api/v1/views", "独居老人缺药"),
        Try(
            "/api/v1/grid-statistics",
            f"/api/v1/grid-statistics?parent={VILLAGE}",
            '"households":1',
            (VILLAGE,),
        ),
        Try(
            "/api/v1/grid-statistics/file",
            f"/api/v1/grid-statistics/file?parent={VILLAGE}",
            VILLAGE,
            (VILLAGE,),
        ),
        Try("/api/v1/visits/days", f"/api/v1/visits/days?parent={VILLAGE}", VILLAGE, (VILLAGE,)),
        Try("/api/v1/grid-tasks", f"/api/v1/grid-tasks?order={in_grids}", '"gt_', (VILLAGE,)),
        Try("/api/v1/errands", "/api/v1/errands", errand, (VILLAGE,)),
        Try("/api/v1/errands/{errand}", f"/api/v1/errands/{errand}", errand, (VILLAGE,)),
        Try("/api/v1/errands/file", "/api/v1/errands/file", errand, (VILLAGE,)),
        Try("/api/v1/errands/counts", f"/api/v1/errands/counts?parent={VILLAGE}", '"asked":1', (VILLAGE,)),
        Try("/api/v1/sweeps", "/api/v1/sweeps", sweep, swept),
        Try(one_sweep, f"/api/v1/sweeps/{sweep}", sweep, swept),
        Try(f"{one_sweep}/board", f"/api/v1/sweeps/{sweep}/board", '"rows":1', swept),
        Try(f"{one_sweep}/board/file", f"/api/v1/sweeps/{sweep}/board/file", ",1,", swept),
        Try(f"{one_sweep}/rows", f"/api/v1/sweeps/{sweep}/rows", '"row":1', swept),
        Try(f"{one_sweep}/rows/{{row}}", f"/api/v1/sweeps/{sweep}/rows/1", '"row":1', swept),
        Try("/api/v1/visits/doors/{household}", f"/api/v1/visits/doors/{HOUSEHOLD}", grid, (VILLAGE,)),
        Try("/api/v1/grids", "/api/v1/grids", "第一网格", (VILLAGE,)),
        Try("/api/v1/grids/imports", "/api/v1/grids/imports", grid_list, (VILLAGE,)),
        Try(
            "/api/v1/grids/imports/{batch}/people",
            f"/api/v1/grids/imports/{grid_list}/people",
            "第一网格",
            (VILLAGE,),
        ),
        Try("/api/v1/grids/present", f"/api/v1/grids/present?village={VILLAGE}", "第一网格", (VILLAGE,)),
        Try("/api/v1/grids/people", f"/api/v1/grids/people?village={VILLAGE}", '"grid_member"', (VILLAGE,)),
        Try("/api/v1/grids/{grid}", f"/api/v1/grids/{grid}", "第一网格", (VILLAGE,)),
        Try("/api/v1/grids/counts", f"/api/v1/grids/counts?parent={VILLAGE}", '"grids":1', (VILLAGE,)),
        Try(f"{registry}/counts", f"{registry}/counts?parent={VILLAGE}", '"households":1', (VILLAGE,)),
        Try(f"{registry}/buildings", f"{registry}/buildings?grid={grid}", "3栋", (VILLAGE,)),
        Try(f"{registry}/buildings/{{building}}", f"{registry}/buildings/{BUILDING}", "3栋", (VILLAGE,)),
        Try(f"{registry}/households", f"{registry}/households?grid={grid}", HOUSEHOLD, (VILLAGE,)),
        Try(f"{registry}/households/{{household}}", f"{registry}/households/{HOUSEHOLD}", grid, (VILLAGE,)),
        Try(
            f"{registry}/households/{{household}}/history",
            f"{registry}/households/{HOUSEHOLD}/history",
            '"what":"changed"',
            (VILLAGE,),
        ),
        Try(f"{registry}/unsettled", f"{registry}/unsettled?grid={grid}", HOUSEHOLD, (VILLAGE,)),
        Try(f"{registry}/imports", f"{registry}/imports", BATCH),
        Try("/api/v1/cameras/{camera}/pictures", f"/api/v1/cameras/{camera}/pictures", "camera.pictured"),
        Try("/api/v1/cameras/{camera}/looks", f"/api/v1/cameras/{camera}/looks", '"seconds":55'),
        Try("/api/v1/cameras/{camera}/addresses", f"/api/v1/cameras/{camera}/addresses", "rtsp://"),
        Try("/api/v1/objects/{object}", f"/api/v1/objects/{photo['object']}", ""),
    ]
    return meeting, tries


def allowed(person: Person, each: Try, edge: Edge, meeting: str) -> bool:
    """What the table of rights says."""
    who, actions = person.account, READS[each.path]
    if each.path == "/api/v1/meetings/{meeting}/marks":
        return may(who, "meeting.read", TREE, COUNTY)  # who is only called sees the meeting, and no mark
    if actions == ("meeting.read",):
        found = edge.writer.state.meetings[meeting]
        return sees_meeting(who, TREE, found.convener.center, found.centers, level=found.level)
    if actions == ("house.read",):
        return may_whole(who, "house.read", TREE)
    if actions == ("audit.read_own",):
        return may(who, "audit.read_own", TREE, who.center)
    if each.whole:
        return any(TABLE[action].get(who.role, frozenset()) >= set(RELATIONS) for action in actions)
    if each.path == "/api/v1/devices" and who.role == "grid_leader":
        return False  # the members here walk no grid of his: see test_grid_rights
    if each.path in (
        "/api/v1/groups",
        "/api/v1/layouts",
        "/api/v1/templates",
        "/api/v1/walls",
        "/api/v1/views",
    ):
        # Those of one's own center alone, whatever one may do below.
        return who.center == COUNTY and any(may(who, action, TREE, COUNTY) for action in actions)
    return any(may(who, action, TREE, center) for action in actions for center in each.centers)


async def test_every_read_gives_each_role_what_the_table_of_rights_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_edge(tmp_path) as edge:
        meeting, tries = await things(edge, monkeypatch)
        untried = {path for path, actions in READS.items() if actions != OWN} - {each.path for each in tries}
        elsewhere = {
            "/api/v1/bookings/chairs",
            "/api/v1/clearance",
            "/api/v1/clearings/{clearing}/places",
            "/api/v1/clearings/{clearing}/candidates",
            "/api/v1/cameras/{camera}/still",
            "/api/v1/meetings/{meeting}/phones/{participant}/case",
            "/api/v1/meetings/{meeting}/minutes/texts/{which}/file",
        }
        assert untried == elsewhere, "tried with bookings, lists, pictures, phones, minutes and clearance"
        people = [await edge.person(role, center) for role in ROLES for center in PLACES]
        victim = edge.writer.state.parts.read(Accounts).ids["rights-victim"]
        wrong = []

        async def walk(person: Person) -> None:
            for each in tries:
                async with person.http.get(each.url) as answer:
                    body = (await answer.read()).decode("utf-8-sig", "replace")
                    sees = answer.status == 200 and each.mark in body.replace(": ", ":").replace(", ", ",")
                    asked = f"{person.account.role} at {person.account.center}: {each.path} {answer.status}"
                    if answer.status not in (200, 403, 404):
                        wrong.append(asked)
                    if sees != allowed(person, each, edge, meeting):
                        wrong.append(f"{asked} {'sees it' if sees else 'does not see it'}: {body[:120]}")

        await asyncio.gather(*(walk(person) for person in people))
        assert wrong == [], "\n".join(wrong)
        for role in ADMINISTRATORS:
            person = await edge.person(role, CITY, number=1)
            for path, whose in WRITES.items():
                body: dict[str, list[str]] | None = (
                    {"accounts": [victim]} if path.endswith("one-time") else None
                )
                async with person.http.post(path, json=body) as answer:
                    refused = answer.status in (403, 404)
                    assert refused is (role not in whose), f"{role} {path} {answer.status}"
