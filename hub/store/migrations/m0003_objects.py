"""Version 3: objects, their uploads, whose they are, and which entries name them."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE objects (
        id {code} NOT NULL, bytes {number} NOT NULL, type {code} NOT NULL,
        created_at {code} NOT NULL, kept_until {code} NOT NULL, PRIMARY KEY (id))""",
    "CREATE INDEX objects_kept_until ON objects (kept_until)",
    """CREATE TABLE object_owners (
        object {code} NOT NULL, account {code} NOT NULL, PRIMARY KEY (object, account))""",
    """CREATE TABLE object_names (
        object {code} NOT NULL, seq {number} NOT NULL, PRIMARY KEY (object, seq))""",
    """CREATE TABLE uploads (
        id {code} NOT NULL, account {code} NOT NULL, bytes {number} NOT NULL, type {code} NOT NULL,
        created_at {code} NOT NULL, object {code}, PRIMARY KEY (id))""",
    "CREATE INDEX uploads_account ON uploads (account, created_at)",
)
