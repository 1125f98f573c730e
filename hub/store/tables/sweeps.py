"""Sweeps and visits: what entries tell of them; which households are expected and what they answered stands nowhere else."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, flag, number, projection, table, words

sweeps = projection(
    "sweeps",
    code("id", key=True),
    number("seq"),
    words("title"),
    code("sort"),
    code("center"),
    words("made_by"),
    words("note"),
    code("due", null=True),
    number("days"),
    words("form"),
    code("opened_at"),
    code("fallen_at", null=True),
    code("closed_at", null=True),
    words("closed_by", null=True),
    words("reason"),
    code("ended_at", null=True),
    code("forgotten_at", null=True),
    sa.Index("sweeps_seq", "seq"),
    sa.Index("sweeps_center", "center", "seq"),
)

# What came of the households of a village; `handed` are the village's turn, `conflicts` wait for the grid leader.
sweep_villages = projection(
    "sweep_villages",
    code("sweep", key=True),
    code("center", key=True),
    number("first"),
    number("rows"),
    number("persons"),
    number("met"),
    number("unchanged"),
    number("phone"),
    number("absent"),
    number("refused"),
    number("gone"),
    number("seen"),
    number("handed"),
    number("conflicts"),
    sa.Index("sweep_villages_center", "center", "sweep"),
)

# What came of a row, once something did.
sweep_standings = projection(
    "sweep_standings",
    code("sweep", key=True),
    number("number", key=True),
    code("outcome"),
    number("seen"),
    number("tries"),
    flag("handed"),
    number("conflicts"),
    number("seq"),
    code("at"),
    code("account"),
)

# One visit each, those that do not hold included.
visits = projection(
    "visits",
    number("seq", key=True),
    code("id"),
    code("sweep", null=True),
    number("number", null=True),
    code("household", null=True),
    code("center"),
    code("grid"),
    code("outcome"),
    number("seen"),
    code("at"),
    code("recorded_at"),
    code("account"),
    flag("offline"),
    flag("late"),
    flag("conflict"),
    number("seconds"),
    code("flags"),
    words("photos"),
    words("found", null=True),
    sa.Index("visits_row", "sweep", "number", "seq"),
    sa.Index("visits_household", "household", "seq"),
    sa.Index("visits_account", "account", "recorded_at"),
    sa.Index("visits_center", "center", "at"),
)

# What was said last of a household outside of sweeps. `seq`: the newest entry; `holds`: the visit that it speaks of; visits
# that wait to be settled came after `settled`.
household_visits = projection(
    "household_visits",
    code("household", key=True),
    code("outcome"),
    number("seen"),
    number("seq"),
    number("holds"),
    code("at"),
    code("written_at"),
    code("account"),
    number("conflicts"),
    number("settled"),
    sa.Index("household_visits_conflicts", "conflicts", "household"),
)

# What was put right of a visit, or of what had been put right; both stay.
visit_corrections = projection(
    "visit_corrections",
    number("seq", key=True),
    number("corrects"),
    code("sweep", null=True),
    number("number", null=True),
    code("household", null=True),
    code("outcome"),
    number("seen"),
    code("at"),
    code("account"),
    flag("offline"),
    words("reason"),
    sa.Index("visit_corrections_row", "sweep", "number", "seq"),
    sa.Index("visit_corrections_corrects", "corrects"),
    sa.Index("visit_corrections_household", "household", "seq"),
)

# Of a village and a day where the hub is (of UTC, as long as entries named none): how many visits, with what outcome, and
# how long forms were open.
visit_days = projection(
    "visit_days",
    code("center", key=True),
    code("day", key=True),
    number("visits"),
    number("met"),
    number("unchanged"),
    number("phone"),
    number("absent"),
    number("refused"),
    number("gone"),
    number("offline"),
    number("seconds"),
    sa.Index("visit_days_day", "day", "center"),
)

# Whom a sweep expects; `grid` is the one in which the household is now.
sweep_rows = table(
    "sweep_rows",
    code("sweep", key=True),
    number("number", key=True),
    code("household"),
    code("grid"),
    number("persons"),
    sa.Index("sweep_rows_grid", "grid", "sweep"),
)

# The key of a sweep's answers, or of a month's visits outside of any, sealed under the hub's.
answer_keys = table("answer_keys", code("about", key=True), code("sealed"), code("at"))

# What was answered at a visit; `about` says by which key it is sealed.
visit_words = table(
    "visit_words",
    number("seq", key=True),
    code("about"),
    code("household"),
    code("sealed"),
    sa.Index("visit_words_about", "about"),
    sa.Index("visit_words_household", "household"),
)

# What is known of a household by its last answers, sealed; `confirmed_at`: when somebody last said that nothing had changed;
# `marked`: by which marking it is found in `answer_marks`, 0 for none yet.
household_known = table(
    "household_known",
    code("household", key=True),
    number("seq"),
    code("confirmed_at", null=True),
    code("sealed"),
    number("marked"),
    sa.Index("household_known_marked", "marked", "household"),
)

# By what households are found whose last answers gave reason to look: keyed, see `hub.grids.answer_marks`.
answer_marks = table(
    "answer_marks",
    code("mark", key=True),
    code("household", key=True),
    sa.Index("answer_marks_household", "household"),
)

# The last visit at each household that holds, of a sweep or not; `center`: the village in which it is counted, empty once
# nobody lives there. No projection: which household a sweep's row was stands outside of the journal.
last_visits = table(
    "last_visits",
    code("household", key=True),
    code("center"),
    number("seq"),
    code("at"),
    code("outcome"),
    code("flags"),
    sa.Index("last_visits_center", "center", "at"),
    sa.Index("last_visits_flags", "flags", "center"),
)
