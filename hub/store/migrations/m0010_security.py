"""Version 10: second factors, what a password was before, and more about each sign-in."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE credentials ADD COLUMN set_at {code}",
    "ALTER TABLE credentials ADD COLUMN once BOOLEAN",
    "ALTER TABLE tokens ADD COLUMN seen_at {code}",
    "ALTER TABLE tokens ADD COLUMN address {code}",
    "ALTER TABLE tokens ADD COLUMN agent TEXT",
    "ALTER TABLE tokens ADD COLUMN needs {code}",
    """CREATE TABLE second_factors (
        account {code} NOT NULL, sealed TEXT, enrolled_at {code}, step {number} NOT NULL, pending TEXT,
        PRIMARY KEY (account))""",
    "CREATE TABLE recovery_codes (account {code} NOT NULL, hash {code} NOT NULL, PRIMARY KEY (account, hash))",
    """CREATE TABLE old_passwords (
        account {code} NOT NULL, at {code} NOT NULL, password_hash TEXT NOT NULL, PRIMARY KEY (account, at))""",
)
