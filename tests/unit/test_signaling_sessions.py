"""Sessions: passwords, tokens, throttling, and that nobody learns which names exist."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import argon2
import pytest

from hub.directory.accounts import Account, SignIn
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
        self.passwords: dict[str, str] = {}
        self.sign_ins: dict[str, SignIn] = {}
        self.before: dict[str, SignIn | None] = {}

    async def find_by_username(self, username: str) -> Stored | None:
        found = self.accounts.get(username)
        return Stored(found, self.passwords.get(found.id, HASH)) if found else None

    async def add_token(
        self,
        token_hash: str,
        account_id: str,
        created_at: datetime,
        expires_at: datetime,
        address: str | None = None,
    ) -> None:
        self.tokens[token_hash] = (account_id, expires_at)
        self.before[token_hash] = self.sign_ins.get(account_id)
        if address is not None:
            self.sign_ins[account_id] = SignIn(created_at, address)

    async def sign_in_before(self, token_hash: str) -> SignIn | None:
        return self.before[token_hash]

    async def set_password(self, account_id: str, password: str, keep: str | None = None) -> None:
        self.passwords[account_id] = HASHER.hash(password)
        self.tokens = {key: held for key, held in self.tokens.items() if held[0] != account_id or key == keep}

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


async def test_another_password_ends_the_other_sessions_and_only_them() -> None:
    subject, _, _ = made()
    token, _ = await subject.sign_in(LEADER.username, "right", "1.2.3.4")
    other, _ = await subject.sign_in(LEADER.username, "right", "5.6.7.8")
    assert await subject.change_password(token, "right", "五谷丰登风调雨顺国泰") == LEADER
    assert await subject.account_for(token) == LEADER
    with pytest.raises(Refusal, match="sign in"):
        await subject.account_for(other)
    with pytest.raises(Refusal, match="wrong"):
        await subject.sign_in(LEADER.username, "right", "1.2.3.4")
    await subject.sign_in(LEADER.username, "五谷丰登风调雨顺国泰", "1.2.3.4")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("right", "ninechars", "new"),
        ("right", "x" * 257, "new"),
        ("right", f" {LEADER.username.upper()} ", "new"),
        ("wrong", "long enough it is", "old"),
        ("y" * 257, "long enough it is", "old"),
    ],
)
async def test_a_password_that_is_not_taken_names_the_field_and_changes_nothing(
    old: str, new: str, field: str
) -> None:
    subject, store, _ = made()
    token, _ = await subject.sign_in(LEADER.username, "right", "1.2.3.4")
    with pytest.raises(Refusal) as refused:
        await subject.change_password(token, old, new)
    assert (refused.value.code, refused.value.field) == ("invalid", field)
    assert not store.passwords
    assert await subject.account_for(token) == LEADER


async def test_guessing_at_an_open_session_is_stopped_and_locks_nobody_out_of_signing_in() -> None:
    subject, _, _ = made()
    token, _ = await subject.sign_in(LEADER.username, "right", "1.2.3.4")
    codes = []
    for number in range(11):
        with pytest.raises(Refusal) as refused:
            await subject.change_password(token, f"wrong {number}", "long enough it is")
        codes.append(refused.value.code)
    assert codes == ["invalid"] * 10 + ["too_many"]
    await subject.sign_in(LEADER.username, "right", "1.2.3.4")


async def test_each_session_knows_the_sign_in_before_it() -> None:
    subject, _, now = made()
    first, _ = await subject.sign_in(LEADER.username, "right", "1.2.3.4")
    when = now.moment
    now.moment += timedelta(hours=1)
    second, _ = await subject.sign_in(LEADER.username, "right", "5.6.7.8")
    assert await subject.sign_in_before(first) is None
    assert await subject.sign_in_before(second) == SignIn(when, "1.2.3.4")


async def test_only_so_many_sign_ins_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "WAITING_AT_MOST", 3)
    subject, _, _ = made()
    tries = [subject.sign_in(LEADER.username, "right", "1.2.3.4") for _ in range(6)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, Refusal) and outcome.code == "too_many" for outcome in outcomes) == 3
