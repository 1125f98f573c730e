"""Canonical bytes and the chain: equal to RFC 8785, and every kind of tampering shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from hub.entry import Actor, Draft, Entry
from hub.journal.chain import GENESIS, NotCanonical, canonical_json, entry_hash, seal, verify_chain

BEGIN = datetime(2026, 11, 23, 8, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
# Keys around the place where UTF-16 order and code point order part.
keys = texts | st.text(st.sampled_from("a\u00e9\ud7ff\ue000\uffff\U00010000\U0010ffff"), max_size=3)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_canonical_json_is_rfc_8785(value: Any) -> None:
    assert canonical_json(value).encode() == rfc8785.dumps(value)


@given(
    st.dictionaries(keys, values, max_size=5), texts, texts, st.none() | texts, st.lists(texts, max_size=3)
)
def test_the_hash_covers_the_canonical_json_of_the_entry_without_its_hash(
    data: dict[str, Any], account: str, kind: str, meeting: str | None, audience: list[str]
) -> None:
    import hashlib

    entry = seal(7, BEGIN, Actor(account, "4306"), Draft(kind, meeting, data, tuple(audience)), GENESIS)
    written = entry.to_wire()
    del written["hash"]
    assert entry.hash == hashlib.sha256(rfc8785.dumps(written)).hexdigest()
    assert entry.hash == entry_hash(entry)


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        2**53 + 1,
        -(2**60),
        "\ud800",
        "a\0b",
        {"\0": 1},
        {"\udfff": 1},
        {1: "a"},
        {"a": {None: 1}},
        b"x",
        {"a": {1, 2}},
        datetime(2026, 1, 1, tzinfo=UTC),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical_json(value)
    with pytest.raises(NotCanonical):
        seal(1, BEGIN, Actor("a", "c"), Draft("x.y", None, {"v": value}), GENESIS)


def test_data_nested_beyond_the_stack_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(NotCanonical, match="deep"):
        canonical_json(deep)


def chain(length: int) -> list[Entry]:
    entries: list[Entry] = []
    prev = GENESIS
    for seq in range(1, length + 1):
        draft = Draft("note.added", "m_1", {"text": f"第{seq}条"})
        entries.append(seal(seq, BEGIN + timedelta(seconds=seq), Actor("a_1", "430600000000"), draft, prev))
        prev = entries[-1].hash
    return entries


def kinds(entries: list[Entry]) -> set[tuple[str, int]]:
    return {(each.kind, each.seq) for each in verify_chain(entries)}


def test_an_untouched_chain_has_no_break() -> None:
    assert kinds(chain(20)) == set()
    assert kinds([]) == set()


def test_an_edited_entry_shows() -> None:
    entries = chain(5)
    entries[2] = replace(entries[2], data={"text": "另一条"})
    assert kinds(entries) == {("hash", 3)}


def test_an_edited_entry_with_its_hash_made_anew_shows_at_the_next() -> None:
    entries = chain(5)
    forged = replace(entries[2], data={"text": "另一条"})
    entries[2] = replace(forged, hash=entry_hash(forged))
    assert kinds(entries) == {("link", 4)}


def test_a_deleted_middle_entry_shows() -> None:
    entries = chain(5)
    del entries[2]
    assert kinds(entries) == {("gap", 4), ("link", 4)}


def test_a_deleted_first_entry_shows() -> None:
    assert kinds(chain(3)[1:]) == {("gap", 2), ("link", 2)}


def test_a_reordered_pair_shows() -> None:
    entries = chain(5)
    entries[1], entries[2] = replace(entries[2], seq=2), replace(entries[1], seq=3)
    assert {("hash", 2), ("hash", 3)} <= kinds(entries)


def test_a_clock_that_runs_backwards_shows() -> None:
    first = chain(1)[0]
    second = seal(2, BEGIN, first.actor, Draft("note.added", None, {}), first.hash)
    assert kinds([first, second]) == {("order", 2)}


def test_an_unknown_algorithm_shows() -> None:
    assert kinds([replace(chain(1)[0], alg="md5")]) == {("form", 1)}
