"""Evidence over HTTP: a bundle is offered, made, told of, fetched and verified; a session is checked against its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hub.evidence.checking import UNREPORTED
from recordings.part_record import SUFFIX
from tests.support.edge import Edge, Person, running_edge
from tests.support.evidence import verified
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, VILLAGE
from tests.support.story import Told, play
from tests.support.waiting import eventually


async def _asked(person: Person, meeting: str, what: str) -> dict[str, Any]:
    async with person.http.post(f"/api/v1/meetings/{meeting}/evidence", json={"what": what}) as answer:
        assert answer.status == 202, await answer.text()
        work = (await answer.json())["work"]

    async def ended() -> dict[str, Any] | None:
        told = await person.get(f"/api/v1/evidence/{work}")
        return told if told["state"] not in ("waiting", "running") else None

    return await eventually(ended, 10, f"the {what} does not end")


async def _fetched(person: Person, work: str, to: Path) -> Path:
    async with person.http.get(f"/api/v1/evidence/{work}/file") as answer:
        assert answer.status == 200
        to.write_bytes(await answer.read())
    return to


async def _played(edge: Edge) -> Told:
    return await play(edge.writer, edge.services.config.recordings_dir)


async def test_a_bundle_is_offered_made_told_of_and_verified(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running_edge(tmp_path, database_url=database_url, signs="yes") as edge:
        told = await _played(edge)
        clerk = await edge.person("clerk", CITY)
        offered = await clerk.get(f"/api/v1/meetings/{told.meeting}/evidence")
        assert offered["recordings"] == {"parts": 1, "bytes": 17_000, "open": 0, "destroyed": 0}
        assert offered["room_bytes"] > 0
        work = await _asked(clerk, told.meeting, "bundle")
        assert work["state"] == "ready", work
        bundle = await _fetched(clerk, work["work"], tmp_path / "b.zip")
        assert len(bundle.read_bytes()) == work["bundle"]["bytes"]
        assert work["bundle"]["bytes"] <= offered["bytes"], "the size told beforehand was too small"
        assert verified(bundle, checkpoints=tmp_path / "checkpoints.jsonl", key=offered["key"]) == 0
        said = capsys.readouterr().out
        assert "– 录像" in said
        assert "✓ 别处最后的检查点" in said
        auditor = await edge.person("audit_admin", CITY)
        taken = (await auditor.get("/api/v1/audit", kind="evidence.taken"))["entries"]
        assert [entry["data"]["recordings"] for entry in taken] == [False]
        assert taken[0]["data"]["sha256"] == work["bundle"]["sha256"]
        assert taken[0]["data"]["account"] == clerk.account.id
        async with clerk.http.get("/api/v1/verifier") as answer:
            assert b"def main" in await answer.read()


async def test_who_may_not_take_it_gets_nothing_and_no_one_gets_anothers(tmp_path: Path) -> None:
    async with running_edge(tmp_path, signs="yes") as edge:
        told = await _played(edge)
        path = f"/api/v1/meetings/{told.meeting}/evidence"
        for role, center, status in (
            ("station", VILLAGE, 403),
            ("leader", COUNTY, 403),
            ("leader", OTHER_COUNTY, 404),
            ("system_admin", CITY, 404),
        ):
            person = await edge.person(role, center)
            async with person.http.get(path) as answer:
                assert answer.status == status, (role, center)
            async with person.http.post(path, json={"what": "bundle"}) as answer:
                assert answer.status == status, (role, center)
        leader, clerk = (
            await edge.person("leader", CITY, number=7),
            await edge.person("clerk", CITY, number=7),
        )
        work = (await _asked(leader, told.meeting, "bundle"))["work"]
        for tail in ("", "/file"):
            async with clerk.http.get(f"/api/v1/evidence/{work}{tail}") as answer:
                assert answer.status == 404
        async with leader.http.delete(f"/api/v1/evidence/{work}") as answer:
            assert answer.status == 204
        async with leader.http.get(f"/api/v1/evidence/{work}/file") as answer:
            assert answer.status == 404
        assert list((tmp_path / "bundles").iterdir()) == []


async def test_what_the_taker_may_not_read_is_told_by_its_digest_alone(tmp_path: Path) -> None:
    async with running_edge(tmp_path, signs="yes") as edge:
        told = await _played(edge)
        clerk = await edge.person("clerk", CITY)
        whole = await clerk.get(f"/api/v1/meetings/{told.meeting}/entries")
        work = await _asked(clerk, told.meeting, "bundle")
        assert work["bundle"]["entries"] == len(await edge.services.queries.whole_meeting(told.meeting))
        assert work["bundle"]["entries"] - work["bundle"]["left_out"] == len(whole["entries"])
        bundle = await _fetched(clerk, work["work"], tmp_path / "b.zip")
        assert verified(bundle) == 0


async def test_a_check_tells_a_flipped_byte_a_missing_file_an_orphan_and_a_part_cut_off(
    tmp_path: Path,
) -> None:
    async with running_edge(tmp_path, signs="yes") as edge:
        told = await _played(edge)
        clerk = await edge.person("clerk", CITY)
        path = edge.services.config.recordings_dir / told.file
        whole = path.read_bytes()
        assert UNREPORTED == SUFFIX

        async def kinds() -> list[str]:
            work = await _asked(clerk, told.meeting, "check")
            assert work["state"] == "ready"
            assert work["checked"]["found"] == len(work["checked"]["findings"])
            return [finding["kind"] for finding in work["checked"]["findings"]]

        assert await kinds() == []
        path.write_bytes(b"P" + whole[1:])
        assert await kinds() == ["changed"]
        path.write_bytes(whole[:-1])
        assert await kinds() == ["short"]
        path.rename(path.with_name("other.webm"))
        assert await kinds() == ["missing", "orphan"]
        path.with_name("other").with_suffix(UNREPORTED).write_text("{}")
        assert await kinds() == ["missing"], "what the recorder has not reported yet is no orphan"
        path.with_name("other.webm").rename(path)
        path.write_bytes(whole)
        with edge.database.writing() as connection:
            changed = (
                "UPDATE entries SET data = REPLACE(data, '加强巡查', '不必巡查') WHERE kind = 'order.issued'"
            )
            connection.exec_driver_sql(changed)
        assert await kinds() == ["entry"]
        work = await _asked(clerk, told.meeting, "bundle")
        assert verified(await _fetched(clerk, work["work"], tmp_path / "b.zip")) == 1


async def test_a_hub_that_signs_nothing_says_so(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        told = await _played(edge)
        clerk = await edge.person("clerk", CITY)
        assert (await clerk.get(f"/api/v1/meetings/{told.meeting}/evidence"))["bytes"] is None
        work = await _asked(clerk, told.meeting, "bundle")
        assert (work["state"], work["reason"]) == ("failed", "unproven")
        entries, _ = await edge.services.queries.audit(_taken(), 1)
        assert entries == []


def _taken() -> Any:
    from hub.filters import AuditFilter

    return AuditFilter(("evidence.taken",))
