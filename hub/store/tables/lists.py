"""Lists of people to be checked: what entries tell of them, and the sealed rows, which stand nowhere else and go in time."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, number, projection, table, words

clearings = projection(
    "clearings",
    code("id", key=True),
    number("seq"),
    words("title"),
    code("center"),
    words("made_by"),
    words("note"),
    code("due", null=True),
    number("left_out"),
    number("repeated"),
    code("commitment"),
    code("loaded_at"),
    code("issued_at", null=True),
    code("delete_at"),
    code("deleted_at", null=True),
    code("deleted_why", null=True),
    words("deleted_reason"),
    words("deleted_by", null=True),
    sa.Index("clearings_seq", "seq"),
    sa.Index("clearings_center", "center", "seq"),
)

# What each center has of a list: `total` are the rows that it checks now, `passed` those that it gave on to another one.
clearing_centers = projection(
    "clearing_centers",
    code("clearing", key=True),
    code("center", key=True),
    number("total"),
    number("normal"),
    number("abnormal"),
    number("absent"),
    number("moved"),
    number("passed"),
    code("taken_at", null=True),
    sa.Index("clearing_centers_center", "center", "clearing"),
)

# What came of a row; without an outcome it was given on, and waits at its new center. Gone with the rows.
clearing_results = projection(
    "clearing_results",
    code("clearing", key=True),
    number("number", key=True),
    code("center"),
    code("outcome", null=True),
    code("trouble", null=True),
    code("at"),
    code("account"),
)

# The key of a list, sealed under the hub's; `columns` are the names of what is kept of its file, and what each is (JSON).
clearing_keys = table(
    "clearing_keys", code("clearing", key=True), code("sealed"), words("columns"), code("at")
)

# `sealed` is all that is kept of a row; rows with the same `mark` are about the same person.
clearing_rows = table(
    "clearing_rows",
    code("clearing", key=True),
    number("number", key=True),
    code("sealed"),
    code("mark", null=True),
    sa.Index("clearing_rows_mark", "mark", "clearing"),
)

# What was written about a row.
clearing_words = table(
    "clearing_words", code("clearing", key=True), number("number", key=True), code("sealed")
)

# In which household and grid the person of a row was found, by the registry; gone with the rows. `way`: see
# hub/grids/list_matching.py; `candidates`: JSON, ids of households and persons, never what they are called; `run`: which
# search found it. No projection: what an entry does here it does when it is written, and never again.
clearing_matches = table(
    "clearing_matches",
    code("clearing", key=True),
    number("number", key=True),
    code("center"),
    code("way"),
    code("grid", null=True),
    code("household", null=True),
    words("candidates"),
    code("run"),
    sa.Index("clearing_matches_center", "clearing", "center", "way"),
    sa.Index("clearing_matches_household", "household"),
)

# The last search of a list: `scope` the center whose rows are looked for, with all below; `state`: matching, matched, sharing,
# shared, stopped, failed; `counts` of rows.
clearing_searches = table(
    "clearing_searches",
    code("clearing", key=True),
    code("run"),
    code("scope"),
    code("account"),
    words("name"),
    code("center"),
    code("state"),
    number("done"),
    number("rows"),
    code("begun_at"),
    code("ended_at", null=True),
    code("why", null=True),
)
