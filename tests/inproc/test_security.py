"""Second factors, policies, sign-ins of others and the first start, over a real server and a real database."""

from __future__ import annotations

import itertools
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pyotp
import pytest
import socketio
import sqlalchemy as sa

from hub.config import load
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command
from hub.first_code import FILE, first_code, forget_first_code
from hub.fresh_password import fresh_password
from hub.house.parts import Accounts
from hub.house.passwords import weaknesses
from hub.house.policies import PasswordPolicy
from hub.rules import parse_data
from hub.store import tables
from signaling.first_start import FirstStart
from signaling.schemas import answers, security
from signaling.second_factor import STEP_S
from tests.support.edge import Edge, running_edge
from tests.support.rules import CITY, COUNTY, VILLAGE
from tests.support.waiting import eventually

SESSION = "/api/v1/session"
_serial = itertools.count()


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def give(edge: Edge, kind: str, who: Account = SYSTEM_ACCOUNT, **data: Any) -> dict[str, Any]:
    command = Command(f"s{next(_serial)}", kind, None, parse_data(kind, data))
    entries = (await edge.writer.submit(command, who)).entries
    return dict(entries[0].data) if entries else {}


@dataclass
class Browser:
    """A browser without a token yet, and an account that can sign in."""

    edge: Edge
    account: Account
    password: str
    http: aiohttp.ClientSession

    async def ask(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        async with self.http.request(method, path, json=body) as answer:
            return answer.status, await answer.json() if answer.status != 204 else {}

    async def sign_in(self, password: str | None = None) -> tuple[int, dict[str, Any]]:
        body = {"username": self.account.username, "password": password or self.password}
        status, answer = await self.ask("POST", SESSION, body)
        self._take(status, answer)
        return status, answer

    async def second(self, challenge: str, code: str) -> tuple[int, dict[str, Any]]:
        status, answer = await self.ask("POST", f"{SESSION}/second", {"challenge": challenge, "code": code})
        self._take(status, answer)
        return status, answer

    def _take(self, status: int, answer: dict[str, Any]) -> None:
        if status == 201:
            answers.SignedIn.model_validate(answer)
            self.http.headers["Authorization"] = f"Bearer {answer['token']}"


async def browser(edge: Edge, role: str, center: str = CITY, *, once: bool = False) -> Browser:
    """A new account in the journal, with a password, and a browser that has not signed in."""
    new = {"username": f"{role}-{next(_serial)}", "name": "某", "role": role, "center": center}
    made = await give(edge, "account.create", accounts=[new])
    id = made["accounts"][0]["account"]
    password = fresh_password()
    await edge.store.set_password(id, password, once=once)
    http = await edge.stack.enter_async_context(aiohttp.ClientSession(edge.url))
    return Browser(edge, edge.writer.state.parts.read(Accounts).by_id[id], password, http)


async def enrol(person: Browser) -> tuple[pyotp.TOTP, list[str], str]:
    """A second factor for who is signed in; its codes for bad days, and the code that is used up already."""
    status, begun = await person.ask("POST", f"{SESSION}/second-factor", {"password": person.password})
    assert status == 201, begun
    security.FactorBegun.model_validate(begun)
    phone = pyotp.TOTP(begun["secret"])
    assert pyotp.parse_uri(begun["uri"]).secret == begun["secret"]
    code = phone.now()
    status, codes = await person.ask("PUT", f"{SESSION}/second-factor", {"code": code})
    assert status == 200, codes
    security.RecoveryCodes.model_validate(codes)
    return phone, codes["recovery_codes"], code


def next_code(phone: pyotp.TOTP) -> str:
    """The code after this one: good already, for phones go wrong, and not used yet."""
    return phone.at(int(time.time()) + STEP_S)


def everything(edge: Edge) -> str:
    """All that the database holds, as text."""
    with edge.database.reading() as connection:
        return "\n".join(
            str(row)
            for table in tables.metadata.sorted_tables
            for row in connection.execute(sa.select(table))
        )


async def test_a_role_that_needs_a_second_factor_gets_one_before_anything_else(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await give(edge, "policy.change", second_factor=["leader"])
    leader = await browser(edge, "leader")
    status, answer = await leader.sign_in()
    assert (status, answer["needs"]) == (201, "second_factor")
    for method, path in (
        ("GET", "/api/v1/meetings"),
        ("GET", "/api/v1/centers"),
        ("PUT", f"{SESSION}/active"),
    ):
        status, refused = await leader.ask(method, path)
        assert (status, refused["error"]["code"]) == (403, "second_factor_needed"), path
    command = {"id": "x", "kind": "report.file", "data": {"situation": "normal"}}
    status, refused = await leader.ask("POST", "/api/v1/commands", command)
    assert (status, refused["error"]["code"]) == (403, "second_factor_needed")
    client = socketio.AsyncClient(reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await client.connect(edge.url, auth={"token": answer["token"]}, transports=["websocket"])

    status, refused = await leader.ask("POST", f"{SESSION}/second-factor", {"password": "wrong"})
    assert (status, refused["error"]["field"]) == (400, "password")
    status, _ = await leader.ask("PUT", f"{SESSION}/second-factor", {"code": "000000"})
    assert status == 409, "nothing was begun"
    phone, recovery, _ = await enrol(leader)
    assert len(set(recovery)) == 10
    assert (await leader.ask("GET", "/api/v1/meetings"))[0] == 200
    status, state = await leader.ask("GET", f"{SESSION}/second-factor")
    security.FactorState.model_validate(state)
    assert (state["recovery_left"], state["required"]) == (10, True)

    text = everything(edge) + caplog.text
    assert phone.secret not in text, "the secret is sealed"
    for code in recovery:
        assert code not in text
        assert code.replace("-", "") not in text


async def test_with_a_second_factor_a_password_alone_opens_nothing_and_each_code_once(edge: Edge) -> None:
    leader = await browser(edge, "leader")
    assert (await leader.sign_in())[1]["needs"] is None, "nobody asks for a second factor"
    phone, recovery, used = await enrol(leader)
    status, asked = await leader.sign_in()
    security.SecondFactorWanted.model_validate(asked)
    assert status == 202
    challenge = asked["second_factor"]["challenge"]
    for wrong, field in ((used, "code"), ("12345", "code"), (recovery[0][:-1] + "2", "code")):
        status, refused = await leader.second(challenge, wrong)
        assert (status, refused["error"]["field"]) == (401, field), wrong
    status, refused = await leader.second(challenge[:-4] + "AAA=", next_code(phone))
    assert (status, refused["error"]["field"]) == (401, "challenge")
    code = next_code(phone)
    assert (await leader.second(challenge, f" {code[:3]} {code[3:]}"))[0] == 201
    assert (await leader.ask("GET", "/api/v1/meetings"))[0] == 200
    assert (await leader.second(challenge, code))[0] == 401, "a code opens once"
    assert (await leader.second(challenge, recovery[3].upper().replace("-", " ")))[0] == 201
    assert (await leader.second(challenge, recovery[3]))[0] == 401, "a code for bad days, too"
    assert (await leader.ask("GET", f"{SESSION}/second-factor"))[1]["recovery_left"] == 9
    used_entry = [row for row in everything(edge).splitlines() if "second_factor.recovery_used" in row]
    assert len(used_entry) == 1


async def test_guessing_codes_is_slowed_and_the_security_administrator_lets_in_again(edge: Edge) -> None:
    leader, guard = await browser(edge, "leader"), await browser(edge, "security_admin")
    await leader.sign_in()
    await guard.sign_in()
    phone, _, _ = await enrol(leader)
    challenge = (await leader.sign_in())[1]["second_factor"]["challenge"]
    statuses = [(await leader.second(challenge, "000000"))[0] for _ in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    _, found = await guard.ask("GET", f"/api/v1/accounts/guarded?q={leader.account.username}")
    security.GuardedAccounts.model_validate(found)
    (row,) = found["accounts"]
    assert row["slowed_s"] > 0
    _, listed = await guard.ask("GET", "/api/v1/accounts/guarded?state=slowed")
    assert [each["id"] for each in listed["accounts"]] == [leader.account.id]
    _, listed = await guard.ask("GET", "/api/v1/accounts/guarded?state=no_factor")
    assert [each["id"] for each in listed["accounts"]] == [guard.account.id]
    _, roles = await guard.ask("GET", "/api/v1/accounts/factors")
    security.Factors.model_validate(roles)
    counted = {each["role"]: (each["having"], each["accounts"]) for each in roles["roles"]}
    assert (counted["leader"], counted["security_admin"], counted["clerk"]) == ((1, 1), (0, 1), (0, 0))
    assert (row["second_factor"], row["sessions"]) == (True, 1)
    unlock = {"id": "u1", "kind": "account.unlock", "data": {"account": leader.account.id}}
    assert (await guard.ask("POST", "/api/v1/commands", unlock))[0] == 200
    assert (await leader.second(challenge, next_code(phone)))[0] == 201


async def test_a_reset_takes_the_second_factor_and_the_sign_ins_away(edge: Edge) -> None:
    leader, guard = await browser(edge, "leader", COUNTY), await browser(edge, "security_admin")
    await leader.sign_in()
    await guard.sign_in()
    _, recovery, _ = await enrol(leader)
    await give(edge, "policy.change", second_factor=["leader"])
    status, found = await guard.ask("GET", f"/api/v1/sessions?account={leader.account.id}")
    security.Sessions.model_validate(found)
    assert (status, len(found["sessions"])) == (200, 1)
    reset = {
        "id": "r1",
        "kind": "second_factor.reset",
        "data": {"account": leader.account.id, "reason": "手机遗失"},
    }
    assert (await guard.ask("POST", "/api/v1/commands", reset))[0] == 200

    async def out() -> bool:
        assert (await leader.ask("GET", "/api/v1/meetings"))[0] == 401, "the sign-in lives"
        return True

    await eventually(out, 2)
    status, answer = await leader.sign_in()
    assert (status, answer["needs"]) == (201, "second_factor")
    assert all(code not in everything(edge) for code in recovery)
    with edge.database.reading() as connection:
        assert connection.execute(sa.select(tables.recovery_codes)).all() == []


async def test_a_password_for_once_is_changed_before_anything_else_and_by_the_policy(edge: Edge) -> None:
    station = await browser(edge, "station", VILLAGE, once=True)
    assert (await station.sign_in())[1]["needs"] == "password"
    assert (await station.ask("GET", "/api/v1/orders"))[1]["error"]["code"] == "password_needed"
    await give(edge, "policy.change", password={"shortest": 12, "classes": 2, "history": 3})
    change = f"{SESSION}/password"
    for new, weakness in (
        ("tQ7-vm2-Lx9", "short"),
        ("longenoughitis", "classes"),
        ("Admin-123456", "common"),
        (station.account.username + "-7x", "name"),
    ):
        status, refused = await station.ask("PUT", change, {"old": station.password, "new": new})
        assert (status, refused["error"]) == (
            400,
            {**refused["error"], "code": "weak_password", "field": weakness},
        )
    fresh = ("tQ7-vm2-Lx9-a", "tQ7-vm2-Lx9-b")
    for old, new in ((station.password, fresh[0]), (fresh[0], fresh[1])):
        assert (await station.ask("PUT", change, {"old": old, "new": new}))[0] == 204
    assert (await station.ask("GET", "/api/v1/orders"))[0] == 200
    for again in (station.password, fresh[0]):
        status, refused = await station.ask("PUT", change, {"old": fresh[1], "new": again})
        assert refused["error"]["field"] == "repeated", again
    assert (await station.sign_in(fresh[1]))[1]["needs"] is None


async def test_an_account_has_as_many_sign_ins_as_the_policy_says_and_the_oldest_ends(edge: Edge) -> None:
    await give(edge, "policy.change", most_sessions=2)
    first = await browser(edge, "clerk")
    await first.sign_in()
    others = []
    for _ in range(2):
        http = await edge.stack.enter_async_context(aiohttp.ClientSession(edge.url))
        others.append(Browser(edge, first.account, first.password, http))
        await others[-1].sign_in()
    assert (await first.ask("GET", "/api/v1/meetings"))[0] == 401
    for each in others:
        assert (await each.ask("GET", "/api/v1/meetings"))[0] == 200
    listed = (await others[1].ask("GET", "/api/v1/sessions"))[1]["sessions"]
    assert [each["own"] for each in listed] == [True, False]


async def test_who_reads_what_of_policies_sign_ins_and_accounts(edge: Edge) -> None:
    people = {
        role: await browser(edge, role)
        for role in ("leader", "system_admin", "security_admin", "audit_admin")
    }
    for each in people.values():
        await each.sign_in()
    victim = await browser(edge, "station", VILLAGE)
    for role, each in people.items():
        status, found = await each.ask("GET", "/api/v1/policy")
        security.Policies.model_validate(found)
        assert (found["all"] is not None) is (role in ("security_admin", "audit_admin")), role
        status, _ = await each.ask("GET", f"/api/v1/sessions?account={victim.account.id}")
        assert status == (404 if role == "leader" else 200), role
        status, _ = await each.ask("GET", "/api/v1/accounts/guarded")
        assert status == (200 if role == "security_admin" else 403), role
        status, found = await each.ask("GET", "/api/v1/accounts/factors")
        assert status == (200 if role == "security_admin" else 403), role
        status, found = await each.ask("GET", "/api/v1/rights")
        security.Rights.model_validate(found)
    status, found = await people["security_admin"].ask(
        "GET", "/api/v1/accounts/guarded?role=administrators&limit=2"
    )
    assert (len(found["accounts"]), found["total"], found["next"]) == (2, 3, found["accounts"][1]["username"])
    unlock = {"password": "x"}
    assert (await people["leader"].ask("POST", f"{SESSION}/unlock", unlock))[1]["error"][
        "field"
    ] == "password"
    unlock = {"password": people["leader"].password}
    assert (await people["leader"].ask("POST", f"{SESSION}/unlock", unlock))[0] == 204


async def test_a_hub_without_accounts_is_set_up_once_with_its_code(edge: Edge, tmp_path: Path) -> None:
    config = load({"HUB_DATA_DIR": str(tmp_path)})
    code = first_code(config)
    assert first_code(config) == code, "a restart asks for the same"
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    edge.services.first_start = FirstStart(
        code, edge.writer, edge.store.set_password, lambda: forget_first_code(config)
    )
    passwords = {duty: fresh_password() for duty in ("system", "security", "audit")}
    body: dict[str, Any] = {
        "code": "AAAA-AAAA-AAAA",
        **{
            duty: {"username": f"{duty}-1", "name": f"{duty}某", "password": passwords[duty]}
            for duty in passwords
        },
    }
    async with aiohttp.ClientSession(edge.url) as http:

        async def set_up(**more: Any) -> tuple[int, str | None]:
            async with http.post("/api/v1/setup", json={**body, **more}) as answer:
                found = await answer.json() if answer.status != 204 else {"error": {}}
                return answer.status, found["error"].get("field")

        async with http.get("/api/v1/setup") as answer:
            state = await answer.json()
            security.FirstStartState.model_validate(state)
            assert (state["needed"], state["root"]["code"]) == (True, CITY)
        assert await set_up() == (403, "code")
        weak = {"username": "system-1", "name": "某", "password": "1234567890"}
        assert await set_up(code=code, system=weak) == (400, "system.common")
        same = {**body["audit"], "password": passwords["system"]}
        assert await set_up(code=code, audit=same) == (400, "audit.password")
        assert edge.writer.state.parts.read(Accounts).by_id == {}
        assert await set_up(code=code.lower()) == (204, None)
        assert not (tmp_path / FILE).exists()
        assert await set_up(code=code) == (409, None)
        async with http.get("/api/v1/setup") as answer:
            assert await answer.json() == {"needed": False, "root": None, "password": None}
        for duty, role in (
            ("system", "system_admin"),
            ("security", "security_admin"),
            ("audit", "audit_admin"),
        ):
            sign_in = {"username": f"{duty}-1", "password": passwords[duty]}
            async with http.post(SESSION, json=sign_in) as answer:
                assert (await answer.json())["account"]["role"] == role
    assert all(password not in everything(edge) for password in passwords.values())


def test_passwords_that_the_hub_makes_are_strong_by_every_policy() -> None:
    for shortest in (8, 16, 64):
        policy = PasswordPolicy(shortest=shortest, classes=4)
        for _ in range(50):
            assert weaknesses(fresh_password(policy), "wangwei", policy) == []
