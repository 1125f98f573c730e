"""Lists for the registry: looked at, matched to grids by code, name or building, loaded whole, taken out again, taken back."""

from __future__ import annotations

import csv
import io
import json
import logging
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.grids.registry_forms import check_digit
from hub.store import tables
from tests.inproc.test_registry import API, Village, a_person, village
from tests.support.edge import Edge, Person, running_edge
from tests.support.rules import COUNTY, OTHER_VILLAGE, VILLAGE
from tests.support.waiting import eventually


def number(nth: int) -> str:
    """Of a region (99) that there is none of."""
    digits = f"99010119{50 + nth}0512{nth:03}"
    return digits + check_digit(digits)


SECRETS = ("云青樵", "李石亭", "赵竹坪", "钱松汀", "云家老屋", "15400007701", number(1), number(2), number(3))
HEAD = "村,网格,楼栋,房号,户号,与户主关系,姓名,身份证号,手机号,人口类型,备注\n"
FILE = (
    HEAD
    + f"""坦渡村,一网格,3栋,101,1,户主,云青樵,{number(1)},15400007701,户籍,
坦渡村,一网格,3栋,101,1,配偶,李石亭,{number(2)},,户籍,
坦渡村,,4栋,云家老屋,2,户主,赵竹坪,{number(3)},,流动,
坦渡村,二网格,9栋,201,3,户主,钱松汀,{number(4)},,户籍,
坦渡村,二网格,9栋,202,,,,,,,
坦渡村,二网格,9栋,203,4,户主,孙禾洲,{number(5)[:17]}?,,户籍,
坦渡村,二网格,9栋,204,5,户主,周晓泉,{number(4)},,户籍,
坦渡村,哪网格,9栋,205,6,户主,吴云港,,,户籍,
坦渡村,二网格,9栋,206,7,干爹,郑木桥,,,户籍,
"""
)


async def post(person: Person, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
    async with person.http.post(f"{API}/{path}", json=body) as answer:
        return answer.status, await answer.json()


async def bring(person: Person, content: str = FILE) -> dict[str, Any]:
    async with person.http.post(f"{API}/drafts", data=content.encode()) as answer:
        found: dict[str, Any] = await answer.json()
        assert answer.status == 201, found
        return found


def guesses(draft: dict[str, Any]) -> list[str]:
    return [column["guess"] for column in draft["columns"]]


async def load(person: Person, draft: dict[str, Any], **more: Any) -> dict[str, Any]:
    path = f"drafts/{draft['draft']}"
    status, body = await post(person, f"{path}/load", columns=guesses(draft), leave_out=True, **more)
    assert status == 202, body

    async def ended() -> dict[str, Any] | None:
        found = await person.get(f"{API}/{path}")
        return found if found["state"] != "loading" else None

    return await eventually(ended, 20, "the list is not loaded")


async def told(edge: Edge, kind: str) -> list[dict[str, Any]]:
    entries = tables.entries.c
    query = sa.select(entries.data).where(entries.kind == kind).order_by(entries.seq)
    rows = await edge.database.read(lambda connection: connection.execute(query).scalars().all())
    return [json.loads(row) if isinstance(row, str) else row for row in rows]


async def prepared(edge: Edge) -> Village:
    there = await village(edge)
    await there.call(there.member, "POST", "buildings", grid=there.grids[0], name="4栋")
    return there


async def test_a_list_is_looked_at_before_it_counts(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        there = await prepared(edge)
        draft = await bring(there.desk)
        roles = ["grid", "grid", "building", "house", "household", "relation", "name"]
        assert guesses(draft) == [*roles, "number", "phone", "residence", "note"]
        assert not [secret for secret in SECRETS if secret in json.dumps(draft, ensure_ascii=False)]
        path = f"drafts/{draft['draft']}/match"
        status, found = await post(there.desk, path, columns=guesses(draft))
        assert status == 200, found
        assert (found["households"], found["persons"], found["known"]) == (3, 4, 0)
        assert [(each["grid"], each["rows"]) for each in found["grids"]] == [
            (there.grids[0], 3),
            (there.grids[1], 2),
        ]
        assert [(each["row"], each["why"], each["value"]) for each in found["wrong"]] == [
            (7, "number", ""),
            (8, "twice", ""),
            (10, "relation", "干爹"),
        ]
        assert [(each["text"], each["rows"], each["why"]) for each in found["unsure"]] == [
            ("坦渡村 哪网格 9栋", 1, "unknown")
        ]
        assert found["first"][0]["name"] == "云••"
        assert not [secret for secret in SECRETS if secret in json.dumps(found, ensure_ascii=False)]
        mends = [{"text": "坦渡村 哪网格 9栋", "grid": there.grids[1]}]
        _, mended = await post(there.desk, path, columns=guesses(draft), mends=mends)
        assert (mended["households"], mended["unsure_rows"]) == (4, 0)
        for wrong in ({"columns": guesses(draft)[:-1]}, {"columns": ["out"] * 11}):
            status, refused = await post(there.desk, path, **wrong)
            assert (status, refused["error"]["field"]) == (400, "columns")
        for stranger in (there.member, await edge.person("station", VILLAGE)):
            async with stranger.http.post(f"{API}/drafts", data=FILE.encode()) as answer:
                assert answer.status == 403


async def test_a_list_is_there_at_once_told_once_and_taken_back_whole(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with running_edge(tmp_path) as edge:
        there = await prepared(edge)
        before = await there.register(persons=[a_person("周晓泉", number=number(9))])
        loaded = await load(there.desk, await bring(there.desk))
        assert loaded["state"] == "loaded", loaded
        [entry] = await told(edge, "registry.imported")
        assert (entry["households"], entry["persons"], entry["buildings"], entry["left_out"]) == (3, 4, 1, 4)
        assert entry["grids"] == there.grids
        households = (await there.member.get(f"{API}/households"))["households"]
        assert [
            (each["place"], [person["relation"] for person in each["persons"]]) for each in households
        ] == [
            (["4栋", "云家老屋"], ["head"]),
            (before["place"], ["other"]),
            (["3栋", "101"], ["head", "spouse"]),
        ]
        counts = await there.desk.get(f"{API}/counts")
        assert [(row["households"], row["persons"], row["houses"]) for row in counts["rows"]] == [
            (3, 4, 3),
            (1, 1, 2),
        ]
        _, found = await there.call(there.desk, "POST", "search", number=number(2))
        assert found["found"][0]["household"]["grid"] == there.grids[0]

        again = await load(there.desk, await bring(there.desk))
        assert (again["state"], again["why"]) == ("failed", "known")
        [kept] = (await there.desk.get(f"{API}/imports"))["imports"]
        assert (kept["batch"], kept["households"]) == (loaded["batch"], 3)
        stranger = await edge.person("dispatcher", OTHER_VILLAGE)
        async with stranger.http.delete(f"{API}/imports/{kept['batch']}") as answer:
            assert answer.status == 404
        async with there.desk.http.delete(f"{API}/imports/{kept['batch']}") as answer:
            assert (answer.status, await answer.json()) == (200, {"households": 3})
        left = (await there.member.get(f"{API}/households"))["households"]
        assert [each["household"] for each in left] == [before["household"]]
        assert len(await told(edge, "registry.import_undone")) == 1

        def rows(connection: sa.Connection) -> int:
            return int(
                connection.execute(sa.select(sa.func.count()).select_from(tables.households)).scalar_one()
            )

        async def swept() -> bool:
            return await edge.database.read(rows) == 1

        await eventually(swept, 10, "what was taken back is not swept away")
        assert not [secret for secret in SECRETS if secret in caplog.text]


async def test_the_registry_goes_out_masked_unless_the_right_says_otherwise_and_is_told(
    tmp_path: Path,
) -> None:
    async with running_edge(tmp_path) as edge:
        there = await prepared(edge)
        await there.register()

        async def rows(person: Person, status: int = 200, **asked: Any) -> list[list[str]]:
            async with person.http.post(f"{API}/export", json={"format": "csv", **asked}) as answer:
                assert answer.status == status
                text = (await answer.read()).decode("utf-8-sig")
                return list(csv.reader(io.StringIO(text)))[1:] if status == 200 else []

        masked = await rows(await edge.person("dispatcher", COUNTY))
        assert [row[7] for row in masked] == ["云••", "李••"]
        assert not [each for row in masked for each in row if "planted" in each or "1540000" in each]
        assert [row[7] for row in await rows(there.member, grids=[there.grids[0]])] == ["云••", "李••"]
        assert [row[7] for row in await rows(there.desk, full=True)] == ["云青樵", "李石亭"]
        await rows(there.keeper, 403, full=True)
        await rows(there.other, 404, grids=[there.grids[0]])
        exported = await told(edge, "registry.exported")
        assert [(each["masked"], each["persons"]) for each in exported] == [(True, 2), (True, 2), (False, 2)]
