"""Rows of the directory of cameras, and the values they are."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from hub.cameras.catalog import Camera, Facts, Point
from hub.clock import to_wire
from hub.store import tables
from hub.store.bulk import run_changes
from hub.store.sight import among

_MILLION: Final = 1_000_000
_cameras = tables.cameras.c


def visible(connection: sa.Connection) -> list[sa.ColumnElement[bool]]:
    """Not of an import that is not whole yet, or was taken back. Nearly always there is none, and nothing is asked of rows."""
    batches = tables.camera_batches.c
    away = connection.execute(sa.select(batches.id).where(batches.state != "live")).scalars().all()
    return [_cameras.batch.not_in(away)] if away else []


def in_codes(column: Any, codes: Collection[str], dialect: str) -> sa.ColumnElement[bool]:
    """Whether the column holds one of these: as `sight.among`, but so that an index is walked for it.

    PostgreSQL is given an array: of a list in JSON it knows neither how many it holds nor which, and walks a whole index.
    """
    if dialect == "sqlite":
        return in_listed(column, sa.literal(listed(codes), sa.Text), dialect)
    each: sa.ColumnElement[Any] = sa.literal([str(code) for code in sorted(codes)], sa.ARRAY(sa.Text))
    if not isinstance(column.type, sa.Text):
        each = sa.cast(each, sa.ARRAY(column.type))
    found: sa.ColumnElement[bool] = column == sa.any_(each)
    return found


def in_listed(column: Any, codes: sa.ColumnElement[str], dialect: str) -> sa.ColumnElement[bool]:
    """The same of a JSON list that may be bound later: a statement that is made once and run for each phone."""
    each: sa.ColumnElement[Any]
    if dialect == "sqlite":
        each = sa.func.json_each(codes).table_valued("value").c.value
    else:
        each = sa.func.json_array_elements_text(sa.cast(codes, sa.JSON)).table_valued("value").c.value
    if dialect != "sqlite" and not isinstance(column.type, sa.Text):
        each = sa.cast(each, column.type)
    found: sa.ColumnElement[bool] = column.in_(sa.select(each))
    return found


def listed(codes: Collection[str]) -> str:
    """Codes as `in_listed` takes them."""
    return json.dumps(sorted(codes))


def row_of(camera: Camera, number: int, batch: str, at: datetime) -> dict[str, Any]:
    """A camera as a row of `cameras`."""
    point = camera.point
    return {
        "row": number,
        "id": camera.camera,
        "center": camera.center,
        "name": camera.name,
        "code": camera.code,
        "kind": camera.kind,
        "tags": json.dumps(camera.tags, ensure_ascii=False),
        "place": camera.place,
        "lat": None if point is None else round(point.lat * _MILLION),
        "lon": None if point is None else round(point.lon * _MILLION),
        "layers": ",".join(camera.layers),
        **{name: getattr(camera, name) for name in ("onvif", "sound", "important", "shown")},
        "batch": batch,
        "made_at": to_wire(at),
        "state": camera.facts.state,
        "facts": camera.facts.model_dump_json(),
        "checked_at": camera.facts.checked_at or "",
    }


def camera_of(row: Any, shared: Sequence[str]) -> Camera:
    """The camera in a row of `cameras`."""
    point = None
    if row.lat is not None and row.lon is not None:
        point = Point(lat=row.lat / _MILLION, lon=row.lon / _MILLION)
    return Camera(
        camera=row.id,
        center=row.center,
        name=row.name,
        code=row.code,
        kind=row.kind,
        tags=json.loads(row.tags),
        place=row.place,
        point=point,
        layers=row.layers.split(","),
        onvif=bool(row.onvif),
        sound=bool(row.sound),
        important=bool(row.important),
        shown=bool(row.shown),
        shared=list(shared),
        facts=Facts.model_validate_json(row.facts),
    )


def cameras_of(connection: sa.Connection, rows: Sequence[Any]) -> list[Camera]:
    """The cameras in these rows, in their order."""
    shares = tables.camera_shares
    found: defaultdict[str, list[str]] = defaultdict(list)
    query = sa.select(shares).where(among(shares.c.camera, [row.id for row in rows], connection.dialect.name))
    for share in connection.execute(query.order_by(shares.c.center)):
        found[share.camera].append(share.center)
    return [camera_of(row, found[row.id]) for row in rows]


def insert_camera(connection: sa.Connection, row: dict[str, Any], tags: Iterable[str]) -> None:
    """A row with its tags and its words."""
    run_changes(connection, [(tables.cameras, row)])
    put_tags(connection, row["row"], tags)


def put_tags(connection: sa.Connection, number: int, tags: Iterable[str]) -> None:
    """These tags and no others."""
    table = tables.camera_tags
    connection.execute(table.delete().where(table.c.row == number))
    if new := [{"tag": tag, "row": number} for tag in dict.fromkeys(tags)]:
        connection.execute(table.insert(), new)


def put_shares(connection: sa.Connection, camera: str, centers: Iterable[str]) -> None:
    """Shared with these centers and no others."""
    table = tables.camera_shares
    connection.execute(table.delete().where(table.c.camera == camera))
    if new := [{"center": center, "camera": camera} for center in dict.fromkeys(centers)]:
        connection.execute(table.insert(), new)


def take_rows(connection: sa.Connection, rows: Sequence[Any]) -> None:
    """Remove these rows of `cameras` and all that stands beside them."""
    numbers, ids = [row.row for row in rows], [row.id for row in rows]
    tables.cameras_index.remove(connection, [tuple(row)[: len(tables.cameras.columns)] for row in rows])
    connection.execute(tables.cameras.delete().where(_cameras.row.in_(numbers)))
    connection.execute(tables.camera_tags.delete().where(tables.camera_tags.c.row.in_(numbers)))
    for table in (tables.camera_shares, tables.camera_secrets):
        connection.execute(table.delete().where(table.c.camera.in_(ids)))


def next_row(connection: sa.Connection) -> int:
    """A number that no camera has."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(_cameras.row), 0))).scalar_one()) + 1
