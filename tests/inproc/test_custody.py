"""Retention, holds, destruction: nothing goes unasked, two persons agree, a hold stops it even then, a kill halves nothing."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from hub.clock import system_clock
from hub.filters import FindFilter
from hub.store.journal_store import SqlJournalStore
from hub.store.queries import Queries
from hub.store.scan_store import ScanStore
from hub.upkeep.scan import Scan
from tests.support.custody import archive
from tests.support.edge import Person
from tests.support.evidence import verified
from tests.support.journal import running_writer
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, TREE, VILLAGE
from tests.support.story import LEADER, Told
from tests.support.waiting import eventually

ALL = ("recordings", "films", "minutes", "speech")


async def _status(person: Person, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    async with person.http.request(method, path, json=body) as answer:
        found = await answer.json() if answer.content_type == "application/json" else None
        return answer.status, found


async def _refused(person: Person, kind: str, meeting: str | None = None, **data: Any) -> str:
    body = {"id": f"r{kind}{person.account.id[-6:]}", "kind": kind, "data": data}
    if meeting is not None:
        body["meeting"] = meeting
    status, found = await _status(person, "POST", "/api/v1/commands", body)
    assert status >= 400, found
    return str(found["error"]["code"])


def _media(told: Told) -> str:
    return f"/api/v1/recordings/{told.recording}/parts/{told.part}/media"


async def test_a_list_that_two_persons_agree_to_is_destroyed_whole_and_everything_still_verifies(
    database_url: str, tmp_path: Path
) -> None:
    async with archive(tmp_path, database_url) as kept:
        told, config = kept.told, kept.config
        run = await kept.dry_run()
        assert (run["goes"], run["meetings"]) == ([], 0), "nothing goes unasked"
        assert run["stays"] == [
            {"reason": "forever", "meetings": 4, "items": 4, "bytes": run["stays"][0]["bytes"]}
        ]
        await kept.policy(recordings=30, films=30, minutes=30, speech=30)
        run = await kept.dry_run()
        assert {each["kind"]: each["items"] for each in run["goes"]} == dict.fromkeys(ALL, 1)
        assert next(each for each in run["goes"] if each["kind"] == "recordings")["bytes"] == 17_000
        early = await kept.dry_run(on="2020-01-01T00:00:00Z")
        assert (early["goes"], early["stays"][0]["reason"]) == ([], "not_yet")

        status, refused = await kept.ask({**run, "digest": "0" * 64}, list(ALL))
        assert (status, refused["error"]["code"]) == (409, "conflict"), "another list than the one seen"
        status, made = await kept.ask(run, list(ALL))
        assert status == 201
        assert (await kept.ask(run, list(ALL)))[1] == made, "asked again it is the same list"
        assert (await kept.dry_run())["stays"][0]["reason"] == "listed"
        seen = await kept.auditor.get(f"/api/v1/disposals/{made['disposal']}")
        listed = seen["disposal"]
        assert (listed["state"], listed["can"], listed["number"]) == (
            "asked",
            ["approve", "reject"],
            made["number"],
        )
        (row,) = seen["rows"]
        assert (row["meeting"], [item["kind"] for item in row["items"]]) == (told.meeting, list(ALL))
        own = {"disposal": made["disposal"], "digest": listed["digest"]}
        other_clerk = await kept.edge.known_person("clerk", CITY)
        assert await _refused(kept.clerk, "disposal.approve", **own) == "forbidden"
        assert await _refused(other_clerk, "disposal.approve", **own) == "forbidden", "the same role"
        county = await kept.edge.known_person("leader", COUNTY)
        assert await _refused(county, "disposal.approve", **own) == "not_found"
        assert await _refused(kept.auditor, "disposal.approve", **{**own, "digest": "0" * 64}) == "conflict"
        disposer = kept.disposer()
        await disposer.once()
        assert (config.recordings_dir / told.file).exists(), "nothing goes before it is agreed to"
        objects = {path.name for path in config.objects_dir.glob("*/*") if len(path.name) == 64}

        await disposer.start()
        try:
            await kept.approve(listed)

            async def completed() -> dict[str, Any] | None:
                found = (await kept.clerk.get("/api/v1/disposals"))["disposals"][0]
                return dict(found) if found["state"] == "completed" else None

            done = await eventually(completed, 10, "the list is not carried out")
        finally:
            await disposer.stop()
        assert (done["destroyed"], done["spared"], done["decided_by"]["account"]) == (
            4,
            0,
            kept.auditor.account.id,
        )

        assert not (config.recordings_dir / told.file).exists()
        assert not list(config.made_dir.glob("jb_*")), "films and small pictures are gone"
        left = {path.name for path in config.objects_dir.glob("*/*") if len(path.name) == 64}
        assert len(objects - left) == 1, "the text of the minutes went, the list itself stays"
        queries = Queries(kept.edge.database)
        assert (await queries.voices(told.meeting))["listened"] == 0
        assert not (await queries.find(LEADER, TREE, FindFilter(text="检查站放行")))["groups"]
        status, answer = await _status(kept.clerk, "GET", _media(told))
        assert (status, answer["error"]["code"]) == (410, "destroyed")
        status, answer = await _status(kept.clerk, "GET", f"/api/v1/jobs/{kept.film}/files/film.mp4")
        assert (status, answer["error"]["code"]) == (410, "destroyed")
        stranger = await kept.edge.person("leader", OTHER_COUNTY)
        assert (await _status(stranger, "GET", _media(told)))[0] == 404, "out of sight it is not there at all"
        custody = await kept.clerk.get(f"/api/v1/meetings/{told.meeting}/custody")
        assert {each["kind"] for each in custody["destroyed"]} == set(ALL)
        assert custody["destroyed"][0]["number"] == made["number"]
        assert custody["destroyed"][0]["approved_by"]["account"] == kept.auditor.account.id
        (recording,) = (await kept.clerk.get(f"/api/v1/meetings/{told.meeting}/recordings"))["recordings"]
        assert [(part["state"], part["media"]) for part in recording["parts"]] == [("destroyed", None)]

        await kept.edge.writer.seal()
        report = kept.verified()
        assert kept.wrong() == []
        assert (report.parts, report.destroyed) == (0, 2), "told as destroyed, not as missing"
        assert (await kept.dry_run())["stays"] == []


async def test_a_hold_stops_what_was_agreed_to_and_two_persons_lift_it(tmp_path: Path) -> None:
    async with archive(tmp_path) as kept:
        told, config = kept.told, kept.config
        await kept.policy(recordings=30)
        listed = await kept.asked("recordings")
        await kept.approve(listed)
        await kept.clerk.command("hold.place", told.meeting, reason="信访复查")
        assert await _refused(kept.clerk, "hold.place", told.meeting, reason="再来") == "already_done"
        await kept.disposer().once()
        assert (config.recordings_dir / told.file).exists()
        custody = await kept.clerk.get(f"/api/v1/meetings/{told.meeting}/custody")
        assert (custody["hold"]["reason"], custody["destroyed"], custody["can"]) == (
            "信访复查",
            [],
            ["ask_lift"],
        )
        whole = await kept.auditor.get(f"/api/v1/disposals/{listed['disposal']}")
        assert whole["disposal"]["state"] == "completed"
        assert [row["spared"] for row in whole["rows"]] == ["held"]
        assert [each["meeting"] for each in (await kept.auditor.get("/api/v1/holds"))["holds"]] == [
            told.meeting
        ]
        assert (await kept.dry_run())["stays"][0]["reason"] in ("forever", "held")

        station = await kept.edge.person("station", VILLAGE)
        assert await _refused(station, "hold.ask_lift", told.meeting, reason="x") == "forbidden"
        await kept.clerk.command("hold.ask_lift", told.meeting, reason="复查完毕")
        assert await _refused(kept.clerk, "hold.lift", told.meeting) == "forbidden", "another person agrees"
        await kept.auditor.command("hold.lift", told.meeting)
        custody = await kept.clerk.get(f"/api/v1/meetings/{told.meeting}/custody")
        assert (custody["hold"], custody["can"]) == (None, ["hold"])
        await kept.edge.writer.seal()
        assert kept.wrong() == []


async def test_what_is_not_as_it_was_agreed_to_or_not_due_any_more_is_spared(tmp_path: Path) -> None:
    async with archive(tmp_path) as kept:
        await kept.policy(recordings=30)
        listed = await kept.asked("recordings")
        await kept.approve(listed)
        await kept.policy(recordings=60)
        await kept.disposer().once()
        await kept.policy(recordings=30, needs_copy=True)
        assert (await kept.dry_run())["stays"][-1]["reason"] == "no_copy"
        await kept.policy(recordings=30)
        second = await kept.asked("recordings")
        await kept.approve(second)
        await kept.policy(recordings=30, needs_copy=True)
        await kept.disposer().once()
        reasons = [
            (await kept.auditor.get(f"/api/v1/disposals/{each['disposal']}"))["rows"][0]["spared"]
            for each in (listed, second)
        ]
        assert reasons == ["policy", "no_copy"]
        assert (kept.config.recordings_dir / kept.told.file).exists()


async def test_a_list_can_be_refused_and_taken_back(tmp_path: Path) -> None:
    async with archive(tmp_path) as kept:
        await kept.policy(films=1)
        first = await kept.asked("films")
        await kept.auditor.command("disposal.reject", disposal=first["disposal"], reason="再留一年")
        second = await kept.asked("films")
        assert second["number"] != first["number"]
        await kept.clerk.command("disposal.reject", disposal=second["disposal"])
        found = (await kept.clerk.get("/api/v1/disposals"))["disposals"]
        assert [each["state"] for each in found] == ["taken_back", "rejected"]
        assert found[1]["decided_reason"] == "再留一年"
        assert (kept.config.made_dir / kept.film).is_dir()
        body = {"disposal": second["disposal"], "digest": second["digest"]}
        assert await _refused(kept.auditor, "disposal.approve", **body) == "not_found"


async def test_a_bundle_tells_a_destroyed_recording_as_destroyed(tmp_path: Path) -> None:
    async with archive(tmp_path) as kept:
        await kept.policy(recordings=30)
        await kept.approve(await kept.asked("recordings"))
        await kept.disposer().once()
        path = f"/api/v1/meetings/{kept.told.meeting}/evidence"
        offered = await kept.clerk.get(path)
        assert offered["recordings"] == {
            "parts": 0,
            "bytes": 0,
            "open": 0,
            "destroyed": 1,
        }

        async def made(what: str) -> dict[str, Any]:
            status, work = await _status(kept.clerk, "POST", path, {"what": what})
            assert status == 202, work

            async def ended() -> Any:
                found = await kept.clerk.get(f"/api/v1/evidence/{work['work']}")
                return found if found["ended_at"] else None

            return dict(await eventually(ended, 10, f"the {what} does not end"))

        checked = (await made("check"))["checked"]
        assert (checked["destroyed"], checked["found"], checked["open_parts"]) == (1, 0, 0)
        bundle = await made("bundle")
        assert bundle["state"] == "ready", bundle
        file = tmp_path / "b.zip"
        async with kept.clerk.http.get(f"/api/v1/evidence/{bundle['work']}/file") as answer:
            file.write_bytes(await answer.read())
        assert verified(file, checkpoints=tmp_path / "checkpoints.jsonl", key=offered["key"]) == 0


async def test_a_recording_that_was_never_closed_is_listed_and_goes_with_the_others(tmp_path: Path) -> None:
    async with archive(tmp_path) as kept:
        part, path = await kept.unclosed()
        await kept.policy(recordings=30, needs_copy=True)
        run = await kept.dry_run()
        assert run["goes"] == []
        assert {each["reason"] for each in run["stays"]} >= {"no_copy"}, "without a digest no copy is proven"
        await kept.policy(recordings=30)
        (goes,) = (await kept.dry_run())["goes"]
        assert (goes["kind"], goes["items"], goes["bytes"]) == ("recordings", 2, 17_000)
        listed = await kept.asked("recordings")
        (row,) = (await kept.auditor.get(f"/api/v1/disposals/{listed['disposal']}"))["rows"]
        digests = {item["id"].partition("/")[2]: item["files"][0]["sha256"] for item in row["items"]}
        assert digests[part] is None
        assert digests[kept.told.part] is not None
        await kept.approve(listed)
        await kept.disposer().once()
        assert not path.exists()
        told = (await kept.clerk.get(f"/api/v1/meetings/{kept.told.meeting}/recordings"))["recordings"]
        assert {each["state"] for one in told for each in one["parts"]} == {"destroyed"}
        offered = await kept.clerk.get(f"/api/v1/meetings/{kept.told.meeting}/evidence")
        assert (offered["recordings"]["open"], offered["recordings"]["destroyed"]) == (0, 2)
        assert kept.wrong() == []


async def test_packs_that_lie_about_have_a_period_of_their_own(tmp_path: Path) -> None:
    async with archive(tmp_path) as kept:
        packs = [await kept.pack(kind) for kind in ("handover", "evidence")]
        await kept.policy(films=30, packs=30)
        goes = {each["kind"]: (each["items"], each["bytes"]) for each in (await kept.dry_run())["goes"]}
        assert goes == {"films": (1, 2000), "packs": (2, 2000)}
        await kept.approve(await kept.asked("packs"))
        await kept.disposer().once()
        jobs = (await kept.clerk.get(f"/api/v1/meetings/{kept.told.meeting}/jobs"))["jobs"]
        assert {job["kind"]: job["state"] for job in jobs} == {
            "film": "done",
            "handover": "destroyed",
            "evidence": "destroyed",
        }
        assert not any((kept.config.made_dir / job).exists() for job in packs)
        assert (kept.config.made_dir / kept.film / "film.mp4").exists()
        assert kept.wrong() == []


async def test_a_kill_in_the_midst_halves_nothing(tmp_path: Path) -> None:
    """Killed before each file in turn: the next process goes on, each meeting is told of once, all files go."""
    async with archive(tmp_path, meetings=2) as kept:
        told = kept.all
        await kept.policy(recordings=30, films=30)
        await kept.approve(await kept.asked("recordings", "films"))
        config, films = kept.config, list(kept.config.made_dir.glob("jb_*/film.mp4"))
    assert len(films) == 2
    for files in (0, 1, 1, 1, -1):
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.support.custody_child", str(tmp_path), str(files)
        )
        assert await child.wait() == (0 if files < 0 else -signal.SIGKILL), files
    for each in told:
        assert not (config.recordings_dir / each.file).exists()
    assert not any(film.exists() for film in films)
    async with running_writer(f"sqlite:///{tmp_path}/hub.db") as (_, database):
        kinds = [entry.kind for entry in await SqlJournalStore(database).entries(1, 10**6)]
    assert (kinds.count("disposal.destroyed"), kinds.count("disposal.completed")) == (2, 1)


async def test_every_look_at_what_a_meeting_left_is_an_entry_with_what_it_was(tmp_path: Path) -> None:
    async with archive(tmp_path) as kept:
        told, clerk = kept.told, kept.clerk
        meeting = f"/api/v1/meetings/{told.meeting}"
        ranged = {"Range": "bytes=0-9"}
        for path, headers in (
            (_media(told), ranged),
            (_media(told), {"Range": "bytes=100-200"}),
            (f"/api/v1/jobs/{kept.film}/files/film.mp4", ranged),
            (f"/api/v1/jobs/{kept.film}/files/film.mp4?download=1", {}),
            (f"{meeting}/minutes/texts/1", {}),
        ):
            async with clerk.http.get(path, headers=headers) as answer:
                assert answer.status in (200, 206), await answer.text()
                await answer.read()

        async def looks() -> list[tuple[str, str, str]] | None:
            kinds = "recording.viewed,recording.downloaded"
            found = (await kept.auditor.get("/api/v1/audit", kind=kinds))["entries"]
            data = [(each["kind"], each["data"]) for each in found[::-1]]
            assert all(each["account"] == clerk.account.id for _, each in data)
            return (
                [(kind, each["what"], each["recording"]) for kind, each in data] if len(data) == 4 else None
            )

        assert await eventually(looks, 10, "not all looks are told") == [
            ("recording.viewed", "recording", told.recording),
            ("recording.viewed", "film", kept.film),
            ("recording.downloaded", "film", kept.film),
            ("recording.viewed", "minutes", told.meeting),
        ]


async def test_a_clerk_reads_what_is_wrong_with_which_file(tmp_path: Path) -> None:
    """A flipped byte, a file cut short, one that is gone, one too many: on the meeting's page and in the house's list."""
    async with archive(tmp_path) as kept:
        told, config = kept.told, kept.config
        path = config.recordings_dir / told.file
        whole = path.read_bytes()
        now = [system_clock()]

        async def found() -> list[tuple[str, str, str]]:
            now[0] += timedelta(days=31)
            scan = Scan(
                ScanStore(kept.edge.database),
                config.recordings_dir,
                kept.edge.depot.blobs,
                lambda: now[0],
                1 << 40,
                timedelta(days=30),
            )
            while await scan.once():
                pass
            custody = await kept.clerk.get(f"/api/v1/meetings/{told.meeting}/custody")
            house = await kept.system.get("/api/v1/health/damaged")
            assert custody["damaged"] == house["findings"]
            return [(each["what"], each["finding"], each["name"]) for each in custody["damaged"]]

        assert await found() == []
        for content, finding in ((b"X" + whole[1:], "changed"), (whole[:-1], "short")):
            path.write_bytes(content)
            assert await found() == [("part", finding, "坦渡村")]
        path.with_name("stray.webm").write_bytes(b"?")
        path.unlink()
        assert await found() == [("part", "missing", "坦渡村"), ("file", "orphan", "")]
        path.write_bytes(whole)
        path.with_name("stray.webm").unlink()
        assert await found() == []
        (text,) = [each for each in config.objects_dir.glob("*/*") if len(each.name) == 64]
        text.write_bytes(b"{}")
        assert await found() == [("object", "short", "")]
