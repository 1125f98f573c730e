"""The registry over HTTP: registered once, seen by those who may, both of two changes kept, merged and taken back, and
nothing personal anywhere else."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.clock import to_wire
from hub.grids.registry_forms import check_digit
from hub.journal.verify import verify
from hub.store import tables
from hub.store.offline import offline_journal
from hub.upkeep.registry_sweep import RegistrySweep
from tests.inproc.test_grids import made, people
from tests.support.edge import Edge, Person, running_edge
from tests.support.rules import CITY, COUNTY, OTHER_VILLAGE, TOWN, VILLAGE

API = "/api/v1/registry"
NAME, OTHER_NAME, NOTE, PHONE = "云青樵", "李石亭", "独居老人planted", "15400009981"
#: Of a region (99) that there is none of.
NUMBER = "99010119500512001" + check_digit("99010119500512001")
LABEL = "云家老屋planted"
PLANTED = (NAME, OTHER_NAME, NOTE, PHONE, NUMBER, LABEL, "1950-05-12")


@dataclass
class Village:
    """Two grids of a village with their people, the village's desk, and who keeps grids above."""

    edge: Edge
    leader: Person
    member: Person
    other: Person
    desk: Person
    keeper: Person
    grids: list[str]
    serial: int = 0

    async def call(self, person: Person, method: str, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        async with person.http.request(method, f"{API}/{path}", json=body) as answer:
            return answer.status, {} if answer.status == 204 else await answer.json()

    async def write(self, person: Person, method: str, path: str, **body: Any) -> dict[str, Any]:
        status, found = await self.call(person, method, path, **{"id": self.id(), **body})
        assert status in (200, 201), found
        return found

    def id(self) -> str:
        self.serial += 1
        return f"c{self.serial}"

    async def register(self, person: Person | None = None, **more: Any) -> dict[str, Any]:
        body = {
            "grid": self.grids[0],
            "place": {"building_name": "3栋", "label": LABEL},
            "note": NOTE,
            "persons": [a_person(relation="head"), a_person(OTHER_NAME, number="", phone="", birth="1955")],
            **more,
        }
        return await self.write(person or self.member, "POST", "households", **body)


def a_person(name: str = NAME, **more: Any) -> dict[str, Any]:
    return {"name": name, "number": NUMBER, "phone": PHONE, **more}


async def village(edge: Edge) -> Village:
    keeper, desk = await edge.person("dispatcher", TOWN), await edge.person("dispatcher", VILLAGE)
    leader, member, other = await people(edge)
    grids = await made(
        keeper,
        {"name": "一网格", "leader": leader.account.id, "members": [member.account.id]},
        {"name": "二网格", "members": [other.account.id]},
    )
    return Village(edge, leader, member, other, desk, keeper, grids)


async def test_who_walks_the_grid_registers_and_sees_others_see_it_masked_or_not_at_all(
    tmp_path: Path,
) -> None:
    async with running_edge(tmp_path) as edge:
        there = await village(edge)
        household = await there.register()
        path = f"{API}/households/{household['household']}"
        assert (household["masked"], household["place"], household["note"]) == (False, ["3栋", LABEL], NOTE)
        first = household["persons"][0]
        assert (first["number"], first["birth"], first["sex"]) == (NUMBER, "1950-05-12", "m")

        for seer in (there.leader, there.member):
            assert (await seer.get(path))["persons"][0]["name"] == NAME
        for masked in (there.desk, there.keeper, await edge.person("leader", CITY)):
            found = await masked.get(path)
            text = json.dumps(found, ensure_ascii=False)
            assert found["masked"]
            assert not [each for each in PLANTED if each in text]
            assert found["persons"][0]["name"] == "云••"
        strangers = [
            there.other,
            await edge.person("dispatcher", OTHER_VILLAGE),
            *[await edge.person(role, VILLAGE) for role in ("station", "clerk")],
            *[await edge.person(role, CITY) for role in ("system_admin", "security_admin", "audit_admin")],
        ]
        for stranger in strangers:
            async with stranger.http.get(path) as answer:
                assert answer.status == 404, stranger.account.role
            status, _ = await there.call(stranger, "POST", f"households/{household['household']}/look")
            assert status == 404
        for reader in (there.keeper, await edge.person("dispatcher", COUNTY)):
            status, found = await there.call(reader, "POST", f"households/{household['household']}/look")
            assert (status, found["error"]["code"]) == (403, "forbidden"), "who unmasks is the village itself"


async def test_unmasking_is_an_entry_and_reading_in_the_own_grid_is_none(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        there = await village(edge)
        id = (await there.register())["household"]

        async def looks() -> int:
            kinds = sa.select(sa.func.count()).where(tables.entries.c.kind == "registry.looked")
            return int(await edge.database.read(lambda connection: connection.execute(kinds).scalar_one()))

        _, own = await there.call(there.member, "POST", f"households/{id}/look", history=True)
        assert (own["household"]["masked"], await looks()) == (False, 0)
        _, found = await there.call(there.desk, "POST", f"households/{id}/look")
        assert found["household"]["persons"][0]["phone"] == PHONE
        assert await looks() == 1
        assert (await there.desk.get(f"{API}/households/{id}"))["masked"]


async def test_who_is_registered_already_is_shown_before_and_not_registered_twice(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        there = await village(edge)
        first = await there.register()
        for asked in (
            {"number": f" {NUMBER[:6]} {NUMBER[6:]}"},
            {"phone": "+86 " + PHONE},
            {"name": "云清樵", "birth": "1950-05-12"},
            {"text": NAME},
            {"text": "yunqing"},
            {"text": "yqq 3栋"},
            {"text": NUMBER},
        ):
            status, found = await there.call(there.leader, "POST", "search", **asked)
            assert status == 200, found
            assert [each["household"]["household"] for each in found["found"]] == [first["household"]], asked
            assert found["found"][0]["person"] == first["persons"][0]["person"]
        _, masked = await there.call(there.keeper, "POST", "search", number=NUMBER)
        assert masked["found"][0]["household"]["masked"]
        _, none = await there.call(there.keeper, "POST", "search", text=PHONE[-4:], center=VILLAGE)
        assert none["found"] == [], "who sees it covered cannot guess it"
        _, tail = await there.call(there.member, "POST", "search", text=PHONE[-4:])
        assert len(tail["found"]) == 1
        _, elsewhere = await there.call(there.other, "POST", "search", number=NUMBER)
        assert elsewhere["found"] == []

        again = {"grid": there.grids[0], "place": {"building_name": "3栋", "label": "2单元501"}}
        body = {"id": there.id(), **again, "persons": [a_person("云樵")]}
        status, refused = await there.call(there.member, "POST", "households", **body)
        assert (status, refused["error"]["field"]) == (409, "persons.0.number")
        assert NUMBER not in json.dumps(refused)
        second = await there.write(
            there.member, "POST", "households", **again, persons=[a_person()], though=True
        )
        assert second["building"] == first["building"], "the building that is there is not made again"
        for wrong, field in (
            (a_person(number=NUMBER[:17] + "?"), "persons.0.number"),
            (a_person(phone="12"), "persons.0.phone"),
            (a_person(number="", birth="1850"), "persons.0.birth"),
        ):
            body = {"id": there.id(), **again, "persons": [wrong]}
            status, refused = await there.call(there.member, "POST", "households", **body)
            assert (status, refused["error"]["field"]) == (400, field)


async def test_sent_again_it_is_done_once_and_a_late_change_is_kept_beside_the_other(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        there = await village(edge)
        body = {
            "grid": there.grids[0],
            "place": {"building_name": "3栋"},
            "persons": [a_person()],
            "id": "once",
        }
        answers = [await there.call(there.member, "POST", "households", **body) for _ in range(2)]
        assert answers[0][1]["household"] == answers[1][1]["household"]
        one = answers[0][1]
        path, person = f"households/{one['household']}", one["persons"][0]["person"]

        early = {"base": one["seq"], "persons": [{"person": person, "phone": "15400000001"}]}
        now = await there.write(there.member, "PATCH", path, **early)
        assert (now["late"], now["persons"][0]["phone"]) == ([], "15400000001")
        change = {
            "id": "late",
            "base": one["seq"],
            "offline": True,
            "persons": [{"person": person, "phone": "15400000002"}],
        }
        for _ in range(2):
            _, late = await there.call(there.leader, "PATCH", path, **change)
            assert late["persons"][0]["phone"] == "15400000002", "the later one holds, and is flagged"
            assert late["late"] == [late["seq"]]
        [waits] = (await there.leader.get(f"{API}/unsettled"))["changes"]
        assert waits["household"]["persons"][0]["phone"] == "15400000002"
        assert waits["version"]["was"]["persons"][0]["phone"] == "15400000001"
        assert (await there.other.get(f"{API}/unsettled"))["changes"] == []

        status, _ = await there.call(
            there.member, "POST", f"{path}/settle", id="s", of=late["seq"], keep="earlier"
        )
        assert status == 403, "who answers for the grid settles"
        settled = await there.write(there.leader, "POST", f"{path}/settle", of=late["seq"], keep="earlier")
        assert (settled["late"], settled["persons"][0]["phone"]) == ([], "15400000001")
        assert (await there.leader.get(f"{API}/unsettled"))["changes"] == []
        history = (await there.leader.get(f"{API}/{path}/history"))["versions"]
        assert [each["what"] for each in history] == ["settled", "changed", "changed", "registered"]
        old = {"id": "old", "base": settled["seq"], "occurred_at": "2020-01-01T00:00:00Z"}
        status, refused = await there.call(there.member, "POST", f"{path}/leave", **old)
        assert (status, refused["error"]["field"]) == (400, "occurred_at")


async def test_households_are_merged_with_their_history_and_the_merge_is_taken_back(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        there = await village(edge)
        one = await there.register()
        place = {"building_name": "3栋", "label": "2单元501"}
        twin = a_person("云樵", phone="15400000077")
        two = await there.register(place=place, persons=[twin, a_person("赵竹坪", number="")], though=True)
        same = [
            {"person": one["persons"][0]["person"], "other": two["persons"][0]["person"], "take": ["phone"]}
        ]
        path = f"households/{one['household']}"
        merge = {"base": one["seq"], "other": two["household"], "same": same}
        now = await there.write(there.leader, "POST", f"{path}/merge", **merge)
        assert [each["name"] for each in now["persons"]] == [NAME, OTHER_NAME, "赵竹坪"]
        assert now["persons"][0]["phone"] == "15400000077"
        gone = await there.leader.get(f"{API}/households/{two['household']}")
        assert gone["state"] == "merged"
        listed = (await there.leader.get(f"{API}/households"))["households"]
        assert [each["household"] for each in listed] == [one["household"]]
        _, found = await there.call(there.leader, "POST", "search", number=NUMBER)
        assert len(found["found"]) == 1

        back = await there.write(there.leader, "POST", f"{path}/unmerge", base=now["seq"])
        assert [each["name"] for each in back["persons"]] == [NAME, OTHER_NAME]
        assert (await there.leader.get(f"{API}/households/{two['household']}"))["state"] == "here"
        body = {"id": there.id(), "base": back["seq"]}
        assert (await there.call(there.leader, "POST", f"{path}/unmerge", **body))[0] == 409
        counts = await there.desk.get(f"{API}/counts", parent=VILLAGE)
        assert (counts["here"]["households"], counts["here"]["persons"], counts["here"]["houses"]) == (
            2,
            4,
            2,
        )


async def test_persons_and_households_move_leave_and_come_back_and_the_counts_follow(
    tmp_path: Path, database_url: str
) -> None:
    async with running_edge(tmp_path, database_url=database_url) as edge:
        there = await village(edge)
        one = await there.register()
        path = f"households/{one['household']}"
        two = await there.register(
            place={"building_name": "4栋", "label": "101"}, persons=[a_person("赵竹坪", number="")]
        )

        async def counts() -> list[tuple[int, int]]:
            rows = (await there.desk.get(f"{API}/counts"))["rows"]
            return [(each["households"], each["persons"]) for each in rows]

        assert await counts() == [(2, 3), (0, 0)]
        second = one["persons"][1]["person"]
        moved = await there.write(
            there.member, "POST", f"{path}/move", base=one["seq"], to=two["household"], persons=[second]
        )
        assert len(moved["persons"]) == 1
        assert len((await there.member.get(f"{API}/households/{two['household']}"))["persons"]) == 2

        whole = {
            "base": moved["seq"],
            "grid": there.grids[1],
            "place": {"building_name": "9栋", "label": "101"},
        }
        status, _ = await there.call(there.member, "POST", f"{path}/move", id=there.id(), **whole)
        assert status == 404, "another's grid is none of his"
        there_now = await there.write(there.desk, "POST", f"{path}/move", **whole)
        assert (there_now["grid"], there_now["place"]) == (there.grids[1], ["9栋", "101"])
        assert await counts() == [(1, 2), (1, 1)]
        left = await there.write(there.other, "POST", f"{path}/leave", base=there_now["seq"])
        assert (left["state"], await counts()) == ("left", [(1, 2), (0, 0)])
        again = await there.write(there.other, "POST", f"{path}/back", base=left["seq"])
        assert (again["state"], again["persons"][0]["left_at"]) == ("here", None)
        assert await counts() == [(1, 2), (1, 1)]


async def test_places_and_units_are_kept_and_nothing_lived_in_is_taken_away(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        there = await village(edge)
        one = await there.register()
        building, house = one["building"], one["house"]
        _, changed = await there.call(
            there.member, "PATCH", f"buildings/{building}", place="解放路1号", walk=7
        )
        assert (changed["place"], changed["walk"]) == ("解放路1号", 7)
        for path in (f"buildings/{building}", f"houses/{house}"):
            assert (await there.call(there.member, "DELETE", path))[0] == 409
        _, more = await there.call(there.member, "POST", "houses", building=building, label="2单元101")
        assert (await there.call(there.member, "DELETE", f"houses/{more['house']}"))[0] == 204
        unit = {
            "grid": there.grids[0],
            "building": building,
            "name": "便民超市",
            "contact": NAME,
            "phone": PHONE,
        }
        _, unit = await there.call(there.member, "POST", "units", **unit)
        assert (unit["contact"], unit["masked"]) == (NAME, False)
        seen = await there.desk.get(f"{API}/buildings", grid=there.grids[0])
        assert [each["contact"] for each in seen["units"]] == ["云••"]
        assert [(each["houses"], each["households"], each["persons"]) for each in seen["buildings"]] == [
            (1, 1, 2)
        ]
        whole = await there.member.get(f"{API}/buildings/{building}")
        assert whole["houses"][0]["households"][0]["household"] == one["household"]
        _, called = await there.call(there.member, "PATCH", f"units/{unit['unit']}", workers=12)
        assert called["workers"] == 12
        assert (await there.call(there.other, "DELETE", f"units/{unit['unit']}"))[0] == 404
        assert (await there.call(there.member, "DELETE", f"units/{unit['unit']}"))[0] == 204


async def test_what_is_personal_stands_in_no_log_entry_answer_or_table(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with running_edge(tmp_path) as edge:
        there = await village(edge)
        one = await there.register()
        path = f"households/{one['household']}"
        await there.call(there.desk, "POST", f"{path}/look", history=True)
        await there.call(there.leader, "POST", "search", text=NAME)
        persons = [{"person": one["persons"][0]["person"], "phone": "15400009982"}]
        await there.write(there.member, "PATCH", path, base=one["seq"], persons=persons)
        wrong = {"id": "w", "grid": there.grids[0], "place": {}, "persons": [a_person(number=NUMBER + "7")]}
        await there.call(there.member, "POST", "households", **wrong)
        planted = (*PLANTED, "15400009982", NUMBER + "7")
        said = caplog.text
        assert not [each for each in planted if each in said]
        with edge.database.reading() as connection:
            for table in tables.metadata.sorted_tables:
                rows = "\n".join(str(tuple(row)) for row in connection.execute(sa.select(table)))
                assert not [each for each in planted if each in rows], table.name
        with offline_journal(edge.database) as journal:
            findings = verify(journal, edge.folder, None).findings
        # The accounts of this test's people stand in the tables alone.
        assert [each for each in findings if "account" not in str(each)] == []


async def test_who_left_is_deleted_after_its_time_and_the_chain_verifies(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        there = await village(edge)
        one = await there.register()
        two = await there.register(place={"building_name": "4栋"}, persons=[a_person("赵竹坪", number="")])
        households = [one["household"], two["household"]]
        visits = [
            {
                "id": f"visit-{household}",
                "household": household,
                "outcome": "absent",
                "base": 0,
                "occurred_at": to_wire(edge.services.clock()),
                "note": "门上留了条",
            }
            for household in households
        ]
        async with there.member.http.post("/api/v1/visits", json={"visits": visits}) as answer:
            results = (await answer.json())["results"]
            assert [each["error"] for each in results] == [None, None]

        def said() -> list[str]:
            with edge.database.reading() as connection:
                return list(connection.execute(sa.select(tables.visit_words.c.household)).scalars())

        assert sorted(said()) == sorted(households)
        path = f"households/{one['household']}"
        gone = [one["persons"][0]["person"]]
        left = await there.write(there.member, "POST", f"{path}/leave", base=one["seq"], persons=gone)
        assert [each["left_at"] is None for each in left["persons"]] == [False, True]
        await there.write(there.member, "POST", f"households/{two['household']}/leave", base=two["seq"])

        later = edge.services.clock() + timedelta(days=365)
        rows: Any = edge.services.registry
        assert not await RegistrySweep(rows, edge.writer, lambda: later - timedelta(hours=1), 365).once()
        sweep = RegistrySweep(rows, edge.writer, lambda: later + timedelta(hours=1), 365)
        assert await sweep.once()
        assert not await sweep.once()
        now = await there.member.get(f"{API}/{path}")
        assert [each["name"] for each in now["persons"]] == [OTHER_NAME]
        assert said() == [one["household"]], "what was said at a household goes with it"
        async with there.member.http.get(f"{API}/households/{two['household']}") as answer:
            assert answer.status == 404
        _, found = await there.call(there.member, "POST", "search", number=NUMBER)
        assert found["found"] == []
        assert (await there.member.get(f"{API}/{path}/history"))["versions"] == []
        with edge.database.reading() as connection:
            query = sa.select(sa.func.count()).select_from(tables.registry_marks)
            assert connection.execute(query).scalar_one() == 0
        with offline_journal(edge.database) as journal:
            findings = verify(journal, edge.folder, None).findings
        assert [each for each in findings if "account" not in str(each)] == []
