"""Accounts and centers come from entries: what was there is adopted, what is changed past the journal is found."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import TestServer

from hub.clock import system_clock
from hub.config import Config, load
from hub.directory.centers_csv import yueyang_centers
from hub.errors import Refusal
from hub.house.parts import Accounts
from hub.journal.verify import verify
from hub.keeping import Keeping
from hub.link import LinkServer
from hub.owner import OWNER, OwnerDoor, give_to_running_hub
from hub.store import tables
from hub.store.accounts_store import AccountStore
from hub.store.database import Database, open_database
from hub.store.migrations import STEPS
from hub.store.offline import offline_journal, rebuild
from tests.support.rules import CITY, TREE, VILLAGE

LIST = [
    {"code": each.code, "name": each.name, "level": each.level, "parent": each.parent}
    for each in (TREE[code] for code in (CITY, "430682000000", "430682115000", VILLAGE))
]


class House:
    """A hub's journal and directory on a real database."""

    def __init__(self, keeping: Keeping, database: Database, config: Config) -> None:
        self.keeping = keeping
        self.database = database
        self.config = config
        self.accounts = AccountStore(database)

    async def add(self, username: str, role: str = "station", center: str = VILLAGE) -> str:
        """An account with a password and a session; its id."""
        new = {"username": username, "name": "值守", "role": role, "center": center}
        (entry,) = await self.keeping.give("account.create", {"accounts": [new]})
        account = str(entry.data["accounts"][0]["account"])
        await self.accounts.set_password(account, "x")
        await self.begin_session(account)
        return account

    async def begin_session(self, account: str) -> None:
        now = system_clock()
        await self.accounts.add_token(
            f"token of {account}", account, now, now + timedelta(days=1), "192.0.2.7"
        )

    async def has_session(self, account: str) -> bool:
        return f"token of {account}" in await self.accounts.standing([f"token of {account}"])

    def findings(self) -> list[str]:
        with offline_journal(self.database) as journal:
            return [finding.text for finding in verify(journal, self.config.data_dir, None).findings]


@asynccontextmanager
async def running_house(url: str, folder: Path) -> AsyncIterator[House]:
    config = load({"HUB_DATA_DIR": str(folder)})
    database = open_database(url)
    keeping = Keeping(config, database, system_clock)
    try:
        await keeping.start()
        try:
            yield House(keeping, database, config)
        finally:
            await keeping.stop()
    finally:
        await database.close()


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with running_house(database_url, tmp_path) as made:
        await made.keeping.give("center.import", {"centers": LIST})
        yield made


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE accounts SET role = 'leader'", "differs in role"),
        ("UPDATE accounts SET center = '430600000000'", "differs in center"),
        ("UPDATE accounts SET disabled = FALSE WHERE disabled", "differs in disabled"),
        ("UPDATE accounts SET username = 'li' WHERE username = 'wang'", "differs in username"),
        ("DELETE FROM accounts WHERE username = 'wang'", "is missing"),
        (
            "INSERT INTO accounts (id, username, name, role, center, disabled)"
            " VALUES ('a_x', 'x', 'x', 'leader', '430600000000', FALSE)",
            "comes from no entry",
        ),
        ("UPDATE centers SET parent = NULL", "differs in parent"),
    ],
)
async def test_what_was_changed_past_the_journal_is_found_and_mended_by_a_rebuild(
    database_url: str, tmp_path: Path, statement: str, told: str
) -> None:
    async with running_house(database_url, tmp_path) as house:
        await house.keeping.give("center.import", {"centers": LIST})
        account = await house.add("wang")
        await house.keeping.give("account.disable", {"account": account})
        await house.add("zhao")
        assert house.findings() == []
        with house.database.writing() as connection:
            connection.execute(sa.text(statement))
        assert any(told in text for text in house.findings()), house.findings()
    database = open_database(database_url)
    rebuild(database)
    with offline_journal(database) as journal:
        assert verify(journal, tmp_path, None).findings == []
    # Passwords are no projection: they are still there.
    found = await AccountStore(database).find_by_username("zhao")
    assert found is not None
    assert found.password_hash is not None
    await database.close()


async def test_a_restart_knows_all_accounts_and_centers(database_url: str, tmp_path: Path) -> None:
    async with running_house(database_url, tmp_path) as house:
        await house.keeping.give("center.import", {"centers": LIST})
        first, second = await house.add("wang"), await house.add("li")
        await house.keeping.give("account.change", {"account": first, "role": "leader"})
        await house.keeping.give("account.delete", {"account": second})
        before = house.keeping.writer.state
    async with running_house(database_url, tmp_path) as house:
        assert house.keeping.writer.state.parts == before.parts
        assert list(house.keeping.writer.state.parts.read(Accounts).by_id) == [first]
        assert [center.code for center in house.keeping.tree.path(VILLAGE)] == [each["code"] for each in LIST]
        with pytest.raises(Refusal, match="taken"):
            await house.add("wang")
        assert await house.accounts.get(second) is None
        found = await house.accounts.get(first)
        assert found is not None
        assert found.role == "leader"


async def test_what_an_entry_withdraws_ends_with_it(house: House) -> None:
    account = await house.add("wang")
    for kind, data, ends in (
        ("change", {"name": "王某"}, False),
        ("enable", {}, False),
        ("change", {"role": "leader"}, True),
        ("change", {"center": CITY}, True),
        ("sign_out", {}, True),
        ("disable", {}, True),
    ):
        assert await house.has_session(account)
        await house.keeping.give(f"account.{kind}", {"account": account, **data})
        assert await house.has_session(account) is not ends, (kind, data)
        if ends:
            await house.begin_session(account)
    await house.keeping.give("account.delete", {"account": account})
    assert not await house.has_session(account)
    with house.database.reading() as connection:
        assert connection.execute(sa.select(tables.credentials)).all() == []


async def test_two_thousand_accounts_are_made_fast(database_url: str, tmp_path: Path) -> None:
    async with running_house(database_url, tmp_path) as house:
        whole = [{name: getattr(each, name) for name in LIST[0]} for each in yueyang_centers()]
        begun = time.perf_counter()
        await house.keeping.give("center.import", {"centers": whole})
        new = [
            {"username": f"s{each['code']}", "name": "值守", "role": "station", "center": each["code"]}
            for each in whole
        ]
        for start in range(0, len(new), 200):
            await house.keeping.give("account.create", {"accounts": new[start : start + 200]})
        took = time.perf_counter() - begun
        assert len(await house.accounts.list()) == 2048
        assert house.findings() == []
    assert took < 10.0, f"{took:.1f} s"


def as_version(database: Database, version: int, *rows: str) -> None:
    """Make a database of an older version, with these rows."""
    with database.writing() as connection:
        tables.metadata.drop_all(connection)
    with database.writing() as connection:
        types = {"code": "TEXT", "number": "INTEGER"}
        if connection.dialect.name == "postgresql":
            types = {"code": 'TEXT COLLATE "C"', "number": "BIGINT"}
        connection.exec_driver_sql("CREATE TABLE schema_version (version INTEGER NOT NULL, at TEXT NOT NULL)")
        for number, statements in enumerate(STEPS[:version], start=1):
            for statement in statements:
                connection.exec_driver_sql(statement.format_map(types))
            connection.exec_driver_sql(f"INSERT INTO schema_version VALUES ({number}, 'then')")
        for row in rows:
            connection.exec_driver_sql(row)


async def test_the_directory_of_an_older_version_is_adopted_at_the_first_start(
    database_url: str, tmp_path: Path
) -> None:
    database = open_database(database_url)
    as_version(
        database,
        5,
        *(
            f"INSERT INTO centers VALUES ('{each['code']}', '{each['name']}', '{each['level']}',"
            f" {repr(each['parent']) if each['parent'] else 'NULL'}, 'x', {9 - place})"
            for place, each in enumerate(LIST)
        ),
        *(
            f"INSERT INTO accounts (id, username, name, role, center, disabled, password_hash, created_at, signed_in_at,"
            f" signed_in_from) VALUES ('a_{name}', '{name}', '某', 'leader', '{CITY}', {off}, 'hash of {name}', 'then',"
            f" '2026-11-23T08:00:00.000000Z', '192.0.2.9')"
            for name, off in (("wang", "FALSE"), ("li", "TRUE"))
        ),
    )
    await database.close()
    database = open_database(database_url)
    with offline_journal(database) as journal:
        assert verify(journal, tmp_path, None).findings == []
    rebuild(database)  # before the first start: nothing may be lost
    await database.close()
    for _ in range(2):
        async with running_house(database_url, tmp_path) as house:
            assert [each.id for each in await house.accounts.list()] == ["a_li", "a_wang"]
            found = await house.accounts.find_by_username("wang")
            assert found is not None
            assert found.password_hash == "hash of wang"
            assert await house.accounts.signed_in_from("wang", "192.0.2.9")
            assert [center.code for center in house.keeping.tree.path(VILLAGE)] == [
                each["code"] for each in LIST
            ]
            assert house.findings() == []
            assert house.keeping.writer.tip.seq == 1
            with house.database.reading() as connection:
                assert connection.execute(sa.select(tables.unadopted_accounts)).all() == []


async def test_the_owner_gives_a_running_hub_commands_over_the_link(house: House) -> None:
    door = OwnerDoor(house.keeping.writer, house.config)

    async def on_link(link: Any, hello: dict[str, Any]) -> None:
        assert hello["kind"] == OWNER
        await door.on_link(link, hello)

    app = web.Application()
    app.router.add_get("/link", LinkServer("key of the link", on_link).handle)
    async with TestServer(app) as server:
        there = {"HUB_DATA_DIR": str(house.config.data_dir), "HUB_LINK_URL": str(server.make_url("/link"))}
        config = load({**there, "HUB_LINK_KEY": "key of the link"})
        new = {"username": "wang", "name": "王某", "role": "leader", "center": CITY}
        (made,) = await give_to_running_hub(config, "one", "account.create", {"accounts": [new]})
        again = await give_to_running_hub(config, "one", "account.create", {"accounts": [new]})
        assert again == [made]
        account = made["data"]["accounts"][0]["account"]
        assert house.keeping.writer.state.parts.read(Accounts).by_id[account].role == "leader"
        for kind, data, code in (
            ("account.create", {"accounts": [new]}, "conflict"),
            ("account.create", {"accounts": []}, "invalid"),
            ("meeting.open", {}, "invalid"),
            ("recording.part_open", {}, "invalid"),
        ):
            with pytest.raises(Refusal) as caught:
                await give_to_running_hub(config, f"{kind}-{len(data)}", kind, data)
            assert caught.value.code == code
        wrong = load({**there, "HUB_LINK_KEY": "another"})
        with pytest.raises(Refusal, match="cannot be reached"):
            await give_to_running_hub(wrong, "two", "account.disable", {"account": account})
        # A node elsewhere has the link key and another data folder.
        node = load(
            {**there, "HUB_DATA_DIR": str(house.config.data_dir / "node"), "HUB_LINK_KEY": "key of the link"}
        )
        with pytest.raises(Refusal, match="closed"):
            await give_to_running_hub(node, "three", "account.disable", {"account": account})
        assert not house.keeping.writer.state.parts.read(Accounts).by_id[account].disabled
