"""Administration over HTTP: lists that are looked at before they count, one-time passwords, what is in use, and whose it is."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pyotp
import pytest
import sqlalchemy as sa

from hub.clock import system_clock, to_wire
from hub.directory.accounts import ROLES, SYSTEM_ACCOUNT
from hub.grids.catalog import grids_in
from hub.house.parts import Accounts, tree_of
from hub.store import tables
from hub.store.registry_made import write_made
from signaling.one_time import make_one_time
from tests.support.edge import PASSWORD, Edge, Person, running_edge
from tests.support.journal import command
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN, TREE, VILLAGE
from tests.support.waiting import eventually

SECOND_STEP = "/api/v1/session/second"
CHOSEN = "一条河流大波浪宽-2026"


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        rows = [
            {"code": each.code, "name": each.name, "level": each.level, "parent": each.parent}
            for each in TREE.subtree(CITY)
        ]
        await made.writer.submit(command("center.import", centers=rows), SYSTEM_ACCOUNT)

        def learn(entries: Any) -> None:
            made.services.tree = tree_of(made.writer.state)

        made.writer.subscribe(learn)
        yield made


async def post(
    person: Person, path: str, body: bytes | io.BytesIO | dict[str, Any], **params: str
) -> tuple[int, dict[str, Any]]:
    more: dict[str, Any] = {"json": body} if isinstance(body, dict) else {"data": body}
    async with person.http.post(path, params=params, **more) as answer:
        found: dict[str, Any] = await answer.json()
        return answer.status, found


async def make_account(edge: Edge, username: str, role: str = "station", center: str = VILLAGE) -> str:
    new = {"username": username, "name": "值守", "role": role, "center": center}
    answer = await edge.writer.submit(command("account.create", accounts=[new]), SYSTEM_ACCOUNT)
    return str(answer.entries[0].data["accounts"][0]["account"])


async def begin(edge: Edge, username: str, password: str, agent: str = "x") -> tuple[int, dict[str, Any]]:
    async with (
        aiohttp.ClientSession(edge.url, headers={"User-Agent": agent}) as browser,
        browser.post("/api/v1/session", json={"username": username, "password": password}) as answer,
    ):
        return answer.status, await answer.json()


async def test_a_village_goes_with_its_empty_grids_and_stays_while_somebody_is_registered_there(
    edge: Edge,
) -> None:
    admin = await edge.known_person("system_admin", COUNTY)
    desk = await edge.known_person("dispatcher", COUNTY)
    made = await desk.command("grid.make", village=OTHER_VILLAGE, grids=[{"name": "一组"}, {"name": "二组"}])
    lived, empty = (each["grid"] for each in made["entries"][0]["data"]["grids"])
    registry = edge.services.registry
    await asyncio.to_thread(write_made, edge.database, registry.key, [(lived, 3)], 2)
    path = "/api/v1/centers/import"
    text = (
        f"代码,名称,级别,上级代码\n{TOWN},坦渡镇,乡镇街道,{COUNTY}\n{VILLAGE},坦渡村,村社区,{TOWN}\n".encode()
    )
    status, seen = await post(admin, path, text)
    assert status == 200
    (missing,) = seen["missing"]
    assert (missing["code"], missing["grids"], missing["households"]) == (OTHER_VILLAGE, 2, 3)
    used = await admin.get(f"/api/v1/centers/{TOWN}/use")
    assert (used["grids"], used["households"]) == (2, 3)

    rows = [{"code": TOWN, "name": "坦渡镇", "level": "township", "parent": COUNTY}]
    rows.append({"code": VILLAGE, "name": "坦渡村", "level": "village", "parent": TOWN})
    by_command: tuple[tuple[str, dict[str, Any]], ...] = (
        ("center.remove", {"center": OTHER_VILLAGE}),
        ("center.import", {"centers": rows, "within": COUNTY}),
    )
    stranger = await edge.known_person("system_admin", OTHER_COUNTY)
    for kind, data in by_command:
        body = {"id": kind, "kind": kind, "data": data}
        status, told = await post(admin, "/api/v1/commands", body)
        assert (status, told["error"]["field"]) == (409, "households"), told
        status, told = await post(stranger, "/api/v1/commands", body)
        assert status in (403, 404), "who may not do it learns nothing of who lives there"
    body = {"id": "g", "kind": "grid.remove", "data": {"village": OTHER_VILLAGE, "grids": [lived]}}
    status, told = await post(await edge.known_person("dispatcher", OTHER_COUNTY), "/api/v1/commands", body)
    assert (status, told["error"]["code"]) == (404, "not_found")
    status, told = await post(admin, path, text, expects=seen["mark"], missing="remove")
    assert (status, told["error"]["field"]) == (409, "households")

    await desk.command("grid.make", village=VILLAGE, grids=[{"name": "新一组"}])
    leaver = await edge.known_person("dispatcher", OTHER_VILLAGE)
    for household in await registry.in_grids([lived]):
        away = {"id": f"l{household.household}", "base": household.seq}
        one = f"/api/v1/registry/households/{household.household}/leave"
        assert (await post(leaver, one, away))[0] == 200
    await edge.writer.submit(command("account.delete", account=leaver.account.id), SYSTEM_ACCOUNT)
    status, seen = await post(admin, path, text)
    assert [(each["grids"], each["households"]) for each in seen["missing"]] == [(2, 0)]
    status, done = await post(admin, path, text, expects=seen["mark"], missing="remove")
    assert (status, done["gone"]) == (200, 1), done
    assert grids_in(edge.writer.state).of_village.keys() == {VILLAGE}
    history = tables.grid_history.c
    query = sa.select(history.grid).where(history.kind == "removed").order_by(history.grid)
    ended = await edge.database.read(lambda connection: connection.execute(query).scalars().all())
    assert ended == [lived, empty], "what became of them stands in their history"


async def test_a_list_of_centers_is_looked_at_and_then_applied_whole(edge: Edge) -> None:
    admin = await edge.person("system_admin", COUNTY)
    text = (
        "代码,名称,级别,上级代码,功能区\n"
        f"{TOWN},坦渡镇,乡镇街道,{COUNTY},否\n"
        f"{VILLAGE},坦渡新村,村社区,{TOWN},否\n"
        f"430682115999,工业园,村社区,{TOWN},是\n"
        f"43,错行,村社区,{TOWN},否\n"
    ).encode("gb18030")
    path = "/api/v1/centers/import"
    status, seen = await post(admin, path, text)
    assert status == 200
    assert [each["code"] for each in seen["new"]] == ["430682115999"]
    assert [(each["was"]["name"], each["now"]["name"]) for each in seen["changed"]] == [
        ("坦渡村", "坦渡新村")
    ]
    assert [each["name"] for each in seen["missing"]] == ["长岭社区"]
    assert [(each["row"], each["column"], each["why"], each["value"]) for each in seen["wrong"]] == [
        (5, "code", "code", "43")
    ]
    assert VILLAGE in edge.services.tree
    assert edge.services.tree[VILLAGE].name == "坦渡村"
    status, refused = await post(admin, path, text, expects=seen["mark"], missing="remove")
    assert (status, refused["error"]["field"]) == (422, "missing")
    status, done = await post(admin, path, text, expects=seen["mark"])
    assert (status, done["put"], done["gone"]) == (200, 2, 0)
    assert edge.services.tree[VILLAGE].name == "坦渡新村"
    assert edge.services.tree["430682115999"].functional
    status, refused = await post(admin, path, text, expects=seen["mark"])
    assert (status, refused["error"]["code"]) == (409, "wrong_state")
    right = text.decode("gb18030").rsplit("43,", 1)[0].encode()
    status, seen = await post(admin, path, right)
    status, done = await post(admin, path, right, expects=seen["mark"], missing="remove")
    assert (status, done["gone"]) == (200, 1)
    for kind in ("csv", "xlsx"):
        async with admin.http.get("/api/v1/centers/export", params={"format": kind}) as answer:
            assert f"centers.{kind}" in answer.headers["Content-Disposition"]
            status, seen = await post(admin, path, await answer.read())
        assert [seen[each] for each in ("new", "changed", "missing", "wrong", "reordered")] == [
            [],
            [],
            [],
            [],
            0,
        ]
        assert seen["same"] == 4


async def test_a_file_that_is_no_list_is_refused_and_too_large_ones_are_not_read(edge: Edge) -> None:
    admin = await edge.person("system_admin", CITY)
    status, told = await post(admin, "/api/v1/centers/import", b"PK\x03\x04 no archive")
    assert (status, told["error"]["code"], told["error"]["field"]) == (422, "unprocessable", "kind")
    status, told = await post(admin, "/api/v1/accounts/import", io.BytesIO(b"x" * (9 << 20)))
    assert (status, told["error"]["code"]) == (413, "too_large")
    status, told = await post(admin, "/api/v1/centers/import", b"x", within=TOWN + "1")
    assert status == 400


async def test_an_imported_account_signs_in_once_and_can_only_change_its_password(edge: Edge) -> None:
    admin = await edge.person("system_admin", COUNTY)
    text = "账号,姓名,角色,中心\nli,李某,站点,坦渡镇/坦渡村\nfeng,冯某,安全管理员,坦渡镇\n".encode()
    status, seen = await post(admin, "/api/v1/accounts/import", text)
    assert status == 200
    assert [(each["username"], each["center"], each["path"]) for each in seen["new"]] == [
        ("li", VILLAGE, ["岳阳市", "临湘市", "坦渡镇", "坦渡村"])
    ]
    assert [each["why"] for each in seen["wrong"]] == ["not_yours"]
    new = {name: seen["new"][0][name] for name in ("username", "name", "role", "center")}
    made = await admin.command("account.create", accounts=[new])
    account = made["entries"][0]["data"]["accounts"][0]["account"]
    status, given = await post(admin, "/api/v1/accounts/one-time", {"accounts": [account]})
    assert status == 201
    password = given["passwords"][0]["password"]
    assert given["passwords"][0]["username"] == "li"
    status, answer = await begin(edge, "li", password)
    assert (status, answer["needs"]) == (201, "password")
    headers = {"Authorization": f"Bearer {answer['token']}"}
    async with aiohttp.ClientSession(edge.url, headers=headers) as http:
        for path in ("/api/v1/centers", "/api/v1/orders", "/api/v1/meetings"):
            async with http.get(path) as refused:
                assert (refused.status, (await refused.json())["error"]["code"]) == (
                    403,
                    "password_needed",
                )
        report = {"id": "x", "kind": "report.file", "data": {"situation": "normal"}}
        async with http.post("/api/v1/commands", json=report) as refused:
            assert refused.status == 403
        async with http.post("/whip/m_000000000000000000", data="v=0") as refused:
            assert refused.status == 403
        async with http.get("/api/v1/session") as own:
            assert (await own.json())["needs"] == "password"
        async with http.put("/api/v1/session/password", json={"old": password, "new": CHOSEN}) as changed:
            assert changed.status == 204
        async with http.get("/api/v1/centers") as allowed:
            assert allowed.status == 200
    assert (await begin(edge, "li", password))[0] == 401
    assert (await begin(edge, "li", CHOSEN))[1]["needs"] is None
    with edge.database.reading() as connection:
        told = [row.data for row in connection.execute(sa.select(tables.entries.c.data))]
    assert not any(password in each for each in told)


async def test_a_one_time_password_is_good_for_seven_days_and_ends_sessions(edge: Edge) -> None:
    admin = await edge.person("system_admin", CITY)
    account = await make_account(edge, "wang")
    await edge.store.set_password(account, PASSWORD)
    token = (await begin(edge, "wang", PASSWORD))[1]["token"]
    status, given = await post(admin, "/api/v1/accounts/one-time", {"accounts": [account]})
    left = given["until"]
    assert (
        to_wire(system_clock() + timedelta(days=6, hours=23))
        < left
        < to_wire(system_clock() + timedelta(days=7))
    )
    async with (
        aiohttp.ClientSession(edge.url, headers={"Authorization": f"Bearer {token}"}) as http,
        http.get("/api/v1/session") as ended,
    ):
        assert ended.status == 401
    assert (await begin(edge, "wang", PASSWORD))[0] == 401
    with edge.database.writing() as connection:
        late = {"one_time_until": to_wire(system_clock() - timedelta(seconds=1))}
        connection.execute(
            tables.credentials.update().where(tables.credentials.c.account == account).values(late)
        )
    status, told = await begin(edge, "wang", given["passwords"][0]["password"])
    assert (status, told["error"]["code"]) == (403, "password_expired")
    assert (await begin(edge, "wang", "something else"))[0] == 401


async def test_a_leaders_password_is_given_by_who_asked_once_the_security_administrator_agreed(
    edge: Edge,
) -> None:
    admin, guard = await edge.person("system_admin", CITY), await edge.person("security_admin", CITY)
    account = await make_account(edge, "zhou", role="leader", center=COUNTY)
    await edge.store.set_password(account, PASSWORD)
    factors = edge.services.accounts.factors
    assert factors is not None
    path = "/api/v1/accounts/one-time"

    async def rights() -> tuple[list[str], str | None]:
        found = await admin.get(f"/api/v1/accounts/{account}")
        return found["can"], found["waits"]

    async def requested() -> tuple[int, int]:
        waits, granted = [await admin.get("/api/v1/accounts", request=each) for each in ("waits", "granted")]
        return waits["total"], granted["total"]

    assert await rights() == (["manage", "ask_password"], None)
    status, told = await post(admin, path, {"accounts": [account]})
    assert (status, told["error"]["code"], told["error"]["field"]) == (409, "approval_needed", "accounts")
    assert (await begin(edge, "zhou", PASSWORD))[0] == 201, "nothing was taken away"
    secret = (await factors.begin(account, "zhou")).secret
    recovery = await factors.confirm(account, pyotp.TOTP(secret).now())
    await admin.command("right.propose_password", accounts=[account], reason="忘记密码")
    assert await rights() == (["manage", "ask_password"], "password")
    assert await requested() == (1, 0)
    (waits,) = (await guard.get("/api/v1/rights"))["rights"]
    assert (waits["password"], waits["may_decide"], waits["reason"]) == (True, True, "忘记密码")
    await guard.command("right.approve", proposal=waits["id"])
    assert await rights() == (["manage", "give_password"], None)
    assert await requested() == (0, 1)
    status, given = await post(admin, path, {"accounts": [account]})
    assert status == 201
    assert await rights() == (["manage", "ask_password"], None)
    status, answer = await begin(edge, "zhou", given["passwords"][0]["password"])
    assert status == 202, "the second factor is asked for as before"
    step = {"challenge": answer["second_factor"]["challenge"], "code": recovery[0]}
    async with aiohttp.ClientSession(edge.url) as browser, browser.post(SECOND_STEP, json=step) as signed:
        told = await signed.json()
    assert (signed.status, told["needs"]) == (201, "password")
    assert told["password_given_at"] is not None


async def test_accounts_are_listed_page_by_page_and_found_by_name_pinyin_and_center(edge: Edge) -> None:
    admin = await edge.person("system_admin", COUNTY)
    names = [f"u{number}" for number in range(5)]
    for name in names:
        await make_account(edge, name)
    await make_account(edge, "elsewhere", center=OTHER_COUNTY)
    ids: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = await admin.get("/api/v1/accounts", limit="2", **after)
        ids += [each["username"] for each in page["accounts"]]
        assert page["total"] == 5
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert ids == names
    for query, found in (
        ({"q": "u3"}, ["u3"]),
        ({"q": "zhishou"}, names),
        ({"q": "坦渡"}, names),
        ({"q": "湘潭"}, []),
        ({"role": "leader"}, []),
        ({"center": TOWN}, names),
        ({"disabled": "yes"}, []),
    ):
        page = await admin.get("/api/v1/accounts", **query)
        assert [each["username"] for each in page["accounts"]] == found, query
    page = await admin.get("/api/v1/accounts", q="u3")
    one = await admin.get(f"/api/v1/accounts/{page['accounts'][0]['id']}")
    assert (one["password"], one["sessions"]) == ("none", 0)
    assert (one["can"], one["waits"]) == (["manage", "give_password"], None)
    async with admin.http.get("/api/v1/accounts/export", params={"q": "u3"}) as answer:
        assert "u3,值守,station" in (await answer.read()).decode("utf-8-sig")


async def test_sessions_are_listed_with_what_they_come_from_and_ended_one_by_one(edge: Edge) -> None:
    admin, guard = await edge.person("system_admin", CITY), await edge.person("security_admin", CITY)
    account = await make_account(edge, "wang")
    await edge.store.set_password(account, PASSWORD)
    chrome = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36"
    tokens = [
        (await begin(edge, "wang", PASSWORD, agent))[1]["token"]
        for agent in (chrome, "Python/3.11 aiohttp/3")
    ]
    seen = await admin.get("/api/v1/accounts/sessions", account=account)
    assert [each["agent"] for each in seen["sessions"]] == ["aiohttp 3", "Chrome 156 · Windows"]
    assert [each["network"] for each in seen["sessions"]] == ["127.0.0.0/24"] * 2
    assert all(each["can"] == [] and not each["own"] for each in seen["sessions"])
    first = await admin.get("/api/v1/accounts/sessions", account=account, limit="1")
    rest = await admin.get("/api/v1/accounts/sessions", account=account, limit="1", after=first["next"])
    assert first["sessions"] + rest["sessions"] == seen["sessions"]
    listed = (await guard.get("/api/v1/accounts/sessions", account=account))["sessions"]
    assert listed[0]["can"] == ["guard"]
    await guard.command("session.end", account=account, session=listed[0]["session"])
    left = await guard.get("/api/v1/accounts/sessions", account=account)
    assert [each["agent"] for each in left["sessions"]] == ["Chrome 156 · Windows"]
    for token, status in zip(tokens, (200, 401), strict=True):
        async with (
            aiohttp.ClientSession(edge.url, headers={"Authorization": f"Bearer {token}"}) as http,
            http.get("/api/v1/session") as answer,
        ):
            assert answer.status == status
    told = json.dumps(seen)
    assert not any(token in told for token in tokens)


async def test_stations_are_counted_by_county_and_never_seen_ones_are_named(edge: Edge) -> None:
    admin = await edge.person("system_admin", CITY)
    await make_account(edge, "wang")
    there = await admin.get("/api/v1/stations", within=COUNTY, state="never")
    assert [each["code"] for each in there["centers"]] == [VILLAGE]
    station = await edge.person("station", VILLAGE)
    socket = await edge.listen(station)

    async def online() -> bool:
        seen = await admin.get("/api/v1/stations")
        (county,) = [each for each in seen["groups"] if each["code"] == COUNTY]
        return bool(county["online"] == 1 and county["centers"] == 4)

    await eventually(online, 5, "the station is not counted")
    await socket.client.disconnect()
    with edge.database.writing() as connection:
        by = (await admin.get("/api/v1/accounts", q="wang"))["accounts"][0]["id"]
        seen_at = {"signed_in_at": "2026-11-23T08:00:00.000000Z", "account": by, "password_hash": ""}
        connection.execute(tables.credentials.insert(), seen_at)
    whole = await admin.get("/api/v1/stations", within=COUNTY, limit="3")
    rest = await admin.get("/api/v1/stations", within=COUNTY, limit="3", after=whole["next"])
    assert whole["total"] == 4 == len(whole["centers"]) + len(rest["centers"])
    (group,) = (await admin.get("/api/v1/stations", within=VILLAGE))["groups"]
    assert group["code"] == VILLAGE


async def test_what_taking_a_center_away_would_touch_is_told_before(edge: Edge) -> None:
    admin, leader = await edge.person("system_admin", CITY), await edge.person("leader", CITY)
    await make_account(edge, "wang")
    await leader.command("meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE], record=False)
    use = await admin.get(f"/api/v1/centers/{TOWN}/use")
    assert use == {"center": TOWN, "below": 2, "accounts": 1, "meetings": 1, "grids": 0, "households": 0}


#: Whose each read and write is; for everybody else it is forbidden or not there.
READERS = {"system_admin", "security_admin", "audit_admin"}
MATRIX: tuple[tuple[str, str, bytes | dict[str, Any] | None, set[str]], ...] = (
    ("GET", "/api/v1/accounts", None, READERS),
    ("GET", "/api/v1/accounts/{account}", None, READERS),
    ("GET", "/api/v1/accounts/export", None, READERS),
    ("GET", "/api/v1/accounts/sessions", None, READERS),
    ("GET", "/api/v1/stations", None, READERS),
    ("GET", "/api/v1/centers/export", None, READERS),
    ("GET", f"/api/v1/centers/{VILLAGE}/use", None, READERS),
    ("POST", "/api/v1/centers/import", b"code,name,level,parent_code\n", {"system_admin"}),
    ("POST", "/api/v1/accounts/import", b"username,name,role,center\n", {"system_admin", "security_admin"}),
    ("POST", "/api/v1/grids/import", b"village,grid\n", {"system_admin", "leader", "dispatcher"}),
    ("POST", "/api/v1/accounts/one-time", {"accounts": ["{account}"]}, {"system_admin"}),
)


@pytest.mark.parametrize("place", ["own", "beside"])
async def test_each_call_is_there_for_its_administrators_alone(edge: Edge, place: str) -> None:
    account = await make_account(edge, "wang")
    people = {role: await edge.person(role, COUNTY if place == "own" else OTHER_COUNTY) for role in ROLES}
    for method, path, body, roles in MATRIX:
        for role, person in people.items():
            allowed = role in roles
            named = "{account}" in path or VILLAGE in path or method == "POST"
            if place == "beside" and named and role != "audit_admin" and "import" not in path:
                allowed = False
            sent = (
                json.loads(json.dumps(body).replace("{account}", account)) if isinstance(body, dict) else body
            )
            more: dict[str, Any] = {"json": sent} if isinstance(sent, dict) else {"data": sent}
            url = path.replace("{account}", account)
            async with person.http.request(method, url, **(more if body is not None else {})) as answer:
                assert (answer.status in (200, 201)) == allowed, f"{role} {method} {path}: {answer.status}"
                if not allowed:
                    assert answer.status in (403, 404)
    assert account in edge.writer.state.parts.read(Accounts).by_id


def test_one_time_passwords_are_never_twice_the_same() -> None:
    assert len({make_one_time() for _ in range(1000)}) == 1000
