"""The audit is searched in the same way in both databases, and its figures of storage are read from both."""

from __future__ import annotations

from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.filters import AuditFilter
from hub.store.queries import Queries
from tests.support.journal import command, running_writer
from tests.support.rules import CITY, COUNTY, VILLAGE

KINDS = ("account.created", "account.changed", "account.disabled", "sign_in.failed")


async def test_entries_are_found_by_person_center_time_and_words(database_url: str) -> None:
    async with running_writer(database_url) as (writer, database):
        made: list[tuple[int, str]] = []
        for name, center in (("王某", CITY), ("李某", VILLAGE), ("a_50%", VILLAGE)):
            new = {"username": f"u{len(made)}", "name": name, "role": "station", "center": center}
            answer = await writer.submit(command("account.create", accounts=[new]), SYSTEM_ACCOUNT)
            made.append((answer.entries[0].seq, str(answer.entries[0].data["accounts"][0]["account"])))
        wang, li = made[0][1], made[1][1]
        disabled = await writer.submit(command("account.disable", account=li), SYSTEM_ACCOUNT)
        failures = [{"account": li, "network": "192.0.2.0/24", "times": 3, "slowed": False}]
        since = "2026-11-23T08:00:00.000000Z"
        failed = await writer.submit(
            command(
                "session.note_failures", since=since, until=since, failures=failures, others=0, refused=0
            ),
            SYSTEM_ACCOUNT,
        )
        numbers = [seq for seq, _ in made]
        off, guessed = disabled.entries[0], failed.entries[0]
        queries = Queries(database)

        async def found(**wanted: object) -> list[int]:
            entries, more = await queries.audit(AuditFilter(KINDS, **wanted), 100)  # type: ignore[arg-type]
            assert more is None
            return [entry.seq for entry in entries][::-1]

        assert await found() == [*numbers, off.seq, guessed.seq]
        assert await found(who=wang) == [numbers[0]]
        assert await found(who=li) == [numbers[1], off.seq, guessed.seq]
        assert await found(centers=(VILLAGE,)) == [*numbers[1:], off.seq, guessed.seq]
        assert await found(centers=(COUNTY,)) == []
        assert await found(text="李某") == [numbers[1], off.seq, guessed.seq]
        assert await found(text="50%") == [numbers[2]], "no sign of patterns is one"
        assert await found(since="2999-01-01T00:00:00.000000Z") == []
        assert await found(until="2999-01-01T00:00:00.000000Z") == [*numbers, off.seq, guessed.seq]
        page, more = await queries.audit(AuditFilter(KINDS), 2)
        assert ([entry.seq for entry in page], more) == ([guessed.seq, off.seq], off.seq)
        proof = await queries.audit_proof(off.seq, cleared=False)
        assert proof is not None
        assert proof.before == proof.entry.prev
        told = await queries.storage(since)
        assert told["journal"]["count"] == guessed.seq
        assert told["journal"]["bytes"] > 0
        assert (told["recordings"]["count"], told["objects"]["bytes"]) == (0, 0)
