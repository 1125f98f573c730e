"""Version 46: grid members' phones, the codes that bind them, and which phone a session is of."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE devices (
        id {code} NOT NULL, seq {number} NOT NULL, account {code} NOT NULL, center {code} NOT NULL,
        state {code} NOT NULL, issued_at {code} NOT NULL, issued_by {code} NOT NULL, until {code} NOT NULL,
        bound_at {code}, agent TEXT NOT NULL, withdrawn_at {code}, withdrawn_by {code}, why {code},
        reason TEXT NOT NULL, PRIMARY KEY (id))""",
    "CREATE INDEX devices_account ON devices (account, seq)",
    "CREATE TABLE device_codes (hash {code} NOT NULL, device {code} NOT NULL, until {code} NOT NULL, PRIMARY KEY (hash))",
    "ALTER TABLE tokens ADD COLUMN device {code}",
    "CREATE INDEX tokens_device ON tokens (device)",
)
