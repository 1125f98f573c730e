"""Projections of the directory, and what stood in it before the journal told of it."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import Code, code, flag, number, projection, table, words

# The directory, as entries tell of it.
centers = projection(
    "centers",
    code("code", key=True),
    words("name"),
    code("level"),
    code("parent", null=True),
    number("place"),
    flag("functional"),
)

accounts = projection(
    "accounts",
    code("id", key=True),
    sa.Column("username", Code, nullable=False, unique=True),
    words("name"),
    code("role"),
    code("center"),
    flag("disabled"),
    flag("cleared"),
)

# What stood in the directory before the journal told of it, until it does (hub/house/adoption.py).
unadopted_accounts = table(
    "unadopted_accounts",
    code("account", key=True),
    code("username"),
    words("name"),
    code("role"),
    code("center"),
    flag("disabled"),
)

unadopted_centers = table(
    "unadopted_centers",
    code("code", key=True),
    words("name"),
    code("level"),
    code("parent", null=True),
    number("place"),
)
