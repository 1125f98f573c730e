"""The journal itself, what a restart reads of it, and the first answers to commands."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from hub.store.tables.columns import code, flag, number, projection, table, words

_APART: Final = sa.text("meeting IS NULL")

# The journal: the truth. `audience` and `data` are canonical JSON.
entries = table(
    "entries",
    number("seq", key=True),
    code("at"),
    code("account"),
    code("center"),
    code("kind"),
    code("meeting", null=True),
    words("audience"),
    words("data"),
    code("alg"),
    code("prev"),
    code("hash"),
    sa.Index("entries_meeting", "meeting", "seq"),
    sa.Index("entries_apart", "seq", sqlite_where=_APART, postgresql_where=_APART),
    sa.Index("entries_apart_kind", "kind", "seq", sqlite_where=_APART, postgresql_where=_APART),
    sa.Index("entries_apart_account", "account", "seq", sqlite_where=_APART, postgresql_where=_APART),
    sa.Index("entries_apart_at", "at", sqlite_where=_APART, postgresql_where=_APART),
)

# The first answer to each command. `digest` is the SHA-256 of the command's body, hex.
commands = table(
    "commands",
    code("account", key=True),
    code("id", key=True),
    code("digest"),
    number("seq"),
    number("first_seq", null=True),
    code("at"),
)

checkpoints = table(
    "checkpoints",
    number("seq", key=True),
    code("hash"),
    code("at"),
    code("key"),
    code("signature"),
    number("size", null=True),
    code("root", null=True),
)

# How far derived data has followed the journal; one row, `projections`.
marks = table("marks", code("name", key=True), number("seq"))

# The entries that a restart replays, by what they are about (hub/ruling.py, Subject). Of a subject that is closed
# only those that stay are here.
subjects = projection(
    "subjects",
    code("subject"),
    number("seq", key=True),
    flag("open"),
    flag("stays"),
    sa.Index("subjects_subject", "subject"),
)

schema_version = table("schema_version", number("version", key=True), code("at"))
