"""What is read of accounts besides who they are: whether they have a password, when they signed in, how many sessions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from hub.store.tables import credentials, tokens

Json = dict[str, Any]


def account_states(connection: sa.Connection, accounts: Collection[str], now: str) -> dict[str, Json]:
    """Account -> ``{password, one_time_until, signed_in_at, sessions}``; `password`: `none`, `one_time` or `own`."""
    own = sa.select(credentials).where(credentials.c.account.in_(list(accounts)))
    living = (
        sa.select(tokens.c.account, sa.func.count())
        .where(tokens.c.account.in_(list(accounts)), tokens.c.expires_at > now)
        .group_by(tokens.c.account)
    )
    counts = {str(account): int(count) for account, count in connection.execute(living).all()}
    found: dict[str, Json] = {}
    for account in accounts:
        found[account] = {
            "password": "none",
            "one_time_until": None,
            "signed_in_at": None,
            "sessions": counts.get(account, 0),
        }
    for row in connection.execute(own):
        has = ("one_time" if row.one_time_until is not None else "own") if row.password_hash else "none"
        found[row.account] |= {
            "password": has,
            "one_time_until": row.one_time_until,
            "signed_in_at": row.signed_in_at,
        }
    return found


def last_seen(connection: sa.Connection) -> dict[str, str]:
    """Account -> when it was last seen in use, as far as is written; those that never signed in are missing."""
    found: dict[str, str] = {}
    signed = sa.select(credentials.c.account, credentials.c.signed_in_at).where(
        credentials.c.signed_in_at.is_not(None)
    )
    used = sa.select(tokens.c.account, sa.func.max(tokens.c.seen_at)).group_by(tokens.c.account)
    for query in (signed, used):
        for account, at in connection.execute(query).all():
            if at is not None:
                found[account] = max(at, found.get(account, ""))
    return found
