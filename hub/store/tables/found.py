"""Projection of what is found by its words, with the index beside it."""

from __future__ import annotations

import sqlalchemy as sa

from hub.directory.grams import row_grams
from hub.store.tables.columns import code, flag, number, projection, words
from hub.store.text_index import Row, TextIndex

# A row an entry. `sort`: what it is, as the page parts it; `subject`: the document or meeting that it belongs to;
# `center`: whose it is; `who`: the names that are shown with it; `named`: more names that it is found by.
# `at`: the moment that it is about.
texts = projection(
    "texts",
    number("seq", key=True),
    code("meeting", null=True),
    code("sort"),
    code("kind"),
    code("at"),
    code("subject"),
    code("center"),
    words("who"),
    words("named"),
    words("text"),
    flag("shared"),
    sa.Index("texts_meeting", "meeting", "seq"),
    sa.Index("texts_center", "center", "seq"),
    sa.Index("texts_sort", "sort", "seq"),
)
_SORT, _WHO, _NAMED, _TEXT = (
    list(texts.columns.keys()).index(name) for name in ("sort", "who", "named", "text")
)


def _grams(row: Row) -> list[str]:
    # Names are spelled where they are what is found; spelled in every row they would be half of the index.
    return row_grams(row[_TEXT], [*row[_WHO].split(), *row[_NAMED].split()], row[_SORT] == "person")


texts_index = TextIndex(texts, _grams)
texts_index.attach()
