"""Phones of grid members over a real server: a code shown, a phone bound by it, its two halves, its end."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from hub.store import tables
from signaling.phones import COOKIE_HALF
from signaling.schemas import devices as schemas
from tests.support.edge import Edge, Person, running_edge
from tests.support.rules import COUNTY, VILLAGE

DEVICES = "/api/v1/devices"


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def shown(asker: Person, owner: Person) -> dict[str, Any]:
    """A code that was given out."""
    async with asker.http.post(DEVICES, json={"account": owner.account.id}) as answer:
        found: dict[str, Any] = await answer.json()
        assert answer.status == 201, found
        schemas.DeviceCodeIssued.model_validate(found)
        return found


class Phone:
    """A browser without a sign-in."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self.http = http
        self.told: dict[str, Any] = {}

    async def bind(self, code: str) -> tuple[int, dict[str, Any]]:
        async with self.http.post(f"{DEVICES}/bind", json={"code": code}) as answer:
            self.told = await answer.json()
            return answer.status, self.told

    async def who(self, half: str | None = None) -> int:
        headers = {} if half is None else {"Lianxian-Half": half}
        async with self.http.get("/api/v1/session", headers=headers) as answer:
            return answer.status

    async def standing(self, device: str) -> str:
        async with self.http.get(f"{DEVICES}/{device}/standing") as answer:
            return str((await answer.json())["state"])


async def phone(edge: Edge) -> Phone:
    jar = aiohttp.CookieJar(unsafe=True)
    return Phone(await edge.stack.enter_async_context(aiohttp.ClientSession(edge.url, cookie_jar=jar)))


async def test_a_phone_is_bound_by_a_code_and_opens_with_both_halves_alone(edge: Edge) -> None:
    village = await edge.known_person("dispatcher", VILLAGE)
    member = await edge.known_person("grid_member", VILLAGE)
    issued = await shown(village, member)
    assert issued["address"] == f"{edge.url}/grid#{issued['code']}"
    assert re.fullmatch(r"(?:[A-Z2-9]{4}-){2}[A-Z2-9]{4}", issued["code"])
    one = await phone(edge)
    status, told = await one.bind(issued["code"].replace("-", " ").lower())
    assert status == 201, told
    schemas.DeviceSignedIn.model_validate(told)
    assert told["account"]["id"] == member.account.id
    (cookie,) = one.http.cookie_jar
    assert (cookie.key, len(cookie.value), cookie["httponly"], cookie["samesite"]) == (
        "lianxian_session",
        COOKIE_HALF,
        True,
        "Strict",
    )
    assert await one.who(told["half"]) == 200
    assert await one.who() == 401
    assert await one.who(told["half"][:-1] + "x") == 401
    other = await phone(edge)
    assert (await other.bind(issued["code"]))[0] == 401, "a code is good once"
    rows = (await village.get(DEVICES, center=VILLAGE))["devices"]
    assert [(each["id"], each["state"], each["may_withdraw"]) for each in rows] == [
        (told["device"], "bound", True)
    ]
    mine = await member.get(DEVICES)
    schemas.DeviceList.model_validate(mine)
    assert [each["id"] for each in mine["devices"]] == [told["device"]]


async def test_a_withdrawn_phone_is_signed_out_at_once_and_learns_that_it_was_withdrawn(edge: Edge) -> None:
    village = await edge.known_person("dispatcher", VILLAGE)
    member = await edge.known_person("grid_member", VILLAGE)
    one = await phone(edge)
    _, told = await one.bind((await shown(village, member))["code"])
    assert await one.standing(told["device"]) == "bound"
    assert await one.standing("dv_" + "0" * 18) == await one.standing("x") == "unknown"
    await village.command("device.withdraw", device=told["device"], reason="遗失")
    assert await one.who(told["half"]) == 401
    assert await one.standing(told["device"]) == "withdrawn"
    (row,) = (await village.get(DEVICES, center=VILLAGE))["devices"]
    assert (row["state"], row["why"], row["reason"], row["may_withdraw"]) == (
        "withdrawn",
        "person",
        "遗失",
        False,
    )


async def test_codes_and_halves_stand_nowhere(edge: Edge) -> None:
    village = await edge.known_person("dispatcher", VILLAGE)
    member = await edge.known_person("grid_member", VILLAGE)
    unused, used = await shown(village, member), None
    with edge.database.reading() as connection:
        kept = connection.execute(sa.select(tables.device_codes)).all()
    assert [each.device for each in kept] == [unused["device"]]
    used = await shown(village, member)
    one = await phone(edge)
    _, told = await one.bind(used["code"])
    with edge.database.reading() as connection:
        text = "\n".join(
            str(row)
            for table in tables.metadata.sorted_tables
            for row in connection.execute(sa.select(table))
        )
        assert connection.execute(sa.select(tables.device_codes)).all() == [], "the replaced one is gone, too"
    for secret in (used["code"], used["code"].replace("-", ""), told["half"], unused["code"]):
        assert secret not in text


async def test_guesses_are_slowed_and_strangers_learn_nothing(edge: Edge) -> None:
    await edge.known_person("grid_member", VILLAGE)
    one = await phone(edge)
    answers = [(await one.bind(f"AAAA-BBBB-CC{n:02d}"))[0] for n in range(12)]
    assert answers == [401] * 10 + [429] * 2
    stranger = await edge.known_person("station", COUNTY)
    for center in (VILLAGE, "999999999999"):
        async with stranger.http.get(DEVICES, params={"center": center}) as answer:
            assert answer.status == 404
            assert (await answer.json())["error"]["message"] == "there is no such center"
