"""The directory of cameras, which stands outside of the journal: each, where it is reached, sealed, and who may see it."""

from __future__ import annotations

import json

import sqlalchemy as sa

from hub.cameras.words import camera_grams
from hub.store.tables.columns import code, flag, number, table, words
from hub.store.text_index import Row, TextIndex

# `code`: its owner's number; `lat`, `lon`: millionths of a degree; `layers`: its streams, comma-separated; `batch`: the
# import that brought it, or empty; `state` and `since` stand in `facts` (JSON of hub.cameras.catalog.Facts), too.
cameras = table(
    "cameras",
    number("row", key=True),
    code("id"),
    code("center"),
    words("name"),
    code("code"),
    code("kind"),
    words("tags"),
    words("place"),
    number("lat", null=True),
    number("lon", null=True),
    code("layers"),
    flag("onvif"),
    flag("sound"),
    flag("important"),
    flag("shown"),
    code("batch"),
    code("made_at"),
    code("state"),
    words("facts"),
    code("checked_at"),
    sa.Index("cameras_id", "id", unique=True),
    sa.Index("cameras_center", "center", "shown", "state", "batch", "row"),
    sa.Index("cameras_code", "code"),
    sa.Index("cameras_batch", "batch", "row"),
    sa.Index("cameras_checked", "checked_at", "row"),
    sa.Index("cameras_important", "important", "checked_at"),
)
_NAME, _CODE, _TAGS, _PLACE = (
    list(cameras.columns.keys()).index(name) for name in ("name", "code", "tags", "place")
)


def _grams(row: Row) -> list[str]:
    return camera_grams(row[_NAME], row[_CODE], json.loads(row[_TAGS]), row[_PLACE])


cameras_index = TextIndex(cameras, _grams)
cameras_index.attach()

camera_tags = table(
    "camera_tags", code("tag", key=True), number("row", key=True), sa.Index("camera_tags_row", "row")
)

# A center besides those of its own line that may watch it.
camera_shares = table(
    "camera_shares",
    code("center", key=True),
    code("camera", key=True),
    sa.Index("camera_shares_camera", "camera"),
)

# `sealed`: addresses, user and password under `cameras.key`; `mark`: the same for the same main address.
camera_secrets = table(
    "camera_secrets",
    code("camera", key=True),
    code("mark"),
    code("sealed"),
    sa.Index("camera_secrets_mark", "mark"),
)

# `state`: loading, live, undone. Of a batch that is not live no camera is there for anybody.
camera_batches = table(
    "camera_batches",
    code("id", key=True),
    code("center"),
    code("account"),
    words("name"),
    code("at"),
    code("state"),
    number("cameras"),
    number("centers"),
    number("left_out"),
    code("digest"),
)
