"""Accounts, tokens and centers in the database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import argon2
import pytest
import sqlalchemy as sa

from hub.directory.accounts import Account, SignIn
from hub.errors import Refusal
from hub.store import tables
from hub.store.accounts_store import AccountStore
from hub.store.database import Database, open_database
from tests.support.directory_rows import Elsewhere, put_account
from tests.support.rules import CITY, VILLAGE, account

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LEADER = account("leader", CITY)
STATION = account("station", VILLAGE)
DAYS_30 = timedelta(days=30)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def store(database: Database) -> Elsewhere:
    accounts = Elsewhere(database, lambda: NOON)
    for each in (LEADER, STATION):
        await put_account(database, each, "")
        await accounts.set_password(each.id, f"password of {each.username}")
    return accounts


async def test_accounts_are_found_by_name_and_id(store: AccountStore) -> None:
    found = await store.find_by_username(LEADER.username)
    assert found is not None
    assert found.account == LEADER
    assert found.password_hash is not None
    assert found.password_hash.startswith("$argon2id$")
    assert argon2.PasswordHasher().verify(found.password_hash, f"password of {LEADER.username}")
    assert await store.get(STATION.id) == STATION
    assert await store.list() == [LEADER, STATION]
    assert await store.find_by_username("nobody") is None
    assert await store.get("a_none") is None


async def test_an_account_without_a_password_is_found_and_has_none(
    store: AccountStore, database: Database
) -> None:
    with database.writing() as connection:
        connection.execute(tables.credentials.delete())
    found = await store.find_by_username(LEADER.username)
    assert found is not None
    assert (found.account, found.password_hash) == (LEADER, None)
    await store.add_token("aa", LEADER.id, NOON, NOON + DAYS_30, "192.0.2.7")
    assert (await store.standing(["aa"]))["aa"].account == LEADER
    await store.set_password(LEADER.id, "first")
    found = await store.find_by_username(LEADER.username)
    assert found is not None
    assert found.password_hash is not None


async def owner(store: AccountStore, token: str, now: datetime) -> Account | None:
    """Whose token this is."""
    found = await store.token_standing(token, now)
    return found.account if found is not None else None


async def test_a_token_lives_until_it_is_revoked(store: AccountStore) -> None:
    await store.add_token("aa", LEADER.id, NOON, NOON + DAYS_30)
    await store.add_token("bb", LEADER.id, NOON, NOON + DAYS_30)
    assert await owner(store, "aa", NOON) == LEADER
    await store.revoke_token("aa")
    await store.revoke_token("aa")
    assert await owner(store, "aa", NOON) is None
    assert await owner(store, "bb", NOON) == LEADER
    await store.revoke_all(LEADER.id)
    assert await owner(store, "bb", NOON) is None
    assert await owner(store, "unknown", NOON) is None


async def test_an_unused_token_expires_and_a_used_one_is_extended_at_most_hourly(
    store: AccountStore, database: Database
) -> None:
    def expires() -> str:
        with database.reading() as connection:
            return str(connection.execute(sa.select(tables.tokens.c.expires_at)).scalar_one())

    await store.add_token("aa", LEADER.id, NOON, NOON + DAYS_30)
    first = expires()
    assert await owner(store, "aa", NOON + timedelta(minutes=59)) == LEADER
    assert expires() == first
    assert await owner(store, "aa", NOON + timedelta(hours=1)) == LEADER
    assert expires() > first
    late = NOON + DAYS_30 + timedelta(hours=1)
    assert await owner(store, "aa", late) is None
    await store.add_token("bb", STATION.id, late, late + DAYS_30)
    with database.reading() as connection:
        assert connection.execute(sa.select(tables.tokens.c.hash)).scalars().all() == ["bb"]


async def test_another_password_ends_every_session(store: AccountStore) -> None:
    await store.add_token("aa", LEADER.id, NOON, NOON + DAYS_30)
    await store.set_password(LEADER.id, "new")
    assert await owner(store, "aa", NOON) is None
    found = await store.find_by_username(LEADER.username)
    assert found is not None
    assert found.password_hash is not None
    assert argon2.PasswordHasher().verify(found.password_hash, "new")
    with pytest.raises(KeyError):
        await store.set_password("a_none", "x")


async def test_another_password_can_leave_one_session(store: AccountStore) -> None:
    for token in ("aa", "bb"):
        await store.add_token(token, LEADER.id, NOON, NOON + DAYS_30)
    await store.add_token("cc", STATION.id, NOON, NOON + DAYS_30)
    await store.set_password(LEADER.id, "new", keep="aa")
    assert await owner(store, "aa", NOON) == LEADER
    assert await owner(store, "bb", NOON) is None
    assert await owner(store, "cc", NOON) == STATION


async def test_a_session_knows_the_sign_in_before_it(store: AccountStore) -> None:
    later = NOON + timedelta(hours=2)
    await store.add_token("aa", LEADER.id, NOON, NOON + DAYS_30, "192.0.2.7")
    await store.add_token("bb", LEADER.id, later, NOON + DAYS_30, "192.0.2.8")
    await store.add_token("cc", STATION.id, later, NOON + DAYS_30, "192.0.2.9")
    assert await store.sign_in_before("aa") is None
    assert await store.sign_in_before("bb") == SignIn(NOON, "192.0.2.7")
    assert await store.sign_in_before("cc") is None
    assert await store.sign_in_before("unknown") is None


async def test_it_is_known_from_where_a_name_signed_in(store: AccountStore) -> None:
    await store.add_token("aa", LEADER.id, NOON, NOON + DAYS_30, "192.0.2.7")
    await store.add_token("bb", LEADER.id, NOON, NOON + DAYS_30, "192.0.2.8")
    for name, address, known in [
        (LEADER.username, "192.0.2.8", True),
        (LEADER.username, "192.0.2.7", True),
        (LEADER.username, "192.0.2.9", False),
        (STATION.username, "192.0.2.8", False),
        ("nobody", "192.0.2.8", False),
    ]:
        assert await store.signed_in_from(name, address) is known, (name, address)
    await store.revoke_all(LEADER.id)
    assert await store.signed_in_from(LEADER.username, "192.0.2.8")


async def test_what_stands_behind_tokens_is_read_in_one_go(store: AccountStore) -> None:
    await store.add_token("aa", LEADER.id, NOON, NOON + DAYS_30)
    await store.add_token("bb", STATION.id, NOON, NOON + DAYS_30)
    await store.add_token("cc", STATION.id, NOON, NOON + DAYS_30)
    found = await store.standing(["aa", "bb", "unknown"])
    assert {key: (each.account, each.expires_at) for key, each in found.items()} == {
        "aa": (LEADER, NOON + DAYS_30),
        "bb": (STATION, NOON + DAYS_30),
    }
    assert found["aa"].password_mark != found["bb"].password_mark
    assert await store.account_and_mark(LEADER.id) == (LEADER, found["aa"].password_mark)
    await store.extend_tokens(["aa", "unknown"], NOON + 2 * DAYS_30)
    await store.set_password(LEADER.id, "new", keep="aa")
    after = await store.standing(["aa", "bb"])
    assert after["aa"].expires_at == NOON + 2 * DAYS_30
    assert after["aa"].password_mark != found["aa"].password_mark
    assert after["bb"] == found["bb"]
    await store.revoke_tokens(["bb", "cc", "unknown"])
    assert list(await store.standing(["aa", "bb", "cc"])) == ["aa"]
    assert await store.standing([]) == {}


async def test_a_token_is_good_though_its_time_cannot_be_written(
    store: AccountStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.add_token("aa", LEADER.id, NOON, NOON + DAYS_30)

    async def full(work: object) -> None:
        raise Refusal("unavailable", "database or disk is full")

    monkeypatch.setattr(database, "write", full)
    assert await owner(store, "aa", NOON + timedelta(hours=2)) == LEADER
