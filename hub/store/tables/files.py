"""Objects and uploads; their bytes stand in files."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, number, projection, table, words

# Objects: `id` is the SHA-256, hex. None is swept before `kept_until`, nor while an entry names it.
objects = table(
    "objects",
    code("id", key=True),
    number("bytes"),
    code("type"),
    code("created_at"),
    code("kept_until"),
    sa.Index("objects_kept_until", "kept_until"),
)

# Who uploaded an object.
object_owners = table("object_owners", code("object", key=True), code("account", key=True))

# Which entries name an object; who may read one of them may read the object.
object_names = projection("object_names", code("object", key=True), number("seq", key=True))

# Uploads that were begun; `object` is what one became, null before. Their bytes stand in files.
uploads = table(
    "uploads",
    code("id", key=True),
    code("account"),
    number("bytes"),
    code("type"),
    code("created_at"),
    code("object", null=True),
    sa.Index("uploads_account", "account", "created_at"),
)

# What the slow scan read again: `kind` part (`id` RECORDING/PART) or object; `finding` is what is wrong with it.
scanned = table(
    "scanned",
    code("kind", key=True),
    code("id", key=True),
    code("at"),
    code("finding", null=True),
    sa.Index("scanned_at", "at"),
)

# The second copy: what is to be there, and how that stands; no projection. `kind` part (`id` RECORDING/PART), object or made
# (`id` JOB/NAME); `file` is its path in the folder of its kind. `copied`: what stands there was read back and is what it was.
# `not_before`: it is tried again then; `wanted_at`: somebody wants it back on this machine since then.
copies = table(
    "copies",
    code("kind", key=True),
    code("id", key=True),
    code("sha256"),
    number("bytes"),
    words("file"),
    code("meeting", null=True),
    code("state"),
    code("reason", null=True),
    number("tries"),
    code("since"),
    code("not_before"),
    code("copied_at", null=True),
    code("verified_at", null=True),
    code("wanted_at", null=True),
    sa.Index("copies_state", "state", "not_before"),
    sa.Index("copies_digest", "sha256"),
    sa.Index("copies_meeting", "meeting"),
    sa.Index("copies_wanted", "wanted_at"),
)
