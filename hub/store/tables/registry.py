"""The registry, which stands outside of the journal: buildings, houses, units, households. What is personal is sealed.

No projection: what an entry does here (a grid is split, an import comes alive) it does when it is written, and never again.
"""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, number, table, words

# `state` of all four: coming (of an import that is not whole yet), here, and away (`left`, `merged`, `gone`).
registry_buildings = table(
    "registry_buildings",
    code("id", key=True),
    code("grid"),
    words("name"),
    words("place"),
    code("kind"),
    number("walk"),
    code("state"),
    number("seq"),
    code("batch"),
    sa.Index("registry_buildings_grid", "grid", "walk"),
    sa.Index("registry_buildings_batch", "batch"),
)

# `label` is empty where what it says may name somebody: then it stands in `sealed`.
registry_houses = table(
    "registry_houses",
    code("id", key=True),
    code("building"),
    words("label"),
    code("sealed", null=True),
    code("use"),
    number("walk"),
    code("state"),
    number("seq"),
    code("batch"),
    sa.Index("registry_houses_building", "building", "walk"),
    sa.Index("registry_houses_batch", "batch"),
)

# `sealed`: contact, telephone, note.
registry_units = table(
    "registry_units",
    code("id", key=True),
    code("grid"),
    code("building"),
    words("name"),
    code("kind"),
    number("workers"),
    code("sealed"),
    code("state"),
    number("seq"),
    code("batch"),
    sa.Index("registry_units_grid", "grid", "id"),
    sa.Index("registry_units_building", "building"),
    sa.Index("registry_units_batch", "batch"),
)

# `walk`: the order in which the grid is walked; `persons` and by residence: who lives there; `gone_at`: the first moment since
# which somebody, or all of it, is away; `sealed`: salt, note and persons.
households = table(
    "households",
    number("row", key=True),
    code("id"),
    code("grid"),
    code("building"),
    code("house"),
    number("walk"),
    code("kind"),
    number("persons"),
    number("registered"),
    number("floating"),
    number("abroad"),
    code("state"),
    number("seq"),
    code("gone_at", null=True),
    code("batch"),
    code("sealed"),
    sa.Index("households_id", "id", unique=True),
    sa.Index("households_grid", "grid", "state", "walk"),
    sa.Index("households_building", "building"),
    sa.Index("households_gone", "gone_at"),
    sa.Index("households_batch", "batch"),
)

# By what a person is found: keyed digests of numbers and telephones -> the row of the household.
registry_marks = table(
    "registry_marks",
    code("mark"),
    number("household"),
    sa.Index("registry_marks_mark", "mark", "household"),
    sa.Index("registry_marks_household", "household"),
)

# How a household stood before an entry changed it. `facts`: what is not personal of it, JSON; `late`: 1 where who changed it
# did not know what stood there; `settled`: 1 where there is nothing (more) to settle; `command`: what asked for it, which is
# answered as the first time when it comes again.
registry_versions = table(
    "registry_versions",
    code("household", key=True),
    number("seq", key=True),
    code("grid"),
    code("at"),
    code("account"),
    words("name"),
    code("what"),
    number("late"),
    number("settled"),
    words("facts"),
    code("sealed"),
    code("command"),
    sa.Index("registry_versions_open", "settled", "grid"),
    sa.Index("registry_versions_command", "command"),
    sa.Index("registry_versions_seq", "seq"),
)

# What there is in each grid, counted anew with every change there.
registry_sums = table(
    "registry_sums",
    code("grid", key=True),
    number("buildings"),
    number("houses"),
    number("units"),
    number("households"),
    number("persons"),
    number("registered"),
    number("floating"),
    number("abroad"),
)

# `state`: loading, live, undone. `counts`: JSON.
registry_batches = table(
    "registry_batches",
    code("id", key=True),
    code("center"),
    code("account"),
    words("name"),
    code("at"),
    code("state"),
    words("counts"),
)
