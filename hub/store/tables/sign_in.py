"""What opens an account, and the sessions that were opened. None of it stands in the journal."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, number, table, words

# What opens an account, and its newest sign-in (null before the first). No projection: none of it stands in the journal.
credentials = table(
    "credentials",
    code("account", key=True),
    words("password_hash"),
    code("signed_in_at", null=True),
    code("signed_in_from", null=True),
    # When this password was set, and whether another one is to be chosen at the next sign-in.
    code("set_at", null=True),
    sa.Column("once", sa.Boolean, nullable=True),
    # Until when a password that the hub gave can be used. (An empty hash opens nothing.)
    code("one_time_until", null=True),
)

# What makes an account's codes, sealed with a key that is not in the database (signaling/second_factor.py). `step` is the last
# one used (a code opens once), `pending` one that its owner has not confirmed yet.
second_factors = table(
    "second_factors",
    code("account", key=True),
    words("sealed", null=True),
    code("enrolled_at", null=True),
    number("step"),
    words("pending", null=True),
)

# Codes for bad days that were not used yet, as SHA-256, hex, of account and code.
recovery_codes = table("recovery_codes", code("account", key=True), code("hash", key=True))

# Hashes of the passwords an account had, the present one among them.
old_passwords = table(
    "old_passwords", code("account", key=True), code("at", key=True), words("password_hash")
)

# Sessions. `hash` is the SHA-256 of the token, hex; the token itself is nowhere.
tokens = table(
    "tokens",
    code("hash", key=True),
    code("account"),
    code("created_at"),
    code("expires_at"),
    # The account's sign-in before the one that made this session.
    code("before_at", null=True),
    code("before_from", null=True),
    # When a person last did something in it; where it was begun, and in what (null: unknown).
    code("seen_at", null=True),
    code("address", null=True),
    words("agent", null=True),
    # What has to be done in it before anything else: `second_factor`, `password`.
    code("needs", null=True),
    # Which grid member's phone it is of.
    code("device", null=True),
    sa.Index("tokens_account", "account"),
    sa.Index("tokens_device", "device"),
)
