"""What all tables are made of."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

metadata = sa.MetaData()

#: Ids, codes, times and hashes: compared byte by byte, so that their order is the same everywhere.
Code: Final = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
#: What people wrote, and JSON.
Words: Final = sa.Text()
Number: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def code(name: str, *, key: bool = False, null: bool = False) -> sa.Column[str]:
    """A column of ids, codes, times or hashes."""
    return sa.Column(name, Code, primary_key=key, nullable=null)


def words(name: str, *, null: bool = False) -> sa.Column[str]:
    """A column of what people wrote, or of JSON."""
    return sa.Column(name, Words, nullable=null)


def number(name: str, *, key: bool = False, null: bool = False) -> sa.Column[int]:
    """A column of whole numbers."""
    return sa.Column(name, Number, primary_key=key, nullable=null, autoincrement=False)


def flag(name: str) -> sa.Column[bool]:
    """A column of yes and no."""
    return sa.Column(name, sa.Boolean, nullable=False)


def table(name: str, *items: sa.Column[Any] | sa.Index) -> sa.Table:
    """A table that holds what stands nowhere else."""
    return sa.Table(name, metadata, *items)


def projection(name: str, *items: sa.Column[Any] | sa.Index) -> sa.Table:
    """A table that is made from entries, and nothing else: a rebuild empties it and fills it again."""
    return sa.Table(name, metadata, *items, info={"projection": True})


def projections() -> tuple[sa.Table, ...]:
    """All that were made by `projection` so far."""
    return tuple(each for each in metadata.tables.values() if each.info.get("projection"))
