"""Sessions: passwords, tokens, throttling, and that nobody learns which names exist."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import argon2
import pytest

from hub.directory.accounts import Account, HeldSession, Need, SignIn, TokenStanding
from hub.errors import Refusal
from hub.store.accounts_store import PasswordFacts
from signaling import verifying
from signaling.devices import MAX_NAMES, Devices
from signaling.own_security import OwnSecurity
from signaling.sessions import Sessions, token_hash
from signaling.throttle import ADDRESS, NAME, PAIR
from signaling.verifying import Verifier
from tests.support.rules import CITY, account

HASHER = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
HASH = HASHER.hash("right")


@dataclass
class Stored:
    account: Account
    password_hash: str = HASH
    one_time_until: datetime | None = None


class Store:
    """Accounts and tokens in memory."""

    def __init__(self, *accounts: Account) -> None:
        self.accounts = {each.username: each for each in accounts}
        self.tokens: dict[str, tuple[str, datetime]] = {}
        self.begun: dict[str, datetime] = {}
        self.needs: dict[str, Need | None] = {}
        self.set_at: dict[str, datetime] = {}
        self.once: set[str] = set()
        self.old: list[str] = []
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
        agent: str = "",
        needs: Need | None = None,
        device: str | None = None,
    ) -> None:
        self.tokens[token_hash] = (account_id, expires_at)
        self.begun[token_hash] = created_at
        self.needs[token_hash] = needs
        self.before[token_hash] = self.sign_ins.get(account_id)
        if address is not None:
            self.sign_ins[account_id] = SignIn(created_at, address)

    async def signed_in_from(self, username: str, address: str) -> bool:
        found = self.accounts.get(username)
        last = self.sign_ins.get(found.id) if found else None
        return last is not None and last.address == address

    async def sign_in_before(self, token_hash: str) -> SignIn | None:
        return self.before[token_hash]

    async def set_password(self, account_id: str, password: str, keep: str | None = None) -> None:
        self.passwords[account_id] = HASHER.hash(password)
        self.tokens = {key: held for key, held in self.tokens.items() if held[0] != account_id or key == keep}

    async def set_one_time(self, passwords: Mapping[str, str], until: datetime) -> None:
        for account_id, password in passwords.items():
            self.passwords[account_id] = HASHER.hash(password)
            self.once.add(account_id)

    async def token_standing(self, token_hash: str, now: datetime) -> TokenStanding | None:
        owner, until = self.tokens.get(token_hash, ("", now))
        found = next((a for a in self.accounts.values() if a.id == owner and until > now), None)
        if found is None:
            return None
        begun, needs = self.begun[token_hash], self.needs.get(token_hash)
        return TokenStanding(found, until, self.passwords.get(found.id, HASH)[-16:], begun, begun, needs)

    async def oldest_tokens(self, account_id: str, beyond: int, now: datetime) -> list[str]:
        mine = [key for key, (owner, _) in self.tokens.items() if owner == account_id]
        return mine[::-1][beyond:]

    async def sessions_of(self, account_ids: Collection[str], now: datetime) -> list[HeldSession]:
        return []

    async def set_needs(self, token_hash: str, needs: Need | None) -> None:
        self.needs[token_hash] = needs

    async def password_facts(self, account_id: str) -> PasswordFacts:
        return PasswordFacts(self.set_at.get(account_id), account_id in self.once, tuple(self.old))

    async def note_seen(self, seen: Mapping[str, datetime]) -> None:
        pass

    async def revoke_tokens(self, token_hashes: Collection[str]) -> None:
        for one in token_hashes:
            self.tokens.pop(one, None)

    async def standing(self, token_hashes: Collection[str]) -> dict[str, TokenStanding]:
        return {}

    async def account_and_mark(self, account_id: str) -> tuple[Account, str] | None:
        found = next((a for a in self.accounts.values() if a.id == account_id), None)
        return (found, self.passwords.get(account_id, HASH)[-16:]) if found is not None else None

    async def extend_tokens(self, token_hashes: Collection[str], expires_at: datetime) -> None:
        pass


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
    subject = Sessions(store, now, 30, now.seconds)
    subject.verifier._decoy = HASH  # a cheap one
    return subject, store, now


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


async def guesses(subject: Sessions, name: str, *addresses: str) -> list[str]:
    """The codes with which wrong passwords from these addresses, all at once, are refused."""
    tries = [subject.sign_in(name, "wrong", address) for address in addresses]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert all(isinstance(outcome, Refusal) for outcome in outcomes)
    return [outcome.code for outcome in outcomes if isinstance(outcome, Refusal)]


async def test_who_guesses_has_to_wait_also_with_the_right_password_and_all_at_once() -> None:
    subject, _, now = made()
    codes = await guesses(subject, LEADER.username, *["1.2.3.4"] * 30)
    assert (codes.count("unauthenticated"), codes.count("too_many")) == (PAIR.free, 30 - PAIR.free)
    with pytest.raises(Refusal) as refused:
        await subject.sign_in(LEADER.username, "right", "1.2.3.4")
    assert refused.value.code == "too_many"
    now.moment += timedelta(seconds=1)
    await subject.sign_in(LEADER.username, "right", "1.2.3.4")


async def test_guesses_elsewhere_do_not_lock_the_owner_out() -> None:
    subject, _, _ = made()
    await guesses(subject, LEADER.username, *["1.2.3.4"] * 15)
    await subject.sign_in(LEADER.username, "right", "9.9.9.9")


async def test_a_name_guessed_from_everywhere_is_slowed_for_strangers_but_not_where_it_is_known() -> None:
    subject, _, _ = made()
    await subject.sign_in(LEADER.username, "right", "10.0.0.1")
    device = subject.devices.remember(None, LEADER.username)
    codes = await guesses(subject, LEADER.username, *[f"2001:db8:{n:x}::1" for n in range(60)])
    assert codes.count("unauthenticated") == NAME.free
    with pytest.raises(Refusal) as refused:
        await subject.sign_in(LEADER.username, "right", "8.8.8.8")
    assert refused.value.code == "too_many"
    await subject.sign_in(LEADER.username, "right", "10.0.0.1")
    await subject.sign_in(LEADER.username, "right", "8.8.8.8", device)
    other = subject.devices.remember(None, DISABLED.username)
    with pytest.raises(Refusal) as refused:
        await subject.sign_in(LEADER.username, "right", "7.7.7.7", other)
    assert refused.value.code == "too_many", "another's device is nobody's"


async def test_one_address_with_many_names_slows_itself_and_no_known_device_there() -> None:
    subject, _, _ = made()
    for n in range(ADDRESS.free):
        assert await guesses(subject, f"nobody{n}", "1.2.3.4") == ["unauthenticated"]
    with pytest.raises(Refusal) as refused:
        await subject.sign_in(LEADER.username, "right", "1.2.3.4")
    assert refused.value.code == "too_many"
    await subject.sign_in(
        LEADER.username, "right", "1.2.3.4", subject.devices.remember(None, LEADER.username)
    )


async def test_the_own_mistakes_at_a_known_device_count_there() -> None:
    subject, _, now = made()
    device = subject.devices.remember(None, LEADER.username)
    codes = []
    for _ in range(PAIR.free + 1):
        with pytest.raises(Refusal) as refused:
            await subject.sign_in(LEADER.username, "wrong", "1.2.3.4", device)
        codes.append(refused.value.code)
    assert codes == ["unauthenticated"] * PAIR.free + ["too_many"]
    now.moment += timedelta(seconds=1)
    await subject.sign_in(LEADER.username, "right", "1.2.3.4", device)


async def test_a_flood_of_guesses_does_not_hold_up_a_known_device(monkeypatch: pytest.MonkeyPatch) -> None:
    subject, _, _ = made()
    slow = threading.Event()
    verify_now = Verifier._verify_now

    def held(verifier: Verifier, password_hash: str | None, password: str) -> bool:
        if password == "wrong":
            slow.wait(10)
        return verify_now(verifier, password_hash, password)

    monkeypatch.setattr(Verifier, "_verify_now", held)
    flood = [
        asyncio.create_task(subject.sign_in(f"nobody{n}", "wrong", f"1.{n // 250}.{n % 250}.1"))
        for n in range(300)
    ]
    try:
        await asyncio.sleep(0)
        device = subject.devices.remember(None, LEADER.username)
        async with asyncio.timeout(5):
            await subject.sign_in(LEADER.username, "right", "9.9.9.9", device)
        assert not any(task.done() and not task.exception() for task in flood)
    finally:
        slow.set()
        await asyncio.gather(*flood, return_exceptions=True)


def test_a_device_is_known_for_the_names_that_signed_in_there_and_cannot_be_made_up() -> None:
    subject = Devices(b"x" * 32)
    first = subject.remember(None, "wang")
    assert subject.known(first, "wang")
    assert subject.known(first, "li") is None
    both = subject.remember(first, "li")
    assert subject.known(both, "wang") == subject.known(both, "li") == subject.known(first, "wang")
    assert Devices(b"y" * 32).known(first, "wang") is None
    number, mark = first.split(".")
    for made_up in (None, "", "x", f"{'a' * 22}.{mark}", f"{number}.{'a' * 22}", first + "\n", "é" * 45):
        assert subject.known(made_up, "wang") is None
    many = both
    for n in range(MAX_NAMES):
        many = subject.remember(many, f"name{n}")
    assert subject.known(many, "wang") is None
    assert subject.known(many, "name0")
    assert len(many) < 250


@pytest.mark.parametrize("token", ["", "x", "x" * 43 + "\n", "é" * 43, "x" * 10_000, "../" * 14 + "x"])
async def test_a_malformed_token_is_no_token(token: str) -> None:
    subject, _, _ = made()
    with pytest.raises(Refusal) as refused:
        await subject.account_for(token)
    assert refused.value.code == "unauthenticated"


@pytest.mark.parametrize(
    ("name", "password", "field"),
    [
        ("", "x", "username"),
        ("a\0b", "x", "username"),
        ("x" * 65, "x", "username"),
        ("x", "", "password"),
        ("x", "y" * 257, "password"),
    ],
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
    assert await OwnSecurity(subject).change_password(token, "right", "五谷丰登风调雨顺国泰") == LEADER
    assert await subject.account_for(token) == LEADER
    with pytest.raises(Refusal, match="sign in"):
        await subject.account_for(other)
    with pytest.raises(Refusal, match="wrong"):
        await subject.sign_in(LEADER.username, "right", "1.2.3.4")
    await subject.sign_in(LEADER.username, "五谷丰登风调雨顺国泰", "1.2.3.4")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("right", "ninechars", "short"),
        ("right", "x" * 257, "new"),
        ("right", f" {LEADER.username.upper()} ", "name"),
        ("right", "admin123456", "common"),
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
        await OwnSecurity(subject).change_password(token, old, new)
    code = "invalid" if field in ("new", "old") else "weak_password"
    assert (refused.value.code, refused.value.field) == (code, field)
    assert not store.passwords
    assert await subject.account_for(token) == LEADER


async def test_guessing_at_an_open_session_is_stopped_and_locks_nobody_out_of_signing_in() -> None:
    subject, _, _ = made()
    token, _ = await subject.sign_in(LEADER.username, "right", "1.2.3.4")
    codes = []
    for number in range(PAIR.free + 1):
        with pytest.raises(Refusal) as refused:
            await OwnSecurity(subject).change_password(token, f"wrong {number}", "long enough it is")
        codes.append(refused.value.code)
    assert codes == ["invalid"] * PAIR.free + ["too_many"]
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
    monkeypatch.setattr(verifying, "WAITING_AT_MOST", 5)
    monkeypatch.setattr(verifying, "WAITING_FROM_ONE", 3)
    subject, _, _ = made()

    async def refused(*addresses: str) -> int:
        tries = [subject.sign_in(f"n{n}", "right", address) for n, address in enumerate(addresses)]
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
        return sum(isinstance(outcome, Refusal) and outcome.code == "too_many" for outcome in outcomes)

    assert await refused(*["1.2.3.4"] * 6) == 3
    assert await refused(*[f"1.2.3.{n}" for n in range(9)]) == 4
