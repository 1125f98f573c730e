"""A village whose grids everybody looks at: people of each role and relation, and one thing of each kind in one grid."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp

from hub.clock import system_clock, to_wire
from hub.directory.accounts import (
    ADMINISTRATORS,
    CLERK,
    DISPATCHER,
    GRID_LEADER,
    GRID_MEMBER,
    LEADER,
    STATION,
)
from hub.grids.made_up import MadePerson, made_grid
from hub.store.registry_made import write_made
from tests.support.edge import Edge, Person
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
)
from tests.support.waiting import eventually

#: The grid that everything is about, another one of its village, and one of the next village.
OWN: Final = f"{VILLAGE}001"
OTHER: Final = f"{VILLAGE}002"
BEYOND: Final = f"{OTHER_VILLAGE}001"
GRIDS: Final = (OWN, OTHER, BEYOND)
#: Beside and above the grid, and elsewhere.
PLACES: Final = {
    LEADER: (VILLAGE, TOWN, OTHER_COUNTY),
    DISPATCHER: (VILLAGE, OTHER_VILLAGE, TOWN, OTHER_TOWN, COUNTY, OTHER_COUNTY, CITY),
    STATION: (VILLAGE, OTHER_VILLAGE, TOWN),
    CLERK: (VILLAGE, TOWN),
    **dict.fromkeys(ADMINISTRATORS, (CITY,)),
}
_SEED: Final = 5
_HOUSEHOLDS: Final = ((OWN, 6), (OTHER, 3), (BEYOND, 3))
_MADE: Final = made_grid(_SEED, OWN, 0, 6).households
#: Who is looked for by his number, and who may be meant by a row of a list.
KNOWN: Final[MadePerson] = _MADE[0].persons[0]
ALIKE: Final[MadePerson] = _MADE[1].persons[0]
HEAD: Final = "身份证号,姓名,联系电话,现住址,所属村\r\n"
COLUMNS: Final = ["id", "personal", "personal", "personal", "center"]
REGISTRY_FILE: Final = "网格,楼栋,姓名\n一组,3栋,某某\n"
_serial = itertools.count(1)


def fresh() -> str:
    """An id that no command had."""
    return f"gr{next(_serial)}"


@dataclass
class Village:
    """The people by what they are to the grid, and ids of what stands in it."""

    edge: Edge
    people: dict[str, Person] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    #: As many as there are people: each may take one away.
    units: list[str] = field(default_factory=list)
    seqs: dict[str, int] = field(default_factory=dict)

    def at(self, role: str, place: str) -> Person:
        """Who is this there."""
        return self.people[f"{role} at {place}"]

    def of(self, role: str, grid: str) -> Person:
        """Who answers for this grid, or walks it."""
        return self.people[f"{role} of {grid}"]

    async def begin(self) -> None:
        """All of it."""
        await self._people()
        await asyncio.to_thread(
            write_made, self.edge.database, self.edge.services.registry.key, _HOUSEHOLDS, _SEED
        )
        await self._registry()
        await self._work()
        await self._list()
        await self._case()

    async def _people(self) -> None:
        edge = self.edge
        for role, places in PLACES.items():
            for place in places:
                self.people[f"{role} at {place}"] = await edge.known_person(role, place)
        for role in (GRID_LEADER, GRID_MEMBER):
            self.people[f"{role} of no grid"] = await edge.known_person(role, VILLAGE)
            for grid in GRIDS:
                self.people[f"{role} of {grid}"] = await edge.known_person(role, grid[:12])
        self.first = await edge.known_person(GRID_MEMBER, VILLAGE)
        batch = "cb_" + "1" * 18
        for grid, name in zip(GRIDS, ("一组", "二组", "长岭一组"), strict=True):
            members = [self.of(GRID_MEMBER, grid).account.id]
            members += [self.first.account.id] if grid == OWN else []
            made = {"grid": grid, "name": name, "leader": self.of(GRID_LEADER, grid).account.id}
            listed = {"batch": batch} if grid == OWN else {}
            keeper = self.at(DISPATCHER, TOWN)
            await keeper.command(
                "grid.make", village=grid[:12], grids=[{**made, "members": members}], **listed
            )
        self.ids["batch"], self.ids["people given"] = batch, "cb_" + "2" * 18
        members = [self.first.account.id, self.of(GRID_MEMBER, OWN).account.id]
        given = {"leader": self.of(GRID_LEADER, OWN).account.id, "members": members}
        await keeper.command("grid.assign", grid=OWN, **given, batch=self.ids["people given"])
        for name, grid in (("phone", OWN), ("phone of another grid", OTHER), ("withdrawn phone", OWN)):
            self.people[name] = await self._phone(self.of(GRID_MEMBER, grid), name)
        device = {"device": self.ids["withdrawn phone"]}
        await self.at(DISPATCHER, VILLAGE).command("device.withdraw", **device)

    async def _phone(self, owner: Person, name: str) -> Person:
        """The owner's phone, bound by a code."""
        edge, wanted = self.edge, {"account": owner.account.id}
        code = (await _json(self.at(DISPATCHER, VILLAGE), "POST", "/api/v1/devices", wanted))["code"]
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(edge.url, cookie_jar=jar) as http:
            async with http.post("/api/v1/devices/bind", json={"code": code}) as answer:
                told = await answer.json()
                assert answer.status == 201, told
            [cookie] = http.cookie_jar
        self.ids[name] = told["device"]
        token = cookie.value + told["half"]
        headers = {"Authorization": f"Bearer {token}"}
        session = await edge.stack.enter_async_context(aiohttp.ClientSession(edge.url, headers=headers))
        return Person(owner.account, token, session, edge)

    async def _registry(self) -> None:
        leader, top = self.of(GRID_LEADER, OWN), "/api/v1/registry"
        there = list(await self.edge.services.registry.in_grids([OWN]))
        home, late, gone = there[0], there[2], there[3]
        self.ids |= {
            "household": home.household,
            "building": home.building,
            "house": home.house,
            "late": late.household,
            "gone": gone.household,
            "visited": there[4].household,
        }
        self.seqs["household"] = home.seq
        for kind in ("collective", "rental"):
            change = {"id": fresh(), "base": 0, "kind": kind}
            changed = await _json(leader, "PATCH", f"{top}/households/{late.household}", change)
        self.seqs["late"] = changed["late"][-1]
        path = f"{top}/households/{late.household}/settle"
        await _json(leader, "POST", path, {"id": fresh(), "of": self.seqs["late"], "keep": "later"})
        waits = {"id": fresh(), "base": 0, "note": "待确认"}
        await _json(leader, "PATCH", f"{top}/households/{late.household}", waits)
        away = {"id": fresh(), "base": gone.seq}
        await _json(leader, "POST", f"{top}/households/{gone.household}/leave", away)
        for at in range(len(self.people) + 2):
            unit = await _json(leader, "POST", f"{top}/units", {"grid": OWN, "name": f"小卖部{at}"})
            self.units.append(unit["unit"])
        self.ids["unit"] = (await _json(leader, "POST", f"{top}/units", {"grid": OWN, "name": "村小"}))[
            "unit"
        ]
        desk = self.at(DISPATCHER, VILLAGE)
        async with desk.http.post(f"{top}/drafts", data=REGISTRY_FILE.encode()) as answer:
            assert answer.status == 201, await answer.text()
            self.ids["draft"] = (await answer.json())["draft"]
        batches, kept = self.edge.services.registry.batches, "rb_" + "0" * 18
        await batches.begin(kept, VILLAGE, desk.account.id, "某")
        self.ids["import"] = kept

    async def _work(self) -> None:
        opening = {"id": fresh(), "title": "发热排查", "sort": "blanket", "center": TOWN}
        sweep = (await _json(self.at(DISPATCHER, TOWN), "POST", "/api/v1/sweeps", opening))["sweep"]
        rows = (await self.first.get(f"/api/v1/sweeps/{sweep}/rows", grid=OWN))["rows"]
        first, second = (each["row"] for each in rows[:2])
        visit = {"id": fresh(), "sweep": sweep, "row": first, "outcome": "met", "seen": 1}
        visit["occurred_at"] = to_wire(system_clock())
        (told,) = (await _json(self.first, "POST", "/api/v1/visits", {"visits": [visit]}))["results"]
        assert told["error"] is None, told
        self.ids |= {"sweep": sweep, "row": str(first), "another row": str(second)}
        self.seqs["visit"] = told["seq"]
        asked = {"id": fresh(), "household": self.ids["household"], "kind": "food", "text": "米"}
        asked["asked_on"] = to_wire(system_clock())[:7]
        self.ids["errand"] = (await _json(self.first, "POST", "/api/v1/errands", asked))["errand"]
        over = (await _json(self.first, "POST", "/api/v1/errands", {**asked, "id": fresh()}))["errand"]
        done = {"id": fresh(), "occurred_at": to_wire(system_clock())}
        await _json(self.first, "POST", f"/api/v1/errands/{over}/done", done)
        self.ids["errand over"] = over
        issued = await self.at(DISPATCHER, TOWN).command("order.issue", text="入户", targets=[VILLAGE])
        order = str(issued["entries"][0]["data"]["order"])
        station = self.at(STATION, VILLAGE)
        await station.command("order.sign", order=order)
        await station.command("gridtask.give", order=order, grids=[OWN])
        self.ids["order"] = order
        view = await self.at(DISPATCHER, VILLAGE).command(
            "view.save", name="缺药", asks={"columns": ["grid"]}
        )
        self.ids["view"] = view["entries"][0]["data"]["view"]

    async def _list(self) -> None:
        """A list of the township with two rows: one in the grid, one that several may be meant by."""
        desk, top = self.at(DISPATCHER, TOWN), "/api/v1/clearings"
        rows = [
            f"{KNOWN.number},,,,{VILLAGE}",
            f",{ALIKE.name},,{ALIKE.birth},{VILLAGE}",
        ]
        async with desk.http.post(f"{top}/drafts", data=(HEAD + "\r\n".join(rows)).encode()) as answer:
            draft = f"{top}/drafts/{(await answer.json())['draft']}"
        await _json(desk, "POST", f"{draft}/load", {"columns": COLUMNS, "title": "比对"})

        async def loaded() -> str:
            now = await desk.get(draft)
            assert now["clearing"], now
            return str(now["clearing"])

        clearing = self.ids["clearing"] = await eventually(loaded, 60)
        await desk.command("clearing.issue", clearing=clearing)
        await _json(desk, "POST", f"{top}/{clearing}/grids/search", {"center": TOWN})

        async def matched() -> dict[str, Any]:
            told = await desk.get(f"{top}/{clearing}/grids", center=TOWN)
            assert told["search"]["state"] == "matched", told["search"]
            return told

        assert (await eventually(matched, 60))["ways"] == {"number": 1, "candidates": 1}
        await desk.command("clearing.assign", clearing=clearing, rows=[1], grid=OWN)
        found = await self.at(DISPATCHER, VILLAGE).get(f"{top}/{clearing}/candidates")
        (unsure,) = found["rows"]
        self.ids["candidate"] = unsure["candidates"][0]["household"]["household"]

    async def _case(self) -> None:
        """A call from the county to a phone of the grid, which shows a case; the chair looks at it."""
        chair, member = self.at(DISPATCHER, COUNTY), self.of(GRID_MEMBER, OWN)
        opening = {"title": "调度", "kind": "dispatch", "centers": [TOWN], "record": False}
        opened = await chair.command("meeting.open", **opening)
        meeting = self.ids["meeting"] = str(opened["entries"][0]["meeting"])
        await chair.command("meeting.join", meeting)
        await chair.command("phone.call", meeting, account=member.account.id)
        await member.command("phone.answer", meeting)
        await member.command("case.show", meeting, household=self.ids["household"])
        await chair.command("case.look", meeting, participant=member.account.id)
        self.ids["participant"] = member.account.id


async def _json(person: Person, method: str, path: str, body: Any) -> dict[str, Any]:
    async with person.http.request(method, path, json=body) as answer:
        told: dict[str, Any] = await answer.json()
        assert answer.status < 300, (path, told)
        return told
