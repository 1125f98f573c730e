"""Sessions: passwords, tokens, throttling, and that nobody learns which names exist."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import argon2
import pytest

from hub.directory.accounts import Account
from hub.errors import Refusal
from signaling import sessions
from signaling.sessions import Sessions, token_hash
from tests.support.rules import CITY, account

HASHER = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
HASH = HASHER.hash("right")


@dataclass
class Stored:
    account: Account
    password_hash: str = HASH


class Store:
    """Accounts and tokens in memory."""

    def __init__(self, *accounts: Account) -> None:
        self.accounts = {each.username: each for each in accounts}
        self.tokens: dict[str, tuple[str, datetime]] = {}

    async def find_by_username(self, username: str) -> Stored | None:
        found = self.accounts.get(username)
        return Stored(found) if found else None

    async def add_token(
        self, token_hash: str, account_id: str, created_at: datetime, expires_at: datetime
    ) -> None:
        self.tokens[token_hash] = (account_id, expires_at)

    async def account_for_token(self, token_hash: str, now: datetime) -> Account | None:
        owner, until = self.tokens.get(token_hash, ("", now))
        return next((a for a in self.accounts.values() if a.id == owner and until > now), None)

    async def revoke_token(self, token_hash: str) -> None:
        self.tokens.pop(token_hash, None)


class Now:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 23, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def seconds(self) -> float:
        return self.moment.timestamp()


LEADER = account("leader", CITY)
DISABLED = account("clerk", CITY, disabled=True)


def made() -> tuple[Sessions, Store, Now]:
    store, now = Store(LEADER, DISABLED), Now()
    return Sessions(store, now, 30, now.seconds), store, now


async def test_a_token_is_good_until_it_is_revoked_or_expires_and_only_its_hash_is_kept() -> None:
    subject, store, now = made()
    token, who = await subject.sign_in(LEADER.username, "right", "1.2.3.4")
    assert who == LEADER
    assert await subject.account_for(token) == LEADER
    assert set(store.tokens) == {token_hash(token)}
    assert token not in str(store.tokens)
    now.moment += timedelta(days=31)
    with pytest.raises(Refusal, match="sign in"):
        await subject.account_for(token)
    again, _ = await subject.sign_in(LEADER.username, "right", "1.2.3.4")
    assert again != token
    await subject.sign_out(again)
    with pytest.raises(Refusal, match="sign in"):
        await subject.account_for(again)


async def test_wrong_unknown_and_disabled_are_answered_alike() -> None:
    subject, _, _ = made()
    answers = []
    for name, password in [(LEADER.username, "wrong"), ("nobody", "right"), (DISABLED.username, "right")]:
        with pytest.raises(Refusal) as refused:
            await subject.sign_in(name, password, "1.2.3.4")
        answers.append((refused.value.code, refused.value.message))
    assert len(set(answers)) == 1
    assert answers[0][0] == "unauthenticated"


async def test_ten_failures_close_the_door_even_with_the_right_password_and_all_at_once() -> None:
    subject, _, now = made()
    tries = [subject.sign_in(LEADER.username, "wrong", f"1.2.3.{n}") for n in range(30)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    codes = [outcome.code for outcome in outcomes if isinstance(outcome, Refusal)]
    assert (codes.count("unauthenticated"), codes.count("too_many")) == (10, 20)
    with pytest.raises(Refusal) as refused:
        await subject.sign_in(LEADER.username, "right", "9.9.9.9")
    assert refused.value.code == "too_many"
    now.moment += timedelta(minutes=5)
    await subject.sign_in(LEADER.username, "right", "9.9.9.9")


@pytest.mark.parametrize("token", ["", "x", "x" * 43 + "\n", "é" * 43, "x" * 10_000, "../" * 14 + "x"])
async def test_a_malformed_token_is_no_token(token: str) -> None:
    subject, _, _ = made()
    with pytest.raises(Refusal) as refused:
        await subject.account_for(token)
    assert refused.value.code == "unauthenticated"


@pytest.mark.parametrize(
    ("name", "password", "field"),
    [("", "x", "username"), ("x" * 65, "x", "username"), ("x", "", "password"), ("x", "y" * 257, "password")],
)
async def test_overlong_names_and_passwords_never_reach_the_hash(
    name: str, password: str, field: str
) -> None:
    subject, _, _ = made()
    with pytest.raises(Refusal) as refused:
        await subject.sign_in(name, password, "1.2.3.4")
    assert (refused.value.code, refused.value.field) == ("invalid", field)


async def test_only_so_many_sign_ins_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "WAITING_AT_MOST", 3)
    subject, _, _ = made()
    tries = [subject.sign_in(LEADER.username, "right", "1.2.3.4") for _ in range(6)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, Refusal) and outcome.code == "too_many" for outcome in outcomes) == 3
