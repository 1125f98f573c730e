"""Grids over HTTP: who reads which, one's own, numbers by centers, histories; and tables that say what the journal says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from hub.journal.verify import verify
from hub.store import tables
from hub.store.offline import offline_journal
from tests.support.edge import Edge, Person, running_edge
from tests.support.rules import CITY, COUNTY, OTHER_VILLAGE, TOWN, VILLAGE


async def made(keeper: Person, *given: dict[str, Any], village: str = VILLAGE) -> list[str]:
    """Codes of grids that were just made."""
    answer = await keeper.command("grid.make", village=village, grids=list(given))
    return [each["grid"] for each in answer["entries"][0]["data"]["grids"]]


async def people(edge: Edge) -> tuple[Person, Person, Person]:
    """A leader and two members of the village."""
    leader = await edge.known_person("grid_leader", VILLAGE)
    return leader, *[await edge.known_person("grid_member", VILLAGE) for _ in range(2)]  # type: ignore[return-value]


async def names(person: Person, path: str = "/api/v1/grids", **params: str) -> list[str]:
    return [each["name"] for each in (await person.get(path, **params))["grids"]]


async def test_a_grid_member_reads_his_own_grids_and_nothing_else(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        keeper = await edge.person("dispatcher", TOWN)
        leader, first, second = await people(edge)
        await made(
            keeper,
            {"name": "一", "leader": leader.account.id, "members": [first.account.id]},
            {"name": "二", "members": [second.account.id, first.account.id]},
            {"name": "三"},
        )
        for path in ("/api/v1/grids", "/api/v1/grids/mine"):
            assert await names(leader, path) == ["一"]
            assert await names(first, path) == ["一", "二"]
            assert await names(second, path) == ["二"]
        assert (await first.get(f"/api/v1/grids/{VILLAGE}001"))["grid"]["leader"]["name"] == "某"
        for person, path in ((second, f"/api/v1/grids/{VILLAGE}001"), (first, "/api/v1/grids/counts")):
            async with person.http.get(path) as answer:
                assert answer.status == 404
        station = await edge.person("station", VILLAGE)
        assert await names(station) == ["一", "二", "三"]
        assert await names(station, "/api/v1/grids/mine") == []
        for path in (
            "/api/v1/orders",
            "/api/v1/reports",
            "/api/v1/incidents",
            "/api/v1/tasks",
            "/api/v1/meetings",
        ):
            assert not [
                found for found in (await first.get(path)).values() if isinstance(found, list) and found
            ]


async def test_who_takes_over_reads_at_once_and_is_told_and_who_gave_up_reads_no_more(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        keeper = await edge.person("dispatcher", VILLAGE)
        _, first, second = await people(edge)
        (code,) = await made(keeper, {"name": "一", "members": [first.account.id]})
        listener, desk = await edge.listen(second), await edge.listen(keeper)
        await keeper.command("grid.hand", account=first.account.id, to=second.account.id, grids=[code])
        assert (await listener.until("changed", what="grid"))["id"] == VILLAGE
        assert (await desk.until("changed", what="grid")).get("value") is None
        assert await names(first) == []
        assert await names(second) == ["一"]


async def test_a_history_says_who_had_it_from_when_and_what_became_of_it(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        keeper = await edge.person("dispatcher", TOWN)
        leader, first, second = await people(edge)
        one, two = await made(keeper, {"name": "一", "members": [first.account.id]}, {"name": "二"})
        await keeper.command("grid.assign", grid=one, leader=leader.account.id, members=[second.account.id])
        await keeper.command("grid.change", grid=one, name="坦渡一")
        parts = [{"name": "甲", "members": [first.account.id]}, {"name": "乙"}]
        split = await keeper.command("grid.split", grid=one, into=parts)
        codes = [part["grid"] for part in split["entries"][0]["data"]["into"]]
        await keeper.command("grid.join", grids=[codes[0], two], into={"grid": two, "name": "二"})
        found = await keeper.get(f"/api/v1/grids/{one}")
        assert (found["grid"]["state"], found["grid"]["into"]) == ("ended", codes)
        steps = [
            (
                each["kind"],
                each["name"],
                each["leader"] is not None,
                [who["account"] for who in each["members"]],
            )
            for each in found["history"]
        ]
        assert steps == [
            ("made", "一", False, [first.account.id]),
            ("assigned", "一", True, [second.account.id]),
            ("changed", "坦渡一", True, [second.account.id]),
            ("split", "坦渡一", False, []),
        ]
        joined = await keeper.get(f"/api/v1/grids/{two}")
        assert [who["account"] for who in joined["grid"]["members"]] == [first.account.id]
        assert joined["history"][-1]["others"] == [codes[0]]
        assert await names(keeper) == ["二", "乙"]
        assert await names(keeper, ended="1") == ["坦渡一", "二", "甲", "乙"]


async def test_lists_are_searched_and_paged_and_numbers_are_summed_along_the_tree(
    tmp_path: Path, database_url: str
) -> None:
    async with running_edge(tmp_path, database_url=database_url) as edge:
        keeper = await edge.person("leader", COUNTY)
        leader, first, _ = await people(edge)
        await made(
            keeper,
            {"name": "河堤", "planned": 40, "leader": leader.account.id, "members": [first.account.id]},
            {"name": "市场", "planned": 30, "members": [first.account.id]},
        )
        await made(keeper, {"name": "河东", "planned": 5}, village=OTHER_VILLAGE)
        assert await names(keeper, q="河") == ["河东", "河堤"]
        assert await names(keeper, q="坦渡村") == ["河堤", "市场"]
        assert await names(keeper, q=f"{VILLAGE}002") == ["市场"]
        assert await names(keeper, unassigned="1") == ["河东"]
        assert await names(keeper, center=VILLAGE) == ["河堤", "市场"]
        first_page = await keeper.get("/api/v1/grids", limit="2")
        assert await names(keeper, after=first_page["next"]) == ["市场"]
        counts = await keeper.get("/api/v1/grids/counts")
        assert counts["total"] == {"grids": 3, "unassigned": 1, "members": 2, "planned": 75}
        assert counts["online"] == 0
        assert [(each["name"], each["grids"], each["below"]) for each in counts["rows"]] == [
            ("坦渡镇", 3, True)
        ]
        villages = (await keeper.get("/api/v1/grids/counts", parent=TOWN))["rows"]
        assert [(each["name"], each["grids"], each["members"]) for each in villages] == [
            ("坦渡村", 2, 2),
            ("长岭社区", 1, 0),
        ]
        city = await edge.person("leader", CITY)
        assert (await city.get("/api/v1/grids/counts"))["total"]["grids"] == 3


async def test_tables_say_what_the_journal_says(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        keeper = await edge.person("dispatcher", TOWN)
        leader, first, second = await people(edge)
        one, two = await made(
            keeper, {"name": "一", "members": [first.account.id, second.account.id]}, {"name": "二"}
        )
        await keeper.command("grid.hand", account=first.account.id, to=second.account.id, grids=[one])
        await keeper.command("grid.split", grid=one, into=[{"grid": one, "name": "一"}, {"name": "三"}])
        await keeper.command("grid.join", grids=[one, two], into={"name": "总", "leader": leader.account.id})
        await keeper.command("grid.remove", village=VILLAGE, grids=[f"{VILLAGE}003"])
        with offline_journal(edge.database) as journal:
            findings = verify(journal, edge.folder, None).findings
        # The accounts of this test's keepers stand in the tables alone.
        assert [each for each in findings if "grid" in str(each)] == []
        count = sa.select(sa.func.count()).select_from(tables.grid_history)
        rows = await edge.database.read(lambda connection: connection.execute(count).scalar())
        assert rows == 9


async def test_a_list_shows_what_it_would_bring_and_becomes_accounts_and_grids_by_commands(
    tmp_path: Path,
) -> None:
    async with running_edge(tmp_path) as edge:
        admin = await edge.known_person("system_admin", CITY)
        text = "村,网格,户数,网格长,网格员\n坦渡村,第一网格,45,周某,吴某\n坦渡村,第二网格,38,周某,郑某\n没有村,x,1,,\n".encode()
        async with admin.http.post("/api/v1/grids/import", data=text) as answer:
            seen = await answer.json()
            assert answer.status == 200, seen
        assert ([each["name"] for each in seen["people"]], len(seen["new"]), len(seen["wrong"])) == (
            ["周某", "吴某", "郑某"],
            2,
            1,
        )
        people = [
            {name: each[name] for name in ("username", "name", "role", "center")} for each in seen["people"]
        ]
        made = await admin.command("account.create", accounts=people)
        ids = {each["username"]: each["account"] for each in made["entries"][0]["data"]["accounts"]}
        grids = [
            {
                "name": each["name"],
                "planned": each["planned"],
                "leader": ids[each["leader"]],
                "members": [ids[one] for one in each["members"]],
            }
            for each in seen["new"]
        ]
        await admin.command("grid.make", village=VILLAGE, grids=grids, batch=seen["batch"])
        assert await names(admin, batch=seen["batch"]) == ["第一网格", "第二网格"]
        # a list of imports, for a day, so that it can be taken back though its page was closed
        async with admin.http.get("/api/v1/grids/imports") as answer:
            [brought] = (await answer.json())["imports"]
        assert (brought["batch"], brought["grids"], brought["villages"]) == (seen["batch"], 2, 1)
        async with admin.http.post("/api/v1/grids/import", data=text) as answer:
            again = await answer.json()
        assert (again["people"], again["new"], again["same"]) == ([], [], 2)


async def test_whom_a_list_gave_to_grids_that_were_there_is_put_back_unless_somebody_changed_it_since(
    tmp_path: Path,
) -> None:
    async with running_edge(tmp_path) as edge:
        keeper = await edge.known_person("dispatcher", TOWN)
        leader, first, second = (each.account.id for each in await people(edge))
        one, two = await made(
            keeper, {"name": "一", "leader": leader, "members": [first]}, {"name": "二", "members": [first]}
        )
        batch = "cb_" + "7" * 18
        for grid in (one, two):
            await keeper.command("grid.assign", grid=grid, members=[second, first], batch=batch)
        await keeper.command("grid.change", grid=one, name="一组")
        path = f"/api/v1/grids/imports/{batch}/people"
        [listed] = (await keeper.get("/api/v1/grids/imports"))["imports"]
        assert [listed[name] for name in ("batch", "grids", "changed", "villages")] == [batch, 0, 2, 1]
        page = await keeper.get(path, limit="1")
        assert page["next"] == one
        [given] = page["people"]
        assert (given["grid"], given["name"], given["stands"]) == (one, "一组", True)
        assert given["was"] == {"leader": leader, "members": [first]}
        assert [each["grid"] for each in (await keeper.get(path, after=one))["people"]] == [two]

        await keeper.command("grid.hand", account=second, to=leader, grids=[two])
        assert [each["stands"] for each in (await keeper.get(path))["people"]] == [True, False]
        assert (await keeper.get("/api/v1/grids/imports"))["imports"][0]["changed"] == 1
        now = {"leader": None, "members": [second, first]}
        await keeper.command("grid.assign", grid=one, leader=leader, members=[first], now=now)
        body = {"id": "late", "kind": "grid.assign", "data": {"grid": two, "members": [first], "now": now}}
        async with keeper.http.post("/api/v1/commands", json=body) as answer:
            assert (answer.status, (await answer.json())["error"]["field"]) == (409, "now")
        assert (await keeper.get("/api/v1/grids/imports"))["imports"] == []
        stranger = await edge.person("dispatcher", OTHER_VILLAGE)
        assert (await stranger.get(path))["people"] == []
