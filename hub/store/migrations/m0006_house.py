"""Version 6: accounts and centers come from entries; passwords have a table of their own.

What stood in the directory waits in `unadopted_…` until the first start tells of it by entries.
"""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE credentials (
        account {code} NOT NULL, password_hash TEXT NOT NULL, signed_in_at {code}, signed_in_from {code},
        PRIMARY KEY (account))""",
    """INSERT INTO credentials (account, password_hash, signed_in_at, signed_in_from)
        SELECT id, password_hash, signed_in_at, signed_in_from FROM accounts""",
    """CREATE TABLE unadopted_accounts (
        account {code} NOT NULL, username {code} NOT NULL, name TEXT NOT NULL, role {code} NOT NULL,
        center {code} NOT NULL, disabled BOOLEAN NOT NULL, PRIMARY KEY (account))""",
    """INSERT INTO unadopted_accounts (account, username, name, role, center, disabled)
        SELECT id, username, name, role, center, disabled FROM accounts""",
    "DROP TABLE accounts",
    """CREATE TABLE accounts (
        id {code} NOT NULL, username {code} NOT NULL UNIQUE, name TEXT NOT NULL, role {code} NOT NULL,
        center {code} NOT NULL, disabled BOOLEAN NOT NULL, PRIMARY KEY (id))""",
    """CREATE TABLE unadopted_centers (
        code {code} NOT NULL, name TEXT NOT NULL, level {code} NOT NULL, parent {code},
        place {number} NOT NULL, PRIMARY KEY (code))""",
    """INSERT INTO unadopted_centers (code, name, level, parent, place)
        SELECT code, name, level, parent, place FROM centers""",
    "DROP TABLE centers",
    """CREATE TABLE centers (
        code {code} NOT NULL, name TEXT NOT NULL, level {code} NOT NULL, parent {code},
        place {number} NOT NULL, PRIMARY KEY (code))""",
)
