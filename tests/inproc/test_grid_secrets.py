"""What is personal of grids stands where it is sealed and at who may see it, and nowhere else.

Marked values come in by every door of what grids do (registry, list, visit, correction, errand, order, search, photo)
and are looked for in the journal, logs, audit, sockets, exports, metrics, all that others read, and every byte on the disk.
"""

from __future__ import annotations

import io
import json
import logging
import zipfile
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa

from hub.clock import system_clock, to_wire
from hub.grids.registry_forms import check_digit
from hub.store import tables
from tests.inproc.test_list_grids import done
from tests.support.edge import Edge, Person, running_edge
from tests.support.grid_relations import COLUMNS, HEAD
from tests.support.objects import jpeg, put
from tests.support.rules import CITY, OTHER_COUNTY, VILLAGE
from tests.support.swept import G1, City, post
from tests.support.waiting import eventually

_DIGITS: Final = "99010119490203001"
#: Made up, and found nowhere else.
NUMBER: Final = _DIGITS + check_digit(_DIGITS)
NAME, PHONE, LABEL = "标申青樵", "15400008811", "标申老屋"
NOTE, SAID, AT_DOOR = "标申独居需照看", "标申孩子从外地回来", "标申门口说的话"
RIGHTED: Final = "标申其实是电话里说的"
WISH, BOUGHT = "标申要买降压药", "标申买了两盒"
LISTED, LISTED_WORDS = "标申丁某", "标申说家中无人"
#: What nobody but the grid's own people reads uncovered, and nothing keeps in the open.
SEALED: Final = (NUMBER, NAME, PHONE, LABEL, NOTE, SAID, AT_DOOR, RIGHTED, WISH, BOUGHT, LISTED_WORDS, LISTED)
API: Final = "/api/v1/registry"


async def planted(city: City) -> dict[str, str]:
    """Everything, by its own door; ids of what came of it."""
    one, now = city.one, to_wire(system_clock())
    person = {"name": NAME, "number": NUMBER, "phone": PHONE, "relation": "head", "note": NOTE}
    place = {"building_name": "三栋", "label": LABEL}
    new = {"id": "p1", "grid": G1, "place": place, "note": NOTE, "persons": [person]}
    home = (await post(one, f"{API}/households", new, 201))["household"]
    for asked in ({"text": NAME}, {"number": NUMBER}, {"text": PHONE}):
        assert (await post(one, f"{API}/search", asked))["found"][0]["household"]["household"] == home
        await post(city.desk, f"{API}/search", asked)

    sweep = await city.open(center=VILLAGE)
    rows = (await one.get(f"/api/v1/sweeps/{sweep}/rows", grid=G1))["rows"]
    row = next(each["row"] for each in rows if each["household"] == home)
    answers = {"origin": "outside", "from_where": SAID}
    told = await city.visit(one, sweep, row, answers=answers, note=AT_DOOR)
    assert told["error"] is None, told
    right = {"id": "p2", "sweep": sweep, "row": row, "base": told["seq"], "outcome": "phone", "seen": 1}
    right |= {"reason": "打错了", "note": RIGHTED, "occurred_at": now}
    (righted,) = (await post(one, "/api/v1/visits/corrections", {"corrections": [right]}))["results"]
    assert righted["error"] is None, righted

    asked = {"id": "p3", "household": home, "kind": "medicine", "text": WISH, "asked_on": now[:7]}
    errand = (await post(one, "/api/v1/errands", asked))["errand"]
    status, photo = await put(one.http, jpeg(4000))
    assert status == 201
    receipt = {**photo, "name": "receipt.jpg"}
    finished = {"id": "p4", "text": BOUGHT, "photos": [receipt], "occurred_at": now}
    await post(one, f"/api/v1/errands/{errand}/done", finished)

    content = f"{HEAD}{NUMBER},{LISTED},13900000000,,{VILLAGE}".encode()
    async with city.desk.http.post("/api/v1/clearings/drafts", data=content) as answer:
        draft = f"/api/v1/clearings/drafts/{(await answer.json())['draft']}"
    await post(city.desk, f"{draft}/load", {"columns": COLUMNS, "title": "比对"}, 202)

    async def loaded() -> str:
        found = await city.desk.get(draft)
        assert found["clearing"], found
        return str(found["clearing"])

    clearing = await eventually(loaded, 60)
    await city.desk.command("clearing.issue", clearing=clearing)
    await done(city.desk, clearing, "search")
    await done(city.desk, clearing, "share")
    results = [{"row": 1, "outcome": "absent", "text": LISTED_WORDS}]
    await post(one, f"/api/v1/clearings/{clearing}/results", {"id": "p5", "results": results})
    await _order(city)
    return {"home": home, "sweep": sweep, "row": str(row), "errand": errand, "clearing": clearing}


async def _order(city: City) -> None:
    """An order in the grid, whose words are an office's and are read by all whom it is about."""
    issued = await city.desk.command("order.issue", text="入户走访", targets=[VILLAGE])
    order = str(issued["entries"][0]["data"]["order"])
    station = await city.edge.known_person("station", VILLAGE)
    await station.command("order.sign", order=order)
    (given, *_) = (await station.command("gridtask.give", order=order, grids=[G1]))["entries"]
    task = given["data"]["task"]
    await city.one.command("gridtask.sign", task=task)
    await city.one.command("gridtask.report", task=task, done=True, text="已走访")


def found_in(text: str) -> list[str]:
    """What is written there that must not be: as it is, or as JSON writes it."""
    return [each for each in SEALED if each in text or json.dumps(each)[1:-1] in text]


async def read_by(person: Person, ids: dict[str, str]) -> dict[str, str]:
    """Everything that somebody can read or take away of it, unpacked."""
    texts: dict[str, str] = {}
    views = {"asks": {"source": "persons", "columns": ["name", "number", "phone", "note"]}, "center": VILLAGE}
    paths = (
        f"{API}/households/{ids['home']}",
        f"{API}/households/{ids['home']}/history",
        f"{API}/households?center={VILLAGE}",
        f"{API}/buildings?center={VILLAGE}",
        f"{API}/counts?parent={VILLAGE}",
        f"/api/v1/sweeps/{ids['sweep']}/rows",
        f"/api/v1/sweeps/{ids['sweep']}/rows/{ids['row']}",
        f"/api/v1/sweeps/{ids['sweep']}/board/file?format=xlsx",
        f"/api/v1/visits/doors/{ids['home']}",
        "/api/v1/visits/days",
        "/api/v1/errands",
        f"/api/v1/errands/{ids['errand']}",
        "/api/v1/errands/file?format=xlsx",
        "/api/v1/errands/file?format=csv",
        f"/api/v1/clearings/{ids['clearing']}/rows?center={VILLAGE}",
        f"/api/v1/clearings/{ids['clearing']}/grids?center={VILLAGE}",
        f"/api/v1/clearings/{ids['clearing']}/board/file?format=xlsx",
        f"/api/v1/grid-statistics/file?parent={VILLAGE}&format=xlsx",
        "/api/v1/audit",
        "/api/v1/audit/export",
        "/api/v1/health/backups",
        "/api/v1/search?q=标申",
        "/api/v1/grid-work",
    )
    for path in paths:
        async with person.http.get(path) as answer:
            texts[path] = _unpacked(await answer.read())
    for path, body in (
        (f"{API}/export", {"grids": [G1], "format": "xlsx"}),
        (f"{API}/search", {"text": NAME}),
    ):
        async with person.http.post(path, json=body) as answer:
            texts[path] = _unpacked(await answer.read())
    async with person.http.post("/api/v1/views/readings", json=views) as answer:
        reading = (await answer.json()).get("reading")
    if reading is not None:
        async with person.http.get(f"/api/v1/views/readings/{reading}/rows") as answer:
            texts["view"] = await answer.text()
    return texts


def _unpacked(content: bytes) -> str:
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(each) for each in book.namelist())
    return content.decode("utf-8", "replace")


async def entries(edge: Edge) -> str:
    query = sa.select(tables.entries.c.data)
    return "\n".join(map(str, await edge.database.read(lambda each: each.execute(query).scalars().all())))


async def test_what_is_personal_in_grids_is_told_to_their_people_alone_and_kept_sealed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with running_edge(tmp_path, signs="yes") as edge:
        city = City(edge)
        await city.begin()
        listeners = {
            name: await edge.listen(await edge.known_person(role, center))
            for name, role, center in (
                ("village", "dispatcher", VILLAGE),
                ("city", "leader", CITY),
                ("station", "station", VILLAGE),
                ("neighbour", "grid_member", VILLAGE),
            )
        }
        ids = await planted(city)
        work = await city.one.get("/api/v1/grid-work")
        own = json.dumps(work, ensure_ascii=False)
        assert [each for each in SEALED if each not in own] == [], "who walks there reads all of it"
        wrong = [
            f"{name}'s socket: {found}"
            for name, each in listeners.items()
            if (found := found_in(json.dumps(each.heard, ensure_ascii=False)))
        ]
        others: list[tuple[str, str]] = [
            ("dispatcher", CITY),
            ("dispatcher", OTHER_COUNTY),
            ("clerk", CITY),
            ("station", OTHER_COUNTY),
            ("grid_member", VILLAGE),
            ("audit_admin", CITY),
            ("system_admin", CITY),
            ("security_admin", CITY),
        ]
        for role, center in others:
            for path, text in (await read_by(await edge.known_person(role, center), ids)).items():
                if found := found_in(text):
                    wrong.append(f"{role} at {center}: {path} {found}")
        async with city.one.http.get("/metrics") as answer:
            if found := found_in(await answer.text()):
                wrong.append(f"metrics: {found}")
        if found := found_in(await entries(edge)):
            wrong.append(f"journal: {found}")
        assert wrong == [], "\n".join(wrong)
    assert found_in(caplog.text) == []
    on_disk = {
        each.name: found
        for each in tmp_path.rglob("*")
        if each.is_file()
        if (found := [word for word in SEALED if word.encode() in each.read_bytes()])
    }
    assert on_disk == {}, "sealed on the disk, and in nothing else there"
