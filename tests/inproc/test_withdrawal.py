"""Whatever withdraws a sign-in ends its sockets, media sessions, downloads and commands within 2 s; others go on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from hub.clock import system_clock, to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.entry import Command
from hub.errors import Refusal
from hub.rules import parse_data
from hub.store import tables
from hub.store.database import Database
from signaling.schemas import events
from signaling.sessions import token_hash
from tests.support.directory_rows import Elsewhere
from tests.support.edge import PASSWORD, Edge, Listener, Person, running_edge
from tests.support.objects import jpeg, put
from tests.support.recorded_part import RecordedPart
from tests.support.rules import CITY, COUNTY, VILLAGE
from tests.support.waiting import eventually

SDP = {"Content-Type": "application/sdp"}
OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\n"
#: Everything withdrawn ends within this.
PROMISE_S = 2.0
#: Whose page goes on is answered, however busy the machine is.
PATIENT_S = 15.0


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


@asynccontextmanager
async def other_process(edge: Edge) -> AsyncIterator[tuple[Elsewhere, Database]]:
    """The accounts as another process has them, over connections of its own."""
    database = Database(edge.database.engine.url.render_as_string(hide_password=False))
    try:
        yield Elsewhere(database), database
    finally:
        await database.close()


class Page:
    """What one sign-in of a person has open: a socket, a media session, a download that is not being read."""

    def __init__(
        self, person: Person, socket: Listener, download: aiohttp.ClientResponse, session: str
    ) -> None:
        self.person = person
        self.socket = socket
        self.session = session
        self._download = download
        self._edge = person.edge

    @classmethod
    async def open(cls, person: Person, meeting: str, part: RecordedPart) -> Page:
        socket = await person.edge.listen(person)
        async with person.http.post(f"/whip/{meeting}", data=OFFER, headers=SDP) as answer:
            assert answer.status == 201
            session = answer.headers["Location"].rpartition("/")[2]
        download = await person.http.get(part.url)
        assert download.status == 200
        person.edge.stack.callback(download.close)
        return cls(person, socket, download, session)

    async def try_command(self, patience_s: float = 1) -> dict[str, object]:
        """A command over the open socket: the refusal, {} if it was taken, or nothing can be said any more."""
        body = {
            "id": f"t{time.monotonic_ns()}",
            "kind": "order.issue",
            "data": {"text": "x", "targets": [VILLAGE]},
        }
        try:
            answer: dict[str, dict[str, object]] = await asyncio.wait_for(
                self.socket.client.call("command", body), patience_s
            )
        except Exception:
            return {"code": "unauthenticated"}
        return answer.get("error", {})

    def goes_on(self) -> bool:
        connected: bool = self.socket.client.connected
        return connected and self.session in self._edge.media.sessions

    async def has_ended(self, reason: str) -> bool:
        """Whether all of it is over. Raises AssertionError saying what is not."""
        assert self.session not in self._edge.media.sessions, "its media session runs"
        told = self.socket.of("session_ended")
        assert told == [{"reason": reason}], f"it was told {told}"
        events.SessionEndedEvent.model_validate(told[0])
        assert [e["reason"] for e in self.socket.of("media", kind="closed")] == ["withdrawn"]
        assert not self.socket.client.connected, "its socket is open"
        return True

    async def download_is_cut(self) -> bool:
        with pytest.raises(aiohttp.ClientError):
            await self._download.read()
        return True


async def sign_out(page: Page, edge: Edge) -> str:
    async with page.person.http.delete("/api/v1/session") as answer:
        assert answer.status == 204
    return "signed_out"


async def sign_out_without_store(page: Page, edge: Edge) -> str:
    """The disk is full: nothing can be written."""

    async def full(work: object) -> None:
        raise Refusal("unavailable", "database or disk is full")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edge.database, "write", full)
        reason = await sign_out(page, edge)
        async with page.person.http.get("/api/v1/session") as answer:
            assert answer.status == 401, "the token lives"
    return reason


async def change_password(page: Page, edge: Edge) -> str:
    """Its owner gives another password on another page."""
    body = {"username": page.person.account.username, "password": PASSWORD}
    async with aiohttp.ClientSession(edge.url) as browser:
        async with browser.post("/api/v1/session", json=body) as answer:
            token = (await answer.json())["token"]
        headers = {"Authorization": f"Bearer {token}"}
        change = {"old": PASSWORD, "new": "风调雨顺国泰民安-12"}
        async with browser.put("/api/v1/session/password", json=change, headers=headers) as answer:
            assert answer.status == 204
    return "changed"


async def disable(page: Page, edge: Edge) -> str:
    async with other_process(edge) as (store, _):
        await store.set_disabled(page.person.account.id, True)
    return "disabled"


async def delete(page: Page, edge: Edge) -> str:
    async with other_process(edge) as (store, _):
        await store.remove(page.person.account.id)
    return "disabled"


async def give_another_role(page: Page, edge: Edge) -> str:
    async with other_process(edge) as (store, _):
        await store.set_place(page.person.account.id, role="clerk")
    return "changed"


async def give_another_center(page: Page, edge: Edge) -> str:
    async with other_process(edge) as (store, _):
        await store.set_place(page.person.account.id, center=COUNTY)
    return "changed"


async def give_another_password(page: Page, edge: Edge) -> str:
    async with other_process(edge) as (store, _):
        await store.set_password(page.person.account.id, "another one")
    return "changed"


async def end_all_sessions(page: Page, edge: Edge) -> str:
    async with other_process(edge) as (store, _):
        await store.revoke_all(page.person.account.id)
    return "signed_out"


async def raise_in_sql(page: Page, edge: Edge) -> str:
    """Somebody writes to the database by hand."""
    table = tables.accounts
    change = table.update().where(table.c.id == page.person.account.id).values(role="dispatcher")
    async with other_process(edge) as (_, database):
        await database.write(lambda connection: connection.execute(change))
    return "changed"


async def end_this_one_elsewhere(page: Page, edge: Edge) -> str:
    """Its owner ends this sign-in from a list of his, in another browser."""
    other = await edge.signed_in_again(page.person)
    found = await other.get("/api/v1/sessions")
    (this,) = [each["id"] for each in found["sessions"] if not each["own"]]
    await other.command("session.end", session=this)
    return "signed_out"


async def _policy_after(page: Page, edge: Edge, column: str, **terms: int) -> str:
    """The token is two hours old (or unused for so long); then the policy says less."""
    table, past = tables.tokens, to_wire(system_clock() - timedelta(hours=2))
    change = table.update().where(table.c.hash == token_hash(page.person.token)).values(**{column: past})
    async with other_process(edge) as (_, database):
        await database.write(lambda connection: connection.execute(change))
    assert page.goes_on(), "nothing is demanded yet"
    sessions = [{"role": page.person.account.role, **terms}]
    data = parse_data("policy.change", {"sessions": sessions})
    await edge.writer.submit(Command("policy", "policy.change", None, data), SYSTEM_ACCOUNT)
    return "expired"


async def shorten_by_policy(page: Page, edge: Edge) -> str:
    return await _policy_after(page, edge, "created_at", hours=1)


async def idle_by_policy(page: Page, edge: Edge) -> str:
    table, past = tables.tokens, to_wire(system_clock() - timedelta(hours=3))
    change = table.update().where(table.c.hash == token_hash(page.person.token)).values(created_at=past)
    async with other_process(edge) as (_, database):
        await database.write(lambda connection: connection.execute(change))
    return await _policy_after(page, edge, "seen_at", idle_minutes=60)


async def end_all_by_guard(page: Page, edge: Edge) -> str:
    guard = await edge.person("security_admin", CITY)
    await guard.command("account.sign_out", account=page.person.account.id)
    return "signed_out"


async def disable_by_guard(page: Page, edge: Edge) -> str:
    guard = await edge.person("security_admin", CITY)
    await guard.command("account.disable", account=page.person.account.id)
    return "disabled"


async def give_another_role_by_guard(page: Page, edge: Edge) -> str:
    guard = await edge.person("security_admin", CITY)
    await guard.command("account.change", account=page.person.account.id, role="clerk")
    return "changed"


async def want_another_second_factor(page: Page, edge: Edge) -> str:
    """The phone is lost: the next sign-in begins with another second factor."""
    guard = await edge.person("security_admin", CITY)
    await guard.command("second_factor.reset", account=page.person.account.id, reason="手机遗失")
    return "signed_out"


async def give_one_time_password(page: Page, edge: Edge) -> str:
    """Asked for by the system administrator, agreed to by the security administrator, given."""
    guard, system = await edge.person("security_admin", CITY), await edge.person("system_admin", CITY)
    asked = await system.command(
        "right.propose_password", accounts=[page.person.account.id], reason="忘记密码"
    )
    await guard.command("right.approve", proposal=asked["entries"][0]["data"]["proposal"])
    assert page.goes_on(), "nothing was given yet"
    body = {"accounts": [page.person.account.id]}
    async with system.http.post("/api/v1/accounts/one-time", json=body) as answer:
        assert answer.status == 201, await answer.text()
    return "changed"


async def let_expire(page: Page, edge: Edge) -> str:
    table, past = tables.tokens, to_wire(system_clock() - timedelta(seconds=1))
    change = table.update().where(table.c.hash == token_hash(page.person.token)).values(expires_at=past)
    async with other_process(edge) as (_, database):
        await database.write(lambda connection: connection.execute(change))
    return "expired"


@pytest.mark.parametrize(
    "withdraw",
    [
        sign_out,
        sign_out_without_store,
        end_this_one_elsewhere,
        shorten_by_policy,
        idle_by_policy,
        change_password,
        disable,
        delete,
        end_all_by_guard,
        disable_by_guard,
        give_another_role_by_guard,
        want_another_second_factor,
        give_one_time_password,
        give_another_role,
        give_another_center,
        give_another_password,
        end_all_sessions,
        raise_in_sql,
        let_expire,
    ],
    ids=lambda way: way.__name__,
)
async def test_whatever_is_withdrawn_ends_within_two_seconds(
    edge: Edge, monkeypatch: pytest.MonkeyPatch, withdraw: Callable[[Page, Edge], Awaitable[str]]
) -> None:
    leader, chair = await edge.known_person("leader", CITY), await edge.person("leader", CITY, number=1)
    opened = await chair.command("meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE])
    meeting = opened["entries"][0]["meeting"]
    part = RecordedPart(edge, meeting, monkeypatch)
    part.write(64 * 1024 * 1024)
    page, beside = await Page.open(leader, meeting, part), await Page.open(chair, meeting, part)
    await edge.services.accounts.withdrawal.look()  # from now on it is known which password it was
    reason = await withdraw(page, edge)
    begun = time.monotonic()
    await eventually(lambda: page.has_ended(reason), PROMISE_S)
    async with asyncio.timeout(max(0.1, PROMISE_S - (time.monotonic() - begun))):
        await page.download_is_cut()
    assert (await page.try_command())["code"] == "unauthenticated"
    async with page.person.http.get("/api/v1/session") as answer:
        assert answer.status == 401
    assert beside.goes_on(), "somebody else's page has ended"
    assert await beside.try_command(PATIENT_S) == {}


async def test_every_kind_of_download_and_an_upload_are_cut(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recording and a file, whole and in part, none of them read by a slow line; and a file that is being sent."""
    leader, beside = await edge.person("leader", CITY), await edge.person("leader", CITY, number=1)
    opened = await leader.command("meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE])
    part = RecordedPart(edge, opened["entries"][0]["meeting"], monkeypatch)
    part.write(64 * 1024 * 1024)
    status, film = await put(leader.http, jpeg(48 * 1024 * 1024))
    assert status == 201
    attached = [{**film, "name": "现场.jpg"}]
    await leader.command("report.file", situation="abnormal", text="水位上涨", attachments=attached)
    url = f"/api/v1/objects/{film['object']}"
    tail = {"Range": "bytes=1024-"}

    async def begun(who: Person, path: str, headers: dict[str, str]) -> aiohttp.ClientResponse:
        answer = await who.http.get(path, headers=headers)
        edge.stack.callback(answer.close)
        assert answer.status == (206 if headers else 200)
        return answer

    cut = [await begun(leader, path, headers) for path in (part.url, url) for headers in ({}, tail)]
    goes_on = await begun(beside, url, tail)
    sending = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield jpeg(64 * 1024, "another")
        sending.set()
        await asyncio.Event().wait()

    upload = asyncio.create_task(
        leader.http.put("/api/v1/objects", data=slowly(), headers={"Content-Type": "image/jpeg"})
    )
    await asyncio.wait_for(sending.wait(), 5)
    edge.services.accounts.withdrawal.end(token_hash(leader.token), "disabled")
    async with asyncio.timeout(PROMISE_S):
        for answer in cut:
            with pytest.raises(aiohttp.ClientError):
                await answer.read()
        try:
            refused = await upload
        except aiohttp.ClientError:
            pass
        else:
            assert refused.status == 401
    assert len(await goes_on.read()) == 48 * 1024 * 1024 - 1024


async def test_it_is_found_in_either_database(database_url: str, tmp_path: Path) -> None:
    async with running_edge(tmp_path, database_url=database_url) as edge:
        leader = await edge.person("leader", CITY)
        socket = await edge.listen(leader)
        async with other_process(edge) as (store, _):
            await store.set_disabled(leader.account.id, True)
        await eventually(lambda: socket.of("session_ended") == [{"reason": "disabled"}], PROMISE_S)


async def test_another_sign_in_of_the_same_account_goes_on(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = await edge.person("leader", CITY)
    opened = await leader.command("meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE])
    meeting = opened["entries"][0]["meeting"]
    part = RecordedPart(edge, meeting, monkeypatch)
    part.write(1024)
    other = await edge.signed_in_again(leader)
    page, second = await Page.open(leader, meeting, part), await edge.listen(other)
    async with other.http.post(f"/whip/{meeting}?source=screen", data=OFFER, headers=SDP) as answer:
        session = answer.headers["Location"].rpartition("/")[2]
    await sign_out(page, edge)
    await eventually(lambda: page.has_ended("signed_out"), PROMISE_S)
    assert session in edge.media.sessions
    assert second.of("session_ended") == []
    assert (await second.call("command", {"id": "1", "kind": "meeting.end", "meeting": meeting, "data": {}}))[
        "seq"
    ]


@pytest.mark.parametrize("transports", [["websocket"], ["polling"], ["polling", "websocket"]])
async def test_every_transport_is_told_why_before_it_ends(tmp_path: Path, transports: list[str]) -> None:
    async with running_edge(tmp_path) as edge:
        leader = await edge.person("leader", CITY)
        socket = await edge.listen(leader, transports=transports)
        edge.services.accounts.withdrawal.end(token_hash(leader.token), "disabled")
        await eventually(lambda: socket.of("session_ended") == [{"reason": "disabled"}], PROMISE_S)
        await eventually(lambda: not socket.client.connected, PROMISE_S, "the socket is open")


async def test_no_command_of_a_withdrawn_account_is_taken_not_even_one_that_waits(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        leader = await edge.person("leader", CITY)
        socket = await edge.listen(leader)
        gate, begun = asyncio.Event(), asyncio.Event()

        async def slow(*arguments: object) -> None:
            begun.set()
            await gate.wait()

        edge.media.select = slow  # type: ignore[assignment, method-assign]
        ahead = asyncio.create_task(socket.call("select", {"session": "s_000000000000000000", "video": []}))
        await begun.wait()
        data = {"title": "防汛", "kind": "dispatch", "centers": [VILLAGE]}
        waiting = asyncio.create_task(
            socket.call("command", {"id": "w", "kind": "meeting.open", "data": data})
        )
        await asyncio.sleep(0)
        await eventually(lambda: edge.waiting() == 1, 2, "the command does not wait yet")
        edge.services.accounts.withdrawal.end(token_hash(leader.token), "disabled")
        gate.set()
        assert (await asyncio.wait_for(waiting, PROMISE_S))["error"]["code"] == "unauthenticated"
        ahead.cancel()
        assert edge.writer.state.meetings == {}


async def test_a_command_whose_body_is_under_way_is_refused_when_its_sign_in_is_withdrawn(
    tmp_path: Path,
) -> None:
    async with running_edge(tmp_path) as edge:
        leader = await edge.person("leader", CITY)
        reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
        data = b'{"id":"1","kind":"meeting.open","data":{"title":"a","kind":"dispatch","centers":["430682115210"]}}'
        head = (
            f"POST /api/v1/commands HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {leader.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        writer.write(head.encode() + data[:10])
        await writer.drain()
        held = edge.services.accounts.withdrawal
        await eventually(lambda: held.in_use(token_hash(leader.token)), 2, "the request has not begun")
        async with other_process(edge) as (store, _):
            await store.set_disabled(leader.account.id, True)
        await eventually(lambda: not held.in_use(token_hash(leader.token)), PROMISE_S)
        writer.write(data[10:])
        assert b" 401 " in await reader.readline()
        writer.close()
        assert edge.writer.state.meetings == {}


async def test_signing_out_is_answered_though_the_store_can_neither_be_read_nor_written(
    tmp_path: Path,
) -> None:
    async with running_edge(tmp_path) as edge:
        leader = await edge.person("leader", CITY)
        socket = await edge.listen(leader)

        async def away(work: object) -> None:
            raise Refusal("unavailable", "the database is away")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(edge.database, "write", away)
            patch.setattr(edge.database, "read", away)
            async with leader.http.delete("/api/v1/session") as answer:
                assert answer.status == 204
            await eventually(lambda: not socket.client.connected, PROMISE_S, "the socket is open")
            async with leader.http.get("/api/v1/session") as answer:
                assert answer.status == 401
        query = sa.select(tables.tokens.c.hash)

        async def written() -> bool:
            rows = await edge.database.read(lambda connection: connection.execute(query).all())
            return rows == []

        await eventually(written, 5, "the token is in the store still")
