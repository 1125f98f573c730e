"""What was done in the house leaves a trace that the audit administrator reads, and nobody else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hub.clock import system_clock, to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.errors import Refusal
from hub.journal.audit_file import against_journal, entry_of_wire, read_export
from tests.inproc.test_edge_media import convene
from tests.support.edge import PASSWORD, Edge, running_edge
from tests.support.journal import command
from tests.support.recorded_part import RecordedPart
from tests.support.rules import CITY, COUNTY, VILLAGE
from tests.support.waiting import eventually


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def sign_in(edge: Edge, username: str, password: str) -> dict[str, Any]:
    async with (
        aiohttp.ClientSession(edge.url) as browser,
        browser.post("/api/v1/session", json={"username": username, "password": password}) as answer,
    ):
        found: dict[str, Any] = await answer.json()
        return found


async def test_a_sign_in_its_end_a_failure_and_another_password_are_told(edge: Edge) -> None:
    new = {"username": "wang", "name": "王某", "role": "leader", "center": CITY}
    made = await edge.writer.submit(command("account.create", accounts=[new]), SYSTEM_ACCOUNT)
    account = made.entries[0].data["accounts"][0]["account"]
    await edge.store.set_password(account, PASSWORD)
    token = (await sign_in(edge, "wang", PASSWORD))["token"]
    wrong = await sign_in(edge, "wang", "guess of a fool")
    assert wrong["error"]["code"] == "unauthenticated"
    await sign_in(edge, "typed-password-as-name", "guess of a fool")
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(edge.url, headers=headers) as http:
        body = {"old": PASSWORD, "new": "风调雨顺国泰民安-12"}
        async with http.put("/api/v1/session/password", json=body) as answer:
            assert answer.status == 204
        async with http.delete("/api/v1/session") as answer:
            assert answer.status == 204
    edge.services.accounts.trace._tell_failures()
    auditor = await edge.person("audit_admin", CITY)

    # Failures are told together once a minute: both in one entry. Asked for by kind: that the audit is read is an entry, too.
    kinds = [
        "account.created",
        "account.password_set",
        "session.signed_in",
        "session.signed_out",
        "sign_in.failed",
    ]

    async def told() -> list[dict[str, Any]]:
        answer = await auditor.get("/api/v1/audit", kind=",".join(kinds))
        found: list[dict[str, Any]] = answer["entries"][::-1]
        return found if {entry["kind"] for entry in found} == set(kinds) else []

    entries = await eventually(told, 20, "not all is told")
    assert sorted(entry["kind"] for entry in entries) == kinds
    by_kind = {entry["kind"]: entry["data"] for entry in entries}
    assert by_kind["session.signed_in"]["account"] == account
    assert by_kind["session.signed_in"]["username"] == "wang"
    assert by_kind["session.signed_in"]["network"] == "127.0.0.0/24"
    assert by_kind["account.password_set"] == {"account": account, "by_owner": True}
    assert [(each["account"], each["times"]) for each in by_kind["sign_in.failed"]["failures"]] == [
        (account, 1),
        (None, 1),
    ]
    text = json.dumps(entries, ensure_ascii=False)
    for secret in (
        PASSWORD,
        "guess of a fool",
        "typed-password-as-name",
        "风调雨顺",
        token,
        "127.0.0.1",
        "argon2",
    ):
        assert secret not in text


async def test_only_the_audit_administrator_reads_it_and_in_pages(edge: Edge) -> None:
    for number in range(3):
        new = {"username": f"u{number}", "name": "x", "role": "station", "center": VILLAGE}
        await edge.writer.submit(command("account.create", accounts=[new]), SYSTEM_ACCOUNT)
    auditor = await edge.person("audit_admin", COUNTY)
    first = await auditor.get("/api/v1/audit", limit="2", kind="account.created")
    rest = await auditor.get("/api/v1/audit", limit="2", kind="account.created", before=str(first["next"]))
    assert [entry["seq"] for entry in first["entries"] + rest["entries"]] == [3, 2, 1]
    assert rest["next"] is None
    for role in ("leader", "dispatcher", "station", "clerk", "system_admin", "security_admin"):
        person = await edge.person(role, CITY)
        async with person.http.get("/api/v1/audit") as answer:
            assert (answer.status, (await answer.json())["error"]["code"]) == (403, "forbidden")
    async with auditor.http.get("/api/v1/audit", params={"kind": "order.issued"}) as answer:
        assert answer.status == 400


async def test_entries_of_the_house_go_to_no_socket_and_an_administrator_gives_commands(edge: Edge) -> None:
    admin, auditor = await edge.person("system_admin", CITY), await edge.person("audit_admin", CITY)
    leader = await edge.person("leader", CITY)
    sockets = [await edge.listen(person) for person in (auditor, leader)]
    new = {"username": "wang", "name": "王某", "role": "station", "center": VILLAGE}
    answer = await admin.command("account.create", accounts=[new])
    assert [entry["kind"] for entry in answer["entries"]] == ["account.created"]
    await leader.command("report.file", situation="normal")  # heard by both, after the other would have been
    for socket in sockets:
        await socket.until("entry", kind="report.filed")
        assert [entry["kind"] for entry in socket.of("entry")] == ["report.filed"]


async def test_one_signs_in_though_the_journal_cannot_be_written(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await edge.person("leader", CITY)

    async def full(*_: object) -> None:
        raise Refusal("unavailable", "disk full")

    with monkeypatch.context() as broken:
        broken.setattr(edge.writer, "submit", full)
        assert "token" in await sign_in(edge, person.account.username, PASSWORD)
    auditor = await edge.person("audit_admin", CITY)

    async def told() -> bool:
        found = await auditor.get("/api/v1/audit", kind="session.signed_in")
        return [entry["data"]["account"] for entry in found["entries"]] == [person.account.id]

    await eventually(told, 5, "the sign-in is not told later")


async def test_an_administrator_reads_his_own_trace_and_nothing_of_others(edge: Edge) -> None:
    one, other = await edge.person("system_admin", CITY), await edge.person("system_admin", CITY, number=2)
    for number, who in enumerate((one, other)):
        new = {"username": f"own{number}", "name": "x", "role": "station", "center": VILLAGE}
        await who.command("account.create", accounts=[new])
        begun = {"account": who.account.id, "network": "192.0.2.0/24", "at": to_wire(system_clock())}
        await edge.services.accounts.trace.tell("session.note_begun", begun)
    edge.services.accounts.trace.failed(one.account.id, "192.0.2.0/24", False)
    edge.services.accounts.trace._tell_failures()
    found = await one.get("/api/v1/audit/own")
    assert [(each["kind"], each["data"].get("account")) for each in found["entries"]] == [
        ("session.signed_in", one.account.id),
        ("account.created", None),
    ]
    assert found["entries"][1]["actor"]["account"] == one.account.id
    leader = await edge.person("leader", CITY)
    async with leader.http.get("/api/v1/audit/own") as answer:
        assert answer.status == 403


async def test_a_look_at_a_recording_and_a_download_are_told_once_and_found(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader, meeting = await convene(edge, VILLAGE)
    parts = RecordedPart(edge, meeting, monkeypatch)
    parts.path.write_bytes(b"x" * 1000)
    for _ in range(3):
        async with leader.http.get(parts.url, headers={"Range": "bytes=0-9"}) as answer:
            assert answer.status == 206
    async with leader.http.get(parts.url, params={"download": "1"}) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment;")
    auditor = await edge.person("audit_admin", CITY)

    async def told() -> list[Any]:
        found = await auditor.get("/api/v1/audit", kind="recording.viewed,recording.downloaded")
        return found["entries"] if len(found["entries"]) == 2 else []

    taken, looked = await eventually(told, 10, "not both looks are told")
    assert (looked["kind"], taken["kind"]) == ("recording.viewed", "recording.downloaded")
    assert looked["data"]["account"] == leader.account.id
    assert looked["data"]["network"] == "127.0.0.0/24"
    by_who = await auditor.get("/api/v1/audit", who=leader.account.id, kind="recording.viewed")
    assert [entry["seq"] for entry in by_who["entries"]] == [looked["seq"]]
    of_center = await auditor.get("/api/v1/audit", center=leader.account.center, kind="recording.viewed")
    assert [entry["seq"] for entry in of_center["entries"]] == [looked["seq"]]
    elsewhere = await auditor.get("/api/v1/audit", center=VILLAGE, kind="recording.viewed")
    assert elsewhere["entries"] == []
    earlier = await auditor.get("/api/v1/audit", kind="recording.viewed", to="2020-01-01T00:00:00Z")
    assert earlier["entries"] == []
    proof = await auditor.get(f"/api/v1/audit/entries/{looked['seq']}")
    assert (proof["holds"], proof["linked"]) == (True, True)
    opened = (await auditor.get(f"/api/v1/meetings/{meeting}/entries", limit="1"))["entries"][0]["seq"]
    async with auditor.http.get(f"/api/v1/audit/entries/{opened}") as answer:
        assert answer.status == 404, "what is said in meetings is no part of the audit"


async def test_an_export_is_told_of_and_proven_at_the_command_line(edge: Edge) -> None:
    for number in range(3):
        new = {"username": f"u{number}", "name": "=1+1", "role": "station", "center": VILLAGE}
        await edge.writer.submit(command("account.create", accounts=[new]), SYSTEM_ACCOUNT)
    auditor = await edge.person("audit_admin", CITY)
    found = await auditor.get("/api/v1/audit", kind="account.created")
    entries = [entry_of_wire(each) for each in found["entries"]]
    for form in ("csv", "jsonl"):
        path = edge.folder / f"audit.{form}"
        async with auditor.http.get(
            "/api/v1/audit/export", params={"form": form, "kind": "account.created"}
        ) as answer:
            assert answer.status == 200
            path.write_bytes(await answer.read())
        taken = read_export(path)
        assert (sorted(taken.rows), taken.findings) == ([1, 2, 3], [])
        assert list(against_journal(taken, entries)) == []
        assert list(against_journal(taken, entries[1:])) == ["entry 3 does not stand in the journal"]
        path.write_text(path.read_text().replace("u1", "u9"))
        touched = read_export(path)
        assert [*touched.findings, *against_journal(touched, entries)], form
    cut = edge.folder / "cut.jsonl"
    cut.write_text("".join((edge.folder / "audit.jsonl").read_text().splitlines(keepends=True)[:2]))
    assert "the end is missing: the file was cut off" in read_export(cut).findings
    told = await auditor.get("/api/v1/audit", kind="audit.exported")
    assert [each["data"]["form"] for each in told["entries"]] == ["jsonl", "csv"]
    leader = await edge.person("leader", CITY)
    async with leader.http.get("/api/v1/audit/export", params={"form": "csv"}) as answer:
        assert answer.status == 403


async def test_health_and_backups_are_the_system_administrators_alone(edge: Edge) -> None:
    admin, others = await edge.person("system_admin", CITY), ("leader", "clerk", "station", "security_admin")
    for path in ("storage", "backups"):
        assert (await admin.get(f"/api/v1/health/{path}"))["as_of"]
    told = await admin.get("/api/v1/health/storage")
    assert told["journal"]["bytes"] > 0
    assert told["kept_days_at_least"] == 184
    assert (await admin.get("/api/v1/health/backups"))["can"] == ["manage"]
    for role in others:
        person = await edge.person(role, CITY)
        for path in ("", "/storage", "/backups"):
            async with person.http.get(f"/api/v1/health{path}") as answer:
                assert answer.status == 403, (role, path)
    auditor = await edge.person("audit_admin", CITY)
    refused = await auditor.http.post(
        "/api/v1/commands", json={"id": "c-audit-backup", "kind": "backup.make", "data": {}}
    )
    assert refused.status == 403
    standing = await auditor.get("/api/v1/audit/standing")
    assert (standing["seq"], standing["running"]) == (0, None)
