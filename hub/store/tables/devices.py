"""Grid members' phones as entries tell of them, and the codes for them, of which none stands in the journal."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, number, projection, table, words

devices = projection(
    "devices",
    code("id", key=True),
    number("seq"),
    code("account"),
    code("center"),
    # issued, bound, withdrawn
    code("state"),
    code("issued_at"),
    code("issued_by"),
    code("until"),
    code("bound_at", null=True),
    words("agent"),
    code("withdrawn_at", null=True),
    code("withdrawn_by", null=True),
    code("why", null=True),
    words("reason"),
    sa.Index("devices_account", "account", "seq"),
)

# Codes that bind a phone, until they are used: SHA-256, hex.
device_codes = table("device_codes", code("hash", key=True), code("device"), code("until"))
