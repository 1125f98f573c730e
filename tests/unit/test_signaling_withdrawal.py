"""What was withdrawn is dead in memory at once, and found by looking where somebody else withdrew it."""

from __future__ import annotations

import gc
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.directory.accounts import Account, TokenStanding
from hub.errors import Refusal
from signaling import withdrawal as withdrawal_module
from signaling.access import Access, Reason
from signaling.withdrawal import Withdrawal
from tests.support.rules import CITY, COUNTY, VILLAGE, account

LEADER, STATION = account("leader", CITY), account("station", VILLAGE)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAYS_30 = timedelta(days=30)


class Tokens:
    """A store in memory. `full`: nothing can be written; `away`: nothing can be read either."""

    def __init__(self) -> None:
        self.tokens: dict[str, tuple[str, datetime]] = {}
        self.accounts = {each.id: (each, "mark") for each in (LEADER, STATION)}
        self.seen: dict[str, datetime] = {}
        self.begun: dict[str, datetime] = {}
        self.full = self.away = False

    async def standing(self, token_hashes: Collection[str]) -> dict[str, TokenStanding]:
        self._reach()
        found = {key: self.tokens[key] for key in token_hashes if key in self.tokens}
        return {
            key: TokenStanding(
                self.accounts[owner][0],
                until,
                self.accounts[owner][1],
                self.begun.get(key),
                self.seen.get(key),
            )
            for key, (owner, until) in found.items()
            if owner in self.accounts
        }

    async def account_and_mark(self, account_id: str) -> tuple[Account, str] | None:
        self._reach()
        return self.accounts.get(account_id)

    async def extend_tokens(self, token_hashes: Collection[str], expires_at: datetime) -> None:
        self._write()
        self.tokens.update({key: (self.tokens[key][0], expires_at) for key in token_hashes})

    async def note_seen(self, seen: Mapping[str, datetime]) -> None:
        self._write()
        self.seen |= {key: at for key, at in seen.items() if key in self.tokens}

    async def revoke_tokens(self, token_hashes: Collection[str]) -> None:
        self._write()
        for key in token_hashes:
            self.tokens.pop(key, None)

    def _reach(self) -> None:
        if self.away:
            raise Refusal("unavailable", "the database is away")

    def _write(self) -> None:
        self._reach()
        if self.full:
            raise Refusal("unavailable", "disk full")


class Media:
    def __init__(self) -> None:
        self.under: dict[str, str] = {}
        self.withdrawn: list[str] = []

    def accesses(self) -> dict[str, str]:
        return dict(self.under)

    def withdraw(self, access: str) -> None:
        if self.under.pop(access, None) is not None:
            self.withdrawn.append(access)


class Stand:
    def __init__(self) -> None:
        self.tokens, self.media, self.now = Tokens(), Media(), NOON
        self.subject = Withdrawal(self.tokens, lambda: self.now, DAYS_30)
        self.subject.media = self.media
        self.ended: list[tuple[str, Reason]] = []
        self.held: list[Access] = []

    def use(self, key: str, owner: Account = LEADER) -> Access:
        """A token in use: in the store, and held by the test."""
        self.tokens.tokens[key] = (owner.id, self.now + DAYS_30)
        access = self.subject.access(key, owner)
        self.held.append(access)
        access.on_end(lambda reason: self.ended.append((key, reason)))
        return access


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda tokens: tokens.tokens.pop("aa"), "signed_out"),
        (lambda tokens: tokens.accounts.pop(LEADER.id), "disabled"),
        (lambda tokens: _put(tokens, replace(LEADER, disabled=True)), "disabled"),
        (lambda tokens: _put(tokens, replace(LEADER, disabled=True)).tokens.pop("aa"), "disabled"),
        (lambda tokens: _put(tokens, replace(LEADER, role="dispatcher")), "changed"),
        (lambda tokens: _put(tokens, replace(LEADER, center=COUNTY)).tokens.pop("aa"), "changed"),
        (lambda tokens: (_put(tokens, LEADER, "another"), tokens.tokens.pop("aa")), "changed"),
        (lambda tokens: tokens.tokens.update(aa=(LEADER.id, NOON)), "expired"),
    ],
)
async def test_whatever_withdraws_a_token_elsewhere_is_found_with_its_reason(
    change: object, reason: Reason
) -> None:
    stand = Stand()
    held, other = stand.use("aa"), stand.use("cc", STATION)
    stand.media.under = {"aa": LEADER.id, "cc": STATION.id}
    await stand.subject.look()
    assert stand.ended == []
    assert callable(change)
    change(stand.tokens)
    await stand.subject.look()
    assert stand.ended == [("aa", reason)]
    assert stand.media.withdrawn == ["aa"], "media go with the token they were opened under, and no others"
    assert other.require() == STATION
    with pytest.raises(Refusal, match="sign in"):
        held.require()
    with pytest.raises(Refusal, match="sign in"):
        stand.subject.access("aa", LEADER)
    assert "aa" not in stand.tokens.tokens, "what was withdrawn stays so when the account is enabled again"


def _put(tokens: Tokens, changed: Account, mark: str = "mark") -> Tokens:
    tokens.accounts[changed.id] = (changed, mark)
    return tokens


async def test_signing_out_is_in_force_at_once_and_written_when_the_disk_takes_it_again() -> None:
    stand = Stand()
    held = stand.use("aa")
    stand.tokens.full = True
    await stand.subject.sign_out("aa")
    assert held.ended == "signed_out"
    assert "aa" in stand.tokens.tokens, "nothing could be written"
    with pytest.raises(Refusal, match="sign in"):
        stand.subject.require_good("aa")
    await stand.subject.look()
    with pytest.raises(Refusal, match="sign in"):
        stand.subject.access("aa", LEADER)
    stand.tokens.full = False
    await stand.subject.look()
    assert stand.tokens.tokens == {}


async def test_one_sign_in_ends_and_another_of_the_same_account_goes_on() -> None:
    stand = Stand()
    here, there = stand.use("aa"), stand.use("bb")
    stand.media.under = {"aa": LEADER.id, "bb": LEADER.id}
    await stand.subject.sign_out("aa")
    assert (here.ended, there.ended) == ("signed_out", None)
    assert stand.media.withdrawn == ["aa"]
    stand.media.under["dd"] = LEADER.id  # media alone, of a tool without a socket
    stand.subject.end_others(LEADER.id, "bb", "changed")
    assert there.ended is None
    assert stand.media.withdrawn == ["aa", "dd"]


async def test_media_without_a_socket_end_with_their_token_also_after_control_began_anew() -> None:
    stand = Stand()
    stand.tokens.tokens["aa"] = (LEADER.id, NOON + DAYS_30)
    stand.media.under = {"aa": LEADER.id}
    await stand.subject.look()
    gc.collect()
    _put(stand.tokens, replace(LEADER, center=COUNTY))
    await stand.subject.look()
    assert stand.media.withdrawn == ["aa"]


async def test_a_token_in_use_is_extended_and_one_without_time_ends_though_the_store_is_away() -> None:
    stand = Stand()
    stand.use("aa")
    stand.now += timedelta(minutes=30)
    await stand.subject.look()
    assert stand.tokens.tokens["aa"][1] == NOON + DAYS_30
    stand.now += timedelta(minutes=30)
    await stand.subject.look()
    assert stand.tokens.tokens["aa"][1] == stand.now + DAYS_30
    await stand.subject.look()
    stand.tokens.away = True
    stand.now += DAYS_30
    with pytest.raises(Refusal):
        await stand.subject.look()
    stand.subject.expire()
    assert stand.ended == [("aa", "expired")]


async def test_another_name_is_taken_up_and_ends_nothing() -> None:
    stand = Stand()
    held = stand.use("aa")
    _put(stand.tokens, replace(LEADER, name="李某"))
    await stand.subject.look()
    assert held.require().name == "李某"


async def test_what_fails_to_end_does_not_keep_the_rest_alive() -> None:
    stand = Stand()
    held = stand.subject.access("aa", LEADER)

    def fail(reason: Reason) -> None:
        raise RuntimeError("a fault")

    held.on_end(fail)
    stand.use("aa")
    stand.subject.end("aa", "disabled")
    assert stand.ended == [("aa", "disabled")]


async def test_sign_outs_that_cannot_be_written_are_remembered_up_to_a_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(withdrawal_module, "MAX_UNWRITTEN", 3)
    stand = Stand()
    held = stand.use("aa")
    stand.tokens.full = True
    for number in range(3):
        await stand.subject.sign_out(f"unknown {number}")
    with pytest.raises(Refusal) as refused:
        await stand.subject.sign_out("one more")
    assert refused.value.code == "unavailable"
    await stand.subject.sign_out("aa")
    assert held.ended == "signed_out", "one that is in use here is always taken"
