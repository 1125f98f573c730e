"""What entries about accounts and centers change in the database: rows to be read, and sessions that end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from hub.entry import Entry
from hub.store import tables
from hub.store.bulk import Change, insert_sql

# Statements, not new rows: within one group an account may be deleted, and its user name given to another.
_ACCOUNT: Final = insert_sql(tables.accounts)
_CHANGE: Final = (
    "UPDATE accounts SET username = :username, name = :name, role = :role, center = :center,"
    " cleared = :cleared WHERE id = :account"
)
_DISABLE: Final = "UPDATE accounts SET disabled = :disabled WHERE id = :account"
_DELETE: Final = "DELETE FROM accounts WHERE id = :account"
_CENTER: Final = (
    insert_sql(tables.centers)
    + " ON CONFLICT (code) DO UPDATE SET name = excluded.name, level = excluded.level, parent = excluded.parent,"
    " place = excluded.place, functional = excluded.functional"
)
_NO_CENTER: Final = "DELETE FROM centers WHERE code = :code"
_END_SESSIONS: Final = "DELETE FROM tokens WHERE account = :account"
_END_SESSION: Final = "DELETE FROM tokens WHERE account = :account AND substr(hash, 1, 16) = :session"
_TAKE_PASSWORD: Final = (
    "UPDATE credentials SET password_hash = '', one_time_until = NULL WHERE account = :account"  # noqa: S105
)
_NO_FACTOR: Final = (
    "DELETE FROM second_factors WHERE account = :account",
    "DELETE FROM recovery_codes WHERE account = :account",
)
_NO_PASSWORD: Final = (
    "DELETE FROM credentials WHERE account = :account",
    "DELETE FROM old_passwords WHERE account = :account",
    *_NO_FACTOR,
)


def _rows(entry: Entry) -> Iterator[Change]:
    for each in entry.data["accounts"]:
        more = {"id": each["account"], "disabled": each.get("disabled", False)}
        more["cleared"] = each.get("cleared", False)
        yield _ACCOUNT, {**{name: each[name] for name in ("username", "name", "role", "center")}, **more}


def account_changed(entry: Entry) -> Iterator[Change]:
    """Another name, role, center or clearance."""
    words = {name: entry.data[name] for name in ("account", "username", "name", "role", "center")}
    yield _CHANGE, {**words, "cleared": entry.data.get("cleared", False)}


def account_disabled(entry: Entry) -> Iterator[Change]:
    """Disabled, or enabled again."""
    yield _DISABLE, {"account": entry.data["account"], "disabled": entry.kind == "account.disabled"}


def account_deleted(entry: Entry) -> Iterator[Change]:
    """No more."""
    yield _DELETE, {"account": entry.data["account"]}


def _center(told: Mapping[str, Any]) -> Change:
    return _CENTER, {**told, "functional": told.get("functional", False)}


def centers_imported(entry: Entry) -> Iterator[Change]:
    """Centers that are new or other than before, and such as are gone."""
    for code in entry.data["gone"]:
        yield _NO_CENTER, {"code": code}
    yield from centers_changed(entry)


def center_created(entry: Entry) -> Iterator[Change]:
    """A new center."""
    yield _center(entry.data)


def centers_changed(entry: Entry) -> Iterator[Change]:
    """Centers that are other than before."""
    for each in entry.data["put"]:
        yield _center(each)


def centers_removed(entry: Entry) -> Iterator[Change]:
    """Centers that are no more."""
    for each in entry.data["gone"]:
        yield _NO_CENTER, {"code": each["center"]}


def adopted(entry: Entry) -> Iterator[Change]:
    """What was there when the journal began to tell of it."""
    yield from _rows(entry)
    for each in entry.data["centers"]:
        yield _center(each)


accounts_created = _rows


def effects(entry: Entry) -> Iterator[Change]:
    """What an entry does when it is written, and never again: sessions end, a password is forgotten. No projection."""
    data: dict[str, Any] = dict(entry.data)
    if entry.kind == "session.withdrawn":
        yield _END_SESSION, {"account": data["account"], "session": data["session"]}
    if entry.kind == "account.passwords_reset":
        for each in data["accounts"]:
            yield _TAKE_PASSWORD, {"account": each["account"]}
            yield _END_SESSIONS, {"account": each["account"]}
        return
    if entry.kind == "second_factor.reset":
        for statement in (*_NO_FACTOR, _END_SESSIONS):
            yield statement, {"account": data["account"]}
    if not entry.kind.startswith("account."):
        return
    if entry.kind == "account.changed":
        ends = any(data[name] != data["was"][name] for name in ("role", "center")) or (
            data["was"].get("cleared", False) and not data["cleared"]
        )
    else:
        ends = entry.kind in ("account.disabled", "account.deleted", "account.signed_out")
    if ends:
        yield _END_SESSIONS, {"account": data["account"]}
    if entry.kind == "account.deleted":
        for statement in _NO_PASSWORD:
            yield statement, {"account": data["account"]}
